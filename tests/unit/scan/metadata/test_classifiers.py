"""Classifiers against the table of those that PyPI takes."""

import pytest
from trove_classifiers import classifiers, deprecated_classifiers

from paa.scan.metadata.classifiers import _known, classifier_fault


def test_the_table_has_what_the_field_s_own_list_has() -> None:
    known = _known()

    assert len(known) > 850
    # A newer list may have more, and may have taken some off.
    assert {name for name, instead in known.items() if not instead} <= {*classifiers, *deprecated_classifiers}
    assert all(known.get(instead) == "" for instead in known.values() if instead)


@pytest.mark.parametrize(
    "text",
    ["Typing :: Typed", "Programming Language :: Python :: 3 :: Only", "Private :: Do Not Upload", "Private :: a :: b"],
)
def test_known_and_private_ones(text: str) -> None:
    assert classifier_fault(text) is None


@pytest.mark.parametrize(
    ("text", "certain", "message", "advice"),
    [
        ("Typing", True, "its parts are separated by ' :: '", None),
        ("Typing :: ", True, "its parts are separated by ' :: '", "did you mean 'Typing :: Typed'?"),
        ("Typing:: Typed", True, "its parts are separated by ' :: '", "did you mean 'Typing :: Typed'?"),
        ("typing :: typed", True, "is spelt 'Typing :: Typed'", "PyPI takes no other spelling"),
        ("Typing  ::  Typed", True, "its parts are separated", "did you mean 'Typing :: Typed'?"),
        ("Natural Language :: Ukranian", False, "PyPI no longer takes", "write 'Natural Language :: Ukrainian'"),
        ("Typing :: Tped", False, "is not among the classifiers", "did you mean 'Typing :: Typed'?"),
        ("Qqq :: Zzz", False, "is not among the classifiers", None),
        ("x" * 100_000 + " :: y", False, "is not among the classifiers", None),
        ("Private ::", True, "its parts are separated by ' :: '", None),
    ],
)
def test_what_pypi_would_refuse(text: str, certain: bool, message: str, advice: str | None) -> None:  # noqa: FBT001  # a column
    fault = classifier_fault(text)

    assert fault is not None
    assert message in fault.message
    assert (fault.certain, fault.advice) == (certain, advice)

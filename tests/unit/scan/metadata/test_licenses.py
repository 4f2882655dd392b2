"""Labels as people write them → SPDX expressions; one that stands for several licences is not decided for anyone."""

import pytest
from flit_core.config import ConfigError, normalise_compound_license_expr
from hypothesis import given
from hypothesis import strategies as st

from paa.scan.metadata.licenses import _LABELS, _VAGUE, near_label, not_buildable, spdx_expression

KNOWN = [
    ("mit", "MIT"),
    (" MIT ", "MIT"),
    ("MIT License", "MIT"),
    ("Apache-2.0", "Apache-2.0"),
    ("apache 2.0", "Apache-2.0"),
    ("bsd-3-clause", "BSD-3-Clause"),
    ("GPLv3+", "GPL-3.0-or-later"),
    ("gpl-3.0", "GPL-3.0-only"),
    ("mit or apache-2.0", "MIT OR Apache-2.0"),
    ("(MIT AND (BSD-2-Clause OR ISC))", "(MIT AND (BSD-2-Clause OR ISC))"),
    ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ("LicenseRef-Ours", "LicenseRef-Ours"),
    ("proprietary", "LicenseRef-Proprietary"),
    ("The Unlicense (Unlicense)", "Unlicense"),
    ("unlicense", "Unlicense"),
    # As the classifiers have it that PEP 639 maps to one licence.
    ("License :: OSI Approved :: MIT License", "MIT"),
    ("License :: OSI Approved :: GNU General Public License v3 or later (GPLv3+)", "GPL-3.0-or-later"),
    ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
    ("Apache  License,  Version 2.0", "Apache-2.0"),
    ("BSD 3-Clause License", "BSD-3-Clause"),
    # Names that SPDX no longer has, wherever they stand.
    ("GPL-3.0+", "GPL-3.0-or-later"),
    ("MIT OR lgpl-2.1", "MIT OR LGPL-2.1-only"),
    ("licenseref-our.own-terms", "LicenseRef-our.own-terms"),
    ("LicenseRef-with_underscore", None),
    ("LicenseRef-", None),
    ("License :: OSI Approved", None),
    ("MIT, Apache-2.0", None),
    ("MIT/Apache-2.0", None),
]


@pytest.mark.parametrize(("label", "expression"), KNOWN)
def test_labels(label: str, expression: str | None) -> None:
    assert spdx_expression(label) == expression


@pytest.mark.parametrize(
    ("label", "near"),
    [
        ("bsd", "BSD-3-Clause"),
        ("BSD License", "BSD-3-Clause"),
        ("apache", "Apache-2.0"),
        ("GPL", "GPL-3.0-or-later"),
        ("mit licence", "MIT"),
        ("MIT AND", "MIT"),
        ("mti", "MIT"),
        ("all mine", None),
        ("UNLICENSED", "LicenseRef-Proprietary"),
        ("License :: OSI Approved :: BSD License", "BSD-3-Clause"),
        ("", None),
    ],
)
def test_what_is_vague_or_misspelled_is_only_proposed(label: str, near: str | None) -> None:
    assert spdx_expression(label) is None
    assert near_label(label) == near


@pytest.mark.parametrize("label", [label for label, expression in KNOWN if expression and "WITH" not in expression])
def test_what_labels_stand_for_can_be_built(label: str) -> None:
    expression = spdx_expression(label)

    assert expression is not None
    assert not_buildable(expression) is None
    # What is asserted without asking is what the backend says too.
    assert normalise_compound_license_expr(expression) == expression


def test_every_known_label_stands_for_what_can_be_built() -> None:
    for label, expression in _LABELS.items():
        assert spdx_expression(label) == expression
        assert normalise_compound_license_expr(expression) == expression
    for expression in _VAGUE.values():
        assert spdx_expression(expression) == expression


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("Apache-2.0 WITH LLVM-exception", "knows no exceptions (WITH)"),
        ("MIT OR (GPL-2.0-only WITH Classpath-exception-2.0)", "knows no exceptions (WITH)"),
        ("FSL-1.1-MIT", "'FSL-1.1-MIT' is not a recognised SPDX license ID"),
        ("MIT AND SUL-1.0", "'SUL-1.0' is not a recognised SPDX license ID"),
    ],
)
def test_what_the_build_backend_refuses(expression: str, reason: str) -> None:
    assert spdx_expression(expression) == expression
    assert reason in (not_buildable(expression) or "")
    with pytest.raises(ConfigError):
        normalise_compound_license_expr(expression)


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(st.sampled_from(("MIT", "OR", "AND", "WITH", "(", ")", "+", " ")), max_size=300).map("".join),
    )
)
def test_no_label_stops_it(label: str) -> None:
    expression = spdx_expression(label)

    assert expression is None or spdx_expression(expression) == expression
    near_label(label)
    if expression is not None:
        not_buildable(expression)

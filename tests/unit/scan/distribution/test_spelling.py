"""What a name that is not known may be meant to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.scan.distribution.resolver import Known, Resolver, load_table
from paa.scan.distribution.spelling import Spellings, open_spellings


def _resolver(mapping: dict[str, str] | None = None, siblings: dict[str, str] | None = None) -> Resolver:
    return Resolver(mapping=mapping or {}, siblings=siblings or {}, table=load_table())


@pytest.fixture(scope="module")
def spellings() -> Spellings:
    return open_spellings(_resolver())


MISSPELT = [
    ("nunpy", "numpy"),
    ("numpyy", "numpy"),
    ("nummpy", "numpy"),
    ("reqeusts", "requests"),
    ("request", "requests"),
    ("requets", "requests"),
    ("panda", "pandas"),
    ("pandsa", "pandas"),
    ("matplotib", "matplotlib"),
    ("sklern", "sklearn"),
    ("skelarn", "sklearn"),
    ("beatifulsoup4", "bs4"),
    ("yml", "yaml"),
    ("yamlx", "yaml"),
    ("sqlalchmey", "sqlalchemy"),
    ("tensorfow", "tensorflow"),
    ("tenserflow", "tensorflow"),
    ("djago", "django"),
    ("flaks", "flask"),
    ("pytroch", "torch"),
    ("scipi", "scipy"),
    ("urlib3", "urllib3"),
    ("kubernets", "kubernetes"),
    ("clik", "click"),
    ("nequests", "requests"),
    ("colections", "collections"),
    ("ramdom", "random"),
    ("gooogle", "google"),
    ("google.cloud.storge", "google.cloud.storage"),
]
RENAMED = [
    ("scikit_learn", "sklearn"),
    ("Pillow", "PIL"),
    ("opencv", "cv2"),
    ("opencv_python", "cv2"),
    ("opencv_contrib_python_headless", "cv2"),
    ("beautifulsoup4", "bs4"),
    ("python_dateutil", "dateutil"),
    ("python_dotenv", "dotenv"),
    ("PyYAML", "yaml"),
    ("protobuf", "google.protobuf"),
    ("google_cloud_storage", "google.cloud.storage"),
    ("psycopg2_binary", "psycopg2"),
    ("pytorch", "torch"),
    ("np", "numpy"),
]


@pytest.mark.parametrize(("module", "meant"), MISSPELT)
def test_a_misspelt_name_is_never_known_and_what_was_meant_comes_first(
    module: str, meant: str, spellings: Spellings
) -> None:
    assert not isinstance(_resolver().resolve(module), Known)
    near = spellings.near(module)
    assert near[0].spelling == meant
    assert len(near) <= 3
    assert not any(item.renamed for item in near)


@pytest.mark.parametrize(("module", "meant"), RENAMED)
def test_the_name_of_a_distribution_leads_to_what_it_is_imported_as(
    module: str, meant: str, spellings: Spellings
) -> None:
    assert not isinstance(_resolver().resolve(module), Known)
    (found,) = spellings.near(module)
    assert (found.spelling, found.renamed) == (meant, True)
    assert found.evidence.endswith(f" is imported as {meant!r}")


def test_beside_a_well_known_name_no_other_is_meant(spellings: Spellings) -> None:
    assert [item.spelling for item in spellings.near("nunpy")] == ["numpy"]


@pytest.mark.parametrize(
    ("module", "meant"), [("pil", "PIL"), ("Requests", "requests"), ("ConfigParser", "configparser")]
)
def test_capitals_count(module: str, meant: str, spellings: Spellings) -> None:
    assert [(item.spelling, item.renamed) for item in spellings.near(module)] == [(meant, False)]


@pytest.mark.parametrize(
    "module", ["", "x", "größe", "acme_tools", "utils", "helpers", "my_module", "acme.storge", "数据", "a" * 5000]
)
def test_what_resembles_nothing_is_nearly_nothing(module: str, spellings: Spellings) -> None:
    assert spellings.near(module) == ()


def test_own_names_are_known_too() -> None:
    spellings = open_spellings(_resolver({"warehouse": "acme-warehouse"}, {"text_tools": "text_tools"}))
    assert [item.spelling for item in spellings.near("text_tool")] == ["text_tools"]
    assert [item.distribution for item in spellings.near("warehose")] == ["acme-warehouse"]


_ALL = open_spellings(_resolver())


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for(text: str) -> None:
    near = _ALL.near(text)
    assert len(near) <= 3
    assert all(item.spelling and item.evidence for item in near)


@given(st.sampled_from(sorted(load_table().well_known)), st.integers(0, 30), st.sampled_from("abxyz"))
def test_one_letter_more_in_a_well_known_name_is_a_near_miss_of_it(name: str, place: int, letter: str) -> None:
    typo = f"{name[: place + 1]}{letter}{name[place + 1 :]}"
    if not isinstance(_resolver().resolve(typo), Known):
        assert _ALL.near(typo)

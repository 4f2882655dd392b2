"""The list in the README: between the markers, and nothing that anybody wrote can break out of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.record.model import ListedPackage, Listing
from paa.record.readme_list import BEGIN, END, has_list, outside_list, with_list

PLACE = f"# Title\r\n\n{BEGIN}\nold\n{END}\n\ntail without end".encode()


def listed(package: str, description: str = "What it is", page: str | None = None) -> ListedPackage:
    return ListedPackage(package=package, distribution=package.replace("_", "-"), description=description, page=page)


def test_packages_with_a_version_are_listed_by_name_and_the_rest_stays() -> None:
    listing = Listing(
        packages=(listed("b"), listed("a_c", page="https://example.org/a_c/"), listed("unreleased")),
        install={
            "private": "pip install --index-url https://example.org/simple/ PACKAGE",
            "pypi": "pip install PACKAGE",
        },
    )
    expected = f"""\
# Title\r

{BEGIN}

| package | version | what it is |
| --- | --- | --- |
| [a\\-c](https://example.org/a_c/) | 1.0rc1 | What it is |
| b | 2.0 | What it is |

From private: `pip install --index-url https://example.org/simple/ PACKAGE`

From pypi: `pip install PACKAGE`

{END}

tail without end"""
    versions = {"b": "2.0", "a_c": "1.0rc1", "removed": "3.0"}
    made = with_list(PLACE, listing, versions)
    assert made.decode() == expected
    assert with_list(made, listing, versions) == made
    assert outside_list(made) == outside_list(PLACE)


def test_without_a_release_the_list_says_so() -> None:
    assert b"No package has been released yet." in with_list(PLACE, Listing(packages=(listed("a"),)), {})


@pytest.mark.parametrize(
    "readme",
    [
        "",
        "# Title\n",
        f"{BEGIN}\n",
        f"{END}\n{BEGIN}\n",
        f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n",
        f"Write `{BEGIN}` and `{END}` into it.\n",
        f"{BEGIN} {END}\n",
    ],
)
def test_a_readme_without_one_clear_place_is_left_alone(readme: str) -> None:
    assert not has_list(readme.encode())
    assert with_list(readme.encode(), Listing(packages=(listed("a"),)), {"a": "1"}) == readme.encode()


def test_line_ends_and_bytes_that_are_no_text_stay() -> None:
    readme = b"\xef\xbb\xbf\xff\r\n" + f"  {BEGIN}\r\n  {END}\r\n".encode() + b"\xfe"
    made = with_list(readme, Listing(packages=(listed("a"),)), {"a": "1"})
    assert made.startswith(b"\xef\xbb\xbf\xff\r\n")
    assert made.endswith(b"\r\n\xfe")
    assert b"| a | 1 |" in made
    assert b"\n" not in made.replace(b"\r\n", b"")


HOSTILE = (
    "a | b",
    "two\nlines\r\n| x | y |",
    f"{END}",
    "<script>x</script>",
    "[x](javascript:y)",
    "![x](http://127.0.0.1/)",
    "`code",
    "\\",
    "*_~#>+-",
    "&lt;",
    "$(touch x) ::error::",
    "x" * 5000,
)


@pytest.mark.parametrize("description", HOSTILE)
def test_a_description_is_text_in_its_cell(description: str) -> None:
    made = with_list(PLACE, Listing(packages=(listed("a", description),)), {"a": "1"}).decode()
    block = made.split("\n\n" + END)[0].split(BEGIN + "\n\n")[1]
    assert len(block.splitlines()) == 3
    row = block.splitlines()[2]
    assert row.replace("\\\\", "").replace("\\|", "").count("|") == 4
    assert "<" not in row
    assert len(row) < 2000
    assert has_list(made.encode())
    assert outside_list(made.encode()) == outside_list(PLACE)


@given(st.text(), st.text(max_size=30), st.text(max_size=30))
def test_again_and_again_it_is_the_same(description: str, before: str, after: str) -> None:
    readme = f"{before}\n{BEGIN}\n{END}\n{after}".encode("utf-8", "replace")
    listing = Listing(packages=(listed("a", description.encode("utf-8", "replace").decode()),))
    made = with_list(readme, listing, {"a": "1"})
    assert with_list(made, listing, {"a": "1"}) == made
    assert outside_list(made) == outside_list(readme)

"""``__package_metadata__``, the docstring and the settings → metadata; every fault is found in one go."""

from pathlib import Path

import pytest

from paa.model import Metadata
from paa.scan.metadata.describe import KEYS, Described, describe, given_name
from tests.unit.scan.samples import make_config, read

PATH = "python_modules/some_package.py"


def described(values: str = "", docstring: str = "", config: str = "", repository: str | None = None) -> Described:
    source = f"{docstring}\n" + (f"__package_metadata__ = {{{values}}}\n" if values else "")
    facts = read(source)
    assert facts.faults == ()
    return describe("some_package", PATH, facts, make_config(config), repository)


def metadata(values: str = "", docstring: str = "", config: str = "", repository: str | None = None) -> Metadata:
    found = described(values, docstring, config, repository)
    assert found.findings == ()
    assert found.metadata is not None
    return found.metadata


def test_a_module_that_says_nothing_has_sound_metadata() -> None:
    assert metadata() == Metadata(
        distribution="some-package",
        description="some-package",
        requires_python=">=3.11",
        keywords=("aa-paa-tool",),
    )


def test_everything_that_can_be_said() -> None:
    found = metadata(
        """
        "name": "Some.Name", "description": "Does\\n  things.", "author": "A. Author", "author_email": "a@example.org",
        "url": "https://example.org/", "project_urls": {"Issues": "https://example.org/issues"},
        "keywords": ["one", " two\\nwords "], "classifiers": ["Topic :: Utilities"], "requires_python": ">=3.12,<4",
        "readme": "docs/./README.md", "license": "mit", "extras_require": {"Dev": ["ruff"], "dev": ["mypy"]},
        "install_requires": ["numpy >= 1.0"], "publish": False,
        "entry_points": {"console_scripts": {"tool": "some_package:main"}, "my.plugins": {"a b": "some_package.x"}},
        """
    )

    assert found == Metadata(
        distribution="Some.Name",
        description="Does things.",
        requires_python="<4,>=3.12",
        authors=(("A. Author", "a@example.org"),),
        license="MIT",
        keywords=("one", "two words", "aa-paa-tool"),
        classifiers=("Topic :: Utilities",),
        urls={"Homepage": "https://example.org/", "Issues": "https://example.org/issues"},
        readme="docs/README.md",
        extras_require={"dev": ("ruff", "mypy")},
        install_requires=("numpy>=1.0",),
        entry_points={"console_scripts": {"tool": "some_package:main"}, "my.plugins": {"a b": "some_package.x"}},
        publish=False,
    )


def test_settings_fill_in_what_the_module_does_not_say() -> None:
    config = (
        "license_label: apache-2.0\ndocs_url: https://docs.example.org/\nrequires_python: '>=3.12'\n"
        "classifiers: ['Typing :: Typed', 'License :: OSI Approved :: MIT License']\n"
    )

    found = metadata(
        '"classifiers": ["Topic :: Utilities", "Typing :: Typed"]', config=config, repository="https://example.org/ppr"
    )

    assert found.license == "Apache-2.0"
    # PEP 639: no licence classifier beside an expression.
    assert found.classifiers == ("Typing :: Typed", "Topic :: Utilities")
    assert found.requires_python == ">=3.12"
    assert found.urls == {"Documentation": "https://docs.example.org/", "Repository": "https://example.org/ppr"}
    assert metadata('"license": "MIT", "requires_python": ">=3.13"', config=config).license == "MIT"
    assert metadata('"requires_python": ">=3.13"', config=config).requires_python == ">=3.13"


def test_licence_classifiers_stay_where_there_is_no_expression() -> None:
    classifier = "License :: OSI Approved :: MIT License"

    assert metadata(f'"classifiers": ["{classifier}"]').classifiers == (classifier,)


DESCRIPTIONS = [
    ("", '"""One line."""', "One line."),
    ("", '"""One line\nand another.\n\nThe rest.\n"""', "One line and another."),
    ("", '"""\n\n   Indented.\n\n   The rest.\n"""', "Indented."),
    ("", '"""   """', "some-package"),
    ('"description": "Given."', '"""Docstring."""', "Given."),
    ('"description": "  "', '"""Docstring."""', "Docstring."),
    ('"description": "quotes \\" and # and \\\\"', "", 'quotes " and # and \\'),
    ('"description": "a\\x00b\\x1b[31mc\\u2028d\\x85e"', "", "a b [31mc d e"),
    ('"description": "ünïcödé 日本 🎲"', "", "ünïcödé 日本 🎲"),
]


@pytest.mark.parametrize(("values", "docstring", "expected"), DESCRIPTIONS)
def test_the_description_is_one_line(values: str, docstring: str, expected: str) -> None:
    assert metadata(values, docstring).description == expected


def test_a_long_description_is_cut_at_a_word_to_what_pypi_takes() -> None:
    text = metadata(docstring=f'"""{"word " * 200}"""').description

    assert len(text) <= 512
    assert text.endswith("word…")


@pytest.mark.parametrize(
    ("values", "authors"),
    [
        ('"author": "A"', (("A", ""),)),
        ('"author_email": "a@example.org"', (("", "a@example.org"),)),
        ('"author": "A\\nB"', (("A B", ""),)),
        ('"author": ""', ()),
        ('"author": None', ()),
    ],
)
def test_authors(values: str, authors: tuple[tuple[str, str], ...]) -> None:
    assert metadata(values).authors == authors


@pytest.mark.parametrize(
    ("values", "keywords"),
    [
        ('"keywords": "one, two,,  three four "', ("one", "two", "three four")),
        ('"keywords": ["aa-paa-tool", "one"]', ("one",)),
    ],
)
def test_keywords_in_either_form(values: str, keywords: tuple[str, ...]) -> None:
    assert set(metadata(values).keywords) == {*keywords, "aa-paa-tool"}


SEVERAL_AUTHORS = [
    # As one text it is nobody's business where one name ends.
    ('"author": "A, B", "author_email": "a@x.org, b@x.org"', (("A, B", ""), ("", "a@x.org"), ("", "b@x.org"))),
    ('"author": "Doe, John", "author_email": "j@x.org"', (("Doe, John", "j@x.org"),)),
    ('"author": ["A", "B"], "author_email": ["a@x.org", "b@x.org"]', (("A", "a@x.org"), ("B", "b@x.org"))),
    ('"author": ["A", "B"], "author_email": ["", "b@x.org"]', (("A", ""), ("B", "b@x.org"))),
    ('"author": ["A", "B"], "author_email": "a@x.org; b@x.org"', (("A", "a@x.org"), ("B", "b@x.org"))),
    ('"author": ["A", "B"], "author_email": "a@x.org"', (("A", ""), ("B", ""), ("", "a@x.org"))),
    ('"author": ("A", "A")', (("A", ""),)),
    ('"author_email": "A <a@x.org>, \\"B, C\\" <b@x.org>"', (("A", "a@x.org"), ("B, C", "b@x.org"))),
    ('"author": "A", "author_email": "A <a@x.org>"', (("A", "a@x.org"),)),
    ('"author": "Team", "author_email": "A <a@x.org>"', (("Team", ""), ("A", "a@x.org"))),
    ('"author": "A <a@x.org>"', (("A", "a@x.org"),)),
    ('"author": "A <not an address>"', (("A <not an address>", ""),)),
    ('"author_email": "first.last+tag@sub-domain.example.org"', (("", "first.last+tag@sub-domain.example.org"),)),
]


@pytest.mark.parametrize(("values", "people"), SEVERAL_AUTHORS)
def test_several_authors_and_forms_of_addresses(values: str, people: tuple[tuple[str, str], ...]) -> None:
    assert metadata(values).authors == people


def test_forms_that_setup_py_takes_too() -> None:
    found = metadata(
        """
        "install_requires": "numpy\\n# why\\n\\nsix>=1\\n", "extras_require": {"all": "rich"},
        "entry_points": {"console_scripts": ["tool = pkg.cli:main", "other=pkg:other"], "x.y": "one = pkg\\n"},
        "keywords": ["a, b", "c"], "docs_url": "https://docs.example.org",
        """
    )

    assert found.install_requires == ("numpy", "six>=1")
    assert found.extras_require == {"all": ("rich",)}
    assert found.entry_points == {
        "console_scripts": {"tool": "pkg.cli:main", "other": "pkg:other"},
        "x.y": {"one": "pkg"},
    }
    assert found.keywords == ("a", "b", "c", "aa-paa-tool")
    assert found.urls == {"Documentation": "https://docs.example.org"}


def test_a_development_status_of_the_module_stands_for_that_of_the_settings() -> None:
    config = "classifiers: ['Development Status :: 3 - Alpha', 'Typing :: Typed']\n"

    assert metadata('"classifiers": ["Development Status :: 4 - Beta"]', config=config).classifiers == (
        "Typing :: Typed",
        "Development Status :: 4 - Beta",
    )
    assert metadata(config=config).classifiers == ("Development Status :: 3 - Alpha", "Typing :: Typed")


def test_a_label_of_the_module_stands_for_one_of_the_settings_that_means_the_same() -> None:
    found = metadata(
        '"project_urls": {"home-page": "https://a.org", "DOCUMENTATION": "https://b.org", "Issues": "https://c.org"}',
        config="docs_url: https://docs.example.org\n",
        repository="https://example.org/ppr",
    )

    assert found.urls == {
        "Repository": "https://example.org/ppr",
        "home-page": "https://a.org",
        "DOCUMENTATION": "https://b.org",
        "Issues": "https://c.org",
    }


def test_an_address_is_written_as_indexes_take_it() -> None:
    found = metadata('"url": "https://example.org/ü/a|b?q=日#é", "project_urls": {"A": "https://[::1]:80/%20x"}')

    assert found.urls == {
        "Homepage": "https://example.org/%C3%BC/a%7Cb?q=%E6%97%A5#%C3%A9",
        "A": "https://[::1]:80/%20x",
    }


WARNINGS = [
    ('"version": "1.2.3"', "version is not read"),
    ('"classifiers": ["Topic :: Utilitise"]', "'Topic :: Utilitise' is not among the classifiers"),
    ('"classifiers": ["Framework :: Django CMS :: 4.2"]', "PyPI no longer takes 'Framework :: Django CMS :: 4.2'"),
    (f'"description": "{"x" * 513}"', "513 characters are more than the 512 that PyPI takes"),
]


@pytest.mark.parametrize(("values", "message"), WARNINGS, ids=[values[:40] for values, _ in WARNINGS])
def test_what_does_no_harm_by_itself_is_a_warning(values: str, message: str) -> None:
    found = described(values)

    (finding,) = found.findings
    assert found.metadata is not None
    assert (finding.severity.value, str(finding.location)) == ("warning", f"{PATH}:2")
    assert message in finding.message


@pytest.mark.parametrize("classifier", ["Private :: Do Not Upload", "Programming Language :: Python :: 3.13"])
def test_classifiers_that_are_known_or_private(classifier: str) -> None:
    assert metadata(f'"classifiers": ["{classifier}"]').classifiers == (classifier,)


def test_a_classifier_of_the_settings_that_is_none_names_the_settings() -> None:
    (finding,) = described(config="classifiers: [Beta]\n").findings

    assert "classifiers in .paa.config: 'Beta' is not a classifier" in finding.message


def test_each_fault_is_told_with_the_line_of_its_own_value() -> None:
    found = described(
        """
    "name": "a b",
    "url":
        "example.org", "docs_url": 5,
    "project_urls": {
        "A": "https://example.org",
        "B": "b.example.org/x",
    },
    "classifiers": [
        "Typing :: Typed",
        "typing :: typed"],
    "install_requires": ["numpy",
        "oops oops"],
    "extras_require": {"x": ["six"],
        "y": ["six",
              "?"]},
    "entry_points": {"g": {
        "a": "b:c",
        "d": "e f"}},
    "author_email": ["a@b.org",
        "nobody"],
"""
    )

    assert [(finding.location and finding.location.line, finding.message.split()[1]) for finding in found.findings] == [
        (3, "name:"),
        (4, "Homepage:"),
        (5, "docs_url"),
        (8, "B:"),
        (12, "classifiers:"),
        (14, "install_requires:"),
        (17, "extras_require.y:"),
        (20, "entry_points.g:"),
        (22, "author_email:"),
    ]


FAULTS = [
    ('"licence": "MIT"', "unknown key 'licence'; did you mean 'license'?"),
    ('"qwertyuiop": 1', "unknown key 'qwertyuiop'"),
    ('"variants": {}', "variants is not supported yet"),
    ('"name": "../evil"', "'../evil' is not a valid name (PEP 508)"),
    ('"name": "a b"', "'a b' is not a valid name (PEP 508)"),
    ('"name": "a_"', "'a_' is not a valid name (PEP 508)"),
    ('"name": "a\\n"', "is not a valid name (PEP 508)"),
    ('"name": 1', "name must be a string, not int"),
    ('"description": ["a"]', "description must be a string, not list"),
    ('"author_email": "nobody"', "'nobody' is not an e-mail address"),
    ('"url": "example.org"', "Homepage: 'example.org' is not a web address"),
    ('"url": "javascript:alert(1)"', "is not a web address"),
    ('"url": "https://example.org/a b"', "is not a web address"),
    ('"url": "mailto:a@example.org"', "is not a web address"),
    ('"project_urls": ["https://example.org"]', "project_urls must be a dictionary"),
    ('"project_urls": {"A": 1}', "project_urls: 'A' must be a string"),
    ('"project_urls": {"' + "x" * 33 + '": "https://example.org"}', "must have 1 to 32 characters"),
    ('"project_urls": {"a, b": "https://example.org"}', "and no comma"),
    ('"project_urls": {"": "https://example.org"}', "must have 1 to 32 characters"),
    ('"keywords": 1', "keywords must be a string or a list of strings"),
    ('"classifiers": "Topic :: Utilities"', "classifiers must be a list of strings"),
    ('"classifiers": [1]', "classifiers must be a list of strings"),
    ('"classifiers": 0', "classifiers must be a list of strings"),
    ('"requires_python": "3.11 or so"', "'3.11 or so' is not a version specifier (PEP 440)"),
    ('"requires_python": 3.11', "requires_python must be a string, not float"),
    ('"license": "bsd"', "'bsd' is not an SPDX licence expression; did you mean 'BSD-3-Clause'?"),
    ('"license": "all mine"', "'all mine' is not an SPDX licence expression"),
    ('"install_requires": {}', "install_requires must be a list of"),
    ('"install_requires": ["numpy >= oops"]', "install_requires: 'numpy >= oops' is not a requirement"),
    ('"install_requires": ["../x"]', "'../x' is not a requirement"),
    ('"install_requires": ["a; ' + "(" * 500 + '"]', "is not a requirement"),
    ('"extras_require": ["a"]', "extras_require must be a dictionary"),
    ('"extras_require": {"a b": []}', "'a b' is not a valid name of an extra"),
    ('"extras_require": {"a": 5}', "extras_require.a must be a list of requirements"),
    ('"extras_require": {"a": [5]}', "extras_require.a must be a list of requirements"),
    ('"extras_require": {"a": ["?"]}', "extras_require.a: '?' is not a requirement"),
    ('"entry_points": []', "entry_points must be a dictionary"),
    ('"entry_points": {"a b": {}}', "'a b' must be a group name"),
    ('"entry_points": {"console_scripts": ["a"]}', "'console_scripts' must be a group name with a dictionary"),
    ('"entry_points": {"console_scripts": {"../evil": "a:b"}}', "'../evil'"),
    ('"entry_points": {"console_scripts": {"a": "no_function"}}', "'no_function' is not name: 'module:object'"),
    ('"entry_points": {"gui_scripts": {"a b": "a:b"}}', "'a b'"),
    ('"entry_points": {"x": {"a": "os:system; evil"}}', "'os:system; evil' is not name: 'module:object'"),
    ('"entry_points": {"x": {"a=b": "a:b"}}', "'a=b'"),
    ('"entry_points": {"x": {"a\\nb": "a:b"}}', "is not name: 'module:object'"),
    ('"entry_points": {"x": {"a": 1}}', "is not name: 'module:object'"),
    ('"publish": "no"', "publish must be True or False, not 'no'"),
    ('"publish": 0', "publish must be True or False, not 0"),
    ('"python_requires": ">=3.8"', "unknown key 'python_requires'; did you mean 'requires_python'?"),
    ('"Summary": "x"', "unknown key 'Summary'; did you mean 'description'?"),
    ('"requires_python": ">=3.12,<3.11"', "no version satisfies '>=3.12,<3.11'"),
    ('"requires_python": "3.11"', "'3.11' is not a version specifier"),
    ('"author": {"name": "A"}', "author must be a string or a list of strings"),
    ('"author": [1]', "author must be a string or a list of strings"),
    ('"author_email": "a@b.org, nobody"', "'nobody' is not an e-mail address"),
    ('"author_email": "@"', "'@' is not an e-mail address"),
    ('"author_email": "a@b@c"', "'a@b@c' is not an e-mail address"),
    ('"author_email": "ä@example.org"', "'ä@example.org' is not an e-mail address"),
    ('"author_email": "A <a@b.org"', "is not an e-mail address"),
    ('"author_email": "a..b@example.org"', "is not an e-mail address"),
    ('"docs_url": "docs"', "Documentation: 'docs' is not a web address"),
    ('"url": "https://exämple.org"', "is not a web address"),
    ('"url": "https://[::1"', "is not a web address"),
    ('"classifiers": ["Beta"]', "'Beta' is not a classifier: its parts are separated by ' :: '"),
    ('"classifiers": [""]', "'' is not a classifier"),
    ('"classifiers": ["Topic::Utilities"]', "'Topic::Utilities' is not a classifier"),
    ('"classifiers": ["topic :: utilities"]', "'topic :: utilities' is spelt 'Topic :: Utilities'"),
    ('"license": "GPL-2.0-only WITH Classpath-exception-2.0"', "the build backend knows no exceptions (WITH)"),
    ('"license": {"file": "LICENSE"}', "license must be a string, not dict"),
    ('"extras_require": {":sys_platform": ["a"]}', "':sys_platform' is not a valid name of an extra"),
    ('"entry_points": {"x": {"#a": "a:b"}}', "'#a'"),
    ('"entry_points": {"x": {"a": "a..b:c"}}', "'a..b:c' is not name: 'module:object'"),
]


@pytest.mark.parametrize(("values", "message"), FAULTS, ids=[values[:60] for values, _ in FAULTS])
def test_what_is_wrong_is_an_error_at_the_dictionary(values: str, message: str) -> None:
    found = described(values)

    (finding,) = found.findings
    assert found.metadata is None
    assert (finding.rule, finding.severity.value) == ("metadata", "error")
    assert str(finding.location) == f"{PATH}:2"
    assert finding.message.startswith("__package_metadata__: ")
    assert message in finding.message


def test_every_fault_is_told_at_once() -> None:
    found = described('"nmae": "a", "name": "a b", "requires_python": "x", "url": "y", "publish": 1, "license": "z"')

    assert len(found.findings) == 6


def test_an_address_with_a_password_is_refused_and_the_password_not_told() -> None:
    (finding,) = described('"url": "https://user:secret@example.org/x"').findings

    assert "without user name and password" in finding.message
    assert "secret" not in str(finding)


@pytest.mark.parametrize(
    "repository", ["https://user:secret@example.org/x", "https://example.org/a b", "file:///x", ""]
)
def test_a_remote_that_is_no_web_address_is_left_out(repository: str) -> None:
    assert metadata(repository=repository).urls == {}


def test_a_licence_label_of_the_settings_that_is_none_names_the_settings() -> None:
    (finding,) = described(config="license_label: all mine\n").findings

    assert "license_label in .paa.config: 'all mine'" in finding.message


@pytest.mark.parametrize("key", [key for key in KEYS if key != "variants"])
def test_a_key_without_a_value_is_as_absent(key: str) -> None:
    assert metadata(f'"{key}": None') == metadata()


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("__package_metadata__ = {'name': 'a.B-c'}", "a.B-c"),
        ("__package_metadata__ = {'name': '../x'}", None),
        ("__package_metadata__ = {'name': 1}", None),
        ("__package_metadata__ = {}", None),
        ("", None),
        ("syntax error", None),
    ],
)
def test_the_name_that_a_module_gives_itself(source: str, name: str | None) -> None:
    assert given_name(read(source)) == name


def test_the_reference_page_has_every_key_once() -> None:
    page = (Path(__file__).parents[4] / "docs" / "reference" / "metadata.md").read_text(encoding="utf-8")

    rows = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted([*KEYS, "name"])  # the last one is that of __cli_metadata__

"""``__package_metadata__``, the docstring and the settings → metadata; every fault is found in one go."""

import pytest

from paa.model import Metadata
from paa.scan.metadata import KEYS, Described, describe, given_name
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


FAULTS = [
    ('"licence": "MIT"', "unknown key 'licence'; did you mean 'license'?"),
    ('"qwertyuiop": 1', "unknown key 'qwertyuiop'"),
    ('"artifact_urls": {}', "artifact_urls is not supported yet"),
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
    ('"keywords": 1', "keywords must be a list of strings"),
    ('"classifiers": "Topic :: Utilities"', "classifiers must be a list of strings"),
    ('"classifiers": [1]', "classifiers must be a list of strings"),
    ('"classifiers": 0', "classifiers must be a list of strings"),
    ('"requires_python": "3.11 or so"', "'3.11 or so' is not a version specifier (PEP 440)"),
    ('"requires_python": 3.11', "requires_python must be a string, not float"),
    ('"license": "bsd"', "'bsd' is not an SPDX licence expression; did you mean 'BSD-3-Clause'?"),
    ('"license": "all mine"', "'all mine' is not an SPDX licence expression"),
    ('"install_requires": "numpy"', "install_requires must be a list of"),
    ('"install_requires": ["numpy >= oops"]', "install_requires: 'numpy >= oops' is not a requirement"),
    ('"install_requires": ["../x"]', "'../x' is not a requirement"),
    ('"install_requires": ["a; ' + "(" * 500 + '"]', "is not a requirement"),
    ('"extras_require": ["a"]', "extras_require must be a dictionary"),
    ('"extras_require": {"a b": []}', "'a b' is not a valid name of an extra"),
    ('"extras_require": {"a": "numpy"}', "extras_require.a must be a list of requirements"),
    ('"extras_require": {"a": [5]}', "extras_require.a must be a list of requirements"),
    ('"extras_require": {"a": ["?"]}', "extras_require.a: '?' is not a requirement"),
    ('"entry_points": []', "entry_points must be a dictionary"),
    ('"entry_points": {"a b": {}}', "'a b' must be a group name"),
    ('"entry_points": {"console_scripts": ["a=b:c"]}', "'console_scripts' must be a group name with a dictionary"),
    ('"entry_points": {"console_scripts": {"../evil": "a:b"}}', "'../evil'"),
    ('"entry_points": {"console_scripts": {"a": "no_function"}}', "'no_function' is not name: 'module:object'"),
    ('"entry_points": {"gui_scripts": {"a b": "a:b"}}', "'a b'"),
    ('"entry_points": {"x": {"a": "os:system; evil"}}', "'os:system; evil' is not name: 'module:object'"),
    ('"entry_points": {"x": {"a=b": "a:b"}}', "'a=b'"),
    ('"entry_points": {"x": {"a\\nb": "a:b"}}', "is not name: 'module:object'"),
    ('"entry_points": {"x": {"a": 1}}', "is not name: 'module:object'"),
    ('"publish": "no"', "publish must be True or False, not 'no'"),
    ('"publish": 0', "publish must be True or False, not 0"),
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


@pytest.mark.parametrize("key", [key for key in KEYS if key not in {"artifact_urls", "variants"}])
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

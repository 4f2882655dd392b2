"""Keys and values: what is taken, and what is said of the rest."""

import pytest

from paa.config import default_config
from paa.config.keys import KEYS, Assembly, InternalRequirements, Key
from tests.unit.config.reading import error, faults, read

EXISTING = {
    *("module_dir", "dependencies_dir", "example_notebooks_path", "licenses_dir", "cli_dir", "api_routes_dir"),
    *("streamlit_dir", "mcp_dir", "artifacts_dir", "drawio_dir", "extra_docs_dir", "tests_dir", "use_commit_messages"),
    *("check_vulnerabilities", "check_dependencies_licenses", "add_artifacts", "add_mkdocs_site", "pylint_threshold"),
    *("make_package_check_dependencies_compatibility", "test_install_check_dependencies_compatibility"),
    *("make_package_check_full_dependencies_compatibility", "test_install_check_full_dependencies_compatibility"),
    *("license_path", "notice_path", "license_label", "license_badge", "allowed_licenses", "docs_url"),
    *("source_repo_url", "source_repo_name", "classifiers", "gh_pages_base_url", "docker_username", "default_version"),
    *("python_version", "kernel_name", "docs_file_paths", "artifacts_filepaths"),
}
OURS = {
    *(
        "skills_dir",
        "indexes",
        "publish_to",
        "prereleases_to",
        "tag_format",
        "internal_requirements",
        "assembly",
        "test_systems",
    ),
    *("import_names", "requires_python", "adopt", "private_names", "projects", "azure_publish_on_push"),
}


def test_the_keys_are_those_of_the_existing_tool_and_ours() -> None:
    assert {key.name for key in KEYS if key.existing} == EXISTING
    assert {key.name for key in KEYS if not key.existing} == OURS
    assert len(KEYS) == len(EXISTING) + len(OURS)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
@pytest.mark.parametrize("blank", ["", "null", "~", "''", '"  "', "|\n\n"])
def test_null_and_blank_mean_the_default(key: Key, blank: str) -> None:
    assert getattr(read(f"{key.name}: {blank}\n"), key.name) == getattr(default_config(), key.name)


def test_every_fault_is_told_at_once_in_the_order_of_lines() -> None:
    problem = error(
        "tests_dir: /tests\n"
        "modul_dir: x\n"
        "add_artifacts: 1\n"
        "indexes:\n"
        "  company:\n"
        "    kind: pypisrever\n"
        "    simple_url: http://h\n"
        "publish_to: [company, comapny]\n"
        "tests_dir: x\n",
    )
    assert problem.exit_code == 2
    assert problem.advice
    assert problem.faults == (
        ".paa.config:1: tests_dir: '/tests' is absolute; paths are relative to the root of the repository",
        ".paa.config:2: modul_dir: unknown key; did you mean 'module_dir'?",
        ".paa.config:3: add_artifacts: found the number 1, expected true or false",
        ".paa.config:6: indexes.company.kind: unknown kind 'pypisrever'; did you mean 'pypiserver'?",
        ".paa.config:8: publish_to[1]: there is no index 'comapny'; did you mean 'company'?",
        ".paa.config:9: tests_dir: given twice, first on line 1; keep one",
    )
    assert str(problem).splitlines()[0] == ".paa.config can't be used: 6 faults"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("moduledir", "unknown key; did you mean 'module_dir'?"),
        ("MODULE_DIR", "unknown key; did you mean 'module_dir'?"),
        ("license-path", "unknown key; did you mean 'license_path'?"),
        ("xyzzy", "unknown key"),
        ("1", "unknown key"),
        ("yes", "unknown key"),
    ],
)
def test_unknown_keys(name: str, said: str) -> None:
    assert faults(f"\n{name}: x\n") == (f"2: {name}: {said}",)


def test_an_unknown_key_is_shown_without_what_a_terminal_would_act_on() -> None:
    (fault,) = faults('"\\e[31m\\u202Ered": x\n')
    assert fault == "1: '\\x1b[31m\\u202ered': unknown key"


@pytest.mark.parametrize("text", ["true", "True", "yes", "on", "YES", "!!bool yes"])
def test_true(text: str) -> None:
    assert read(f"add_mkdocs_site: {text}").add_mkdocs_site is True


@pytest.mark.parametrize("text", ["false", "False", "no", "off", "OFF"])
def test_false(text: str) -> None:
    assert read(f"add_artifacts: {text}").add_artifacts is False
    key = "make_package_check_dependencies_compatibility"
    assert getattr(read(f"{key}: {text}"), key) is False


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("'yes'", "the text 'yes', expected true or false; remove the quotes"),
        ("maybe", "the text 'maybe', expected true or false"),
        ("0", "the number 0, expected true or false"),
        ("[true]", "a list, expected true or false"),
        ("{}", "a mapping, expected true or false"),
    ],
)
def test_not_a_boolean(text: str, found: str) -> None:
    assert faults(f"add_artifacts: {text}") == (f"1: add_artifacts: found {found}",)


@pytest.mark.parametrize(("text", "value"), [("8", 8.0), ("8.5", 8.5), ("0", 0.0), ("10.0", 10.0), ("-0", 0.0)])
def test_a_score(text: str, value: float) -> None:
    assert read(f"pylint_threshold: {text}").pylint_threshold == value


@pytest.mark.parametrize("text", ["10.1", "-1", ".inf", ".nan", "'8'", "high", "1e1", "0x8", "8:30", "9" * 5000, "[8]"])
def test_not_a_score(text: str) -> None:
    (fault,) = faults(f"pylint_threshold: {text}")
    assert fault.startswith("1: pylint_threshold: found ")
    assert fault.endswith("expected a number from 0 to 10")
    assert len(fault) < 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "1.10",
            "found the number 1.10, expected a version; put it in quotes: '1.10' (without them it is the number 1.1)",
        ),
        ("0.1", "found the number 0.1, expected a version; put it in quotes: '0.1'"),
        ("1", "found the number 1, expected a version; put it in quotes: '1'"),
        ("2026-01-01", "found the date 2026-01-01, expected a version; put it in quotes: '2026-01-01'"),
        ("latest", "'latest' is not a version (PEP 440), such as '0.1.0'"),
        ("1.0-", "'1.0-' is not a version (PEP 440), such as '0.1.0'"),
        ("v1.0-test.1", "'v1.0-test.1' is not a version (PEP 440), such as '0.1.0'"),
        ("[1.0.0]", "found a list, expected a version"),
        ('"1.0.0\\n"', "'1.0.0\\n' begins or ends with white space"),
    ],
)
def test_not_a_version(text: str, said: str) -> None:
    assert faults(f"default_version: {text}") == (f"1: default_version: {said}",)


@pytest.mark.parametrize(
    "text", ["0.1.0", "'1.10'", "!!str 1.10", "1.0rc1", "1!2.0.post3.dev4", "v1.0.0", "1.0.0+local.1"]
)
def test_a_version(text: str) -> None:
    assert read(f"default_version: {text}").default_version == text.strip("'").removeprefix("!!str ")


def test_a_version_of_python_needs_quotes() -> None:
    assert read("python_version: '3.10'").python_version == "3.10"
    assert read("python_version: 3.10.2").python_version == "3.10.2"
    assert "'3.10' (without them it is the number 3.1)" in faults("python_version: 3.10")[0]
    assert faults("python_version: py3") == ("1: python_version: 'py3' is not a version of Python, such as '3.12'",)


def test_specifiers() -> None:
    assert read("requires_python: '>=3.11,<4'").requires_python == ">=3.11,<4"
    (fault,) = faults("requires_python: '=>3.11'")
    assert fault == "1: requires_python: '=>3.11' is not a set of version specifiers (PEP 440), such as '>=3.11'"
    assert "put it in quotes" in faults("requires_python: 3.11")[0]


def test_texts_and_lists_of_texts() -> None:
    config = read("license_label: MIT License\nclassifiers: [a, b, a]\nallowed_licenses:\n- mit\n- '-'\n")
    assert config.license_label == "MIT License"
    assert config.classifiers == ("a", "b")
    assert config.allowed_licenses == ("mit", "-")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("license_label: 0", "license_label: found the number 0, expected text; put it in quotes: '0'"),
        ("license_label: no", "license_label: found the boolean no, expected text; put it in quotes: 'no'"),
        ("license_label: [mit]", "license_label: found a list, expected text"),
        ('license_label: "a\\nb"', "license_label: 'a\\nb' has control characters"),
        ('license_label: "a\\0b"', "license_label: 'a\\x00b' has control characters"),
        ("license_label: ' mit'", "license_label: ' mit' begins or ends with white space"),
        ("classifiers: mit", "classifiers: found the text 'mit', expected a list; write [mit]"),
        ("classifiers: {a: b}", "classifiers: found a mapping, expected a list"),
        ("classifiers: [a, 3]", "classifiers[1]: found the number 3, expected text; put it in quotes: '3'"),
        ("classifiers: [a, [b]]", "classifiers[1]: found a list, expected text"),
        ("classifiers: [a, ]\nallowed_licenses: [null]", "allowed_licenses[0]: found nothing, expected text"),
        ("allowed_licenses: ['']", "allowed_licenses[0]: '' is empty"),
        (
            "adopt: [a b]",
            "adopt[0]: 'a b' is not the name of a distribution; letters, digits, '.', '-' and '_' (PEP 508)",
        ),
    ],
)
def test_not_texts(text: str, said: str) -> None:
    (fault,) = faults(text)
    assert fault.split(": ", 1)[1] == said


def test_markdown_may_have_lines() -> None:
    assert read("license_badge: |\n  [![a](b)](c)\n  [![d](e)](f)\n").license_badge == "[![a](b)](c)\n[![d](e)](f)"
    assert faults('license_badge: "a\\bb"') == ("1: license_badge: 'a\\x08b' has control characters",)


def test_choices() -> None:
    config = read("assembly: merge\ninternal_requirements: exact\n")
    assert config.assembly is Assembly.MERGE
    assert config.internal_requirements is InternalRequirements.EXACT
    assert faults("assembly: mirrored\ninternal_requirements: tilde\n") == (
        "1: assembly: 'mirrored' is not one of mirror, merge; did you mean 'mirror'?",
        "2: internal_requirements: 'tilde' is not one of floor, compatible, exact",
    )


def test_some_of_a_few_words_are_chosen_in_their_own_order() -> None:
    assert read("test_systems: [windows, linux, windows]\n").test_systems == ("linux", "windows")
    assert read("").test_systems == ("linux", "macos", "windows")
    assert faults("test_systems: [linux, window]\n") == (
        "1: test_systems[1]: 'window' is not one of linux, macos, windows; did you mean 'windows'?",
    )
    assert faults("test_systems: []\n") == (
        "1: test_systems: the list is empty, expected some of linux, macos, windows",
    )
    assert faults("test_systems: linux\n")[0].startswith("1: test_systems: found the text 'linux', expected a list")


def test_names_to_adopt_are_normalised() -> None:
    assert read("adopt: [My_Package, my.package, other]").adopt == ("my-package", "other")


def test_messages_are_short_and_show_no_secrets() -> None:
    (fault,) = faults("publish_to: https://user:hunter2@example.org/\n")
    assert "hunter2" not in fault
    (fault,) = faults(f"publish_to: {'x' * 10_000}\n")
    assert len(fault) < 200


def test_the_same_faults_come_in_the_same_order() -> None:
    text = "indexes: {a: {kind: generic, one: 1, two: 2, three: 3, four: 4, five: 5}}\nprojects: [{f: 1, g: 2, h: 3}]"
    assert [fault.split(": ")[1] for fault in faults(text)] == [
        *(f"indexes.a.{name}" for name in ("five", "four", "one", "three", "two")),
        *("indexes.a", "indexes.a"),
        *(f"projects[0].{name}" for name in "fgh"),
        "projects[0]",
    ]

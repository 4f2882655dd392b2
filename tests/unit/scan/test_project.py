"""Folders with their own ``pyproject.toml`` as packages of the repository."""

from pathlib import Path

import pytest

from paa.model import ScannedPackage
from tests.unit.scan.samples import scan_files, shown_findings

PROJECT = '[project]\nname = "My.Tool"\ndescription = "A tool."\nrequires-python = ">=3.12"\n'


def scanned(
    folder: Path, text: str | bytes, more: dict[str, str | bytes] | None = None, where: str = "tool"
) -> ScannedPackage:
    prefix = "" if where == "." else f"{where}/"
    files = {f"{prefix}pyproject.toml": text, **(more or {})}
    (found,) = scan_files(folder, files, f"projects: [{{path: {where}}}]\n").values()
    return found


def test_a_project_is_known_by_its_own_name(tmp_path: Path) -> None:
    found = scanned(tmp_path, PROJECT)

    assert found.errors == ()
    assert (found.package.name, found.package.project) == ("my_tool", "tool")
    assert found.metadata is not None
    assert (found.metadata.distribution, found.metadata.description) == ("My.Tool", "A tool.")
    assert found.metadata.requires_python == ">=3.12"
    assert len(found.fingerprint) == 64


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no valid name"),
        ("[project]\n", "no valid name"),
        ("project = 5\n", "no valid name"),
        ("[[project]]\nname = 'a'\n", "no valid name"),
        ("[project]\nname = 5\n", "no valid name"),
        ("[project]\nname = '../x'\n", "no valid name"),
        ("[project]\nname = 'a b'\n", "no valid name"),
        ("[tool.poetry]\nname = 'a'\n", "no valid name"),
        ("[project]\nname = 'a'\nrequires-python = 'three'\n", "requires-python: 'three' is not a version specifier"),
        ("[project]\nname = 'a'\nrequires-python = 3\n", "requires-python: 3 is not a version specifier"),
        ("[project\n", "can't be read"),
        (b"\xff\xfe", "can't be read"),
        ("x = " + "[" * 5000, "can't be read"),
    ],
)
def test_a_project_that_cannot_be_understood_is_an_error(tmp_path: Path, text: str | bytes, message: str) -> None:
    found = scanned(tmp_path, text)

    (finding,) = found.errors
    assert (finding.rule, str(finding.location)) == ("project", "tool/pyproject.toml")
    assert message in finding.message
    assert found.fingerprint == ""


def test_everything_in_its_folder_counts_but_tests_docs_and_hidden_files(tmp_path: Path) -> None:
    inside = ("src/my_tool/__init__.py", "README.md", "src/tests/data.txt", "docs.txt")
    outside = ("tests/test_a.py", "docs/index.md", ".github/x.yml", ".gitignore")
    files: dict[str, str | bytes] = {f"tool/{name}": "" for name in (*inside, *outside)}

    found = scanned(tmp_path, PROJECT, {**files, "other.txt": ""})

    assert set(found.contents) == {"tool/pyproject.toml", *(f"tool/{name}" for name in inside)}


def test_a_change_in_its_folder_is_a_change(tmp_path: Path) -> None:
    def mark(name: str, text: str) -> str:
        return scanned(tmp_path / name, PROJECT, {"tool/a.py": text, "tool/tests/a.py": name}).fingerprint

    assert mark("one", "1") == mark("two", "1")
    assert mark("three", "1") != mark("four", "2")


def test_the_repository_itself_may_be_a_project_whatever_its_folder_is_called(tmp_path: Path) -> None:
    found = [scanned(tmp_path / name, PROJECT, {"my_tool.py": ""}, ".") for name in ("checkout", "my_tool", "x y")]

    assert {item.package.name for item in found} == {"my_tool"}
    assert len({item.fingerprint for item in found}) == 1


def test_a_project_in_a_folder_named_like_a_module_is_no_clash(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"python_modules/tool.py": "", "tool/pyproject.toml": PROJECT}

    found = scan_files(tmp_path, files, "projects: [{path: tool}]\n")

    assert sorted(found) == ["my_tool", "tool"]
    assert [shown_findings(item) for item in found.values()] == [[], []]


def test_a_project_with_the_name_of_a_module_is_an_error_of_both(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "python_modules/pkg.py": "__package_metadata__ = {'name': 'my-tool'}\n",
        "tool/pyproject.toml": PROJECT,
        "python_modules/other.py": "",
    }

    found = scan_files(tmp_path, files, "projects: [{path: tool}]\n")

    assert shown_findings(found["pkg"]) == [
        "error name python_modules/pkg.py: 'my-tool' is also the name of tool/pyproject.toml (PEP 503)"
    ]
    assert shown_findings(found["my_tool"]) == [
        "error name tool/pyproject.toml: 'My.Tool' is also the name of python_modules/pkg.py (PEP 503)"
    ]
    assert found["other"].findings == ()


def test_a_folder_without_a_project_is_an_error(tmp_path: Path) -> None:
    (found,) = scan_files(tmp_path, {"tool/readme": ""}, "projects: [{path: tool}]\n").values()

    assert shown_findings(found) == ["error project tool/pyproject.toml: projects: 'tool' has no pyproject.toml"]

"""``paa show`` and ``paa show-ref-local-deps``: one package, whole or broken, for people and for programs."""

import pytest

from tests.functional.command_line import CONFIG, done, paa, snapshot
from tests.functional.samples import change, three_packages
from tests.functional.test_json_documents import document
from tests.repository import Repository

MODULE = '''"""Tables for reports.

More text.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import dice
import requests  #>=2.30
from .components.text.words import split

try:
    import rich
except ImportError:
    rich = None
if TYPE_CHECKING:
    import numpy
import secret  #-
#! import scipy #>=1
#@ acme-plugin>=2; python_version < "4"

__package_metadata__ = {
    "author": "Ann Example",
    "author_email": "ann@example.com",
    "url": "https://example.com/tables",
    "license": "mit",
}
'''
FILES = {
    ".paa.config": CONFIG,
    "LICENSE": "Do what you like.\n",
    "python_modules/nice_tables.py": MODULE,
    "python_modules/dice.py": '"""Roll dice."""\n',
    "python_modules/components/text/__init__.py": "",
    "python_modules/components/text/words.py": "from .more import helper\nimport click\nsplit = helper\n",
    "python_modules/components/text/more.py": "import click\nhelper = 1\n",
    "python_modules/components/text/unused.py": "import pandas\n",
    "cli/nice_tables.py": "import click\n\n\n@click.group()\ndef cli():\n    pass\n",
    "artifacts/nice_tables/data/words.txt": "words\n",
}
COMPONENTS = [
    "python_modules/components/text/__init__.py",
    "python_modules/components/text/more.py",
    "python_modules/components/text/words.py",
]


@pytest.fixture
def tables(repository: Repository) -> Repository:
    repository.write(FILES)
    repository.commit("Tables")
    return repository


def test_everything_about_a_package(tables: Repository) -> None:
    shown = document(tables, "show.schema.json", "show", "nice_tables")
    listed = done(paa(tables.path, "list", "--json")).json["packages"]
    assert next(item for item in listed if item["package"] == "nice_tables").items() <= shown.items()
    assert shown["components"] == COMPONENTS
    assert {(file["path"], file["place"]) for file in shown["files"]} == {
        ("LICENSE", "*.dist-info/licenses/LICENSE"),
        ("artifacts/nice_tables/data/words.txt", "nice_tables/artifacts/data/words.txt"),
        ("cli/nice_tables.py", "nice_tables/cli.py"),
        ("python_modules/nice_tables.py", "nice_tables/__init__.py"),
        *((path, path.replace("python_modules", "nice_tables")) for path in COMPONENTS),
    }
    always = {item["requirement"]: item for item in shown["requirements"] if "extra" not in item}
    assert set(always) == {'acme-plugin>=2; python_version < "4"', "click", "dice", "requests>=2.30"}
    assert always["click"]["from"] == [
        {"path": "cli/nice_tables.py", "line": 1},
        {"path": "python_modules/components/text/more.py", "line": 1},
        {"path": "python_modules/components/text/words.py", "line": 2},
    ]
    assert always["dice"]["sibling"] == "dice"
    assert "floor" not in always["dice"]
    extras = {(item["extra"], item["requirement"]) for item in shown["requirements"] if "extra" in item}
    assert extras == {("rich", "rich"), ("scipy", "scipy>=1"), ("all", "rich"), ("all", "scipy>=1")}
    assert [(item["kind"], item["module"], item["line"]) for item in shown["imports"]] == [
        ("optional", "rich", 16),
        ("type-only", "numpy", 20),
        ("ignored", "secret", 21),
        ("optional", "scipy", 22),
    ]
    assert shown["metadata"]["license"] == "MIT"
    assert shown["metadata"]["authors"] == [{"name": "Ann Example", "email": "ann@example.com"}]
    assert shown["metadata"]["command"] == "nice_tables"
    assert len(shown["fingerprint"]) == 64
    assert shown["findings"] == []


def test_a_person_reads_the_same_in_80_columns(tables: Repository) -> None:
    lines = done(paa(tables.path, "show", "nice_tables")).out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert lines[0] == "nice-tables (never released)"
    assert lines[1] == "  Tables for reports."
    text = "\n".join(lines)
    for part in (
        "Ann Example <ann@example.com>",
        "https://example.com/tables",
        "requests>=2.30",
        "python_modules/nice_tables.py:12",
        "requires for the extra rich",
        "type-only  numpy at python_modules/nice_tables.py:20",
        "python_modules/components/text/words.py → nice_tables/components/text/words.py",
    ):
        assert part in text
    # The extra "all" repeats what the others have.
    assert "extra all" not in text


@pytest.mark.parametrize("name", ["nice_tables", "nice-tables", "Nice.Tables"])
def test_a_package_may_be_spelled_as_module_or_distribution(tables: Repository, name: str) -> None:
    assert done(paa(tables.path, "show", name, "--json")).json["package"] == "nice_tables"


def test_an_unknown_name_is_an_error_with_a_near_one(tables: Repository) -> None:
    result = paa(tables.path, "show", "nice_table")
    assert result.code == 2
    assert "did you mean 'nice_tables'?" in result.err
    assert result.out == ""


def test_the_state_and_the_floors_follow_the_releases(repository: Repository) -> None:
    three_packages(repository)
    assert document(repository, "show.schema.json", "show", "wordreport")["state"] == "new"
    done(paa(repository.path, "release"))
    shown = document(repository, "show.schema.json", "show", "wordreport")
    assert (shown["state"], shown["version"]) == ("unchanged", "0.0.1")
    (sibling,) = [item for item in shown["requirements"] if "sibling" in item]
    assert (sibling["requirement"], sibling["sibling"], sibling["floor"]) == ("wordcount", "wordcount", "0.0.1")
    text = done(paa(repository.path, "show", "wordreport")).out
    assert text.startswith("wordreport 0.0.1, unchanged since\n")
    assert "last released as 0.0.1" in text
    change(repository, "python_modules/wordreport.py", "More")
    assert done(paa(repository.path, "show", "wordreport")).out.startswith("wordreport 0.0.1, changed since\n")


def test_a_package_without_requirements_says_so(tables: Repository) -> None:
    assert "\nrequires nothing\n" in done(paa(tables.path, "show", "dice")).out


@pytest.mark.parametrize(
    ("source", "message", "known"),
    [
        ("import click\nimport nunpy\n", "python_modules/broken.py:2: ", ["click"]),
        ("import click\ndef (\n", "python_modules/broken.py:2: ", []),
        ("import click\n__package_metadata__ = {'license': 'nothing such'}\n", "SPDX", []),
    ],
)
def test_a_broken_package_is_shown_as_far_as_it_is_known(
    repository: Repository, source: str, message: str, known: list[str]
) -> None:
    repository.write({"python_modules/broken.py": source, "cli/broken.py": "cli = 1\n"})
    shown = document(repository, "show.schema.json", "show", "broken", code=1)
    assert (shown["state"], shown["fingerprint"]) == ("broken", None)
    assert [item["requirement"] for item in shown["requirements"]] == known
    assert {"path": "python_modules/broken.py", "place": "broken/__init__.py"} in shown["files"]
    assert {"path": "cli/broken.py", "place": "broken/cli.py"} in shown["files"]
    errors = [item for item in shown["findings"] if item["severity"] == "error"]
    assert all(item["path"] == "python_modules/broken.py" for item in errors)
    result = paa(repository.path, "show", "broken")
    assert result.code == 1
    assert "broken: see the findings" in result.out.splitlines()[0]
    assert message in " ".join(result.out.split())


@pytest.mark.parametrize("name", ["not-a-name", "folder"])
def test_what_can_be_no_package_is_shown_with_its_reason(repository: Repository, name: str) -> None:
    repository.write({"python_modules/not-a-name.py": "x = 1\n", "python_modules/folder.py/file.txt": ""})
    shown = document(repository, "show.schema.json", "show", name, code=1)
    assert (shown["state"], shown["fingerprint"]) == ("broken", None)
    assert "error" in [item["severity"] for item in shown["findings"]]
    assert paa(repository.path, "show", name).code == 1


def test_a_project_is_shown_without_places(repository: Repository) -> None:
    repository.write(
        {
            ".paa.config": "projects: [{path: tool}]\n",
            "tool/pyproject.toml": "[project]\nname = 'Own.Tool'\nversion = '1'\n",
            "tool/tool.py": "import click\n",
        }
    )
    shown = document(repository, "show.schema.json", "show", "own-tool")
    assert [(file["path"], file["place"]) for file in shown["files"]] == [
        ("tool/pyproject.toml", None),
        ("tool/tool.py", None),
    ]
    text = done(paa(repository.path, "show", "own-tool")).out
    assert "requires what tool/pyproject.toml says" in text
    assert "licence" not in text


def test_text_of_the_user_forges_nothing(repository: Repository) -> None:
    description = "nice\\nerror: forged\\n::error::forged\\x1b[2J ##[error]forged"
    metadata = f'{{"description": "{description}", "author": "A\\x1b[31m"}}'
    repository.write({"python_modules/one.py": f"__package_metadata__ = {metadata}\n"})
    result = paa(repository.path, "show", "one")
    assert "\x1b" not in result.out
    assert not [line for line in result.out.splitlines() if line.startswith(("error", "::", "  error"))]
    assert "##[" not in result.out


def test_looking_writes_nothing(tables: Repository) -> None:
    before = snapshot(tables.path)
    for arguments in (
        ["show", "nice_tables"],
        ["show-ref-local-deps", "nice_tables"],
        ["why", "dice", "click"],
        ["graph"],
    ):
        done(paa(tables.path, *arguments))
    assert snapshot(tables.path) == before


def test_local_files_are_printed_one_a_line_the_module_first(tables: Repository) -> None:
    result = done(paa(tables.path, "show-ref-local-deps", "nice-tables"))
    assert result.out.splitlines() == ["python_modules/nice_tables.py", *COMPONENTS]
    assert done(paa(tables.path, "show-ref-local-deps", "dice")).out == "python_modules/dice.py\n"


def test_local_files_of_a_broken_package_are_printed_and_the_errors_told(tables: Repository) -> None:
    tables.write({"python_modules/nice_tables.py": "from .components.text import words\nimport nunpy\n"})
    result = paa(tables.path, "show-ref-local-deps", "nice_tables")
    assert result.code == 1
    assert result.out.splitlines() == ["python_modules/nice_tables.py", *COMPONENTS]
    assert "python_modules/nice_tables.py:2" in result.err

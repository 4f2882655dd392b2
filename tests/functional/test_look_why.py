"""``paa why``: what makes a package require a distribution, and why something is not required."""

from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from tests.functional.command_line import CONFIG, clone, done, paa
from tests.functional.samples import three_packages
from tests.functional.test_json_documents import document
from tests.repository import Repository

MODULE = """\
import importlib
import json
import sys
from typing import TYPE_CHECKING

from .components.tables import read
import cv2
from google.cloud import bigquery, storage
import text_tools
import private_thing  #-
if TYPE_CHECKING:
    import numpy
try:
    import rich
except ImportError:
    rich = None
importlib.import_module("attr")
if sys.version_info < (3, 12):
    import requests  #[socks]>=2.30
if sys.version_info < (3, 8):
    import importlib_metadata
#! import scipy #>=1
#@ acme-plugin>=2
__package_metadata__ = {"install_requires": ["tomlkit>=0.12"]}
"""
FILES = {
    ".paa.config": CONFIG,
    "python_modules/report.py": MODULE,
    "python_modules/text_tools.py": '__package_metadata__ = {"name": "Acme-Text"}\n',
    "python_modules/other.py": "x = 1\n",
    "python_modules/components/tables.py": "from . import inner\nread = inner\n",
    "python_modules/components/inner.py": "import pandas as pd #>=2\n",
}


@pytest.fixture
def report(repository: Repository) -> Repository:
    repository.write(FILES)
    repository.commit("Reports from tables")
    return repository


def why(repository: Repository, asked: str, package: str = "report") -> Any:  # noqa: ANN401  # a document
    return document(repository, "why.schema.json", "why", package, asked)


def test_the_chain_of_files_the_evidence_and_the_commit(report: Repository) -> None:
    explained = why(report, "pandas")
    assert explained["answer"] == "required"
    assert [item["requirement"] for item in explained["requirements"]] == ["pandas>=2"]
    (found,) = explained["occurrences"]
    assert (found["path"], found["line"], found["text"]) == (
        "python_modules/components/inner.py",
        1,
        "import pandas as pd #>=2",
    )
    assert found["route"] == [
        {"path": "python_modules/report.py", "line": 6},
        {"path": "python_modules/components/tables.py", "line": 1},
    ]
    assert [step["answer"] for step in found["steps"] if step["decided"]] == ["pandas"]
    assert found["commit"]["sha"] == report.git("rev-parse", "HEAD")
    assert found["commit"]["subject"] == "Reports from tables"
    assert done(paa(report.path, "why", "report", "pandas")).out.splitlines() == [
        "report requires pandas",
        "  pandas>=2",
        "",
        "python_modules/components/inner.py:1",
        "    import pandas as pd #>=2",
        "  it is imported; the mark there asks for >=2",
        "  reached from  python_modules/report.py:6",
        "                python_modules/components/tables.py:1",
        "  provided by   .paa/package_mapping.json: it has no line for 'pandas'",
        "                packages of this repository: none of them is 'pandas'",
        "                built-in table: pandas → pandas",
        f"  written in    {found['commit']['sha'][:10]} ({found['commit']['date']}) Reports from tables",
    ]


@pytest.mark.parametrize(
    ("asked", "distributions", "answer", "kinds"),
    [
        ("opencv-python", ["opencv-python"], "required", ["required"]),
        ("OpenCV.Python", ["opencv-python"], "required", ["required"]),
        ("cv2", ["opencv-python"], "required", ["required"]),
        ("opencv-python-headless", ["opencv-python"], "required", ["required"]),
        ("google.cloud.storage", ["google-cloud-storage"], "required", ["required"]),
        ("google", ["google-cloud-bigquery", "google-cloud-storage"], "required", ["required"]),
        ("requests", ["requests"], "required", ["required"]),
        ("text_tools", ["acme-text"], "required", ["required"]),
        ("acme-text", ["acme-text"], "required", ["required"]),
        ("acme-plugin", ["acme-plugin"], "required", ["stated"]),
        ("tomlkit", ["tomlkit"], "required", ["stated"]),
        ("rich", ["rich"], "optional", ["optional"]),
        ("scipy", ["scipy"], "optional", ["optional"]),
        ("numpy", ["numpy"], "not required", ["type-only"]),
        ("private-thing", [], "not required", ["ignored"]),
        ("private_thing", [], "not required", ["ignored"]),
        ("attrs", ["attrs"], "not required", ["dynamic"]),
        ("attr", ["attrs"], "not required", ["dynamic"]),
        ("importlib-metadata", ["importlib-metadata"], "not required", ["never"]),
        ("json", [], "not required", ["standard library"]),
        ("tables", [], "not required", ["local"]),
    ],
)
def test_what_a_name_comes_to(
    report: Repository, asked: str, distributions: list[str], answer: str, kinds: list[str]
) -> None:
    explained = why(report, asked)
    assert explained["distributions"] == distributions
    assert explained["answer"] == answer
    assert [item["kind"] for item in explained["occurrences"]] == kinds
    assert all(item["line"] and item["text"] and item["commit"] for item in explained["occurrences"])
    text = done(paa(report.path, "why", "report", asked)).out
    assert all(f"python_modules/report.py:{item['line']}\n" in text for item in explained["occurrences"])
    assert all(len(line) <= 80 for line in text.splitlines())


def test_every_requirement_has_its_places_and_they_agree_with_the_scan(report: Repository) -> None:
    shown = done(paa(report.path, "show", "report", "--json")).json
    assert len(shown["requirements"]) > 9
    for requirement in shown["requirements"]:
        explained = why(report, Requirement(requirement["requirement"]).name)
        assert requirement in explained["requirements"]
        asked_for = {(item["path"], item["line"]) for item in explained["occurrences"]}
        assert {(item["path"], item.get("line", 24)) for item in requirement["from"]} <= asked_for


def test_the_conditions_and_the_mark_are_told(report: Repository) -> None:
    (found,) = why(report, "requests")["occurrences"]
    assert found["marker"] == 'python_version < "3.12"'
    assert found["says"] == "it is imported; the mark there asks for [socks]>=2.30"


@pytest.mark.parametrize(
    ("asked", "note"),
    [
        ("csv", "csv is in the standard library, and no file of report imports it"),
        ("other", "other is another package of this repository, and no file of report imports it"),
        ("report", "report is the package itself; why it is released, and as which version: paa plan report"),
        ("yaml", "PyYAML provides the import yaml, and no file of report imports that"),
        ("beautifulsoup4", "beautifulsoup4 provides the import bs4, and no file of report imports that"),
        ("nothing-such", "no file of report imports it, and no mark or metadata asks for it"),
    ],
)
def test_what_the_package_does_not_name_at_all(report: Repository, asked: str, note: str) -> None:
    explained = why(report, asked)
    assert explained["answer"] == "not required"
    assert explained["occurrences"] == []
    assert explained["notes"] == [note]
    assert done(paa(report.path, "why", "report", asked)).out.startswith(f"report does not require {asked}\n")


def test_near_names_are_offered(report: Repository) -> None:
    assert why(report, "panda")["near"] == ["pandas"]
    assert "did you mean requests?" in done(paa(report.path, "why", "report", "reqests")).out


def test_another_build_of_the_same_thing(report: Repository) -> None:
    text = done(paa(report.path, "why", "report", "opencv-python-headless")).out
    assert text.startswith("report requires opencv-python (you asked for opencv-python-headless)\n")
    assert "opencv-python-headless would do as well" in text


def test_every_place_that_asks_is_told(report: Repository) -> None:
    report.write(
        {"cli/report.py": "import click\nimport pandas\n\n\n@click.group()\ndef cli():\n    import pandas #<3\n"}
    )
    explained = why(report, "pandas")
    assert [item["requirement"] for item in explained["requirements"]] == ["pandas<3,>=2"]
    assert [(item["path"], item["line"]) for item in explained["occurrences"]] == [
        ("cli/report.py", 2),
        ("cli/report.py", 7),
        ("python_modules/components/inner.py", 1),
    ]
    # What is not committed has no commit yet.
    assert [item["commit"] is None for item in explained["occurrences"]] == [True, True, False]


def test_where_the_version_of_a_sibling_comes_from(repository: Repository) -> None:
    three_packages(repository)
    before = done(paa(repository.path, "why", "wordreport", "wordcount")).out
    assert "against its last release, but there is none yet" in " ".join(before.split())
    done(paa(repository.path, "release"))
    assert why(repository, "wordcount", "wordreport")["requirements"][0]["floor"] == "0.0.1"
    after = done(paa(repository.path, "why", "wordreport", "wordcount")).out
    assert "against its last release, which is 0.0.1" in " ".join(after.split())
    assert "paa plan" in after


def test_the_mapping_file_decides_and_is_named(report: Repository) -> None:
    report.write({".paa/package_mapping.json": '{"cv2": "opencv-contrib-python"}\n'})
    explained = why(report, "cv2")
    assert explained["distributions"] == ["opencv-contrib-python"]
    steps = explained["occurrences"][0]["steps"]
    assert [(step["source"], step["answer"]) for step in steps] == [
        (".paa/package_mapping.json", "opencv-contrib-python"),
    ]


def test_a_package_with_errors_is_explained_as_far_as_it_is_known(report: Repository) -> None:
    report.write({"python_modules/report.py": "import pandas\nimport nunpy_thing\n"})
    explained = why(report, "nunpy_thing")
    assert (explained["answer"], explained["occurrences"][0]["kind"]) == ("not required", "unknown")
    assert "has errors" in explained["notes"][0]
    assert why(report, "pandas")["answer"] == "required"
    report.write({"python_modules/report.py": "import pandas\ndef (\n"})
    assert "has errors" in " ".join(why(report, "pandas")["notes"])


def test_a_shallow_clone_says_that_the_line_may_be_older(report: Repository, tmp_path: Path) -> None:
    report.write({"python_modules/other.py": "x = 2\n"})
    report.commit("Something else")
    shallow = clone(report, tmp_path / "shallow", "--depth=1")
    assert why(shallow, "cv2")["occurrences"][0]["commit"]["boundary"] is True
    assert " or earlier) Something else" in done(paa(shallow.path, "why", "report", "cv2")).out


def test_git_that_can_not_blame_leaves_the_commit_out(report: Repository) -> None:
    report.git("config", "blame.ignoreRevsFile", "not-there")
    assert why(report, "cv2")["occurrences"][0]["commit"] is None


def test_outside_git(tmp_path: Path) -> None:
    folder = Repository(tmp_path / "plain")
    folder.write(FILES)
    assert why(folder, "cv2")["occurrences"][0]["commit"] is None
    assert done(paa(folder.path, "why", "report", "cv2")).out.startswith("report requires opencv-python")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_other_systems_give_the_right_line(report: Repository, ending: str) -> None:
    source = '"""Many"""\n\x0c\nimport cv2  # ä\u2028\n'.replace("\n", ending)
    report.write({"python_modules/report.py": source})
    commit = report.commit("Rewrite")
    (found,) = why(report, "cv2")["occurrences"]
    assert (found["line"], found["text"]) == (3, "import cv2  # ä")
    # Git knows no lines that end in a carriage return alone.
    assert (found["commit"] or {}).get("sha") == (None if ending == "\r" else commit)


def test_a_line_is_shown_in_the_encoding_of_its_file(report: Repository) -> None:
    source = "# -*- coding: latin-1 -*-\nimport cv2  # \xe4\n"
    report.write({"python_modules/report.py": source.encode("latin-1")})
    assert why(report, "cv2")["occurrences"][0]["text"] == "import cv2  # ä"


def test_a_long_and_hostile_line_is_shown_in_one_line(report: Repository) -> None:
    report.write({"python_modules/report.py": f"import cv2  # \x1b[2J {'long ' * 100} ##[error]\n"})
    text = done(paa(report.path, "why", "report", "cv2")).out
    assert "\x1b" not in text
    assert "##[" not in text
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "…" in text


@pytest.mark.parametrize("asked", ["", " ", ".", "..", "a b", "\x1b[31m", "日本", "-", "x" * 5000])
def test_any_text_may_be_asked_for(report: Repository, asked: str) -> None:
    result = paa(report.path, "why", "report", "--", asked)
    assert result.code == 0, result.text
    assert "\x1b" not in result.out


def test_a_project_says_itself_what_it_requires(repository: Repository) -> None:
    repository.write(
        {
            ".paa.config": "projects: [{path: tool}]\n",
            "tool/pyproject.toml": "[project]\nname = 'tool'\nversion = '1'\ndependencies = ['click']\n",
        }
    )
    (note,) = why(repository, "click", "tool")["notes"]
    assert note == "tool is a project: what it requires is written in tool/pyproject.toml"


def test_an_unknown_package_is_an_error(report: Repository) -> None:
    result = paa(report.path, "why", "reprt", "pandas")
    assert result.code == 2
    assert "did you mean 'report'?" in result.err

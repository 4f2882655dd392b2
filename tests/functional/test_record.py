"""What is recorded beside tags: the list in the README, versions for scripts, indexes that come later."""

import json
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, done, paa, planned, with_remote
from tests.repository import Repository

ONE, TWO = "python_modules/one.py", "python_modules/two.py"
FILES = {ONE: '"""One | of <two>."""\n', TWO: '"""Two."""\n', ".paa.config": CONFIG, ".gitignore": "/dist/\n"}
README = "# Mine\n\n<!-- paa:packages -->\n<!-- /paa:packages -->\n\nBy hand.\n"


@pytest.fixture
def two(repository: Repository) -> Repository:
    repository.write({**FILES, "README.md": README})
    repository.commit("Begin")
    return repository


def test_the_list_in_the_readme_grows_with_the_releases_and_releases_nothing(two: Repository) -> None:
    remote = with_remote(two)
    done(paa(two.path, "release", "one"))
    text = (two.path / "README.md").read_text()
    assert text.startswith("# Mine\n\n<!-- paa:packages -->\n")
    assert text.endswith("<!-- /paa:packages -->\n\nBy hand.\n")
    assert "| one | 0.0.1 | One \\| of &lt;two&gt;" in text
    assert "| two |" not in text
    done(paa(two.path, "release"))
    assert "| two | 0.0.1 | Two" in remote.git("show", "main:README.md")
    assert two.git("status", "--porcelain") == ""
    assert planned(done(paa(two.path, "plan", "--json"))) == {}
    before = two.git("rev-parse", "HEAD")
    done(paa(two.path, "release"))
    assert two.git("rev-parse", "HEAD") == before


def test_a_readme_without_markers_is_nobody_elses_business(two: Repository) -> None:
    two.write({"README.md": "# Mine\n"})
    two.commit("No list")
    done(paa(two.path, "release"))
    assert (two.path / "README.md").read_text() == "# Mine\n"


def test_a_readme_that_a_package_ships_gets_no_list(two: Repository) -> None:
    """Else each release would change the package, and so call for the next."""
    two.write(
        {
            "pyproject.toml": '[project]\nname = "whole"\nversion = "1.0"\nreadme = "README.md"\n',
            ".paa.config": f"{CONFIG}projects: [{{path: .}}]\n",
        }
    )
    two.commit("A project")
    result = done(paa(two.path, "release", "one"))
    assert (two.path / "README.md").read_text() == README
    assert "one-v0.0.1" in two.tags()
    assert "tagged one-v0.0.1" in result.out


def test_what_is_edited_in_the_readme_stays_while_the_list_changes(two: Repository) -> None:
    edited = README.replace("By hand.", "By hand, and not committed.")
    two.write({"README.md": edited})
    done(paa(two.path, "release", "--allow-dirty"))
    text = (two.path / "README.md").read_text()
    assert text.endswith("By hand, and not committed.\n")
    assert "| one | 0.0.1 |" in text
    assert "not committed" not in two.git("show", "HEAD:README.md")
    # The list alone is no reason to refuse a release; words are.
    two.write({"README.md": two.git("show", "HEAD:README.md").replace("| 0.0.1 |", "| 9 |") + "\n"})
    done(paa(two.path, "release"))
    two.write({"README.md": edited})
    assert paa(two.path, "release").code == 2


def test_an_index_that_comes_later_is_added_to_what_was_recorded(two: Repository, tmp_path: Path) -> None:
    done(paa(two.path, "release"))
    tags = two.git("for-each-ref", "refs/tags")
    two.write(
        {
            ".paa.config": CONFIG.replace(
                "publish_to: local", "  new: {kind: directory, path: ../new}\npublish_to: [local, new]"
            )
        }
    )
    two.commit("Another index")
    done(paa(two.path, "release"))
    tracked = json.loads((two.path / ".paa/tracking/releases.json").read_text())["releases"]
    assert [(item["package"], item["version"], item["indexes"]) for item in tracked] == [
        ("one", "0.0.1", ["local", "new"]),
        ("two", "0.0.1", ["local", "new"]),
    ]
    assert two.git("for-each-ref", "refs/tags") == tags
    assert (tmp_path / "new" / "simple" / "one").is_dir()
    assert "nothing to release" in done(paa(two.path, "release")).out


def test_the_version_that_the_tracking_files_know(two: Repository) -> None:
    assert done(paa(two.path, "extract-tracking-version", "one")).out == "0.0.1\n"
    two.write({".paa.config": f"{CONFIG}default_version: 1.0.0\n"})
    assert done(paa(two.path, "extract-tracking-version", "one")).out == "1.0.0\n"
    two.write({".paa/tracking/lsts_package_versions.yml": "one: 1.10\ngone_by: 3.0.0\n"})
    assert done(paa(two.path, "extract-tracking-version", "one")).out == "1.10\n"
    assert done(paa(two.path, "extract-tracking-version", "gone-by")).out == "3.0.0\n"
    two.commit("Tracked by the existing tool")
    done(paa(two.path, "release", "one"))
    assert done(paa(two.path, "extract-tracking-version", "one")).out == "1.10.1\n"
    refused = paa(two.path, "extract-tracking-version", "three")
    assert refused.code == 2
    assert "three" in refused.err

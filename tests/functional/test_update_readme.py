"""``paa update-readme``: the one command that the pipelines' update_README.sh calls."""

from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, done, paa
from tests.repository import Repository

ONE, TWO = "python_modules/one.py", "python_modules/two.py"
BEGIN, END = "<!-- paa:packages -->", "<!-- /paa:packages -->"
SETTINGS = CONFIG + "add_mkdocs_site: true\ngh_pages_base_url: https://acme.github.io/tools/\n"
FILES = {ONE: '"""One."""\n', TWO: '"""Two."""\n', ".paa.config": SETTINGS, ".gitignore": "/dist/\n/plan/\n"}
BASE = ".github/docs/README_base.md"
HOSTILE = (
    f"a | b {END}",
    f"{BEGIN}",
    "<script>x</script> <img src=x onerror=y>",
    "[x](javascript:y) ![x](http://127.0.0.1/)",
    "`code ``` ~~~",
    "\\",
    "*_~#>+-",
    "\\u202e\\ud800\\x1b[2J\\0",
    "$(touch x) ::error:: ##vso[x]",
)


@pytest.fixture
def two(repository: Repository) -> Repository:
    repository.write(FILES)
    repository.commit("Begin")
    return repository


def readme(repository: Repository) -> str:
    return (repository.path / "README.md").read_bytes().decode()


def test_the_list_has_versions_descriptions_installation_and_documentation(two: Repository) -> None:
    two.write({"README.md": f"# Mine\r\n\r\n{BEGIN}\r\n{END}\r\n\tBy hand.  \n\n"})
    two.commit("A place")
    done(paa(two.path, "release", "one", "--no-push"))
    two.write({".paa.config": SETTINGS.replace("publish_to: local", "publish_to: [local, pypi]")})
    two.write({ONE: '"""One again."""\n'})
    done(paa(two.path, "update-readme"))
    text = readme(two)
    assert "| [one](https://acme.github.io/tools/one/) | 0.0.1 | One again. |" in text
    assert "From pypi: `pip install PACKAGE`" in text
    assert "| [two]" not in text
    assert text.startswith(f"# Mine\r\n\r\n{BEGIN}\r\n")
    assert text.endswith(f"{END}\r\n\tBy hand.  \n\n")
    assert "up to date" in done(paa(two.path, "update-readme")).out
    assert readme(two) == text


def test_what_a_plan_releases_is_listed_before_it_is_recorded(two: Repository) -> None:
    two.write({"README.md": f"{BEGIN}\n{END}\n"})
    two.commit("A place")
    (two.path / "plan").mkdir()
    done(paa(two.path, "plan", "--output", str(two.path / "plan" / "plan.json")))
    done(paa(two.path, "update-readme", "--plan", "plan/plan.json"))
    assert "No package has been released yet." in readme(two)
    done(paa(two.path, "make-package", "--plan", "plan/plan.json", "one"))
    done(paa(two.path, "update-readme", "--plan", "plan/plan.json"))
    assert "| 0.0.1 | One" in readme(two)
    assert "Two" not in readme(two)


@pytest.mark.parametrize("docs", [".github/docs/README_base.md", ".azure/docs/README_base.md"])
def test_a_readme_is_made_from_its_base_and_again_when_that_changes(two: Repository, docs: str) -> None:
    two.write({docs: "# Packages of ours\n\nSee *there*."})
    done(paa(two.path, "update-readme"))
    first = readme(two)
    assert first.splitlines()[0].startswith(f"<!-- Made from {docs} by")
    assert "# Packages of ours\n\nSee *there*.\n\n## Packages\n" in first
    done(paa(two.path, "update-readme"))
    assert readme(two) == first
    two.write({docs: f"# Others\n\n{BEGIN}\n{END}\n\nThe end.\n"})
    done(paa(two.path, "update-readme"))
    assert readme(two).endswith(f"{END}\n\nThe end.\n")
    assert "## Packages" not in readme(two)
    assert "See *there*" not in readme(two)


def test_with_both_bases_the_ci_system_says_which(two: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    two.write({BASE: "# GitHub\n", ".azure/docs/README_base.md": "# Azure\n"})
    done(paa(two.path, "update-readme"))
    assert "# GitHub" in readme(two)
    monkeypatch.setenv("TF_BUILD", "True")
    done(paa(two.path, "update-readme"))
    assert "# Azure" in readme(two)


def test_words_of_the_users_own_are_never_replaced(two: Repository) -> None:
    two.write({"README.md": "# Mine, and long.\n", BASE: "# Base\n"})
    result = done(paa(two.path, "update-readme"))
    assert readme(two) == "# Mine, and long.\n"
    assert BEGIN in result.err
    assert BASE in result.err
    assert BASE in done(paa(two.path, "update-readme", "--base", BASE)).err
    assert readme(two) == "# Mine, and long.\n"
    two.write({"README.md": f"# Mine, and long.\n{BEGIN}\n{END}\n"})
    done(paa(two.path, "update-readme"))
    assert readme(two).startswith("# Mine, and long.\n")
    assert "No package has been released yet." in readme(two)


def test_a_readme_of_the_existing_tool_is_made_anew(two: Repository) -> None:
    old = (
        "# Old\n \n## Packages\n \n \nLinks to the extended documentation of packaged modules, available through "
        "gh-pages:\n \n- [![MkDocs](https://img.example/x)](https://acme.github.io/one)\n"
    )
    two.write({"README.md": old, BASE: "# New\n"})
    done(paa(two.path, "update-readme"))
    assert readme(two).splitlines()[2] == "# New"
    assert "img.example" not in readme(two)


def test_without_readme_and_base_nothing_is_written(two: Repository) -> None:
    result = done(paa(two.path, "update-readme"))
    assert "there is no README.md" in result.err
    assert not (two.path / "README.md").exists()


def test_markers_that_are_there_twice_are_an_error_that_names_the_file(two: Repository) -> None:
    two.write({BASE: f"{BEGIN}\n{END}\n{BEGIN}\n{END}\n"})
    result = paa(two.path, "update-readme")
    assert result.code == 1
    assert BASE in result.err
    assert not (two.path / "README.md").exists()


def test_a_link_is_not_followed(two: Repository, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.md").write_text(f"{BEGIN}\n{END}\n")
    (two.path / "README.md").symlink_to(tmp_path / "elsewhere.md")
    assert paa(two.path, "update-readme").code == 2
    assert (tmp_path / "elsewhere.md").read_text() == f"{BEGIN}\n{END}\n"


@pytest.mark.parametrize("description", HOSTILE)
def test_no_description_breaks_the_list_or_forges_its_markers(two: Repository, description: str) -> None:
    source = f'__package_metadata__ = {{"description": "{description.replace(chr(92) * 1, chr(92))}"}}\n'
    if description == "\\":
        source = '__package_metadata__ = {"description": "\\\\"}\n'
    two.write({ONE: source, "README.md": f"# Mine\n{BEGIN}\n{END}\nBy hand.\n"})
    two.write({".paa/tracking/lsts_package_versions.yml": "one: 1.0\ntwo: 2.0\n"})
    done(paa(two.path, "update-readme"))
    text = readme(two)
    assert text.startswith(f"# Mine\n{BEGIN}\n")
    assert text.endswith(f"{END}\nBy hand.\n")
    assert (text.count(BEGIN), text.count(END)) == (1, 1)
    rows = [line for line in text.splitlines() if line.startswith("| [")]
    assert [row.split("]")[0] for row in rows] == ["| [one", "| [two"]
    assert all(row.replace("\\\\", "").replace("\\|", "").count("|") == 4 for row in rows)
    assert "<" not in rows[0]
    done(paa(two.path, "update-readme"))
    assert readme(two) == text

"""Nothing from a commit, a file name or a URL is ever run, and what is printed of it can do no harm."""

import json
import re
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, clone, done, paa, paa_process, published, snapshot, with_remote
from tests.functional.samples import change, three_packages
from tests.repository import Repository

DICE = "python_modules/dice.py"
MESSAGES = [
    "$(touch pwned) `touch pwned`; touch pwned | touch pwned && touch pwned",
    "'; touch pwned; '\" \\\" $IFS$9 %s {0} ${HOME}",
    "\x1b]0;owned\x07\x1b[2J\x1b[31mred\x1b[0m \x9b2J \r\b\x00".replace("\x00", ""),
    "::set-output name=token::stolen",
    "  ::add-mask::x",
    "##vso[task.setvariable variable=token]stolen ##[error]x",
    "right\u202eto left\u2066 \u2028 \ufeff",
    "-rf --upload-pack=touch${IFS}pwned",
    "feat(dice): $(touch pwned)\n\n::error::one\n##vso[task.complete]\n* [dice][+..] `touch pwned`",
    "[dice](javascript:alert(1)) <script>alert(1)</script> ![x](http://127.0.0.1:9/x.png)",
]
FILE_NAMES = [
    "$(touch pwned).py",
    "`touch pwned`.py",
    "; touch pwned;.py",
    "'\".py",
    "new\nline.py",
    "back\\slash.py",
    "::set-output name=x::y.py",
    "\n::error::x.py",
    "##vso[task.complete]x.py",
    "\x1b[31mred.py",
    "-rf.py",
    "--help.py",
    " .py",
    "ünïcödé.py",
    "a b.py",
    "\u202eyp.gnp.py",
]


def assert_harmless(text: str) -> None:
    """No line that a CI system takes for a command, and nothing that moves a terminal."""
    for line in text.splitlines():
        # As the runners do: GitHub strips and looks at the begin, Azure (and old GitHub) look everywhere.
        assert not line.strip().startswith("::"), line
        assert "##vso[" not in line, line
        assert "##[" not in line, line
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), repr(text)


def assert_nothing_ran(folder: Path) -> None:
    assert not list(folder.rglob("pwned"))


@pytest.mark.parametrize("message", MESSAGES)
def test_a_commit_message_is_text_and_nothing_else(repository: Repository, tmp_path: Path, message: str) -> None:
    three_packages(repository)
    remote = with_remote(repository)
    done(paa(repository.path, "release"))
    change(repository, DICE, message)
    for arguments in (["plan"], ["plan", "--json"], ["list"], ["release"], ["release", "--json"]):
        result = done(paa(repository.path, *arguments))
        assert_harmless(result.out)
        assert_harmless(result.err)
    assert published(tmp_path / "index", "dice")[1:]
    assert_nothing_ran(tmp_path)
    # What was recorded can be read again, by the next plan and in a fresh clone.
    fresh = clone(remote, tmp_path / "fresh")
    assert "nothing to release" in done(paa(fresh.path, "plan")).out
    notes = (fresh.path / ".paa/release_notes/dice.md").read_text()
    assert "<script>" not in notes
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", notes)


def test_file_names_are_text_and_block_nothing_but_themselves(repository: Repository, tmp_path: Path) -> None:
    three_packages(repository)
    repository.write({f"python_modules/{name}": "value = 1\n" for name in FILE_NAMES})
    repository.write({f"python_modules/components/{name}": "value = 1\n" for name in FILE_NAMES})
    repository.write({b"\xff\xfe.txt".decode("utf-8", "surrogateescape"): "not UTF-8\n"})
    repository.commit("Names")
    for arguments in (["plan"], ["plan", "--json"], ["list"], ["list", "--json"], ["make-package"], ["release"]):
        result = paa(repository.path, *arguments)
        assert result.code in {0, 1}, result.text
        assert_harmless(result.out)
        assert_harmless(result.err)
    assert published(tmp_path / "index", "dice") == ["0.0.1"]
    assert_nothing_ran(tmp_path)
    plan = tmp_path / "plan.json"
    assert paa(repository.path, "plan", "--output", str(plan)).code == 1
    assert len(json.loads(plan.read_text())["blocked"]) == len(FILE_NAMES)
    # The plan that holds those names can be read again.
    done(paa(repository.path, "make-package", "--plan", str(plan)))
    assert paa(repository.path, "check").code == 0


def test_names_given_on_the_command_line_are_shown_harmlessly(repository: Repository) -> None:
    three_packages(repository)
    for name in (*MESSAGES, *FILE_NAMES):
        result = paa(repository.path, "make-package", "--", name)
        assert result.code == 2
        assert_harmless(result.err)


def test_a_hostile_docstring_and_metadata_stay_in_the_package(repository: Repository, tmp_path: Path) -> None:
    source = (
        '"""$(touch pwned) `touch pwned`\n\n::error::x\n\nName: other\n\nVersion: 9\n"""\n'
        '__package_metadata__ = {"author": "$(touch pwned)", "description": "::warning::x"}\n'
    )
    repository.write({DICE: source, ".paa.config": CONFIG})
    repository.commit("Dice")
    result = done(paa(repository.path, "release"))
    assert_harmless(result.out)
    assert published(tmp_path / "index", "dice") == ["0.0.1"]
    assert_nothing_ran(tmp_path)


@pytest.mark.wrong_wheels("it fails where it is imported elsewhere")
def test_scanning_planning_and_building_run_none_of_the_code(repository: Repository, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'pwned')!r}, 'w')\n"
    repository.write({DICE: trap, ".paa.config": CONFIG, "conftest.py": trap, "setup.py": trap, "click.py": trap})
    repository.commit("A trap")
    for arguments in (["list"], ["plan"], ["make-package", "dice"], ["extract-module-requirements", "dice"]):
        done(paa(repository.path, *arguments))
    assert_nothing_ran(tmp_path)


def test_a_remote_s_secret_is_never_printed_or_shipped(repository: Repository, tmp_path: Path) -> None:
    three_packages(repository)
    repository.git("remote", "add", "origin", "https://user:s3cr3t-t0ken@127.0.0.1:9/tools.git")
    result = paa(repository.path, "release")
    assert result.code == 3
    assert "could not be pushed" in result.err
    assert "s3cr3t" not in result.text
    contents = {path: content for path, (_, content) in snapshot(tmp_path).items() if not path.endswith(".git/config")}
    assert not [path for path, content in contents.items() if b"s3cr3t" in content]


def test_paths_in_settings_and_metadata_can_t_leave_the_repository(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("s3cr3t")
    repository.write({DICE: '__package_metadata__ = {"readme": "../secret.txt"}\n', ".paa.config": CONFIG})
    repository.commit("Dice")
    assert paa(repository.path, "make-package", "dice").code == 1
    repository.write({DICE: "value = 1\n"})
    (repository.path / "artifacts" / "dice").mkdir(parents=True)
    (repository.path / "artifacts" / "dice" / "data.txt").symlink_to("../../../secret.txt")
    repository.commit("A link")
    paa(repository.path, "make-package", "dice")
    assert not [path for path, (_, content) in snapshot(repository.path).items() if b"s3cr3t" in content]


def test_variables_of_a_git_hook_do_not_lead_to_another_repository(repository: Repository, tmp_path: Path) -> None:
    """As they stand when paa is called from a hook of another repository."""
    three_packages(repository)
    other = Repository(tmp_path / "other")
    other.path.mkdir()
    other.git("init", "--quiet")
    other.commit("Not to be touched")
    before = snapshot(other.path)
    environment = {
        "GIT_DIR": str(other.path / ".git"),
        "GIT_WORK_TREE": str(other.path),
        "GIT_INDEX_FILE": str(other.path / ".git" / "index"),
    }
    done(paa_process(repository.path, "release", environment=environment))
    assert snapshot(other.path) == before
    assert repository.tags() == ("dice-v0.0.1", "wordcount-v0.0.1", "wordreport-v0.0.1")

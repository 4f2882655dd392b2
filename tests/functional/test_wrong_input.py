"""Wrong input: the message says what, where and what next, the exit code is the documented one, nothing changes."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, Result, done, paa, paa_process, snapshot
from tests.repository import Repository

FINDINGS, USAGE, OUTSIDE = 1, 2, 3


def permissions_count() -> bool:
    """Whether a file that nobody may read can't be read: as root in most containers it can."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.touch(mode=0)
        return not os.access(path, os.R_OK)


PERMISSIONS_COUNT = permissions_count()
GOOD = "value = 1\n"


def refused(repository: Repository, arguments: Sequence[str], code: int) -> Result:
    """Run a command that must end with ``code``, say why on standard error alone, and leave everything as it was."""
    before = snapshot(repository.path.parent)
    result = paa(repository.path, *arguments)
    assert result.code == code, result.text
    assert result.out == ""
    assert result.err.startswith(("error: ", "Error: ", "Usage: "))
    assert "Traceback" not in result.err
    assert snapshot(repository.path.parent) == before
    return result


def contains(result: Result, *texts: str) -> None:
    for text in texts:
        assert text in result.err, result.text


# ------------------------------------------------------------------------------------------------------- the sources


def test_a_syntax_error_is_named_with_file_and_line(repository: Repository) -> None:
    repository.write({"python_modules/broken.py": '"""Broken."""\n\n\ndef f(:\n    pass\n'})
    repository.commit("Broken")
    result = refused(repository, ["make-package", "broken"], FINDINGS)
    contains(result, "python_modules/broken.py:4", "broken")


def test_a_module_in_no_known_encoding_is_named_with_its_file(repository: Repository) -> None:
    repository.write({"python_modules/broken.py": b"# coding: utf-8\nvalue = '\xff'\n"})
    repository.commit("Broken")
    contains(refused(repository, ["make-package", "broken"], FINDINGS), "python_modules/broken.py")


def test_an_unknown_import_is_named_with_its_place_and_the_line_that_settles_it(repository: Repository) -> None:
    repository.write({"python_modules/one.py": '"""One."""\nimport os\n\nimport no_such_thing_anywhere\n'})
    repository.commit("One")
    result = refused(repository, ["make-package", "one"], FINDINGS)
    contains(result, "python_modules/one.py:4", "no_such_thing_anywhere", ".paa/package_mapping.json")
    # The line as it is printed, with the distribution put in, is all that the mapping needs.
    found = re.search(r'"no_such_thing_anywhere": "DISTRIBUTION"', result.err)
    assert found is not None
    mapping = "{" + found[0].replace("DISTRIBUTION", "no-such-thing") + "}"
    repository.write({".paa/package_mapping.json": mapping})
    assert done(paa(repository.path, "extract-module-requirements", "one")).out == "no-such-thing\n"


def test_an_installed_distribution_is_proposed_and_never_taken_unasked(repository: Repository) -> None:
    repository.write({"python_modules/one.py": "import check_jsonschema\n"})
    repository.commit("One")
    result = refused(repository, ["make-package", "one"], FINDINGS)
    contains(result, "python_modules/one.py:1", '"check_jsonschema": "check-jsonschema"', "installed here")


def test_all_errors_of_a_package_are_told_at_once(repository: Repository) -> None:
    repository.write({"python_modules/one.py": "import nowhere_a\nimport nowhere_b\n"})
    repository.commit("One")
    result = refused(repository, ["make-package", "one"], FINDINGS)
    contains(result, "python_modules/one.py:1", "python_modules/one.py:2", "nowhere_a", "nowhere_b")


# --------------------------------------------------------------------------------------------------- names of packages


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "x/../../y", "", ".", "..", "a\nb", "one.py", "python_modules/one"]
)
@pytest.mark.parametrize("command", ["make-package", "test-install", "extract-module-requirements", "plan"])
def test_a_name_that_is_none_is_refused(repository: Repository, command: str, name: str) -> None:
    repository.write({"python_modules/one.py": GOOD, "x.py": GOOD})
    repository.commit("One")
    arguments = [command, name, "--offline"] if command == "plan" else [command, name]
    contains(refused(repository, arguments, USAGE), repr(name), "there is no package")


def test_a_misspelt_name_brings_the_right_one(repository: Repository) -> None:
    repository.write({"python_modules/text_tools.py": GOOD})
    repository.commit("One")
    contains(refused(repository, ["make-package", "text-tool"], USAGE), "did you mean 'text_tools'?")


def test_a_folder_called_docs_is_no_package(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD, "docs/index.md": "# Mine\n"})
    repository.commit("One")
    contains(refused(repository, ["make-package", "docs"], USAGE), "there is no package 'docs'", "python_modules")


def test_one_wrong_name_among_right_ones_builds_nothing(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD})
    repository.commit("One")
    refused(repository, ["make-package", "one", "tow"], USAGE)


# -------------------------------------------------------------------------------------------------- the repository


@pytest.mark.parametrize("command", ["plan", "release"])
def test_releases_need_a_git_repository(tmp_path: Path, command: str) -> None:
    folder = Repository(tmp_path / "folder")
    folder.write({"python_modules/one.py": GOOD})
    contains(refused(folder, [command], USAGE), "not a Git repository", "git init")


@pytest.mark.parametrize("command", ["plan", "release"])
def test_releases_need_a_commit(repository: Repository, command: str) -> None:
    repository.write({"python_modules/one.py": GOOD})
    contains(refused(repository, [command], USAGE), "no commit yet", "git commit")


@pytest.mark.parametrize("command", ["publish", "record", "check"])
def test_what_was_not_built_can_t_be_published(repository: Repository, command: str) -> None:
    repository.write({"python_modules/one.py": GOOD})
    repository.commit("One")
    contains(refused(repository, [command], USAGE), "dist/paa-release.json", "paa make-package")


def test_a_folder_that_is_not_there(repository: Repository) -> None:
    repository.commit("Empty")
    for arguments in (["-C", "missing", "list"], ["list", "-C", "missing"], ["-C", "", "-C", "missing", "plan"]):
        result = paa_process(repository.path, *arguments)
        assert result.code == USAGE
        assert "missing is not a folder" in result.err
    assert not (repository.path / "missing").exists()


def test_a_repository_that_git_refuses_is_told_in_gits_words(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD})
    repository.commit("One")
    (repository.path / ".git" / "config").write_text("[core\n")
    contains(refused(repository, ["list"], OUTSIDE), "bad config")


def test_without_git_on_the_path_the_error_names_git(repository: Repository, tmp_path: Path) -> None:
    repository.write({"python_modules/one.py": GOOD})
    result = paa_process(repository.path, "list", environment={"PATH": str(tmp_path)})
    assert result.code == OUTSIDE
    contains(result, "'git' is not installed")


# ---------------------------------------------------------------------------------------------------- the settings


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"publish_to: [", ".paa.config:1"),
        (b"\xff\xfe\x00", ".paa.config"),
        (b"publish_too: local\n", "did you mean 'publish_to'"),
        (b"default_version: one\n", ".paa.config:1"),
        (b"module_dir: ../elsewhere\n", "module_dir"),
        (b"- a\n- b\n", ".paa.config"),
    ],
)
def test_settings_that_are_wrong(repository: Repository, content: bytes, said: str) -> None:
    repository.write({"python_modules/one.py": GOOD, ".paa.config": content})
    repository.commit("One")
    for arguments in (["list"], ["make-package", "one"], ["plan", "--offline"], ["release"]):
        contains(refused(repository, arguments, USAGE), said)


def test_settings_that_are_a_folder(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD, ".paa.config/x": ""})
    repository.commit("One")
    contains(refused(repository, ["list"], USAGE), ".paa.config is not a file")


@pytest.mark.skipif(not PERMISSIONS_COUNT, reason="whoever runs this may read and write everything")
def test_settings_that_can_t_be_read(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD, ".paa.config": ""})
    repository.commit("One")
    (repository.path / ".paa.config").chmod(0)
    result = paa(repository.path, "list")
    assert result.code == USAGE
    contains(result, ".paa.config can't be read")


def test_settings_behind_a_link_to_nowhere(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD})
    (repository.path / ".paa.config").symlink_to("missing")
    contains(refused(repository, ["list"], USAGE), ".paa.config")


def test_named_settings_that_are_not_there(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD})
    repository.commit("One")
    contains(refused(repository, ["--config", "missing.yml", "list"], USAGE), "missing.yml does not exist")


def test_named_settings_are_found_from_the_current_folder(repository: Repository, tmp_path: Path) -> None:
    repository.write({"scripts/one.py": GOOD})
    (tmp_path / "mine.yml").write_text("module_dir: scripts\n")
    result = paa_process(tmp_path, "-C", "repository", "--config", "mine.yml", "list")
    assert "scripts/one.py" in done(result).out


def test_an_index_that_is_not_configured(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD, ".paa.config": CONFIG})
    repository.commit("One")
    for command in ("plan", "release"):
        contains(refused(repository, [command, "--index", "locla"], USAGE), "locla", "local")


# ------------------------------------------------------------------------------------------------- where files go


def test_dist_is_a_file(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD, "dist": "mine", ".paa.config": CONFIG})
    repository.commit("One")
    for arguments in (["make-package", "one"], ["make-package"], ["release"]):
        before = snapshot(repository.path.parent)
        result = paa(repository.path, *arguments)
        assert result.code == OUTSIDE, result.text
        contains(result, str(repository.path / "dist"), "→ ")
        assert snapshot(repository.path.parent) == before


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /sys")
def test_dist_lies_in_a_file_system_that_takes_nothing(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD, ".paa.config": CONFIG, ".gitignore": "/dist\n"})
    repository.commit("One")
    (repository.path / "dist").symlink_to("/sys/kernel")
    for arguments in (["make-package", "one"], ["release"]):
        before = snapshot(repository.path.parent)
        result = paa(repository.path, *arguments)
        assert result.code == OUTSIDE, result.text
        contains(result, "cannot write", "dist")
        assert snapshot(repository.path.parent) == before


@pytest.mark.skipif(not PERMISSIONS_COUNT, reason="whoever runs this may read and write everything")
def test_dist_is_not_writable(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD})
    repository.commit("One")
    (repository.path / "dist").mkdir(mode=0o555)
    result = paa(repository.path, "make-package", "one")
    assert result.code == OUTSIDE
    assert list((repository.path / "dist").iterdir()) == []


# ------------------------------------------------------------------------------------------------ what was built


@pytest.fixture
def built(repository: Repository) -> Repository:
    """A repository with one package, planned and built, to be published to a folder."""
    repository.write({"python_modules/one.py": GOOD, ".paa.config": CONFIG, ".gitignore": "/dist/\n/plan.json\n"})
    repository.commit("One")
    done(paa(repository.path, "plan", "--output", "plan.json", "-C", str(repository.path)))
    done(paa(repository.path, "make-package", "--plan", "plan.json"))
    return repository


@pytest.mark.parametrize("command", ["publish", "record", "check"])
@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", '{"schema": 99}', '{"schema": 1, "releases": 3}', '{"schema": 1}', "\0", "null"],
)
def test_a_damaged_release_file_is_refused(built: Repository, command: str, damage: str) -> None:
    (built.path / "dist" / "paa-release.json").write_text(damage)
    contains(refused(built, [command], USAGE), "paa-release.json")


def test_a_release_file_that_names_files_elsewhere_is_refused(built: Repository) -> None:
    path = built.path / "dist" / "paa-release.json"
    document = json.loads(path.read_text())
    document["releases"][0]["files"][0]["name"] = "../../one-0.0.1-py3-none-any.whl"
    path.write_text(json.dumps(document))
    for command in ("publish", "record", "check"):
        contains(refused(built, [command], USAGE), "releases[0].files[0].name")


def test_what_was_built_from_another_commit_is_neither_published_nor_recorded(built: Repository) -> None:
    done(paa(built.path, "check"))
    built.commit("Another")
    for command in ("publish", "record"):
        contains(refused(built, [command], USAGE), "HEAD is", "paa plan")


def test_what_was_built_but_not_checked_is_not_published(built: Repository) -> None:
    before = snapshot(built.path.parent)
    result = paa(built.path, "publish")
    assert result.code == FINDINGS
    contains(result, "not checked", "paa check")
    assert snapshot(built.path.parent) == before


@pytest.mark.wrong_wheels("the wheel is changed after it was built")
def test_a_file_that_changed_after_the_check_is_not_published(built: Repository) -> None:
    done(paa(built.path, "check"))
    (wheel,) = (built.path / "dist").glob("*.whl")
    wheel.write_bytes(wheel.read_bytes() + b"x")
    result = paa(built.path, "publish")
    assert result.code == OUTSIDE
    contains(result, "changed after it was built")
    assert not (built.path.parent / "index").exists()


def test_the_steps_one_by_one_release_what_was_planned(built: Repository) -> None:
    done(paa(built.path, "check"))
    done(paa(built.path, "publish"))
    assert "tagged one-v0.0.1" in done(paa(built.path, "record")).out
    assert "nothing to release" in done(paa(built.path, "plan")).out
    # The commit that recorded it is no other state of the sources.
    assert "already there" in done(paa(built.path, "publish")).out
    done(paa(built.path, "record"))


def test_a_plan_file_that_is_none(repository: Repository, tmp_path: Path) -> None:
    repository.write({"python_modules/one.py": GOOD})
    repository.commit("One")
    contains(refused(repository, ["make-package", "--plan", "missing.json"], OUTSIDE), "missing.json")
    plan = tmp_path / "plan.json"
    plan.write_text("{}")
    contains(refused(repository, ["make-package", "--plan", str(plan)], USAGE), "plan.json")


def test_a_plan_for_something_else_than_head_has_is_refused(repository: Repository, tmp_path: Path) -> None:
    repository.write({"python_modules/one.py": GOOD})
    repository.commit("One")
    plan = tmp_path / "plan.json"
    document = done(paa(repository.path, "plan", "--offline", "--json")).json
    for change in ({"package": "two", "distribution": "two"}, {"fingerprint": "0" * 64}):
        document["releases"][0] |= change
        plan.write_text(json.dumps(document))
        refused(repository, ["make-package", "--plan", str(plan)], USAGE)


# ----------------------------------------------------------------------------------------------------- the work tree


def test_a_dirty_work_tree_is_not_released_and_the_files_are_named(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD, ".paa.config": CONFIG, "gone.txt": "x", "staged.txt": "x"})
    repository.commit("One")
    repository.write({"python_modules/one.py": "value = 2\n", "new.txt": "x", "staged.txt": "y", "dist/mine": "x"})
    repository.git("add", "staged.txt")
    (repository.path / "gone.txt").unlink()
    result = refused(repository, ["release"], USAGE)
    contains(result, "python_modules/one.py", "new.txt", "gone.txt", "staged.txt", "--allow-dirty")
    assert "dist/" not in result.err


def test_head_is_released_although_the_work_tree_is_dirty_when_asked_for(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD, ".paa.config": CONFIG})
    repository.commit("One")
    repository.write({"python_modules/one.py": "value = 2\n", "staged.txt": "x"})
    repository.git("add", "staged.txt")
    done(paa(repository.path, "release", "--allow-dirty"))
    assert repository.git("show", "one-v0.0.1:python_modules/one.py") + "\n" == GOOD
    # What was staged stays staged, and is not swept into the commit that records.
    assert repository.git("diff", "--cached", "--name-only") == "staged.txt"


def test_what_earlier_builds_left_in_dist_does_not_count_as_dirty(repository: Repository) -> None:
    repository.write({"python_modules/one.py": GOOD, ".paa.config": CONFIG})
    repository.commit("One")
    done(paa(repository.path, "make-package"))
    done(paa(repository.path, "release"))
    done(paa(repository.path, "release"))


def test_without_a_committer_nothing_is_published(repository: Repository, home: Path) -> None:
    repository.write({"python_modules/one.py": GOOD, ".paa.config": CONFIG})
    repository.commit("One")
    (home / ".gitconfig").write_text("[user]\n    useConfigOnly = true\n")
    contains(refused(repository, ["release"], USAGE), "who commits", "git config user.name")


# ------------------------------------------------------------------------------------------------- the command line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["realese"], "Did you mean 'release'?"),
        (["no-such-command-at-all"], "No such command"),
        (["plan", "--no-such-option"], "--no-such-option"),
        (["--no-such-option"], "--no-such-option"),
        (["plan", "--index"], "--index"),
        (["test-install"], "PACKAGE"),
    ],
)
def test_a_wrong_command_line(repository: Repository, arguments: list[str], said: str) -> None:
    repository.commit("Empty")
    contains(refused(repository, arguments, USAGE), said)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["make-package", "../x", "--json"], USAGE),
        (["plan", "--json", "--no-such-option"], USAGE),
        (["realese", "--json"], USAGE),
        (["make-package", "broken", "--json"], FINDINGS),
        (["release", "--json"], USAGE),
        (["-C", "missing", "list", "--json"], USAGE),
    ],
)
def test_with_json_an_error_is_one_document_too(repository: Repository, arguments: list[str], code: int) -> None:
    repository.write({"python_modules/broken.py": "def (\n"})
    repository.commit("Broken")
    repository.write({"dirty.txt": "x"})
    result = paa(repository.path, *arguments)
    assert result.code == code, result.text
    assert result.json["schema"] == 1
    assert result.json["error"]["exit_code"] == code
    assert result.json["error"]["message"]
    assert result.err


def test_an_interrupt_ends_with_130_and_says_that_running_again_goes_on(repository: Repository) -> None:
    """A git that never answers stands for anything that takes long."""
    repository.write({"python_modules/one.py": GOOD})
    repository.commit("One")
    slow = repository.path.parent / "bin"
    slow.mkdir()
    (slow / "git").write_text("#!/bin/sh\necho started\nkill -INT $PPID\nsleep 60 & wait\n")
    (slow / "git").chmod(0o755)
    # Whoever runs the tests in the background ignores interrupts, and what they start would too.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{listening}; from paa.cli.app import main; main(['-C', {str(repository.path)!r}, 'list'])"
    path = f"{slow}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "PATH": path}, capture_output=True, check=False, text=True
    )
    assert ended.returncode == 130
    assert "interrupted" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_reader_that_stops_early_is_no_error(repository: Repository) -> None:
    repository.write({f"python_modules/module_{number}.py": GOOD for number in range(400)})
    process = subprocess.Popen(
        [sys.executable, "-m", "paa", "list"], cwd=repository.path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 0
    assert errors == b""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_console_that_can_t_show_a_letter_gets_another(repository: Repository, encoding: str) -> None:
    repository.write({"python_modules/one.py": GOOD})
    repository.commit("Ünïcödé → 日本")
    repository.write({".paa.config": CONFIG})
    repository.commit("Settings")
    result = paa_process(repository.path, "make-package", "two", environment={"PYTHONIOENCODING": encoding})
    assert result.code == USAGE
    assert "there is no package 'two'" in result.err
    assert paa_process(repository.path, "plan", environment={"PYTHONIOENCODING": encoding}).code == 0


def test_the_cache_may_be_damaged_or_impossible(repository: Repository, tmp_path: Path) -> None:
    repository.write({"python_modules/one.py": "import requests\n"})
    (tmp_path / "cache").write_text("a file")
    environment = {"PAA_CACHE_DIR": str(tmp_path / "cache")}
    result = paa_process(repository.path, "make-package", "one", environment=environment)
    assert done(result).err == ""
    shutil.rmtree(repository.path / "dist")
    folder = tmp_path / "caches"
    done(paa_process(repository.path, "list", environment={"PAA_CACHE_DIR": str(folder)}))
    for path in folder.rglob("*.json"):
        path.write_bytes(b'{"damaged": [1,')
    result = paa_process(repository.path, "make-package", "one", environment={"PAA_CACHE_DIR": str(folder)})
    assert done(result).err == ""


def test_a_current_folder_that_has_been_deleted_is_told(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    program = f"import os; os.rmdir({str(gone)!r}); from paa.cli.app import main; main(['-C', '/', 'list'])"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=gone, env=environment, capture_output=True, check=False, text=True
    )
    assert ended.returncode == 2
    assert "the current folder has been deleted" in ended.stderr

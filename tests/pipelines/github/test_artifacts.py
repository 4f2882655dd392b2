"""Artifacts are kept and given out as the two actions do it."""

from pathlib import Path

import pytest

from tests.pipelines.github.artifacts import ActionFailedError, Artifacts
from tests.pipelines.github.errors import WorkflowError


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    for name in ("dist/a.whl", "dist/a.tar.gz", "dist/.paa/receipts/a.json", "dist/sub/b.whl", "plan/plan.json"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    return Artifacts(folder=tmp_path / "artifacts")


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({"path": "dist"}, ["a.tar.gz", "a.whl", "sub/b.whl"]),
        ({"path": "dist/"}, ["a.tar.gz", "a.whl", "sub/b.whl"]),
        ({"path": "dist", "include-hidden-files": "true"}, [".paa/receipts/a.json", "a.tar.gz", "a.whl", "sub/b.whl"]),
        ({"path": "dist/.paa/", "include-hidden-files": "true"}, ["receipts/a.json"]),
        ({"path": "dist/*.whl"}, ["a.whl"]),
        ({"path": "dist/**/*.whl"}, ["a.whl", "sub/b.whl"]),
        ({"path": "plan/plan.json"}, ["plan.json"]),
        ({"path": "dist/*.whl\ndist/*.tar.gz\n"}, ["a.tar.gz", "a.whl"]),
        ({"path": "dist/a.whl\nplan/plan.json"}, ["dist/a.whl", "plan/plan.json"]),
        ({"path": "dist\n!dist/sub/*"}, ["a.tar.gz", "a.whl"]),
    ],
)
def test_what_is_uploaded(artifacts: Artifacts, workspace: Path, said: dict[str, str], names: list[str]) -> None:
    artifacts.upload(workspace, {"name": "x", **said})
    artifacts.download(workspace, {"name": "x", "path": "got"})
    assert _names(workspace / "got") == names


def test_hidden_files_alone_are_nothing(artifacts: Artifacts, workspace: Path) -> None:
    said = {"name": "x", "path": "dist/.paa/"}
    assert artifacts.upload(workspace, said) == {}
    with pytest.raises(ActionFailedError, match="no files were found"):
        artifacts.upload(workspace, {**said, "if-no-files-found": "error"})
    with pytest.raises(ActionFailedError, match="not found"):
        artifacts.download(workspace, {"name": "x"})


def test_a_name_is_taken_once(artifacts: Artifacts, workspace: Path) -> None:
    artifacts.upload(workspace, {"name": "x", "path": "dist"})
    with pytest.raises(ActionFailedError, match="already exists"):
        artifacts.upload(workspace, {"name": "x", "path": "plan"})
    artifacts.upload(workspace, {"name": "x", "path": "plan", "overwrite": "true"})
    artifacts.download(workspace, {"name": "x", "path": "got"})
    assert _names(workspace / "got") == ["plan.json"]


def test_the_number_of_an_artifact_is_of_that_one_alone(artifacts: Artifacts, workspace: Path) -> None:
    first = artifacts.upload(workspace, {"name": "x", "path": "plan"})["artifact-id"]
    other = artifacts.upload(workspace, {"name": "1-x", "path": "dist"})["artifact-id"]
    artifacts.download(workspace, {"artifact-ids": first, "path": "got"})
    assert _names(workspace / "got") == ["plan.json"]
    second = artifacts.upload(workspace, {"name": "x", "path": "dist/*.whl", "overwrite": "true"})["artifact-id"]
    assert len({first, other, second}) == 3
    artifacts.download(workspace, {"artifact-ids": second, "path": "newest"})
    assert _names(workspace / "newest") == ["a.whl"]
    for number in (first, "", "99", "x"):
        with pytest.raises(ActionFailedError, match="found"):
            artifacts.download(workspace, {"artifact-ids": number, "path": "gone"})


@pytest.mark.parametrize("name", ["a/b", "a:b", "a*", "a\nb", 'a"b'])
def test_a_name_that_is_not_valid(artifacts: Artifacts, workspace: Path, name: str) -> None:
    with pytest.raises(ActionFailedError, match="not valid"):
        artifacts.upload(workspace, {"name": name, "path": "dist"})


def test_a_file_that_artifacts_can_t_have(artifacts: Artifacts, workspace: Path) -> None:
    (workspace / "dist" / "a:b").touch()
    with pytest.raises(ActionFailedError, match="not valid"):
        artifacts.upload(workspace, {"name": "x", "path": "dist"})


def test_a_pattern_gives_each_a_folder_of_its_own(artifacts: Artifacts, workspace: Path) -> None:
    for number in ("1", "2"):
        artifacts.upload(workspace, {"name": f"dist-{number}", "path": "dist/*.whl"})
    artifacts.upload(workspace, {"name": "dist", "path": "plan"})
    artifacts.download(workspace, {"pattern": "dist-*", "path": "one"})
    artifacts.download(workspace, {"pattern": "dist-*", "path": "two", "merge-multiple": "true"})
    artifacts.download(workspace, {"pattern": "none-*", "path": "three"})
    artifacts.download(workspace, {"path": "all"})
    assert _names(workspace / "one") == ["dist-1/a.whl", "dist-2/a.whl"]
    assert _names(workspace / "two") == ["a.whl"]
    assert _names(workspace / "three") == []
    assert _names(workspace / "all") == ["dist-1/a.whl", "dist-2/a.whl", "dist/plan.json"]


def test_a_pattern_that_finds_one_alone_gives_it_no_folder(artifacts: Artifacts, workspace: Path) -> None:
    artifacts.upload(workspace, {"name": "dist-1", "path": "dist/*.whl"})
    artifacts.download(workspace, {"pattern": "dist-*", "path": "one"})
    assert _names(workspace / "one") == ["a.whl"]


def test_another_attempt_sees_earlier_artifacts_only_when_it_repeats_some_jobs(
    artifacts: Artifacts, workspace: Path
) -> None:
    artifacts.upload(workspace, {"name": "x", "path": "dist"})
    artifacts.next_attempt(failed_only=True)
    artifacts.download(workspace, {"name": "x", "path": "got"})
    artifacts.upload(workspace, {"name": "x", "path": "plan"})
    artifacts.download(workspace, {"name": "x", "path": "newest"})
    assert _names(workspace / "newest") == ["plan.json"]
    artifacts.next_attempt(failed_only=False)
    with pytest.raises(ActionFailedError, match="not found"):
        artifacts.download(workspace, {"name": "x"})


def test_a_path_is_needed(artifacts: Artifacts, workspace: Path) -> None:
    with pytest.raises(WorkflowError, match="path"):
        artifacts.upload(workspace, {"path": "\n"})

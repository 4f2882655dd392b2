"""Releases that the existing tool has made go on: versions, tags, notes and logs, with nothing lost."""

from pathlib import Path

from tests.functional.command_line import done, paa, planned, published
from tests.functional.existing_tool import existing_repository, fields, members, wheel_of
from tests.repository import Repository

LOG = (
    b"Timestamp,Package,Version\r\n\r\n2024-01-20 02:11:45,hammer,1.10.1\r\n"
    b"2024-01-23 20:00:09,brush,0.1.9\r\n2024-02-01 07:00:00,hammer,1.10.2\r\n"
)
PROJECT = "existing_tool_history"
LOG_FILE = ".paa/tracking/version_logs.csv"


def test_versions_follow_those_of_the_tracking_files(repository: Repository, tmp_path: Path) -> None:
    existing_repository(repository, PROJECT, {LOG_FILE: LOG})
    repository.write(
        {"python_modules/hammer.py": (repository.path / "python_modules/hammer.py").read_text() + "\n# x\n"}
    )
    repository.commit("[hammer][.+.] hit harder; keep the thumb safe")
    expected = {"hammer": "1.11.0", "brush": "0.1.10", "pliers": "0.0.1"}
    assert planned(done(paa(repository.path, "plan", "--offline", "--json"))) == expected
    done(paa(repository.path, "release"))
    index = tmp_path / "index"
    assert {name: published(index, name)[-1] for name in expected} == expected
    # The version that the module's author wrote in a mark stands.
    assert fields(wheel_of(repository.path / "dist", "brush"), "Requires-Dist") == ["hammer>=1.10.0"]

    versions = (repository.path / ".paa/tracking/lsts_package_versions.yml").read_text()
    assert versions == "brush: 0.1.10\nhammer: 1.11.0\nold_saw: 0.0.7\npliers: 0.0.1\n"
    notes = (repository.path / ".paa/release_notes/hammer.md").read_text()
    begin, _, rest = notes.partition("### 1.10.2\n")
    assert rest == "\n    - hits nails on the head\n\n    - and nothing else\n\n### 1.10.1\n\n    - initial hammer\n"
    assert begin.startswith("# Release notes\n\n### 1.11.0")
    assert begin.index("hit harder") < begin.index("keep the thumb safe")
    assert repository.git("status", "--porcelain") == ""


def test_the_log_of_versions_keeps_every_byte_and_its_line_ends(repository: Repository) -> None:
    existing_repository(repository, PROJECT, {LOG_FILE: LOG})
    done(paa(repository.path, "release"))
    log = (repository.path / LOG_FILE).read_bytes()
    assert log.startswith(LOG)
    added = log.removeprefix(LOG).decode().split("\r\n")
    assert [line.partition(",")[2] for line in added] == ["brush,0.1.10", "hammer,1.10.3", "pliers,0.0.1", ""]


def test_tags_of_the_existing_tool_take_their_versions(repository: Repository) -> None:
    existing_repository(repository, PROJECT, {LOG_FILE: LOG})
    # The tool pushes its tags after its tracking files: a run that was stopped, or a branch that was reset, leaves more
    # tags than tracked versions.
    repository.git("tag", "-a", "v1.12.0_hammer", "-m", "hammer==1.12.0")
    repository.git("tag", "-a", "v0.1.9_brush", "-m", "brush==0.1.9")
    repository.git("tag", "-a", "v0.3.0_pliers", "-m", "pliers==0.3.0")
    repository.git("tag", "-a", "v9.9.9_unknown", "-m", "unknown==9.9.9")
    result = done(paa(repository.path, "plan", "--offline", "--json"))
    assert planned(result) == {"hammer": "1.12.1", "brush": "0.1.10", "pliers": "0.3.1"}


def test_compiled_files_among_the_artifacts_are_left_out_with_a_warning(repository: Repository) -> None:
    cached = "artifacts/hammer/examples/__pycache__/functions.cpython-310.pyc"
    existing_repository(repository, PROJECT, {cached: b"\0", "artifacts/hammer/examples/functions.py": "x = 1\n"})
    assert f"{cached}: " in done(paa(repository.path, "list")).err
    done(paa(repository.path, "make-package", "hammer"))
    shipped = wheel_of(repository.path / "dist", "hammer")
    assert [name for name in members(shipped) if "artifacts" in name] == ["hammer/artifacts/examples/functions.py"]

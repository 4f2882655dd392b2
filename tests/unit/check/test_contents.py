"""Files that are not what was planned, however they were made to look: nothing of them is run to find that out."""

import os
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from paa.check.contents import is_generated, require_plain_files, require_planned_contents
from paa.check.model import CheckInput
from paa.errors import FindingsError
from paa.model import Plan, PublishSettings, ReleaseSet
from tests.packages import MODULES, scan_files
from tests.unit.check.releases import PLAIN, checked, described, rewrite_sdist, rewrite_wheel

pytestmark = pytest.mark.wrong_wheels("they say something else than was planned")
REPOSITORY = "https://github.com/example/tools"
FILES: Mapping[str, str | bytes] = {
    **PLAIN,
    f"{MODULES}/tool.py": '"""A tool."""\nimport needed\n',
    f"{MODULES}/needed.py": '"""Needed."""\n',
    f"{MODULES}/other.py": '"""Another."""\n',
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[CheckInput, Plan]:
    """The package tool, which needs another of the plan, and the plan."""
    root = tmp_path_factory.mktemp("built")
    state = scan_files(root / "repository", FILES, f"source_repo_url: {REPOSITORY}\n")
    needed, other = state.release("needed", "1.2.0"), state.release("other")
    tool = replace(state.release("tool", floors={"needed": "1.2.0"}), needs=("needed",))
    plan = Plan(
        commit="0" * 40,
        indexes=("company",),
        builder="flit_core",
        releases=(needed, other, tool),
        settings=PublishSettings(repository=REPOSITORY),
    )
    return checked(root / "dist", state.build(root / "dist", tool)[0]), plan


@pytest.fixture
def given(tmp_path: Path, built: tuple[CheckInput, Plan]) -> CheckInput:
    """A copy to be spoilt."""
    shutil.copytree(built[0].folder, tmp_path / "dist")
    return replace(built[0], folder=tmp_path / "dist")


@pytest.fixture
def plan(built: tuple[CheckInput, Plan]) -> Plan:
    return built[1]


def faults(given: CheckInput, plan: Plan) -> str:
    """What is said about the files, which must be refused."""
    with pytest.raises(FindingsError, match="is not what was planned, so nothing of it is published") as caught:
        require_planned_contents(ReleaseSet(plan=plan, releases=(given.built,)), {"tool"}, given.folder)
    return caught.value.message


def test_what_was_built_from_the_plan_is_fine(given: CheckInput, plan: Plan) -> None:
    require_planned_contents(ReleaseSet(plan=plan, releases=(given.built,)), {"tool"}, given.folder)
    assert is_generated(given.built, given.folder)


def test_files_that_are_not_there_are_left_out(given: CheckInput, plan: Plan) -> None:
    for file in given.built.files:
        (given.folder / file.name).unlink()
        require_planned_contents(ReleaseSet(plan=plan, releases=(given.built,)), {"tool"}, given.folder)


def test_packages_that_are_not_meant_are_not_read(given: CheckInput, plan: Plan) -> None:
    for file in given.built.files:
        (given.folder / file.name).write_bytes(b"spoilt")
    require_planned_contents(ReleaseSet(plan=plan, releases=(given.built,)), {"needed"}, given.folder)


@pytest.mark.parametrize("ending", [".whl", ".tar.gz"])
def test_a_byte_that_was_changed_is_found(given: CheckInput, plan: Plan, ending: str) -> None:
    (name,) = (file.name for file in given.built.files if file.name.endswith(ending))
    path = given.folder / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert f"{name}: this is not the file that was built" in faults(given, plan)


@pytest.mark.parametrize(
    ("place", "spoil", "message"),
    [
        ("METADATA", (b"Name: tool", b"Name: requests"), "METADATA says requests, not tool"),
        ("METADATA", (b"Name: tool", b"Name: tool\nName: requests"), "its METADATA has not exactly one Name"),
        ("METADATA", (b"Name: tool\n", b""), "METADATA says None, not tool"),
        ("METADATA", (b"Version: 1.0.0", b"Version: 99.0"), "METADATA says version 99.0, not 1.0.0"),
        ("METADATA", (b"Version: 1.0.0", b"Version: 1.0.0\nVersion: 2"), "its METADATA has not exactly one Version"),
        ("METADATA", (b"needed>=1.2.0", b"needed>=1.1.0"), "it does not require what paa-release.json says"),
        ("METADATA", (b"needed>=1.2.0", b"evil>=1.2.0"), "it does not require needed, which the plan does"),
        ("METADATA", (b"needed>=1.2.0", b"needed"), "it requires needed in any version, the plan 1.2.0"),
        (
            "METADATA",
            (b"needed>=1.2.0", b"needed @ https://evil.example.org/x.whl"),
            "it requires needed from https://ev",
        ),
        (
            "METADATA",
            (b"needed>=1.2.0", b"needed>=1.2.0\nRequires-Dist: other"),
            "it requires other, which the plan does",
        ),
        ("METADATA", (b"needed>=1.2.0", b"needed>=1.2.0\nRequires-Dist: \xff~"), "which is no requirement"),
        ("manifest.json", (b'"tool"', b'"other"'), "its manifest is not that of this release"),
        ("manifest.json", (b'"1.0.0"', b'"1.0.1"'), "its manifest is not that of this release"),
        ("manifest.json", (b'"schema"', b'"scheme"'), "its manifest is not that of this release"),
        (
            "manifest.json",
            (b"example/tools", b"victim/tools"),
            "its manifest names the repository https://github.com/v",
        ),
    ],
)
def test_a_wheel_that_says_something_else_inside_is_refused(
    given: CheckInput, plan: Plan, place: str, spoil: tuple[bytes, bytes], message: str
) -> None:
    def change(members: dict[str, bytes]) -> None:
        (name,) = (name for name in members if name.endswith(f"/{place}"))
        assert spoil[0] in members[name]
        members[name] = members[name].replace(*spoil)

    assert message in faults(rewrite_wheel(given, change), plan)


def test_only_a_project_of_the_plan_goes_without_a_manifest(given: CheckInput, plan: Plan) -> None:
    """Or code in a build job could leave it out, and with it all that is compared with it."""

    def drop(members: dict[str, bytes]) -> None:
        (name,) = (name for name in members if name.endswith("/manifest.json"))
        del members[name]

    spoilt = rewrite_wheel(given, drop)
    assert "it has no manifest" in faults(spoilt, plan)
    project = replace(plan, settings=PublishSettings(repository=REPOSITORY, projects=("tool",)))
    require_planned_contents(ReleaseSet(plan=project, releases=(spoilt.built,)), {"tool"}, spoilt.folder)


def test_the_same_with_another_second_metadata_is_refused(given: CheckInput, plan: Plan) -> None:
    def spoil(members: dict[str, bytes]) -> None:
        (name,) = (name for name in members if name.endswith("/METADATA"))
        members["evil-99.dist-info/METADATA"] = members[name].replace(b"Name: tool", b"Name: evil")

    assert "expected one .dist-info folder, found 2" in faults(rewrite_wheel(given, spoil), plan)


def test_a_metadata_in_front_that_nobody_reads_does_not_hide_the_one_that_is_read(
    given: CheckInput, plan: Plan
) -> None:
    def spoil(members: dict[str, bytes]) -> None:
        (name,) = (name for name in members if name.endswith("/METADATA"))
        ours, others = {"tool/x.dist-info/METADATA": members[name]}, dict(members)
        others[name] = members[name].replace(b"Name: tool", b"Name: tool\nName: requests").replace(b"needed", b"evil")
        members.clear()
        members.update(ours | others)

    said = faults(rewrite_wheel(given, spoil), plan)
    assert "its METADATA has not exactly one Name" in said
    assert "it does not require needed, which the plan does" in said


def test_an_sdist_that_says_something_else_inside_is_refused(given: CheckInput, plan: Plan) -> None:
    def spoil(members: dict[str, bytes | tarfile.TarInfo]) -> None:
        info = members["tool-1.0.0/PKG-INFO"]
        assert isinstance(info, bytes)
        members["tool-1.0.0/PKG-INFO"] = info.replace(b"Name: tool", b"Name: requests")

    assert "PKG-INFO says requests, not tool" in faults(rewrite_sdist(given, spoil), plan)


def test_a_release_file_that_says_less_is_required_than_is_refused(given: CheckInput, plan: Plan) -> None:
    spoilt = replace(given, built=replace(given.built, requires_dist=()))
    assert "it does not require what paa-release.json says" in faults(spoilt, plan)


def test_what_is_no_archive_is_refused(given: CheckInput, plan: Plan) -> None:
    for file in given.built.files:
        (given.folder / file.name).write_bytes(b"PK\x03\x04 nothing")
    assert faults(described(given), plan).count("this file can't be read") == 2


def test_a_repository_that_the_plan_does_not_know_is_nobody_s(given: CheckInput, plan: Plan) -> None:
    assert "the plan None" in faults(given, replace(plan, settings=PublishSettings()))


@pytest.mark.skipif(os.name == "nt", reason="links and pipes")
def test_links_and_pipes_are_refused_wherever_they_are(given: CheckInput, tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "secret").mkdir()
    (given.folder / ".paa").mkdir()
    (given.folder / ".paa" / "receipts").symlink_to(tmp_path / "secret")
    (given.folder / "loop").symlink_to(given.folder)
    (given.folder / "dangling.whl").symlink_to("nowhere")
    os.mkfifo(given.folder / "pipe")
    with pytest.raises(FindingsError) as caught:
        require_planned_contents(ReleaseSet(plan=plan, releases=(given.built,)), {"tool"}, given.folder)
    assert caught.value.message.splitlines()[1:] == ["  .paa/receipts", "  dangling.whl", "  loop", "  pipe"]
    with pytest.raises(FindingsError):
        require_plain_files(given.folder)

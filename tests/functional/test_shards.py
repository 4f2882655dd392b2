"""Plan, build in shards, gather, publish and record, each in a folder of its own, as the jobs of a CI system do it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.command_line import clone, done, paa, snapshot
from tests.functional.publishing import contents
from tests.functional.shards import SHARDS, Jobs, read, start, write
from tests.repository import Repository
from tests.servers import PypiServer, pypiserver

pytestmark = pytest.mark.server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PypiServer]:
    with pypiserver(tmp_path / "server") as running:
        yield running


@pytest.fixture
def jobs(tmp_path: Path, repository: Repository, server: PypiServer) -> Jobs:
    return start(tmp_path, repository, server)


def test_shards_built_in_clean_clones_are_gathered_published_and_recorded(jobs: Jobs, server: PypiServer) -> None:
    checking = jobs.download("1", "2")
    gathered = done(jobs.gather(checking))
    assert gathered.out.count("checked before") == 3
    assert sorted(path.name for path in (checking / "dist").iterdir()) == [
        "dice-0.0.1-py3-none-any.whl",
        "dice-0.0.1.tar.gz",
        "paa-release.json",
        "wordcount-0.0.1-py3-none-any.whl",
        "wordcount-0.0.1.tar.gz",
        "wordreport-0.0.1-py3-none-any.whl",
        "wordreport-0.0.1.tar.gz",
    ]
    publishing = jobs.publishing(checking)
    done(jobs.publish(publishing, "--summary", "summary.md"))
    files = contents(checking / "dist")
    assert contents(server.folder) == {name: data for name, data in files.items() if name != "paa-release.json"}
    assert "| wordreport | 0.0.1 | company | uploaded |" in (publishing / "summary.md").read_text()
    assert done(jobs.publish(publishing)).out.count("already there") == 3
    recording = clone(jobs.remote, jobs.root / "record")
    done(paa(recording.path, "record", "--plan", str(jobs.plan), "--dist", str(publishing / "dist")))
    assert jobs.remote.tags() == ("dice-v0.0.1", "wordcount-v0.0.1", "wordreport-v0.0.1")
    again = done(paa(clone(jobs.remote, jobs.root / "next").path, "plan", "--json"))
    assert again.json["releases"] == []


def test_what_one_machine_builds_alone_is_what_shards_build(jobs: Jobs) -> None:
    checking = jobs.download("1", "2")
    done(jobs.gather(checking))
    whole = clone(jobs.remote, jobs.root / "whole").path
    done(paa(whole, "make-package", "--plan", str(jobs.plan)))
    done(paa(whole, "check"))
    assert contents(whole / "dist") == contents(checking / "dist")


def test_gathering_twice_is_gathering_once(jobs: Jobs) -> None:
    checking = jobs.download("1", "2")
    done(jobs.gather(checking))
    before = snapshot(checking)
    done(jobs.gather(checking))
    assert snapshot(checking) == before


def test_a_shard_that_is_missing_fails_and_stops_nothing_else(jobs: Jobs, server: PypiServer) -> None:
    checking = jobs.download("2")
    (checking / "dist" / "dist-1").mkdir()
    (checking / "dist" / "dist-1" / "log.txt").touch()
    result = jobs.gather(checking)
    assert result.code == 1
    assert "dist-1 has no paa-release.json" in result.err
    assert "wordcount 0.0.1 was not built" in result.err
    publishing = jobs.publishing(checking)
    result = jobs.publish(publishing, "--summary", "summary.md")
    assert result.code == 1
    assert sorted(contents(server.folder)) == ["dice-0.0.1-py3-none-any.whl", "dice-0.0.1.tar.gz"]
    assert "wordcount 0.0.1 on company: blocked: not built" in result.err
    assert "wordreport 0.0.1 on company: blocked: blocked by wordcount" in result.err
    assert "blocked by wordcount" in (publishing / "summary.md").read_text()


def test_without_any_shard_everything_is_told_as_not_built(jobs: Jobs, tmp_path: Path) -> None:
    empty = tmp_path / "nothing"
    empty.mkdir()
    result = jobs.gather(empty)
    assert result.code == 1
    assert result.err.count("was not built") == 3
    assert jobs.publish(empty).code == 1


def test_packages_that_are_not_named_must_be_there_already(
    jobs: Jobs, server: PypiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    checking = jobs.download("1", "2")
    done(jobs.gather(checking))
    publishing = jobs.publishing(checking)
    monkeypatch.setenv("PAA_PACKAGES", "wordreport")
    monkeypatch.setenv("PAA_INDEX", "company")
    result = jobs.publish(publishing)
    assert result.code == 1
    assert "blocked by wordcount" in result.err
    assert "wordcount 0.0.1 on" not in result.text
    assert contents(server.folder) == {}
    monkeypatch.setenv("PAA_DRY_RUN", "true")
    # Whatever the job before would have sent is not there in a dry run.
    assert "would upload: wordreport 0.0.1" in done(jobs.publish(publishing)).out
    monkeypatch.setenv("PAA_PACKAGES", "wordcount")
    assert "would upload: wordcount 0.0.1" in done(jobs.publish(publishing)).out
    monkeypatch.setenv("PAA_DRY_RUN", "$(PAA_DRY_RUN)")
    assert "uploaded: wordcount 0.0.1" in done(jobs.publish(publishing)).out
    monkeypatch.setenv("PAA_PACKAGES", "wordreport")
    assert "uploaded: wordreport 0.0.1" in done(jobs.publish(publishing)).out
    assert not [name for name in contents(server.folder) if name.startswith("dice")]


def test_other_bytes_of_what_is_needed_on_the_index_do_not_count(jobs: Jobs, server: PypiServer) -> None:
    checking = jobs.download("1", "2")
    done(jobs.gather(checking))
    (server.folder / "wordcount-0.0.1-py3-none-any.whl").write_bytes(b"somebody else's")
    result = jobs.publish(jobs.publishing(checking), "wordreport")
    assert result.code == 1
    assert "blocked by wordcount" in result.err


def test_an_attacker_s_plan_in_dist_is_not_used(jobs: Jobs, server: PypiServer, tmp_path: Path) -> None:
    checking = jobs.download("1", "2")
    with pypiserver(tmp_path / "attacker") as attacker:
        plan = read(jobs.plan)
        plan["settings"]["indexes"][0]["upload_url"] = attacker.url
        for name in ("plan.json", "dist-2/plan.json", "paa-plan.json"):
            write(checking / "dist" / name, plan)
        done(jobs.gather(checking))
        publishing = jobs.publishing(checking)
        release = read(publishing / "dist" / "paa-release.json")
        write(publishing / "dist" / "paa-release.json", {**release, "settings": plan["settings"]})
        (publishing / ".paa.config").write_text(
            f'indexes:\n  company: {{kind: pypiserver, upload_url: "{attacker.url}"}}\npublish_to: company\n'
        )
        done(jobs.publish(publishing))
        assert contents(attacker.folder) == {}
    assert len(contents(server.folder)) == 6


def test_one_index_of_two_takes_what_the_other_has_and_its_own_login(
    jobs: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checking = jobs.download("1", "2")
    done(jobs.gather(checking))
    publishing = jobs.publishing(checking)
    done(jobs.publish(publishing))
    monkeypatch.setenv("PAA_SECOND_USERNAME", "tester")
    monkeypatch.setenv("PAA_SECOND_PASSWORD", "hunter2")
    with pypiserver(tmp_path / "second", user=("tester", "hunter2")) as second:
        plan = read(jobs.plan)
        (company,) = plan["settings"]["indexes"]
        extra = {**company, "name": "second", "upload_url": second.url, "simple_url": f"{second.url}simple/"}
        plan["settings"]["indexes"].append(extra)
        plan["settings"]["publish_to"] = plan["indexes"] = ["company", "second"]
        for release in plan["releases"]:
            release["targets"] = ["company", "second"]
        write(jobs.plan, plan)
        dist = publishing / "dist"
        document = read(dist / "paa-release.json")
        document["indexes"] = plan["indexes"]
        document["releases"] = [{**one, "targets": plan["indexes"]} for one in document["releases"]]
        write(dist / "paa-release.json", document)
        for path in dist.glob("dice*"):
            path.unlink()
        done(jobs.publish(publishing, "--index", "second"))
        assert len(contents(second.folder)) == 6


def test_publishing_by_a_plan_reads_no_git(jobs: Jobs, monkeypatch: pytest.MonkeyPatch) -> None:
    checking = jobs.download("2")
    jobs.gather(checking)
    monkeypatch.setenv("PATH", str(jobs.root / "nothing"))
    assert jobs.publish(checking, "dice").code == 0


def test_receipts_lie_beside_the_files(jobs: Jobs) -> None:
    checking = jobs.download("2")
    jobs.gather(checking)
    done(jobs.publish(checking, "dice"))
    receipts = checking / "dist" / ".paa" / "receipts" / "company"
    assert sorted(path.name for path in receipts.iterdir()) == [
        "dice-0.0.1-py3-none-any.whl.json",
        "dice-0.0.1.tar.gz.json",
    ]
    shutil.rmtree(checking / "dist" / ".paa")
    assert "already there" in done(jobs.publish(checking, "dice")).out


def test_shards_that_don_t_hold_to_the_plan_are_refused_and_stay_as_they_are(jobs: Jobs) -> None:
    checking = jobs.download("1", "2")
    document = checking / "dist" / "dist-2" / "paa-release.json"
    (wheel,) = (checking / "dist" / "dist-2").glob("*.whl")
    was, bytes_were = read(document), wheel.read_bytes()

    def refused() -> str:
        before = snapshot(checking)
        result = jobs.gather(checking)
        assert result.code in {1, 2}, result.text
        assert snapshot(checking) == before
        return result.err

    wheel.write_bytes(bytes_were + b"!")
    assert f"{wheel} is not the file that was built" in refused()
    wheel.write_bytes(bytes_were)
    (dice,) = (release for release in was["releases"] if release["package"] == "dice")
    write(document, {**was, "releases": [{**dice, "version": "9.0", "files": []}]})
    assert "releases[0].version: '9.0' here, '0.0.1' in the plan (dice)" in refused()
    write(document, {**was, "releases": [dice, {**dice, "package": "more", "distribution": "more", "files": []}]})
    assert "releases[1]: more is not in the plan" in refused()
    write(document, {**was, "commit": "0" * 40})
    assert f"{document} is not what was planned" in refused()
    write(document, was)
    done(jobs.gather(checking))


def test_what_was_not_checked_where_it_was_built_is_checked_once_all_is_there(jobs: Jobs) -> None:
    folder = clone(jobs.remote, jobs.root / "alone").path
    done(paa(folder, "make-package", "--plan", str(jobs.plan), *SHARDS["1"]))
    checking = jobs.root / "check"
    shutil.copytree(folder / "dist", checking / "dist" / "dist-1")
    result = jobs.gather(checking)
    assert result.code == 1
    assert "checked wordreport 0.0.1: metadata, files, imports" in result.out
    assert "dice 0.0.1 was not built" in result.err
    assert "checked before: wordreport 0.0.1" in jobs.gather(checking).out


def test_nobody_else_s_distribution_is_taken_for_a_package_of_the_repository(jobs: Jobs) -> None:
    done(paa(jobs.repository.path, "make-package", "wordreport"))
    result = paa(jobs.repository.path, "check")
    assert result.code == 1
    assert "wordcount>=0.0.1 is a package of this repository, and no index has it" in result.err

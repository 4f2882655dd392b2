"""``paa publish --plan`` in a folder that is no repository: the plan alone is believed, and nothing else is sent."""

import base64
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from paa.model import Index, IndexKind
from paa.publish.targets import resolve_index
from tests.functional.command_line import Result, done, paa, published, with_remote
from tests.functional.samples import three_packages
from tests.functional.shards import read, write
from tests.https import https_server, on_the_internet
from tests.repository import Repository
from tests.servers import Reply, ScriptedIndex, scripted_index

WHEEL = "dice-0.0.1-py3-none-any.whl"


@pytest.fixture
def job(tmp_path: Path, repository: Repository) -> Path:
    """An empty folder but for what was planned and built: ``plan.json`` and ``dist``."""
    three_packages(repository)
    folder = tmp_path / "job"
    done(paa(repository.path, "plan", "--output", str(folder / "plan.json")))
    dist = str(folder / "dist")
    done(paa(repository.path, "make-package", "--plan", str(folder / "plan.json"), "--dist", dist))
    done(paa(repository.path, "check", "--dist", dist))
    return folder


def publish(folder: Path, *more: str) -> Result:
    return paa(folder, "publish", "--plan", "plan.json", *more)


def refused(folder: Path, *more: str) -> str:
    """What is said when nothing may have been sent: neither here nor to the index."""
    result = publish(folder, *more)
    assert result.code in {1, 2}, result.text
    assert not (folder.parent / "index").exists()
    assert not (folder / "dist" / ".paa").exists()
    assert result.out == ""
    return result.err


def test_a_plan_is_enough(job: Path) -> None:
    assert done(publish(job, "--json")).json["published"][0]["state"] == "uploaded"
    assert published(job.parent / "index", "wordreport") == ["0.0.1"]


def change(path: Path, spoil: Callable[[Any], object]) -> None:
    document = read(path)
    spoil(document)
    write(path, document)


def _releases(document: Any) -> dict[str, Any]:  # noqa: ANN401  # a document
    return {release["package"]: release for release in document["releases"]}


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda plan: plan.update(provisional="an index was down"), "is provisional and can't be published: an index"),
        (lambda plan: plan.pop("settings"), "doesn't say what the indexes are"),
        (lambda plan: plan.update(schema=2), "has schema 2"),
        (lambda plan: plan["settings"].update(indexes=[]), "settings.indexes: local is missing"),
        (lambda plan: plan["settings"]["indexes"][0].update(path="../index"), "../index is not absolute"),
        (lambda plan: plan["settings"]["indexes"][0].update(kind="generic"), "indexes[0].upload_url: is missing"),
        (
            lambda plan: plan["settings"]["indexes"][0].update(
                kind="generic", upload_url="https://me:s3cret@x.example.org/", simple_url="https://x.example.org/"
            ),
            "settings.indexes[0].upload_url: has user info before '@'",
        ),
        (lambda plan: plan.update(releases=plan["releases"][1:]), "releases[0]: dice is not in the plan"),
        (lambda plan: plan["releases"][0].update(version="0.0.2"), "releases[0].version: '0.0.1' here, '0.0.2' in"),
        (lambda plan: plan.update(commit="0" * 40), "commit: "),
    ],
)
def test_a_plan_that_does_not_fit_is_refused(job: Path, spoil: Callable[[Any], object], message: str) -> None:
    change(job / "plan.json", spoil)
    said = refused(job)
    assert message in said
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda dist: dist["releases"].append({**dist["releases"][0], "package": "more"}), "dice is there twice"),
        (lambda dist: _releases(dist)["dice"].update(distribution="requests"), "is not a file of requests 0.0.1"),
        (lambda dist: _releases(dist)["dice"].update(version="0.0.2"), "is not a file of dice 0.0.2"),
        (lambda dist: _releases(dist)["dice"].update(targets=["other"]), "other is not one of indexes"),
        (lambda dist: _releases(dist)["wordreport"].update(floors={}), "floors: {} here"),
        (lambda dist: _releases(dist)["dice"]["files"][0].update(name="../dice.whl"), '"../dice.whl" is not the name'),
        (lambda dist: _releases(dist)["dice"]["files"][0].update(sha256="0" * 64), "this is not the file that was"),
        (lambda dist: _releases(dist)["dice"]["files"][0].update(size=1), "this is not the file that was built"),
        (lambda dist: dist.update(commit=None), "commit: None here"),
    ],
)
def test_a_release_file_that_says_something_else_is_refused(
    job: Path, spoil: Callable[[Any], object], message: str
) -> None:
    change(job / "dist" / "paa-release.json", spoil)
    assert message in refused(job)


def test_a_wheel_that_was_changed_is_refused_with_all_the_rest(job: Path) -> None:
    path = job / "dist" / WHEEL
    path.write_bytes(path.read_bytes() + b"\0")
    assert f"{WHEEL}: this is not the file that was built" in refused(job, "--summary", "summary.md")
    assert (job / "summary.md").read_text().startswith("## Nothing was published\n\n```\nwhat is in ")


@pytest.mark.skipif(os.name == "nt", reason="links")
def test_a_link_in_dist_is_refused(job: Path) -> None:
    (job / "dist" / WHEEL).rename(job / "elsewhere")
    (job / "dist" / WHEEL).symlink_to(job / "elsewhere")
    assert f"\n  {WHEEL}" in refused(job)


@pytest.mark.parametrize("name", ["testpypi", "nowhere", "../x", ""])
def test_an_index_that_the_plan_releases_nothing_to_is_refused(job: Path, name: str) -> None:
    change(
        job / "plan.json",
        lambda plan: plan["settings"]["indexes"].append(
            {
                "name": "testpypi",
                "kind": "testpypi",
                "upload_url": "https://x.example.org/",
                "simple_url": "https://x.example.org/s/",
            }
        ),
    )
    assert f"the plan releases nothing to an index {name!r}" in refused(job, "--index", name)


def test_a_package_that_the_plan_does_not_release_is_refused(job: Path) -> None:
    assert "the plan does not release colours" in refused(job, "dice", "colours")


def test_a_plan_or_a_build_that_is_not_there_is_named(job: Path, tmp_path: Path) -> None:
    result = paa(job, "publish", "--plan", "nowhere.json")
    assert result.code == 3
    assert "nowhere.json" in result.err
    result = paa(job, "publish", "--plan", "plan.json", "--dist", str(tmp_path / "nothing"))
    assert result.code == 2
    assert "nothing has been built there" in result.err


def test_what_failed_its_checks_is_not_sent(job: Path) -> None:
    change(job / "dist" / "paa-release.json", lambda dist: _releases(dist)["dice"]["checks"].update(imports="failed"))
    result = publish(job)
    assert result.code == 1
    assert "dice 0.0.1 on local: blocked: not checked: imports" in result.err
    assert published(job.parent / "index", "dice") == []
    assert published(job.parent / "index", "wordreport") == ["0.0.1"]


def test_the_summary_shows_text_from_elsewhere_as_text(job: Path) -> None:
    (job / "dist" / "wordcount-0.0.1.tar.gz").unlink()
    (job.parent / "index").write_text("no folder")
    (job / "summary.md").write_text("# Before\n")
    result = publish(job, "--summary", "summary.md")
    assert result.code == 3
    lines = (job / "summary.md").read_text().splitlines()
    assert lines[:4] == ["# Before", "## Published", "", "| package | version | index | result |"]
    assert len([line for line in lines if line.startswith("| ")]) == 5


def test_branches_of_a_repository_need_one(tmp_path: Path, repository: Repository) -> None:
    three_packages(repository)
    repository.write({".paa.config": "indexes:\n  private: {kind: git}\npublish_to: private\n"})
    repository.commit("To branches")
    remote = with_remote(repository)
    plan = str(tmp_path / "plan.json")
    dist = str(tmp_path / "dist")
    done(paa(repository.path, "plan", "--output", plan))
    done(paa(repository.path, "make-package", "--plan", plan, "--dist", dist))
    done(paa(repository.path, "check", "--dist", dist))
    result = paa(tmp_path, "publish", "--plan", plan, "--dist", dist)
    assert result.code == 2
    assert "index private is on branches of a Git repository, and this is not in one" in result.err
    repository.git("remote", "rename", "origin", "elsewhere")
    result = paa(repository.path, "publish", "--plan", plan, "--dist", dist)
    assert result.code == 3
    assert "has no remote 'origin'" in result.err
    repository.git("remote", "rename", "elsewhere", "origin")
    done(paa(repository.path, "publish", "--plan", plan, "--dist", dist))
    assert "dist/dice-v0.0.1" in remote.tags()


@pytest.fixture
def runner() -> Iterator[ScriptedIndex]:
    """What vouches for a run on GitHub Actions, named in the environment as it is there."""
    parts = [json.dumps(part).encode() for part in ({"alg": "RS256", "typ": "JWT"}, {"aud": "the-index"})]
    token = ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (*parts, b"signature"))
    with scripted_index() as running:
        running.pages["/identity"] = [_as_json({"value": token})]
        os.environ |= {
            "GITHUB_ACTIONS": "true",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{running.url}identity?run=1",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-run",
        }
        yield running


def _as_json(document: object) -> Reply:
    return Reply(status=200, body=json.dumps(document).encode(), headers={"Content-Type": "application/json"})


def test_a_run_that_github_vouches_for_publishes_without_any_secret(
    tmp_path: Path, repository: Repository, runner: ScriptedIndex
) -> None:
    three_packages(repository)
    repository.write({".paa.config": "publish_to: pypi\n"})
    repository.commit("To PyPI")
    pypi = resolve_index(Index(name="pypi", kind=IndexKind.PYPI))
    names = [urlsplit(url or "").hostname or "" for url in (pypi.upload_url, pypi.simple_url)]
    with https_server(tmp_path, *names) as server, on_the_internet(server):
        server.pages["/_/oidc/audience"] = [_as_json({"audience": "the-index"})]
        server.pages["/_/oidc/mint-token"] = [_as_json({"success": True, "token": "minted", "expires": 1 << 40})]
        job = tmp_path / "job"
        done(paa(repository.path, "plan", "--output", str(job / "plan.json")))
        dist = str(job / "dist")
        done(paa(repository.path, "make-package", "--plan", str(job / "plan.json"), "--dist", dist))
        done(paa(repository.path, "check", "--dist", dist))
        assert runner.seen == []
        os.environ |= {"PAA_INDEX": "pypi", "PAA_PACKAGES": "", "PAA_DRY_RUN": "", "TWINE_PASSWORD": ""}
        done(publish(job))
        assert len(server.files) == 6
        login = base64.b64encode(b"__token__:minted").decode()
        sent = [request for request in server.seen if request.method == "POST" and "oidc" not in request.path]
        assert {request.headers.get("Authorization") for request in sent} == {f"Basic {login}"}
        assert runner.paths() == ["/identity?run=1&audience=the-index"]


_TWO_SERVERS = """\
indexes:
  company: {{kind: generic, upload_url: "{company}", simple_url: "{company}simple/"}}
  others: {{kind: generic, upload_url: "{others}", simple_url: "{others}simple/"}}
publish_to: {publish_to}
"""


@pytest.mark.parametrize(
    ("publish_to", "told"),
    [("[company, others]", {"company": False, "others": False}), ("company", {"company": True, "others": False})],
)
def test_a_login_without_the_name_of_an_index_goes_to_no_other_job_of_the_matrix(
    tmp_path: Path, repository: Repository, publish_to: str, told: dict[str, bool]
) -> None:
    three_packages(repository)
    with scripted_index() as company, scripted_index() as others:
        text = _TWO_SERVERS.format(company=company.url, others=others.url, publish_to=publish_to)
        repository.write({".paa.config": text})
        repository.commit("To two servers")
        job = tmp_path / "job"
        both = ("--index", "company", "--index", "others")
        done(paa(repository.path, "plan", "--output", str(job / "plan.json"), *both))
        dist = str(job / "dist")
        done(paa(repository.path, "make-package", "--plan", str(job / "plan.json"), "--dist", dist))
        done(paa(repository.path, "check", "--dist", dist))
        os.environ |= {"TWINE_USERNAME": "company-user", "TWINE_PASSWORD": "company-password"}
        for name, server in (("company", company), ("others", others)):
            done(publish(job, "--index", name))
            assert len(server.files) == 6
            assert any("Authorization" in request.headers for request in server.seen) is told[name]

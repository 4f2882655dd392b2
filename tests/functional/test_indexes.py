"""``paa indexes``: what is configured, and configurations that real installers accept and that keep our names ours."""

import configparser
import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from paa.publish.static_index import add_file
from tests.distributions import pack_wheel
from tests.functional.command_line import paa, paa_process
from tests.repository import Repository

CONFIG = """\
indexes:
  shelf: {kind: directory, path: ../shelf}
  lab: {kind: gitlab, project: acme/tools, group: 7}
  team-a: {kind: generic, upload_url: "https://h.example/up/", simple_url: "https://h.example/simple/"}
  branches: {kind: git}
publish_to: shelf
prereleases_to: [shelf, lab]
"""
FEED = "feed_name: data\norganization: contoso\nproject_guid: 11111111-2222-3333-4444-555555555555\n"
SECRET = "hunter2-token"


@pytest.fixture
def ours(repository: Repository) -> Repository:
    """Two packages, of which one needs the other."""
    repository.write(
        {
            ".paa.config": CONFIG,
            ".azure/feeds/data.yml": FEED,
            "python_modules/acme_base.py": '"""Base."""\n\nVALUE = 1\n',
            "python_modules/acme_tool.py": '"""Tool."""\n\nimport acme_base\n\nVALUE = acme_base.VALUE\n',
        }
    )
    repository.commit("begin")
    return repository


@pytest.fixture
def public(tmp_path: Path) -> str:
    """A public index, on which somebody has taken our names, with higher versions."""
    for name in ("acme-base", "acme-tool"):
        wheel = f"{name.replace('-', '_')}-99.0-py3-none-any.whl"
        add_file(tmp_path / "public", name, wheel, pack_wheel(name, "99.0", [f"{name.replace('-', '_')}.py"]))
    return (tmp_path / "public" / "simple").as_uri() + "/"


def test_it_lists_what_is_configured_and_asks_nobody(ours: Repository) -> None:
    done = paa(ours.path, "indexes")
    assert done.code == 0, done.text
    assert "shelf (directory): releases and pre-releases go there" in done.out
    assert "lab (gitlab): pre-releases go there" in done.out
    assert "https://gitlab.com/api/v4/projects/acme%2Ftools/packages/pypi" in done.out
    assert "data (azure)" in done.out
    assert "dist/{package}" in done.out
    assert "testpypi (testpypi)" in done.out


def test_json_tells_addresses_and_where_credentials_come_from(ours: Repository) -> None:
    os.environ |= {"PAA_TEAM_A_PASSWORD": SECRET, "SYSTEM_ACCESSTOKEN": SECRET, "TWINE_PASSWORD": SECRET}
    done = paa(ours.path, "indexes", "team-a", "data", "lab", "shelf", "--json")
    assert done.code == 0, done.text
    assert SECRET not in done.text
    listed = {item["name"]: item for item in done.json["indexes"]}
    assert {name: item.get("credentials") for name, item in listed.items()} == {
        "team-a": "PAA_TEAM_A_PASSWORD",
        "data": "SYSTEM_ACCESSTOKEN",
        "lab": None,
        "shelf": None,
    }
    assert listed["data"]["simple_url"] == (
        "https://pkgs.dev.azure.com/contoso/11111111-2222-3333-4444-555555555555/_packaging/data/pypi/simple/"
    )
    assert listed["lab"]["install_url"] == "https://gitlab.com/api/v4/groups/7/-/packages/pypi/simple/"
    assert [listed["shelf"][key] for key in ("publish", "prereleases")] == [True, True]


KEYRING = """\
import keyring.backend
import keyring.credentials
import keyring.errors


class Keyring(keyring.backend.KeyringBackend):
    priority = 1

    def get_password(self, service, username):
        return None

    def set_password(self, service, username, password):
        raise NotImplementedError

    def get_credential(self, service, username):
        if LOCKED:
            raise keyring.errors.KeyringLocked(service)
        if service == "https://h.example/up/":
            return keyring.credentials.SimpleCredential("me", "hunter2-token")


"""


@pytest.mark.parametrize(("locked", "source"), [(False, "keyring"), (True, "none found")])
def test_keyring_is_asked_for_the_upload_address(
    ours: Repository, tmp_path: Path, *, locked: bool, source: str
) -> None:
    (tmp_path / "sample_keyring.py").write_text(f"{KEYRING}LOCKED = {locked}\n", encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), os.environ.get("PYTHONPATH", "")))
    variables = {"PYTHON_KEYRING_BACKEND": "sample_keyring.Keyring", "PYTHONPATH": path}
    done = paa_process(ours.path, "indexes", "team-a", "pypi", environment=variables)
    assert done.code == 0, done.text
    assert [line.split(maxsplit=1)[1] for line in done.out.splitlines() if "credentials" in line] == [
        source,
        "none found",
    ]
    assert SECRET not in done.text


def test_the_commit_and_the_disk_both_know_the_feeds(ours: Repository) -> None:
    assert paa(ours.path, "plan", "--offline", "--index", "data").code == 0
    ours.write({".azure/feeds/new.yml": FEED})
    assert paa(ours.path, "indexes", "new").code == 0
    done = paa(ours.path, "plan", "--offline", "--index", "new")
    assert done.code == 2
    assert "there is no index 'new'" in done.err


def test_a_feed_s_file_that_is_wrong_is_told_with_its_line(ours: Repository) -> None:
    ours.write({".azure/feeds/data.yml": "organization: contoso\nfeed_nam: x\n", ".azure/feeds/shelf.yml": FEED})
    done = paa(ours.path, "indexes")
    assert done.code == 2
    assert ".azure/feeds/data.yml:2: feed_nam: unknown key; did you mean 'feed_name'?" in done.err
    assert ".azure/feeds/shelf.yml:1: the index 'shelf' is there already, as 'shelf' in .paa.config, line 2" in done.err


def test_a_name_that_is_none_gets_a_proposal(ours: Repository) -> None:
    done = paa(ours.path, "indexes", "shlef")
    assert done.code == 2
    assert "there is no index 'shlef'; did you mean 'shelf'?" in done.err


def run(*arguments: str, folder: Path, **variables: str) -> str:
    done = subprocess.run(
        arguments,
        cwd=folder,
        env={**os.environ, "UV_PYTHON_DOWNLOADS": "never", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def uv_project(ours: Repository, folder: Path) -> Path:
    """A project of a user's that requires one of our packages, with what we tell for uv."""
    told = paa(ours.path, "indexes", "--install-with", "uv")
    assert told.code == 0, told.text
    folder.mkdir()
    head = (
        f'[project]\nname = "user"\nversion = "0"\nrequires-python = ">={sys.version_info[0]}.{sys.version_info[1]}"\n'
    )
    (folder / "pyproject.toml").write_text(f'{head}dependencies = ["acme-tool"]\n\n{told.out}', encoding="utf-8")
    return folder


def test_uv_takes_our_names_from_our_index_alone(ours: Repository, public: str, tmp_path: Path) -> None:
    """Also what one of our packages requires of the others, which uv binds only where the project names it."""
    assert paa(ours.path, "release").code == 0
    project = uv_project(ours, tmp_path / "project")
    uv = (sys.executable, "-m", "uv")
    run(*uv, "sync", "--python", sys.executable, folder=project, UV_DEFAULT_INDEX=public)
    lock = tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))
    versions = {package["name"]: package["version"] for package in lock["package"]}
    assert versions == {"acme-base": "0.0.1", "acme-tool": "0.0.1", "user": "0"}
    installed = run(*uv, "pip", "freeze", "--python", str(project / ".venv"), folder=project)
    assert installed.split() == ["acme-base==0.0.1", "acme-tool==0.0.1"]


def test_pip_is_told_of_one_index_and_warned_of_two(ours: Repository, public: str, tmp_path: Path) -> None:
    assert paa(ours.path, "release").code == 0
    told = paa(ours.path, "indexes", "--install-with", "pip").out.splitlines()
    (command,) = [line for line in told if not line.startswith("#") and line]
    assert shlex.split(command)[:3] == ["pip", "install", "--index-url"]
    assert [line for line in told if "--extra-index-url file:" in line] == [told[-1]]
    assert told[-1].startswith("# pip install --extra-index-url")
    assert any("WARNING" in line for line in told)
    pip = (sys.executable, "-m", "pip", *shlex.split(command)[1:], "--target", str(tmp_path / "target"), "--quiet")
    run(*pip, folder=tmp_path, PIP_CONFIG_FILE=os.devnull)
    found = sorted(path.name for path in (tmp_path / "target").glob("*.dist-info"))
    assert found == ["acme_base-0.0.1.dist-info", "acme_tool-0.0.1.dist-info"]
    # The door that the warning is about is real.
    door = (sys.executable, "-m", "pip", *shlex.split(told[-1])[2:], "--index-url", public, "--dry-run", "--quiet")
    report = run(*door, "--report", "-", "--target", str(tmp_path / "other"), folder=tmp_path)
    assert '"99.0"' in report


def test_poetry_s_configuration_binds_every_name(ours: Repository) -> None:
    text = paa(ours.path, "indexes", "team-a", "--install-with", "poetry").out
    poetry = tomllib.loads(text)["tool"]["poetry"]
    assert poetry["source"] == [{"name": "team-a", "url": "https://h.example/simple/", "priority": "explicit"}]
    assert poetry["group"]["team-a"] == {
        "optional": True,
        "dependencies": {
            "acme-base": {"version": "*", "source": "team-a"},
            "acme-tool": {"version": "*", "source": "team-a"},
        },
    }
    assert "POETRY_HTTP_BASIC_TEAM_A_USERNAME" in text


def test_twine_s_configuration_has_no_password(ours: Repository) -> None:
    os.environ["PAA_LAB_PASSWORD"] = SECRET
    text = paa(ours.path, "indexes", "lab", "--install-with", "twine").out
    parsed = configparser.RawConfigParser()
    parsed.read_string(text)
    assert parsed["distutils"]["index-servers"].split() == ["lab"]
    assert dict(parsed["lab"]) == {
        "repository": "https://gitlab.com/api/v4/projects/acme%2Ftools/packages/pypi",
        "username": "__token__",
    }
    assert SECRET not in text


def test_git_branches_are_bound_by_name_too(ours: Repository, public: str, tmp_path: Path) -> None:
    bare = tmp_path / "remote.git"
    ours.git("init", "--quiet", "--bare", str(bare))
    ours.git("remote", "add", "origin", str(bare))
    ours.write({".paa.config": CONFIG.replace("publish_to: shelf", "publish_to: branches")})
    ours.commit("publish to branches")
    ours.git("push", "--quiet", "origin", "main")
    done = paa(ours.path, "release")
    assert done.code == 0, done.text
    project = uv_project(ours, tmp_path / "project")
    run(sys.executable, "-m", "uv", "lock", "--python", sys.executable, folder=project, UV_DEFAULT_INDEX=public)
    lock = tomllib.loads((project / "uv.lock").read_text(encoding="utf-8"))
    sources = {package["name"]: package["source"] for package in lock["package"] if package["name"] != "user"}
    assert {name: "git" in source for name, source in sources.items()} == {"acme-base": True, "acme-tool": True}
    poetry = tomllib.loads(paa(ours.path, "indexes", "--install-with", "poetry").out)["tool"]["poetry"]
    assert poetry["group"]["branches"]["dependencies"]["acme-tool"] == {
        "git": bare.as_uri(),
        "branch": "dist/acme_tool",
    }
    pip = shlex.split(paa(ours.path, "indexes", "--install-with", "pip").out.splitlines()[-1])
    assert pip[2:] == [f"{n.replace('_', '-')} @ git+{bare.as_uri()}@dist/{n}" for n in ("acme_base", "acme_tool")]


@pytest.mark.parametrize(
    ("index", "installer", "said"),
    [
        ("branches", "twine", "an index of kind git takes no uploads from twine"),
        ("branches", "uv", "there is no remote 'origin' to install from"),
        ("shelf", "twine", "an index of kind directory takes no uploads from twine"),
    ],
)
def test_what_can_not_be_told_is_an_error_with_a_way_out(
    ours: Repository, index: str, installer: str, said: str
) -> None:
    if installer == "twine":
        ours.git("remote", "add", "origin", "https://git.example/x.git")
    done = paa(ours.path, "indexes", index, "--install-with", installer)
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize(("installer", "said"), [("pip", "pip install"), ("uv", "uv add"), ("poetry", "poetry add")])
def test_pypi_needs_no_configuration(ours: Repository, installer: str, said: str) -> None:
    assert paa(ours.path, "indexes", "pypi", "--install-with", installer).out == f"{said} acme-base acme-tool\n"
    assert "pypi" not in paa(ours.path, "indexes", "pypi", "--install-with", installer).err


def test_json_holds_the_text_too(ours: Repository) -> None:
    told = paa(ours.path, "indexes", "team-a", "--install-with", "uv", "--json").json["install_with"]
    assert (told["installer"], told["index"]) == ("uv", "team-a")
    assert tomllib.loads(told["text"])["tool"]["uv"]["index"][0]["explicit"] is True

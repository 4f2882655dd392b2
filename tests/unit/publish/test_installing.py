"""What installers are told is right also for names and addresses that look like something else."""

import tomllib
from pathlib import Path

import pytest

from paa.errors import UsageError
from paa.model import Index, IndexKind
from paa.publish.installing import Installer, configuration, place_of
from paa.publish.targets import resolve_index

NAMES = ("acme.tool", "Acme_Base", "1up")
TRICKY = Index(
    name="team-a",
    kind=IndexKind.GENERIC,
    upload_url="https://h.example/up/",
    simple_url="https://h.example/a;touch$(x)'/sïmple/\U0001f4e6/",
)


@pytest.mark.parametrize("installer", [Installer.UV, Installer.POETRY])
def test_a_dot_in_a_name_begins_no_table(installer: Installer) -> None:
    tool = tomllib.loads(configuration(installer, place_of(TRICKY, ""), NAMES))["tool"]
    if installer is Installer.UV:
        assert tool["uv"]["index"][0]["url"] == TRICKY.simple_url
        assert tool["uv"]["sources"] == {name: {"index": "team-a"} for name in NAMES}
    else:
        assert tool["poetry"]["source"][0]["url"] == TRICKY.simple_url
        assert tool["poetry"]["group"]["team-a"]["dependencies"].keys() == set(NAMES)


def test_uv_s_group_names_every_package() -> None:
    told = tomllib.loads(configuration(Installer.UV, place_of(TRICKY, ""), NAMES))
    assert told["dependency-groups"] == {"team-a": sorted(NAMES)}
    assert told["tool"]["uv"]["index"][0]["explicit"] is True


def test_an_address_can_not_leave_the_command_it_stands_in() -> None:
    text = configuration(Installer.PIP, place_of(TRICKY, ""), NAMES)
    assert "'https://h.example/a;touch$(x)'\"'\"'/sïmple/" in text


def test_a_folder_is_an_address(tmp_path: Path) -> None:
    folder = tmp_path / "my index"
    place = place_of(Index(name="x", kind=IndexKind.DIRECTORY, path=folder), "")
    assert place.url == f"{folder.as_uri()}/simple/"
    assert " " not in place.url
    with pytest.raises(UsageError, match="takes no uploads from twine"):
        configuration(Installer.TWINE, place, NAMES)


@pytest.mark.parametrize("installer", list(Installer))
def test_installers_go_to_the_group_and_uploads_to_the_project(installer: Installer) -> None:
    index = resolve_index(Index(name="lab", kind=IndexKind.GITLAB, host="h.example", project="1", group="2"))
    text = configuration(installer, place_of(index, "__token__"), NAMES)
    assert ("/groups/2/-/packages/pypi/simple/" in text) is (installer is not Installer.TWINE)
    assert ("/projects/1/packages/pypi" in text) is (installer is Installer.TWINE)


def test_a_mirror_of_pypi_is_an_index_like_others() -> None:
    mirror = resolve_index(Index(name="pypi", kind=IndexKind.PYPI, simple_url="https://mirror.example/simple/"))
    assert "explicit = true" in configuration(Installer.UV, place_of(mirror, ""), NAMES)
    original = resolve_index(Index(name="pypi", kind=IndexKind.PYPI))
    assert configuration(Installer.UV, place_of(original, ""), NAMES) == "uv add 1up Acme_Base acme.tool\n"


def test_without_packages_there_is_still_a_configuration() -> None:
    for installer in (Installer.UV, Installer.POETRY):
        tomllib.loads(configuration(installer, place_of(TRICKY, ""), ()))

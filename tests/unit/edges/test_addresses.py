"""Addresses of repositories and indexes."""

from pathlib import Path

import pytest

from paa.edges.addresses import clone_url, file_url, text_without_user_info, web_url, without_user_info


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:hunter2@index.example.org:8080/simple/?token=x#y", "https://index.example.org:8080/simple/"),
        ("https://a@b@index.example.org/", "https://index.example.org/"),
        ("http://[bad", "<malformed URL>"),
    ],
)
def test_addresses_are_shown_without_secrets(url: str, shown: str) -> None:
    assert without_user_info(url) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("fatal: https://user:token@host/x.git/ not found", "fatal: https://host/x.git/ not found"),
        ("https://a/b\nhttps://user:p@ss@host/x", "https://a/b\nhttps://host/x"),
        ("'ssh://git@host:22/x'", "'ssh://host:22/x'"),
        ("(http://t0ken@host), mail a@b.org", "(http://host), mail a@b.org"),
        ("https://host/a@b", "https://host/a@b"),
        ("nothing", "nothing"),
    ],
)
def test_user_info_is_left_out_of_every_url(text: str, shown: str) -> None:
    assert text_without_user_info(text) == shown


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://user:token@example.org/group/tools.git", "https://example.org/group/tools"),
        ("https://example.org/group/tools/", "https://example.org/group/tools"),
        ("git@example.org:group/tools.git", "https://example.org/group/tools"),
        ("ssh://git@example.org:2222/group/tools.git", "https://example.org/group/tools"),
        ("git://example.org/tools", "https://example.org/tools"),
        ("https://user@example.org:8443/tools.git", "https://example.org:8443/tools"),
        ("http://example.org:3000/tools", "http://example.org:3000/tools"),
        ("git@ssh.dev.azure.com:v3/contoso/platform/tools", "https://dev.azure.com/contoso/platform/_git/tools"),
        ("https://contoso@dev.azure.com/contoso/p/_git/tools", "https://dev.azure.com/contoso/p/_git/tools"),
        ("https://[x", None),
        ("https://example.org:port/x", None),
        ("/srv/git/tools.git", None),
        ("../tools.git", None),
        ("file:///srv/git/tools.git", None),
        ("C:\\git\\tools", None),
        ("https://", None),
        ("", None),
    ],
)
def test_the_web_address_of_a_remote(url: str, address: str | None) -> None:
    assert web_url(url) == address


@pytest.mark.parametrize(
    ("repository", "page", "content"),
    [
        ("https://github.com/me/x", "/blob/v1%2B2/a%20b/c.png", "/raw/v1%2B2/a%20b/c.png"),
        ("https://github.example.org/me/x", "/blob/v1%2B2/a%20b/c.png", "/raw/v1%2B2/a%20b/c.png"),
        ("https://gitlab.com/group/sub/x", "/-/blob/v1%2B2/a%20b/c.png", "/-/raw/v1%2B2/a%20b/c.png"),
        ("https://bitbucket.org/me/x", "/src/v1%2B2/a%20b/c.png", "/raw/v1%2B2/a%20b/c.png"),
        ("https://codeberg.org/me/x", "/src/tag/v1%2B2/a%20b/c.png", "/raw/tag/v1%2B2/a%20b/c.png"),
        ("https://dev.azure.com/o/p/_git/x", "?path=/a%20b/c.png&version=GTv1%2B2", None),
        ("https://code.example.org/me/x", None, None),
        ("file:///srv/x", None, None),
    ],
)
def test_a_file_can_be_seen_as_its_host_shows_it(repository: str, page: str | None, content: str | None) -> None:
    for raw, expected in ((False, page), (True, content)):
        found = file_url(repository, "a b/c.png", "v1+2", raw=raw)
        assert found == (None if expected is None else f"{repository}{expected}")


def test_an_address_of_a_file_shows_no_secrets() -> None:
    found = file_url("https://me:hunter2@github.com/me/x.git", "a.md", "v1", raw=False)
    assert found == "https://github.com/me/x/blob/v1/a.md"


def test_github_serves_svg_as_a_picture_only_when_it_may_clean_it() -> None:
    base = "https://github.com/me/x"
    assert file_url(base, "a.SVG", "v1", raw=True) == f"{base}/raw/v1/a.SVG?sanitize=true"
    assert file_url(base, "a.SVG", "v1", raw=False) == f"{base}/blob/v1/a.SVG"


@pytest.mark.parametrize(
    ("remote", "url"),
    [
        ("git@h.example:acme/tools.git", "ssh://git@h.example/acme/tools.git"),
        ("ssh://git@h.example:22/acme/tools", "ssh://git@h.example:22/acme/tools"),
        ("ssh://git:hunter2@h.example/x", "ssh://git@h.example/x"),
        ("https://me:hunter2@h.example/x.git", "https://h.example/x.git"),
        ("https://hunter2@h.example/x@y", "https://h.example/x@y"),
        ("file:///srv/x.git", "file:///srv/x.git"),
        ("/srv/x y.git", "file:///srv/x%20y.git"),
        ("../x.git", "file:///nowhere/x.git"),
    ],
)
def test_where_a_repository_is_cloned_from(remote: str, url: str) -> None:
    assert clone_url(remote, Path("/nowhere/root")) == url

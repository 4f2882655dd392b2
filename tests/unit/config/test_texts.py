"""Texts with a grammar of their own: addresses and tag formats."""

import pytest

from tests.unit.config.reading import faults, read


@pytest.mark.parametrize("key", ["docs_url", "source_repo_url", "gh_pages_base_url"])
def test_addresses(key: str) -> None:
    for url in ("https://example.org", "http://[::1]:8080/a?b=c#d", "https://example.org/@someone/x"):
        assert getattr(read(f"{key}: {url}"), key) == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://user:hunter2@example.org/", "has user info before '@', which would be published; remove it"),
        ("https://hunter2@example.org/", "has user info before '@', which would be published; remove it"),
        ("https://user:hun/ter2@example.org/", "is not an http or https address"),
        ("git@example.org:a/b.git", "is not an http or https address"),
        ("ftp://example.org", "is not an http or https address"),
        ("javascript:hunter2()", "is not an http or https address"),
        ("example.org", "is not an http or https address"),
        ("https://", "is not an http or https address"),
        ("https://a b", "is not an http or https address"),
        ("https:\\\\example.org", "is not an http or https address"),
        ("https://example.org:99999/", "is not an http or https address"),
    ],
)
def test_not_an_address(url: str, said: str) -> None:
    assert faults(f"docs_url: '{url}'") == (f"1: docs_url: the address {said}",)


@pytest.mark.parametrize(
    ("url", "read_as"),
    [
        ("https://org@dev.azure.com/org/platform/_git/tools", "https://dev.azure.com/org/platform/_git/tools"),
        ("https://ghp_token@example.org:8443/a?b=c@d", "https://example.org:8443/a?b=c@d"),
        ("https://org@[::1]/x", "https://[::1]/x"),
    ],
)
def test_the_user_name_in_the_address_of_a_repository_is_left_out(url: str, read_as: str) -> None:
    assert read(f"source_repo_url: {url}").source_repo_url == read_as


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://user:hunter2@example.org/", "has a password before '@'; remove it, and make it invalid"),
        ("https://:hunter2@example.org/", "has a password before '@'; remove it, and make it invalid"),
        ("https://a@b@example.org/", "is not an http or https address"),
        ("https://@example.org/", "is not an http or https address"),
        ("git@example.org:a/b.git", "is not an http or https address"),
        ("file://me@example.org/", "is not an http or https address"),
    ],
)
def test_not_the_address_of_a_repository(url: str, said: str) -> None:
    assert faults(f"source_repo_url: '{url}'") == (f"1: source_repo_url: the address {said}",)


@pytest.mark.parametrize(
    "text", ["v{version}", "{package}/{version}", "{package}@{version}", "release-{package}+{version}"]
)
def test_tag_formats(text: str) -> None:
    assert read(f"tag_format: '{text}'").tag_format == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{package}", "lacks {version}"),
        ("v1", "lacks {version}"),
        ("{version}-{commit}", "may have {package} and {version} in braces, and nothing else"),
        ("{package.__class__}{version}", "may have {package} and {version} in braces, and nothing else"),
        ("{version!r}", "may have {package} and {version} in braces, and nothing else"),
        ("{version:>10}", "may have {package} and {version} in braces, and nothing else"),
        ("{}{version}", "may have {package} and {version} in braces, and nothing else"),
        ("{{version}}", "may have {package} and {version} in braces, and nothing else"),
        ("{version", "may have {package} and {version} in braces, and nothing else"),
        ("{package} {version}", "has a character that no Git tag can have"),
        ("{package}:{version}", "has a character that no Git tag can have"),
        ("-{version}", "is no name for a Git tag: '/', '.' or '-' in the wrong place"),
        ("{package}..{version}", "is no name for a Git tag: '/', '.' or '-' in the wrong place"),
        ("{version}.lock", "is no name for a Git tag: a part ends with '.lock'"),
    ],
)
def test_not_tag_formats(text: str, said: str) -> None:
    (fault,) = faults(f"tag_format: '{text}'")
    assert fault == f"1: tag_format: '{text}' {said}"

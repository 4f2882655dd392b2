import pytest

from paa.plan.links import change_link, commit_link

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("repository", "link"),
    [
        ("https://github.com/o/r", f"https://github.com/o/r/commit/{SHA}"),
        ("https://github.com/o/r.git/", f"https://github.com/o/r/commit/{SHA}"),
        ("https://gitlab.com/g/sub/r", f"https://gitlab.com/g/sub/r/-/commit/{SHA}"),
        ("https://gitlab.example.org:8443/g/r", f"https://gitlab.example.org:8443/g/r/-/commit/{SHA}"),
        ("https://dev.azure.com/org/project/_git/r", f"https://dev.azure.com/org/project/_git/r/commit/{SHA}"),
        (
            "https://org.visualstudio.com/my%20team/_git/r",
            f"https://org.visualstudio.com/my%20team/_git/r/commit/{SHA}",
        ),
        ("https://ssh.dev.azure.com/v3/org/team/r", f"https://dev.azure.com/org/team/_git/r/commit/{SHA}"),
        ("https://bitbucket.org/o/r", f"https://bitbucket.org/o/r/commits/{SHA}"),
        ("http://forge.example.org/o/r", f"http://forge.example.org/o/r/commit/{SHA}"),
        ("https://user:secret@github.com/o/r?token=secret#secret", f"https://github.com/o/r/commit/{SHA}"),
        ("https://github.com/o/r)(x", f"https://github.com/o/r%29%28x/commit/{SHA}"),
    ],
)
def test_commits_have_a_page_on_each_host(repository: str, link: str) -> None:
    assert commit_link(repository, SHA) == link


@pytest.mark.parametrize(
    "repository",
    [
        "",
        "../repository",
        "/srv/git/r",
        "file:///srv/git/r",
        "git@github.com:o/r.git",
        "ssh://git@github.com/o/r",
        "javascript://github.com/o/r",
        "https://",
        "https://github.com",
        "https://[::1",
        "https://host:port/o/r",
        "https://exa mple.org/o/r",
        "https://github.com/o/r%0Ax",
    ],
)
def test_what_is_no_web_address_of_a_repository_gives_no_link(repository: str) -> None:
    assert commit_link(repository, SHA) is None
    assert change_link(repository, "#1") is None


@pytest.mark.parametrize("sha", ["", "HEAD", "../x", SHA.upper(), "0123456) [x](y"])
def test_what_is_no_hash_gives_no_link(sha: str) -> None:
    assert commit_link("https://github.com/o/r", sha) is None


@pytest.mark.parametrize(
    ("repository", "reference", "link"),
    [
        ("https://github.com/o/r", "#12", "https://github.com/o/r/pull/12"),
        ("https://github.com/o/r", "!12", None),
        ("https://gitlab.com/g/r", "!12", "https://gitlab.com/g/r/-/merge_requests/12"),
        ("https://gitlab.com/g/r", "#12", "https://gitlab.com/g/r/-/issues/12"),
        ("https://dev.azure.com/o/p/_git/r", "!12", "https://dev.azure.com/o/p/_git/r/pullrequest/12"),
        ("https://dev.azure.com/o/p/_git/r", "#12", None),
        ("https://bitbucket.org/o/r", "#12", "https://bitbucket.org/o/r/pull-requests/12"),
        ("https://github.com/o/r", "12", None),
        ("https://github.com/o/r", "#12x", None),
    ],
)
def test_changes_have_a_page_where_the_host_knows_the_sign(repository: str, reference: str, link: str | None) -> None:
    assert change_link(repository, reference) == link

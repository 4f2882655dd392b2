"""Indexes and the keys that name them."""

from pathlib import Path

import pytest

from paa.config.indexes import environment_prefix
from paa.model import Index, IndexKind
from tests.unit.config.reading import NOWHERE, error, faults, read

KINDS = (
    "pypi, testpypi, azure, gitlab, codeartifact, google, artifactory, nexus, cloudsmith, gemfury, devpi, pypiserver, "
    "generic, directory, github-pages, git"
)
URLS = "upload_url: https://h/up/, simple_url: https://h/simple/"


def test_pypi_and_testpypi_need_no_entry() -> None:
    config = read("publish_to: testpypi\nprereleases_to: [pypi]\n")
    assert config.publish_to == ("testpypi",)
    assert config.prereleases_to == ("pypi",)
    assert config.indexes == {
        "pypi": Index(name="pypi", kind=IndexKind.PYPI),
        "testpypi": Index(name="testpypi", kind=IndexKind.TESTPYPI),
    }


def test_prereleases_go_where_releases_go_unless_told_otherwise() -> None:
    assert read("publish_to: [testpypi, pypi]").prereleases_to == ("testpypi", "pypi")


def test_a_folder_may_lie_outside_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    for text, path in (
        ("../index", tmp_path / "index"),
        ("dist/index/", root / "dist/index"),
        ("/srv/i", Path("/srv/i")),
    ):
        config = read(f"indexes: {{local: {{kind: directory, path: {text}}}}}\npublish_to: local\n", root)
        assert config.indexes["local"] == Index(name="local", kind=IndexKind.DIRECTORY, path=path)
        assert config.publish_to == ("local",)


@pytest.mark.parametrize("kind", ["pypiserver", "devpi", "generic"])
def test_servers_have_both_addresses(kind: str) -> None:
    index = read(f"indexes: {{company: {{kind: {kind}, {URLS}}}}}").indexes["company"]
    assert index == Index(
        name="company",
        kind=IndexKind(kind),
        upload_url="https://h/up/",
        simple_url="https://h/simple/",
    )


def test_a_server_of_no_known_kind_needs_both_addresses() -> None:
    assert faults("indexes:\n  company: {kind: generic, upload_url: ''}\n") == (
        "2: indexes.company: kind 'generic' needs 'simple_url'",
        "2: indexes.company: kind 'generic' needs 'upload_url'",
    )
    assert faults("indexes: {company: {kind: devpi}}") == ("1: indexes.company: kind 'devpi' needs 'upload_url'",)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("kind: azure, organization: contoso, project: My Platform, feed: data", {"project": "My Platform"}),
        ("kind: azure, organization: contoso, feed: data.1", {"feed": "data.1"}),
        ("kind: gitlab, project: 42", {"project": "42", "host": "gitlab.com"}),
        (
            "kind: gitlab, host: 'git.example.org:8443', project: a/b.c/d, group: 7",
            {"host": "git.example.org:8443", "project": "a/b.c/d", "group": "7"},
        ),
        (
            "kind: codeartifact, domain: acme, owner: 012345670123, region: eu-west-1, repository: py",
            {"owner": "012345670123"},
        ),
        ("kind: codeartifact, domain: acme, owner: '123456789012', region: us, repository: py", {"domain": "acme"}),
        ("kind: google, project: my-project, location: europe-west1, repository: py", {"location": "europe-west1"}),
        ("kind: artifactory, url: 'https://h/artifactory', repository: py-local", {"url": "https://h/artifactory"}),
        ("kind: nexus, url: 'https://h', repository: py, group: all", {"group": "all"}),
        ("kind: cloudsmith, owner: acme, repository: py", {"owner": "acme"}),
        ("kind: gemfury, account: acme", {"account": "acme"}),
        ("kind: github-pages, url: 'https://acme.github.io/x'", {"branch": "gh-pages", "root": NOWHERE}),
        ("kind: github-pages, url: 'https://h/x', branch: site, remote: up", {"branch": "site", "remote": "up"}),
        ("kind: git", {"branch": "dist/{package}", "root": NOWHERE}),
        ("kind: git, branch: 'x/{package}/y', remote: 'ssh://git@h/x.git'", {"remote": "ssh://git@h/x.git"}),
    ],
)
def test_every_kind_has_keys_of_its_own(entry: str, expected: dict[str, object]) -> None:
    index = read(f"indexes: {{a: {{{entry}}}}}").indexes["a"]
    assert {name: getattr(index, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("azure", ["feed", "organization"]),
        ("gitlab", ["project"]),
        ("codeartifact", ["domain", "owner", "region", "repository"]),
        ("google", ["location", "project", "repository"]),
        ("artifactory", ["repository", "url"]),
        ("nexus", ["repository", "url"]),
        ("cloudsmith", ["owner", "repository"]),
        ("gemfury", ["account"]),
        ("github-pages", ["url"]),
    ],
)
def test_what_a_kind_needs_is_named(kind: str, needed: list[str]) -> None:
    assert faults(f"indexes: {{a: {{kind: {kind}}}}}") == tuple(
        f"1: indexes.a: kind {kind!r} needs {name!r}" for name in needed
    )


@pytest.mark.parametrize("kind", ["azure", "gitlab", "google", "artifactory", "nexus", "cloudsmith", "gemfury"])
def test_both_addresses_make_the_other_keys_unneeded(kind: str) -> None:
    index = read(f"indexes: {{a: {{kind: {kind}, {URLS}}}}}").indexes["a"]
    assert index.upload_url == "https://h/up/"
    (fault, *_) = faults(f"indexes: {{a: {{kind: {kind}, upload_url: 'https://h/up/'}}}}")
    assert fault.startswith(f"1: indexes.a: kind '{kind}' needs")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("kind: azure, organisation: c, feed: f", "organisation: unknown key; did you mean 'organization'?"),
        ("kind: azure, organization: c, fead: f", "fead: unknown key; did you mean 'feed'?"),
        ("kind: azure, organization: c, feed: f, host: h", "host: kind 'azure' has no 'host'; remove it"),
        ("kind: azure, organization: ../c, feed: f", "organization: '../c' is not a name; letters, digits"),
        ("kind: azure, organization: c, feed: a/b", "feed: 'a/b' is not a name; letters, digits"),
        ("kind: azure, organization: c, feed: f, project: a/b", "project: 'a/b' is not the name of a project"),
        ("kind: azure, organization: c, feed: f, project: '..'", "project: '..' is not the name of a project"),
        ("kind: gitlab, project: a%2Fb", "project: 'a%2Fb' has a '%'; write the path as it is, with '/'"),
        ("kind: gitlab, project: a/../b", "project: 'a/../b' is neither a number nor a path such as 'group/project'"),
        ("kind: gitlab, project: 4.2", "project: found the number 4.2, expected a name, a path or a number; put it in"),
        ("kind: gitlab, project: 4, host: 'https://h'", "host: 'https://h' is an address; the name of a host is expe"),
        ("kind: gitlab, project: 4, host: 'me:pw@h'", "host: '…@h' is not the name of a host"),
        ("kind: google, project: a/b, location: l, repository: r", "project: 'a/b' is not a name; letters, digits"),
        ("kind: gemfury, account: acme, path: x", "path: kind 'gemfury' has no 'path'; remove it"),
        ("kind: github-pages, url: 'https://h', upload_url: 'https://h'", "upload_url: kind 'github-pages' has no"),
        ("kind: git, branch: dist", "branch: 'dist' lacks {package}"),
        ("kind: git, branch: '{package}/{version}'", "branch: '{package}/{version}' may have {package} in braces, and"),
        ("kind: git, branch: '-{package}'", "branch: '-{package}' is no name for a Git branch"),
        ("kind: git, branch: 'a..{package}'", "branch: 'a..{package}' is no name for a Git branch"),
        ("kind: github-pages, url: 'https://h', branch: 'a b'", "branch: 'a b' is no name for a Git branch"),
        ("kind: git, remote: '--upload-pack=x'", "remote: '--upload-pack=x' is neither the name of a remote nor"),
        ("kind: git, remote: 'ext::sh'", "remote: 'ext::sh' is neither the name of a remote nor"),
        ("kind: git, remote: 'https://hunter2@h/x'", "remote: '…@h/x' has a user name or a password before"),
        ("kind: git, remote: 'ssh://a:hunter2@h/x'", "remote: '…@h/x' has a user name or a password before"),
    ],
)
def test_what_is_wrong_in_a_kind_s_keys_is_named(entry: str, said: str) -> None:
    problem = error(f"indexes: {{a: {{{entry}}}}}")
    assert any(fault.startswith(f".paa.config:1: indexes.a.{said}") for fault in problem.faults), problem.faults
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize("owner", ["12345678901", "1234567890123", "acme"])
def test_an_aws_account_has_twelve_digits(owner: str) -> None:
    entry = f"kind: codeartifact, domain: d, owner: {owner}, region: r, repository: p"
    assert faults(f"indexes: {{a: {{{entry}}}}}") == (
        f"1: indexes.a.owner: {owner!r} is not the number of an AWS account, which has 12 digits",
    )


def test_addresses_can_be_overridden() -> None:
    config = read("indexes: {pypi: {kind: pypi, simple_url: http://mirror/simple/}, mine: {kind: testpypi}}")
    assert config.indexes["pypi"] == Index(name="pypi", kind=IndexKind.PYPI, simple_url="http://mirror/simple/")
    assert config.indexes["mine"] == Index(name="mine", kind=IndexKind.TESTPYPI)


@pytest.mark.parametrize(
    "url",
    [
        "https://user:hunter2@h/simple/",
        "https://hunter2@h/",
        "https://user:hun?hunter2@h/",
        "https://user:a/hunter2@h/",
        "user:hunter2@h",
        "//user:hunter2@h",
    ],
)
@pytest.mark.parametrize("key", ["upload_url", "simple_url"])
def test_a_secret_in_an_address_is_refused_and_not_repeated(url: str, key: str) -> None:
    problem = error(f"indexes: {{company: {{kind: pypi, {key}: '{url}'}}}}")
    assert "hunter2" not in str(problem)
    (fault,) = problem.faults
    assert fault.startswith(f".paa.config:1: indexes.company.{key}: the address has user info before '@'; remove it")
    assert "PAA_<NAME>_PASSWORD" in fault


@pytest.mark.parametrize(
    "place", ["publish_to: 'URL'", "indexes: {'URL': {kind: pypi}}", "'URL': x", "indexes: {a: 'URL'}"]
)
def test_a_secret_in_the_wrong_place_is_not_repeated(place: str) -> None:
    assert "hunter2" not in str(error(place.replace("URL", "https://user:hunter2@h/simple/")))


@pytest.mark.parametrize("name", ["username", "password", "token", "Password"])
def test_credentials_have_no_place_here(name: str) -> None:
    problem = error(f"indexes: {{my-index: {{kind: pypi, {name}: hunter2}}}}")
    (fault,) = problem.faults
    assert fault.startswith(f".paa.config:1: indexes.my-index.{name}: no place for credentials; ")
    assert fault.endswith("set the environment variables PAA_MY_INDEX_USERNAME and PAA_MY_INDEX_PASSWORD")
    assert "hunter2" not in str(problem)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://h/", "the address is not an http or https address"),
        ("h/simple", "the address is not an http or https address"),
        ("https://", "the address is not an http or https address"),
        ("file:///srv/index", "the address is not an http or https address"),
        ("https://h/?a=b", "the address has a query or a fragment, which an index's address can't have"),
        ("https://h/#a", "the address has a query or a fragment, which an index's address can't have"),
        ("https://h h/", "the address is not an http or https address"),
    ],
)
def test_addresses_that_are_none(url: str, said: str) -> None:
    assert faults(f"indexes: {{a: {{kind: pypi, upload_url: '{url}'}}}}") == (f"1: indexes.a.upload_url: {said}",)


@pytest.mark.parametrize("kind", ["generic", "nonsense", "github-packages"])
def test_credentials_are_told_whatever_else_is_wrong(kind: str) -> None:
    assert len(faults(f"indexes: {{a: {{kind: {kind}, upload_url: 'https://h/', token: x}}}}")) == 2


def test_github_packages_is_no_index() -> None:
    assert faults("indexes: {a: {kind: github-packages}}") == (
        (
            "1: indexes.a.kind: GitHub Packages serves no Python packages; use kind: git (for private packages), "
            "kind: github-pages (which is public), or another index"
        ),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{kind: pypisrever}", "indexes.a.kind: unknown kind 'pypisrever'; did you mean 'pypiserver'?"),
        ("{kind: PyPI}", "indexes.a.kind: unknown kind 'PyPI'; did you mean 'pypi'?"),
        ("{kind: azrue}", "indexes.a.kind: unknown kind 'azrue'; did you mean 'azure'?"),
        (
            "{kind: quux}",
            "indexes.a.kind: unknown kind 'quux'; known are " + KINDS,
        ),
        ("{kind: 1}", "indexes.a.kind: found the number 1, expected a kind of index; put it in quotes: '1'"),
        ("{kind: [pypi]}", "indexes.a.kind: found a list, expected a kind of index"),
        ("{}", "indexes.a: lacks 'kind', one of " + KINDS),
        ("{kind: ''}", "indexes.a: lacks 'kind', one of " + KINDS),
        ("pypi", "indexes.a: found the text 'pypi', expected a mapping with 'kind'"),
        ("", "indexes.a: found nothing, expected a mapping with 'kind'"),
        ("{kind: directory}", "indexes.a: kind 'directory' needs 'path'"),
        (
            "{kind: directory, path: x, simple_url: http://h}",
            "indexes.a.simple_url: kind 'directory' has no 'simple_url'; remove it",
        ),
        ("{kind: pypi, path: x}", "indexes.a.path: kind 'pypi' has no 'path'; remove it"),
        ("{kind: pypi, simpel_url: http://h}", "indexes.a.simpel_url: unknown key; did you mean 'simple_url'?"),
        ("{kind: pypi, kind: pypi}", "indexes.a.kind: given twice, first on line 1; keep one"),
        (
            "{kind: directory, path: .}",
            "indexes.a.path: '.' is the repository itself; an index needs a folder of its own",
        ),
        (
            "{kind: directory, path: x/..}",
            "indexes.a.path: 'x/..' is the repository itself; an index needs a folder of its own",
        ),
        (
            "{kind: directory, path: .git/x}",
            "indexes.a.path: '.git/x' is the repository itself; an index needs a folder of its own",
        ),
        (
            "{kind: directory, path: ~/x}",
            "indexes.a.path: '~/x' begins with '~', which is not expanded; write the path out",
        ),
        ("{kind: directory, path: 'file:///x'}", "indexes.a.path: 'file:///x' is a URL; a folder is expected"),
        ('{kind: directory, path: "a\\0b"}', "indexes.a.path: 'a\\x00b' has control characters"),
        ("{kind: directory, path: README.md}", "indexes.a.path: 'README.md' is a file; a folder is expected"),
        ("{kind: directory, path: README.md/x}", "indexes.a.path: 'README.md/x' leads through a file"),
    ],
)
def test_entries_that_are_wrong(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("hello")
    assert faults(f"indexes: {{a: {text}}}", tmp_path) == (f"1: {said}",)


@pytest.mark.parametrize("name", ["1", "-a", "a b", "a.b", "../a", "", "é", "a" * 65, "a/b", "$(id)"])
def test_names_of_indexes_that_are_wrong(name: str) -> None:
    (fault,) = faults(f"indexes: {{'{name}': {{kind: pypi}}}}")
    assert "begins or ends" in fault or "is empty" in fault or "is not a name for an index" in fault


def test_the_built_in_names_keep_their_kind() -> None:
    assert faults(f"indexes: {{pypi: {{kind: generic, {URLS}}}}}") == (
        "1: indexes.pypi.kind: the index 'pypi' is of kind 'pypi'; choose another name for one of kind 'generic'",
    )


def test_two_indexes_can_not_share_their_variables() -> None:
    assert environment_prefix("my-index") == environment_prefix("MY_index") == "PAA_MY_INDEX_"
    assert faults("indexes:\n  my-index: {kind: pypi}\n  my_index: {kind: pypi}\n") == (
        "3: indexes.my_index: shares PAA_MY_INDEX_… with 'my-index'; choose another name",
    )


def test_no_index_is_read_with_the_login_of_another() -> None:
    assert faults("indexes:\n  x: {kind: pypi}\n  x-read: {kind: pypi}\n") == (
        "2: indexes.x: shares PAA_X_READ_… with 'x-read'; rename one",
    )


@pytest.mark.parametrize("text", ["[pypi]", "pypi", "3"])
def test_indexes_are_a_mapping(text: str) -> None:
    (fault,) = faults(f"indexes: {text}")
    assert fault.endswith("expected a mapping of names to indexes")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("publish_to: compnay", "publish_to: there is no index 'compnay'; did you mean 'company'?"),
        ("publish_to: [company, xyz]", "publish_to[1]: there is no index 'xyz'; add it to indexes"),
        ("publish_to: []", "publish_to: the list is empty; name an index, or leave the key out"),
        ("publish_to: {a: b}", "publish_to: found a mapping, expected the name of an index"),
        ("publish_to: 3", "publish_to: found the number 3, expected the name of an index; put it in quotes: '3'"),
        ("publish_to: ['']", "publish_to[0]: there is no index ''; add it to indexes"),
        ("prereleases_to: [tetspypi]", "prereleases_to[0]: there is no index 'tetspypi'; did you mean 'testpypi'?"),
    ],
)
def test_names_that_stand_for_no_index(text: str, said: str) -> None:
    assert faults(f"indexes: {{company: {{kind: pypi}}}}\n{text}") == (f"2: {said}",)


def test_a_faulty_entry_is_not_also_called_missing() -> None:
    (fault,) = faults("publish_to: company\nindexes: {company: {kind: nonsense}}\n")
    assert fault.startswith("2: indexes.company.kind")


def test_names_count_once() -> None:
    assert read("publish_to: [pypi, testpypi, pypi]").publish_to == ("pypi", "testpypi")

"""What the entry of an index says, kind by kind: one line a kind, for the parser, the schema and the reference page."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from paa.config.rules import (
    ACCOUNT_NUMBER,
    BRANCH,
    BRANCHES,
    GITLAB_PATH,
    HOST,
    INDEX_PATH,
    INDEX_URL,
    REMOTE,
    SEGMENT,
    SPACED_SEGMENT,
    Rule,
)
from paa.model import IndexKind


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexField:
    """One key of an index's entry. ``expected`` is what a message calls a right value.

    ``number`` says that a number without quotes is taken as it is written.
    """

    name: str
    rules: tuple[Rule, ...]
    expected: str
    documentation: str
    number: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFields:
    """The keys that the entry of an index of one kind has.

    ``needed`` must be there, unless both addresses are (``replaceable``). ``defaults`` are the values of optional keys
    that are not given. An index that is ``in_repository`` is pushed from this repository, and so knows its root.
    """

    kind: IndexKind
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    replaceable: bool = True
    in_repository: bool = False
    defaults: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return (*self.needed, *self.optional)


ADDRESSES = ("upload_url", "simple_url")

FIELDS = (
    IndexField(
        name="path",
        rules=INDEX_PATH,
        expected="a path",
        documentation="the folder of the index, relative to the root of the repository or absolute; it may lie outside",
    ),
    IndexField(
        name="upload_url",
        rules=INDEX_URL,
        expected="an http or https address",
        documentation="where distributions are uploaded to, as in `.pypirc`; http or https, no user name, password or "
        "query",
    ),
    IndexField(
        name="simple_url",
        rules=INDEX_URL,
        expected="an http or https address",
        documentation="where the Simple API begins, as for pip's `--index-url`; the same rules",
    ),
    IndexField(
        name="url",
        rules=INDEX_URL,
        expected="an http or https address",
        documentation="the address of the server (Artifactory and Nexus, with the path that they are installed under), "
        "or of the Pages; the same rules",
    ),
    IndexField(
        name="host",
        rules=HOST,
        expected="the name of a host",
        documentation="the host of the GitLab instance, with its port if it has one; `gitlab.com` if not given",
    ),
    IndexField(name="organization", rules=SEGMENT, expected="a name", documentation="the organization in Azure DevOps"),
    IndexField(
        name="project",
        rules=SPACED_SEGMENT,
        expected="a name, a path or a number",
        number=True,
        documentation="the project: in Azure DevOps its name or its GUID, for feeds that belong to one; in GitLab its "
        "number or its whole path (`group/project`); in Google Cloud its ID",
    ),
    IndexField(
        name="group",
        rules=GITLAB_PATH,
        expected="a name, a path or a number",
        number=True,
        documentation="GitLab: the group to install from, by number or path; Nexus: the group repository to install "
        "from. What is on the index is always asked where it is uploaded to",
    ),
    IndexField(name="feed", rules=SEGMENT, expected="a name", documentation="the feed in Azure Artifacts"),
    IndexField(name="domain", rules=SEGMENT, expected="a name", documentation="the domain in CodeArtifact"),
    IndexField(
        name="owner",
        rules=SEGMENT,
        expected="a name or a number",
        number=True,
        documentation="CodeArtifact: the number of the account that owns the domain (12 digits); Cloudsmith: the "
        "account or organization",
    ),
    IndexField(name="region", rules=SEGMENT, expected="a name", documentation="the region in AWS, such as `eu-west-1`"),
    IndexField(
        name="location",
        rules=SEGMENT,
        expected="a name",
        documentation="the location in Google Cloud, such as `europe-west1` or `us`",
    ),
    IndexField(name="repository", rules=SEGMENT, expected="a name", documentation="the repository on the server"),
    IndexField(name="account", rules=SEGMENT, expected="a name", documentation="the account in Gemfury"),
    IndexField(
        name="branch",
        rules=BRANCH,
        expected="the name of a branch",
        documentation="`github-pages`: the branch that is served, `gh-pages` if not given; `git`: the branch of each "
        "package, `dist/{package}` if not given",
    ),
    IndexField(
        name="remote",
        rules=REMOTE,
        expected="the name of a remote, or an address",
        documentation="the Git repository that the branch is pushed to: the name of a remote, or an address without "
        "user name and password; `origin` if not given",
    ),
)
FIELDS_BY_NAME: Mapping[str, IndexField] = MappingProxyType({field.name: field for field in FIELDS})

# What differs from the common rules of a key.
STRICTER: Mapping[tuple[IndexKind, str], tuple[Rule, ...]] = MappingProxyType(
    {
        (IndexKind.CODEARTIFACT, "owner"): ACCOUNT_NUMBER,
        (IndexKind.GITLAB, "project"): GITLAB_PATH,
        (IndexKind.GOOGLE, "project"): SEGMENT,
        (IndexKind.NEXUS, "group"): SEGMENT,
        (IndexKind.GIT, "branch"): BRANCHES,
    }
)

KINDS = (
    KindFields(kind=IndexKind.PYPI, optional=ADDRESSES),
    KindFields(kind=IndexKind.TESTPYPI, optional=ADDRESSES),
    KindFields(kind=IndexKind.AZURE, needed=("organization", "feed"), optional=("project", *ADDRESSES)),
    KindFields(
        kind=IndexKind.GITLAB,
        needed=("project",),
        optional=("host", "group", *ADDRESSES),
        defaults=(("host", "gitlab.com"),),
    ),
    # The others have addresses of their own choice; here the keys are also what the token is for.
    KindFields(
        kind=IndexKind.CODEARTIFACT,
        needed=("domain", "owner", "region", "repository"),
        optional=ADDRESSES,
        replaceable=False,
    ),
    KindFields(kind=IndexKind.GOOGLE, needed=("project", "location", "repository"), optional=ADDRESSES),
    KindFields(kind=IndexKind.ARTIFACTORY, needed=("url", "repository"), optional=ADDRESSES),
    KindFields(kind=IndexKind.NEXUS, needed=("url", "repository"), optional=("group", *ADDRESSES)),
    KindFields(kind=IndexKind.CLOUDSMITH, needed=("owner", "repository"), optional=ADDRESSES),
    KindFields(kind=IndexKind.GEMFURY, needed=("account",), optional=ADDRESSES),
    KindFields(kind=IndexKind.DEVPI, needed=("upload_url",), optional=("simple_url",)),
    KindFields(kind=IndexKind.PYPISERVER, needed=("upload_url",), optional=("simple_url",)),
    KindFields(kind=IndexKind.GENERIC, needed=ADDRESSES),
    KindFields(kind=IndexKind.DIRECTORY, needed=("path",), replaceable=False),
    KindFields(
        kind=IndexKind.GITHUB_PAGES,
        needed=("url",),
        optional=("branch", "remote"),
        replaceable=False,
        in_repository=True,
        defaults=(("branch", "gh-pages"),),
    ),
    KindFields(
        kind=IndexKind.GIT,
        optional=("branch", "remote"),
        replaceable=False,
        in_repository=True,
        defaults=(("branch", "dist/{package}"),),
    ),
)
KINDS_BY_NAME: Mapping[IndexKind, KindFields] = MappingProxyType({kind.kind: kind for kind in KINDS})


def rules_of(kind: IndexKind, field: str) -> tuple[Rule, ...]:
    """The rules that the value of ``field`` keeps to in an entry of that kind."""
    return STRICTER.get((kind, field), FIELDS_BY_NAME[field].rules)

"""Rules for texts, as patterns: the parser and the JSON Schema apply the very same ones.

The patterns keep to what Python's and ECMA-262's regular expressions have in common.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A text that matches ``pattern`` (or, when ``required``, doesn't) is wrong; ``message`` then follows the text."""

    pattern: str
    message: str
    required: bool = False


def broken(text: str, rules: tuple[Rule, ...]) -> Rule | None:
    """The first of ``rules`` that ``text`` breaks."""
    return next((rule for rule in rules if bool(re.search(rule.pattern, text)) is not rule.required), None)


def _any_case(word: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


def _one_of(*words: str) -> str:
    return "(?:" + "|".join(map(_any_case, words)) + ")"


MARKDOWN = (
    Rule(pattern=r"\S", message="is empty", required=True),
    Rule(pattern=r"[\x00-\x08\x0b-\x1f\x7f]", message="has control characters"),
)
TEXT = (
    Rule(pattern=r"\S", message="is empty", required=True),
    Rule(pattern=r"^\s|\s$", message="begins or ends with white space"),
    Rule(pattern=r"[\x00-\x1f\x7f]", message="has control characters"),
)
PATH = (
    *TEXT,
    Rule(
        pattern=r"^(?:/|[A-Za-z]:)",
        message="is absolute; paths are relative to the root of the repository",
    ),
    Rule(pattern=r"\\", message="has a backslash; folders are separated by '/'"),
    Rule(pattern=r"(?:^|/)\.\.(?:/|$)", message="has '..', which can leave the repository"),
    Rule(pattern=r"^~", message="begins with '~', which is not expanded"),
    Rule(pattern=r"^(?:\./+)*" + _any_case(".git") + r"(?:/|$)", message="is in Git's own folder"),
)
# The path of something in the repository (or in a package, or a site), and not the whole of it.
INNER_PATH = (*PATH, Rule(pattern=r"^(?:\./*)+$", message="is the whole folder; name something in it"))
INDEX_PATH = (
    *TEXT,
    Rule(pattern=r"^~", message="begins with '~', which is not expanded; write the path out"),
    Rule(pattern=r"^[A-Za-z][A-Za-z0-9+.-]+:/", message="is a URL; a folder is expected"),
)

# RFC 3986, without user info; a port is at most 65535.
_PORT = r"(?::(?:[0-9]{1,4}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))?"
_ORIGIN = r"^https?://(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:\[\]\\]+)" + _PORT
URL = (
    *TEXT,
    Rule(pattern=r"^[^/]*//[^/?#]*@", message="has user info before '@', which would be published; remove it"),
    Rule(pattern=_ORIGIN + r"(?:[/?#][^\s\\]*)?$", message="is not an http or https address", required=True),
)
# As Azure DevOps shows addresses for cloning: with the organisation as user name.
REPOSITORY_URL = (
    *TEXT,
    Rule(pattern=r"^[^/]*//[^/?#]*:[^/?#]*@", message="has a password before '@'; remove it, and make it invalid"),
    Rule(
        pattern=r"^https?://(?:[^\s/?#@:\[\]\\]+@)?" + _ORIGIN.removeprefix("^https?://") + r"(?:[/?#][^\s\\]*)?$",
        message="is not an http or https address",
        required=True,
    ),
)
INDEX_URL = (
    *TEXT,
    Rule(
        pattern="@",
        message="has user info before '@'; remove it and set the environment variables "
        "PAA_<NAME>_USERNAME and PAA_<NAME>_PASSWORD",
    ),
    Rule(pattern=r"[?#]", message="has a query or a fragment, which an index's address can't have"),
    Rule(pattern=_ORIGIN + r"(?:/[^\s\\]*)?$", message="is not an http or https address", required=True),
)

HOST = (
    *TEXT,
    Rule(pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:/|/", message="is an address; the name of a host is expected"),
    Rule(
        pattern=r"^(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?)" + _PORT + "$",
        message="is not the name of a host",
        required=True,
    ),
)
# What can stand between two slashes of an address as it is.
SEGMENT = (
    *TEXT,
    Rule(
        pattern=r"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$",
        message="is not a name; letters, digits, '.', '-' and '_', beginning with a letter or a digit",
        required=True,
    ),
)
# Projects of Azure DevOps have names with spaces.
SPACED_SEGMENT = (
    *TEXT,
    Rule(
        pattern=r"^[^\s._/\\?#%:*\"<>|@;&$+=,'{}\[\]~][^/\\?#%:*\"<>|@;&$+=,'{}\[\]~]*$",
        message="is not the name of a project",
        required=True,
    ),
)
GITLAB_PATH = (
    *TEXT,
    Rule(pattern=r"%", message="has a '%'; write the path as it is, with '/'"),
    Rule(
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$",
        message="is neither a number nor a path such as 'group/project'",
        required=True,
    ),
)
ACCOUNT_NUMBER = (
    *TEXT,
    Rule(pattern=r"^[0-9]{12}$", message="is not the number of an AWS account, which has 12 digits", required=True),
)
# git-check-ref-format(1); a leading '-' would be taken for an option.
BRANCH = (
    *TEXT,
    Rule(
        pattern=r"[\x00-\x20\x7f~^:?*\[\\{}]|@\{|^@$|^[-/.]|[/.]$|//|\.\.|/\.|\.lock(?:/|$)",
        message="is no name for a Git branch",
    ),
)
# A remote of Git, or the address of a repository; what begins with '-' would be taken for an option.
REMOTE = (
    *TEXT,
    Rule(
        pattern=r"^[^/]*//[^/?#@]*:[^/?#]*@|^[hH][tT][tT][pP][sS]?://[^/?#]*@",
        message="has a user name or a password before '@'; remove it, Git asks its credential helpers",
    ),
    Rule(pattern=r"^-|::|\s", message="is neither the name of a remote nor the address of a repository"),
)
# The field stands for a text that begins and ends with a letter or a digit.
BRANCHES = (
    *TEXT,
    Rule(
        pattern=r"^(?:[^{}]|\{package\})*$",
        message="may have {package} in braces, and nothing else",
        required=True,
    ),
    Rule(pattern=r"\{package\}", message="lacks {package}", required=True),
    Rule(
        pattern=r"[\x00-\x20\x7f~^:?*\[\\]|@\{|^[-/.]|[/.]$|//|\.\.|/\.|\.lock(?:/|$)",
        message="is no name for a Git branch",
    ),
)

INDEX_NAME = (
    *TEXT,
    Rule(
        pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$",
        message="is not a name for an index; letters, digits, '-' and '_', beginning with a letter",
        required=True,
    ),
)
# PEP 508, "Names".
DISTRIBUTION = (
    *TEXT,
    Rule(
        pattern=r"^(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9])$",
        message="is not the name of a distribution; letters, digits, '.', '-' and '_' (PEP 508)",
        required=True,
    ),
)

# PEP 440, "Version scheme" with its normalisations. No number of a version has more than 40 digits here.
_NUMBER = "[0-9]{1,40}"
_SEPARATOR = "[-_.]?"
_EPOCH = f"[vV]?(?:{_NUMBER}!)?"
_RELEASE = rf"{_NUMBER}(?:\.{_NUMBER})*"
_SUFFIXES = (
    f"(?:{_SEPARATOR}{_one_of('alpha', 'a', 'beta', 'b', 'preview', 'pre', 'c', 'rc')}{_SEPARATOR}(?:{_NUMBER})?)?"
    f"(?:-{_NUMBER}|{_SEPARATOR}{_one_of('post', 'rev', 'r')}{_SEPARATOR}(?:{_NUMBER})?)?"
    f"(?:{_SEPARATOR}{_any_case('dev')}{_SEPARATOR}(?:{_NUMBER})?)?"
)
_LOCAL = r"(?:\+[A-Za-z0-9]+(?:[-_.][A-Za-z0-9]+)*)?"
VERSION = (
    *TEXT,
    Rule(
        pattern=f"^{_EPOCH}{_RELEASE}{_SUFFIXES}{_LOCAL}$",
        message="is not a version (PEP 440), such as '0.1.0'",
        required=True,
    ),
)
PYTHON_VERSION = (
    *TEXT,
    Rule(
        pattern=r"^[0-9]+(?:\.[0-9]+){0,2}$",
        message="is not a version of Python, such as '3.12'",
        required=True,
    ),
)

# PEP 440, "Version specifiers": what each operator takes.
_CLAUSE = "|".join(
    (
        rf"~=\s*{_EPOCH}{_NUMBER}(?:\.{_NUMBER})+{_SUFFIXES}",
        rf"[=!]=\s*{_EPOCH}{_RELEASE}(?:\.\*|{_SUFFIXES}{_LOCAL})",
        rf"[<>]=?\s*{_EPOCH}{_RELEASE}{_SUFFIXES}",
    ),
)
SPECIFIERS = (
    *TEXT,
    Rule(
        pattern=rf"^(?:{_CLAUSE})(?:\s*,\s*(?:{_CLAUSE}))*$",
        message="is not a set of version specifiers (PEP 440), such as '>=3.11'",
        required=True,
    ),
)

# git-check-ref-format(1). The fields stand for texts that begin and end with a letter or a digit, so that it is enough
# to look at what is written between them. A leading '-' would be taken for an option.
TAG_FORMAT = (
    Rule(pattern=r"\S", message="is empty", required=True),
    Rule(
        pattern=r"^(?:[^{}]|\{package\}|\{version\})*$",
        message="may have {package} and {version} in braces, and nothing else",
        required=True,
    ),
    Rule(pattern=r"\{version\}", message="lacks {version}", required=True),
    Rule(pattern=r"[\x00-\x20\x7f~^:?*\[\\]", message="has a character that no Git tag can have"),
    Rule(pattern=r"^[-/.]|[/.]$|//|\.\.|/\.", message="is no name for a Git tag: '/', '.' or '-' in the wrong place"),
    Rule(pattern=r"\.lock(?:/|$)", message="is no name for a Git tag: a part ends with '.lock'"),
)

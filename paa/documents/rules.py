"""What a value in a document may be. Each rule is a test and the words for what it wants."""

import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from packaging.version import Version

_MAX_LENGTH = 255
_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_DISTRIBUTION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+!-]*(?:\.whl|\.tar\.gz)")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``holds`` tells whether a text obeys; ``wants`` completes the sentence "… is not"."""

    holds: Callable[[str], bool]
    wants: str


def is_package_name(text: str) -> bool:
    """Whether ``text`` can be a package: the name of a module of ASCII letters, digits and underscores."""
    return len(text) <= _MAX_LENGTH and bool(_PACKAGE.fullmatch(text)) and not keyword.iskeyword(text)


def is_distribution_name(text: str) -> bool:
    """Whether ``text`` is the name of a distribution (PEP 508)."""
    return len(text) <= _MAX_LENGTH and bool(_DISTRIBUTION.fullmatch(text))


@lru_cache(maxsize=4096)  # A thousand packages have few versions between them.
def is_version(text: str) -> bool:
    """Whether ``text`` is a version in its normal form (PEP 440)."""
    if len(text) > _MAX_LENGTH:
        return False
    try:
        return str(Version(text)) == text
    except ValueError:
        return False


def is_sha256(text: str) -> bool:
    """Whether ``text`` is a SHA-256 as 64 lower-case hexadecimal digits."""
    return bool(_SHA256.fullmatch(text))


def is_file_name(text: str) -> bool:
    """Whether ``text`` can be the name of a wheel or sdist, and no path."""
    return len(text) <= _MAX_LENGTH and bool(_FILE.fullmatch(text))


def is_path(text: str) -> bool:
    """Whether ``text`` is a POSIX path inside the folder that it is relative to."""
    path = PurePosixPath(text)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and not re.search(r"[\\\x00]", text)


ANY_TEXT = Rule(holds=lambda _: True, wants="a text")
LINE = Rule(holds=lambda text: bool(text.strip()) and not _FORBIDDEN.search(text), wants="a text of one line")
PACKAGE = Rule(holds=is_package_name, wants="the name of a module (letters, digits, underscores)")
DISTRIBUTION = Rule(holds=is_distribution_name, wants="the name of a distribution (PEP 508)")
VERSION = Rule(holds=is_version, wants="a version in its normal form (PEP 440)")
SHA256 = Rule(holds=is_sha256, wants="a SHA-256 of 64 lower-case hexadecimal digits")
COMMIT = Rule(holds=lambda text: bool(_COMMIT.fullmatch(text)), wants="the full hash of a commit")
FILE = Rule(holds=is_file_name, wants="the name of a .whl or .tar.gz file")
PATH = Rule(holds=is_path, wants="a path inside the repository")
# For what is only shown: on POSIX a file's name may hold a backslash.
SHOWN_PATH = Rule(holds=lambda text: is_path(text.replace("\\", "_")), wants=PATH.wants)

"""What an index means when it refuses a file. Facts about servers; none of them is taken for what the index has.

Collected from the sources of Warehouse (PyPI), pypiserver and devpi, and from what twine knows of others.
"""

import re
from enum import Enum, auto

from paa.edges.fetch import is_temporary_status

_CONFLICT = 409
_NOT_ALLOWED = (401, 403)
_TOO_MANY_REQUESTS = 429

# PyPI and Google say "already exists", GitLab "already been taken", Nexus "updating assets", Artifactory "overwrite",
# Azure Artifacts "already contains".
_USED = re.compile(
    r"already (?:exist|contain)|already been (?:taken|used)|updating asset|overwrite artifact", re.IGNORECASE
)
# PyPI: the names of deleted files are never free again; and a release takes no new files after some days.
_GONE = re.compile(r"since been deleted|previously deleted|releases older than \d+ days", re.IGNORECASE)
_NEW_NAME_QUOTA = re.compile(r"too many new projects", re.IGNORECASE)


class Refusal(Enum):
    """Why an index did not take a file, as far as that can be told.

    USED: it says that it has, or had, a file of that name. CLASH: that may be what it means, and it does not say so, or
    says it of something that we may not do. GONE: it says that it will never take this name, or this release, again.
    QUOTA: it takes no more new names for now (PyPI: about four a day). FORBIDDEN: we may not. INVALID: anything else
    about the file or the request.
    """

    USED = auto()
    CLASH = auto()
    GONE = auto()
    QUOTA = auto()
    FORBIDDEN = auto()
    INVALID = auto()


def refusal_of(status: int, text: str) -> Refusal | None:
    """What an answer with that HTTP status and text means; None where the same may work in a moment (429 and 5xx)."""
    if status == _TOO_MANY_REQUESTS and _NEW_NAME_QUOTA.search(text):
        return Refusal.QUOTA
    if is_temporary_status(status):
        return None
    if _GONE.search(text):
        return Refusal.GONE
    if _USED.search(text):
        return Refusal.CLASH if status in _NOT_ALLOWED else Refusal.USED
    if status == _CONFLICT:
        return Refusal.CLASH
    return Refusal.FORBIDDEN if status in _NOT_ALLOWED else Refusal.INVALID

"""What has been released → tags, tracking files, release notes and the list in the README."""

from paa.record.commit import leftovers
from paa.record.files import RECORD_FOLDERS
from paa.record.model import Recorded
from paa.record.recording import is_recorded, record, require_committer, require_target

__all__ = [
    "RECORD_FOLDERS",
    "Recorded",
    "is_recorded",
    "leftovers",
    "record",
    "require_committer",
    "require_target",
]

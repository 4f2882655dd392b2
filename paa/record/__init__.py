"""What has been released → tags, tracking files, release notes and the list in the README."""

from paa.record.already import is_recorded
from paa.record.beside import Beside, notes_of, record_beside
from paa.record.commit import leftovers
from paa.record.model import Recorded
from paa.record.planned import Confirmed, built_as_planned, burnt_among, confirm
from paa.record.readme_edit import ReadmeEdit
from paa.record.recording import record, require_committer, require_target

__all__ = [
    "Beside",
    "Confirmed",
    "ReadmeEdit",
    "Recorded",
    "built_as_planned",
    "burnt_among",
    "confirm",
    "is_recorded",
    "leftovers",
    "notes_of",
    "record",
    "record_beside",
    "require_committer",
    "require_target",
]

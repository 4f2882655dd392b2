"""A repository that was set up, with everything that its documents can hold."""

from pathlib import Path

from paa.model import Index, IndexKind
from paa.ppr.generated import Choices, Generated, Remembered
from paa.ppr.init import SetUp
from paa.ppr.options import PipelineOptions, Platform, Trigger
from paa.ppr.upgrade import Change, FileState

CHOICES = Choices(full=True, trigger=Trigger.TAG, environment_per_package=True, indexes=("company",), lock=True)
GENERATED = Generated(
    paa="0.1.0",
    platforms={Platform.GITHUB: CHOICES, Platform.AZURE: Choices()},
    files={"b.yml": Remembered(text="b\n", offered="c\n"), "a/.gitkeep": Remembered(text=""), "c": Remembered()},
)
PIPELINE = PipelineOptions(
    paa_version="0.1.0",
    indexes=(
        Index(name="pypi", kind=IndexKind.PYPI),
        Index(name="company", kind=IndexKind.DEVPI, upload_url="https://pypi.example.org/root/"),
    ),
    trigger=Trigger.TAG,
)
SET_UP = SetUp(
    root=Path("/srv/tools"),
    platform=Platform.GITHUB,
    choices=CHOICES,
    pipeline=PIPELINE,
    in_git=False,
    changes=(
        Change(path="a.yml", state=FileState.CONFLICT, remembered=Remembered(text="a\n", offered="b\n")),
        Change(path="b.yml", state=FileState.REPLACED, write=b"b\n", keep=b"c\n"),
    ),
    state=b"",
    folders_later=False,
    left_over=(".github/tools/get_paa_change_dirs.sh",),
    ignored=(".paa/generated.json",),
)
KEPT = {"b.yml": "b.yml.old"}
FOLDERS = SetUp(
    root=Path("/srv/tools"),
    platform=None,
    choices=Choices(),
    pipeline=None,
    in_git=True,
    changes=(),
    state=b"",
    folders_later=False,
)

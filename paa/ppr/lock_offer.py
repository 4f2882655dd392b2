"""An index as what locked requirements are chosen from: each page and each wheel's metadata is read once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from packaging.requirements import Requirement
from packaging.version import Version

import paa
from paa.config import Config
from paa.edges.index import IndexReader, open_indexes, version_of
from paa.edges.wheels import read_wheel
from paa.errors import IndexReadError
from paa.model import IndexFile, IndexKind
from paa.ppr.lock import Facts, lock_text, read_facts, resolve
from paa.ppr.options import PipelineOptions
from paa.publish.targets import select_indexes

_WHEEL = ".whl"
_MOST_BYTES = 200 << 20
# What single jobs need beside paa itself: isolated builds, and the sites of packages.
_EXTRAS = "build,docs"


def lock_head(pipeline: PipelineOptions) -> str:
    """The first lines of the file: what it is for. With another paa or Python it has to be made anew."""
    return (
        f"# paa {pipeline.paa_version} and all that it needs on Python {pipeline.python_version}, for "
        "pip install --require-hashes --requirement.\n"
        "# Made by `paa init-ppr --lock`; given again, it takes the newest versions.\n"
    )


def make_lock(config: Config, pipeline: PipelineOptions, environment: Mapping[str, str]) -> str:
    """The requirements file for the paa that pipelines install, as PyPI has it now (or what ``config`` has for that).

    ``environment`` may hold credentials. Raises IndexReadError where something is not there.
    """
    root = Requirement(f"{paa.__name__}[{_EXTRAS}]=={pipeline.paa_version}")
    with open_indexes(select_indexes(config, (IndexKind.PYPI.value,)), environment) as (reader,):
        return lock_text(resolve((root,), ReadOffer(reader), pipeline.python_version), lock_head(pipeline))


class ReadOffer:
    """What the index behind ``reader`` has."""

    def __init__(self, reader: IndexReader) -> None:
        self._reader = reader
        self._files: dict[str, Mapping[Version, tuple[IndexFile, ...]]] = {}
        self._facts: dict[tuple[str, Version], Facts] = {}

    def versions(self, name: str) -> Sequence[Version]:
        """The versions that have a wheel; yanked files do not count."""
        files = self._of(name)
        return [version for version in files if any(file.name.endswith(_WHEEL) for file in files[version])]

    def facts(self, name: str, version: Version) -> Facts:
        """From the metadata of one of its wheels."""
        if (name, version) not in self._facts:
            file = min(
                (file for file in self._of(name)[version] if file.name.endswith(_WHEEL)),
                key=lambda file: (not file.name.endswith("-none-any.whl"), file.name),
            )
            contents = read_wheel(self._reader.open(file, limit_bytes=_MOST_BYTES), file.name)
            self._facts[name, version] = read_facts(contents.requires_dist, contents.requires_python, file.name)
        return self._facts[name, version]

    def hashes(self, name: str, version: Version) -> tuple[str, ...]:
        """Those of all its files, so that every platform finds its own."""
        found = {file.name: file.sha256 for file in self._of(name)[version]}
        if missing := sorted(file for file, digest in found.items() if digest is None):
            message = f"the index gives no SHA-256 for {missing[0]}"
            raise IndexReadError(message, advice="leave --lock out")
        return tuple(sorted(digest for digest in found.values() if digest is not None))

    def _of(self, name: str) -> Mapping[Version, tuple[IndexFile, ...]]:
        if name not in self._files:
            found: dict[Version, tuple[IndexFile, ...]] = defaultdict(tuple)
            for file in self._reader.files(name):
                version = version_of(file.name, name)
                if version is not None and not file.yanked:
                    found[version] = (*found[version], file)
            self._files[name] = dict(found)
        return self._files[name]

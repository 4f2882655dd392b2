"""What a wheel holds, as far as that says which modules can be imported from it."""

import email.parser
import email.policy
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from paa.edges.archives import COMPRESSIONS, UNREADABLE
from paa.errors import IndexReadError

_METADATA = re.compile(r"[^/]+\.dist-info/METADATA")
# Where installers put files that lie in a wheel's data folder and go beside the others (the wheel format's schemes).
_DATA_FOLDER = re.compile(r"[^/]+\.data/(?:purelib|platlib)/")
_MODULE = re.compile(r"((?:[^/.]+/)*[^/.]+)\.(?:py|so|pyd|[^/]*\.(?:so|pyd))")
_METADATA_LIMIT = 4 << 20  # bytes; descriptions are the largest part, and have a few hundred kilobytes at most


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelContents:
    """The files of a wheel, the name that its metadata give, and what they say can be imported (PEP 794).

    ``import_names`` are without those that are declared private; empty where the metadata say nothing.
    ``requires_dist`` and ``requires_python`` are as they stand there, whether they make sense or not.
    """

    name: str
    files: tuple[str, ...]
    import_names: frozenset[str] = frozenset()
    requires_dist: tuple[str, ...] = ()
    requires_python: str | None = None

    def provides(self, module: str) -> str | None:
        """How it is known that ``module`` (dotted) can be imported from the wheel, in words; None if it is not."""
        if module in listed_modules(self.files, (module,)):
            return "has it in its list of files"
        return "names it in Import-Name" if module in self.import_names else None


def listed_modules(files: Iterable[str], modules: Collection[str]) -> frozenset[str]:
    """Those of ``modules`` (dotted) that ``files``, paths of a wheel or of an installation, make importable.

    A module is a file, or a folder with a module file anywhere below it. Stubs (``.pyi``) are none.
    """
    wanted = {module.replace(".", "/"): module for module in modules}
    tops = {path.partition("/")[0] for path in wanted}
    found: set[str] = set()
    for file in files:
        path = _DATA_FOLDER.sub("", file, count=1) if ".data/" in file else file
        if path.partition("/")[0].partition(".")[0] in tops and (matched := _MODULE.fullmatch(path)):
            found.update(folder for folder in _paths(matched[1]) if folder in wanted)
    return frozenset(wanted[path] for path in found)


def _paths(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def read_wheel(stream: io.BufferedIOBase, name: str) -> WheelContents:
    """The contents of the wheel in ``stream``, which has to be seekable; ``name`` is what messages call it.

    Raises IndexReadError for what is no wheel.
    """
    try:
        with zipfile.ZipFile(stream) as archive:
            files = archive.namelist()
            metadata = next((entry for entry in archive.infolist() if _METADATA.fullmatch(entry.filename)), None)
            if metadata is None or metadata.compress_type not in COMPRESSIONS:
                message = f"{name} is not a wheel: it has no METADATA that can be read"
                raise IndexReadError(message)
            with archive.open(metadata) as member:
                headers = member.read(_METADATA_LIMIT)
    except UNREADABLE as error:
        message = f"{name} is not a readable wheel: {error}"
        raise IndexReadError(message) from error
    fields = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(headers, headersonly=True)
    declared = [str(value) for value in fields.get_all("Import-Name") or []]
    return WheelContents(
        name=str(fields["Name"] or ""),
        files=tuple(files),
        import_names=frozenset(_public(declared)),
        requires_dist=tuple(str(value) for value in fields.get_all("Requires-Dist") or []),
        requires_python=fields["Requires-Python"] and str(fields["Requires-Python"]),
    )


def _public(declared: Iterable[str]) -> Iterable[str]:
    for value in declared:
        name, _, attribute = value.partition(";")
        if attribute.strip() != "private" and name.strip():
            yield name.strip()

"""What is shipped beside the code, as it is: licence files and artifacts, by their place in the setup directory."""

import os
import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from paa.edges.cache import cache_folder
from paa.errors import FindingsError
from paa.model import LinkedArtifact, Pin, ScannedPackage
from paa.scan.metadata.license_files import text_finding

# What a licence file's path may not hold (PEP 639: patterns are not file names, and none may have two dots in a row).
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]|\.(?=\.)")


def license_files(contents: Mapping[str, bytes], taken: Collection[str]) -> dict[str, bytes]:
    """Licence files (by path in the repository) at the top of the setup directory, each under a name of its own.

    Names in ``taken`` are not used. Two files of one name keep their folders as a part of it. Raises FindingsError for
    a file that is not UTF-8, which licence files are (PEP 639).
    """
    used = {name.lower() for name in taken}
    names = [PurePosixPath(path).name.lower() for path in contents]
    files: dict[str, bytes] = {}
    for path, data in sorted(contents.items()):
        name = PurePosixPath(path).name
        _require_utf8(path, data)
        shown = _UNSAFE.sub("_", name if names.count(name.lower()) == 1 else path.replace("/", "_"))
        while shown.lower() in used:
            shown = f"LICENSE-{shown}"
        used.add(shown.lower())
        files[shown] = data
    return files


def _require_utf8(path: str, data: bytes) -> None:
    finding = text_finding(path, data)
    if finding is not None:
        message = f"{finding.location}: {finding.message}"
        raise FindingsError(message, advice=finding.advice)


def artifacts(contents: Mapping[str, bytes], scanned: ScannedPackage) -> dict[str, bytes]:
    """The artifacts of a package by place: files, which are in ``contents`` by path, and what its links are pinned to.

    What is linked is fetched only if this machine has never had it. Raises FetchError when it can't be fetched,
    FindingsError when the address gives something else by now.
    """
    shipped = {place: contents[path] for place, path in scanned.package.artifacts.items()}
    if scanned.linked_artifacts:
        from paa.edges.pinned import open_pinned_contents

        with open_pinned_contents(cache_folder(os.environ)) as pinned:
            shipped |= {item.path: pinned.read(_pin(item)) for item in scanned.linked_artifacts}
    return shipped


def _pin(artifact: LinkedArtifact) -> Pin:
    if artifact.pin is None:
        message = f"{artifact.source}: the artifact {artifact.path!r} is not pinned"
        raise FindingsError(message, advice="run 'paa refresh-module-artifacts' and commit artifacts.lock")
    return artifact.pin

"""What is shipped beside the code, as it is: licence files and artifacts, by their place in the setup directory."""

import re
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from paa.errors import FindingsError

# Where artifacts lie inside the import package.
ARTIFACTS_FOLDER = "artifacts"
# What a licence file's path may not hold (PEP 639: patterns are not file names, and none may have two dots in a row).
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]|\.(?=\.)")
# A wheel's RECORD is CSV, and flit_core 3.12 writes it without quoting.
_UNRECORDABLE = frozenset('",\r\n\\')


def license_files(contents: Mapping[str, bytes], taken: Collection[str]) -> dict[str, bytes]:
    """Licence files (by path in the repository) at the top of the setup directory, each under a name of its own.

    Names in ``taken`` are not used. Two files of one name keep their folders as a part of it.
    """
    used = {name.lower() for name in taken}
    names = [PurePosixPath(path).name.lower() for path in contents]
    files: dict[str, bytes] = {}
    for path, data in sorted(contents.items()):
        name = PurePosixPath(path).name
        shown = _UNSAFE.sub("_", name if names.count(name.lower()) == 1 else path.replace("/", "_"))
        while shown.lower() in used:
            shown = f"LICENSE-{shown}"
        used.add(shown.lower())
        files[shown] = data
    return files


def artifacts(contents: Mapping[str, bytes], folder: PurePosixPath) -> dict[str, bytes]:
    """Artifacts by path below ``folder``. Raises FindingsError for a name that no wheel can hold."""
    for path in contents:
        if _UNRECORDABLE & set(path) or not path.isprintable():
            message = f"{path!r}: a wheel can't hold a file of this name"
            raise FindingsError(message, advice="rename it: no quotes, commas, backslashes or line breaks")
        if path.endswith(".pyc") or "__pycache__" in PurePosixPath(path).parts:
            message = f"{path}: compiled files are not shipped"
            raise FindingsError(message, advice="remove it from the artifacts, and add it to .gitignore")
    return {PurePosixPath(path).relative_to(folder).as_posix(): data for path, data in contents.items()}

"""What a page of an index says of a wheel or an sdist, read from the file's own metadata."""

import hashlib
import io
import logging

from paa.documents.distributions import Part, headers, read_parts
from paa.edges.index import version_of
from paa.errors import ArchiveError, UploadError
from paa.publish.static_pages import Facts

logger = logging.getLogger(__name__)


def require_distribution(distribution: str, name: str, data: bytes) -> None:
    """Raise UploadError if ``data``, called ``name``, is no wheel or sdist of ``distribution``."""
    if version_of(name, distribution) is None:
        message = f"{name!r} is no name of a wheel or sdist of {distribution}"
        raise UploadError(message)
    if core_metadata(name, data) is None:
        message = f"{name} holds no metadata: it is no wheel or sdist"
        raise UploadError(message, advice="build it again")


def find_facts(name: str, data: bytes) -> tuple[Facts, bytes | None]:
    """The facts of a file and, of a wheel, the content of the ``.metadata`` file that belongs beside it (PEP 658).

    A file that can't be opened has none.
    """
    metadata = core_metadata(name, data)
    if metadata is None:
        return Facts(), None
    beside = metadata if name.endswith(".whl") else None
    digest = None if beside is None else hashlib.sha256(beside).hexdigest()
    return Facts(requires_python=_requires_python(metadata), metadata_sha256=digest), beside


def core_metadata(name: str, data: bytes) -> bytes | None:
    """The core metadata in a wheel (``METADATA``) or sdist (``PKG-INFO``); None if there is none that can be read."""
    try:
        return read_parts(io.BytesIO(data), name, Part.METADATA).get(Part.METADATA)
    except ArchiveError as error:
        logger.info("%s", error)
        return None


def _requires_python(metadata: bytes) -> str | None:
    value = headers(metadata).get("Requires-Python")
    return value.strip() if isinstance(value, str) else None

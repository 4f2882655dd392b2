"""What a page of an index says of a wheel or an sdist, read from the file's own metadata."""

import email.parser
import email.policy
import hashlib
import io
import logging
import re
import tarfile
import zipfile

from paa.edges.archives import UNREADABLE
from paa.edges.index import version_of
from paa.errors import UploadError
from paa.publish.static_pages import Facts

_METADATA_LIMIT = 16 << 20

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
        if name.endswith(".tar.gz"):
            return _from_tar(io.BytesIO(data))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            wanted = r"[^/]+\.dist-info/METADATA" if name.endswith(".whl") else r"[^/]+/PKG-INFO"
            for member in archive.infolist():
                if re.fullmatch(wanted, member.filename) and member.file_size <= _METADATA_LIMIT:
                    return archive.read(member)
    except UNREADABLE as error:
        logger.info("%s can't be opened: %s", name, error)
    return None


def _from_tar(stream: io.BytesIO) -> bytes | None:
    with tarfile.open(fileobj=stream, mode="r:gz") as archive:
        for member in archive:
            if re.fullmatch(r"[^/]+/PKG-INFO", member.name) and member.isfile() and member.size <= _METADATA_LIMIT:
                content = archive.extractfile(member)
                return content.read() if content else None
    return None


def _requires_python(metadata: bytes) -> str | None:
    headers = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(metadata)
    value = headers.get("Requires-Python")
    return value.strip() if isinstance(value, str) else None

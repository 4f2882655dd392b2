"""Members of wheels and sdists, read without being unpacked."""

import io
import stat
import tarfile
import zipfile

# Name and content, None for what is not a plain file (a link, a device); folders are left out.
Members = list[tuple[str, bytes | None]]


def wheel_members(data: bytes) -> Members:
    """The members of a wheel. Raises one of UNREADABLE (paa.edges.archives)."""
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        return [
            (item.filename, None if stat.S_ISLNK(item.external_attr >> 16) else wheel.read(item))
            for item in wheel.infolist()
            if not item.is_dir()
        ]


def sdist_members(data: bytes) -> Members:
    """The members of an sdist. Raises one of UNREADABLE (paa.edges.archives)."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as sdist:
        files = [(item.name, sdist.extractfile(item) if item.isreg() else None) for item in sdist if not item.isdir()]
        return [(name, None if stream is None else stream.read()) for name, stream in files]

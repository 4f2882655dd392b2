"""What an archive from elsewhere may be like, and what reading it can end in."""

import csv
import struct
import tarfile
import zipfile
import zlib

# Of a damaged or locked wheel or sdist, or a damaged table in it (found by damaging some thousands).
UNREADABLE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, csv.Error, EOFError, OSError, LookupError,
    ValueError, RuntimeError,
)  # fmt: skip

# How members of a wheel may be compressed. What a damaged one of another kind ends in depends on the Python.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

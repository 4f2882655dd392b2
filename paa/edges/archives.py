"""What reading an archive from elsewhere can end in."""

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

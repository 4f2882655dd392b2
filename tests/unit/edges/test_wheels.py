"""What a wheel says about the modules in it."""

import io
import zipfile

import pytest

from paa.edges.wheels import listed_modules, read_wheel
from paa.errors import IndexReadError
from tests.distributions import pack_wheel


@pytest.mark.parametrize(
    ("file", "modules"),
    [
        ("acme.py", {"acme"}),
        ("acme.cp311-win_amd64.pyd", {"acme"}),
        ("acme.abi3.so", {"acme"}),
        ("acme/__init__.py", {"acme"}),
        ("acme/web/__init__.py", {"acme", "acme.web"}),
        ("acme/web.cpython-311-x86_64-linux-gnu.so", {"acme", "acme.web"}),
        ("acme-1.0.data/purelib/acme/web.py", {"acme", "acme.web"}),
        ("acme-1.0.data/platlib/acme.so", {"acme"}),
        ("acme-1.0.data/scripts/acme.py", set()),
        ("acme-1.0.data/data/acme/web.py", set()),
        ("acme-stubs/__init__.pyi", set()),
        ("acme/__init__.pyi", set()),
        ("acme/data.json", set()),
        ("acmex/__init__.py", set()),
        ("src/acme/__init__.py", set()),
        ("acme/web/", set()),
        ("../acme.py", set()),
        ("/acme.py", set()),
        ("", set()),
    ],
)
def test_modules_are_files_and_folders_with_files(file: str, modules: set[str]) -> None:
    assert listed_modules([file], ["acme", "acme.web"]) == modules


def test_a_wheel_is_read() -> None:
    headers = "Import-Name: acme\nImport-Name: acme._inside ; private\nImport-Name: other.part\n"
    contents = read_wheel(io.BytesIO(pack_wheel("Acme.X", "1.0", ["acme/__init__.py"], headers=headers)), "x")
    assert contents.name == "Acme.X"
    assert contents.files[0] == "acme/__init__.py"
    assert contents.import_names == {"acme", "other.part"}
    assert contents.provides("acme") == "has it in its list of files"
    assert contents.provides("other.part") == "names it in Import-Name"
    assert contents.provides("acme._inside") is None
    assert contents.provides("nothing") is None


def _with_odd_compression() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("x-1.dist-info/METADATA", "Name: x\n")
    return stream.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no zip",
        b"PK\x05\x06" + b"\xff" * 18,
        pack_wheel("x", "1", ["x.py"])[:-30],
        pack_wheel("x", "1", ["x.py"], metadata=False),
        pack_wheel("x", "1", ["x.py"]).replace(b"x-1.dist-info/METADATA", b"x-1.dist-info/METADAT\xff"),
        _with_odd_compression(),
    ],
)
def test_what_is_no_wheel_is_an_error(data: bytes) -> None:
    with pytest.raises(IndexReadError, match="acme"):
        read_wheel(io.BytesIO(data), "acme")


def test_metadata_that_never_end_are_cut() -> None:
    data = pack_wheel("x", "1", ["x.py"], headers="Summary: " + "x" * (6 << 20) + "\nImport-Name: late\n")
    assert read_wheel(io.BytesIO(data), "x").import_names == frozenset()

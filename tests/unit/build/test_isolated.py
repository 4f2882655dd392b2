"""Projects with a backend of their own: the version is set in a copy, and pypa/build does the rest."""

import os
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from paa.build.isolated import build_isolated, with_version
from paa.errors import BuildError, MissingExtraError, OutsideError

HEAD = '[build-system]\nrequires = ["{0}"]\nbuild-backend = "{1}"\n\n'


def pyproject(body: str, requirement: str = "hatchling", backend: str = "hatchling.build") -> bytes:
    return (HEAD.format(requirement, backend) + body).encode()


def changed(files: Mapping[str, bytes], version: str = "2.5") -> dict[str, bytes]:
    """Only what ``with_version`` has changed."""
    return {path: data for path, data in with_version(files, version).items() if files.get(path) != data}


def test_a_static_version_is_replaced_and_nothing_else() -> None:
    body = (
        "# The project.\n[project]\nname    = 'own'   # aligned\nversion = '1.0'   # bumped by hand\n"
        'dependencies = [\n    "six", # why\n]\n\n[tool.other]\nx=1\n'
    )
    expected = body.replace("'1.0'", '"2.5"')
    assert changed({"pyproject.toml": pyproject(body), "own.py": b""}) == {"pyproject.toml": pyproject(expected)}


def test_line_ends_are_kept() -> None:
    body = '[project]\r\nname = "own"\r\nversion = "1.0"\r\n# end\r\n'
    found = changed({"pyproject.toml": body.encode()})
    assert found == {"pyproject.toml": body.replace("1.0", "2.5").encode()}


DYNAMIC = '[project]\nname = "own-tool"\ndynamic = ["version", "readme"] # both\n'


@pytest.mark.parametrize(
    ("backend", "tables", "path", "source", "expected"),
    [
        (
            "hatchling.build",
            '[tool.hatch.version]\npath = "own/about.py"\n',
            "own/about.py",
            b'"""Text."""\r\n__version__: str = \'1.0\'  # here\r\nother = "1.0"\r\n',
            b'"""Text."""\r\n__version__: str = \'2.5\'  # here\r\nother = "1.0"\r\n',
        ),
        (
            "hatchling.build",
            '[tool.hatch.version]\npath = "own/about.py"\n',
            "own/about.py",
            b'VERSION = "1.0"\n',
            b'VERSION = "2.5"\n',
        ),
        (
            "setuptools.build_meta",
            '[tool.setuptools.dynamic]\nversion = {attr = "own.about.release"}\n',
            "src/own/about.py",
            b'__version__ = "0"\nrelease = "1.0"\n',
            b'__version__ = "0"\nrelease = "2.5"\n',
        ),
        (
            "setuptools.build_meta",
            '[tool.setuptools.dynamic]\nversion = {attr = "own.__version__"}\n',
            "own/__init__.py",
            '# coding: latin-1\n# é\n__version__ = "1.0"\n'.encode("latin-1"),
            '# coding: latin-1\n# é\n__version__ = "2.5"\n'.encode("latin-1"),
        ),
        ("flit_core.buildapi", "", "own_tool.py", b'__version__ = "1.0"\n', b'__version__ = "2.5"\n'),
        (
            "flit_core.buildapi",
            '[tool.flit.module]\nname = "own"\n',
            "src/own/__init__.py",
            b'__version__="1.0"\n',
            b'__version__="2.5"\n',
        ),
    ],
)
def test_a_dynamic_version_is_replaced_where_the_backend_reads_it(
    backend: str, tables: str, path: str, source: bytes, expected: bytes
) -> None:
    files = {"pyproject.toml": pyproject(f"{DYNAMIC}\n{tables}", backend=backend), path: source}
    assert changed(files) == {path: expected}


@pytest.mark.parametrize(
    ("tables", "files"),
    [
        ('[tool.hatch.version]\nsource = "vcs"\n', {}),
        ("[tool.setuptools_scm]\n", {}),
        ('[tool.hatch.version]\npath = "own/gone.py"\n', {}),
        ('[tool.hatch.version]\npath = "own.py"\n', {"own.py": b"__version__ = compute()\n"}),
        ('[tool.setuptools.dynamic]\nversion = {file = ["VERSION"]}\n', {"VERSION": b"1.0\n"}),
    ],
)
def test_a_dynamic_version_from_elsewhere_becomes_static(tables: str, files: Mapping[str, bytes]) -> None:
    found = changed({"pyproject.toml": pyproject(f"{DYNAMIC}\n{tables}"), **files})
    assert list(found) == ["pyproject.toml"]
    text = found["pyproject.toml"].decode()
    project = tomllib.loads(text)["project"]
    assert (project["version"], project["dynamic"]) == ("2.5", ["readme"])
    assert "# both" in text


@pytest.mark.parametrize("data", [b"[project", b"\xff", b"[build-system]\n", b""])
def test_a_file_without_a_project_is_an_error(data: bytes) -> None:
    with pytest.raises(BuildError, match=r"pyproject\.toml: the \[project\] table can't be read"):
        with_version({"pyproject.toml": data}, "1.0")


def test_without_the_extra_the_install_command_is_told(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['build'] = None\n"  # as if it were not installed
        "from pathlib import Path\nfrom paa.build.isolated import build_isolated\n"
        "from paa.errors import MissingExtraError\n"
        "try: build_isolated({}, '1.0', Path('dist'))\n"
        "except MissingExtraError as error: print(error, error.advice, error.exit_code)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert b"pip install 'paa[build]' 2" in done.stdout
    assert MissingExtraError.exit_code == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("requirement", ["no-such-build-backend-of-ours==99"])
def test_a_requirement_that_can_t_be_had_is_an_error_that_names_it(tmp_path: Path, requirement: str) -> None:
    files = {"pyproject.toml": pyproject('[project]\nname = "own"\nversion = "1.0"\n', requirement)}
    with pytest.raises(OutsideError, match="no-such-build-backend-of-ours"):
        build_isolated(files, "1.0", tmp_path / "dist")
    assert not (tmp_path / "dist").exists()


BACKEND = """\
import os, pathlib, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    {0}
    name = "own-2.5-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr("own.py", pathlib.Path("own.py").read_bytes())
        wheel.writestr("epoch", os.environ["SOURCE_DATE_EPOCH"])
        wheel.writestr("secrets", repr(sorted(name for name in os.environ if "TWINE" in name)))
    return name
def build_sdist(folder, config_settings=None):
    print("noise on standard output")
    pathlib.Path(folder, "own-2.5.tar.gz").write_bytes(b"sdist")
    return "own-2.5.tar.gz"
"""


def own_backend(code: str = "pass") -> dict[str, bytes]:
    """A project that is its own backend, so that nothing has to be downloaded."""
    project = '[project]\nname = "own"\ndynamic = ["version"]\n'
    head = '[build-system]\nrequires = []\nbuild-backend = "own_backend"\nbackend-path = ["backend"]\n\n'
    return {
        "pyproject.toml": f"{head}{project}".encode(),
        "backend/own_backend.py": BACKEND.format(code).encode(),
        "own.py": b"value = 1\n",
    }


def test_any_backend_builds_in_an_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "5")
    monkeypatch.setenv("TWINE_PASSWORD", "secret")
    files = build_isolated(own_backend("import sys; assert sys.prefix != sys.base_prefix"), "2.5", tmp_path / "dist")
    assert [file.name for file in files] == ["own-2.5-py3-none-any.whl", "own-2.5.tar.gz"]
    with zipfile.ZipFile(tmp_path / "dist" / files[0].name) as wheel:
        assert wheel.read("epoch") == b"1577836800"
        assert wheel.read("own.py") == b"value = 1\n"
        assert wheel.read("secrets") == b"[]"
    assert capfd.readouterr() == ("", "")


def test_what_a_backend_says_when_it_fails_is_shown(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="RuntimeError: the moon is in the wrong place") as caught:
        build_isolated(own_backend("raise RuntimeError('the moon is in the wrong place')"), "2.5", tmp_path / "dist")
    assert "\\n" not in caught.value.message
    assert not (tmp_path / "dist").exists()


def test_a_backend_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    files = own_backend()
    files["pyproject.toml"] = files["pyproject.toml"].replace(b'"own_backend"', b'"absent_backend"')
    with pytest.raises(BuildError, match="absent_backend"):
        build_isolated(files, "2.5", tmp_path / "dist")


def test_a_build_system_table_that_is_wrong_is_an_error(tmp_path: Path) -> None:
    files = own_backend()
    files["pyproject.toml"] = files["pyproject.toml"].replace(b"requires = []", b"requires = 5")
    with pytest.raises(BuildError, match="build-system"):
        build_isolated(files, "2.5", tmp_path / "dist")


@pytest.mark.network
@pytest.mark.parametrize(
    ("requirement", "backend", "version", "source"),
    [
        ("hatchling", "hatchling.build", '[tool.hatch.version]\npath = "own/__init__.py"\n', "__version__ = '1.0'\n"),
        ("flit_core", "flit_core.buildapi", "", "__version__ = '1.0'\n"),
        ("hatchling", "hatchling.build", '[tool.hatch.version]\nsource = "regex"\npath = "gone.py"\n', "value = 1\n"),
        (
            "setuptools",
            "setuptools.build_meta",
            '[tool.setuptools.dynamic]\nversion = {attr = "own.__version__"}\n',
            "__version__ = '1.0'\n",
        ),
    ],
)
def test_the_usual_backends_take_the_version(
    tmp_path: Path, requirement: str, backend: str, version: str, source: str
) -> None:
    body = f'[project]\nname = "own"\ndescription = "x"\nrequires-python = ">=3"\ndynamic = ["version"]\n{version}'
    files = {"pyproject.toml": pyproject(body, requirement, backend), "own/__init__.py": source.encode()}
    wheel, sdist = build_isolated(files, "2.5rc1", tmp_path)
    assert (wheel.name, sdist.name) == ("own-2.5rc1-py3-none-any.whl", "own-2.5rc1.tar.gz")
    with zipfile.ZipFile(tmp_path / wheel.name) as archive:
        assert b"\nVersion: 2.5rc1\n" in archive.read("own-2.5rc1.dist-info/METADATA")
        assert archive.read("own/__init__.py").decode() == source.replace("1.0", "2.5rc1")

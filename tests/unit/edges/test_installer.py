"""Installing with pip, and with uv where there is no pip: into this environment, another one, or a folder."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from paa.edges.installer import install_into, without_upload_secrets
from paa.errors import OutsideError
from tests.packages import MODULES, scan_files, wheel_path, write_tree

ROOT = Path(__file__).parents[3]
INSTALLERS = ("pip", "uv")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is an index (PEP 503) with ``tool``, and with ``base``, which it requires."""
    root = tmp_path_factory.mktemp("index")
    state = scan_files(root / "ppr", {f"{MODULES}/tool.py": "import base\n", f"{MODULES}/base.py": ""})
    releases = [state.release(name, "1.0.0", {"base": "1.0.0"}) for name in ("base", "tool")]
    for built in state.build(root / "dist", *releases):
        wheel = wheel_path(root / "dist", built)
        page = f'<!DOCTYPE html><html><body><a href="{wheel.name}">{wheel.name}</a></body></html>'
        write_tree(root / built.release.package, {wheel.name: wheel.read_bytes(), "index.html": page.encode()})
    return root


@pytest.fixture(scope="module", params=INSTALLERS)
def python(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment in which only pip, or only uv, can be found."""
    folder = tmp_path_factory.mktemp(request.param) / "environment"
    options = [] if request.param == "pip" else ["--without-pip"]
    subprocess.run([sys.executable, "-m", "venv", *options, str(folder)], check=True)
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    if request.param == "uv":
        uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        if uv is None:
            pytest.skip("uv is not installed")
        shutil.copy(uv, programs)
    return programs / "python"


def run(
    python: Path, call: str, folder: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Call a function of the installer in another environment; an OutsideError is printed."""
    code = (
        "from pathlib import Path\nfrom paa.edges.installer import install, install_for, install_into\n"
        "from paa.errors import OutsideError\n"
        f"try: {call}\nexcept OutsideError as error: print('OutsideError:', error, '|', error.advice)\n"
    )
    return subprocess.run(
        [str(python), "-c", code],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{python.parent}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "PYTHONPATH": str(ROOT),
            **(environment or {}),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def local(wheels: Path) -> dict[str, str]:
    """Settings that make pip and uv take everything from the folder ``wheels``."""
    return {"PIP_INDEX_URL": wheels.as_uri(), "UV_DEFAULT_INDEX": wheels.as_uri(), "UV_HTTP_RETRIES": "0"}


def installed(python: Path) -> list[str]:
    code = "import importlib.metadata as m; print(*sorted(d.name for d in m.distributions()))"
    return subprocess.run([str(python), "-I", "-c", code], capture_output=True, text=True, check=True).stdout.split()


def test_requirements_come_with_what_they_require(python: Path, wheels: Path, tmp_path: Path) -> None:
    done = run(python, "install(['tool>=1'])", tmp_path, local(wheels))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert {"base", "tool"} <= set(installed(python))


def test_a_wheel_is_installed_again_without_what_it_requires(python: Path, wheels: Path, tmp_path: Path) -> None:
    wheel = next(wheels.glob("tool/tool-*.whl"))
    options = "options=['--force-reinstall', '--no-deps']"
    for _ in range(2):
        done = run(python, f"install([{str(wheel)!r}], {options})", tmp_path, local(tmp_path))
        assert (done.returncode, done.stdout) == (0, "")
    assert "tool" in installed(python)


def test_a_folder_gets_all_that_is_required_and_the_environment_nothing(
    python: Path, wheels: Path, tmp_path: Path
) -> None:
    before = installed(python)
    done = run(python, "install_into(Path('a folder'), ['tool'])", tmp_path, local(wheels))
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "a folder" / "tool" / "__init__.py").is_file()
    assert (tmp_path / "a folder" / "base" / "__init__.py").is_file()
    assert installed(python) == before


def test_another_environment_needs_no_pip(python: Path, wheels: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "other")], check=True)
    other = tmp_path / "other" / python.parent.name / "python"
    done = run(python, f"install_for(Path({str(other)!r}), ['base'])", tmp_path, local(wheels))
    assert (done.returncode, done.stdout) == (0, "")
    assert installed(other) == ["base"]
    done = run(python, f"install_for(Path({str(other)!r}), [])", tmp_path, {"PATH": ""})
    assert (done.returncode, done.stdout) == (0, "")


def test_what_can_t_be_had_is_named(python: Path, wheels: Path, tmp_path: Path) -> None:
    done = run(python, "install_into(Path('folder'), ['no-such-distribution-of-ours'])", tmp_path, local(wheels))
    assert done.stdout.startswith("OutsideError: the installer failed: ")
    assert "no-such-distribution-of-ours" in done.stdout
    assert "check the network" in done.stdout


@pytest.mark.parametrize("address", ["http://user:pa55word@127.0.0.1:9/simple/", "http://pa55word@127.0.0.1:9/simple/"])
def test_no_message_holds_credentials(python: Path, tmp_path: Path, address: str) -> None:
    settings = {"PIP_INDEX_URL": address, "PIP_EXTRA_INDEX_URL": address, "PIP_RETRIES": "0"}
    settings |= {"UV_DEFAULT_INDEX": address, "UV_HTTP_RETRIES": "0"}
    done = run(python, "install_into(Path('folder'), ['tool'])", tmp_path, settings)
    assert done.stdout.startswith("OutsideError: the installer failed: ")
    assert "pa55word" not in done.stdout + done.stderr


def test_a_module_in_the_current_folder_is_not_taken_for_the_library_s(
    python: Path, wheels: Path, tmp_path: Path
) -> None:
    for name in ("email", "json", "pip", "packaging"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('user code has been run')\n")
    code = f"import os; os.chdir({str(tmp_path)!r}); install_into(Path('folder'), ['base'])"
    (tmp_path / "elsewhere").mkdir()
    done = run(python, code, tmp_path / "elsewhere", local(wheels))
    assert (done.returncode, done.stdout) == (0, "")
    assert (tmp_path / "folder" / "base").is_dir()


def test_a_requirement_is_never_taken_for_an_option(python: Path, wheels: Path, tmp_path: Path) -> None:
    arguments = [f"--target={tmp_path / 'elsewhere'}", "--no-deps", str(next(wheels.glob("base/base-*.whl")))]
    done = run(python, f"install_into(Path('folder'), {arguments!r})", tmp_path, local(wheels))
    assert done.stdout.startswith("OutsideError: the installer failed: ")
    assert list(tmp_path.iterdir()) == []


def test_an_address_with_credentials_is_shown_without_them(tmp_path: Path) -> None:
    requirement = "tool @ git+http://user:pa55word@127.0.0.1:9/tool.git"
    with pytest.raises(OutsideError, match=r"127\.0\.0\.1:9/tool\.git") as caught:
        install_into(tmp_path / "folder", [requirement])
    assert "@127" not in caught.value.message


def test_without_pip_and_uv_the_way_out_is_told(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "bare")], check=True)
    bare = tmp_path / "bare" / ("Scripts" if os.name == "nt" else "bin") / "python"
    done = run(bare, "install(['tool'])", tmp_path, {"PATH": str(tmp_path)})
    assert done.stdout == (
        "OutsideError: neither pip nor uv is there to install with | python -m ensurepip, or install uv\n"
    )


def test_what_uploads_need_is_not_handed_to_code_that_is_built() -> None:
    secrets = ("TWINE_PASSWORD", "PAA_LOCAL_PASSWORD", "UV_PUBLISH_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "twine_x")
    kept = {"PATH": "/bin", "PIP_INDEX_URL": "x", "UV_INDEX_URL": "x", "HOME": "/home"}
    assert without_upload_secrets({**dict.fromkeys(secrets, "secret"), **kept}) == kept

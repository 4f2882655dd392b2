"""Real wheels and sdists for tests, made with flit_core, and the release sets that hold them."""

import hashlib
import io
import os
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flit_core.sdist import SdistBuilder
from flit_core.wheel import make_wheel_in

from paa.model import (
    BuiltRelease,
    Bump,
    Distribution,
    DistributionKind,
    Outcome,
    Plan,
    Release,
    ReleaseSet,
)

_PYPROJECT = """\
[build-system]
requires = ["flit_core >=3.12,<4"]
build-backend = "flit_core.buildapi"

[project]
name = "{name}"
version = "{version}"
description = "Made for a test"
requires-python = ">=3.9,<4"
"""

CHECKS = ("metadata", "imports")


def build(folder: Path, name: str, version: str, *, content: str = "value = 1\n") -> tuple[Path, Path]:
    """Make the wheel and the sdist of the distribution ``name`` in ``folder``; its module holds ``content``."""
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / f".source-{name}-{version}"
    source.mkdir()
    (source / f"{name.replace('-', '_')}.py").write_text(content, encoding="utf-8")
    project = source / "pyproject.toml"
    project.write_text(_PYPROJECT.format(name=name, version=version), encoding="utf-8")
    with _fixed_times():
        wheel: Any = make_wheel_in(project, folder).file
        sdist: Any = SdistBuilder.from_ini_path(project).build(folder)
    return Path(wheel), Path(sdist)


def install(site: Path, name: str, version: str, files: Sequence[str]) -> None:
    """A distribution in the folder ``site`` as an installer leaves it: its (empty) files, METADATA and RECORD."""
    folder = site / f"{name.replace('-', '_')}-{version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", encoding="utf-8")
    for path in files:
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).touch()
    record = "".join(f"{path},sha256=x,1\n" for path in (*files, f"{folder.name}/METADATA"))
    (folder / "RECORD").write_text(record, encoding="utf-8")


def pack_wheel(name: str, version: str, files: Sequence[str], *, headers: str = "", metadata: bool = True) -> bytes:
    """A wheel with these (empty) files; ``headers`` are lines for its METADATA, which can be left out altogether."""
    stem = f"{name.replace('-', '_')}-{version}"
    content = f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\n{headers}"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.writestr(zipfile.ZipInfo(path), b"")
        if metadata:
            archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/METADATA"), content)
        archive.writestr(zipfile.ZipInfo(f"{stem}.dist-info/RECORD"), b"")
    return stream.getvalue()


def describe(path: Path) -> Distribution:
    """What a release set says about the file at ``path``."""
    data = path.read_bytes()
    kind = DistributionKind.WHEEL if path.suffix == ".whl" else DistributionKind.SDIST
    return Distribution(name=path.name, size=len(data), sha256=hashlib.sha256(data).hexdigest(), kind=kind)


def build_release(
    folder: Path, name: str, version: str, *, needs: Sequence[str] = (), content: str = "value = 1\n"
) -> BuiltRelease:
    """Make wheel and sdist in ``folder`` and return the release that they are of, with every check passed."""
    files = tuple(describe(path) for path in build(folder, name, version, content=content))
    checks: Mapping[str, Outcome] = dict.fromkeys(CHECKS, Outcome.PASSED)
    return BuiltRelease(release=plan_release(name, version, needs=needs), files=files, requires_dist=(), checks=checks)


def plan_release(name: str, version: str, *, needs: Sequence[str] = ()) -> Release:
    """A planned release of the distribution ``name``."""
    return Release(
        package=name.replace("-", "_"),
        distribution=name,
        version=version,
        previous=None,
        bump=Bump.FIRST,
        fingerprint="0" * 64,
        needs=tuple(needs),
    )


def release_set(*built: BuiltRelease, unbuilt: Sequence[Release] = (), provisional: str | None = None) -> ReleaseSet:
    """The set of ``built`` releases, from a plan that begins with ``unbuilt`` ones."""
    plan = Plan(
        commit=None,
        indexes=(),
        builder="flit_core",
        releases=(*unbuilt, *(release.release for release in built)),
        provisional=provisional,
    )
    return ReleaseSet(plan=plan, releases=built)


@contextmanager
def _fixed_times() -> Iterator[None]:
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = "1700000000"
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before

"""Remembered scans: the same result as a new scan, whatever has changed since."""

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from paa.config import Config
from paa.edges.cache import cache_folder
from paa.edges.tree import Tree, disk_tree
from paa.model import ScannedPackage, Standing
from paa.scan.scan import glance, scan
from tests.unit.scan.samples import make_config, write

M = "python_modules"
FILES: dict[str, str | bytes] = {
    f"{M}/pkg.py": "import sib\nfrom .components import c\n__package_metadata__ = {'readme': 'README.md'}\n",
    f"{M}/sib.py": "",
    f"{M}/components/c.py": "import requests\n",
    "cli/pkg.py": "from . import helper\ncli = helper\n",
    "artifacts/pkg/x.csv": "",
}
_numbers = itertools.count()


def scanned(root: Path, config: str = "") -> tuple[ScannedPackage, ...]:
    return scan(disk_tree(root), make_config(config))


@pytest.fixture
def afresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Call it to scan the folder without any memory."""

    def scan_afresh(root: Path, config: str = "") -> tuple[ScannedPackage, ...]:
        with monkeypatch.context() as patch:
            patch.setenv("PAA_CACHE_DIR", str(tmp_path / f"cache{next(_numbers)}"))
            return scanned(root, config)

    yield scan_afresh  # noqa: PT022  # the context is the test's


CHANGES: list[tuple[dict[str, str | bytes], str]] = [
    ({}, ""),
    ({f"{M}/pkg.py": "import sib\n"}, ""),
    ({f"{M}/components/c.py": "import numpy\n"}, ""),
    ({f"{M}/components/__init__.py": "import numpy\n"}, ""),
    ({f"{M}/sib.py": "__package_metadata__ = {'name': 'renamed'}\n"}, ""),
    ({f"{M}/sib.py": "__package_metadata__ = {'name': 'pkg'}\n"}, ""),
    ({f"{M}/sib.py": "__package_metadata__ = {'publish': False}\n"}, ""),
    ({f"{M}/requests.py": ""}, ""),
    ({f"{M}/pkg_.py": ""}, ""),
    ({f"{M}/PKG.py": ""}, ""),
    ({"README.md": "# The package\n"}, ""),
    ({"cli/pkg.py": "x = 1\n"}, ""),
    ({"cli/helper.py": ""}, ""),
    ({"mcp/pkg.py": "import qqq_unknown\n"}, ""),
    ({"artifacts/pkg/x.csv": "1"}, ""),
    ({"artifacts/pkg/y.link": ""}, ""),
    ({"example_notebooks/pkg.ipynb": "{}"}, ""),
    ({"LICENSE": ""}, ""),
    ({".paa/package_mapping.json": '{"requests": "niquests"}'}, ""),
    ({"unrelated.txt": ""}, ""),
    ({}, "license_label: mit\n"),
    ({}, "module_dir: .\ndependencies_dir: python_modules/components\n"),
]


@pytest.mark.parametrize(("changes", "config"), CHANGES, ids=[f"{changes} {config}" for changes, config in CHANGES])
def test_a_change_is_seen_as_by_a_new_scan(
    tmp_path: Path, afresh: object, changes: dict[str, str | bytes], config: str
) -> None:
    assert callable(afresh)
    root = tmp_path / "ppr"
    write(root, FILES)
    before = scanned(root)
    assert scanned(root) == before == afresh(root)

    write(root, changes)

    assert scanned(root, config) == afresh(root, config)
    assert scanned(root, config) == afresh(root, config)


def standings(packages: tuple[ScannedPackage, ...]) -> tuple[Standing, ...]:
    return tuple(
        Standing(
            package=item.package,
            distribution=item.distribution,
            fingerprint=item.fingerprint,
            publish=item.metadata is None or item.metadata.publish,
            findings=item.findings,
        )
        for item in packages
    )


@pytest.mark.parametrize(("changes", "config"), CHANGES, ids=[f"{changes} {config}" for changes, config in CHANGES])
@pytest.mark.parametrize("first", [scan, glance])
def test_a_glance_sees_what_a_new_scan_sees(
    tmp_path: Path,
    afresh: object,
    first: Callable[[Tree, Config], object],
    changes: dict[str, str | bytes],
    config: str,
) -> None:
    assert callable(afresh)
    root = tmp_path / "ppr"
    write(root, FILES)
    first(disk_tree(root), make_config(""))
    assert glance(disk_tree(root), make_config("")) == standings(afresh(root))

    write(root, changes)

    assert glance(disk_tree(root), make_config(config)) == standings(afresh(root, config))
    assert glance(disk_tree(root), make_config(config)) == standings(scanned(root, config))


@pytest.mark.parametrize("gone", sorted(FILES))
def test_a_file_that_is_gone_is_missed(tmp_path: Path, afresh: object, gone: str) -> None:
    assert callable(afresh)
    root = tmp_path / "ppr"
    write(root, {**FILES, "README.md": "", "cli/helper.py": ""})
    scanned(root)

    (root / gone).unlink()

    assert scanned(root) == afresh(root)


def test_an_error_is_gone_with_its_cause(tmp_path: Path) -> None:
    write(tmp_path, {f"{M}/pkg.py": "__package_metadata__ = {'readme': 'docs/pkg.md'}\n"})
    (before,) = scanned(tmp_path)

    write(tmp_path, {"docs/pkg.md": "# The package\n"})

    (after,) = scanned(tmp_path)
    assert [finding.rule for finding in before.errors] == ["metadata"]
    assert after.errors == ()
    assert "docs/pkg.md" in after.contents


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"key": 1}', b"\xff"])
def test_a_damaged_memory_is_as_none(tmp_path: Path, damage: bytes) -> None:
    write(tmp_path, FILES)
    before = scanned(tmp_path)
    files = [path for path in cache_folder(os.environ).rglob("*") if path.is_file()]
    assert files
    for path in files:
        path.write_bytes(damage)

    assert scanned(tmp_path) == before
    assert scanned(tmp_path) == before


def test_what_is_remembered_is_all_there_is(tmp_path: Path) -> None:
    write(tmp_path, FILES)

    first, second = scanned(tmp_path), scanned(tmp_path)

    assert first == second
    assert [item.metadata for item in first] == [item.metadata for item in second]

"""Hostile sources, each scanned as the module of a real repository, against exactly what they require."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.scan.hostile import (
    clashes,
    components,
    conditions,
    distributions,
    dynamic,
    encodings,
    guards,
    imports,
    lone_marks,
    marks,
    never,
    platforms,
    siblings,
    standard_library,
    strings,
)
from tests.unit.scan.hostile.row import Row
from tests.unit.scan.samples import scan_files

SUBJECTS = (
    imports,
    guards,
    conditions,
    never,
    platforms,
    marks,
    lone_marks,
    standard_library,
    dynamic,
    strings,
    encodings,
    clashes,
    siblings,
    components,
    distributions,
)
ROWS: dict[str, Row] = {
    f"{subject.__name__.rpartition('.')[2]}: {row.name}": row for subject in SUBJECTS for row in subject.ROWS
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_hostile_source_requires_exactly(tmp_path: Path, row: Row) -> None:
    scanned = scan_files(tmp_path / "repository", row.tree, row.settings)["pkg"]

    assert row.found(scanned) == row.expected()
    assert bool(scanned.fingerprint) is not any(text.startswith("error") for text in row.findings)


def test_the_table_is_long_and_no_row_is_there_twice() -> None:
    assert len(ROWS) == sum(len(subject.ROWS) for subject in SUBJECTS) >= 400
    assert len({(*row.tree.items(), row.python) for row in ROWS.values()}) == len(ROWS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"requires": ("requests>=2",)},
        {"requires": ("requests>=1", "numpy")},
        {"requires": ()},
        {"optional": ("requests>=1",)},
        {"findings": ("warning dynamic-import 4: 'numpy' is imported",)},
        {"findings": ("error dynamic-import 3: 'numpy' is imported",)},
        {"findings": ("warning dynamic-import 3: 'numpi' is imported",)},
        {"findings": ("warning dynamic-import 3:",)},
        {"findings": ()},
    ],
)
def test_a_row_that_expects_something_else_fails(tmp_path: Path, wrong: dict[str, tuple[str, ...]]) -> None:
    right = Row(
        name="right",
        source="import importlib\nimport requests #>=1\nimportlib.import_module('numpy')\n",
        requires=("requests>=1",),
        findings=("warning dynamic-import 3: 'numpy' is imported",),
    )
    scanned = scan_files(tmp_path / "repository", right.tree, right.settings)["pkg"]

    other = replace(right, **wrong)  # type: ignore[arg-type]  # the keys are fields of rows

    assert right.found(scanned) == right.expected()
    assert other.found(scanned) != other.expected()

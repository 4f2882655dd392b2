"""For small modules of every kind: merging is refused, or the merged module behaves as the mirrored one."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from paa.errors import FindingsError
from tests.unit.assemble.merging.behaviour import (
    COMPONENTS,
    MODULE,
    merged,
    observed,
    write_merged,
    write_mirrored,
)

PLACES = {
    "x": f"{COMPONENTS}/x.py",
    "y": f"{COMPONENTS}/y.py",
    "d": f"{COMPONENTS}/d/__init__.py",
    "d.w": f"{COMPONENTS}/d/w.py",
}
SHARED = ["a", "_p", "len", "state"]
FROM_OUTSIDE = ("import os", "import datetime", "from datetime import datetime", "from os import sep")
# n, m: names of the source itself; t: a name of the component c, whose last part is l and whose folder is f.
STATEMENTS = (
    "{n} = {m}",
    "{n} = {k}",
    "{n} = len('abc')",
    "{n} = [1]",
    "def {n}(): return {m}",
    "def {n}({m}=2): return {m}",
    "def {n}():\n    global {m}\n    {m} = {k}\n    return {m}",
    "def {n}():\n    {m}.append(1)\n    return len({m})",
    "class {n}: {m} = {k}",
    "class {n}: {m} = {m}",
    "{n} = [{m} for v in (1, 2)]",
    "{n} = (lambda: {m})",
)
UNUSUAL = (
    "if {k}: {n} = 1",
    "for {n} in range(2): pass",
    "try: {n} = {m}\nexcept Exception: pass",
    "try: del {n}\nexcept NameError: pass",
    "__all__ = ['{n}']",
    "{n} = __name__",
    "{n} = __name__ == '__main__'",
)
IMPORTS = (
    "from components.{c} import {t}",
    "from components.{c} import {t}\n{n} = {t}",
    "from components.{c} import {t}\ndef {n}(): return {t}",
    "from components.{c} import {t} as {n}",
    "from components.{c} import *",
    "import components.{c} as m{l}; {n} = m{l}.{t}",
    "import components.{c} as m{l}\ndef {n}(): return m{l}.{t}",
    "import components.{c} as m{l}\ndef {n}():\n    m{l}.{t} = {k}\n    return m{l}.{t}",
    "import components.{c} as m{l}\nm{l}.{t} = {k}",
    "from {f} import {l}",
    "from {f} import {l}\n{n} = {l}.{t}",
    "def {n}():\n    from components.{c} import {t}; return {t}",
    "{n} = 1; from components.{c} import {t}; {m} = 2",
    "try: from components.{c} import {t}\nexcept ImportError: {n} = 5",
    "if TYPE_CHECKING:\n    from components.{c} import {t}",
)
# Which template, and which of the names and numbers it is filled with.
CHOICES = st.lists(st.tuples(st.integers(0, 99), st.lists(st.integers(0, 99), min_size=5, max_size=5)), max_size=4)


def own_name(place: str, choice: int) -> str:
    """A name that only this source uses, or seldom one that others use too."""
    short = place.replace(".", "")
    names = [f"{short}1", f"{short}2", f"_{short}3"] * 7
    return [*names, *SHARED][choice % (len(names) + len(SHARED))]


def statement(place: str, reachable: list[str], choice: tuple[int, list[int]]) -> str:
    """A statement of the source ``place``, which may import the components ``reachable``."""
    which, (first, second, third, number, component) = choice
    templates = [*STATEMENTS, *FROM_OUTSIDE, *STATEMENTS, *UNUSUAL, *(IMPORTS * 2 if reachable else ())]
    target = reachable[component % len(reachable)] if reachable else ""
    folder, _, last = f"components.{target}".rpartition(".")
    names = {"n": own_name(place, first), "m": own_name(place, second), "t": own_name(target, third)}
    template: str = templates[which % len(templates)]
    return template.format(**names, k=number % 10, c=target, f=folder, l=last)


@st.composite
def packages(draw: st.DrawFn) -> dict[str, str]:
    """A module and components; each may import those before it, so that most have no circle."""
    files: dict[str, str] = {}
    reachable: list[str] = []
    for place, path in PLACES.items():
        values = ("1", "[2]", "3", "4")
        known = [f"{own_name(place, choice)} = {values[choice]}" for choice in range(draw(st.integers(0, 3)))]
        lines = [statement(place, list(reachable), choice) for choice in draw(CHOICES)]
        files[path] = "\n".join([*known, *lines[:2]]) + "\n"
        reachable.append(place)
    first = f"from components.{reachable[draw(st.integers(0, 3))]} import *"
    lines = [statement("m", reachable, choice) for choice in draw(CHOICES)]
    files[MODULE] = "\n".join(["TYPE_CHECKING = False", *([first] * draw(st.integers(0, 1))), *lines]) + "\n"
    return files


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(packages())
def test_a_merged_module_behaves_as_the_mirrored_one_or_is_refused(files: dict[str, str]) -> None:
    try:
        made = merged(files)
    except FindingsError:
        event("refused")
        return
    event("merged")
    with tempfile.TemporaryDirectory() as folder:
        mirrored = observed(write_mirrored(files, Path(folder, "mirrored")))
        event("fails to import" if isinstance(mirrored, type) else "works")
        assert observed(write_merged(made.module, Path(folder, "merged"))) == mirrored, made.module.decode()

"""Packages of one repository that need each other: found wherever the import stands, with floors, or named."""

import zipfile
from email.parser import BytesParser

import pytest

from tests.functional.command_line import CONFIG, built_file, done, paa, planned
from tests.repository import Repository

M = "python_modules"
COMPONENT = f"{M}/components/x.py"
BASE = {".paa.config": CONFIG, ".gitignore": "/dist/\n", f"{M}/base.py": '"""Base."""\ndef f(): return 1\n'}
IMPORTS = [
    {f"{M}/needy.py": "import base\n"},
    {f"{M}/needy.py": "def g():\n    from base import f\n    return f()\n"},
    {f"{M}/needy.py": "from .components.x import f\n", COMPONENT: "from base import f\n"},
    {
        f"{M}/needy.py": "def g():\n    import components.x as x\n    return x\n",
        COMPONENT: "def h():\n    import base\n",
    },
    {f"{M}/needy.py": "", "cli/needy.py": "import base\ndef cli(): pass\n"},
    {f"{M}/needy.py": "", "cli/needy.py": "from base.cli import cli\n", "cli/base.py": "def cli(): pass\n"},
    {f"{M}/needy.py": "", "api_routes/needy.py": "from components.x import f\n", COMPONENT: "from base import f\n"},
    {f"{M}/needy.py": "import base.base as b\n"},
]


def required(repository: Repository, wheel: str) -> list[str]:
    path = built_file(repository.path, wheel)
    with zipfile.ZipFile(path) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return BytesParser().parsebytes(archive.read(name)).get_all("Requires-Dist") or []


@pytest.mark.parametrize("files", IMPORTS, ids=range(len(IMPORTS)))
def test_a_sibling_is_required_with_its_floor_wherever_it_is_imported(
    repository: Repository, files: dict[str, str]
) -> None:
    repository.write({**BASE, **files})
    repository.commit("Two packages")
    plan = done(paa(repository.path, "plan", "--json"))
    assert list(planned(plan)) == ["base", "needy"]
    needy = plan.json["releases"][1]
    assert (needy["needs"], needy["floors"]) == (["base"], {"base": "0.0.1"})
    done(paa(repository.path, "make-package", "--all"))
    assert required(repository, "needy-0.0.1-py3-none-any.whl") == ["base>=0.0.1"]


TWO = {".paa.config": CONFIG, f"{M}/one.py": "import two\n"}
CIRCLES = [
    {**TWO, f"{M}/two.py": "import one\n"},
    {**TWO, f"{M}/two.py": "def late():\n    from one import f\n"},
    {
        **TWO,
        f"{M}/two.py": "from .components.x import f\n",
        COMPONENT: "from .y import f\n",
        f"{M}/components/y.py": "import one\n",
    },
    {**TWO, f"{M}/two.py": "", "cli/two.py": "from one.cli import cli\n", "cli/one.py": "def cli(): pass\n"},
    {**TWO, f"{M}/two.py": "import sys\nif sys.platform == 'win32':\n    import one\n"},
]


@pytest.mark.parametrize("files", CIRCLES, ids=range(len(CIRCLES)))
def test_a_circle_names_its_members_and_blocks_no_other(repository: Repository, files: dict[str, str]) -> None:
    repository.write({**files, f"{M}/alone.py": ""})
    repository.commit("A circle")
    plan = paa(repository.path, "plan", "--json")
    assert plan.code == 1
    assert list(planned(plan)) == ["alone"]
    reasons = {item["package"]: item["reason"] for item in plan.json["blocked"]}
    assert reasons.keys() == {"one", "two"}
    assert all("one → two → one" in reason or "two → one → two" in reason for reason in reasons.values()), reasons


NO_CIRCLES = [
    # What only an extra, a type checker or nothing asks for does not have to be there first.
    {**TWO, f"{M}/two.py": "try:\n    import one\nexcept ImportError:\n    one = None\n"},
    {**TWO, f"{M}/two.py": "#! import one\n"},
    {**TWO, f"{M}/two.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import one\n"},
    {**TWO, f"{M}/two.py": "import one #-\n"},
    {**TWO, f"{M}/two.py": "", COMPONENT: "import one\n"},
]


@pytest.mark.parametrize("files", NO_CIRCLES, ids=range(len(NO_CIRCLES)))
def test_what_is_no_circle_is_released_in_order(repository: Repository, files: dict[str, str]) -> None:
    repository.write(files)
    repository.commit("No circle")
    plan = done(paa(repository.path, "plan", "--json"))
    assert plan.json["blocked"] == []
    assert list(planned(plan)) == ["two", "one"]

"""One module of a module and its components: exact where it is merged, and every reason where it is not."""

import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

from paa.errors import FindingsError
from tests.packages import MODULES, run_python, scan_files, write_tree
from tests.unit.assemble.merging.behaviour import COMPONENTS as C
from tests.unit.assemble.merging.behaviour import MODULE, merged

X, Y = f"{C}/x.py", f"{C}/y.py"
USED = "from components.x import f\n"


def text(files: Mapping[str, str | bytes]) -> str:
    """The merged module without the lines that say what is from where."""
    lines = merged(files).module.decode().splitlines()
    return "\n".join(line for line in lines if not line.startswith(("# >>> ", "# <<< ")))


def test_a_component_stands_where_it_runs_first() -> None:
    files = {
        MODULE: '"""Doc."""\nfrom __future__ import annotations\nimport os; from .components.x import f as g; b = 1\n',
        X: '"""Doc of x."""\nfrom __future__ import annotations\nfrom . import y as why\ndef f(): return why.h()',
        Y: "from __future__ import annotations\ndef h(): return 1\n",
    }
    made = merged(files)
    assert made.module.decode() == (
        '"""Doc."""\nfrom __future__ import annotations\nimport os; \n'
        "# >>> components/x.py\n\n\n# >>> components/y.py\n\ndef h(): return 1\n# <<< components/y.py\n"
        "import pkg as why\ndef f(): return why.h()\n# <<< components/x.py\n"
        "from pkg import f as g\nb = 1\n"
        '__all__ = [\n    "annotations",\n    "b",\n    "g",\n    "os",\n]\n'
    )
    assert made.lines == ((4, 13),)
    assert made.beside == {}


WORKS = [
    ("from components.x import f, f as g\nassert f() == g() == 1", "def f(): return 1"),
    (
        "import components.x as z\nassert z.f() == 1 and z.n == 1",
        "n = 0\ndef f():\n    global n\n    n += 1\n    return n",
    ),
    ("from .components import x as z\nz.n = 5\nassert z.f() == 5", "n = 0\ndef f(): return n"),
    ("from pkg.components.x import *\nassert f() == 1", "def f(): return _p\n_p = 1"),
    ("def late():\n    from components.y import g\n    return g()", "def f(): return 1"),
    ("import os\nfrom components.x import f\nassert f() == os.sep", "import os\ndef f(): return os.sep"),
    ("from components.x import f\nassert f() is False", "def f(): return __name__ == '__main__'"),
    (
        "from components.x import f\nassert f() == 'pkg.components.x'",
        "import logging\ndef f(): return logging.getLogger(__name__).name",
    ),
    (
        "order = ['m']\nimport builtins; builtins.seen = order\nfrom components.x import f\nassert order == ['m', 'x']",
        "import builtins\nbuiltins.seen.append('x')\ndef f(): pass",
    ),
    (
        "from components.x import f\n__all__ = ['f']\nassert f() == 1",
        "__all__ = ['f', 'g']\n__author__ = 'me'\n__version__ = '3'\ndef f(): return 1\ndef g(): pass",
    ),
    (
        "__version__ = '2'\nfrom components.x import f\nassert __version__ == '2'",
        "__version__ = '3'\ndef f(): return 1",
    ),
    (
        "from typing import TYPE_CHECKING as T\nfrom components.x import f\nif T:\n\tfrom components.x import C",
        "class C: pass\ndef f(): return C",
    ),
    ("from components.x import f; assert f(2) == [0, 1]", "def f(n): return [i for i in range(n)]"),
    ("from components.x import (  # why\n    f,\n    g,\n)\nassert f() is g", "def f(): return g\ndef g(): return f"),
]


@pytest.mark.parametrize(
    ("module", "component"), WORKS, ids=[f"{number}: {item[0]}" for number, item in enumerate(WORKS)]
)
def test_what_is_merged_works_in_a_clean_process(tmp_path: Path, module: str, component: str) -> None:
    files = {MODULE: f"{module}\n", X: f"{component}\n", Y: "def g(): return 2\n"}
    if "components.y" in module:
        files[MODULE] = f"from components import y\n{module}\n"
    shipped = {path: text for path, text in files.items() if path != Y or "components.y" in module}
    site = write_tree(tmp_path, {"pkg/__init__.py": merged(shipped).module})
    run_python("import pkg; assert callable(getattr(pkg, 'late', print)); getattr(pkg, 'late', int)()", site)


REFUSED = [
    # Each: the module, two components, and the reasons.
    (
        "from components.x import f\nfrom components.y import g",
        "def _h(): pass\ndef f(): pass",
        "\ndef _h(): pass\ndef g(): pass",
        [f"{Y}:2: '_h' is something else here than at {X}:1"],
    ),
    (
        "from components.x import f\nfrom datetime import datetime",
        "import datetime\ndef f(): pass",
        "",
        [f"{MODULE}:2: 'datetime' is something else here than at {X}:1"],
    ),
    (
        "import numpy as np\nfrom components.x import f",
        "import numpy.linalg as np\ndef f(): pass",
        "",
        [f"{MODULE}:1: 'np' is something else here than at {X}:1"],
    ),
    (
        "from components.x import f\ndata = open('x')",
        "def f(): pass\ndef open(): pass",
        "",
        [f"{MODULE}:2: 'open' is Python's own here, and bound at {X}:2"],
    ),
    (
        "def open(): pass\nfrom components.x import f",
        "def f(): return open('x')",
        "",
        [f"{X}:1: 'open' is Python's own here, and bound at {MODULE}:1"],
    ),
    (
        "from components.x import f\ntry: g\nexcept NameError: pass",
        "def f(): pass\ng = 1",
        "",
        [f"{MODULE}:2: 'g' is not bound here, and bound at {X}:2"],
    ),
    (
        "from components.x import len",
        "def len(): pass",
        "",
        [f"{MODULE}:1: 'len' takes the place of Python's own here, and at {X}:1"],
    ),
    (
        "from components.x import n, f",
        "n = 0\ndef f():\n    global n\n    n = 1",
        "",
        [f"{X}:4: 'n' is bound anew while the package runs, and {MODULE}:1 has its own"],
    ),
    (
        "from components.x import n\nimport components.x as z\nz.n = 2",
        "n = 0",
        "",
        [f"{X}:1: 'n' is set from another file, and others have their own"],
    ),
    (
        "from components.x import f\nf = 1",
        "def f(): pass",
        "",
        [f"{MODULE}:1: 'f' is something else here than at {X}:1"],
    ),
    (
        "def g():\n    from components.x import f",
        "def f(): pass",
        "",
        [f"{MODULE}:2: {X} is imported late or under a condition, and would run as soon as the package is imported"],
    ),
    (
        "try:\n    from components.x import f\nexcept ImportError:\n    f = None",
        "def f(): pass",
        "",
        [f"{MODULE}:2: {X} is imported late or under a condition, and would run as soon as the package is imported"],
    ),
    (
        "from components.x import f",
        "from .y import g\ndef f(): pass",
        "from .x import f\ndef g(): pass",
        [f"{Y}:1: components that import each other in a circle: {X} → {Y} → {X}"],
    ),
    (
        "from __future__ import annotations\nfrom components.x import f",
        "def f(): pass",
        "",
        [f"{X}:1: {X} does not ask for 'from __future__ import annotations', unlike {MODULE}"],
    ),
    (
        "from components.x import f",
        "from __future__ import annotations\ndef f(): pass",
        "",
        [f"{X}:1: {X} asks for 'from __future__ import annotations', unlike {MODULE}"],
    ),
    (
        "from components.x import f",
        "import os\nHERE = os.path.dirname(__file__)\ndef f(): pass",
        "",
        [f"{X}:2: __file__ would be that of the package"],
    ),
    (
        "from components.x import f",
        "print(f'{__name__}')\ndef f(): pass",
        "",
        [f"{X}:1: __name__ would be that of the package"],
    ),
    (
        "from components.x import f",
        "def f(): return globals()",
        "",
        [f"{X}:1: globals would show the names of all merged files"],
    ),
    (
        "from components.x import f\nnames = dir()",
        "def f(): pass",
        "",
        [f"{MODULE}:2: dir() would show the names of all merged files"],
    ),
    (
        "from components.x import f\nimport sys\nsys.modules[__name__].q = 1",
        "def f(): pass",
        "",
        [f"{MODULE}:3: sys.modules no longer has the components"],
    ),
    (
        "from components.x import f",
        "def __getattr__(name): return 1\ndef f(): pass",
        "",
        [f"{X}:1: __getattr__ would answer for the names of all merged files"],
    ),
    (
        "from components.x import f\ndef __getattr__(name): raise AttributeError",
        "def f(): pass",
        "",
        [f"{MODULE}:2: __getattr__ would answer for the names of all merged files"],
    ),
    (
        "from components.x import f",
        "from os.path import *\ndef f(): pass",
        "",
        [f"{X}:1: nobody can tell which names 'import *' brings from outside of the package"],
    ),
    (
        "from components.x import f\nimport importlib\nimportlib.import_module('pkg.components.x')",
        "def f(): pass",
        "",
        [f"{MODULE}:3: import_module may ask for a component"],
    ),
    (
        "import components.x",
        "def f(): pass",
        "",
        [f"{MODULE}:1: 'import components.x' binds a folder, which is not there any more; add 'as …'"],
    ),
    (
        "from . import components\nfrom components.x import f",
        "def f(): pass",
        "",
        [f"{MODULE}:1: 'components' is a folder, which is not there any more"],
    ),
    (
        "import components.x as z\nprint(z)",
        "def f(): pass",
        "",
        [f"{MODULE}:2: {X} is used as an object, which is not there any more"],
    ),
    ("import components.x as z\nprint(z.g)", "def f(): pass", "", [f"{MODULE}:2: {X} binds no 'g'"]),
    ("from components.x import g", "def f(): pass", "", [f"{MODULE}:1: {X} binds no 'g'"]),
    (
        "from components.x import *",
        "if 1:\n    f = 1",
        "",
        [f"{MODULE}:1: 'import *' takes 'f', which {X} does not bind for certain"],
    ),
    ("from components.x import f", "def f():\n    from pkg import f", "", [f"{X}:2: the package imports itself"]),
    (
        "from components.x import f",
        "def f(): pass\ndef cli(): pass",
        "",
        [f"{X}:2: 'cli' is also a name of the package itself"],
    ),
    (
        "from components.x import f\ndef g():\n    global made\n    made = 1",
        "def f(): pass\nother = 1",
        "",
        [f"{MODULE}:4: 'made' is public, and bound only while the package runs; give the module an __all__"],
    ),
    (
        "from components.x import f\nimport components.y as f2\ndef g(f2): return f2",
        "def f(): pass",
        "h = 1",
        [f"{MODULE}:3: {Y} is used as an object, which is not there any more"],
    ),
    # Every reason at once, in the order of the files.
    (
        "from components.x import f\nfrom components.y import g\nopen(0)",
        "def f(): return globals()\ndef h(): pass",
        "def g(): pass\ndef h(): pass\ndef open(): pass",
        [f"{X}:1: globals would show", f"{Y}:2: 'h' is something else", f"{MODULE}:3: 'open' is Python's own here"],
    ),
]


@pytest.mark.parametrize(
    ("module", "x", "y", "reasons"), REFUSED, ids=[f"{number}: {item[3][0]}" for number, item in enumerate(REFUSED)]
)
def test_what_might_do_something_else_is_refused(module: str, x: str, y: str, reasons: list[str]) -> None:
    files = {MODULE: f"{module}\n", X: f"{x}\n"} | ({Y: f"{y}\n"} if y else {})
    with pytest.raises(FindingsError) as caught:
        merged(files)
    first, *lines = caught.value.message.splitlines()
    assert first == "pkg can't be merged faithfully:"
    assert len(lines) == len(reasons), caught.value.message
    told = [line.strip().replace(" can't be merged:", "", 1) for line in lines]
    assert all(line.startswith(reason) for line, reason in zip(told, reasons, strict=True)), lines
    assert "assembly: mirror" in (caught.value.advice or "")


def test_a_folder_that_binds_the_name_of_its_component_is_refused_unless_it_is_from_there() -> None:
    init, inner = f"{C}/d/__init__.py", f"{C}/d/clean.py"
    good = {
        MODULE: "from .components.d import clean\n",
        init: "from .clean import clean\n",
        inner: "def clean(): pass\n",
    }
    assert "from pkg import clean" in text(good)
    with pytest.raises(
        FindingsError, match=rf"{init}:1: can't be merged: 'clean' is bound here, and is the component {inner} too"
    ):
        merged({**good, init: "clean = 1\n", MODULE: "from .components.d.clean import clean\n"})


@pytest.mark.parametrize(
    ("encoding", "line_end"),
    [("latin-1", "\r\n"), ("cp1252", "\n"), ("utf-8-sig", "\r"), ("utf-8-sig", "\r\n"), ("utf-8-sig", "\n")],
)
def test_encodings_and_line_ends_become_utf_8_and_line_feeds(tmp_path: Path, encoding: str, line_end: str) -> None:
    cookie = "" if encoding == "utf-8-sig" else f"# -*- coding: {encoding} -*-\n"
    module = f"{cookie}from components.x import name; own = 'é'  # ü\nboth = '''{{}}\n'''.format(name) + own\n"
    component = f"{cookie}\f\nname = 'ß'; other = \\\n  1\n"
    files = {
        MODULE: module.replace("\n", line_end).encode(encoding),
        X: component.replace("\n", line_end).encode(encoding),
    }
    made = merged(files).module
    assert b"\r" not in made
    ast.parse(made)
    site = write_tree(tmp_path, {"pkg/__init__.py": made})
    assert run_python("import pkg; print(ascii(pkg.both))", site) == ascii("ß\né")


def test_what_only_interfaces_import_stays_a_file_line_for_line(tmp_path: Path) -> None:
    files = {
        f"{MODULES}/tool.py": "from components.x import f\n\ndef main(): return f()\n",
        f"{MODULES}/components/x.py": "count = 0\ndef f():\n    global count\n    count += 1\n    return count\n",
        f"{MODULES}/components/only.py": "from .x import f\nfrom components import x\ndef g(): return f(), x.count\n",
        "cli/tool.py": (
            "import click\nfrom components.x import (\n    f,\n)\nfrom .components import only, x\n"
            "from tool.tool import *\n"
            "@click.command()\ndef cli(): print(f(), only.g(), main(), x.count)\n"
        ),
    }
    setup = scan_files(tmp_path / "ppr", files, "assembly: merge\n").assemble("tool")
    assert [name for name in setup.files if name.startswith("tool/components/")] == ["tool/components/only.py"]
    cli = setup.files["tool/cli.py"].decode().splitlines()
    assert cli.index("@click.command()") == files["cli/tool.py"].splitlines().index("@click.command()")
    site = write_tree(tmp_path / "site", setup.files)
    assert run_python("from tool.cli import cli; cli([], standalone_mode=False)", site) == "1 (2, 2) 3 3"


def test_types_of_a_component_that_stays_a_file_are_imported_from_there() -> None:
    module = (
        "import typing\nfrom components.x import f\nif typing.TYPE_CHECKING:\n    from .components.y import T as Y\n"
    )
    interface = "import click\nfrom components.y import T\n"
    files = {MODULE: module, X: "def f(): pass\n", Y: "T = int\n", "cli/pkg.py": interface}
    made = merged(files)
    assert "    from pkg.components.y import T as Y" in made.module.decode()
    assert made.beside == {Y: b"T = int\n", "cli/pkg.py": interface.encode()}


def test_a_star_brings_the_names_of_the_module_and_not_those_of_its_components(tmp_path: Path) -> None:
    files = {
        MODULE: "import os\nfrom components.x import f\nif os.sep == '?':\n    rare = 1\n_own = 1\nvalue = 2\n",
        X: "import json\nhidden = 1\ndef f(): return json, hidden\n",
    }
    site = write_tree(tmp_path, {"pkg/__init__.py": merged(files).module})
    code = "from pkg import *; import pkg; print(sorted(n for n in globals() if n[0] != '_'), pkg.hidden)"
    assert run_python(code, site) == "['f', 'os', 'pkg', 'sys', 'value'] 1"


def test_a_name_that_only_type_checkers_see_is_not_exported(tmp_path: Path) -> None:
    module = "import typing\nfrom components.x import f\nif typing.TYPE_CHECKING:\n    from components.x import g\n"
    files = {MODULE: module, X: "def f(): return 1\ndef g(): pass\n"}
    site = write_tree(tmp_path, {"pkg/__init__.py": merged(files).module})
    assert run_python("from pkg import *; print(f(), 'g' in globals())", site) == "1 False"


def test_a_name_that_is_taken_away_again_is_not_exported(tmp_path: Path) -> None:
    files = {MODULE: "from components.x import f\ngone = 1\ndel gone\n", X: "def f(): return g()\ndef g(): return 1\n"}
    site = write_tree(tmp_path, {"pkg/__init__.py": merged(files).module})
    assert run_python("from pkg import *; print(f(), 'gone' in globals())", site) == "1 False"


def test_an_export_that_only_a_component_has_is_refused() -> None:
    files = {MODULE: "from components.x import f\n__all__ = ['f', 'g']\n", X: "def f(): pass\ndef g(): pass\n"}
    with pytest.raises(FindingsError, match=rf"{MODULE}:2: can't be merged: 'g' is in __all__, and only in {X}"):
        merged(files)


def test_a_script_runs_its_components_once(tmp_path: Path) -> None:
    files = {
        f"{MODULES}/tool.py": (
            "from components.x import f, calls; import sys\nfrom .components import y\n"
            "def main(): print(f(), calls, y.g(), __name__, sys.argv[1:])\nif __name__ == '__main__':\n    main()\n"
        ),
        f"{MODULES}/components/x.py": "print('x runs')\ncalls = []\ndef f(): calls.append(1); return len(calls)\n",
        f"{MODULES}/components/y.py": "from .x import f\ndef g(): return f()\n",
    }
    expected = "x runs\n1 [1, 1] 2 __main__ []"
    code = "import runpy, sys; sys.argv = ['tool']; runpy.run_module('tool', run_name='__main__', alter_sys=True)"
    for settings in ("", "assembly: merge\n"):
        folder = tmp_path / (settings.strip() or "mirror").replace(": ", "-")
        setup = scan_files(folder / "ppr", files, settings).assemble("tool")
        assert run_python(code, write_tree(folder / "site", setup.files)) == expected, settings


def test_without_components_merging_changes_nothing(tmp_path: Path) -> None:
    files = {f"{MODULES}/tool.py": "# coding: latin-1\r\nimport sys\r\nsys.modules[__name__].x = 1\r\n"}
    one = scan_files(tmp_path / "one", files).assemble("tool")
    two = scan_files(tmp_path / "two", files, "assembly: merge\n").assemble("tool")
    assert one.files["tool/__init__.py"] == two.files["tool/__init__.py"]


def test_thousands_of_components_in_a_row_are_refused_and_not_a_crash() -> None:
    files = {f"{C}/c{n}.py": f"from .c{n + 1} import f{n + 1}\ndef f{n}(): pass\n" for n in range(1500)}
    files |= {MODULE: "from components.c0 import f0\n", f"{C}/c1500.py": "def f1500(): pass\n"}
    with pytest.raises(FindingsError, match="its components import each other too deeply"):
        merged(files)

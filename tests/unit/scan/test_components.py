"""Local imports: which files they need, in every spelling, and where those land in the package."""

from collections.abc import Collection, Mapping
from pathlib import Path

import pytest

from paa.scan.components import Layout, LocalImport, local_import
from paa.scan.reach import follow
from tests.unit.scan.samples import read, scan_files, shown_findings, shown_requirements

FILES = (
    "python_modules/pkg.py",
    "python_modules/other.py",
    "python_modules/components/x.py",
    "python_modules/components/y.py",
    "python_modules/components/bundle/__init__.py",
    "python_modules/components/bundle/z.py",
    "python_modules/components/bundle/deep/w.py",
    "python_modules/components/plain/v.py",
    "python_modules/components/plain.py",
    "python_modules/components/bundle.py",
    "cli/pkg.py",
    "cli/helper.py",
)
MODULE = "python_modules/pkg.py"
CLI = "cli/pkg.py"
C = "python_modules/components"
BUNDLE = f"{C}/bundle/__init__.py"


def layout(files: Collection[str] = FILES, modules: str = "python_modules", dependencies: str = C) -> Layout:
    folders = {file.rpartition("/")[0] for file in files if file.startswith(f"{dependencies}/")}
    folders |= {folder.rpartition("/")[0] for folder in folders}
    return Layout(package="pkg", module_dir=modules, dependencies_dir=dependencies, paths=set(files), folders=folders)


def found(statement: str, importer: str = MODULE, where: Layout | None = None) -> LocalImport | None:
    (fact,) = read(statement).imports
    return local_import(where or layout(), importer, fact)


SPELLINGS = [
    # From the module.
    (MODULE, "from .components.x import y", [f"{C}/x.py"]),
    (MODULE, "from .components import x", [f"{C}/x.py"]),
    (MODULE, "from .components import x, y", [f"{C}/x.py", f"{C}/y.py"]),
    (MODULE, "from . import components", []),
    (MODULE, "from .components import *", []),
    (MODULE, "from components.x import y", [f"{C}/x.py"]),
    (MODULE, "from components import x", [f"{C}/x.py"]),
    (MODULE, "import components.x", [f"{C}/x.py"]),
    (MODULE, "import components.x as z", [f"{C}/x.py"]),
    (MODULE, "import components", []),
    (MODULE, "from python_modules.components.x import y", [f"{C}/x.py"]),
    (MODULE, "from python_modules.components import x", [f"{C}/x.py"]),
    (MODULE, "from python_modules import components", []),
    (MODULE, "import python_modules.components.x as z", [f"{C}/x.py"]),
    (MODULE, "from pkg.components.x import y", [f"{C}/x.py"]),
    (MODULE, "from pkg.components import x", [f"{C}/x.py"]),
    (MODULE, "import pkg.components.x", [f"{C}/x.py"]),
    (MODULE, "from pkg import components", []),
    # Nested folders, with the __init__.py on the way.
    (MODULE, "from .components.bundle.z import f", [BUNDLE, f"{C}/bundle/z.py"]),
    (MODULE, "from .components.bundle import z", [BUNDLE, f"{C}/bundle/z.py"]),
    (MODULE, "from .components.bundle import f", [BUNDLE]),
    (MODULE, "from .components.bundle import *", [BUNDLE]),
    (MODULE, "from .components.bundle.deep import w", [BUNDLE, f"{C}/bundle/deep/w.py"]),
    (MODULE, "from .components.bundle.deep.w import f", [BUNDLE, f"{C}/bundle/deep/w.py"]),
    (MODULE, "import components.bundle.deep.w", [BUNDLE, f"{C}/bundle/deep/w.py"]),
    # A folder comes before a file of its name, but only with an __init__.py.
    (MODULE, "from .components import bundle", [BUNDLE]),
    (MODULE, "from .components import plain", [f"{C}/plain.py"]),
    (MODULE, "from .components.plain import f", [f"{C}/plain.py"]),
    # From an interface.
    (CLI, "from components.x import y", [f"{C}/x.py"]),
    (CLI, "from pkg.components.x import y", [f"{C}/x.py"]),
    (CLI, "from .components.x import y", [f"{C}/x.py"]),
    (CLI, "from pkg.pkg import *", []),
    (CLI, "from pkg import f", []),
    (CLI, "import pkg.pkg as p", []),
    (CLI, "from .pkg import f", []),
    (CLI, "from . import f", []),
    (CLI, "from . import f, components", []),
    # Within the components.
    (f"{C}/x.py", "from .y import f", [f"{C}/y.py"]),
    (f"{C}/x.py", "from . import y", [f"{C}/y.py"]),
    (f"{C}/x.py", "from .bundle.z import f", [BUNDLE, f"{C}/bundle/z.py"]),
    (f"{C}/x.py", "from ..components.y import f", [f"{C}/y.py"]),
    (f"{C}/x.py", "from .. import components", []),
    (f"{C}/x.py", "from components.y import f", [f"{C}/y.py"]),
    (f"{C}/x.py", "from python_modules.components.y import f", [f"{C}/y.py"]),
    (f"{C}/bundle/z.py", "from ..x import f", [f"{C}/x.py"]),
    (f"{C}/bundle/z.py", "from .. import x", [f"{C}/x.py"]),
    (f"{C}/bundle/z.py", "from .deep.w import f", [BUNDLE, f"{C}/bundle/deep/w.py"]),
    (f"{C}/bundle/z.py", "from . import f", [BUNDLE]),
    (f"{C}/bundle/__init__.py", "from .z import f", [BUNDLE, f"{C}/bundle/z.py"]),
    (f"{C}/bundle/__init__.py", "from . import z", [BUNDLE, f"{C}/bundle/z.py"]),
    (f"{C}/bundle/deep/w.py", "from ...x import f", [f"{C}/x.py"]),
    (f"{C}/bundle/deep/w.py", "from ... import x", [f"{C}/x.py"]),
    (f"{C}/bundle/deep/w.py", "from ....components import x", [f"{C}/x.py"]),
    (f"{C}/x.py", "from pkg import f", []),
    (f"{C}/x.py", "from ..pkg import f", []),
]


@pytest.mark.parametrize(("importer", "statement", "files"), SPELLINGS, ids=[f"{i}: {s}" for i, s, _ in SPELLINGS])
def test_every_spelling_leads_to_its_files(importer: str, statement: str, files: list[str]) -> None:
    local = found(statement, importer)

    assert local is not None
    assert local.fault is None
    assert list(local.files) == files


MISSING = [
    (MODULE, "from .components.nope import y", ".components.nope"),
    (MODULE, "from .components import nope", ".components.nope"),
    (MODULE, "from .components.x.inner import y", ".components.x.inner"),
    (MODULE, "from .components.bundle.nope import y", ".components.bundle.nope"),
    (MODULE, "from .components.bundle.deep import nope", ".components.bundle.deep.nope"),
    (MODULE, "from components.nope import y", "components.nope"),
    (MODULE, "from components import components", "components.components"),
    (MODULE, "import components.nope", "components.nope"),
    (MODULE, "from pkg.components.nope import y", "pkg.components.nope"),
    (MODULE, "from python_modules.components.nope import y", "python_modules.components.nope"),
    (MODULE, "from python_modules import components, other", "python_modules.other"),
    # Inside the package there is no other module beside this one.
    (MODULE, "from .other import f", ".other"),
    (MODULE, "from . import other", ".other"),
    (MODULE, "from . import components, other", ".other"),
    (MODULE, "from . import anything", ".anything"),
    (MODULE, "from ..components.x import y", "..components.x"),
    (MODULE, "from .. import components", "..components"),
    (MODULE, "from ......components.x import y", "......components.x"),
    (CLI, "from . import helper", ".helper"),
    (CLI, "from .helper import f", ".helper"),
    (CLI, "from ..python_modules.pkg import f", "..python_modules.pkg"),
    (f"{C}/x.py", "from ..other import f", "..other"),
    (MODULE, "from .components.plain.v import f", ".components.plain.v"),
    (f"{C}/x.py", "from .. import f", "..f"),
    (f"{C}/x.py", "from ...components.y import f", "...components.y"),
    (f"{C}/x.py", "from ...python_modules.components.y import f", "...python_modules.components.y"),
    (f"{C}/bundle/z.py", "from .x import f", ".x"),
    (f"{C}/bundle/z.py", "from .......x import f", ".......x"),
]


@pytest.mark.parametrize(("importer", "statement", "name"), MISSING, ids=[f"{i}: {s}" for i, s, _ in MISSING])
def test_what_leads_nowhere_is_a_fault(importer: str, statement: str, name: str) -> None:
    local = found(f"\n{statement}", importer)

    assert local is not None
    assert local.fault is not None
    assert (local.fault.rule, local.fault.line, local.fault.blocks) == ("component", 2, True)
    assert f"the local import of {name!r} leads to no file under {C}/" in local.fault.message


@pytest.mark.parametrize(
    "statement",
    ["import python_modules.other", "from python_modules import other", "from python_modules.other import f"],
)
def test_another_package_by_its_path_is_a_fault_that_says_how_to_write_it(statement: str) -> None:
    local = found(statement)

    assert local is not None
    assert local.fault is not None
    assert local.fault.message.startswith("'python_modules.other' can't be imported inside a package")
    assert local.fault.advice == "write 'from other import …' or 'import other'"


@pytest.mark.parametrize(
    ("statement", "advice"),
    [
        ("from .components.X import f", f"did you mean {C}/x.py?"),
        ("from .components.bundel import f", f"did you mean {C}/bundle.py?"),
        ("from components.bundle.deep import w2", f"did you mean {C}/bundle/deep/w.py?"),
    ],
)
def test_a_near_miss_is_called_that(statement: str, advice: str) -> None:
    local = found(statement)

    assert local is not None
    assert local.fault is not None
    assert local.fault.advice == advice


@pytest.mark.parametrize(
    "statement", ["from .components.x import f", "from .components import x", "from .components.bundle import z"]
)
def test_a_relative_import_in_an_interface_that_means_a_file_beside_it_is_a_fault(statement: str) -> None:
    beside = ("cli/components/x.py", "cli/components/bundle/__init__.py")
    local = found(statement, CLI, layout((*FILES, *beside)))

    assert local is not None
    assert local.fault is not None
    assert "this import means cli/components/" in local.fault.message


@pytest.mark.parametrize(
    "statement",
    [
        "import requests",
        "from requests.components import x",
        "import other",
        "import componentsx",
        "import python_modules",
        "from pkgs import components",
    ],
)
def test_what_is_not_local_leads_out_of_the_package(statement: str) -> None:
    assert found(statement) is None


REWRITTEN = [
    ("from components.x import y", 1, "pkg.components"),
    ("import components.x as z", 1, "pkg.components"),
    ("from python_modules.components.x import y", 2, "pkg.components"),
    ("from python_modules import components", 1, "pkg"),
    ("from pkg.components.x import y", 0, ""),
    ("from pkg import components", 0, ""),
    ("from .components.x import y", 0, ""),
]


@pytest.mark.parametrize(("statement", "replaced", "replacement"), REWRITTEN)
def test_absolute_imports_say_what_has_to_be_rewritten(statement: str, replaced: int, replacement: str) -> None:
    local = found(statement)

    assert local is not None
    assert (local.replaced, local.replacement) == (replaced, replacement)


LAYOUTS = [
    # module_dir, dependencies_dir, the folder inside the package
    ("python_modules", "python_modules/components", "components"),
    ("python_modules", "python_modules/lib/components", "lib/components"),
    ("python_modules", "components", "components"),
    ("python_modules", "shared/lib/components", "components"),
    (".", "components", "components"),
    (".", "lib/components", "lib/components"),
    ("src/modules", "src/components", "components"),
    ("modules", "modules_shared", "modules_shared"),
]


@pytest.mark.parametrize(("modules", "dependencies", "shipped"), LAYOUTS)
def test_folders_moved_by_the_settings(modules: str, dependencies: str, shipped: str) -> None:
    module = "pkg.py" if modules == "." else f"{modules}/pkg.py"
    component = f"{dependencies}/x.py"
    where = layout((module, component, f"{dependencies}/sub/y.py"), modules, dependencies)
    dotted, inside = dependencies.replace("/", "."), shipped.replace("/", ".")

    assert where.shipped_path(f"{dependencies}/sub/y.py") == f"pkg/{shipped}/sub/y.py"
    for statement in (
        f"from {dotted}.x import f",
        f"from {dependencies.rpartition('/')[2]}.x import f",
        f"from {inside}.x import f",
        f"from pkg.{inside}.x import f",
        f"from .{inside}.x import f",
        f"from .{inside} import x",
    ):
        local = found(statement, module, where)
        assert local is not None, statement
        assert (local.fault, local.files) == (None, (component,)), statement
        if local.replaced:
            parts = statement.split(" ")[1].split(".")
            assert ".".join([local.replacement, *parts[local.replaced :]]) == f"pkg.{inside}.x"
    local = found("from ..x import f", f"{dependencies}/sub/y.py", where)
    assert local is not None
    assert local.files == (component,)


def test_a_relative_import_that_holds_in_the_repository_but_not_in_the_package_is_a_fault() -> None:
    files = ("python_modules/pkg.py", "shared/lib/components/x.py", "shared/lib/components/y.py")

    local = found("from ...lib.components.y import f", files[1], layout(files, dependencies="shared/lib/components"))

    assert local is not None
    assert local.fault is not None


def test_a_folder_imported_by_its_own_name_under_other_settings() -> None:
    files = ("modules/pkg.py", "a/b/parts/x.py")

    local = found("from a.b import parts", files[0], layout(files, "modules", "a/b/parts"))

    assert local is not None
    assert (local.replaced, local.replacement) == (2, "pkg")


def test_without_the_folder_nothing_is_local_but_the_package_itself() -> None:
    where = layout((MODULE,))

    assert found("from components.x import y", where=where) is None
    assert found("from pkg.pkg import *", CLI, where) == LocalImport()
    relative = found("from .components.x import y", where=where)
    assert relative is not None
    assert relative.fault is not None


# -------------------------------------------------------------------------------------------------------- transitively


def reached(sources: Mapping[str, str], starts: tuple[str, ...] = (MODULE,)) -> tuple[list[str], list[str]]:
    facts = {path: read(source) for path, source in sources.items()}
    result = follow(layout(tuple(sources)), starts, facts.__getitem__)
    return list(result.components), [f"{path}:{fault.line}" for path, fault in result.faults]


def test_components_are_followed_through_one_another() -> None:
    sources = {
        MODULE: "from .components.x import f",
        f"{C}/x.py": "from .y import f\nimport numpy",
        f"{C}/y.py": "from components.bundle.z import f",
        BUNDLE: "from .v import f",
        f"{C}/bundle/z.py": "",
        f"{C}/bundle/v.py": "",
        f"{C}/unused.py": "from .gone import f",
        f"{C}/bundle/unused.py": "",
    }

    assert reached(sources) == (
        [BUNDLE, f"{C}/bundle/v.py", f"{C}/bundle/z.py", f"{C}/x.py", f"{C}/y.py"],
        [],
    )


def test_cycles_end() -> None:
    sources = {
        MODULE: "from .components import x",
        f"{C}/__init__.py": "from . import x",
        f"{C}/x.py": "from .y import f\nfrom .x import g",
        f"{C}/y.py": "from .x import g\nfrom . import y, x",
    }

    assert reached(sources) == ([f"{C}/__init__.py", f"{C}/x.py", f"{C}/y.py"], [])


def test_interfaces_reach_components_of_their_own() -> None:
    sources = {MODULE: "", CLI: "from components.x import f", f"{C}/x.py": ""}

    assert reached(sources, (MODULE, CLI)) == ([f"{C}/x.py"], [])


def test_a_missing_component_is_told_where_it_is_imported() -> None:
    sources = {MODULE: "from .components.x import f", f"{C}/x.py": "import os\n\nfrom .gone import f"}

    assert reached(sources) == ([f"{C}/x.py"], [f"{C}/x.py:3"])


@pytest.mark.parametrize(
    "source",
    [
        "if TYPE_CHECKING:\n    from .components.gone import f",
        "from .components.gone import f #-",
    ],
)
def test_a_missing_component_that_the_code_does_without_is_no_fault(source: str) -> None:
    assert reached({MODULE: source, f"{C}/x.py": ""}) == ([], [])


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    from .components.gone import f\nexcept ImportError:\n    f = None",
        "with suppress(ImportError):\n    from .components.gone import f",
    ],
)
def test_a_missing_component_that_is_guarded_is_a_warning(tmp_path: Path, source: str) -> None:
    package = scan_files(tmp_path, {MODULE: f"from contextlib import suppress\n{source}\n", f"{C}/x.py": ""})["pkg"]

    assert shown_findings(package) == [
        (
            "warning component python_modules/pkg.py:3: the local import of '.components.gone' leads to no file under "
            "python_modules/components/ (the import is optional, so the package is made without)"
        )
    ]
    assert package.fingerprint


def test_a_guarded_component_that_is_there_is_shipped() -> None:
    source = "try:\n    from .components.x import f\nexcept ImportError:\n    f = None"

    assert reached({MODULE: source, f"{C}/x.py": ""}) == ([f"{C}/x.py"], [])


def test_a_component_that_only_types_need_is_not_shipped() -> None:
    source = "if TYPE_CHECKING:\n    from .components.x import f"

    assert reached({MODULE: source, f"{C}/x.py": "import numpy"}) == ([], [])


def test_thousands_of_components_in_a_row_are_followed() -> None:
    sources = {f"{C}/c{n}.py": f"from .c{n + 1} import f" for n in range(3000)}
    sources |= {MODULE: "from .components.c0 import f", f"{C}/c3000.py": ""}

    components, faults = reached(sources)

    assert (len(components), faults) == (3001, [])


# ------------------------------------------------------------------------------------------------------- in real trees


def test_a_package_ships_what_it_reaches_and_needs_what_that_imports(tmp_path: Path) -> None:
    files = {
        "python_modules/pkg.py": '"""A package."""\nfrom .components.bundle.z import f\n',
        "python_modules/components/bundle/__init__.py": "",
        "python_modules/components/bundle/z.py": "import requests\nfrom ..x import g\n",
        "python_modules/components/x.py": "import yaml #>=6\n",
        "python_modules/components/unused.py": "import no_such_thing_at_all\n",
    }

    package = scan_files(tmp_path, files)["pkg"]

    assert shown_findings(package) == []
    assert package.components == (
        "python_modules/components/bundle/__init__.py",
        "python_modules/components/bundle/z.py",
        "python_modules/components/x.py",
    )
    assert shown_requirements(package) == ["PyYAML>=6", "requests"]
    assert set(package.contents) == {"python_modules/pkg.py", *package.components}


def test_a_component_that_is_a_symbolic_link_is_an_error_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("import secret_thing\n", encoding="utf-8")
    components = tmp_path / "ppr/python_modules/components"
    components.mkdir(parents=True)
    (components / "x.py").symlink_to(tmp_path / "outside.py")
    (components / "gone.py").symlink_to(tmp_path / "nowhere.py")

    package = scan_files(tmp_path / "ppr", {"python_modules/pkg.py": "from .components import x, gone\n"})["pkg"]

    assert shown_findings(package) == [
        f"error file python_modules/components/{name}.py: a symbolic link; links are not followed into a package"
        for name in ("gone", "x")
    ]
    assert package.fingerprint == ""


def test_a_link_on_the_way_to_a_component_is_named(tmp_path: Path) -> None:
    components = tmp_path / "ppr/python_modules/components"
    components.mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x.py").write_text("f = 1\n")
    (components / "linked").symlink_to(tmp_path / "outside")
    files = {MODULE: "from .components.linked.x import f\n", f"{C}/y.py": ""}

    assert shown_findings(scan_files(tmp_path / "ppr", files)["pkg"]) == [
        (
            "error component python_modules/pkg.py:1: the local import of '.components.linked.x' leads to no file "
            "under "
            "python_modules/components/: python_modules/components/linked is a link or a file, not a folder"
        )
    ]


def test_a_folder_of_components_that_is_a_link_is_named(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x.py").write_text("f = 1\n")
    (tmp_path / "ppr/python_modules").mkdir(parents=True)
    (tmp_path / "ppr/python_modules/components").symlink_to(tmp_path / "outside")

    (finding,) = scan_files(tmp_path / "ppr", {MODULE: "from components.x import f\n"})["pkg"].errors

    assert str(finding.location) == f"{MODULE}:1"
    assert "python_modules/components is a link or a file, not a folder" in finding.message


def test_a_component_with_a_syntax_error_is_told_with_its_line(tmp_path: Path) -> None:
    files = {
        MODULE: "def f():\n    from .components.x import g\n",
        f"{C}/x.py": "\ndef g(:\n",
        "python_modules/other.py": "",
    }

    scanned = scan_files(tmp_path, files)

    (finding,) = scanned["pkg"].errors
    assert (finding.rule, str(finding.location)) == ("syntax", f"{C}/x.py:2")
    assert scanned["other"].errors == ()


EXPORTS = [
    "__all__ = ['x', 'y']\n",
    "__all__ = ('x', 'y')\n",
    "__all__: list[str] = ['x', 'y']\n",
    "__all__ = ['x']\n__all__ += ['y']\n",
    "__all__ = ['x'] + ['y']\n",
    "__all__ = []\n__all__.extend(['x', 'y'])\n",
    "__all__ = []\n__all__.append('x')\n__all__.append('y')\n",
    "if True:\n    __all__ = [\n        'x',  # first\n        'y',\n    ]\n",
]


@pytest.mark.parametrize("init", EXPORTS)
@pytest.mark.parametrize(
    "star", ["from .components import *", "from components import *", "def f(): pass\nfrom pkg.components import *"]
)
def test_a_star_brings_the_components_that_all_names(tmp_path: Path, init: str, star: str) -> None:
    files = {
        f"{C}/__init__.py": init,
        f"{C}/x.py": "from .z import f",
        f"{C}/y.py": "",
        f"{C}/z.py": "",
        f"{C}/n.py": "",
    }

    package = scan_files(tmp_path, {MODULE: f"{star}\n", **files})["pkg"]

    assert shown_findings(package) == []
    assert package.components == tuple(f"{C}/{name}.py" for name in ("__init__", "x", "y", "z"))


def test_a_star_brings_no_component_that_nothing_names(tmp_path: Path) -> None:
    files = {f"{C}/__init__.py": "__all__ = ['f', 'gone']\nf = 1\n", f"{C}/x.py": ""}

    package = scan_files(tmp_path, {MODULE: "from .components import *\n", **files})["pkg"]

    assert package.components == (f"{C}/__init__.py",)


BY_NAME = [
    (
        "import_module('components.x')",
        "'components.x' is imported by name at run time, which is not followed: {x} is not",
    ),
    ("__import__('components.x')", "'components.x' is imported by name at run time, which is not followed: {x} is not"),
    ("import_module('.components.x', __package__)", "'.components.x' is imported by name at run time"),
    ("import_module('python_modules.components.x')", "'python_modules.components.x' is imported by name at run time"),
    ("import_module('pkg.components.x')", "'pkg.components.x' is imported by name at run time"),
    ("import_module('components.gone')", "leads to no file under python_modules/components/"),
]


@pytest.mark.parametrize(("call", "message"), BY_NAME)
def test_a_component_that_is_imported_by_name_is_said_not_to_be_shipped(
    tmp_path: Path, call: str, message: str
) -> None:
    files = {MODULE: f"from importlib import import_module\n{call}\n", f"{C}/x.py": ""}

    package = scan_files(tmp_path, files)["pkg"]

    (finding,) = package.findings
    assert (finding.rule, finding.severity, str(finding.location)) == ("dynamic-import", "warning", f"{MODULE}:2")
    assert message.format(x=f"{C}/x.py") in finding.message
    assert package.components == ()


def test_a_shipped_component_by_name_has_another_name_inside(tmp_path: Path) -> None:
    source = "import importlib\nfrom .components import x\n"
    inside = ["import_module('.components.x', __package__)", "import_module('pkg.components.x')"]
    for number, call in enumerate(inside):
        files = {MODULE: f"{source}importlib.{call}\n", f"{C}/x.py": ""}
        assert shown_findings(scan_files(tmp_path / str(number), files)["pkg"]) == []
    files = {MODULE: f"{source}importlib.import_module('components.x')\n", f"{C}/x.py": ""}

    assert shown_findings(scan_files(tmp_path / "absolute", files)["pkg"]) == [
        (
            f"warning dynamic-import {MODULE}:3: 'components.x' is imported by name at run time: inside the package "
            "it is "
            "'pkg.components.x'"
        )
    ]


def test_components_with_names_of_known_modules_are_components(tmp_path: Path) -> None:
    files = {
        MODULE: "from components import json, yaml\nfrom .components import pkg\nimport components.numpy as np, os\n",
        f"{C}/json.py": "import json\n",
        f"{C}/yaml.py": "import yaml\n",
        f"{C}/pkg.py": "from . import json\n",
        f"{C}/numpy.py": "",
    }

    package = scan_files(tmp_path, files)["pkg"]

    assert shown_findings(package) == []
    assert package.components == tuple(f"{C}/{name}.py" for name in ("json", "numpy", "pkg", "yaml"))
    assert shown_requirements(package) == ["PyYAML"]


def test_a_package_named_as_its_components_folder_is_an_error(tmp_path: Path) -> None:
    files = {
        "python_modules/components.py": "from .components.x import f\n",
        "python_modules/components/x.py": "f = 1\n",
    }

    (finding,) = scan_files(tmp_path, files)["components"].errors

    assert finding.rule == "component"
    assert "components and components.py (from python_modules/components.py) have one name" in finding.message

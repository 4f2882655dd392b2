"""Sources inside a package: nothing is changed but what has to be."""

import ast
import codecs
from pathlib import Path

import pytest

from paa.assemble.sources import rewrite_imports, with_version
from paa.scan.components import Layout
from tests.packages import MODULES, run_python, scan_files, write_tree

MODULE = f"{MODULES}/pkg.py"


def layout(dependencies_dir: str = f"{MODULES}/components", module_dir: str = MODULES) -> Layout:
    components = ("__init__.py", "x.py", "y.py", "deep/__init__.py", "deep/z.py")
    paths = {
        "pkg.py" if module_dir == "." else f"{module_dir}/pkg.py",
        *(f"{dependencies_dir}/{path}" for path in components),
    }
    folders = {str(folder) for path in paths for folder in Path(path).parents}
    return Layout(package="pkg", module_dir=module_dir, dependencies_dir=dependencies_dir, paths=paths, folders=folders)


def rewritten(source: str) -> str:
    return rewrite_imports(source.encode(), layout(), MODULE).decode()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from components.x import a\n", "from pkg.components.x import a\n"),
        ("from components import x, y\n", "from pkg.components import x, y\n"),
        ("from components import *\n", "from pkg.components import *\n"),
        ("from python_modules.components.x import a\n", "from pkg.components.x import a\n"),
        ("from python_modules.components import x\n", "from pkg.components import x\n"),
        ("from python_modules import components\n", "from pkg import components\n"),
        ("from components.deep.z import a as b\n", "from pkg.components.deep.z import a as b\n"),
        ("import components.x as short\n", "import pkg.components.x as short\n"),
        ("import python_modules.components.x as short\n", "import pkg.components.x as short\n"),
        ("import components.x\n", "import pkg.components.x as _components, pkg.components as components\n"),
        ("import components\n", "import pkg.components as components\n"),
        (
            "import os, components.x, components.y as y\n",
            "import os, pkg.components.x as _components, pkg.components as components, pkg.components.y as y\n",
        ),
        (
            "import os; from components.x import a; import components.y as y; b = 1\n",
            "import os; from pkg.components.x import a; import pkg.components.y as y; b = 1\n",
        ),
        (
            "from components.x import (  # why\n    a,\n    b as c,\n)\n",
            "from pkg.components.x import (  # why\n    a,\n    b as c,\n)\n",
        ),
        ("from \\\n    components.x import a\n", "from \\\n    pkg.components.x import a\n"),
        ("from components . x import a\n", "from pkg.components . x import a\n"),
        ("from components \\\n  . \\\n  x import a\n", "from pkg.components \\\n  . \\\n  x import a\n"),
        ("from python_modules . components . x import a\n", "from pkg.components . x import a\n"),
        ("from\tcomponents.x\timport a\n", "from\tpkg.components.x\timport a\n"),
        ("import \\\n\tcomponents.x as short\n", "import \\\n\tpkg.components.x as short\n"),
        ("def f():\n\tfrom components.x import a\n", "def f():\n\tfrom pkg.components.x import a\n"),
        ("if True: import components.x as x\n", "if True: import pkg.components.x as x\n"),
        (
            "if True: import components.x; b = 1\n",
            "if True: import pkg.components.x as _components, pkg.components as components; b = 1\n",
        ),
        (
            "try:\n    from components.x import a\nexcept ImportError:\n    a = None\n",
            "try:\n    from pkg.components.x import a\nexcept ImportError:\n    a = None\n",
        ),
        ("s = 'ä→🎉'; from components.x import a\n", "s = 'ä→🎉'; from pkg.components.x import a\n"),
        (
            "# ü\nif 'ß': import components.x as x  # ü\n",
            "# ü\nif 'ß': import pkg.components.x as x  # ü\n",
        ),
        ("a = 1\r\nfrom components.x import a\r\nb = 2\r\n", "a = 1\r\nfrom pkg.components.x import a\r\nb = 2\r\n"),
        ("a = 1\rfrom components.x import a\r", "a = 1\rfrom pkg.components.x import a\r"),
        ("a = 1\n\fimport components.x as x\n", "a = 1\n\fimport pkg.components.x as x\n"),
        (
            "class A:\n import components.x as x\n async def f(self):\n  from components import y\n",
            "class A:\n import pkg.components.x as x\n async def f(self):\n  from pkg.components import y\n",
        ),
    ],
)
def test_an_absolute_import_of_a_component_leads_into_the_package(source: str, expected: str) -> None:
    assert rewritten(source) == expected
    assert len(expected.splitlines()) == len(source.splitlines())
    ast.parse(expected)


@pytest.mark.parametrize(
    "source",
    [
        "from .components.x import a\nfrom . import components\n",
        "from pkg.components.x import a\nimport pkg.components.x\n",
        '"""from components.x import a"""\n# import components.x\ns = "import components.x"\n',
        "import componentsx\nfrom components_of.x import a\nimport my.components.x\n",
        "x = f'{1}: from components.x import a'\n",
        "import os\n",
        "",
    ],
)
def test_everything_else_stays_as_it_is(source: str) -> None:
    assert rewritten(source) == source


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "shift_jis"])
def test_the_encoding_of_the_file_is_kept(encoding: str) -> None:
    text = "é" if encoding in {"latin-1", "cp1252"} else "日"
    cookie = "" if encoding == "utf-8-sig" else f"# -*- coding: {encoding} -*-\n"
    source = f"{cookie}name = '{text}'; from components.x import a  # {text}\n".encode(encoding)
    expected = f"{cookie}name = '{text}'; from pkg.components.x import a  # {text}\n".encode(encoding)
    assert rewrite_imports(source, layout(), MODULE) == expected


def test_a_component_is_rewritten_like_the_module() -> None:
    source = b"from components.y import a\nfrom .y import b\n"
    expected = b"from pkg.components.y import a\nfrom .y import b\n"
    assert rewrite_imports(source, layout(), f"{MODULES}/components/x.py") == expected


def test_components_in_a_folder_of_their_own_keep_its_name() -> None:
    own = layout("shared/parts")
    source = b"import parts.x\nfrom shared.parts import y\nfrom parts.deep.z import a\n"
    expected = (
        b"import pkg.parts.x as _parts, pkg.parts as parts\nfrom pkg.parts import y\nfrom pkg.parts.deep.z import a\n"
    )
    assert rewrite_imports(source, own, MODULE) == expected


def test_modules_at_the_top_of_the_repository_can_import_the_whole_path_to_components() -> None:
    own = layout("shared/parts", ".")
    source = b"import shared.parts.x\nfrom shared.parts import y\nimport parts.x\n"
    expected = (
        b"import pkg.shared.parts.x as _shared, pkg.shared as shared\n"
        b"from pkg.shared.parts import y\n"
        b"import pkg.shared.parts.x as _parts, pkg.shared.parts as parts\n"
    )
    assert rewrite_imports(source, own, "pkg.py") == expected


def test_nested_components_are_bound_by_the_name_of_their_folder() -> None:
    own = layout(f"{MODULES}/local/parts")
    expected = b"import pkg.local.parts.x as _parts, pkg.local.parts as parts\n"
    assert rewrite_imports(b"import parts.x\n", own, MODULE) == expected


def test_an_import_that_binds_the_module_folder_binds_the_package_to_its_name() -> None:
    assert rewritten("import os, python_modules.components.x; a = 1\n") == (
        "import os, pkg.components.x as _python_modules, pkg as python_modules; a = 1\n"
    )


def test_folders_above_the_components_that_are_not_there_still_lead_to_them() -> None:
    own = layout("shared/lib/parts")
    expected = (
        b'import pkg.parts.x as _shared, os; shared = __import__("types").SimpleNamespace(lib=__import__("pkg"))\n'
    )
    assert rewrite_imports(b"import shared.lib.parts.x, os\n", own, MODULE) == expected


def test_no_name_of_the_module_is_taken_for_what_an_import_needs_on_the_way() -> None:
    assert rewritten("_components = 1\nimport components.x\n") == (
        "_components = 1\nimport pkg.components.x as __components, pkg.components as components\n"
    )


@pytest.mark.parametrize(
    "source",
    [
        "from python_modules \\\n  . \\\n  components \\\n . x import a; b = 1\n",
        "from python_modules \\\r\n. components.x \\\r\n  import a\r\n",
        "import python_modules. \\\n components \\\n  .x as x, os\n",
        "\f\tif 0: pass\n".replace("\t", "") + "from python_modules.components.x import (\n a,\n)\n",
    ],
)
def test_no_line_is_lost_in_the_middle_of_a_name(source: str) -> None:
    made = rewritten(source)
    assert len(made.splitlines()) == len(source.splitlines())
    assert [node.lineno for node in ast.parse(made).body] == [node.lineno for node in ast.parse(source).body]
    assert "python_modules" not in made


def test_imports_by_the_whole_path_work_in_a_package(tmp_path: Path) -> None:
    source = """\
        import python_modules.components.one
        import python_modules.components.deep.two
        def answer():
            import components.one
            return python_modules.components.one.value, python_modules.components.deep.two.value, components.one.value
        """
    files = {MODULE: source.replace("\n        ", "\n").strip()}
    files |= {f"{MODULES}/components/{name}.py": f"value = {name!r}\n" for name in ("one", "deep/two")}
    site = write_tree(tmp_path / "site", scan_files(tmp_path / "ppr", files).assemble("pkg").files)
    assert run_python("import pkg; print(pkg.answer())", site) == "('one', 'deep/two', 'one')"


def test_imports_by_a_long_path_work_in_a_package(tmp_path: Path) -> None:
    files = {
        "src/modules/pkg.py": "import src.modules.parts.one\ndef answer(): return src.modules.parts.one.value\n",
        "src/modules/parts/one.py": "value = 1\n",
    }
    settings = "module_dir: src/modules\ndependencies_dir: src/modules/parts\n"
    site = write_tree(tmp_path / "site", scan_files(tmp_path / "ppr", files, settings).assemble("pkg").files)
    assert run_python("import pkg; print(pkg.answer())", site) == "1"


def test_warnings_about_the_users_code_are_not_repeated() -> None:
    # The tests turn every warning into an error.
    assert rewritten("from components.x import a\nb = '\\d'\n").endswith("b = '\\d'\n")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"", b'__version__ = "1.2"\n'),
        (b"a = 1\n", b'a = 1\n__version__ = "1.2"\n'),
        (b"a = 1", b'a = 1\n__version__ = "1.2"\n'),
        (b"# comment", b'# comment\n__version__ = "1.2"\n'),
        (b"a = 1\r\n", b'a = 1\r\n__version__ = "1.2"\r\n'),
        (b"a = 1\r\nb = 2", b'a = 1\r\nb = 2\r\n__version__ = "1.2"\r\n'),
        (b"a = 1\r", b'a = 1\r__version__ = "1.2"\n'),
        (b"if 1:\n    a = 1\n    ", b'if 1:\n    a = 1\n    \n__version__ = "1.2"\n'),
        (codecs.BOM_UTF8, codecs.BOM_UTF8 + b'\n__version__ = "1.2"\n'),
        (codecs.BOM_UTF8 + b"a = 1\n", codecs.BOM_UTF8 + b'a = 1\n__version__ = "1.2"\n'),
        (
            "# coding: latin-1\na = 'é'".encode("latin-1"),
            "# coding: latin-1\na = 'é'\n__version__ = \"1.2\"\n".encode("latin-1"),
        ),
    ],
)
def test_the_version_is_appended_and_nothing_else_changes(source: bytes, expected: bytes) -> None:
    assert with_version(source, "1.2") == expected
    assert with_version(source, "1.2").startswith(source)
    values: dict[str, object] = {}
    exec(compile(expected, "module", "exec"), values)  # noqa: S102  # whether Python reads it so is the question
    assert values["__version__"] == "1.2"


@pytest.mark.parametrize("source", ["__version__ = '7'\n", "from components.x import __version__\n"])
def test_a_module_with_a_version_of_its_own_is_shipped_byte_for_byte(tmp_path: Path, source: str) -> None:
    files = {f"{MODULES}/own.py": source, f"{MODULES}/components/x.py": "__version__ = '7'\n"}
    setup = scan_files(tmp_path, files).assemble("own")
    assert setup.files["own/__init__.py"] == source.replace("from comp", "from own.comp").encode()


_PROBE = """
import importlib, pkg
print(pkg.answer())
assert pkg.__version__ == "1.0.0"
assert "pkg" not in vars(pkg) or callable(pkg.pkg), "an import has bound the package's own name"
"""


def test_a_rewritten_package_works(tmp_path: Path) -> None:
    """One import of each form, in a package whose module has a function of its own name."""
    files = {
        MODULE: """\
            # -*- coding: utf-8 -*-
            def pkg(): return "own name"
            import os, components.one, sys; name = "ü"; import components.two as two
            from components import (
                three,  # with a comment
                four as vier,
            )
            if True: import components.five
            try:
                from components.six import value as six
                from components.absent import value as absent
            except ImportError:
                absent = None
            def answer():
                import components.deep.seven
                from python_modules.components.deep.seven import value as seven
                assert components.deep.seven.value is seven
                from .components.one import value as again
                assert again is components.one.value
                values = [components.one.value, two.value, three.value, vier.value, components.five.value, six, seven]
                return values, absent, pkg()
            """.replace("\n            ", "\n").strip(),
        **{
            f"{MODULES}/components/{name}.py": f"value = {name.rpartition('/')[2]!r}\n"
            for name in ("one", "two", "three", "four", "five", "deep/seven")
        },
        # Components import each other, in a cycle too.
        f"{MODULES}/components/six.py": "import components.eight\nfrom components.one import value\nvalue = 'six'\n",
        f"{MODULES}/components/eight.py": "import components.six\ndef f(): return components.six.value\n",
    }
    site = write_tree(tmp_path / "site", scan_files(tmp_path / "ppr", files).assemble("pkg").files)
    expected = "(['one', 'two', 'three', 'four', 'five', 'six', 'seven'], None, 'own name')"
    assert run_python(_PROBE, site) == expected


def test_components_with_equal_names_stay_apart(tmp_path: Path) -> None:
    files = {
        MODULE: "from components.a import clean as one\nfrom components.b import clean as two\n",
        f"{MODULES}/components/a.py": "def _strip(): return 'a'\ndef clean(): return _strip()\n",
        f"{MODULES}/components/b.py": "def _strip(): return 'b'\ndef clean(): return _strip()\n",
    }
    site = write_tree(tmp_path / "site", scan_files(tmp_path / "ppr", files).assemble("pkg").files)
    assert run_python("import pkg; print(pkg.one(), pkg.two())", site) == "a b"

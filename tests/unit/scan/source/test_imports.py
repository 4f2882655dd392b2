"""One source text → its facts. Expected imports are written as tests.unit.scan.samples.shown_import writes them."""

import pytest

from tests.unit.scan.samples import read, shown_import, shown_imports

# ------------------------------------------------------------------------------------------- what counts as an import

SOURCES = [
    pytest.param("", [], id="empty"),
    pytest.param("\n\n# nothing\n", [], id="only a comment"),
    pytest.param("import a", ["1: a"], id="no line end"),
    pytest.param("import a.b as c\n", ["1: a.b"], id="dotted, renamed"),
    pytest.param("import a, b.c as d, e\n", ["1: a", "1: b.c", "1: e"], id="several"),
    pytest.param("import a; import b;import c\n", ["1: a", "1: b", "1: c"], id="semicolons"),
    pytest.param("from a.b import x\n", ["1: a.b (x)"], id="from"),
    pytest.param("from a import x as y, z\n", ["1: a (x, z)"], id="from, several"),
    pytest.param("from a.b import (x,\n    y)\n", ["1: a.b (x, y)"], id="parenthesised"),
    pytest.param("from a import (\n    x,  # one\n    y,  # two\n)\n", ["1: a (x, y)"], id="one per line"),
    pytest.param("from a import \\\n    x, \\\n    y\n", ["1: a (x, y)"], id="backslashes"),
    pytest.param("import \\\n    a\n", ["1: a"], id="backslash behind import"),
    pytest.param("from a import *\n", ["1: a (*)"], id="star"),
    pytest.param("from . import x\n", ["1: . (x)"], id="relative to the package"),
    pytest.param("from .a import x\n", ["1: .a (x)"], id="relative"),
    pytest.param("from ...a.b import x\n", ["1: ...a.b (x)"], id="relative, three up"),
    pytest.param("from __future__ import annotations\n", ["1: __future__ (annotations)"], id="future"),
    pytest.param("import ünï\n", ["1: ünï"], id="letters beyond ASCII"),
    pytest.param("import ﬁle\n", ["1: file"], id="names are normalised as Python does"),
    pytest.param("def f():\n    import a\n", ["2: a"], id="in a function"),
    pytest.param("async def f():\n    import a\n", ["2: a"], id="in a coroutine"),
    pytest.param("class A:\n\tdef f(self):\n\t\timport a\n", ["3: a"], id="tabs, in a method"),
    pytest.param("def f():\n  def g():\n   class A:\n      import a\n", ["4: a"], id="nested, uneven indentation"),
    pytest.param("for x in y:\n    import a\nelse:\n    import b\n", ["2: a", "4: b"], id="for"),
    pytest.param("while x:\n    import a\nelse:\n    import b\n", ["2: a", "4: b"], id="while"),
    pytest.param("with x as y:\n    import a\n", ["2: a"], id="with"),
    pytest.param(
        "async def f():\n async for x in y:\n  import a\n async with x:\n  import b\n", ["3: a", "5: b"], id="async"
    ),
    pytest.param(
        "match x:\n    case 1:\n        import a\n    case _:\n        import b\n", ["3: a", "5: b"], id="match"
    ),
    pytest.param("@dec\n@dec.orated(lambda: 0)\ndef f():\n    import a\n", ["4: a"], id="decorated"),
    pytest.param("if x: import a; import b\n", ["1: a", "1: b"], id="one-line body"),
    pytest.param("import a\nimport a\n", ["1: a", "2: a"], id="twice"),
    pytest.param('"""import a\nimport b"""\n', [], id="docstring"),
    pytest.param(
        '"""Use it so:\n\n>>> import a\n>>> from b import c\n"""\nimport d\n', ["6: d"], id="docstring example"
    ),
    pytest.param("x = '''\nimport a\nfrom b import c\n'''\n", [], id="string"),
    pytest.param("x = f'''\n{1}\nimport a\n'''\n", [], id="f-string"),
    pytest.param("# import a\nx = 1  # from b import c\n", [], id="comments"),
    pytest.param("importa = 1\nfrom_x = 'import a'\n", [], id="names that only begin so"),
    pytest.param("print('import a') or exec('import b')\n", [], id="what is run from a string is not read"),
    pytest.param(b"\xef\xbb\xbfimport a #==1\n", ["1: a #==1"], id="byte order mark"),
    pytest.param(b"import a\r\nif x:\r\n    import b #-\r\n", ["1: a", "3: b #-"], id="CRLF"),
    pytest.param(b"import a #==1\rimport b #==2\r", ["1: a #==1", "2: b #==2"], id="old Macintosh line ends"),
    pytest.param(b"\x0cimport a #==1\n\x0c\nimport b\n", ["1: a #==1", "3: b"], id="form feeds"),
    pytest.param("# coding: latin-1\nx = 'é'\nimport a #-\n".encode("latin-1"), ["3: a #-"], id="latin-1 cookie"),
    pytest.param(
        "# vim: set fileencoding=cp1252 :\nx = '€'; import a #>1\n".encode("cp1252"), ["2: a #>1"], id="cp1252"
    ),
    pytest.param("x = 'é—日本'; import a #>1\n", ["1: a #>1"], id="columns count bytes"),
    pytest.param(b"# -*- coding: utf-8 -*-\nimport a\n", ["2: a"], id="UTF-8 cookie"),
    pytest.param("def f(): import a\n\n\n\\\n\nimport b\n", ["1: a", "6: b"], id="lone backslash"),
    # Guards.
    pytest.param("try:\n    import a\nexcept ImportError:\n    a = None\n", ["2: a optional"], id="guarded"),
    pytest.param("try:\n import a\nexcept ModuleNotFoundError as e:\n pass\n", ["2: a optional"], id="guard, bound"),
    pytest.param("try:\n import a\nexcept (OSError, ImportError):\n pass\n", ["2: a optional"], id="guard in a tuple"),
    pytest.param("try:\n import a\nexcept builtins.ImportError:\n pass\n", ["2: a optional"], id="guard, dotted"),
    pytest.param("try:\n import a\nexcept Exception:\n pass\n", ["2: a optional"], id="guard, everything"),
    pytest.param("try:\n import a\nexcept:\n pass\n", ["2: a optional"], id="guard, bare"),
    pytest.param("try:\n import a\nexcept* ImportError:\n pass\n", ["2: a optional"], id="guard, group"),
    pytest.param("try:\n import a\nexcept ValueError:\n import b\n", ["2: a", "4: b"], id="no guard"),
    pytest.param("try:\n import a\nfinally:\n import b\n", ["2: a", "4: b"], id="finally guards nothing"),
    pytest.param(
        "try:\n import a\nexcept ImportError:\n pass\nelse:\n import b\nfinally:\n import c\n",
        ["2: a optional", "6: b optional", "8: c"],
        id="else and finally of a guard",
    ),
    pytest.param(
        "try:\n import a\nexcept ImportError:\n try:\n  import b\n except ImportError:\n  import c\n",
        ["2: a optional", "5: b optional, instead", "7: c optional, instead"],
        id="fallbacks",
    ),
    pytest.param(
        "try:\n import a\nexcept ImportError:\n pass\nexcept ValueError:\n import b\n",
        ["2: a optional", "6: b"],
        id="another handler of a guard",
    ),
    pytest.param("try:\n def f():\n  import a\nexcept ImportError:\n pass\n", ["3: a optional"], id="guard, deeper"),
    pytest.param("with contextlib.suppress(ImportError):\n import a\n", ["2: a optional"], id="suppress"),
    pytest.param(
        "with suppress(OSError, ImportError) as x:\n import a\n", ["2: a optional"], id="suppress, among others"
    ),
    pytest.param("with suppress(OSError):\n import a\n", ["2: a"], id="suppress, something else"),
    # Conditions.
    pytest.param("if TYPE_CHECKING:\n import a\nelse:\n import b\n", ["2: a type-only", "4: b"], id="type checking"),
    pytest.param("import typing as t\nif t.TYPE_CHECKING:\n import a\n", ["1: typing", "3: a type-only"], id="t."),
    pytest.param(
        "from typing import TYPE_CHECKING as TC\nif TC:\n import a\n",
        ["1: typing (TYPE_CHECKING)", "3: a type-only"],
        id="type checking, renamed",
    ),
    pytest.param(
        "if not TYPE_CHECKING:\n import a\nelse:\n import b\n", ["2: a", "4: b type-only"], id="not for types"
    ),
    pytest.param("if TYPE_CHECKING and x:\n import a\n", ["2: a type-only"], id="type checking and more"),
    pytest.param("if TYPE_CHECKING or x:\n import a\n", ["2: a"], id="type checking or more"),
    pytest.param("MYPY = False\nif MYPY:\n import a\n", ["3: a type-only"], id="mypy's older name"),
    pytest.param("if False:\n import a\nif 0:\n import b\n", ["2: a type-only", "4: b type-only"], id="never run"),
    pytest.param("if TYPE_CHECKING:\n try:\n  import a\n except ImportError:\n  pass\n", ["3: a type-only"], id="both"),
    pytest.param(
        "if sys.version_info >= (3, 12):\n import a\nelse:\n import b\n",
        ['2: a if python_version >= "3.12"', '4: b if python_version < "3.12"'],
        id="version",
    ),
    pytest.param(
        "if x:\n if sys.platform == 'win32':\n  def f():\n   import a\n",
        ['4: a if sys_platform == "win32"'],
        id="nested",
    ),
    pytest.param(
        "if os.name == 'nt':\n if sys.version_info < (3, 12):\n  import a\n",
        ['3: a if os_name == "nt" and python_version < "3.12"'],
        id="two conditions",
    ),
    pytest.param(
        "if sys.platform == 'win32':\n try:\n  import a\n except ImportError:\n  pass\n",
        ['3: a optional if sys_platform == "win32"'],
        id="guarded under a condition",
    ),
    pytest.param("if has_a():\n import a\nelif x > 3:\n import b\n", ["2: a", "4: b"], id="what no marker can say"),
    pytest.param("HAS_A = False\nif HAS_A:\n import a\n", ["3: a"], id="a switch that may be set from outside"),
    pytest.param("FLAG = False\nif x:\n FLAG = True\nif FLAG:\n import a\n", ["5: a"], id="a switch that is set"),
    # At run time.
    pytest.param("importlib.import_module('a.b')\n", ["1: a.b dynamic"], id="import_module"),
    pytest.param("x = __import__('a')\n", ["1: a dynamic"], id="__import__"),
    pytest.param("import_module(name='a', package=None)\n", ["1: a dynamic"], id="import_module, by keyword"),
    pytest.param("import_module(name)\n__import__(f'{x}')\nimport_module()\n", [], id="not a literal"),
]


@pytest.mark.parametrize(("source", "expected"), SOURCES)
def test_imports_of(source: str | bytes, expected: list[str]) -> None:
    assert shown_imports(source) == expected


# ------------------------------------------------------------------------------------------------- what can't be read

UNREADABLE = [
    pytest.param("import a\nimport\n", "syntax error", 2, id="import nothing"),
    pytest.param("x = (\n", "syntax error", 1, id="never closed"),
    pytest.param("if x:\nimport a\n", "syntax error: expected an indented block", 2, id="indentation"),
    pytest.param(
        "if 1:\n\timport a\n        import b\n", "syntax error: inconsistent use of tabs", 3, id="tabs and spaces"
    ),
    pytest.param("print 'hello'\n", "syntax error: Missing parentheses", 1, id="Python 2"),
    pytest.param("import a\n\n\ndef f(:\n", "syntax error", 4, id="line counts"),
    pytest.param(b"import a\n\x00\n", "null bytes", None, id="NUL"),
    pytest.param(b"import a\nx = '\xff'\n", "", 2, id="not UTF-8, in a string"),
    pytest.param(b"import a\n# \xe9\n", "this file is not UTF-8", 2, id="not UTF-8, in a comment"),
    pytest.param(b"# coding: no-such\nimport a\n", "no-such", None, id="unknown encoding"),
    pytest.param(b"\xef\xbb\xbf# coding: latin-1\nimport a\n", "syntax error", None, id="mark and cookie disagree"),
    pytest.param("import a\n".encode("utf-16"), "syntax error", None, id="UTF-16"),
    pytest.param("(" * 300 + ")" * 300, "nested parentheses", 1, id="parentheses"),
    pytest.param("x = " + "-" * 5000 + "1\n", "nested too deeply", None, id="signs"),
    pytest.param("x = " + "1+" * 50_000 + "1\n", "nested too deeply", None, id="sums"),
    pytest.param("x = " + "9" * 10_000 + "\n", "4300 digits", None, id="digits"),
]


@pytest.mark.parametrize(("source", "message", "line"), UNREADABLE)
def test_what_does_not_parse_is_one_blocking_fault(source: str | bytes, message: str, line: int | None) -> None:
    facts = read(source)

    (fault,) = facts.faults
    assert fault.blocks
    assert fault.rule == "syntax"
    assert message in fault.message
    assert line is None or fault.line == line
    assert facts.imports == ()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import_module\n" + "a" + ".b" * 2500 + "()\n", id="attributes"),
        pytest.param("__import__\nf" + "()" * 2500 + "\n", id="calls"),
        pytest.param("if a" + ".b" * 2500 + " == 1:\n    pass\n", id="attributes in a condition"),
        pytest.param("if a" + "[0]" * 2500 + " >= (3, 8):\n    pass\n", id="subscripts in a condition"),
        pytest.param("if " + "not " * 900 + "x:\n    pass\n", id="negations"),
        pytest.param("__package_metadata__ = " + "[" * 90 + "]" * 90 + "\n", id="lists"),
        pytest.param("x0 = sys.platform\n" + "".join(f"x{n + 1} = x{n} and x{n}\n" for n in range(60)), id="names"),
    ],
)
def test_what_is_nested_deeply_but_parses_is_read(source: str) -> None:
    assert [fault.rule for fault in read(source + "import a\n").faults] in ([], ["metadata"])
    assert "a" in [fact.module for fact in read(source + "import a\n").imports]


def test_a_chain_of_2000_branches_is_read_with_markers_of_a_sane_length() -> None:
    branches = "".join(f"elif sys.platform == 'p{n}':\n import m{n}\n" for n in range(2000))

    facts = read(f"if sys.platform == 'first':\n import first\n{branches}else:\n import last\n")

    assert facts.faults == ()
    assert len(facts.imports) == 2002
    assert max(len(fact.marker) for fact in facts.imports) <= 500
    assert shown_import(facts.imports[0]) == '2: first if sys_platform == "first"'
    assert shown_import(facts.imports[1]) == '4: m0 if sys_platform != "first" and sys_platform == "p0"'


def test_names_that_stand_for_one_another_many_times_over_are_read() -> None:
    lines = "".join(f"x{n + 1} = {' and '.join([f'x{n}'] * 60)}\n" for n in range(40))
    swapped = "".join(f"y{n + 1} = y{n} or not y{n}\n" for n in range(40))

    facts = read(f"x0 = y0 = os.name == 'nt'\n{lines}{swapped}if x40 or y40:\n import a\n")

    assert [fact.module for fact in facts.imports] == ["a"]


# ---------------------------------------------------------------------------------------------------- the other facts


def test_the_docstring_is_the_modules_own() -> None:
    assert read('"""First.\n\n    Second.\n    """\n').docstring == "First.\n\nSecond."
    assert read("'one' 'string'\n").docstring == "onestring"
    assert read("x = 1\n'''no docstring'''\n").docstring is None
    assert read("f'''no docstring'''\n").docstring is None


def test_half_characters_in_the_docstring_are_replaced_so_that_it_can_be_written() -> None:
    docstring = read('"""A \\ud800 half."""\n').docstring

    assert docstring == "A � half."
    docstring.encode()


def test_names_of_the_module_are_those_bound_in_its_own_scope() -> None:
    source = (
        "import a.b, c as d\nfrom e import f, g as h\ni = j, (k, *l) = 1\nm: int = 2\nn: int\no += 1\n"
        "def p(parameter): q = 1\nclass R: s = 1\nasync def t(): pass\nfor u in v: w = 1\n"
        "with x as (y, z): pass\nif a: aa = 1\ntry: bb = 1\nexcept E as cc: dd = 1\nff.gg = hh[0] = 1\n"
    )

    bound = "R a aa bb d dd f h i j k l m o p t u w y z"

    assert list(read(source).bindings) == bound.split()


@pytest.mark.parametrize(
    ("source", "defines"),
    [
        ("__version__ = '1.0'\n", True),
        ("__version__: str = '1.0'\n", True),
        ("from a import __version__\n", True),
        ("try:\n    __version__ = x\nexcept E:\n    __version__ = y\n", True),
        ("def f():\n    __version__ = '1.0'\n", False),
        ("__version__: str\n", False),
        ("# __version__ = '1.0'\n", False),
    ],
)
def test_whether_the_module_defines_its_version(source: str, *, defines: bool) -> None:
    assert read(source).defines_version is defines


def test_the_name_of_the_command_comes_from_its_own_literal() -> None:
    assert read("__cli_metadata__ = {'name': 'tool'}\n").command == "tool"
    assert read("__cli_metadata__ = {}\n").command is None
    assert read("import a\n").command is None

    (fault,) = read("import a\n__cli_metadata__ = {'name': 1}\n").faults
    assert (fault.line, fault.message) == (2, "__cli_metadata__: name must be a string, not int")


def test_a_warning_of_the_parser_is_no_error() -> None:
    assert shown_imports("x = '\\d'\nassert (1, 'x')\nif x is 1: import a\n") == ["3: a"]

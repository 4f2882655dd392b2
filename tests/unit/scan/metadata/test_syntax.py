"""What a source's syntax needs, against what ``requires_python`` admits. Samples were tried on CPython 3.8 to 3.13."""

import ast
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paa.scan.metadata.syntax import unread_feature
from paa.scan.source.features import newest_need
from paa.scan.source.fstrings import is_old, string_starts
from paa.scan.source.glances import ALWAYS_POSSIBLE, newest_possible
from tests.unit.scan.samples import scan_files, shown_findings

RUNNING = sys.version_info[:2]
MODULE = "python_modules/pkg.py"

# Source, the first Python 3 that reads it, and the line of what needs it.
SAMPLES = [
    ("x = 1\n", None, 0),
    ("if (n := 5): pass\n", 8, 1),
    ("print(f(y := 1))\n", 8, 1),
    ("# :=\nx = ':='\n", None, 0),
    ("def f(a, /, b): pass\n", 8, 1),
    ("f = lambda a, /: a\n", 8, 1),
    ("x = a / b\n", None, 0),
    ("def f():\n    return 1, *a\n", 8, 2),
    ("def f():\n    return (1, *a)\n", None, 0),
    ("def f():\n    yield *a, 1\n", 8, 2),
    ("x = f'{x=}'\n", 8, 1),
    ("x = f'{x = !r}'\n", 8, 1),
    ("x = f'{x == y} {x!=y} {f(a=1)} a='\n", None, 0),
    ("x = 'f{x=}'\n", None, 0),
    ("@a[0].b\ndef f(): pass\n", 9, 1),
    ("@a.b.c(1)\n@d\nclass A: pass\n", None, 0),
    ("@(yes if x else no)\nclass A: pass\n", 9, 1),
    ("for x in *a, b: pass\n", 9, 1),
    ("with (open(a) as b, c): pass\n", 9, 1),
    ("x = 1\nasync def f():\n    async with (\n        a as b,\n    ): pass\n", 9, 3),
    ("with (a): pass\n", None, 0),
    ("with (a, b): pass\n", None, 0),
    ("with (a) as b, (c) as d: pass\n", None, 0),
    ("with (f(x)) as b: pass\n", None, 0),
    ("x[a := 1]\n", 10, 1),
    ("match x:\n    case 1: pass\n", 10, 1),
    ("def f():\n    match (x):\n        case [a, *b] if a: pass\n", 10, 2),
    ("match = case = 1\nmatch.x = re.match(case)\n", None, 0),
    ("'''\nmatch x:\n    case 1: pass\n'''\n", None, 0),
    ("try: pass\nexcept* A: pass\n", 11, 2),
    ("try:\n    pass\nexcept  * (A, B): pass\n", 11, 3),
    ("try: pass\nexcept A: x * y\n", None, 0),
    ("x[*a]\n", 11, 1),
    ("x: tuple[int, *Ts]\n", 11, 1),
    ("x: tuple[list[int], *Ts]\n", 11, 1),
    ("x[\n    f(a),  # why\n    *b\n]\n", 11, 3),
    ("x[(*a, b)] = [*a, b]\nf(*a, x[0])\n", None, 0),
    ("def f(*args: *Ts): pass\n", 11, 1),
    ("def f(*args: Ts): pass\n", None, 0),
    ("type X = int\n", 12, 1),
    ("if x: type X[T] = list[T]\n", 12, 1),
    ("type = 1\ntype(x)\n", None, 0),
    ("def f[T](x: T) -> T: ...\n", 12, 1),
    ("class A[\n    T: int,\n    *Ts,\n]: pass\n", 12, 2),
    ("async def f[**P](): ...\n", 12, 1),
    ("x = f'{x['a']}'\n", 12, 1),
    ("\nx = (\n    1, f'{\n    x\n}')\n", 12, 3),
    ('x = f"""{x["""a"""]}"""\n', 12, 1),
    ("x = f'{'\\n'.join(y)}'\n", 12, 1),
    ("x = f\"{'\\n'.join(y)}\"\n", 12, 1),
    ("x = f'''{\n    x  # why\n}'''\n", 12, 1),
    ("x = f'{x:{y:{z}}}'\n", 12, 1),
    ("x = f'{x:{y}}' + f'\\N{BULLET}{x!r:>{w}}' + rf'\\d{{2}}{x}'\n", None, 0),
    ("x = f\"{x['a']} {x['#']} {{'}} \\\"\"\n", None, 0),
    ('x = f"""{x["a"]}\n"{y}" {\n z}"""\n', None, 0),
    ("x = '''f\"{x[\"a\"]}\"'''  # f'{x['a']}'\n", None, 0),
    ("class A[T = int]: pass\n", 13, 1),
    ("type X[*Ts = *tuple[int]] = int\n", 13, 1),
    ("try: pass\nexcept A, B: pass\n", 14, 2),
    ("x = t'{y}'\n", 14, 1),
    ("lazy import x\n", 15, 1),
    ("x = [*y for y in z]\n", 15, 1),
]
READABLE = [sample for sample in SAMPLES if (3, sample[1] or 0) <= RUNNING]
UNREADABLE = [(source, minor) for source, minor, _ in SAMPLES if (3, minor or 0) > RUNNING]


@pytest.mark.parametrize(("source", "minor", "line"), READABLE, ids=[sample[0][:40] for sample in READABLE])
def test_the_first_python_that_reads_a_source(source: str, minor: int | None, line: int) -> None:
    ast.parse(source)
    need = newest_need(source.encode())

    assert (need and need.version, need.line if need else 0) == ((3, minor) if minor else None, line)
    # A glance may see too much, but not too little.
    assert newest_possible(source) >= ((3, minor) if minor else ALWAYS_POSSIBLE)


@pytest.mark.parametrize(("source", "minor"), UNREADABLE, ids=[sample[0][:40] for sample in UNREADABLE])
def test_a_source_that_a_newer_python_reads_is_told_so(tmp_path: Path, source: str, minor: int) -> None:
    with pytest.raises(SyntaxError):
        ast.parse(source)
    (found,) = scan_files(tmp_path / "ppr", {MODULE: f"x = 1\n{source}"}).values()

    (finding,) = found.findings
    assert finding.rule == "syntax"
    assert finding.location is not None
    # Where the parser gave up is not always where the feature is.
    assert finding.location.line in range(2, source.count("\n") + 2)
    assert finding.advice is not None
    assert f"it takes Python 3.{minor} to read it; paa runs on 3.{RUNNING[1]}" in finding.advice


@pytest.mark.parametrize("source", ["x = = 1\n", "def f(:\n", "x = 't' 1\n", "except A: pass\n", "type x\n"])
def test_a_plain_mistake_is_no_newer_syntax(source: str) -> None:
    with pytest.raises(SyntaxError) as caught:
        ast.parse(source)
    assert unread_feature(source.encode(), caught.value, (3, 11)) is None


@pytest.mark.parametrize("line", [None, 0, 7])
def test_a_line_that_is_not_there_holds_no_feature(line: int | None) -> None:
    assert unread_feature(b"type X = int", SyntaxError("invalid syntax", ("x", line, 1, "")), (3, 11)) is None


MATCH = "match x:\n    case 1: pass\n"


@pytest.mark.parametrize(
    ("requires_python", "admitted"),
    [
        (">=3.8", "3.8"),
        (">=3.9,!=3.10.1", "3.9"),
        (">=2.7,!=3.0.*,!=3.1.*", "2.7"),
        ("==3.9.*", "3.9"),
        ("<3.10", "2.7"),
        (">=3.9.7", "3.9"),
        (">=3.10", None),
        (">3.9.100,<4", None),
        ("==3.12.1", None),
        (">=3.16", None),
    ],
)
def test_a_package_that_says_that_it_runs_where_it_can_t_be_read(
    tmp_path: Path, requires_python: str, admitted: str | None
) -> None:
    source = f'x = 1\n{MATCH}__package_metadata__ = {{"requires_python": "{requires_python}"}}\n'
    (found,) = scan_files(tmp_path / "ppr", {MODULE: source}).values()

    findings = [finding for finding in found.errors if finding.rule == "syntax"]
    assert [str(finding.location) for finding in findings] == ([f"{MODULE}:2"] if admitted else [])
    for finding in findings:
        assert finding.message.startswith("a match statement needs Python 3.10, and requires_python")
        assert finding.message.endswith(f"admits {admitted}")
        assert "'>=3.10'" in (finding.advice or "")


def test_module_components_and_interfaces_are_looked_at(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        MODULE: "from .components.a import b\n",
        "python_modules/components/a.py": f"b = 1\n{MATCH}",
        "python_modules/components/unused.py": MATCH,
        "cli/pkg.py": f"def cli(): pass\n\n{MATCH}",
    }
    (found,) = scan_files(tmp_path / "ppr", files, "requires_python: '>=3.9'\n").values()

    needs = "a match statement needs Python 3.10, and requires_python '>=3.9' admits 3.9"
    assert [line for line in shown_findings(found) if line.startswith("error syntax")] == [
        f"error syntax cli/pkg.py:3: {needs}",
        f"error syntax python_modules/components/a.py:2: {needs}",
    ]


def test_the_newest_feature_of_a_file_is_the_one_that_is_told(tmp_path: Path) -> None:
    source = f"# -*- coding: latin-1 -*-\r\nx = '\xe4'\r\n{MATCH}\ntry: pass\nexcept* A: pass\n@a[0]\ndef f(): pass\n"
    files: dict[str, str | bytes] = {MODULE: source.encode("latin-1")}
    (found,) = scan_files(tmp_path / "ppr", files, "requires_python: '>=3.8'\n").values()

    assert shown_findings(found) == [
        f"error syntax {MODULE}:7: except* needs Python 3.11, and requires_python '>=3.8' admits 3.8"
    ]


def test_the_default_admits_what_every_supported_python_reads(tmp_path: Path) -> None:
    (found,) = scan_files(tmp_path / "ppr", {MODULE: f"{MATCH}\nx[*a]\n"}).values()

    assert found.findings == ()


@given(st.text(alphabet="fFrRtT'\"{}\\#:=!x[](*, \n", max_size=60))
def test_no_text_stops_it(text: str) -> None:
    for version in ((3, 11), (3, 12), (3, 13), (3, 14), (3, 15)):
        newest_possible(text, version)
        unread_feature(text.encode(), SyntaxError("invalid syntax", ("x", 1, 1, "")), version)
    newest_need(text.encode())


@given(st.text(alphabet="fFrR'\"{}\\#:=!x[](*, \n", max_size=40))
def test_what_python_reads_as_an_f_string_is_one(text: str) -> None:
    """On 3.11 whatever can be parsed is old; newer versions are asked through ``newest_need``."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return
    need = newest_need(text.encode())
    if RUNNING == (3, 11):
        assert need is None or need.version < (3, 12)
    if need is not None:
        assert newest_possible(text) >= need.version
    for start in string_starts(text):
        is_old(text, start)

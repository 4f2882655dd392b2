"""Conditions around imports → environment markers; what can't be expressed runs always."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from paa.scan.source.comparisons import Names
from paa.scan.source.conditions import branches
from paa.scan.source.markers import NEVER, both
from tests.unit.scan.samples import read

NONE = Names(expressions={})


def shown(test: str) -> tuple[str | None, str | None]:
    return branches(ast.parse(test, mode="eval").body, NONE)


PAIRS = [
    # The interpreter's version.
    ("sys.version_info >= (3, 8)", 'python_version >= "3.8"', 'python_version < "3.8"'),
    ("sys.version_info < (3, 12)", 'python_version < "3.12"', 'python_version >= "3.12"'),
    ("sys.version_info > (3, 8)", 'python_version >= "3.8"', 'python_version < "3.8"'),
    ("sys.version_info <= (3, 8)", 'python_version < "3.8"', 'python_version >= "3.8"'),
    ("sys.version_info >= (3, 8, 1)", 'python_full_version >= "3.8.1"', 'python_full_version < "3.8.1"'),
    ("sys.version_info[:2] == (3, 8)", 'python_version == "3.8"', 'python_version != "3.8"'),
    ("sys.version_info[:2] > (3, 8)", 'python_version > "3.8"', 'python_version <= "3.8"'),
    ("sys.version_info[:2] > (3,)", 'python_version >= "3"', 'python_version < "3"'),
    ("sys.version_info[:3] >= (3, 9)", 'python_version >= "3.9"', 'python_version < "3.9"'),
    ("sys.version_info[:1] == (3,)", 'python_version >= "3" and python_version < "4"', None),
    ("sys.version_info >= (3,)", 'python_version >= "3"', 'python_version < "3"'),
    ("sys.version_info[0] >= 3", 'python_version >= "3"', 'python_version < "3"'),
    ("sys.version_info[0] == 2", 'python_version >= "2" and python_version < "3"', None),
    ("sys.version_info[0] > 2", 'python_version >= "3"', 'python_version < "3"'),
    ("sys.version_info.major < 3", 'python_version < "3"', 'python_version >= "3"'),
    ("(3, 8) <= sys.version_info", 'python_version >= "3.8"', 'python_version < "3.8"'),
    (
        "(3, 8) <= sys.version_info < (3, 12)",
        'python_version >= "3.8" and python_version < "3.12"',
        'python_version < "3.8" or python_version >= "3.12"',
    ),
    ("six.PY2", 'python_version < "3"', 'python_version >= "3"'),
    ("six.PY3", 'python_version >= "3"', 'python_version < "3"'),
    # Platforms.
    ("sys.platform == 'win32'", 'sys_platform == "win32"', 'sys_platform != "win32"'),
    ("'win32' != sys.platform", 'sys_platform != "win32"', 'sys_platform == "win32"'),
    ("sys.platform.startswith('win')", 'sys_platform == "win32"', 'sys_platform != "win32"'),
    ("sys.platform.startswith('linux')", 'sys_platform == "linux"', 'sys_platform != "linux"'),
    (
        "sys.platform in ('linux', 'darwin')",
        'sys_platform == "linux" or sys_platform == "darwin"',
        'sys_platform != "linux" and sys_platform != "darwin"',
    ),
    (
        "sys.platform.startswith(('win', 'darwin'))",
        'sys_platform == "win32" or sys_platform == "darwin"',
        'sys_platform != "win32" and sys_platform != "darwin"',
    ),
    ("sys.version_info[0:2] >= (3, 8)", 'python_version >= "3.8"', 'python_version < "3.8"'),
    ("sys.platform not in {'win32'}", 'sys_platform != "win32"', 'sys_platform == "win32"'),
    ("os.name == 'nt'", 'os_name == "nt"', 'os_name != "nt"'),
    ("platform.system() == 'Darwin'", 'platform_system == "Darwin"', 'platform_system != "Darwin"'),
    ("platform.machine() != 'arm64'", 'platform_machine != "arm64"', 'platform_machine == "arm64"'),
    (
        "platform.python_implementation() == 'PyPy'",
        'platform_python_implementation == "PyPy"',
        'platform_python_implementation != "PyPy"',
    ),
    ("sys.implementation.name == 'cpython'", 'implementation_name == "cpython"', 'implementation_name != "cpython"'),
    # Together.
    ("not os.name == 'nt'", 'os_name != "nt"', 'os_name == "nt"'),
    ("os.name == 'nt' and x", 'os_name == "nt"', None),
    ("os.name == 'nt' or x", None, 'os_name != "nt"'),
    (
        "os.name == 'nt' and sys.version_info < (3, 9)",
        'os_name == "nt" and python_version < "3.9"',
        'os_name != "nt" or python_version >= "3.9"',
    ),
    (
        "os.name == 'nt' and (sys.platform == 'a' or sys.platform == 'b')",
        'os_name == "nt" and (sys_platform == "a" or sys_platform == "b")',
        'os_name != "nt" or (sys_platform != "a" and sys_platform != "b")',
    ),
    # Never, and always.
    ("TYPE_CHECKING", NEVER, None),
    ("typing.TYPE_CHECKING", NEVER, None),
    ("te.TYPE_CHECKING", NEVER, None),
    ("not TYPE_CHECKING", None, NEVER),
    ("TYPE_CHECKING and sys.version_info >= (3, 12)", NEVER, None),
    ("TYPE_CHECKING or os.name == 'nt'", 'os_name == "nt"', 'os_name != "nt"'),
    ("False", NEVER, None),
    ("0", NEVER, None),
    ("1", None, NEVER),
    ("'text'", None, NEVER),
]


@pytest.mark.parametrize(("test", "body", "other"), PAIRS, ids=[test for test, *_ in PAIRS])
def test_what_can_be_expressed(test: str, body: str | None, other: str | None) -> None:
    found = shown(test)

    assert found[0] == body
    if other is not None or NEVER in (body, other):
        assert found[1] == other
    for marker in found:
        if marker not in {None, NEVER}:
            assert str(Marker(str(marker))) == marker


UNKNOWN = [
    "x",
    "x()",
    "x.y",
    "f(sys.platform)",
    "len(sys.argv) > 1",
    "x == 'win32'",
    "sys.platform",
    "sys.platform == x",
    "sys.platform > 'a'",
    "sys.platform is 'a'",
    "'win' in sys.platform",
    "sys.platform in x",
    "sys.platform in ()",
    "sys.platform in ('a', x)",
    "sys.platform == 'a\"b'",
    'sys.platform == "it\'s"',
    "sys.platform == 'a\\\\b'",
    "sys.platform == 'a\\nb'",
    "sys.platform == b'a'",
    "sys.platform.startswith('free')",
    "sys.platform.startswith(('win', 'free'))",
    "sys.platform.startswith(('win', x))",
    "sys.platform.startswith(())",
    "sys.platform.startswith('win', start=1)",
    "sys.platform.startswith()",
    "sys.version_info[1:2] >= (8,)",
    "sys.platform.endswith('32')",
    "platform.system == 'Linux'",
    "platform.system(1) == 'Linux'",
    "os.name() == 'nt'",
    "sys.version_info",
    "sys.version_info == (3, 8)",
    "sys.version_info != (3,)",
    "sys.version_info >= 3",
    "sys.version_info >= x",
    "sys.version_info >= (3, x)",
    "sys.version_info >= (3, 8, 0, 'final')",
    "sys.version_info >= (3, -1)",
    "sys.version_info >= ()",
    "sys.version_info >= (3, 8, 1, 0)",
    "sys.version_info >= (3.8,)",
    "sys.version_info >= (True, False)",
    "sys.version_info[0] == '3'",
    "sys.version_info[0] >= (3,)",
    "sys.version_info[1] >= 8",
    "sys.version_info[:2] >= 3",
    "sys.version_info[:2] >= (3, 8, 1)",
    "sys.version_info[:2] == (3,)",
    "sys.version_info[1:] > (8,)",
    "sys.version_info[::2] > (3,)",
    "sys.version_info[:-1] > (3,)",
    "sys.version_info[:0] >= (3,)",
    "sys.version_info in [(3, 8)]",
    "sys.version_info.minor >= 8",
    "sys.version_info is (3, 8)",
    "sys.version >= '3.8'",
    "sys.hexversion >= 0x3080000",
    "sys.version_info >= (0x" + "f" * 5000 + ",)",
    "mysys.version_info >= (3, 8)",
    "a.sys.platform == 'win32'",
    "six.PY34",
    "my.six.PY2",
    "os.name == '" + "x" * 600 + "' or x",
    "[1]",
    "lambda: 1",
    "x if y else z",
    "(x := 1)",
    "{}",
]


@pytest.mark.parametrize("test", UNKNOWN)
def test_what_cannot_be_expressed_runs_always(test: str) -> None:
    assert shown(test) == (None, None)


NAMED = [
    ("PY3 = sys.version_info[0] == 3", "PY3", 'python_version >= "3" and python_version < "4"'),
    ("PY2 = sys.version_info[0] < 3", "not PY2", 'python_version >= "3"'),
    ("WINDOWS = os.name == 'nt'", "WINDOWS", 'os_name == "nt"'),
    ("WINDOWS: bool = os.name == 'nt'", "WINDOWS", 'os_name == "nt"'),
    (
        "NT = os.name == 'nt'\nWINDOWS = NT or sys.platform == 'cygwin'",
        "WINDOWS",
        'os_name == "nt" or sys_platform == "cygwin"',
    ),
    ("WINDOWS = sys.platform.startswith('win')", "WINDOWS", 'sys_platform == "win32"'),
    ("WINDOWS = platform.system() == 'Windows'", "WINDOWS", 'platform_system == "Windows"'),
    ("system = platform.system()", "system == 'Windows'", 'platform_system == "Windows"'),
    ("from sys import platform", "platform == 'win32'", 'sys_platform == "win32"'),
    ("from sys import platform as p", "p.startswith('darwin')", 'sys_platform == "darwin"'),
    ("from sys import version_info", "version_info >= (3, 12)", 'python_version >= "3.12"'),
    ("from platform import system", "system() == 'Linux'", 'platform_system == "Linux"'),
    ("import sys as _sys", "_sys.platform == 'win32'", 'sys_platform == "win32"'),
    ("import os as o, sys as s", "o.name == 'nt'", 'os_name == "nt"'),
    ("py = sys.version_info", "py[0] == 2", 'python_version >= "2" and python_version < "3"'),
    ("py = sys.version_info", "py.major == 2", 'python_version >= "2" and python_version < "3"'),
    ("major = sys.version_info[0]", "major == 2", 'python_version >= "2" and python_version < "3"'),
    ("from six import PY2", "PY2", 'python_version < "3"'),
    # Not followed: the name may be something else where it is tested.
    ("WINDOWS = os.name == 'nt'\nWINDOWS = x", "WINDOWS", ""),
    ("WINDOWS = os.name == 'nt'\nif x:\n    WINDOWS = True", "WINDOWS", ""),
    ("WINDOWS = os.name == 'nt'\ndef f():\n    global WINDOWS\n    WINDOWS = True", "WINDOWS", ""),
    ("from sys import platform\ndef f(platform): pass", "platform == 'win32'", ""),
    ("from sys import platform\ndef f(*platform): pass", "platform == 'win32'", ""),
    ("from sys import platform\nfor platform in x: pass", "platform == 'win32'", ""),
    ("from .sys import platform", "platform == 'win32'", ""),
    ("from mine import platform", "platform == 'win32'", ""),
    ("NT = os.name == 'nt'\ntry: x\nexcept E as NT: pass", "NT", ""),
    ("NT = os.name == 'nt'\nmatch x:\n case {'a': NT}: pass", "NT", ""),
    ("NT = os.name == 'nt'\nmatch x:\n case [*NT]: pass", "NT", ""),
    # What the platform is asked of is something else.
    ("import mine as sys", "sys.platform == 'win32'", ""),
    ("import os.path as os", "os.name == 'nt'", ""),
    ("def sys(): pass", "sys.platform == 'win32'", ""),
    ("for os in x: pass", "os.name == 'nt'", ""),
    ("with x as (platform, y): pass", "platform.system() == 'Linux'", ""),
    # It is what it seems, or is somewhere else.
    ("import sys, os.path\nimport sys as sys", "sys.platform == 'win32'", 'sys_platform == "win32"'),
    ("from .compat import sys", "sys.platform == 'win32'", 'sys_platform == "win32"'),
    ("def f(sys, *os): platform = 1", "sys.platform == 'win32'", 'sys_platform == "win32"'),
    ("def f():\n for os in x: pass", "os.name == 'nt'", 'os_name == "nt"'),
    ("A, B = os.name == 'nt', 1", "A", ""),
    ("DEBUG = False", "DEBUG", ""),
    ("DEBUG = True", "not DEBUG", ""),
    ("A = not A", "A", ""),
    ("A = A.b\nB = B[0]", "A == 'x' or B == 'y'", ""),
    ("A = B\nB = A", "A == 'x'", ""),
]


@pytest.mark.parametrize(("above", "test", "marker"), NAMED, ids=[f"{above}; {test}" for above, test, _ in NAMED])
def test_names_bound_once_are_followed(above: str, test: str, marker: str) -> None:
    facts = read(f"{above}\nif {test}:\n    import wanted\n")

    (found,) = (fact for fact in facts.imports if fact.module == "wanted")
    assert (found.kind.value, found.marker) == ("required", marker)


def test_a_chain_of_conditions_excludes_what_came_before() -> None:
    source = "if os.name == 'a': import x\nelif os.name == 'b': import y\nelse: import z\n"

    assert [fact.marker for fact in read(source).imports] == [
        'os_name == "a"',
        'os_name != "a" and os_name == "b"',
        'os_name != "a" and os_name != "b"',
    ]


def test_both_keeps_the_wider_condition_when_the_marker_would_grow_without_end() -> None:
    marker = ""
    for number in range(100):
        marker = both(marker, f'sys_platform != "platform{number}"')

    assert len(marker) <= 500
    assert marker.startswith('sys_platform != "platform0"')
    assert both("", None) == ""
    assert both('os_name == "a"', 'os_name == "a"') == 'os_name == "a"'
    assert both('os_name == "a"', NEVER) == NEVER


ATOMS = ("sys.version_info >= (3, 12)", "sys.version_info[:2] == (3, 11)", "os.name == 'nt'", "sys.platform == 'linux'")
TESTS = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.map(lambda text: f"not ({text})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: " and ".join(f"({part})" for part in parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: " or ".join(f"({part})" for part in parts)),
    ),
    max_leaves=6,
)


@given(TESTS, st.sampled_from(("3.11", "3.12", "3.13")), st.sampled_from(("nt", "posix")), st.booleans())
def test_a_marker_holds_where_the_condition_does(test: str, version: str, name: str, on_linux: bool) -> None:  # noqa: FBT001  # drawn
    platform = "linux" if on_linux else "win32"
    environment = {"python_version": version, "python_full_version": f"{version}.0", "os_name": name}
    minor = int(version.partition(".")[2])

    class System:
        version_info = (3, minor, 0, "final", 0)

    class Names:
        pass

    setattr(System, "platform", platform)  # noqa: B010  # outside the class body, the name is the variable's
    setattr(Names, "name", name)  # noqa: B010  # likewise
    truth = bool(eval(test, {"sys": System, "os": Names}))  # noqa: S307  # made of the atoms above

    body, other = shown(test)

    for marker, expected in ((body, truth), (other, not truth)):
        if marker is not None:
            assert Marker(marker).evaluate({**environment, "sys_platform": platform}) is expected

"""Sources that are put together at random: what the scan finds in them is what another walker finds."""

import ast
import keyword

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.scan.samples import read
from tests.unit.scan.source.independent import Found, every_import

NAMES = st.sampled_from(("a", "b", "some_name", "Ünïcode", "_x", "with_", "x1", "match", "type"))
DOTTED = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
IMPORTS = st.one_of(
    st.lists(DOTTED, min_size=1, max_size=3).map(lambda names: f"import {', '.join(names)}"),
    st.tuples(DOTTED, NAMES).map(lambda pair: f"import {pair[0]} as {pair[1]}"),
    st.tuples(st.integers(0, 3), DOTTED, st.lists(NAMES, min_size=1, max_size=3)).map(
        lambda parts: f"from {'.' * parts[0]}{parts[1]} import ({', '.join(parts[2])},)"
    ),
    st.tuples(DOTTED, NAMES).map(
        lambda pair: f"from {pair[0]} import (  # comment\n   {pair[1]},\n\n   other  # last\n)"
    ),
    st.tuples(DOTTED, NAMES).map(lambda pair: f"from {pair[0]} \\\n  import \\\n {pair[1]} as y"),
    st.tuples(st.integers(1, 3), NAMES).map(lambda parts: f"from {'.' * parts[0]} import {parts[1]}"),
    st.tuples(DOTTED, DOTTED).map(lambda pair: f"x = 1; import {pair[0]}; import {pair[1]}; y = lambda: 0"),
    DOTTED.map(lambda name: f"import {name}  #>=1,<2"),
    DOTTED.map(lambda name: f"from {name} import *"),
    DOTTED.map(lambda name: f"def f(): import {name}"),
    DOTTED.map(lambda name: f"class A: x = 1; import {name}"),
)
OTHERS = st.sampled_from(
    (
        "x = 1",
        "pass",
        "raise",
        "x = lambda y: y",
        "'import zzz'",
        "x = '''\nimport zzz\nfrom zzz import zzz\n'''",
        'x = f"""{1}\nimport zzz\n"""',
        "# import zzz",
        "x = 1  # from zzz import zzz",
        "x = [\n1,\n  'import zzz',\n]",
        "important = from_ = 1",
        "x: 'import zzz' = ...; del y",
        "if (n := 1): x = n",
    )
)
HEADERS = st.sampled_from(
    (
        ("if x:",),
        ("if x:", "elif y:", "else:"),
        ("if TYPE_CHECKING:", "else:"),
        ("if not TYPE_CHECKING:", "else:"),
        ("if sys.platform == 'win32':", "else:"),
        ("if sys.version_info >= (3, 12):", "elif sys.platform != 'linux':", "else:"),
        ("def f(a=1, *b, c, **d):",),
        ("async def f():",),
        ("class A(B, metaclass=C):",),
        ("@d\n@d.e(lambda: 0)\ndef f():",),
        ("@d('import zzz')\nclass A:",),
        ("for x in y:", "else:"),
        ("while x:", "else:"),
        ("with open(x) as y, z:",),
        ("with contextlib.suppress(ImportError):",),
        ("try:", "except ImportError:"),
        ("try:", "except (ModuleNotFoundError, OSError) as e:", "else:", "finally:"),
        ("try:", "except Exception:"),
        ("try:", "except ValueError:", "except:"),
        ("try:", "except ValueError:", "else:"),
        ("try:", "finally:"),
        ("try:", "except ImportError: raise"),
        ("try:", "except ImportError: x(); raise", "except Exception:"),
        ("try:", "except Exception:", "except ImportError: raise"),
        ("try:", "except* ImportError:", "except* OSError:"),
        ("case 1:", "case {'a': [b, *_]} if c:", "case _:"),
    )
)
Node = tuple[tuple[str, ...], "list[list[Node]]"]  # Headers, and the body of each; a simple statement has no body.


def _leaf(text: str) -> Node:
    return (text,), []


def _block(parts: tuple[tuple[str, ...], list[list[Node]]]) -> Node:
    headers, bodies = parts
    return headers, [bodies[number % len(bodies)] for number in range(len(headers))]


NODES: st.SearchStrategy[Node] = st.recursive(
    st.one_of(IMPORTS.map(_leaf), OTHERS.map(_leaf)),
    lambda inner: st.tuples(HEADERS, st.lists(st.lists(inner, min_size=1, max_size=3), min_size=1, max_size=4)).map(
        _block
    ),
    max_leaves=12,
)
FILLER = (
    "def plain(x, important=0):\n    '''Does nothing of importance.'''\n    return x\n\n\n",
    "class Plain:\n    '''Nothing.'''\n\n    def method(self):\n        for x in ():\n            self.x = x\n\n\n",
    "@d\nasync def plain():\n    try:\n        pass\n    finally:\n        await x()\n\n\n",
    "def quoting():\n    return '''\nimport zzz\n'''\n\n\n",
    "def nested():\n    def inner():\n        return 1\n    return inner\n\n\n",
)


def _render(node: Node, indent: str, step: str) -> str:
    headers, bodies = node
    lines = ""
    if headers[0].startswith("case"):
        lines += f"{indent}match x:\n"
        indent += step
    for header, body in zip(headers, bodies or [[]], strict=True):
        # Only the first line of what goes on inside brackets and strings is indented; that is enough.
        first = (
            header if header.startswith("x = ") or not header.startswith("@") else header.replace("\n", f"\n{indent}")
        )
        lines += f"{indent}{first}\n"
        if bodies and header.endswith(":"):
            # A comment alone is no body.
            lines += f"{indent}{step}pass\n" + "".join(_render(inner, indent + step, step) for inner in body)
    return lines


def _found(source: bytes) -> list[Found]:
    facts = read(source)
    assert [fault for fault in facts.faults if fault.rule != "mark"] == []
    return [
        Found(
            line=fact.line,
            module="." * fact.level + fact.module,
            names=fact.names,
            kind=fact.kind.value,
            fallback=fact.fallback,
            conditional=fact.marker != "",
        )
        for fact in facts.imports
    ]


def _refusal(source: bytes) -> str | None:
    try:
        compile(source, "<source>", "exec", dont_inherit=True)
    except SyntaxError as error:
        return error.msg
    return None


def _compare(source: bytes) -> None:
    refusal = _refusal(source)
    if refusal is not None:
        # A star in a function or class parses all the same.
        assert [fault.message for fault in read(source).faults] == [f"syntax error: {refusal}"]
        return
    found = _found(source)

    assert sorted(found) == sorted(every_import(ast.parse(source)))
    assert [item.line for item in found] == sorted(item.line for item in found)
    assert not any(keyword.iskeyword(name) for item in found for name in item.module.split("."))


@given(st.lists(NODES, max_size=5), st.sampled_from((" ", "\t", "    ")), st.sampled_from(("\n", "\r\n", "\r")))
def test_imports_are_those_that_another_walker_finds(nodes: list[Node], step: str, end: str) -> None:
    _compare("".join(_render(node, "", step) for node in nodes).replace("\n", end).encode())


LONG = st.lists(st.one_of(NODES, st.sampled_from(FILLER), st.sampled_from(FILLER)), min_size=1, max_size=12)


@given(LONG, st.integers(1, 12))
def test_imports_are_found_among_many_functions_without_any(parts: list[Node | str], times: int) -> None:
    rendered = [part * times if isinstance(part, str) else _render(part, "", "    ") for part in parts]

    _compare("".join(rendered).encode())
    _compare("\n\n".join(["'''A docstring.'''", *rendered, FILLER[0]]).encode("utf-8-sig"))

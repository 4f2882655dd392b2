"""Sources that Python's parser reads and its compiler refuses: told by the scan, with the line."""

import pytest

from tests.unit.scan.samples import read

REFUSED = [
    ("return 1", 1, "'return' outside function"),
    ("x = 1\nif x:\n    return x", 3, "'return' outside function"),
    ("try:\n    x = 1\nexcept OSError:\n    return", 4, "'return' outside function"),
    ("break", 1, "'break' outside loop"),
    ("if True:\n    continue", 2, "'continue' not properly in loop"),
    ("yield 1", 1, "'yield' outside function"),
    ("await x", 1, "'await' outside function"),
    ("def f():\n    await x()", 2, "'await' outside async function"),
    ("def f():\n    async with x:\n        pass", 2, "'async with' outside async function"),
    ("def f():\n    nonlocal x", 2, "no binding for nonlocal 'x' found"),
    ("def f():\n    x = 1\n    global x", 3, "name 'x' is assigned to before global declaration"),
    ("def f(): x = 1; global x", 1, "name 'x' is assigned to before global declaration"),
    ("def f():\n    from os import *", 2, "import * only allowed at module level"),
    ("class A: from os import *", 1, "import * only allowed at module level"),
    ("__debug__ = 1", 1, "cannot assign to __debug__"),
    ("import os\nfrom __future__ import annotations", 2, "from __future__ imports must occur at the beginning"),
    ("'''Doc.'''\n1\nfrom __future__ import annotations", 3, "from __future__ imports must occur at the beginning"),
    ("from __future__ import nothing_such", 1, "future feature nothing_such is not defined"),
]
GOOD = [
    "def f():\n    return 1",
    "for x in y:\n    if x:\n        break\nelse:\n    pass",
    "while x:\n    continue",
    "async def f():\n    await x()",
    "def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 2",
    "def f():\n    global x\n    x = 1",
    "if __debug__:\n    pass",
    "if x:\n    from os import *",
    "# Comment\n'''Doc.'''\nfrom __future__ import annotations\nfrom __future__ import division, generators\nimport os",
    "'''\nreturn\nyield\nglobal x\n    from os import *\n'''",
]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("source", "line", "reason"), REFUSED)
def test_what_does_not_compile_is_a_syntax_error(source: str, line: int, reason: str, end: str) -> None:
    (fault,) = read(f"{source}\n".replace("\n", end)).faults
    assert (fault.rule, fault.line, fault.blocks) == ("syntax", line, True)
    assert fault.message.startswith(f"syntax error: {reason}")


@pytest.mark.parametrize("source", GOOD)
def test_what_compiles_is_none(source: str) -> None:
    assert read(source).faults == ()

"""Whatever the bytes are, reading them ends, and what is said of them can be stored; no import is missed or made up."""

import ast
import json

from hypothesis import example, given
from hypothesis import strategies as st

from paa.scan.source.facts import ImportKind, SourceFacts, facts_from_json, facts_to_json
from paa.scan.source.imports import read_source
from tests.unit.scan.source.independent import every_import


@given(st.binary(max_size=400))
@example(b"# coding: undefined\nimport a #-\n")
@example(b"# coding: idna\nimport a #-\n")
@example(b"# coding: utf-7\nimport a #-\n+ACM- #@ x\n")
@example(b"# coding: unicode_escape\nx = '\\ud800'\nimport a #==1\n")
@example(b"# coding: rot13\nvzcbeg n\n")
@example(b"# coding: utf-16\nimport a\n")
@example(b"# coding: punycode\nimport a #-\n")
@example(b"# coding: raw_unicode_escape\n#@ \\u0061\n")
@example(b"import a #==1\n\\")
@example(b"import a \\\n#==1")
@example(b"import a \\\r#==1\r\\\r")
@example(b"__package_metadata__ = {'name': '\\ud800', 'x': 0x" + b"f" * 9000 + b"}\n")
@example(b"#@ a; " + b"(" * 3000)
@example(b"#@ a; " + b"os_name == 'x' and (" * 100)
@example(b"#! import a, " + b"(" * 3000)
@example(b"#@x" + b".y" * 5000)
@example(b"#@x(" + b"(" * 5000)
@example(b"import a #" + b",".join(b"!=%d" % n for n in range(3000)))
@example(b"import a #[" + b",".join(b"e%d" % n for n in range(3000)) + b"]")
@example(b"import a #" + b"[" * 9000)
@example(b"import a #=" + b" " * 9000 + b"x")
@example(b"import a " + b"# " * 9000)
@example(b"import a #" + b"\xe2\x80\x8b" * 9000)
def test_no_bytes_stop_it(source: bytes) -> None:
    _check(source)


COOKIES = st.sampled_from(("utf-8", "latin-1", "cp1252", "utf-7", "utf-16", "shift_jis", "big5", "hz", "cp037", "hex"))


@given(COOKIES, st.text(max_size=60), st.booleans())
def test_no_encoding_stops_it(encoding: str, text: str, marked: bool) -> None:  # noqa: FBT001  # drawn
    head = b"\xef\xbb\xbf" * marked + f"# coding: {encoding}\n".encode()
    try:
        body = f"import a #>=1\nx = {text!r}\n# {text}\n".encode(encoding, "replace")
    except LookupError:
        body = text.encode("utf-8", "replace")

    _check(head + body)


FRAGMENTS = (
    "import a",
    "from a import b",
    "from . import (b,\n c)",
    "import a, b",
    "if x:",
    "if TYPE_CHECKING:",
    "if sys.version_info >= (3, 12):",
    "else:",
    "try:",
    "except ImportError:",
    "except* ImportError:",
    "raise",
    "with suppress(ImportError):",
    "def f(x):",
    "class A:",
    "match x:",
    "case 1:",
    "#-",
    "#==1",
    "#[e]>=2",
    "#@ a>=1",
    "#@a",
    "#@ a; extra == 'b'",
    "#@ a @ b",
    "#! import a",
    "#>=oops",
    "@d",
    "'''",
    '"',
    "(",
    ")",
    "\\",
    "\\\n",
    ";",
    ",",
    "    ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\f",
    "\0",
    "é",
    "\u2028",
    "x = {",
    "}",
    "__package_metadata__",
    "__cli_metadata__",
    "__all__ = ['a']",
    " = {'name': 'x'}",
    "importlib.import_module('a')",
    "# coding: latin-1\n",
)


@given(st.lists(st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8)), max_size=30).map("".join))
def test_no_text_stops_it(text: str) -> None:
    _check(text.encode("utf-8", "surrogatepass"))


def _check(source: bytes) -> None:
    facts = read_source(source)

    stored = json.dumps(facts_to_json(facts)).encode()
    assert facts_from_json(json.loads(stored)) == facts
    if any(fault.rule == "syntax" for fault in facts.faults):
        assert facts == SourceFacts(faults=facts.faults)
        return
    found = [
        (fact.line, "." * fact.level + fact.module, fact.names)
        for fact in facts.imports
        if fact.kind is not ImportKind.DYNAMIC
    ]
    for item in every_import(ast.parse(source)):
        found.remove((item.line, item.module, item.names))
    optional = {(fact.line, fact.module, fact.names) for fact in facts.imports if fact.kind is ImportKind.OPTIONAL}
    # What is left are marks: lines that begin with "#!".
    assert optional.issuperset(found)

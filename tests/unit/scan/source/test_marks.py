"""Comment marks: which comments are one, and what they ask for."""

import pytest

from tests.unit.scan.samples import read, shown_imports

MARKS = [
    # Behind an import: specifier sets of PEP 440.
    ("import a #==1.2", ["1: a #==1.2"]),
    ("import a #== 1.2", ["1: a #==1.2"]),
    ("import a #~=1.2.3", ["1: a #~=1.2.3"]),
    ("import a #>=1,<2", ["1: a #<2,>=1"]),
    ("import a #!=1.3,>=1.0rc1", ["1: a #!=1.3,>=1.0rc1"]),
    ("import a #===1.0+local", ["1: a #===1.0+local"]),
    ("import a #<2", ["1: a #<2"]),
    ("import a #==1.*", ["1: a #==1.*"]),
    ("import a#==1", ["1: a #==1"]),
    ("import a\t#==1\t", ["1: a #==1"]),
    ("import a as b #==1", ["1: a #==1"]),
    ("from a.b import c #==1", ["1: a.b (c) #==1"]),
    # Extras.
    ("import a #[x]", ["1: a #[x]"]),
    ("import a #[x,y]>=2", ["1: a #[x,y]>=2"]),
    ("import a #[ y , x ] >=2.1.0", ["1: a #[x,y]>=2.1.0"]),
    # To be ignored.
    ("import a #-", ["1: a #-"]),
    ("import a #- not ours", ["1: a #-"]),
    ("import a, b #-", ["1: a #-", "1: b #-"]),
    # After a space or behind another comment: only what can be read whole.
    ("import a # ==1.2", ["1: a #==1.2"]),
    ("import a # -", ["1: a #-"]),
    ("import a  # noqa: F401 #==1.2", ["1: a #==1.2"]),
    ("import a  # type: ignore[import] #[x]>=1", ["1: a #[x]>=1"]),
    ("import a #==1.2 # why", ["1: a #==1.2"]),
    ("import a  # noqa #-", ["1: a #-"]),
    # Ordinary comments.
    ("import a # see #-12", ["1: a"]),
    ("import a #-12", ["1: a"]),
    ("import a # - a dash", ["1: a"]),
    ("import a # >= 2 items", ["1: a"]),
    ("import a # [1]", ["1: a"]),
    ("import a # [see below] for why", ["1: a"]),
    ("import a # use a>=2", ["1: a"]),
    ("import a # was: import b #== x", ["1: a"]),
    ("import a #noqa", ["1: a"]),
    ("import a #: documented", ["1: a"]),
    ("import a #------------", ["1: a"]),
    ("import a #==========", ["1: a"]),
    ("import a #### header ####", ["1: a"]),
    ("import a #=> see below", ["1: a"]),
    ("import a #-> see below", ["1: a"]),
    ("import a #<-- this one", ["1: a"]),
    ("import a #>>> a.b()", ["1: a"]),
    ("import a #!important", ["1: a"]),
    ("import a #@UnresolvedImport", ["1: a"]),
    ("import a #", ["1: a"]),
    # Of several statements, the one that the comment stands behind.
    ("import a; import b #==1", ["1: a", "1: b #==1"]),
    ("import a; import b #-", ["1: a", "1: b #-"]),
    ("import a; x = 1 #-", ["1: a"]),
    ("x = 1 #-\nimport a", ["2: a"]),
    ("x = 1; import a #-", ["1: a #-"]),
    ("x = '#'; import a #-", ["1: a #-"]),
    ("x = 'é'; import a #-", ["1: a #-"]),
    ("def f(): import a #==1", ["1: a #==1"]),
    # Several lines.
    ("from a import ( #==1\n    b,\n    c,\n)", ["1: a (b, c) #==1"]),
    ("from a import (\n    b, #==1\n    c,\n)", ["1: a (b, c) #==1"]),
    ("from a import (\n    b,\n    c,\n) #==1", ["1: a (b, c) #==1"]),
    ("from a import (\n    b,\n    #==1\n    c,\n)", ["1: a (b, c) #==1"]),
    ("from a import ( #[x]\n    b, #>=1\n    c, #<2\n) #[y]", ["1: a (b, c) #[x,y]<2,>=1"]),
    ("from a import (\n    b, #-\n    c,\n) #>=1", ["1: a (b, c) #-"]),
    ("from a import b, \\\n    c #==1", ["1: a (b, c) #==1"]),
    ("from a import (\n    b,\n); from c import (\n    d,\n) #-", ["1: a (b)", "3: c (d) #-"]),
    ("import a; #==1", ["1: a #==1"]),
    ("import a \\\n#==1", ["1: a #==1"]),
    ("import a \\\n  \\\n  #==1", ["1: a #==1"]),
    ("import a \\\n; x = 1 #==1", ["1: a"]),
    ("import a #,==1", ["1: a #==1"]),
    # Inside strings there are no marks.
    ("x = '''\nimport a #-\n#@ b\n'''\nimport c", ["5: c"]),
    ("x = 'import a #-'; import a", ["1: a"]),
    # Under conditions.
    ("try:\n    import a #==1\nexcept ImportError:\n    pass", ["2: a optional #==1"]),
    # An optional import that is never run.
    ("#! import a", ["1: a optional"]),
    ("#!import a", ["1: a optional"]),
    ("#! import a #==1.0", ["1: a optional #==1.0"]),
    ("#! import a #[x] >=2", ["1: a optional #[x]>=2"]),
    ("#! import a as b", ["1: a optional"]),
    ("#! import a, b", ["1: a optional", "1: b optional"]),
    ("#! from a.b import c, d #==1", ["1: a.b (c, d) optional #==1"]),
    ("def f():\n    #! import a\n    pass", ["2: a optional"]),
    ("#!/usr/bin/env python3\nimport a", ["2: a"]),
    ("#! importantly, this is prose\nimport a", ["2: a"]),
    ("# ! import a\nimport b", ["2: b"]),
]


@pytest.mark.parametrize(("source", "expected"), MARKS, ids=[source for source, _ in MARKS])
def test_marks_on_imports(source: str, expected: list[str]) -> None:
    assert shown_imports(f"{source}\n") == expected
    assert shown_imports(source.replace("\n", "\r\n").encode() + b"\r\n") == expected


FAULTS = [
    ("import a #>=oops", 1, "the mark #>=oops can't be read"),
    ("x = 1\nimport a #==", 2, "the mark #== can't be read"),
    ("import a #>=1 because it must", 1, "the mark #>=1 because it must can't be read"),
    ("import a #=1.2", 1, "the mark #=1.2 can't be read"),
    ("import a #==1.2; python_version < '3'", 1, "can't be read"),
    ("import a #=>1.2", 1, "the mark #=>1.2 can't be read"),
    ("import a #^1.2", 1, "the mark #^1.2 can't be read"),
    ("import a #<>1.2", 1, "the mark #<>1.2 can't be read"),
    ("import a #\uff1d\uff1d1.2", 1, "can't be read"),
    ("import a #\u22651.2", 1, "can't be read"),
    ("import a #\u200b==1.2", 1, "can't be read"),
    ("import a #[x", 1, "the mark #[x can't be read"),
    ("import a #[]", 1, "the mark #[] can't be read"),
    ("import a #[x y]>=1", 1, "can't be read"),
    ("import a #[x] whatever", 1, "can't be read"),
    ("from a import (\n    b,\n    c, #==x\n)", 3, "the mark #==x can't be read"),
    ("import a, b #==1", 1, "one mark behind several imports"),
    ("import a #" + ",".join(["!=1.1"] * 400), 1, "can't be read"),
    ("import a #@ b", 1, "stands behind an import"),
    ("import a #! import b", 1, "stands behind an import"),
    ("#! import a #==x", 1, "the mark #==x can't be read"),
    ("#! import", 1, "there is no absolute import behind the mark"),
    ("#! import a; import b", 1, "there is no absolute import behind the mark"),
    ("#! from . import a", 1, "there is no absolute import behind the mark"),
    ("#! from .a import b", 1, "there is no absolute import behind the mark"),
    ("#! from a import (b,", 1, "there is no absolute import behind the mark"),
    ("import x\n#@ a >= oops", 2, "#@ a >= oops: not a requirement"),
    ("#@", 1, "not a requirement"),
    ("#@ a b", 1, "#@ a b: not a requirement"),
    ("#@todo: write it", 1, "not a requirement"),
    ("#@ a; extra == 'b'", 1, "an extra can't be asked for"),
    ("#@ somebody@example.org", 1, "its address has no scheme"),
    ("#@ ../a", 1, "not a requirement"),
    ("#@ a; " + "(" * 500, 1, "not a requirement"),
]


@pytest.mark.parametrize(("source", "line", "message"), FAULTS, ids=[source[:40] for source, *_ in FAULTS])
def test_a_mark_that_cannot_be_read_is_a_fault_with_its_line(source: str, line: int, message: str) -> None:
    (fault,) = read(f"{source}\n").faults

    assert (fault.rule, fault.line, fault.blocks) == ("mark", line, True)
    assert message in fault.message
    assert fault.advice


ADDED = [
    ("#@ a", ["a"]),
    ("#@a", ["a"]),
    ("#@a>=1,<2", ["a<2,>=1"]),
    ("#@ mkdocs-material>=9.5.30", ["mkdocs-material>=9.5.30"]),
    ("#@ a[x,y]==1.*", ["a[x,y]==1.*"]),
    ('#@ a>=1 ; platform_system == "Linux"', ['a>=1; platform_system == "Linux"']),
    ("#@ a @ https://example.org/a-1.0-py3-none-any.whl", ["a @ https://example.org/a-1.0-py3-none-any.whl"]),
    ("#@ a>=1  # since it works", ["a>=1"]),
    ("#@ zope.interface", ["zope.interface"]),
    ("#@ a\n#@ b\nimport c", ["a", "b"]),
    ("class A:\n    #@ a\n    pass", ["a"]),
    ("#@ markdown", ["markdown"]),
    ("#@markdown>=3", ["markdown>=3"]),
    # A decorator that was commented out.
    ("#@property\ndef f(): pass", []),
    ("import functools\n#@functools.cache\ndef f(): pass", []),
    ("from app import app\n#@app.route('/')\ndef f(): pass", []),
    ("class A:\n    def x(self): pass\n    #@x.setter\n    def y(self): pass", []),
    ("def f(mark):\n    #@mark\n    def g(): pass", []),
    ("#@property\n#def f(self):\n#    pass", []),
    ("#@staticmethod\n\n# why\n@other\ndef f(): pass", []),
    # Bound or built in, but nothing follows that could be decorated.
    ("import numpy #-\n#@numpy\nx = 1", ["numpy"]),
    ("import numpy #-\n#@numpy", ["numpy"]),
    # But not this: nothing of the name is bound here, or a version says what it is.
    ("#@numpy\nclass A: pass", ["numpy"]),
    ("import numpy #-\n#@numpy>=2", ["numpy>=2"]),
    ("import tensorflow #-\n#@tensorflow-gpu", ["tensorflow-gpu"]),
    ("import functools\n#@ functools", ["functools"]),
    # Colab's form fields, and what stands elsewhere.
    ("#@title A title\n#@markdown Some *text*\n#@test {'skip': true}\nx = 1 #@param {type: 'string'}", []),
    ("x = 1 #@ a", []),
    ("# @ a\n# @a", []),
    ("'''\n#@ a\n'''", []),
]


@pytest.mark.parametrize(("source", "expected"), ADDED, ids=[source[:40] for source, _ in ADDED])
def test_added_requirements(source: str, expected: list[str]) -> None:
    facts = read(f"{source}\n")

    assert facts.faults == ()
    assert [text for text, _ in facts.added] == expected


def test_added_requirements_know_their_lines() -> None:
    assert read("import x\n\n#@ a>=1\n").added == (("a>=1", 3),)


def test_every_fault_of_a_file_is_told() -> None:
    faults = read("import a #>=oops\n#@ b c\nimport d #[\n#! from . import e\n").faults

    assert sorted(fault.line or 0 for fault in faults) == [1, 2, 3, 4]


def test_marks_hold_in_a_file_of_another_encoding() -> None:
    source = "# coding: latin-1\nx = 'é'; import a #==1  # ü\n#@ b\n".encode("latin-1")

    assert shown_imports(source) == ["2: a #==1"]
    assert read(source).added == (("b", 3),)

"""Bytes: encodings, line ends, and what no parser takes."""

from tests.unit.scan.hostile.row import row

_MARKED = "x = 'é'\nimport requests #>=2\n#@ numpy\n"


def _broken(place: str, words: str) -> str:
    return f"error syntax {place}: {words}"


ROWS = (
    # Line ends.
    row("CRLF", b"import requests #>=2\r\n#@ numpy\r\nif x:\r\n    import yaml\r\n", "numpy", "PyYAML", "requests>=2"),
    row("CR only", b"import requests #>=2\r#@ numpy\rif x:\r    import yaml\r", "numpy", "PyYAML", "requests>=2"),
    row(
        "all kinds, and the line is right",
        b"x = 1\r\ny = 2\rz = 3\nimport qqq_unknown\n",
        findings="error unknown-import 4: 'qqq_unknown'",
    ),
    row("CRLF in a parenthesis", b"from yaml import (\r\n    dump, #>=6\r\n)\r\n", "PyYAML>=6"),
    row("CRLF behind a backslash", b"import \\\r\n    yaml #>=6\r\n", "PyYAML>=6"),
    row(
        "CRLF in a string",
        b"x = '''\r\nimport requests\r\n'''\r\nimport qqq_unknown\r\n",
        findings="error unknown-import 4: 'qqq_unknown'",
    ),
    row("form feeds", b"\x0cimport requests #>=2\n\x0c\nimport yaml\n \x0c\n", "PyYAML", "requests>=2"),
    row("a form feed before a mark", b"\x0c#@ requests\n", "requests"),
    row("tabs for indentation", b"if x:\n\tif y:\n\t\timport yaml\n", "PyYAML"),
    row(
        "a tab of eight, then spaces",
        b"if x:\n\timport yaml\n        import numpy\n",
        findings=_broken("3", "inconsistent use of tabs"),
    ),
    # Encodings.
    row("a byte order mark", b"\xef\xbb\xbfimport requests #>=2\n", "requests>=2"),
    row("a byte order mark, and a cookie", b"\xef\xbb\xbf# coding: utf-8\nimport requests #>=2\n", "requests>=2"),
    row(
        "a byte order mark, and another cookie",
        b"\xef\xbb\xbf# coding: latin-1\nimport requests\n",
        findings=_broken("pkg.py", "encoding problem"),
    ),
    row("a byte order mark, and a mark", b"\xef\xbb\xbf#@ requests\n", "requests"),
    row("latin-1", f"# coding: latin-1\n{_MARKED}".encode("latin-1"), "numpy", "requests>=2"),
    row(
        "latin-1 in the way of Emacs", f"# -*- coding: latin-1 -*-\n{_MARKED}".encode("latin-1"), "numpy", "requests>=2"
    ),
    row(
        "cp1252 in the way of vim, second line",
        f"#!/bin/sh\n# vim: set fileencoding=cp1252 :\ny = '€'\n{_MARKED}".encode("cp1252"),
        "numpy",
        "requests>=2",
    ),
    row(
        "a cookie on the third line is none",
        "\n\n# coding: latin-1\nx = 'é'\nimport requests\n".encode("latin-1"),
        findings=_broken("4", "utf-8"),
    ),
    row(
        "a cookie behind code is none",
        "x = 1 # coding: latin-1\ny = 'é'\nimport requests\n".encode("latin-1"),
        findings=_broken("2", "utf-8"),
    ),
    row("utf-8 by another name", f"# coding: UTF8\n{_MARKED}".encode(), "numpy", "requests>=2"),
    row("shift_jis", "# coding: shift_jis\nx = '日本'; import requests #>=2\n".encode("shift_jis"), "requests>=2"),
    row(
        "shift_jis with backslashes inside letters",
        "# coding: shift_jis\nx = 'ソ表'; import requests #>=2\n".encode("shift_jis"),
        "requests>=2",
    ),
    row("koi8-r in an import", "# coding: koi8-r\nimport мир #-\nimport requests\n".encode("koi8-r"), "requests"),
    row("utf-7", b"# coding: utf-7\nimport requests #>=2\n", "requests>=2"),
    row("utf-7 that hides the statement", b"# coding: utf-7\n+AGk-mport requests\n", "requests"),
    row("utf-7 that hides a comment", b"# coding: utf-7\nimport requests +ACM-+AD4APQ-2\n", "requests>=2"),
    row(
        "an encoding that there is not", b"# coding: no-such\nimport requests\n", findings=_broken("pkg.py", "no-such")
    ),
    row("an encoding that is none of text", b"# coding: rot13\nvzcbeg erdhrfgf\n", findings=_broken("pkg.py", "rot13")),
    row("not UTF-8, in a string", b"import requests\nx = '\xff'\n", findings=_broken("2", "utf-8")),
    row("not UTF-8, in a comment", b"import requests\n# \xe9\n", findings=_broken("2", "this file is not UTF-8")),
    row("half a letter at the end", b"import requests\nx = 1 # \xc3", findings=_broken("2", "this file is not UTF-8")),
    row("UTF-16", "import requests\n".encode("utf-16"), findings=_broken("pkg.py", "null bytes")),
    row("letters beyond the first plane", "x = '\U0001d4b3\U0001f40d'; import requests #>=2\n", "requests>=2"),
    row("right to left", "x = 'שלום' # \u202eimport numpy\nimport requests\n", "requests"),
    # What no parser takes.
    row("nothing behind import", "import requests\nimport\n", findings=_broken("2", "syntax error")),
    row("import from nothing", "from requests import\n", findings=_broken("1", "syntax error")),
    row("a name with a hyphen", "import my-module\n", findings=_broken("1", "invalid syntax")),
    row("a keyword", "import class\n", findings=_broken("1", "invalid syntax")),
    row("a comma too many", "import requests,\n", findings=_broken("1", "syntax error")),
    row("never closed", "from yaml import (\n    dump,\n", findings=_broken("1", "never closed")),
    row("a string never closed", "x = '''\nimport requests\n", findings=_broken("1", "unterminated")),
    row("Python 2", "import requests\nprint 'x'\n", findings=_broken("2", "Missing parentheses")),
    row("a merge conflict", "import requests\n<<<<<<< HEAD\nimport yaml\n", findings=_broken("2", "invalid syntax")),
    row("a notebook's line", "%pip install requests\nimport requests\n", findings=_broken("1", "invalid syntax")),
    row("a star in a function", "def f():\n    from yaml import *\n", findings=_broken("2", "only allowed at module")),
    row("a NUL", b"import requests\n\x00", findings=_broken("pkg.py", "null bytes")),
    row("a byte order mark in the middle", "import requests\n\ufeffimport yaml\n", findings=_broken("2", "U+FEFF")),
    row("a vertical tab", "import requests\n\x0bimport yaml\n", findings=_broken("2", "U+000B")),
    row("a non-breaking space", "import\u00a0requests\n", findings=_broken("1", "U+00A0")),
    row(
        "nested too deeply", "x = " + "-" * 9999 + "1\nimport requests\n", findings=_broken("pkg.py", "can't be parsed")
    ),
    row("parentheses nested too deeply", "(" * 300 + ")" * 300, findings=_broken("1", "nested parentheses")),
    row(
        "blocks nested too deeply",
        "".join(" " * n + "if x:\n" for n in range(120)) + " " * 120 + "import yaml\n",
        findings=_broken("101", "too many levels"),
    ),
    row("a number too long", "x = " + "9" * 9999 + "\nimport requests\n", findings=_broken("1", "digits")),
)

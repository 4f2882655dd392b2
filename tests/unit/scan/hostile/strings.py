"""Imports in strings and comments are none; and names that are bound around them change nothing."""

from tests.unit.scan.hostile.row import row

_METADATA = "__package_metadata__ = {'description': 'import requests', 'keywords': ['import yaml']}\n"

ROWS = (
    row("a docstring", '"""import requests\nfrom yaml import dump\n"""\n'),
    row(
        "a docstring with an example",
        '"""Use it so:\n\n>>> import requests\n>>> from yaml import dump\n"""\nimport numpy\n',
        "numpy",
    ),
    row("a docstring at the left", "def f():\n    '''\nimport requests\nfrom yaml import dump\n'''\n"),
    row("a string over lines", "x = '''\nimport requests\n#@ yaml\n#! import numpy\n'''\n"),
    row("a string with quotes inside", 'x = \'\'\'it"s\n"""\nimport requests\n"""\n\'\'\'\n'),
    row("a raw string", "x = r'''\\\nimport requests\n'''\n"),
    row("bytes", "x = b'''\nimport requests\n'''\n"),
    row("an f-string", "x = f'''\n{1}\nimport requests\n{2}'''\n"),
    row("an f-string with a string inside", "x = f'''{'import requests'}\nimport yaml'''\n"),
    row("joined strings", "x = ('import requests\\n'\n     'import yaml')\n"),
    row("a string that goes on", "x = 'a \\\nimport requests'\n"),
    row("a string alone between statements", "x = 1\n'''\nimport requests\n'''\nimport yaml\n", "PyYAML"),
    row("a comment", "# import requests\n#import yaml\nx = 1  # from numpy import array\n"),
    row("comments that are commented out marks", "# #@ requests\n## #! import yaml\n"),
    row("metadata", _METADATA),
    row("names that begin like it", "importer = 1\nimport_ = from_ = 2\nimports.load(importer)\n"),
    row("attributes that are called like it", "x.importlib\nx.from_(y)\nx['import requests']\n"),
    row("keywords of a call", "f(imports=1, from_='import requests')\n"),
    row("annotations in text", "def f(x: 'import requests') -> 'from yaml import dump': ...\n"),
    row("yield from, raise from", "def f():\n    yield from requests\n    raise A from yaml\n"),
    row("names with __ around", "__all__ = ['requests']\n__requires__ = ['yaml']\n__version__ = '1.0'\n"),
    row("a name that is never imported", "requests.get('x')\nyaml.dump({})\n"),
    row("code for other languages", "x = '''\nimport java.util.List;\nfrom t import *\n'''\n"),
    row("a template", "x = '{% import requests %}\\n{% from yaml import dump %}'\n"),
    row("bound before the import", "requests = 1\nimport requests\n", "requests"),
    row("a function with the module's name", "def yaml(): pass\nimport yaml\n", "PyYAML"),
    row("__import__ bound to nothing", "def __import__(x): pass\n"),
    row("type comments", "x = []  # type: requests.Session\n"),
    row(
        "a separator of lines in a string",
        "x = 'a\u2028import requests\u2029\x85import yaml'\nimport qqq_unknown\n",
        findings="error unknown-import 2: 'qqq_unknown'",
    ),
    row(
        "a form feed in a string",
        "x = 'a\x0cimport requests\x1c'\nimport qqq_unknown\n",
        findings="error unknown-import 2: 'qqq_unknown'",
    ),
    row(
        "a separator of lines in a comment",
        "# a\u2028import requests\nimport qqq_unknown #>=1\n",
        findings="error unknown-import 2: 'qqq_unknown'",
    ),
)

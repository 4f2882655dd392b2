"""Imports by name at run time: told, and no requirement."""

from tests.unit.scan.hostile.row import MODULES, row

_IMPORTLIB = "import importlib\n"


def _told(line: int, name: str) -> str:
    return f"warning dynamic-import {line}: '{name}' is imported by name at run time"


ROWS = (
    row("import_module", _IMPORTLIB + "importlib.import_module('requests')\n", findings=_told(2, "requests")),
    row(
        "import_module of a part",
        _IMPORTLIB + "importlib.import_module('google.cloud.storage')\n",
        findings=_told(2, "google.cloud.storage"),
    ),
    row(
        "by name", "from importlib import import_module\nx = import_module('requests')\n", findings=_told(2, "requests")
    ),
    row(
        "by keyword",
        "from importlib import import_module\nimport_module(package=None, name='requests')\n",
        findings=_told(2, "requests"),
    ),
    row("__import__", "x = __import__('requests').get\n", findings=_told(1, "requests")),
    row(
        "builtins.__import__",
        "import builtins\nbuiltins.__import__('requests', globals())\n",
        findings=_told(2, "requests"),
    ),
    row(
        "in a default",
        _IMPORTLIB + "def f(x=importlib.import_module('requests')): pass\n",
        findings=_told(2, "requests"),
    ),
    row("in a lambda", _IMPORTLIB + "f = lambda: importlib.import_module('requests')\n", findings=_told(2, "requests")),
    row(
        "in a decorator",
        _IMPORTLIB + "@importlib.import_module('requests').d\ndef f(): pass\n",
        findings=_told(2, "requests"),
    ),
    row(
        "in an f-string", _IMPORTLIB + "x = f'{importlib.import_module(\"requests\")}'\n", findings=_told(2, "requests")
    ),
    row(
        "in a comprehension",
        _IMPORTLIB + "x = [importlib.import_module('requests') for y in z]\n",
        findings=_told(2, "requests"),
    ),
    row(
        "guarded",
        _IMPORTLIB + "try:\n    importlib.import_module('requests')\nexcept ImportError:\n    pass\n",
        findings=_told(3, "requests"),
    ),
    row(
        "in a function far below",
        _IMPORTLIB + "def f(): pass\n" * 200 + "def g():\n    return importlib.import_module('requests')\n",
        findings=_told(203, "requests"),
    ),
    row("joined by the parser", _IMPORTLIB + "importlib.import_module('req' 'uests')\n", findings=_told(2, "requests")),
    row("unknown names too", _IMPORTLIB + "importlib.import_module('qqq_unknown')\n", findings=_told(2, "qqq_unknown")),
    row(
        "another package of the repository",
        _IMPORTLIB + "importlib.import_module('sib')\n",
        findings=_told(2, "sib"),
        files={f"{MODULES}/sib.py": ""},
    ),
    row(
        "required besides",
        _IMPORTLIB + "importlib.import_module('requests')\n#@ requests\n",
        "requests",
        findings=_told(2, "requests"),
    ),
    row("the library", _IMPORTLIB + "importlib.import_module('json')\n__import__('os.path')\n"),
    row("the package itself", _IMPORTLIB + "importlib.import_module('pkg.pkg')\n"),
    row("relative", _IMPORTLIB + "importlib.import_module('.sub', 'pkg')\n"),
    row("no name at all", _IMPORTLIB + "importlib.import_module('')\nimportlib.import_module()\n"),
    row(
        "a name that is computed",
        _IMPORTLIB + "importlib.import_module('req' + uests)\n__import__(f'{x}')\n__import__(*x)\n",
    ),
    row("bytes, and a number", "__import__(b'requests')\n__import__(1)\n"),
    row(
        "something else that is called so",
        "class A:\n    def import_modules(self, x): pass\nA().import_modules('requests')\n",
    ),
    row("only mentioned", "'importlib.import_module(\"requests\")'\n# __import__('requests')\n"),
    row("find_spec imports nothing", "from importlib.util import find_spec\nfind_spec('requests')\n"),
    row("exec and eval", "exec('import requests')\neval('__import__(\"requests\")')\n"),
)

"""Local code: shipped, never required, and its own imports count."""

from tests.unit.scan.hostile.row import MODULES, row

_C = f"{MODULES}/components"
_YAML = {f"{_C}/c.py": "import yaml\n"}

ROWS = (
    row("relative, of a name", "from .components.c import x\n", "PyYAML", files=_YAML),
    row("relative, of the module", "from .components import c\n", "PyYAML", files=_YAML),
    row("absolute", "from components.c import x\n", "PyYAML", files=_YAML),
    row("absolute and renamed", "import components.c as c\n", "PyYAML", files=_YAML),
    row("by the repository's folder", "from python_modules.components.c import x\n", "PyYAML", files=_YAML),
    row(
        "in a function, under a condition",
        "def f():\n    if x:\n        from .components.c import y\n",
        "PyYAML",
        files=_YAML,
    ),
    row(
        "in parentheses over lines",
        "from .components import (\n    # this one\n    c as d,\n)\n",
        "PyYAML",
        files=_YAML,
    ),
    row("not reached", "import requests\n", "requests", files=_YAML),
    row(
        "reached for types alone",
        "import typing\nif typing.TYPE_CHECKING:\n    from .components import c\n",
        files=_YAML,
    ),
    row("reached from a string: not", "x = 'from .components import c'\n", files=_YAML),
    row("ignored", "from .components import c #-\n", files=_YAML),
    row(
        "one through another",
        "from .components import b\n",
        "PyYAML",
        files={f"{_C}/b.py": "from .c import x\n", **_YAML},
    ),
    row(
        "in a circle",
        "from .components import b\n",
        "PyYAML",
        files={f"{_C}/b.py": "from . import c\n", f"{_C}/c.py": "from .b import x\nimport yaml\n"},
    ),
    row(
        "in folders",
        "from .components.deep.er.c import x\n",
        "numpy",
        "PyYAML",
        files={f"{_C}/deep/er/c.py": "import yaml\n", f"{_C}/deep/__init__.py": "import numpy\n"},
    ),
    row(
        "guarded inside",
        "from .components import c\n",
        optional="PyYAML",
        files={f"{_C}/c.py": "try:\n    import yaml\nexcept ImportError:\n    pass\n"},
    ),
    row(
        "marks inside",
        "from .components import c\n",
        "numpy>=2",
        "PyYAML>=6",
        files={f"{_C}/c.py": "import yaml #>=6\n#@ numpy>=2\n"},
    ),
    row(
        "its metadata says nothing",
        "from .components import c\n",
        files={f"{_C}/c.py": "__package_metadata__ = {'install_requires': ['numpy']}\n"},
    ),
    row(
        "unknown inside",
        "from .components import c\n",
        findings="error unknown-import components/c.py:2: 'qqq_unknown'",
        files={f"{_C}/c.py": "\nimport qqq_unknown\n"},
    ),
    row(
        "a bad mark inside",
        "from .components import c\n",
        "PyYAML",
        findings="error mark components/c.py:1: #>=x",
        files={f"{_C}/c.py": "import yaml #>=x\n"},
    ),
    row(
        "broken inside",
        "import yaml\nfrom .components import c\n",
        "PyYAML",
        findings="error syntax components/c.py:1: syntax error",
        files={f"{_C}/c.py": "def f(:\n"},
    ),
    row(
        "another encoding inside",
        "from .components import c\n",
        "PyYAML>=6",
        files={f"{_C}/c.py": "# coding: latin-1\nx = 'é'; import yaml #>=6\n".encode("latin-1")},
    ),
    row(
        "not there",
        "from .components import gone\n",
        findings="error component 1: leads to no file under python_modules/components/",
    ),
    row(
        "not there, guarded",
        "try:\n    from .components import gone\nexcept ImportError:\n    pass\n",
        findings="warning component 2: leads to no file",
    ),
    row(
        "not there, optional name of an init",
        "from .components import anything\n",
        "PyYAML",
        files={f"{_C}/__init__.py": "import yaml\n"},
    ),
    row(
        "a component that is called like the library",
        "from .components import json\nimport json\n",
        "PyYAML",
        files={f"{_C}/json.py": "import yaml\n"},
    ),
    row(
        "a component that is called like a distribution",
        "from .components import requests\nimport requests\n",
        "requests",
        files={f"{_C}/requests.py": "x = 1\n"},
    ),
    row(
        "a component that imports what it is called like",
        "from .components import yaml\n",
        "PyYAML",
        files={f"{_C}/yaml.py": "import yaml\n"},
    ),
    row("beyond the top", "from ... import x\n", findings="error component 1: '...x'"),
    row("star", "from .components.c import *\n", "PyYAML", files=_YAML),
)

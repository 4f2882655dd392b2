"""Conditions on Python's version, and those that no marker can say."""

from tests.unit.scan.hostile.row import row

_312 = 'python_version >= "3.12"'
_BEFORE_312 = 'python_version < "3.12"'
_SYS = "import sys\n"
_ASKED = "    import requests\n"

ROWS = (
    # The version.
    row("at least", _SYS + "if sys.version_info >= (3, 12):\n" + _ASKED, f"requests; {_312}"),
    row("below", _SYS + "if sys.version_info < (3, 12):\n" + _ASKED, f"requests; {_BEFORE_312}"),
    row(
        "at least, in its else",
        _SYS + "if sys.version_info >= (3, 12):\n    pass\nelse:\n" + _ASKED,
        f"requests; {_BEFORE_312}",
    ),
    row("above two fields", _SYS + "if sys.version_info > (3, 12):\n" + _ASKED, f"requests; {_312}"),
    row("at most two fields", _SYS + "if sys.version_info <= (3, 12):\n" + _ASKED, f"requests; {_BEFORE_312}"),
    row(
        "with a micro version",
        _SYS + "if sys.version_info >= (3, 12, 1):\n" + _ASKED,
        'requests; python_full_version >= "3.12.1"',
    ),
    row(
        "two fields equal",
        _SYS + "if sys.version_info[:2] == (3, 12):\n" + _ASKED,
        'requests; python_version == "3.12"',
    ),
    row(
        "two fields unequal",
        _SYS + "if sys.version_info[:2] != (3, 12):\n" + _ASKED,
        'requests; python_version != "3.12"',
    ),
    row("two fields from zero", _SYS + "if sys.version_info[0:2] >= (3, 12):\n" + _ASKED, f"requests; {_312}"),
    row(
        "two fields at most",
        _SYS + "if sys.version_info[:2] <= (3, 12):\n" + _ASKED,
        'requests; python_version <= "3.12"',
    ),
    row("the other way round", _SYS + "if (3, 12) <= sys.version_info:\n" + _ASKED, f"requests; {_312}"),
    row(
        "chained",
        _SYS + "if (3, 12) <= sys.version_info < (3, 14):\n" + _ASKED,
        f'requests; {_312} and python_version < "3.14"',
    ),
    row(
        "chained, in its else",
        _SYS + "if (3, 12) <= sys.version_info < (3, 14):\n    pass\nelse:\n" + _ASKED,
        f'requests; {_BEFORE_312} or python_version >= "3.14"',
    ),
    row("negated", _SYS + "if not sys.version_info < (3, 12):\n" + _ASKED, f"requests; {_312}"),
    row("negated twice", _SYS + "if not (not (sys.version_info >= (3, 12))):\n" + _ASKED, f"requests; {_312}"),
    row(
        "Python 3 by its major number",
        _SYS + "if sys.version_info[0] >= 3:\n" + _ASKED,
        'requests; python_version >= "3"',
    ),
    row(
        "Python 3 by name",
        _SYS + "if sys.version_info.major == 3:\n" + _ASKED,
        'requests; python_version >= "3" and python_version < "4"',
    ),
    row(
        "Python 2 asks for nothing",
        _SYS + "if sys.version_info[0] == 2:\n    import urllib2, ConfigParser\nelse:\n"
        "    import urllib.request, configparser\n",
    ),
    row(
        "Python 2 by six",
        "import six\nif six.PY2:\n    import urllib2\nelse:\n    import requests\n",
        'requests; python_version >= "3"',
        "six",
    ),
    row("Python 2 by a constant", _SYS + "PY2 = sys.version_info[0] == 2\nif PY2:\n    import urllib2\n"),
    row("a version that is no longer allowed", _SYS + "if sys.version_info < (3, 9):\n    import qqq_unknown\n"),
    row(
        "a version that is allowed here",
        _SYS + "if sys.version_info < (3, 9):\n" + _ASKED,
        'requests; python_version < "3.9"',
        python=">=3.8",
    ),
    row(
        "a version of the metadata",
        "import sys\n__package_metadata__ = {'requires_python': '>=3.13'}\nif sys.version_info < (3, 13):\n"
        "    import qqq_unknown\n",
    ),
    row("a version to come", _SYS + "if sys.version_info >= (3, 20):\n" + _ASKED, 'requests; python_version >= "3.20"'),
    row(
        "if, elif, else",
        _SYS + "if sys.version_info >= (3, 14):\n    import numpy\nelif sys.version_info >= (3, 12):\n"
        "    import requests\nelse:\n    import yaml\n",
        'numpy; python_version >= "3.14"',
        f'PyYAML; python_version < "3.14" and {_BEFORE_312}',
        f'requests; python_version < "3.14" and {_312}',
    ),
    row(
        "both branches ask the same",
        _SYS + "if sys.version_info >= (3, 12):\n    import yaml\nelse:\n    from yaml import dump\n",
        "PyYAML",
    ),
    row(
        "both branches, two versions of it",
        _SYS + "if sys.version_info >= (3, 12):\n    import numpy #>=2\nelse:\n    import numpy #<2\n",
        f"numpy<2; {_BEFORE_312}",
        f"numpy>=2; {_312}",
    ),
    row(
        "nested",
        _SYS + "if sys.version_info >= (3, 12):\n  if sys.version_info < (3, 14):\n    import yaml\n",
        f'PyYAML; {_312} and python_version < "3.14"',
    ),
    row(
        "nested, and never both",
        _SYS + "if sys.version_info >= (3, 13):\n  if sys.version_info < (3, 12):\n    import qqq_unknown\n",
    ),
    row(
        "nested in a function in a class",
        _SYS + "class A:\n def f(self):\n  if sys.version_info >= (3, 12):\n   import yaml\n",
        f"PyYAML; {_312}",
    ),
    row(
        "around a function",
        _SYS + "if sys.version_info >= (3, 12):\n    def f():\n        import yaml\n",
        f"PyYAML; {_312}",
    ),
    row("with something else", _SYS + "if sys.version_info >= (3, 12) and fast:\n" + _ASKED, f"requests; {_312}"),
    row("or something else", _SYS + "if sys.version_info >= (3, 12) or fast:\n" + _ASKED, "requests"),
    row(
        "or something else, in its else",
        _SYS + "if sys.version_info >= (3, 12) or fast:\n    pass\nelse:\n" + _ASKED,
        f"requests; {_BEFORE_312}",
    ),
    row(
        "with a mark",
        _SYS + "if sys.version_info >= (3, 12):\n    import requests #[socks]~=2.31\n",
        f"requests[socks]~=2.31; {_312}",
    ),
    row(
        "guarded inside",
        _SYS
        + "if sys.version_info >= (3, 12):\n    try:\n        import yaml\n    except ImportError:\n        pass\n",
        optional=(f"PyYAML; {_312}",),
    ),
    # By other names.
    row("import sys as s", "import sys as s\nif s.version_info >= (3, 12):\n" + _ASKED, f"requests; {_312}"),
    row(
        "from sys import version_info as v",
        "from sys import version_info as v\nif v >= (3, 12):\n" + _ASKED,
        f"requests; {_312}",
    ),
    row("a constant", _SYS + "NEW = sys.version_info >= (3, 12)\nif not NEW:\n" + _ASKED, f"requests; {_BEFORE_312}"),
    row(
        "a constant with a type",
        _SYS + "NEW: bool = sys.version_info >= (3, 12)\nif NEW:\n" + _ASKED,
        f"requests; {_312}",
    ),
    row(
        "a constant of constants",
        _SYS + "A = sys.version_info >= (3, 12)\nB = not A\nif not B:\n" + _ASKED,
        f"requests; {_312}",
    ),
    row(
        "a constant bound twice", _SYS + "NEW = sys.version_info >= (3, 12)\nNEW = True\nif NEW:\n" + _ASKED, "requests"
    ),
    row(
        "a constant bound in except",
        _SYS + "NEW = sys.version_info >= (3, 12)\ntry: x()\nexcept E as NEW: pass\nif NEW:\n" + _ASKED,
        "requests",
    ),
    row(
        "a constant bound in a match",
        _SYS + "NEW = sys.version_info >= (3, 12)\nmatch x:\n case [NEW]: pass\nif NEW:\n" + _ASKED,
        "requests",
    ),
    row(
        "a constant bound in a loop",
        _SYS + "NEW = sys.version_info >= (3, 12)\nfor NEW in x: pass\nif NEW:\n" + _ASKED,
        "requests",
    ),
    row(
        "a constant of a function",
        _SYS + "def f():\n NEW = sys.version_info >= (3, 12)\nif NEW:\n" + _ASKED,
        "requests",
    ),
    row("a constant of itself", "A = not A\nif A:\n" + _ASKED, "requests"),
    row(
        "sys is something else", "import numpy as sys\nif sys.version_info >= (3, 12):\n" + _ASKED, "numpy", "requests"
    ),
    row("sys is bound again", "import sys\nsys = Fake()\nif sys.version_info >= (3, 12):\n" + _ASKED, "requests"),
    row(
        "sys is a parameter",
        "import sys\ndef f(sys):\n    if sys.version_info >= (3, 12):\n        import requests\n",
        "requests",
    ),
    row(
        "sys is a parameter elsewhere",
        "import sys\ndef f(sys): pass\nif sys.version_info >= (3, 12):\n" + _ASKED,
        f"requests; {_312}",
    ),
    row(
        "sys is imported in the function",
        "def f():\n    import sys\n    if sys.version_info >= (3, 12):\n        import requests\n",
        f"requests; {_312}",
    ),
    row("sys of something", "if mine.sys.version_info >= (3, 12):\n" + _ASKED, "requests"),
    # What no marker can say: required everywhere.
    row("a version that is computed", _SYS + "if sys.version_info >= tuple(wanted):\n" + _ASKED, "requests"),
    row("a version in text", _SYS + "if sys.version >= '3.12':\n" + _ASKED, "requests"),
    row("hexversion", _SYS + "if sys.hexversion >= 0x30C0000:\n" + _ASKED, "requests"),
    row("the minor number", _SYS + "if sys.version_info.minor >= 12:\n" + _ASKED, "requests"),
    row("all five fields", _SYS + "if sys.version_info >= (3, 12, 0, 'beta', 1):\n" + _ASKED, "requests"),
    row("equal, with all fields", _SYS + "if sys.version_info == (3, 12):\n" + _ASKED, "requests"),
    row("a conditional expression", _SYS + "if (sys.version_info >= (3, 12) if x else y):\n" + _ASKED, "requests"),
    row("a walrus", _SYS + "if (v := sys.version_info) >= (3, 12):\n" + _ASKED, "requests"),
    row("an argument", _SYS + "if len(sys.argv) > 1:\n" + _ASKED, "requests"),
    row("find_spec", "from importlib.util import find_spec\nif find_spec('requests'):\n" + _ASKED, "requests"),
    row(
        "a match on the version", _SYS + "match sys.version_info[:2]:\n case (3, 12):\n  import requests\n", "requests"
    ),
    row("while, not if", _SYS + "while sys.version_info >= (3, 12):\n" + _ASKED, "requests"),
    row("the environment", "import os\nif os.environ.get('FAST'):\n" + _ASKED, "requests"),
)

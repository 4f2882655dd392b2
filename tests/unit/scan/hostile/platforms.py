"""Conditions on the platform."""

from tests.unit.scan.hostile.row import row

_SYS, _OS, _PLATFORM = "import sys\n", "import os\n", "import platform\n"
_ASKED = "    import requests\n"
_WINDOWS = 'sys_platform == "win32"'
_ELSEWHERE = 'sys_platform != "win32"'

ROWS = (
    row("sys.platform", _SYS + "if sys.platform == 'win32':\n" + _ASKED, f"requests; {_WINDOWS}"),
    row(
        "sys.platform in its else",
        _SYS + "if sys.platform == 'win32':\n    pass\nelse:\n" + _ASKED,
        f"requests; {_ELSEWHERE}",
    ),
    row("another platform", _SYS + "if sys.platform != 'win32':\n" + _ASKED, f"requests; {_ELSEWHERE}"),
    row("the platform on the right", _SYS + "if 'win32' == sys.platform:\n" + _ASKED, f"requests; {_WINDOWS}"),
    row(
        "one of two platforms",
        _SYS + "if sys.platform in ('linux', 'darwin'):\n" + _ASKED,
        'requests; sys_platform == "linux" or sys_platform == "darwin"',
    ),
    row(
        "none of two platforms",
        _SYS + "if sys.platform not in ['linux', 'darwin']:\n" + _ASKED,
        'requests; sys_platform != "linux" and sys_platform != "darwin"',
    ),
    row("in a set of one", _SYS + "if sys.platform in {'win32'}:\n" + _ASKED, f"requests; {_WINDOWS}"),
    row("startswith", _SYS + "if sys.platform.startswith('win'):\n" + _ASKED, f"requests; {_WINDOWS}"),
    row(
        "not startswith",
        _SYS + "if not sys.platform.startswith('linux'):\n" + _ASKED,
        'requests; sys_platform != "linux"',
    ),
    row(
        "startswith a tuple",
        _SYS + "if sys.platform.startswith(('linux', 'darwin')):\n" + _ASKED,
        'requests; sys_platform == "linux" or sys_platform == "darwin"',
    ),
    row("startswith what has many names", _SYS + "if sys.platform.startswith('freebsd'):\n" + _ASKED, "requests"),
    row(
        "startswith a tuple with such a name",
        _SYS + "if sys.platform.startswith(('win', 'aix')):\n" + _ASKED,
        "requests",
    ),
    row("'win' in sys.platform is also true on darwin", _SYS + "if 'win' in sys.platform:\n" + _ASKED, "requests"),
    row("lower()", _PLATFORM + "if platform.system().lower() == 'windows':\n" + _ASKED, "requests"),
    row("os.name", _OS + "if os.name == 'nt':\n" + _ASKED, 'requests; os_name == "nt"'),
    row("not os.name", _OS + "if not os.name != 'nt':\n" + _ASKED, 'requests; os_name == "nt"'),
    row(
        "os.name by elif",
        _OS + "if os.name == 'nt':\n    pass\nelif os.name == 'posix':\n" + _ASKED,
        'requests; os_name != "nt" and os_name == "posix"',
    ),
    row(
        "platform.system()",
        _PLATFORM + "if platform.system() == 'Darwin':\n" + _ASKED,
        'requests; platform_system == "Darwin"',
    ),
    row("platform.system without a call", _PLATFORM + "if platform.system == 'Darwin':\n" + _ASKED, "requests"),
    row(
        "one of several systems",
        _PLATFORM + "if platform.system() in ('Linux', 'Darwin'):\n" + _ASKED,
        'requests; platform_system == "Linux" or platform_system == "Darwin"',
    ),
    row(
        "platform.machine()",
        _PLATFORM + "if platform.machine() == 'arm64':\n" + _ASKED,
        'requests; platform_machine == "arm64"',
    ),
    row(
        "PyPy",
        _PLATFORM + "if platform.python_implementation() == 'PyPy':\n" + _ASKED,
        'requests; platform_python_implementation == "PyPy"',
    ),
    row(
        "sys.implementation",
        _SYS + "if sys.implementation.name != 'cpython':\n" + _ASKED,
        'requests; implementation_name != "cpython"',
    ),
    row("a system of nobody", _SYS + "if sys.platform == 'plan9':\n" + _ASKED, 'requests; sys_platform == "plan9"'),
    row("a platform with a quote", _SYS + "if sys.platform == 'a\"b':\n" + _ASKED, "requests"),
    row("a platform with a line end", _SYS + "if sys.platform == 'a\\nb; import os':\n" + _ASKED, "requests"),
    row("a platform in bytes", _SYS + "if sys.platform == b'win32':\n" + _ASKED, "requests"),
    row(
        "from sys import platform as p",
        "from sys import platform as p\nif p == 'win32':\n" + _ASKED,
        f"requests; {_WINDOWS}",
    ),
    row(
        "from platform import system",
        "from platform import system\nif system() == 'Linux':\n" + _ASKED,
        'requests; platform_system == "Linux"',
    ),
    row("import os as o", "import os as o, sys as s\nif o.name == 'nt':\n" + _ASKED, 'requests; os_name == "nt"'),
    row(
        "the platform kept in a name",
        _SYS + "here = sys.platform\nif here == 'win32':\n" + _ASKED,
        f"requests; {_WINDOWS}",
    ),
    row("a flag", _SYS + "WINDOWS = sys.platform.startswith('win')\nif WINDOWS:\n" + _ASKED, f"requests; {_WINDOWS}"),
    row(
        "a flag, negated, in a function",
        _OS + "NT = os.name == 'nt'\ndef f():\n    if not NT:\n        import requests\n",
        'requests; os_name != "nt"',
    ),
    row(
        "a flag that a function may set",
        _OS + "NT = os.name == 'nt'\ndef f():\n    global NT\n    NT = True\nif NT:\n" + _ASKED,
        "requests",
    ),
    row(
        "a parameter called platform",
        _PLATFORM + "def f(platform):\n    if platform.system() == 'x':\n        import requests\n",
        "requests",
    ),
    row(
        "platform is somebody else's",
        "from mine_platform import x as platform #-\nif platform == 'win32':\n" + _ASKED,
        "requests",
    ),
    row("os is an alias of the path", "import os.path as os\nif os.name == 'nt':\n" + _ASKED, "requests"),
    row(
        "platform and version",
        _SYS + "if sys.platform == 'win32' and sys.version_info < (3, 12):\n" + _ASKED,
        f'requests; {_WINDOWS} and python_version < "3.12"',
    ),
    row(
        "platform and version in the else",
        _SYS + "if sys.platform == 'win32' and sys.version_info < (3, 12):\n    pass\nelse:\n" + _ASKED,
        f'requests; {_ELSEWHERE} or python_version >= "3.12"',
    ),
    row(
        "and with or inside",
        "import os, sys\nif os.name == 'nt' and (sys.platform == 'a' or sys.platform == 'b'):\n" + _ASKED,
        'requests; os_name == "nt" and (sys_platform == "a" or sys_platform == "b")',
    ),
    row(
        "or with and inside",
        "import os, sys\nif os.name == 'x' or os.name == 'nt' and sys.version_info >= (3, 12):\n" + _ASKED,
        'requests; os_name == "x" or (os_name == "nt" and python_version >= "3.12")',
    ),
    row(
        "nested platforms",
        "import os, sys\nif os.name == 'nt':\n if sys.platform == 'win32':\n  import requests\n",
        f'requests; os_name == "nt" and {_WINDOWS}',
    ),
    row(
        "the same nested in itself",
        _SYS + "if sys.platform == 'win32':\n def f():\n  if sys.platform == 'win32':\n   import requests\n",
        f"requests; {_WINDOWS}",
    ),
    row(
        "on two platforms by two statements",
        _SYS + "if sys.platform == 'win32':\n    import requests\nif sys.platform == 'darwin':\n    import requests\n",
        'requests; sys_platform == "darwin" or sys_platform == "win32"',
    ),
    row(
        "on every platform by two statements",
        _SYS + "if sys.platform == 'win32':\n    import requests\nif sys.platform != 'win32':\n    import requests\n",
        "requests",
    ),
    row(
        "on Windows, and anyway",
        _SYS + "import requests #>=2\nif sys.platform == 'win32':\n    import requests\n",
        "requests>=2",
    ),
    row(
        "on Windows with an extra, and anyway",
        _SYS + "import requests #>=2\nif sys.platform == 'win32':\n    import requests #[socks]\n",
        "requests>=2",
        f"requests[socks]; {_WINDOWS}",
    ),
    row(
        "on Windows, Python 2",
        _SYS + "if sys.platform == 'win32' and sys.version_info[0] == 2:\n    import qqq_unknown\n",
    ),
    row(
        "two libraries for two platforms",
        _SYS + "if sys.platform == 'win32':\n    import winreg, yaml\nelse:\n    import fcntl, requests\n",
        f"PyYAML; {_WINDOWS}",
        f"requests; {_ELSEWHERE}",
    ),
    row(
        "unknown on one platform only",
        _SYS + "if sys.platform == 'win32':\n    import qqq_unknown\n",
        findings="error unknown-import 3: 'qqq_unknown'",
    ),
    row(
        "optional on one platform",
        _SYS
        + "if sys.platform == 'win32':\n    try:\n        import requests\n    except ImportError:\n        pass\n",
        optional=(f"requests; {_WINDOWS}",),
    ),
    row(
        "an early way out says nothing",
        _SYS + "if sys.platform != 'win32':\n    raise ImportError('Windows only')\nimport requests\n",
        "requests",
    ),
    row(
        "a condition too long to say",
        _SYS + "if " + " or ".join(f"sys.platform == 'p{n}'" for n in range(99)) + ":\n" + _ASKED,
        "requests",
    ),
)

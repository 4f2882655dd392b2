"""Imports that may fail, and what only looks as if they may."""

from tests.unit.scan.hostile.row import row

_INSTEAD = "stands in for an import that may fail"
_TRY = "try:\n    import requests\n"

ROWS = (
    row("except ImportError", _TRY + "except ImportError:\n    requests = None\n", optional="requests"),
    row("except ModuleNotFoundError", _TRY + "except ModuleNotFoundError as error:\n    pass\n", optional="requests"),
    row("except Exception", _TRY + "except Exception:\n    pass\n", optional="requests"),
    row("except BaseException", _TRY + "except BaseException:\n    pass\n", optional="requests"),
    row("a bare except", _TRY + "except:\n    pass\n", optional="requests"),
    row("a tuple", _TRY + "except (OSError, ImportError):\n    pass\n", optional="requests"),
    row(
        "a tuple with an attribute", _TRY + "except (x.Y, builtins.ImportError) as e:\n    pass\n", optional="requests"
    ),
    row(
        "builtins.ImportError",
        "import builtins\n" + _TRY + "except builtins.ImportError:\n    pass\n",
        optional="requests",
    ),
    row("except*", _TRY + "except* ImportError:\n    pass\n", optional="requests"),
    row(
        "the second handler",
        _TRY + "except ValueError:\n    pass\nexcept ImportError:\n    pass\n",
        optional="requests",
    ),
    row("another error", _TRY + "except ValueError:\n    pass\n", "requests"),
    row("a tuple of others", _TRY + "except (OSError, AttributeError):\n    pass\n", "requests"),
    row("an error that is only called like it", _TRY + "except MyImportErrors:\n    pass\n", "requests"),
    row("finally alone", _TRY + "finally:\n    import yaml\n", "PyYAML", "requests"),
    row("on one line", "try: import requests\nexcept ImportError: requests = None\n", optional="requests"),
    row(
        "several in one try",
        "try:\n    import requests, yaml\n    import os\nexcept ImportError:\n    pass\n",
        optional="PyYAML requests",
    ),
    row(
        "from", "try:\n    from yaml import (\n        dump,\n    )\nexcept ImportError:\n    pass\n", optional="PyYAML"
    ),
    row(
        "else and finally",
        _TRY + "except ImportError:\n    pass\nelse:\n    import yaml\nfinally:\n    import numpy\n",
        "numpy",
        optional="PyYAML requests",
    ),
    row(
        "one instead of another",
        "try:\n    import ujson\nexcept ImportError:\n    import simplejson\n",
        optional="simplejson ujson",
        findings=f"warning optional-import 4: 'simplejson' {_INSTEAD}",
    ),
    row(
        "the library instead",
        "try:\n    import ujson as json\nexcept ImportError:\n    import json\n",
        optional="ujson",
    ),
    row(
        "instead of the library",
        "try:\n    import tomllib\nexcept ModuleNotFoundError:\n    import tomli as tomllib\n",
        optional="tomli",
        findings=f"warning optional-import 4: 'tomli' {_INSTEAD}",
    ),
    row(
        "a chain of three",
        "try:\n    import ujson\nexcept ImportError:\n    try:\n        import simplejson\n"
        "    except ImportError:\n        import orjson\n",
        optional="orjson simplejson ujson",
        findings=(
            f"warning optional-import 5: 'simplejson' {_INSTEAD}",
            f"warning optional-import 7: 'orjson' {_INSTEAD}",
        ),
    ),
    row(
        "guarded by the function's try",
        "def f():\n    try:\n        import requests\n    except ImportError:\n"
        "        raise RuntimeError('pip install pkg[requests]')\n",
        optional="requests",
    ),
    row("raised again: the module can't do without", _TRY + "except ImportError:\n    raise\n", "requests"),
    row(
        "raised as another error at the top",
        _TRY + "except ImportError as e:\n    log(e)\n    raise RuntimeError from e\n",
        "requests",
    ),
    row(
        "the program ends there",
        "import sys\n" + _TRY + "except ImportError:\n    sys.exit('no requests')\n",
        "requests",
    ),
    row(
        "raised again, then caught by none",
        _TRY + "except ImportError:\n    raise\nexcept Exception:\n    pass\n",
        "requests",
    ),
    row(
        "raised under a condition only",
        _TRY + "except ImportError:\n    if strict:\n        raise\n",
        optional="requests",
    ),
    row(
        "raised again inside a guard",
        "try:\n    try:\n        import requests\n    except ImportError:\n        raise\nexcept ImportError:\n"
        "    pass\n",
        optional="requests",
    ),
    row(
        "raised again in a class body's function",
        "class A:\n def f(self):\n  try:\n   import requests\n  except ImportError:\n   raise\n",
        optional="requests",
    ),
    row("an import on the way out", _TRY + "except ImportError:\n    import yaml\n    raise\n", "PyYAML", "requests"),
    row(
        "a handler for anything, without an import to fail",
        "try:\n    main()\nexcept Exception:\n    import requests\n",
        "requests",
    ),
    row(
        "a bare handler, without an import to fail",
        "try:\n    main()\nexcept:\n    import requests\n    raise\n",
        "requests",
    ),
    row(
        "ImportError from elsewhere",
        "try:\n    load()\nexcept ImportError:\n    import requests\n",
        optional="requests",
        findings=f"warning optional-import 4: 'requests' {_INSTEAD}",
    ),
    row(
        "another handler of a guard",
        _TRY + "except ImportError:\n    pass\nexcept ValueError:\n    import yaml\n",
        "PyYAML",
        optional="requests",
    ),
    row(
        "required elsewhere anyway",
        _TRY + "except ImportError:\n    pass\n\n\ndef f():\n    import requests\n",
        "requests",
    ),
    row(
        "optional twice",
        _TRY + "except ImportError:\n    pass\n" + _TRY + "except ImportError:\n    pass\n",
        optional="requests",
    ),
    row(
        "with a version, and required without",
        _TRY.replace("\n", " #>=2\n", 2).replace("try: #>=2", "try:")
        + "except ImportError:\n    pass\nimport requests\n",
        "requests",
        optional="requests>=2",
    ),
    row(
        "nested in a condition",
        "if x:\n    try:\n        import requests\n    except ImportError:\n        pass\n",
        optional="requests",
    ),
    row(
        "a condition nested in it",
        "try:\n    if x:\n        for y in z:\n            import requests\nexcept ImportError:\n    pass\n",
        optional="requests",
    ),
    row(
        "a try without an import, then one",
        "try:\n    x()\nexcept ImportError:\n    pass\nimport requests\n",
        "requests",
    ),
    # suppress
    row(
        "suppress",
        "import contextlib\nwith contextlib.suppress(ImportError):\n    import requests\n",
        optional="requests",
    ),
    row(
        "suppress by name, among others",
        "from contextlib import suppress\nwith suppress(OSError, ImportError) as x:\n    import requests\n",
        optional="requests",
    ),
    row(
        "suppress, second in the with",
        "from contextlib import suppress\nwith open('x') as f, suppress(ModuleNotFoundError):\n    import requests\n",
        optional="requests",
    ),
    row(
        "suppress in parentheses",
        "from contextlib import suppress\nwith (\n    suppress(Exception),\n):\n    import requests\n",
        optional="requests",
    ),
    row(
        "suppress something else",
        "from contextlib import suppress\nwith suppress(OSError):\n    import requests\n",
        "requests",
    ),
    row("suppress nothing", "from contextlib import suppress\nwith suppress():\n    import requests\n", "requests"),
    row("a with that is called otherwise", "with expect(ImportError):\n    import requests\n", "requests"),
    # Unknown, and optional.
    row(
        "something unknown",
        "try:\n    import qqq_unknown\nexcept ImportError:\n    pass\n",
        findings="warning unknown-import 2: the import is optional, so it only gets no extra",
    ),
    row(
        "something unknown instead",
        "try:\n    import requests\nexcept ImportError:\n    import qqq_unknown\n",
        optional="requests",
        findings="warning unknown-import 4: the import is optional, so it only gets no extra",
    ),
    row(
        "Python 2's names instead",
        "try:\n    from urllib.request import urlopen\nexcept ImportError:\n    from urllib2 import urlopen\n",
        findings="warning unknown-import 4: 'urllib2'",
    ),
    row(
        "with a mark",
        "try:\n    import requests #[socks]>=2\nexcept ImportError:\n    pass\n",
        optional="requests[socks]>=2",
    ),
    row("with a mark to ignore it", "try:\n    import requests #-\nexcept ImportError:\n    pass\n"),
    row(
        "under a platform",
        "import sys\nif sys.platform == 'win32':\n    try:\n        import win32api\n    except ImportError:\n"
        "        pass\n",
        optional=('pywin32; sys_platform == "win32"',),
    ),
)

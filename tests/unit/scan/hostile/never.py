"""Branches that do not run: for types alone, or never."""

from tests.unit.scan.hostile.row import row

ROWS = (
    row("TYPE_CHECKING", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import qqq_unknown\n"),
    row(
        "typing.TYPE_CHECKING",
        "import typing\nif typing.TYPE_CHECKING:\n    import qqq_unknown\nelse:\n    import yaml\n",
        "PyYAML",
    ),
    row("TYPE_CHECKING, renamed", "from typing import TYPE_CHECKING as TC\nif TC:\n    import qqq_unknown\n"),
    row("typing, renamed", "import typing as t\nif t.TYPE_CHECKING:\n    import qqq_unknown\n"),
    row(
        "typing_extensions",
        "import typing_extensions as te\nif te.TYPE_CHECKING:\n    import qqq_unknown\n",
        "typing_extensions",
    ),
    row(
        "not TYPE_CHECKING",
        "from typing import TYPE_CHECKING\nif not TYPE_CHECKING:\n    import yaml\nelse:\n    import qqq_unknown\n",
        "PyYAML",
    ),
    row("TYPE_CHECKING or more", "import typing\nif typing.TYPE_CHECKING or x:\n    import yaml\n", "PyYAML"),
    row("TYPE_CHECKING and more", "import typing\nif typing.TYPE_CHECKING and x:\n    import qqq_unknown\n"),
    row(
        "elif TYPE_CHECKING",
        "from typing import TYPE_CHECKING\nif x:\n    import yaml\nelif TYPE_CHECKING:\n    import qqq_unknown\n",
        "PyYAML",
    ),
    row("TYPE_CHECKING without typing", "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    import qqq_unknown\n"),
    row(
        "TYPE_CHECKING with a fallback",
        "try:\n    from typing import TYPE_CHECKING\nexcept ImportError:\n    TYPE_CHECKING = False\n"
        "if TYPE_CHECKING:\n    import qqq_unknown\n",
    ),
    row("TYPE_CHECKING that is true", "TYPE_CHECKING = True\nif TYPE_CHECKING:\n    import yaml\n", "PyYAML"),
    row(
        "guarded for types",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    try:\n        import qqq_unknown\n"
        "    except ImportError:\n        pass\n",
    ),
    row(
        "for types, and at run time",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import yaml\ndef f():\n    import yaml\n",
        "PyYAML",
    ),
    row("for types, with a mark", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import requests #>=2\n"),
    row(
        "for types, in a function",
        "from typing import TYPE_CHECKING\ndef f():\n    if TYPE_CHECKING:\n        import qqq_unknown\n",
    ),
    row("if False", "if False:\n    import qqq_unknown\n"),
    row("if 0, with an else", "if 0:\n    import qqq_unknown\nelse:\n    import yaml\n", "PyYAML"),
    row("if None, if ''", "if None:\n    import qqq_unknown\nif '':\n    import qqq_other\n"),
    row("if True, with an else", "if True:\n    import yaml\nelse:\n    import qqq_unknown\n", "PyYAML"),
    row("a switch of the user's own", "DEBUG = False\nif DEBUG:\n    import yaml\n", "PyYAML"),
)

"""Comment marks behind imports, and comments that only look like one."""

from tests.unit.scan.hostile.row import row

_UNREADABLE = "can't be read"


def _bad(line: int, mark: str) -> str:
    return f"error mark {line}: the mark {mark} {_UNREADABLE}"


ROWS = (
    # Versions.
    row("equal", "import requests #==2.31\n", "requests==2.31"),
    row("no space before it", "import requests#==2.31\n", "requests==2.31"),
    row("spaces inside", "import requests #== 2.31 , != 2.32\n", "requests!=2.32,==2.31"),
    row("compatible", "import requests #~=2.31\n", "requests~=2.31"),
    row("a range", "import requests #>=2,<3\n", "requests<3,>=2"),
    row("unequal", "import requests #!=2.30\n", "requests!=2.30"),
    row("four at once", "import requests #>=2,<3,!=2.30,!=2.29.*\n", "requests!=2.29.*,!=2.30,<3,>=2"),
    row("a wildcard", "import requests #==2.*\n", "requests==2.*"),
    row("arbitrary equality", "import requests #===2.31-odd\n", "requests===2.31-odd"),
    row("a pre-release", "import requests #>=3.0rc1\n", "requests>=3.0rc1"),
    row("a development release", "import requests #==3.0.dev4\n", "requests==3.0.dev4"),
    row("a post-release, an epoch", "import requests #>=1!2.0.post3\n", "requests>=1!2.0.post3"),
    row("a local version", "import requests #==2.31+cu121\n", "requests==2.31+cu121"),
    row("a comma at the end", "import requests #==2.31,\n", "requests==2.31"),
    row("a comma at the beginning", "import requests #,==2.31\n", "requests==2.31"),
    row("behind from", "from requests.auth import AuthBase #>=2\n", "requests>=2"),
    row("behind a renamed import", "import requests as r #>=2\n", "requests>=2"),
    row("behind a semicolon", "import requests; #==2.31\n", "requests==2.31"),
    row("for the last of a line", "import yaml; import requests #==2.31\n", "PyYAML", "requests==2.31"),
    row("behind another statement's end", "import requests; x = 1 #==2.31\n", "requests"),
    row("in a function on its line", "def f(): import requests #==2.31\n", "requests==2.31"),
    row("tabs and a trailing space", "import requests\t#==2.31\t \n", "requests==2.31"),
    # Extras.
    row("an extra", "import requests #[socks]\n", "requests[socks]"),
    row("extras and a version", "import requests #[socks,use_chardet]>=2\n", "requests[socks,use_chardet]>=2"),
    row("extras with spaces", "import requests #[ socks , use_chardet ] >= 2\n", "requests[socks,use_chardet]>=2"),
    row("an extra twice", "import requests #[socks,socks]\n", "requests[socks]"),
    row(
        "extras of two statements",
        "import requests #[socks]\nimport requests.auth #[use_chardet]>=2\n",
        "requests[socks,use_chardet]>=2",
    ),
    # To be ignored.
    row("ignored", "import qqq_unknown #-\n"),
    row("ignored, with a reason", "import qqq_unknown #- it is there wherever this runs\n"),
    row("ignored, all of a line", "import qqq_unknown, qqq_other, requests #-\n"),
    row("ignored here, required there", "import requests #-\ndef f():\n    import requests\n", "requests"),
    row("ignored, and a version", "from requests import ( #-\n    get, #>=2\n)\n"),
    row("ignored behind another comment", "import qqq_unknown  # noqa: F401 #-\n"),
    row("ignored component", "from .components import gone #-\n"),
    # On each line of a statement.
    row("on the first line", "from requests import ( #==2.31\n    get,\n    post,\n)\n", "requests==2.31"),
    row("on a line in the middle", "from requests import (\n    get, #==2.31\n    post,\n)\n", "requests==2.31"),
    row(
        "on a line of its own inside", "from requests import (\n    get,\n    #==2.31\n    post,\n)\n", "requests==2.31"
    ),
    row("on the last line", "from requests import (\n    get,\n    post,\n) #==2.31\n", "requests==2.31"),
    row(
        "on several lines",
        "from requests import ( #[socks]\n    get, #>=2\n    post, #<3\n) #[use_chardet]\n",
        "requests[socks,use_chardet]<3,>=2",
    ),
    row("behind a backslash", "from requests import get, \\\n    post #==2.31\n", "requests==2.31"),
    row("below a backslash", "import requests \\\n#==2.31\n", "requests==2.31"),
    row("below two backslashes", "import requests \\\n  \\\n  #-\n"),
    row(
        "bad on a line inside",
        "from requests import (\n    get,\n    post, #==x\n)\n",
        "requests",
        findings=_bad(3, "#==x"),
    ),
    row(
        "on the statement that follows",
        "from requests import (\n    get,\n); import yaml #>=6\n",
        "PyYAML>=6",
        "requests",
    ),
    row("on the line below: an ordinary comment", "import requests\n#==2.31\n", "requests"),
    row("on the line above: an ordinary comment", "#==2.31\nimport requests\n", "requests"),
    # After a space, or behind another comment.
    row("after a space", "import requests # ==2.31\n", "requests==2.31"),
    row("behind noqa", "import requests  # noqa: F401 #>=2\n", "requests>=2"),
    row("behind type: ignore", "import requests  # type: ignore[import-untyped] #[socks]>=2\n", "requests[socks]>=2"),
    row("before a comment", "import requests #>=2 # since it works\n", "requests>=2"),
    # Prose.
    row("see #-12", "import requests # see #-12\n", "requests"),
    row("#-12", "import requests #-12\n", "requests"),
    row("a dash in prose", "import requests # - and more\n", "requests"),
    row("two items", "import requests # >= 2 items\n", "requests"),
    row("a footnote", "import requests # [1]\n", "requests"),
    row("an arrow", "import requests #-> here\n", "requests"),
    row("a fat arrow", "import requests #=> see below\n", "requests"),
    row("a ruler", "import requests #==========\n", "requests"),
    row("a ruler of another kind", "import requests #-=-=-=-=-\n", "requests"),
    row("a prompt", "import requests #>>> requests.get(x)\n", "requests"),
    row("documented", "import requests #: what gets things\n", "requests"),
    row("commented out code", "import requests #import numpy\n", "requests"),
    row("a bare number", "import requests #2.31\n", "requests"),
    row("an empty comment", "import requests #\n", "requests"),
    # Inside strings.
    row("in a string on the line", "x = 'import numpy #-'; import requests\n", "requests"),
    row("a hash in a string before it", "x = '#-'; import requests\n", "requests"),
    row("a hash in a string, and a mark", "x = '#'; import requests #>=2\n", "requests>=2"),
    row("bytes before it that are several a letter", "x = 'é日本'; import requests #>=2\n", "requests>=2"),
    row("on a line of a docstring", "'''\nimport requests #-\n'''\nimport requests\n", "requests"),
    row("in an f-string over lines", "x = f'''{1}\nimport numpy #==1\n'''\nimport requests\n", "requests"),
    # That can't be read.
    row("no version", "import requests #==\n", "requests", findings=_bad(1, "#==")),
    row("no number", "import requests #>=oops\n", "requests", findings=_bad(1, "#>=oops")),
    row(
        "prose behind it",
        "import requests #>=2 because it must\n",
        "requests",
        findings=_bad(1, "#>=2 because it must"),
    ),
    row("one equals sign", "import requests #=2.31\n", "requests", findings=_bad(1, "#=2.31")),
    row("the signs swapped", "import requests #=>2.31\n", "requests", findings=_bad(1, "#=>2.31")),
    row("a caret", "import requests #^2.31\n", "requests", findings=_bad(1, "#^2.31")),
    row("a tilde", "import requests #~2.31\n", "requests", findings=_bad(1, "#~2.31")),
    row("unequal as in SQL", "import requests #<>2.31\n", "requests", findings=_bad(1, "#<>2.31")),
    row("full-width signs", "import requests #\uff1d\uff1d2.31\n", "requests", findings=_bad(1, "#\uff1d\uff1d2.31")),
    row(
        "full-width digits",
        "import requests #==\uff12.\uff13\uff11\n",
        "requests",
        findings=_bad(1, "#==\uff12.\uff13\uff11"),
    ),
    row("a sign from mathematics", "import requests #≥2.31\n", "requests", findings=_bad(1, "#≥2.31")),
    row(
        "a character that nobody sees", "import requests #\u200b==2.31\n", "requests", findings=_bad(1, "#\u200b==2.31")
    ),
    row("a compatible release of one number", "import requests #~=2\n", "requests", findings=_bad(1, "#~=2")),
    row("a wildcard with an order", "import requests #>=2.*\n", "requests", findings=_bad(1, "#>=2.*")),
    row(
        "a local version with an order", "import requests #>2.31+local\n", "requests", findings=_bad(1, "#>2.31+local")
    ),
    row(
        "a marker",
        "import requests #>=2; python_version < '3.12'\n",
        "requests",
        findings=_bad(1, "#>=2; python_version < '3.12'"),
    ),
    row("an open bracket", "import requests #[socks\n", "requests", findings=_bad(1, "#[socks")),
    row("no extra", "import requests #[]\n", "requests", findings=_bad(1, "#[]")),
    row("two brackets", "import requests #[a][b]\n", "requests", findings=_bad(1, "#[a][b]")),
    row("an extra that is no name", "import requests #[so cks]\n", "requests", findings=_bad(1, "#[so cks]")),
    row(
        "one version for two imports",
        "import requests, yaml #==1\n",
        "PyYAML==1",
        "requests==1",
        findings="error mark 1: which one does it mean",
    ),
    row(
        "one extra for two imports",
        "import requests, yaml #[x]\n",
        "PyYAML[x]",
        "requests[x]",
        findings="error mark 1: which one does it mean",
    ),
    row(
        "one version for two distributions",
        "from google.cloud import storage, bigquery #>=3\n",
        "google-cloud-bigquery>=3",
        "google-cloud-storage>=3",
        findings="error mark 1: several distributions",
    ),
    row(
        "one version for two names of one",
        "from google.cloud.storage import Blob, Client #>=2\n",
        "google-cloud-storage>=2",
    ),
    row(
        "two bad ones",
        "import requests #>=x\nimport yaml #[\n",
        "PyYAML",
        "requests",
        findings=(_bad(1, "#>=x"), _bad(2, "#[")),
    ),
    row(
        "a bad one, and what else is wrong",
        "import requests #>=x\nimport qqq_unknown\n",
        "requests",
        findings=(_bad(1, "#>=x"), "error unknown-import 2: 'qqq_unknown'"),
    ),
    row(
        "an addition behind an import",
        "import requests #@ numpy\n",
        "requests",
        findings="error mark 1: stands behind an import",
    ),
    row(
        "an optional import behind an import",
        "import requests #! import numpy\n",
        "requests",
        findings="error mark 1: stands behind an import",
    ),
    # Where a mark asks for nothing.
    row("on the library", "import json #>=1\n", findings="warning mark 1: 'json' is in the standard library"),
    row("on the package itself", "from pkg import x #>=1\n", findings="warning mark 1: 'pkg' is part of the package"),
    row(
        "on a component",
        "from .components import c #>=1\n",
        findings="warning mark 1: 'components' is part of the package",
        files={"python_modules/components/c.py": ""},
    ),
)

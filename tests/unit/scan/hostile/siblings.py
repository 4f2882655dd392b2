"""Other packages of the same repository, and the package itself."""

from tests.unit.scan.hostile.row import MAPPING, MODULES, row

_SIB = {f"{MODULES}/sib.py": "", f"{MODULES}/sib_two.py": "__package_metadata__ = {'name': 'Other.Name'}\n"}


def _and(files: dict[str, str]) -> dict[str, str]:
    return {**_SIB, **files}


ROWS = (
    row("a sibling", "import sib\n", "sib", files=_SIB),
    row("a part of it", "from sib.sib import x\nimport sib.deep.er as y\n", "sib", files=_SIB),
    row("with a version", "import sib #>=1.2\n", "sib>=1.2", files=_SIB),
    row("under the name that it gives itself", "import sib_two\n", "Other.Name", files=_SIB),
    row("optional", "try:\n    import sib_two\nexcept ImportError:\n    pass\n", optional="Other.Name", files=_SIB),
    row(
        "under a condition",
        "import sys\nif sys.platform == 'win32':\n    import sib\n",
        'sib; sys_platform == "win32"',
        files=_SIB,
    ),
    row("ignored", "import sib #-\n", files=_SIB),
    row("for types", "import typing\nif typing.TYPE_CHECKING:\n    import sib\n", files=_SIB),
    row(
        "in a component and in the module",
        "import sib\nfrom .components import c\n",
        "sib",
        files=_and({f"{MODULES}/components/c.py": "import sib\n"}),
    ),
    row(
        "in an interface",
        "",
        "click",
        "sib",
        files=_and({"cli/pkg.py": "import click\nfrom sib.sib import *\ncli = click.Group()\n"}),
    ),
    row("by a mark that is optional", "#! import sib\n", optional="sib", files=_SIB),
    row("by a relative import: none", "from .sib import x\n", findings="error component 1: '.sib'", files=_SIB),
    row("by another case", "import Sib\n", findings="error unknown-import 1: did you mean 'sib'", files=_SIB),
    row("almost spelled so", "import sib_tow\n", findings="error unknown-import 1: did you mean 'sib_two'", files=_SIB),
    row(
        "by its distribution's name", "import other_name\n", findings="error unknown-import 1: 'other_name'", files=_SIB
    ),
    row("before the table", "import yaml\n", "yaml", files=_and({f"{MODULES}/yaml.py": ""})),
    row("behind the library", "import calendar\n", files=_and({f"{MODULES}/calendar.py": ""})),
    row("behind the mapping", "import sib\n", "else", files=_and({MAPPING: '{"sib": "else"}'})),
    row("by the mapping", "import old_name\n", "sib", files=_and({MAPPING: '{"old_name": "sib"}'})),
    row(
        "broken, which is its own affair",
        "import broken\n",
        "broken",
        files=_and({f"{MODULES}/broken.py": "def f(:\n"}),
    ),
    row(
        "one that opts out",
        "import scratch\n",
        "scratch",
        files=_and({f"{MODULES}/scratch.py": "__package_metadata__ = {'publish': False}\n"}),
    ),
    row("in a cycle", "import back\n", "back", files=_and({f"{MODULES}/back.py": "import pkg\n"})),
    # Added by name.
    row("added", "#@ sib>=1\n", "sib>=1", files=_SIB),
    row("added, and imported", "import sib\n#@ Sib<3\n", "sib<3", files=_SIB),
    row("added by the module's name, which is another's", "#@ sib-two\n", "sib-two", files=_SIB),
    row(
        "from an address",
        "#@ sib @ https://example.org/sib.whl\n",
        "sib @ https://example.org/sib.whl",
        findings="error name 1: sib is a package of this repository",
        files=_SIB,
    ),
    row(
        "imported, and from an address",
        "import sib\n#@ sib @ https://example.org/sib.whl\n",
        "sib @ https://example.org/sib.whl",
        findings="error name 2: it can't be taken from https://example.org",
        files=_SIB,
    ),
    row(
        "from an address in the metadata",
        "__package_metadata__ = {'install_requires': ['sib @ https://example.org/sib.whl']}\n",
        "sib @ https://example.org/sib.whl",
        findings="error name pkg.py: sib is a package",
        files=_SIB,
    ),
    row(
        "from outside, under a name of ours",
        "import dateutil\n",
        "python-dateutil",
        findings="error name 1: the package python_dateutil of this repository has the same name",
        files={f"{MODULES}/python_dateutil.py": ""},
    ),
    row(
        "from outside, that name given up",
        "import dateutil\n",
        "python-dateutil",
        files={f"{MODULES}/python_dateutil.py": "__package_metadata__ = {'name': 'our-dates'}\n"},
    ),
    # The package itself.
    row("itself", "import pkg\nfrom pkg import x\nimport pkg.pkg as y\nfrom pkg.pkg import *\n"),
    row("itself, guarded", "try:\n    import pkg\nexcept ImportError:\n    pass\n"),
    row("itself, by an addition", "#@ pkg>=1\n#@ PKG[fast]\n"),
    row("itself, in its metadata", "__package_metadata__ = {'install_requires': ['pkg']}\n"),
    row("itself, by another case", "import PKG\n", findings="error unknown-import 1: did you mean 'pkg'"),
    row("itself, in its interface", "", files={"mcp/pkg.py": "from pkg.pkg import *\nimport pkg\n"}),
    row("itself, by the mapping", "import old_name\n", files={MAPPING: '{"old_name": "pkg"}'}),
    row("itself by the name that it gives itself", "import new_name\n", findings="error unknown-import 1: 'new_name'"),
    row(
        "its own name is somebody else's",
        "import yaml\n__package_metadata__ = {'name': 'pyyaml'}\n",
        findings="error name 1: PyYAML provides this import, and this package",
    ),
    row("its own name, added", "#@ nice\n__package_metadata__ = {'name': 'Nice'}\n"),
)

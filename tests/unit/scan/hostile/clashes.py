"""What several places ask of one distribution: put together, or found to clash."""

from tests.unit.scan.hostile.row import MODULES, row

_C = f"{MODULES}/components/c.py"
_CLASH = "error requirement-clash"


def _with(component: str) -> dict[str, str]:
    return {_C: component}


ROWS = (
    row(
        "a range from two files",
        "import yaml #>=5\nfrom .components import c\n",
        "PyYAML<7,>=5",
        files=_with("import yaml #<7\n"),
    ),
    row(
        "the same twice",
        "import yaml #==6.0\nfrom .components import c\n",
        "PyYAML==6.0",
        files=_with("import yaml #==6.0\n"),
    ),
    row("the same version in two spellings", "import yaml #==6.0\nimport yaml.x #==6\n", "PyYAML==6"),
    row(
        "two versions in one file",
        "import yaml #==5.4\nimport yaml.x #==6\n",
        "PyYAML==5.4,==6",
        findings=f"{_CLASH} 2: ==5.4 at {MODULES}/pkg.py:1 and ==6 at {MODULES}/pkg.py:2",
    ),
    row(
        "two versions in two files",
        "import yaml #==5.4\nfrom .components import c\n",
        "PyYAML==5.4,>=6",
        files=_with("\nimport yaml #>=6\n"),
        findings=f"{_CLASH} 1: no version of pyyaml satisfies ==5.4 at {MODULES}/pkg.py:1 and >=6 at {_C}:2",
    ),
    row(
        "by two import names",
        "import attr #<20\nimport attrs #>=21\n",
        "attrs<20,>=21",
        findings=f"{_CLASH} 2: <20 at {MODULES}/pkg.py:1 and >=21 at {MODULES}/pkg.py:2",
    ),
    row("with an addition", "import yaml #<6\n#@ pyyaml>=6\n", "PyYAML<6,>=6", findings=f"{_CLASH} 2: <6 at"),
    row(
        "with the metadata",
        "import yaml #<6\n__package_metadata__ = {'install_requires': ['PyYAML>=6']}\n",
        "PyYAML<6,>=6",
        findings=f"{_CLASH} pkg.py: <6 at",
    ),
    row("in one mark", "import yaml #>=6,<6\n", "PyYAML<6,>=6", findings=f"{_CLASH} 1: <6,>=6 at"),
    row(
        "two ranges that only touch",
        "import yaml #<6\nimport yaml.x #>6\n",
        "PyYAML<6,>6",
        findings=f"{_CLASH} 2: no version of pyyaml",
    ),
    row(
        "compatible, and above",
        "import yaml #~=5.4\nimport yaml.x #>=6\n",
        "PyYAML>=6,~=5.4",
        findings=f"{_CLASH} 2: ~=5.4",
    ),
    row(
        "a wildcard, and none of it",
        "import yaml #==6.*\nimport yaml.x #!=6.*\n",
        "PyYAML!=6.*,==6.*",
        findings=f"{_CLASH} 2: no version",
    ),
    row(
        "three that clash only together",
        "import yaml #>=5\nimport yaml.x #<6\nimport yaml.y #!=5.*\n",
        "PyYAML!=5.*,<6,>=5",
        findings=f"{_CLASH} 3: !=5.* at",
    ),
    row(
        "arbitrary equality twice",
        "import yaml #===a\nimport yaml.x #===b\n",
        "PyYAML===a,===b",
        findings=f"{_CLASH} 2: ===a at",
    ),
    # Only pre-releases are left.
    row("only pre-releases fit", "import yaml #>=6.0a1\nimport yaml.x #<6.0rc1\n", "PyYAML<6.0rc1,>=6.0a1"),
    row(
        "a pre-release that < leaves out",
        "import yaml #>=6.0rc1\nimport yaml.x #<6.0\n",
        "PyYAML<6.0,>=6.0rc1",
        findings=f"{_CLASH} 2: <6.0 at",
    ),
    row("an exact pre-release", "import yaml #==6.*\nimport yaml.x #==6.0rc1\n", "PyYAML==6.*,==6.0rc1"),
    row("a narrow gap", "import yaml #>6.0\nimport yaml.x #<6.0.1\n", "PyYAML<6.0.1,>6.0"),
    # Under markers.
    row(
        "other versions on other Pythons",
        "#@ numpy<2; python_version < '3.12'\n#@ numpy>=2; python_version >= '3.12'\n",
        'numpy<2; python_version < "3.12"',
        'numpy>=2; python_version >= "3.12"',
    ),
    row(
        "other versions on Pythons that overlap",
        "#@ numpy<2; python_version < '3.13'\n#@ numpy>=2; python_version >= '3.12'\n",
        'numpy<2; python_version < "3.13"',
        'numpy>=2; python_version >= "3.12"',
        findings=f"{_CLASH} 2: <2 at {MODULES}/pkg.py:1 and >=2 at {MODULES}/pkg.py:2",
    ),
    row(
        "an overlap on Pythons that are not allowed",
        "#@ numpy<2; python_version < '3.10'\n#@ numpy>=2; python_version >= '3.9'\n",
        'numpy<2; python_version < "3.10"',
        'numpy>=2; python_version >= "3.9"',
    ),
    row(
        "an overlap of patch releases",
        "#@ numpy<2; python_full_version < '3.12.4'\n#@ numpy>=2; python_version >= '3.12'\n",
        'numpy<2; python_full_version < "3.12.4"',
        'numpy>=2; python_version >= "3.12"',
        findings=f"{_CLASH} 2: <2 at",
    ),
    row(
        "other versions on other platforms",
        "#@ numpy<2; os_name == 'nt'\n#@ numpy>=2; sys_platform == 'linux'\n",
        'numpy<2; os_name == "nt"',
        'numpy>=2; sys_platform == "linux"',
    ),
    row(
        "one platform by two names",
        "#@ numpy<2; os_name == 'nt'\n#@ numpy>=2; sys_platform == 'win32'\n",
        'numpy<2; os_name == "nt"',
        'numpy>=2; sys_platform == "win32"',
        findings=f"{_CLASH} 2: <2 at",
    ),
    row(
        "a version and a platform",
        "#@ numpy<2; os_name == 'nt'\n#@ numpy>=2; python_version >= '3.12'\n",
        'numpy<2; os_name == "nt"',
        'numpy>=2; python_version >= "3.12"',
        findings=f"{_CLASH} 2: <2 at",
    ),
    row(
        "always, and on one platform",
        "#@ numpy<2\n#@ numpy>=2; os_name == 'nt'\n",
        "numpy<2",
        'numpy>=2; os_name == "nt"',
        findings=f"{_CLASH} 2: <2 at",
    ),
    row(
        "on one machine or another",
        "#@ numpy<2; platform_machine == 'arm64'\n#@ numpy>=2; platform_machine != 'arm64'\n",
        'numpy<2; platform_machine == "arm64"',
        'numpy>=2; platform_machine != "arm64"',
    ),
    row(
        "on two implementations",
        "#@ numpy<2; implementation_name == 'pypy'\n#@ numpy>=2; platform_python_implementation == 'CPython'\n",
        'numpy<2; implementation_name == "pypy"',
        'numpy>=2; platform_python_implementation == "CPython"',
    ),
    row(
        "in branches of one condition, and again",
        "import sys\nif sys.version_info >= (3, 12):\n    import numpy #>=2\nelse:\n    import numpy #<2\n"
        "import numpy.linalg #<2.5\n",
        "numpy<2.5",
        'numpy<2; python_version < "3.12"',
        'numpy>=2; python_version >= "3.12"',
    ),
    # In extras.
    row(
        "optional against required",
        "import yaml #<6\ntry:\n    import yaml #>=6\nexcept ImportError:\n    pass\n",
        "PyYAML<6",
        optional="PyYAML>=6",
        findings=f"{_CLASH} 3: <6 at",
    ),
    row(
        "optional against optional",
        "#! import yaml #<6\n#! import yaml #>=6\n",
        optional="PyYAML<6,>=6",
        findings=f"{_CLASH} 2: <6 at",
    ),
    row(
        "optional against required elsewhere",
        "import sys\nif sys.platform == 'win32':\n    import yaml #<6\n#! import yaml #>=6\n",
        'PyYAML<6; sys_platform == "win32"',
        optional="PyYAML>=6",
        findings=f"{_CLASH} 4: <6 at",
    ),
    # By address.
    row(
        "an address and a version",
        "import yaml #>=6\n#@ pyyaml @ https://example.org/y.whl\n",
        "PyYAML @ https://example.org/y.whl",
        findings=f"{_CLASH} 2: @ https://example.org/y.whl at",
    ),
    row(
        "two addresses",
        "#@ pyyaml @ https://example.org/1.whl\n#@ pyyaml @ https://example.org/2.whl\n",
        "pyyaml @ https://example.org/1.whl",
        findings=f"{_CLASH} 2: @ https://example.org/2.whl at",
    ),
    row(
        "an address, twice the same",
        "import yaml\n#@ pyyaml @ https://example.org/1.whl\n#@ pyyaml @ https://example.org/1.whl\n",
        "PyYAML @ https://example.org/1.whl",
    ),
    row(
        "two clashes",
        "import yaml #==1\nimport yaml.x #==2\nimport numpy #==1\nimport numpy.x #==2\n",
        "numpy==1,==2",
        "PyYAML==1,==2",
        findings=(f"{_CLASH} 2: pyyaml", f"{_CLASH} 4: numpy"),
    ),
)

"""Whether a marker can hold on any Python that a package allows: the same answer on every machine."""

import pytest

from paa.scan.environments import can_hold

CASES = [
    ("", ">=3.11", True),
    ('python_version < "3"', ">=3.11", False),
    ('python_version >= "2" and python_version < "3"', ">=3.11", False),
    ('python_version < "3.11"', ">=3.11", False),
    ('python_version < "3.11"', ">=3.10", True),
    ('python_version < "3.12"', ">=3.11", True),
    ('python_version == "3.13"', ">=3.11", True),
    ('python_version == "3.13"', ">=3.11,<3.13", False),
    ('python_full_version < "3.11.2"', ">=3.11", True),
    ('python_full_version < "3.11.2"', ">=3.12", False),
    # What is still to come.
    ('python_version >= "3.20"', ">=3.11", True),
    ('python_version >= "3.20"', ">=3.11,<3.15", False),
    ('python_version >= "4"', ">=3.11", False),
    # Every platform, also those that nobody has thought of.
    ('sys_platform == "win32"', ">=3.11", True),
    ('sys_platform == "emscripten"', ">=3.11", True),
    ('os_name == "java"', ">=3.11", True),
    ('platform_machine == "riscv64"', ">=3.11", True),
    ('platform_machine != "x86_64" and platform_machine != "AMD64"', ">=3.11", True),
    ('platform_python_implementation == "PyPy"', ">=3.11", True),
    ('implementation_name == "cpython" and python_version < "3"', ">=3.11", False),
    ('python_version < "3" or sys_platform == "plan9"', ">=3.11", True),
    ('(sys_platform == "a" or sys_platform == "b") and python_version < "3"', ">=3.11", False),
    ('sys_platform == "python_version < 3"', ">=3.11", True),
    # A range that no known Python is in: nothing can be said.
    ('python_version >= "3.12"', ">=3.11.4,<3.11.5", True),
    ('python_version < "3"', "<3", False),
]


@pytest.mark.parametrize(("marker", "requires_python", "expected"), CASES)
def test_can_hold(marker: str, requires_python: str, *, expected: bool) -> None:
    assert can_hold(marker, requires_python) is expected

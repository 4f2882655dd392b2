"""Which markers can hold on the Pythons that a package allows: the same answer on every machine."""

import pytest

from paa.scan.environments import can_hold, held_together

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


TOGETHER = [
    # Sets of what holds at once, by the markers' numbers.
    ([], ">=3.11", [[]]),
    (['python_version < "3.12"', 'python_version >= "3.12"'], ">=3.11", [[0], [1]]),
    (['python_version < "3.12"', 'python_version < "3.13"'], ">=3.11", [[], [0, 1], [1]]),
    (['python_version < "3.12"', 'python_version < "3.13"'], ">=3.12", [[], [1]]),
    (['python_full_version < "3.12.1"', 'python_version == "3.12"'], "==3.12.*", [[0, 1], [1]]),
    (['sys_platform == "win32"', 'os_name == "nt"'], ">=3.11", [[], [0, 1]]),
    (['sys_platform == "linux"', 'os_name == "nt"'], ">=3.11", [[], [0], [1]]),
    (['sys_platform == "linux"', 'platform_system == "Linux"'], ">=3.11", [[], [0, 1]]),
    (['sys_platform == "plan9"', 'sys_platform != "plan9"'], ">=3.11", [[0], [1]]),
    (['"free" in sys_platform', '"bsd" not in sys_platform'], ">=3.11", [[], [0, 1], [1]]),
    (['implementation_name == "cpython"', 'platform_python_implementation == "PyPy"'], ">=3.11", [[], [0], [1]]),
    (['platform_machine == "a"', 'platform_machine == "b"'], ">=3.11", [[], [0], [1]]),
    (['platform_version >= "10 odd"', 'platform_release >= "6"'], ">=3.11", [[], [0], [0, 1], [1]]),
    (['os_name == "nt" or python_version >= "3.12"', 'os_name != "nt"'], ">=3.12", [[0], [0, 1]]),
]


@pytest.mark.parametrize(("markers", "requires_python", "expected"), TOGETHER)
def test_held_together(markers: list[str], requires_python: str, expected: list[list[int]]) -> None:
    found = held_together(markers, requires_python)

    assert sorted(sorted(map(markers.index, held)) for held in found) == expected
    assert held_together([*reversed(markers), *markers], requires_python) == found


def test_a_thousand_markers_are_told_apart_without_trying_everything() -> None:
    markers = [f'sys_platform == "p{number}" and platform_machine == "m{number}"' for number in range(1000)]

    assert held_together(markers, ">=3.11") == {frozenset(), *(frozenset({marker}) for marker in markers)}

"""Several builds of one thing: the default, and how the user's choice comes before it."""

from pathlib import Path

import pytest

from paa.scan.distribution.mapping import MAPPING_PATH
from tests.packages import MODULES, scan_files


def _requirements(tmp_path: Path, source: str, mapping: str = "{}") -> list[str]:
    files: dict[str, str | bytes] = {f"{MODULES}/pkg.py": source, MAPPING_PATH: mapping}
    package = scan_files(tmp_path, files).scanned["pkg"]
    assert package.errors == ()
    return [f"{item.requirement}{f' [{item.extra}]' if item.extra else ''}" for item in package.requirements]


@pytest.mark.parametrize(
    ("module", "default"),
    [
        ("psycopg2", "psycopg2"),
        ("cv2", "opencv-python"),
        ("tensorflow", "tensorflow"),
        ("PIL.Image", "pillow"),
        ("onnxruntime", "onnxruntime"),
        ("faiss", "faiss-cpu"),
        ("Crypto.Cipher", "pycryptodome"),
    ],
)
def test_without_a_choice_there_is_a_default(module: str, default: str, tmp_path: Path) -> None:
    assert _requirements(tmp_path, f"import {module}\n") == [default]


@pytest.mark.parametrize(
    ("module", "choice"),
    [
        ("psycopg2", "psycopg2-binary"),
        ("cv2", "opencv-python-headless"),
        ("cv2", "opencv-contrib-python"),
        ("cv2", "opencv-contrib-python-headless"),
        ("tensorflow", "tensorflow-cpu"),
        ("tensorflow", "tf-nightly"),
        ("PIL", "pillow-simd"),
        ("onnxruntime", "onnxruntime-gpu"),
    ],
)
def test_every_way_of_choosing_takes_the_place_of_the_default(module: str, choice: str, tmp_path: Path) -> None:
    assert _requirements(tmp_path / "mark", f"import {module}\n#@ {choice}\n") == [choice]
    metadata = f"__package_metadata__ = {{'install_requires': ['{choice}>=1']}}\nimport {module}\n"
    assert _requirements(tmp_path / "metadata", metadata) == [f"{choice}>=1"]
    mapping = f'{{"{module}": "{choice}"}}'
    assert _requirements(tmp_path / "mapping", f"import {module}\n", mapping) == [choice]


@pytest.mark.parametrize(
    ("source", "requirements"),
    [
        # What the mark asks for is asked of the build that was chosen.
        ("import psycopg2 #>=2.9\n#@ psycopg2-binary<3\n", ["psycopg2-binary<3,>=2.9"]),
        ("import psycopg2\n#@ Psycopg2_Binary==2.9\n", ["Psycopg2_Binary==2.9"]),
        # Told apart by markers: neither is required anywhere else.
        (
            "import psycopg2\n#@ psycopg2; sys_platform == 'linux'\n#@ psycopg2-binary; sys_platform != 'linux'\n",
            ['psycopg2-binary; sys_platform != "linux"', 'psycopg2; sys_platform == "linux"'],
        ),
        # A choice for one platform alone would leave the others without any.
        ("import psycopg2\n#@ psycopg2-binary; sys_platform == 'win32'\n", ["psycopg2-binary"]),
        # An optional import whose other build is required anyway needs no extra.
        (
            "try:\n    import psycopg2\nexcept ImportError:\n    psycopg2 = None\n#@ psycopg2-binary\n",
            ["psycopg2-binary"],
        ),
        # The default, asked for by name, stays.
        ("import psycopg2\n#@ psycopg2>=2.9\n", ["psycopg2>=2.9"]),
    ],
)
def test_choices_and_constraints_go_together(source: str, requirements: list[str], tmp_path: Path) -> None:
    assert _requirements(tmp_path, source) == requirements


def test_a_choice_in_an_extra_is_no_choice_for_everybody(tmp_path: Path) -> None:
    source = "import psycopg2\n__package_metadata__ = {'extras_require': {'binary': ['psycopg2-binary']}}\n"
    assert _requirements(tmp_path, source) == ["psycopg2", "psycopg2-binary [binary]"]

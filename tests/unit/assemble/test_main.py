"""``python -m package`` does what running the module did."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.packages import MODULES, scan_files, write_tree

SCRIPT = '''\
"""Adds."""
import argparse
from .components.sums import total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("number", type=int, nargs="*")
    print(__name__, total(parser.parse_args().number), parser.prog)


if __name__ == "__main__":
    main()
'''


def packaged(tmp_path: Path, source: str | bytes) -> Path:
    files: dict[str, str | bytes] = {f"{MODULES}/adds.py": source}
    files[f"{MODULES}/components/sums.py"] = "def total(numbers): return sum(numbers)\n"
    setup = scan_files(tmp_path / "ppr", files).assemble("adds")
    return write_tree(tmp_path / "site", setup.files)


def run_module(site: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "adds", *arguments], cwd=site, capture_output=True, text=True, check=False
    )


def test_a_script_still_runs_with_its_arguments_and_components(tmp_path: Path) -> None:
    done = run_module(packaged(tmp_path, SCRIPT), "1", "2")
    assert (done.stdout, done.stderr, done.returncode) == ("__main__ 3 adds.py\n", "", 0)


def test_what_the_script_says_of_bad_arguments_names_the_script(tmp_path: Path) -> None:
    done = run_module(packaged(tmp_path, SCRIPT), "one")
    assert done.returncode == 2
    assert done.stderr.startswith("usage: adds.py ")


def test_another_encoding_and_the_other_way_round(tmp_path: Path) -> None:
    source = '# coding: latin-1\nif "__main__" == __name__:\n    print(ascii("é"), __file__[-20:])\n'
    done = run_module(packaged(tmp_path, source.encode("latin-1")))
    assert done.stdout.split()[0] == ascii("é")
    assert done.stdout.strip().endswith("__init__.py")


@pytest.mark.parametrize(
    "source",
    [
        '"""if __name__ == "__main__": an example"""\nvalue = 1\n',
        'def f():\n    if __name__ == "__main__":\n        pass\n',
        'if __name__ != "__main__":\n    value = 1\n',
    ],
)
def test_a_module_that_is_no_script_gets_none(tmp_path: Path, source: str) -> None:
    site = packaged(tmp_path, source)
    assert not (site / "adds" / "__main__.py").exists()
    assert "No module named adds.__main__" in run_module(site).stderr

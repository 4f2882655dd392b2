"""Facts of a package's files → its requirements, with where each comes from; what is not known is an error."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from paa.model import ScannedPackage
from tests.unit.scan.samples import scan_files, shown_findings, shown_requirements

M = "python_modules"


def scanned(folder: Path, source: str, more: Mapping[str, str] | None = None) -> ScannedPackage:
    files = {
        f"{M}/pkg.py": source,
        f"{M}/sib.py": "",
        f"{M}/sib_two.py": "__package_metadata__ = {'name': 'Other.Name'}\n",
    }
    return scan_files(folder, {**files, **(more or {})})["pkg"]


REQUIRED = [
    ("import requests", ["requests"]),
    ("import requests.sessions as s, yaml", ["PyYAML", "requests"]),
    ("from yaml import safe_load", ["PyYAML"]),
    ("from PIL import Image", ["pillow"]),
    ("from google.cloud import storage, bigquery", ["google-cloud-bigquery", "google-cloud-storage"]),
    ("import google.cloud.storage", ["google-cloud-storage"]),
    # The standard library, whatever its submodules are called like.
    ("import os, sys, json.decoder, xml.etree.ElementTree as ET", []),
    ("from __future__ import annotations", []),
    ("import __main__", []),
    # The leaf may look like the library: the package counts.
    ("import requests.json", ["requests"]),
    ("from sqlalchemy.types import String", ["SQLAlchemy"]),
    # Marks.
    ("import requests #>=2,<3", ["requests<3,>=2"]),
    ("import requests #[socks]~=2.31", ["requests[socks]~=2.31"]),
    ("import requests #-", []),
    ("import requests #-\n#@ requests-cache>=1", ["requests-cache>=1"]),
    ("import no_such_import #-", []),
    ("#@ numpy>=1 ; platform_system == 'Linux'", ['numpy>=1; platform_system == "Linux"']),
    ("import requests #>=2\nfrom requests import get #<3", ["requests<3,>=2"]),
    # Optional.
    ("try:\n    import requests\nexcept ImportError:\n    requests = None", ["all: requests", "requests: requests"]),
    ("#! import requests #>=2", ["all: requests>=2", "requests: requests>=2"]),
    ("import requests\ntry:\n    import requests\nexcept ImportError:\n    pass", ["requests"]),
    ("try:\n    import json, requests\nexcept ImportError:\n    pass", ["all: requests", "requests: requests"]),
    # For types alone.
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import requests", []),
    # Under conditions.
    ("import sys\nif sys.platform == 'win32':\n    import requests", ['requests; sys_platform == "win32"']),
    ("import sys\nif sys.version_info >= (3, 13):\n    import requests", ['requests; python_version >= "3.13"']),
    ("import sys\nif sys.version_info[0] == 2:\n    import urllib2, ConfigParser", []),
    ("import sys\nif sys.version_info < (3, 9):\n    import no_such_import", []),
    (
        "import platform\nif platform.machine() == 'riscv':\n    import requests",
        ['requests; platform_machine == "riscv"'],
    ),
    (
        "import sys\nif sys.version_info >= (3, 13):\n    import requests #>=3\nelse:\n    import requests #<3",
        ['requests<3; python_version < "3.13"', 'requests>=3; python_version >= "3.13"'],
    ),
    # Siblings, under the name that they have on an index.
    ("import sib", ["sib"]),
    ("from sib.sub import x #>=1.2", ["sib>=1.2"]),
    ("import sib_two", ["Other.Name"]),
    ("try:\n    import sib_two\nexcept ImportError:\n    pass", ["all: Other.Name", "other-name: Other.Name"]),
    # The package itself.
    ("import pkg", []),
    ("from pkg.pkg import x", []),
    # Another build of the same thing, asked for by name.
    ("import cv2", ["opencv-python"]),
    ("import cv2 #>=4\n#@ opencv-python-headless>=4", ["opencv-python-headless>=4"]),
    ("import cv2\n__package_metadata__ = {'install_requires': ['opencv-contrib-python']}", ["opencv-contrib-python"]),
    # From the metadata.
    ("__package_metadata__ = {'install_requires': ['numpy>=1', 'pandas[sql]']}", ["numpy>=1", "pandas[sql]"]),
    ("import numpy #<3\n__package_metadata__ = {'install_requires': ['numpy>=1']}", ["numpy<3,>=1"]),
    (
        "__package_metadata__ = {'extras_require': {'Dev_Tools': ['ruff', 'mypy>=1']}}",
        ["dev-tools: mypy>=1", "dev-tools: ruff"],
    ),
    (
        "__package_metadata__ = {'extras_require': {'a': ['numpy'], 'full': ['pkg[a]', 'pkg']}}",
        ["a: numpy", "full: pkg[a]"],
    ),
]


@pytest.mark.parametrize(("source", "expected"), REQUIRED, ids=[source for source, _ in REQUIRED])
def test_requirements_of_ordinary_code(tmp_path: Path, source: str, expected: list[str]) -> None:
    package = scanned(tmp_path, f"{source}\n")

    assert shown_findings(package) == []
    assert shown_requirements(package) == expected
    assert package.fingerprint


def test_where_each_requirement_comes_from(tmp_path: Path) -> None:
    files = {
        f"{M}/components/c.py": "\nimport requests\n",
        "cli/pkg.py": "import click\nimport requests\n\ncli = click.group()\n",
    }

    package = scanned(tmp_path, "from .components.c import x\n#@ numpy\nimport sib\n", files)

    places = {item.requirement: [str(place) for place in item.sources] for item in package.requirements}
    assert places == {
        "click": ["cli/pkg.py:1"],
        "requests": ["cli/pkg.py:2", f"{M}/components/c.py:2"],
        "numpy": [f"{M}/pkg.py:2"],
        "sib": [f"{M}/pkg.py:3"],
    }
    evidence = {item.requirement: (item.evidence, item.sibling) for item in package.requirements}
    assert evidence["requests"] == ("built-in table: requests", None)
    assert evidence["numpy"] == ("the mark #@", None)
    assert evidence["sib"] == ("package of this repository", "sib")
    assert package.siblings == ("sib",)


FINDINGS = [
    # source, severity, rule, line, in the message, in the advice
    (
        "\nimport qqq_unknown",
        "error",
        "unknown-import",
        2,
        "provides the import 'qqq_unknown'",
        '"qqq_unknown": "DISTRIBUTION"',
    ),
    (
        "from qqq_unknown.sub import x",
        "error",
        "unknown-import",
        1,
        "the import 'qqq_unknown'",
        '"qqq_unknown": "DISTRIBUTION"',
    ),
    ("import reqests", "error", "unknown-import", 1, "did you mean 'requests'?", "correct the spelling"),
    (
        "from google.cloud import qqq",
        "error",
        "unknown-import",
        1,
        "'google.cloud.qqq'",
        '"google.cloud.qqq": "DISTRIBUTION"',
    ),
    ("import google.cloud", "error", "unknown-import", 1, "'google.cloud' is a namespace", "'#@ DISTRIBUTION'"),
    ("import urllib2", "error", "unknown-import", 1, "'urllib2'", ""),
    ("import requests #>=oops", "error", "mark", 1, "the mark #>=oops can't be read", "PEP 440"),
    (
        "from google.cloud import storage, bigquery #>=3",
        "error",
        "mark",
        1,
        "several distributions",
        "a statement of its own",
    ),
    (
        "import requests #==1\nfrom requests import x #==2",
        "error",
        "requirement-clash",
        2,
        "==1 at python_modules/pkg.py:1",
        "agree",
    ),
    (
        "try:\n    import qqq_unknown\nexcept ImportError:\n    pass",
        "warning",
        "unknown-import",
        2,
        "it only gets no extra",
        "",
    ),
    (
        "import importlib\nimportlib.import_module('requests')",
        "warning",
        "dynamic-import",
        2,
        "'requests' is imported by name",
        "#@",
    ),
    ("import distutils", "warning", "standard-library", 1, "of Python 3.12, 3.13, 3.14, 3.15", "requires_python"),
    ("from json import x #>=1", "warning", "mark", 1, "'json' is in the standard library", ""),
    ("from pkg import x #>=1", "warning", "mark", 1, "'pkg' is part of the package", ""),
    (
        "try:\n    import ujson\nexcept ImportError:\n    import simplejson",
        "warning",
        "optional-import",
        4,
        "'simplejson' stands in for an import that may fail",
        "'#@ simplejson'",
    ),
]


@pytest.mark.parametrize("row", FINDINGS, ids=[row[0] for row in FINDINGS])
def test_findings(tmp_path: Path, row: tuple[str, str, str, int, str, str]) -> None:
    source, severity, rule, line, message, advice = row

    (finding,) = scanned(tmp_path, f"{source}\n").findings

    assert (finding.severity.value, finding.rule) == (severity, rule)
    assert str(finding.location) == f"{M}/pkg.py:{line}"
    assert message in finding.message
    assert advice in (finding.advice or "")


@pytest.mark.parametrize(
    "source",
    [
        "import importlib\nimportlib.import_module('json')",
        "import importlib\nimportlib.import_module('.sub', 'pkg')",
        "import importlib\nimportlib.import_module('pkg.pkg')",
        "import importlib\nimportlib.import_module(name)",
        "try:\n    import distutils\nexcept ImportError:\n    distutils = None",
        "import sys\nif sys.version_info < (3, 12):\n    import distutils",
        "try:\n    import tomllib\nexcept ImportError:\n    import json",
        "import distutils\n__package_metadata__ = {'requires_python': '>=3.9,<3.12'}",
    ],
)
def test_ordinary_code_has_no_findings(tmp_path: Path, source: str) -> None:
    assert shown_findings(scanned(tmp_path, f"{source}\n")) == []


def test_what_no_allowed_python_has_in_its_library_comes_from_elsewhere(tmp_path: Path) -> None:
    source = "__package_metadata__ = {'requires_python': '>=3.12'}\nimport asyncore\n"
    mapping = {".paa/package_mapping.json": '{"asyncore": "pyasyncore"}'}

    assert shown_requirements(scanned(tmp_path, source, mapping)) == ["pyasyncore"]


def test_every_unknown_import_is_told_and_the_known_ones_are_still_there(tmp_path: Path) -> None:
    package = scanned(tmp_path, "import qqq_one\nimport requests\nimport qqq_two\n")

    assert [str(finding.location) for finding in package.errors] == [f"{M}/pkg.py:1", f"{M}/pkg.py:3"]
    assert shown_requirements(package) == ["requests"]
    assert package.fingerprint == ""


def test_an_extra_for_what_is_unknown_is_not_made(tmp_path: Path) -> None:
    package = scanned(tmp_path, "try:\n    import qqq_unknown\nexcept ImportError:\n    pass\n")

    assert package.errors == ()
    assert package.requirements == ()
    assert package.fingerprint


def test_a_constraint_in_one_file_that_contradicts_another_names_both(tmp_path: Path) -> None:
    files = {f"{M}/components/c.py": "import yaml #>=6\n"}

    (finding,) = scanned(tmp_path, "import yaml #==5.4\nfrom components import c\n", files).errors

    assert finding.message == f"no version of pyyaml satisfies ==5.4 at {M}/pkg.py:1 and >=6 at {M}/components/c.py:1"


def test_a_sibling_with_a_name_that_is_none_stops_nobody_else(tmp_path: Path) -> None:
    package = scanned(tmp_path, "import sib\n", {f"{M}/sib.py": "__package_metadata__ = {'name': '../x; y'}\n"})

    assert shown_findings(package) == []
    assert shown_requirements(package) == ["sib"]

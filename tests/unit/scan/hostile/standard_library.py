"""The standard library of the Pythons that the package allows."""

from tests.unit.scan.hostile.row import MAPPING, row

_LACKS = "is not in the standard library of Python"
_SETUPTOOLS = {MAPPING: '{"distutils": "setuptools"}'}

ROWS = (
    row(
        "much of it",
        "import os, sys, json.decoder, xml.etree.ElementTree as ET, __main__\nfrom collections import abc\n",
    ),
    row("private parts of it", "import _thread, _collections_abc, _weakref\n"),
    row("for one platform", "import winreg, msvcrt, fcntl, termios, grp\n"),
    row("future", "from __future__ import annotations\n"),
    row(
        "a name that begins like it", "import typing_extensions\nimport jsonschema\n", "jsonschema", "typing_extensions"
    ),
    row("another case", "import OS\n", findings="error unknown-import 1: 'OS'"),
    row("its tests are no library", "from test import support\n", findings="error unknown-import 1: 'test'"),
    row(
        "Python 2's",
        "import ConfigParser, StringIO\n",
        findings=("error unknown-import 1: 'ConfigParser'", "error unknown-import 1: 'StringIO'"),
    ),
    # Gone.
    row(
        "distutils",
        "import distutils\n",
        findings=f"warning standard-library 1: 'distutils' {_LACKS} 3.12, 3.13, 3.14, 3.15",
    ),
    row(
        "distutils.core",
        "from distutils.core import setup\n",
        findings=f"warning standard-library 1: 'distutils.core' {_LACKS} 3.12",
    ),
    row("distutils, where it still is", "import distutils\n", python=">=3.9,<3.12"),
    row(
        "distutils, where it never is",
        "import distutils\n",
        findings="error unknown-import 1: 'distutils'",
        python=">=3.12",
    ),
    row("distutils before 3.12", "import sys\nif sys.version_info < (3, 12):\n    import distutils\n"),
    row(
        "distutils before 3.13",
        "import sys\nif sys.version_info < (3, 13):\n    import distutils\n",
        findings=f"warning standard-library 3: 'distutils' {_LACKS} 3.12, which",
    ),
    row(
        "distutils on Windows",
        "import sys\nif sys.platform == 'win32':\n    import distutils\n",
        findings=f"warning standard-library 3: 'distutils' {_LACKS} 3.12, 3.13",
    ),
    row(
        "distutils since 3.12",
        "import sys\nif sys.version_info >= (3, 12):\n    import distutils\n",
        findings="error unknown-import 3: 'distutils'",
    ),
    row("distutils, guarded", "try:\n    import distutils\nexcept ImportError:\n    distutils = None\n"),
    row("distutils, mapped", "import distutils.core\n", "setuptools", files=_SETUPTOOLS),
    row("distutils, mapped, with a version", "from distutils import log #>=65\n", "setuptools>=65", files=_SETUPTOOLS),
    row(
        "distutils, mapped, since 3.12",
        "import sys\nif sys.version_info >= (3, 12):\n    import distutils\n",
        'setuptools; python_version >= "3.12"',
        files=_SETUPTOOLS,
    ),
    row("distutils, mapped, where it never is", "import distutils\n", "setuptools", files=_SETUPTOOLS, python=">=3.12"),
    row("distutils, mapped and ignored", "import distutils #-\n", files=_SETUPTOOLS),
    row(
        "a part of the library, mapped",
        "import xml.etree.cElementTree, xml.dom\n",
        "lxml",
        files={MAPPING: '{"xml.etree.cElementTree": "lxml"}'},
    ),
    row("one of two names, mapped", "from xml import dom, etree\n", files={MAPPING: '{"xml.etree": "lxml"}'}),
    row("imp", "def f():\n    import imp\n", findings=f"warning standard-library 2: 'imp' {_LACKS} 3.12"),
    row("cgi", "from cgi import escape\n", findings=f"warning standard-library 1: 'cgi' {_LACKS} 3.13"),
    row(
        "asyncore, from elsewhere",
        "import asyncore\n",
        "pyasyncore",
        files={MAPPING: '{"asyncore": "pyasyncore"}'},
        python=">=3.12",
    ),
    row(
        "lib2to3.pgen2",
        "import lib2to3.pgen2.parse\n",
        findings=f"warning standard-library 1: 'lib2to3.pgen2.parse' {_LACKS} 3.13",
    ),
    # Not there yet.
    row("tomllib", "import tomllib\n"),
    row(
        "tomllib, too early",
        "import tomllib\n",
        findings=f"warning standard-library 1: 'tomllib' {_LACKS} 3.9, 3.10, which '>=3.9' allows",
        python=">=3.9",
    ),
    row(
        "tomllib in its time, else tomli",
        "import sys\nif sys.version_info >= (3, 11):\n    import tomllib\nelse:\n    import tomli as tomllib\n",
        'tomli; python_version < "3.11"',
        python=">=3.9",
    ),
    row(
        "tomllib, tomli no longer needed",
        "import sys\nif sys.version_info >= (3, 11):\n    import tomllib\nelse:\n    import tomli as tomllib\n",
    ),
    row(
        "tomllib under a version too early",
        "import sys\nif sys.version_info >= (3, 10):\n    import tomllib\n",
        findings=f"warning standard-library 3: 'tomllib' {_LACKS} 3.10, which",
        python=">=3.9",
    ),
    row(
        "asyncio.taskgroups, too early",
        "import asyncio.taskgroups\n",
        findings=f"warning standard-library 1: 'asyncio.taskgroups' {_LACKS} 3.10",
        python=">=3.10",
    ),
    row(
        "asyncio.taskgroups by from",
        "from asyncio import (\n    run, taskgroups,\n)\n",
        findings=f"warning standard-library 1: 'asyncio.taskgroups' {_LACKS} 3.10",
        python=">=3.10",
    ),
    row("asyncio.taskgroups in time", "import asyncio.taskgroups\n"),
    row(
        "importlib.resources.abc, too early",
        "from importlib.resources import abc\n",
        findings=f"warning standard-library 1: 'importlib.resources.abc' {_LACKS} 3.10",
        python=">=3.10",
    ),
    row(
        "importlib.resources.abc's own",
        "from importlib.resources.abc import Traversable\n",
        findings=f"warning standard-library 1: 'importlib.resources.abc' {_LACKS} 3.10",
        python=">=3.10",
    ),
    row(
        "string.templatelib",
        "from string.templatelib import Template\n",
        findings=f"warning standard-library 1: 'string.templatelib' {_LACKS} 3.11, 3.12, 3.13",
    ),
    row("compression.zstd, where it is", "from compression import zstd\n", python=">=3.14"),
    row(
        "compression.zstd, where it never is",
        "from compression import zstd\n",
        findings="error unknown-import 1: 'compression'",
        python=">=3.11,<3.14",
    ),
    row("annotationlib, one patch of one version", "import annotationlib\n", python="==3.14.*"),
    row("a version long ago", "import os\nimport yaml\n", "PyYAML", python=">=3.6"),
    row("only a version long ago", "import os\nimport yaml\n", "PyYAML", python="==3.6.*"),
    row(
        "several, each told once",
        "import imp, tomllib\nimport imp\n",
        findings=(f"warning standard-library 1: 'imp' {_LACKS}", f"warning standard-library 2: 'imp' {_LACKS}"),
    ),
    row(
        "a mark on what is gone",
        "import imp #>=1\n",
        findings=("warning mark 1: 'imp' is in the standard library", f"warning standard-library 1: 'imp' {_LACKS}"),
    ),
    row("for types alone", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import distutils\n"),
)

"""Marks on lines of their own: requirements that are added, and imports that are optional."""

from tests.unit.scan.hostile.row import row

_NOT = "not a requirement"
_OPTIONAL = "there is no absolute import behind the mark"

ROWS = (
    # Added.
    row("added", "#@ requests\n", "requests"),
    row("added without a space", "#@requests>=2\n", "requests>=2"),
    row(
        "added with all there is",
        "#@ requests[socks,security] >= 2, < 3 ; python_version < '3.14'\n",
        'requests[security,socks]<3,>=2; python_version < "3.14"',
    ),
    row(
        "added with a marker of platforms",
        "#@ pywin32>=306; sys_platform == 'win32' and python_version >= '3.12'\n",
        'pywin32>=306; sys_platform == "win32" and python_version >= "3.12"',
    ),
    row(
        "added by address",
        "#@ nice @ https://example.org/nice-1.0-py3-none-any.whl\n",
        "nice @ https://example.org/nice-1.0-py3-none-any.whl",
    ),
    row(
        "added by address, with a fragment",
        "#@ nice @ https://example.org/nice.zip#sha256=aa\n",
        "nice @ https://example.org/nice.zip#sha256=aa",
    ),
    row("added with dots and a comment", "#@ zope.interface  # for the plug-ins\n", "zope.interface"),
    row("added, unknown to everybody", "#@ qqq-private-thing==1.0\n", "qqq-private-thing==1.0"),
    row("added twice", "#@ requests>=2\n#@ Requests<3\n", "requests<3,>=2"),
    row("added to what is imported", "import yaml #>=6\n#@ pyyaml<7\n", "PyYAML<7,>=6"),
    row("added in a function", "def f():\n    #@ requests\n    pass\n", "requests"),
    row("added at the end, no line end", "x = 1\n#@ requests", "requests"),
    row(
        "added instead of what is ignored", "import cv2 #-\n#@ opencv-python-headless>=4\n", "opencv-python-headless>=4"
    ),
    row("added under the name that is imported", "import numpy #-\n#@numpy\n", "numpy"),
    row(
        "added with a wildcard and a pre-release",
        "#@ requests==2.*\n#@ numpy>=3.0a1\n",
        "numpy>=3.0a1",
        "requests==2.*",
    ),
    row("added within brackets of a list", "x = [\n    #@ requests\n    1,\n]\n", "requests"),
    row("added between continued strings", "x = ('a'\n#@ requests\n'b')\n", "requests"),
    # Not added.
    row("in a docstring", "'''\n#@ qqq-unknown\n'''\n"),
    row("in a string", "x = '''\n#@ a b c\n'''\n"),
    row("behind a statement", "x = 1 #@ requests\n"),
    row("with a space before the @", "# @ requests\n# @requests\n"),
    row("a decorator that is commented out", "#@property\ndef f(): pass\n"),
    row("a decorator of something bound here", "import functools\n#@functools.cache\ndef f(): pass\n"),
    row("a decorator with arguments", "from app import route #-\n#@route('/', methods=['GET'])\nasync def f(): pass\n"),
    row("a decorator above another", "from app import a #-\n#@a\n@property\ndef f(): pass\n"),
    row("a function that is commented out", "#@property\n#def f(self):\n#    return 1\nx = 2\n"),
    row("a form field of Colab", "#@title Set-up\n#@markdown Some *text*\nx = 1 #@param {type: 'string'}\n"),
    # Added, and wrong.
    row("no name", "x = 1\n#@\n", findings=f"error mark 2: {_NOT}"),
    row("two names", "#@ requests numpy\n", findings=f"error mark 1: {_NOT}"),
    row("two with a comma", "#@ requests, numpy\n", findings=f"error mark 1: {_NOT}"),
    row("a version that is none", "#@ requests>=two\n", findings=f"error mark 1: {_NOT}"),
    row("a marker that is none", "#@ requests; python_version < 3.12\n", findings=f"error mark 1: {_NOT}"),
    row("a marker of another kind", "#@ requests; platform == 'win32'\n", findings=f"error mark 1: {_NOT}"),
    row("an option of pip", "#@ -e .\n", findings=f"error mark 1: {_NOT}"),
    row("a path", "#@ ../other\n", findings=f"error mark 1: {_NOT}"),
    row("an address alone", "#@ https://example.org/nice.whl\n", findings=f"error mark 1: {_NOT}"),
    row("something for a shell", "#@ requests; rm -rf /\n", findings=f"error mark 1: {_NOT}"),
    row("a task for later", "#@todo: write this\n", findings=f"error mark 1: {_NOT}"),
    row("a mail address", "#@ somebody@example.org\n", "somebody @ example.org", findings=f"error mark 1: {_NOT}"),
    row(
        "an extra of this package in the marker",
        "#@ requests; extra == 'fast'\n",
        'requests; extra == "fast"',
        findings="error mark 1: an extra can't be asked for",
    ),
    row("a value called extra", "#@ requests; platform_machine == 'extra'\n", 'requests; platform_machine == "extra"'),
    row("one right, one wrong", "#@ requests\n#@ a b\n", "requests", findings=f"error mark 2: {_NOT}"),
    # Optional.
    row("optional", "#! import requests\n", optional="requests"),
    row("optional without a space", "#!import requests\n", optional="requests"),
    row("optional with a version", "#! import requests #==2.31\n", optional="requests==2.31"),
    row("optional with extras", "#! import requests #[socks]>=2\n", optional="requests[socks]>=2"),
    row("optional from", "#! from yaml import dump, load #>=6\n", optional="PyYAML>=6"),
    row("optional dotted and renamed", "#! import google.cloud.storage as gcs\n", optional="google-cloud-storage"),
    row("two optional ones", "#! import requests, yaml\n", optional="PyYAML requests"),
    row("two optional lines", "#! import requests #>=2\n#! import requests.auth #<3\n", optional="requests<3,>=2"),
    row("optional in a function", "def f():\n    #! import requests\n    return 1\n", optional="requests"),
    row("optional, and required", "import requests\n#! import requests\n", "requests"),
    row(
        "optional with a version, and required",
        "import requests\n#! import requests #>=2\n",
        "requests",
        optional="requests>=2",
    ),
    row("optional of the library", "#! import json\n"),
    row("optional, unknown", "#! import qqq_unknown\n", findings="warning unknown-import 1: it only gets no extra"),
    row(
        "a shebang, and a mark",
        "#!/usr/bin/env python3\n#! import requests\nimport yaml\n",
        "PyYAML",
        optional="requests",
    ),
    row("a mark on the first line", "#! import requests\nimport yaml\n", "PyYAML", optional="requests"),
    row("prose that begins like it", "#! importantly, import nothing\n#! fromage\n"),
    row("optional in a string", "x = '''\n#! import qqq_unknown\n'''\n"),
    row("nothing behind import", "#! import\n", findings=f"error mark 1: {_OPTIONAL}"),
    row("two statements", "#! import requests; import yaml\n", findings=f"error mark 1: {_OPTIONAL}"),
    row("a relative import", "#! from . import x\n", findings=f"error mark 1: {_OPTIONAL}"),
    row("an open parenthesis", "#! from yaml import (\n", findings=f"error mark 1: {_OPTIONAL}"),
    row(
        "a version that can't be read",
        "#! import requests #>=x\n",
        findings="error mark 1: the mark #>=x can't be read",
    ),
)

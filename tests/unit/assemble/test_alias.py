"""``package.package`` is another name of the package, whatever the module does with names and modules."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.packages import MODULES, run_python, scan_files, write_tree

PLAIN = '''\
"""A module."""
import pickle
_private = 1
value = [1]
class Thing:
    def __init__(self, size=1): self.size = size
    def __eq__(self, other): return type(self) is type(other) and self.size == other.size
    __hash__ = None
'''
OWN_NAME = 'def tab(rows=()):\n    """Its own name."""\n    return "function"\ndef other(): return "other"\n'


def installed(tmp_path: Path, name: str, source: str) -> Path:
    """The package of one module, as it lies in an environment."""
    setup = scan_files(tmp_path / "ppr", {f"{MODULES}/{name}.py": textwrap.dedent(source)}).assemble(name)
    return write_tree(tmp_path / "site", setup.files)


@pytest.mark.parametrize(
    "code",
    [
        "import tab.tab; assert tab.tab is tab",
        "import tab.tab as t; assert t is tab",
        "from tab import tab as t; assert t is tab",
        "from tab.tab import *; assert value is tab.value and Thing is tab.Thing",
        "from tab.tab import _private, Thing; assert _private == 1",
        "import importlib; assert importlib.import_module('tab.tab') is tab",
        "import tab.tab; tab.tab.value = 2; assert tab.value == 2",
        "import tab.tab; assert tab.__name__ == 'tab' and tab.__spec__.name == 'tab'",
        "import tab.tab, importlib; assert importlib.reload(tab) is tab",
        "import tab.tab, pickle; thing = tab.Thing(3); assert pickle.loads(pickle.dumps(thing)) == thing",
        "import pickle; t = tab.Thing(3); import tab.tab; assert pickle.loads(pickle.dumps(t)) == t",
        "import pickle; assert pickle.loads(b'ctab.tab\\nThing\\n.') is tab.Thing",
    ],
)
def test_both_names_give_one_module(tmp_path: Path, code: str) -> None:
    run_python(
        f"import sys, tab; {code}; assert sys.modules['tab.tab'] is sys.modules['tab']",
        installed(tmp_path, "tab", PLAIN),
    )


def test_the_alias_alone_can_be_imported_first(tmp_path: Path) -> None:
    run_python("from tab.tab import Thing; import tab; assert tab.Thing is Thing", installed(tmp_path, "tab", PLAIN))


@pytest.mark.parametrize(
    "code",
    [
        "from tab import tab; assert tab() == 'function'",
        "import tab.tab; assert tab.tab() == 'function'; from tab import tab as t; assert t() == 'function'",
        "import tab.tab; from tab.tab import *; assert tab() == 'function' and other() == 'other'",
        "from tab.tab import tab, other; assert tab() == 'function' and other() == 'other'",
        "import tab; before = tab.tab; import tab.tab; assert tab.tab is before",
        "import importlib, tab; assert importlib.import_module('tab.tab') is tab and tab.tab() == 'function'",
        "import tab.tab; tab.tab = 5; assert tab.tab == 5; tab.other = 6; assert tab.other == 6",
        "import tab.tab, types; assert isinstance(tab, types.ModuleType) and 'site' in repr(tab)",
    ],
)
def test_a_module_keeps_what_it_has_under_its_own_name(tmp_path: Path, code: str) -> None:
    run_python(code, installed(tmp_path, "tab", OWN_NAME))


@pytest.mark.parametrize(
    "source",
    [
        "from textwrap import *\n",  # binds no name of its own, but nobody could tell without running it
        "if True:\n    value = 1\n",
        "def __getattr__(name):\n    if name == 'lazy': return 1\n    raise AttributeError(name)\n",
    ],
)
def test_a_star_import_or_a_module_getattr_does_not_keep_the_alias_from_being_an_attribute(
    tmp_path: Path, source: str
) -> None:
    run_python("import tab.tab; assert tab.tab is tab", installed(tmp_path, "tab", source))


@pytest.mark.parametrize(
    "source",
    [
        "from operator import *\nglobals()['tab'] = lambda: 'function'\n",
        "def __getattr__(name):\n    if name == 'tab': return lambda: 'function'\n    raise AttributeError(name)\n",
        "if (tab := (lambda: 'function')): pass\n",
    ],
)
def test_a_name_of_its_own_that_only_running_shows_is_kept(tmp_path: Path, source: str) -> None:
    code = "import tab; assert tab.tab() == 'function'; import tab.tab; assert tab.tab() == 'function'"
    run_python(code, installed(tmp_path, "tab", source))


def test_a_module_that_puts_a_module_of_its_own_class_in_its_place(tmp_path: Path) -> None:
    source = """\
    import sys, types
    class Lazy(types.ModuleType):
        def __getattr__(self, name):
            if name.startswith("_"): raise AttributeError(name)
            return f"made {name}"
    replaced = Lazy(__name__)
    replaced.__dict__.update(__path__=__path__, __file__=__file__, __spec__=__spec__)
    sys.modules[__name__] = replaced
    """
    site = installed(tmp_path, "tab", source)
    run_python("import tab; assert tab.spam == 'made spam'; import tab.tab; assert tab.spam == 'made spam'", site)
    run_python("import sys; from tab.tab import spam; assert sys.modules['tab.tab'] is sys.modules['tab']", site)


def test_a_module_that_puts_a_plain_object_in_its_place_still_does(tmp_path: Path) -> None:
    source = """\
    import sys
    class Facade:
        __slots__ = ("__path__", "__name__", "__spec__", "answer", "tab")
    facade = Facade()
    facade.__path__, facade.__name__, facade.__spec__, facade.answer = __path__, __name__, __spec__, 42
    facade.tab = "own"
    sys.modules[__name__] = facade
    """
    run_python(
        "import tab; assert tab.answer == 42; import tab.tab; assert tab.answer == 42",
        installed(tmp_path, "tab", source),
    )


def test_submodules_registered_by_hand_work(tmp_path: Path) -> None:
    """As six does with ``six.moves``."""
    source = """\
    import sys, types
    moves = types.ModuleType(__name__ + ".moves")
    moves.thing = "moved"
    sys.modules[__name__ + ".moves"] = moves
    """
    site = installed(tmp_path, "tab", source)
    run_python("from tab.moves import thing; import tab.tab; assert tab.tab.moves.thing == thing == 'moved'", site)


def test_a_module_that_says_it_has_no_submodules_is_left_its_way(tmp_path: Path) -> None:
    """As six does with ``__path__ = []``: nothing inside the package can be found any more, the alias included."""
    source = """\
    import sys, types
    __path__ = []
    __package__ = __name__
    moves = sys.modules[__name__ + ".moves"] = types.ModuleType(__name__ + ".moves")
    moves.thing = "moved"
    """
    site = installed(tmp_path, "tab", source)
    run_python("from tab.moves import thing; import tab; assert thing == tab.moves.thing == 'moved'", site)


def test_a_module_that_imports_the_alias_while_it_is_imported_itself(tmp_path: Path) -> None:
    site = installed(tmp_path, "tab", "value = 1\nimport tab.tab\ndef tab(): return 'function'\n")
    run_python("from tab import tab; assert tab() == 'function'; import tab.tab as t; assert t is tab", site)


def test_type_checkers_see_the_module_through_the_alias(tmp_path: Path) -> None:
    source = "def tab(size: int) -> int:\n    return size\ndef other() -> str:\n    return ''\n"
    site = installed(tmp_path, "tab", source)
    user = tmp_path / "user.py"
    user.write_text(
        "import tab.tab as module\nfrom tab.tab import *\nfrom tab.tab import other as alone\n"
        "reveal_type(other)\nreveal_type(alone)\nnumber: str = tab(1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--cache-dir=/dev/null", str(user)],
        env={"MYPYPATH": str(site), "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert lines[:2] == [f'user.py:{line}: note: Revealed type is "def () -> str"' for line in (4, 5)], done.stdout
    # The mistake in the user's own code is found, and there is not a word about the package itself.
    assert lines[2].startswith("user.py:6: error: Incompatible types in assignment")
    assert all(line.startswith(("user.py:", "Found 1 error")) for line in lines), done.stdout


def test_a_module_that_says_where_its_submodules_are_has_no_other_name(tmp_path: Path) -> None:
    """As six does: a file of ours would never be found, and its own submodules are."""
    source = (
        "import sys, types\n__path__ = []\nmoves = types.ModuleType('own.moves')\nsys.modules['own.moves'] = moves\n"
    )
    site = installed(tmp_path, "own", source)
    assert not (site / "own" / "own.py").exists()
    assert run_python("import own.moves; print(own.moves is own.__dict__['moves'])", site) == "True"


def test_a_module_that_reads_its_path_has_its_other_name(tmp_path: Path) -> None:
    site = installed(tmp_path, "own", "def places(): return list(__path__)\n")
    assert run_python("import own.own; print(own.own is own, len(own.places()))", site) == "True 1"

"""The rule ``imports``: the built wheel is imported, in a clean process that has only what the wheel requires."""

import sys
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from paa.check.imports import check_imports, import_names
from paa.check.model import CheckInput
from paa.errors import IndexReadError
from tests.packages import MODULES, scan_files, wheel_path, write_tree
from tests.unit.check.releases import MODULE, checked, described, package, rewrite_wheel, texts

INFO = "tool-1.0.0.dist-info"
CLI = "import click\n@click.group()\ndef cli(): pass\n"


def found(root: Path, source: str = "", **files: str) -> str:
    return texts(check_imports(package(root, source, **files)))


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "a folder, with a comma"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_a_module_and_its_command_pass_and_leave_nothing_behind(tmp_path: Path, temporary: Path) -> None:
    assert found(tmp_path, "value = 1\n", cli=CLI) == ""
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("raise RuntimeError('not today')\n", "RuntimeError: not today"),
        ("1 / 0\n", "ZeroDivisionError"),
        ("import __main__; __main__.nothing\n", "AttributeError"),
        ("import sys; sys.exit()\n", "import tool ends the process: SystemExit"),
        ("import sys; sys.exit(0)\n", "import tool ends the process: SystemExit: 0"),
        ("import os; os._exit(0)\n", "the process ended with exit code 0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)\n", "the process ended with exit code -9"),
        ("input()\n", "EOFError"),
        ("import importlib; importlib.import_module('tool.absent')\n", "No module named 'tool.absent'"),
        ("import site; raise SystemExit(site.ENABLE_USER_SITE)\n", "SystemExit"),
    ],
)
@pytest.mark.wrong_wheels("the module ends its own import")
def test_a_module_that_can_t_be_imported_is_found_with_its_reason(tmp_path: Path, source: str, expected: str) -> None:
    message = found(tmp_path, source)
    assert message.startswith("the built wheel can't be imported:")
    assert expected in message


@pytest.mark.parametrize(
    "source",
    [
        "import threading, time; threading.Thread(target=time.sleep, args=(600,)).start()\n",
        "import atexit, time; atexit.register(time.sleep, 600)\n",
        "print('noise'); import sys; print('more', file=sys.stderr)\n",
        "import sys; sys.stdout.close(); sys.stderr.close()\n",
        "import sys, types; sys.modules[__name__] = types.SimpleNamespace(value=1)\n",
        "import sys\nclass Facade: __slots__ = ()\nsys.modules[__name__] = Facade()\n",
        "assert callable(exit) and callable(quit) and callable(help) and copyright\n",
        "import email, xml.dom, sysconfig; sysconfig.get_config_vars()\n",
        "import importlib.metadata; assert importlib.metadata.version('tool') == '1.0.0'\n",
        "import importlib.resources as r; assert r.files('tool').joinpath('__init__.py').is_file()\n",
        "import os; open(os.path.expanduser('~/.toolrc'), 'w').close()\n",
    ],
)
@pytest.mark.wrong_wheels("a module that is none any more has no alias to import")
def test_what_modules_may_do_is_let_through(tmp_path: Path, home: Path, source: str) -> None:
    assert found(tmp_path, source) == ""
    assert not (home / ".toolrc").exists()


@pytest.mark.wrong_wheels("the import never ends")
def test_an_import_that_never_ends_is_stopped(tmp_path: Path) -> None:
    given = package(tmp_path, "import time; time.sleep(600)\n")
    assert "could not be checked: " in texts(check_imports(given, seconds=1))
    assert "did not end within 1 s" in texts(check_imports(given, seconds=1))


@pytest.mark.parametrize(
    "name",
    ["TWINE_PASSWORD", "PAA_LOCAL_PASSWORD", "GITHUB_TOKEN", "UV_PUBLISH_TOKEN", "AWS_SESSION_TOKEN", "PIP_INDEX_URL"],
)
@pytest.mark.wrong_wheels("the module looks for what only the test sets")
def test_no_secret_is_visible_to_the_imported_code(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "pa55word")
    (home / ".pypirc").write_text("pa55word")
    (home / ".netrc").write_text("pa55word")
    source = (
        "import os, pathlib\n"
        "seen = [name for name, value in os.environ.items() if 'pa55word' in value]\n"
        "seen += [str(path) for path in pathlib.Path.home().rglob('*')]\n"
        "assert not seen, seen\n"
    )
    assert found(tmp_path, source) == ""


def test_settings_of_python_have_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(
        tmp_path / "path", {"tool/__init__.py": b"raise RuntimeError", "sitecustomize.py": b"raise RuntimeError"}
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "path" / "sitecustomize.py"))
    monkeypatch.chdir(tmp_path / "path")
    assert found(tmp_path) == ""


# --- what the wheel requires -----------------------------------------------------------------------------------------


@pytest.mark.wrong_wheels("the requirement is not declared")
def test_what_is_installed_here_is_no_substitute_for_a_declared_requirement(tmp_path: Path) -> None:
    """PyYAML is installed where the tests run, for paa needs it; the wheel does not declare it."""
    assert "No module named 'yaml'" in found(tmp_path, "import importlib; importlib.import_module('yaml')\n")


@pytest.mark.wrong_wheels("the module looks for what is installed")
def test_an_undeclared_module_is_not_found_by_those_who_ask_for_it(tmp_path: Path) -> None:
    source = "from importlib.util import find_spec\nassert find_spec('yaml') is None\nassert find_spec('json')\n"
    assert found(tmp_path, source) == ""


def test_a_guarded_import_of_something_undeclared_passes(tmp_path: Path) -> None:
    assert found(tmp_path, "try:\n    import yaml\nexcept ImportError:\n    yaml = None\nassert yaml is None\n") == ""


def test_what_is_declared_and_installed_here_can_be_imported_with_all_that_it_requires(tmp_path: Path) -> None:
    source = "import requests, yaml\nimport urllib3, importlib.metadata\nimportlib.metadata.version('requests')\n"
    assert found(tmp_path, source) == ""


def test_a_version_that_is_not_installed_here_and_can_t_be_had_is_not_passed(tmp_path: Path) -> None:
    message = found(tmp_path, "import yaml  #>=9999\n")
    assert message.startswith("could not be checked: PyYAML>=9999 can't be had here: ")


def test_a_requirement_that_nobody_has_is_not_passed(tmp_path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        members[f"{INFO}/METADATA"] = members[f"{INFO}/METADATA"].replace(
            b"\n\n", b"\nRequires-Dist: no-such-distribution-of-ours\n\n", 1
        )

    message = texts(check_imports(rewrite_wheel(package(tmp_path), change)))
    assert message.startswith("could not be checked: no-such-distribution-of-ours can't be had here: ")


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b"Requires-Dist: not a requirement", "could not be checked: a requirement can't be read"),
        (b"Requires-Python: >=9.0", "could not be checked: it requires Python >=9.0, and this is "),
        (b"Requires-Python: newish", "could not be checked: its Requires-Python can't be read"),
        (b"Requires-Dist: yaml-of-nobody; python_version < '3'", ""),
        (b"Requires-Dist: yaml-of-nobody; extra == 'fast'", ""),
    ],
)
@pytest.mark.wrong_wheels("the metadata are changed after the build")
def test_fields_of_the_metadata(tmp_path: Path, field: bytes, expected: str) -> None:
    def change(members: dict[str, bytes]) -> None:
        text = members[f"{INFO}/METADATA"].replace(b"Requires-Python: >=3.11\n", b"")
        members[f"{INFO}/METADATA"] = text.replace(b"\n\n", b"\n" + field + b"\n\n", 1)

    message = texts(check_imports(rewrite_wheel(package(tmp_path), change)))
    assert message.startswith(expected)
    assert bool(message) == bool(expected)


# --- what compiles ---------------------------------------------------------------------------------------------------

LATE: Mapping[str, str | bytes] = {
    MODULE: "def late():\n    from .components.x import f\n    return f()\n",
    f"{MODULES}/components/x.py": "def f(): return 1\n",
    "artifacts/tool/template.py": "{{ not python }}\n",
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"def f(:\n", "tool/components/x.py does not compile: SyntaxError: "),
        (b"x = 1\n  y = 2\n", "tool/components/x.py does not compile: IndentationError: "),
        (b"# \xff\n", "tool/components/x.py does not compile: "),
        (b"# coding: no-such-encoding\n", "tool/components/x.py does not compile: SyntaxError: "),
        (b"x = '\0'\n", "tool/components/x.py does not compile: "),
        (b"x = " + b"(" * 300 + b")" * 300 + b"\n", "tool/components/x.py does not compile: "),
        (b"x = 1 is 1\nimport nowhere_at_all\n", ""),
    ],
)
@pytest.mark.wrong_wheels("some do not compile")
def test_code_that_is_only_imported_late_has_to_compile(tmp_path: Path, source: bytes, expected: str) -> None:
    state = scan_files(tmp_path / "ppr", LATE)
    built = checked(tmp_path / "dist", state.build(tmp_path / "dist", state.release("tool"))[0])
    assert texts(check_imports(built)) == ""
    given = rewrite_wheel(built, lambda members: members.update({"tool/components/x.py": source}))
    message = texts(check_imports(given))
    assert expected in message
    assert bool(message) == bool(expected)


@pytest.mark.wrong_wheels("a file in it is no Python")
def test_a_project_may_ship_templates_under_any_name(tmp_path: Path) -> None:
    given = rewrite_wheel(package(tmp_path), lambda members: members.update({"tool/sample.py": b"{{ name }}!\n"}))
    assert "tool/sample.py does not compile" in texts(check_imports(given))
    assert texts(check_imports(replace(given, generated=False))) == ""


# --- siblings --------------------------------------------------------------------------------------------------------

SIBLINGS: Mapping[str, str | bytes] = {
    MODULE: "import middle\nassert middle.version == '2.0'\n",
    f"{MODULES}/middle.py": "from base import version\n",
    f"{MODULES}/base.py": "version = '2.0'\n",
}
FLOORS = {"middle": "2.0", "base": "2.0"}


def siblings(tmp_path: Path) -> CheckInput:
    """``tool`` with the siblings that it needs, directly and not, from the same release set."""
    state = scan_files(tmp_path / "ppr", SIBLINGS)
    releases = [state.release(name, "2.0", FLOORS) for name in ("base", "middle", "tool")]
    *others, tool = state.build(tmp_path / "dist", *releases)
    return checked(tmp_path / "dist", tool, *others)


def test_siblings_come_from_the_same_release_set(tmp_path: Path) -> None:
    assert texts(check_imports(siblings(tmp_path))) == ""


def test_siblings_come_from_the_index(tmp_path: Path) -> None:
    given = siblings(tmp_path)
    asked: list[tuple[str, str]] = []

    def find_wheel(name: str, specifier: str) -> tuple[str, bytes] | None:
        asked.append((name, specifier))
        other = given.others.get(name)
        return None if other is None else ("x.whl", wheel_path(given.folder, other).read_bytes())

    assert texts(check_imports(replace(given, others={}, find_wheel=find_wheel))) == ""
    assert asked == [("middle", ">=2.0"), ("base", ">=2.0")]


def test_a_sibling_that_is_nowhere_is_not_passed(tmp_path: Path) -> None:
    message = texts(check_imports(replace(siblings(tmp_path), others={})))
    assert message.startswith("could not be checked: middle>=2.0 can't be had here")


def test_a_sibling_whose_version_is_too_old_does_not_count(tmp_path: Path) -> None:
    given = siblings(tmp_path)
    old = replace(given.others["base"], release=replace(given.others["base"].release, version="1.0"))
    message = texts(check_imports(replace(given, others={**given.others, "base": old})))
    assert message.startswith("could not be checked: base>=2.0 can't be had here")


def test_an_index_that_fails_is_not_passed(tmp_path: Path) -> None:
    def find_wheel(_name: str, _specifier: str) -> tuple[str, bytes] | None:
        message = "the index is down"
        raise IndexReadError(message)

    message = texts(check_imports(replace(siblings(tmp_path), others={}, find_wheel=find_wheel)))
    assert message == "could not be checked: middle>=2.0 can't be had here: the index is down"


@pytest.mark.wrong_wheels("the sibling is damaged")
def test_a_broken_sibling_is_named(tmp_path: Path) -> None:
    given = siblings(tmp_path)
    wheel_path(given.folder, given.others["base"]).write_bytes(b"not a wheel")
    assert "could not be checked: the wheel can't be read: BadZipFile" in texts(check_imports(given))


# --- whose files are imported ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["requests", "yaml", "paa", "pip", "six", "conftest_of_ours", "site_packages"])
def test_a_package_that_is_called_like_one_of_this_environment_is_imported_itself(tmp_path: Path, name: str) -> None:
    metadata = f'__package_metadata__ = {{"entry_points": {{"console_scripts": {{"x": "{name}:run"}}}}}}\n'
    state = scan_files(tmp_path, {f"{MODULES}/{name}.py": f"def run(): pass\n{metadata}"})
    built = state.build(tmp_path / "dist", state.release(name))[0]
    assert texts(check_imports(checked(tmp_path / "dist", built))) == ""


@pytest.mark.wrong_wheels("what is imported is nowhere")
def test_no_older_version_that_is_installed_here_fills_gaps(tmp_path: Path) -> None:
    """A module of an installed ``requests`` that the built ``requests`` no longer has."""
    source = "import importlib\nimportlib.import_module('requests.api')\n"
    state = scan_files(tmp_path, {f"{MODULES}/requests.py": source})
    built = state.build(tmp_path / "dist", state.release("requests"))[0]
    assert "No module named 'requests.api'" in texts(check_imports(checked(tmp_path / "dist", built)))


@pytest.mark.wrong_wheels("the module is taken out")
def test_a_wheel_whose_module_is_not_in_it_is_found(tmp_path: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        for name in [name for name in members if name.endswith(".py")]:
            del members[name]

    message = texts(check_imports(rewrite_wheel(package(tmp_path), change)))
    assert message == "could not be checked: the wheel holds nothing that can be imported"


@pytest.mark.wrong_wheels("the package is renamed after the build")
def test_a_name_of_the_standard_library_is_not_taken_for_the_wheel_s(tmp_path: Path) -> None:
    given = rewrite_wheel(package(tmp_path), lambda members: members.update({"json/__init__.py": b"mine = True\n"}))
    message = texts(check_imports(given))
    assert "import json would give " in message
    assert "not the wheel that was built" in message


# --- commands --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry_points", "expected"),
    [
        ("[console_scripts]\nx = tool:absent\n", "has no attribute 'absent'"),
        ("[console_scripts]\nx = tool.absent:main\n", "No module named 'tool.absent'"),
        ("[gui_scripts]\nx = tool:Outer.absent\n", "has no attribute 'absent'"),
        ("[console_scripts]\nx = tool:value\n", "the command tool:value can't be called: it is of type int"),
        ("[console_scripts]\nx = tool\n", "the command tool can't be called: it is of type module"),
        ("[console_scripts]\nx = tool:Outer.run [extra]\ny=tool:Outer\n[other]\nz = absent:absent\n", ""),
        ("[console_scripts\n", "could not be checked: its entry points can't be read"),
        ("", ""),
    ],
)
@pytest.mark.wrong_wheels("commands lead nowhere")
def test_the_target_of_each_command_is_found(tmp_path: Path, entry_points: str, expected: str) -> None:
    source = "value = 1\nclass Outer:\n    @staticmethod\n    def run(): pass\n"

    def change(members: dict[str, bytes]) -> None:
        members[f"{INFO}/entry_points.txt"] = entry_points.encode()

    message = texts(check_imports(rewrite_wheel(package(tmp_path, source), change)))
    assert expected in message
    assert bool(message) == bool(expected)


@pytest.mark.wrong_wheels("the command leads nowhere")
def test_a_cli_without_its_group_is_found(tmp_path: Path) -> None:
    given = package(tmp_path, "value = 1\n", cli="def cli(): pass\n")
    given = rewrite_wheel(given, lambda members: members.update({"tool/cli.py": b"import sys\n"}))
    assert "has no attribute 'cli'" in texts(check_imports(given))


@pytest.mark.parametrize(("folder", "module"), [("api_routes", "routes"), ("mcp", "mcp_server")])
@pytest.mark.wrong_wheels("the interface can't be imported")
def test_an_interface_that_can_t_be_imported_is_found(tmp_path: Path, folder: str, module: str) -> None:
    message = found(tmp_path, "value = 1\n", **{folder: "from tool.tool import absent\n"})
    assert f'{module}.py", line 1' in message
    assert "cannot import name 'absent'" in message


@pytest.mark.wrong_wheels("the app ends where nobody runs it")
def test_a_streamlit_app_is_a_script_and_not_run(tmp_path: Path) -> None:
    assert found(tmp_path, "value = 1\n", streamlit="raise SystemExit('run me with streamlit')\n") == ""


# --- damage ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../x.py", "/etc/x.py", "tool/../../x.py", "tool\\x.py"])
@pytest.mark.wrong_wheels("members lead outside")
def test_a_member_that_leads_outside_is_not_unpacked(tmp_path: Path, temporary: Path, name: str) -> None:
    given = rewrite_wheel(package(tmp_path), lambda members: members.update({name: b"x"}))
    assert "could not be checked: the wheel can't be unpacked: refusing to write" in texts(check_imports(given))
    assert list(temporary.iterdir()) == []


def test_no_wheel_no_check(tmp_path: Path) -> None:
    given = package(tmp_path)
    only_sdist = replace(given, built=replace(given.built, files=given.built.files[1:]))
    assert texts(check_imports(only_sdist)) == "could not be checked: there is no wheel"
    (given.folder / given.built.files[0].name).unlink()
    assert "could not be checked: cannot read " in texts(check_imports(given))


@pytest.mark.wrong_wheels("the wheel is damaged")
def test_a_damaged_wheel_is_not_passed(tmp_path: Path) -> None:
    given = package(tmp_path)
    path = given.folder / given.built.files[0].name
    path.write_bytes(path.read_bytes()[:-100])
    assert "could not be checked: the wheel can't be read: BadZipFile" in texts(check_imports(described(given)))


def test_the_names_that_a_folder_lets_one_import(tmp_path: Path) -> None:
    paths = (
        "alone.py", "pkg/__init__.py", "pkg/deep/__init__.py", "pkg/x.py", "space/a/__init__.py", "space/b/__init__.py",
        "space/loose.py", "fast.cpython-311-x86_64-linux-gnu.so", "pkg-1.0.dist-info/x.py", "pkg-1.0.data/purelib/y.py",
        "data/only.txt", "pkg/templates/my-page/z.py",
    )  # fmt: skip
    write_tree(tmp_path / "site", dict.fromkeys(paths, b""))
    assert import_names(tmp_path / "site") == ["alone", "fast", "pkg", "space.a", "space.b"]


def test_python_of_the_check_is_this_one(tmp_path: Path) -> None:
    source = f"import sys\nassert sys.version_info[:3] == {sys.version_info[:3]!r}\nassert sys.flags.isolated\n"
    assert found(tmp_path, source) == ""


@pytest.mark.wrong_wheels("the wheel is written anew")
def test_archives_with_folders_in_them(tmp_path: Path) -> None:
    given = package(tmp_path)
    with zipfile.ZipFile(given.folder / given.built.files[0].name, "a") as wheel:
        wheel.mkdir("tool/empty")
    assert texts(check_imports(described(given))) == ""

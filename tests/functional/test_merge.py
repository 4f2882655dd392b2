"""``assembly: merge`` at the command line: one module, or what is in the way."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.functional.command_line import CONFIG, built_file, done, paa, planned, published
from tests.packages import run_python, unpack
from tests.repository import Repository

M = "python_modules"
FILES = {
    ".paa.config": f"{CONFIG}assembly: merge\n",
    ".gitignore": "/dist/\n",
    f"{M}/greeter.py": (
        '"""Greets."""\nfrom components.names import tidy\nfrom .components.text import shout as loud\n'
        "import base\n\n\n"
        'def greet(name):\n    return loud(f"{base.hello()} {tidy(name)}")\n\n\n'
        'if __name__ == "__main__":\n    import sys\n    print(greet(*sys.argv[1:]))\n'
    ),
    f"{M}/components/names.py": (
        '"""Names."""\nfrom .text import clean\n\n\ndef tidy(name):\n    return clean(name).title()\n'
    ),
    f"{M}/components/text.py": (
        '"""Texts."""\nimport logging\nlog = logging.getLogger(__name__)\n\n\ndef clean(text):\n    log.info(text)\n'
        "    return text.strip()\n\n\ndef shout(text):\n    return text.upper()\n"
    ),
    "cli/greeter.py": (
        "import click\nfrom greeter.greeter import *\nfrom components import names\n\n\n@click.command()\n"
        '@click.argument("name")\ndef cli(name):\n    click.echo(greet(names.tidy(name)))\n'
    ),
    f"{M}/base.py": '"""Base."""\n\n\ndef hello():\n    return "hello"\n',
}


def test_a_merged_package_is_released_like_any_other(repository: Repository, tmp_path: Path) -> None:
    repository.write(FILES)
    repository.commit("Greet")
    done(paa(repository.path, "release"))
    assert published(repository.path.parent / "index", "greeter") == ["0.0.1"]
    wheel = built_file(repository.path, "greeter-0.0.1-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        code = sorted(name for name in archive.namelist() if name.endswith(".py"))
    assert code == ["greeter/__init__.py", "greeter/__main__.py", "greeter/cli.py", "greeter/greeter.py"]
    site = unpack(wheel, tmp_path / "site")
    unpack(built_file(repository.path, "base-0.0.1-py3-none-any.whl"), site)
    calls = "import greeter.greeter as g; from greeter.cli import cli; print(g.greet(' ann ')); cli([' bob '])"
    assert run_python(calls, site) == "HELLO ANN\nHELLO BOB"
    module = subprocess.run(
        [sys.executable, "-m", "greeter", "ann"], cwd=site, capture_output=True, text=True, check=True
    )
    assert module.stdout == "HELLO ANN\n"
    assert planned(done(paa(repository.path, "plan", "--json"))) == {}
    repository.write({".paa.config": CONFIG})
    repository.commit("Keep components as files")
    assert planned(done(paa(repository.path, "plan", "--json"))) == {"greeter": "0.0.2"}


CLASH = {f"{M}/components/names.py": "def clean(name): return name\ndef tidy(name): return clean(name)\n"}
PLACE = f"{M}/components/text.py"
REASON = f"can't be merged: 'clean' is something else here than at {M}/components/names.py:1"


def test_the_plan_blocks_what_cannot_be_merged_with_what_needs_it_and_nothing_else(repository: Repository) -> None:
    repository.write({**FILES, **CLASH, f"{M}/user.py": '"""Uses."""\nimport greeter\n'})
    repository.commit("Greet")
    result = paa(repository.path, "plan", "--json")
    assert result.code == 1
    assert planned(result) == {"base": "0.0.1"}
    first, second = result.json["blocked"]
    assert (first["package"], first["path"], first["line"], first["reason"]) == ("greeter", PLACE, 6, REASON)
    assert "assembly: mirror" in first["advice"]
    assert (second["package"], second["reason"]) == ("user", "it needs greeter, which can't be released")


def test_list_and_show_tell_it_too_and_what_is_known_stays_known(repository: Repository) -> None:
    repository.write({**FILES, **CLASH})
    repository.commit("Greet")
    for _ in range(2):  # From the sources, and from what is remembered.
        listed = paa(repository.path, "list", "--json").json["packages"]
        assert {item["package"]: item["state"] for item in listed} == {"base": "new", "greeter": "broken"}
    shown = paa(repository.path, "show", "greeter", "--json")
    assert shown.code == 1
    (finding,) = shown.json["findings"]
    assert (finding["rule"], finding["path"], finding["line"], finding["message"]) == ("merge", PLACE, 6, REASON)
    places = {file["path"]: file.get("place") for file in shown.json["files"]}
    assert places[f"{M}/greeter.py"] == "greeter/__init__.py"
    assert places[PLACE] is None


def test_without_merging_the_same_sources_are_released(repository: Repository) -> None:
    repository.write({**FILES, **CLASH, ".paa.config": CONFIG})
    repository.commit("Greet")
    assert set(planned(done(paa(repository.path, "plan", "--json")))) == {"base", "greeter"}
    repository.write({".paa.config": f"{CONFIG}assembly: merge\n"})
    repository.commit("Merge")
    assert set(planned(paa(repository.path, "plan", "--json"))) == {"base"}


def test_what_cannot_be_merged_is_refused_and_everything_else_is_built(repository: Repository) -> None:
    repository.write({**FILES, **CLASH})
    repository.commit("Greet")
    result = paa(repository.path, "make-package", "--all")
    assert result.code == 1
    assert f"greeter: {PLACE}:6: {REASON}" in result.err
    assert "assembly: mirror" in result.err
    assert built_file(repository.path, ".whl").name == "base-0.0.1-py3-none-any.whl"


def test_show_says_which_components_are_merged_and_which_stay_files(repository: Repository, tmp_path: Path) -> None:
    side = {f"{M}/components/side.py": '"""Beside."""\nfrom .names import tidy\n', **FILES}
    side["cli/greeter.py"] = f"{FILES['cli/greeter.py']}\n\nfrom components.side import tidy  # noqa\n"
    repository.write(side)
    repository.commit("Greet")
    shown = done(paa(repository.path, "show", "greeter", "--json")).json
    places = {file["path"]: file["place"] for file in shown["files"] if file["path"].endswith(".py")}
    assert places == {
        "cli/greeter.py": "greeter/cli.py",
        f"{M}/greeter.py": "greeter/__init__.py",
        f"{M}/components/names.py": "greeter/__init__.py",
        f"{M}/components/text.py": "greeter/__init__.py",
        f"{M}/components/side.py": "greeter/components/side.py",
    }
    done(paa(repository.path, "make-package", "greeter"))
    site = unpack(built_file(repository.path, ".whl"), tmp_path / "site")
    assert all((site / place).is_file() for place in places.values())
    assert not (site / "greeter/components/names.py").exists()

"""Setting up, and looking at what is there."""

import logging
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, done, paa, paa_process, snapshot
from tests.functional.samples import change, three_packages
from tests.repository import Repository


@pytest.mark.parametrize("options", [[], ["--full"]])
def test_the_settings_that_are_written_are_valid_and_change_nothing(repository: Repository, options: list[str]) -> None:
    repository.write({"python_modules/one.py": "value = 1\n"})
    repository.commit("One")
    before = done(paa(repository.path, "plan", "--offline", "--json")).json["releases"]
    result = done(paa(repository.path, "init-config", *options))
    written = {line.removeprefix("wrote ") for line in result.out.splitlines()}
    assert ".paa.config" in written
    assert written == set(repository.git("ls-files", "--others").splitlines())
    assert "yaml-language-server" in (repository.path / ".paa.config").read_text().splitlines()[0]
    repository.commit("Settings")
    assert done(paa(repository.path, "plan", "--offline", "--json")).json["releases"] == before


def test_settings_that_are_there_are_not_overwritten_unless_asked(repository: Repository) -> None:
    repository.write({".paa.config": CONFIG})
    before = snapshot(repository.path)
    result = paa(repository.path, "init-config")
    assert result.code == 2
    assert ".paa.config is there already" in result.err
    assert snapshot(repository.path) == before
    done(paa(repository.path, "init-config", "--force"))
    assert (repository.path / ".paa.config").read_text() != CONFIG


def test_the_list_shows_name_version_state_and_place(repository: Repository) -> None:
    three_packages(repository)
    lines = [line.split() for line in done(paa(repository.path, "list")).out.splitlines()]
    assert lines == [[name, "-", "new", f"python_modules/{name}.py"] for name in ("dice", "wordcount", "wordreport")]
    done(paa(repository.path, "release"))
    change(repository, "python_modules/components/words.py", "Words")
    repository.write({"python_modules/new_one.py": "value = 1\n"})
    lines = [line.split()[:3] for line in done(paa(repository.path, "list")).out.splitlines()]
    assert lines == [
        ["dice", "0.0.1", "unchanged"],
        ["new-one", "-", "new"],
        ["wordcount", "0.0.1", "changed"],
        ["wordreport", "0.0.1", "changed"],
    ]


def test_a_broken_package_is_listed_with_its_finding_and_is_no_failure(repository: Repository) -> None:
    repository.write({"python_modules/good.py": "value = 1\n", "python_modules/bad.py": "def (\n"})
    result = done(paa(repository.path, "list"))
    assert ["bad", "-", "broken", "python_modules/bad.py"] in [line.split() for line in result.out.splitlines()]
    assert "python_modules/bad.py:1" in result.err


def test_what_is_not_a_module_is_not_listed(repository: Repository) -> None:
    names = ["__init__.py", "_private.py", "conftest.py", "setup.py", "notes.txt", "sub/inner.py", "components/part.py"]
    repository.write({f"python_modules/{name}": "value = 1\n" for name in names})
    assert done(paa(repository.path, "list", "--json")).json["packages"] == []


def test_requirements_are_printed_one_a_line_sorted(repository: Repository) -> None:
    module = (
        "import os\nimport requests #>=2.30\nimport yaml\nimport dice\nfrom .components.part import x\n"
        "try:\n    import rich\nexcept ImportError:\n    rich = None\n"
        "#! import numpy #>=2\n#@ Zope.Interface>=5; python_version < '4'\n"
    )
    repository.write(
        {
            "python_modules/one.py": module,
            "python_modules/dice.py": "value = 1\n",
            "python_modules/components/part.py": "import click\nx = 1\n",
        }
    )
    shown = done(paa(repository.path, "extract-module-requirements", "one")).out.splitlines()
    names = {line.partition(";")[0].strip().lower() for line in shown}
    assert names == {"click", "dice", "pyyaml", "requests>=2.30", "zope.interface>=5"}
    assert shown == sorted(shown, key=str.lower)
    extra = done(paa(repository.path, "extract-module-requirements", "one", "--show-extra")).out.splitlines()
    assert set(shown) < set(extra)
    assert 'numpy>=2; extra == "numpy"' in extra
    assert 'rich; extra == "rich"' in extra


def test_verbose_says_more_and_only_on_standard_error(repository: Repository, tmp_path: Path) -> None:
    three_packages(repository)
    environment = {"PAA_CACHE_DIR": str(tmp_path / "file" / "cache")}
    (tmp_path / "file").write_text("x")
    quiet = done(paa_process(repository.path, "list", environment=environment))
    loud = done(paa_process(repository.path, "-vv", "list", environment=environment))
    assert quiet.err == ""
    assert quiet.out == loud.out
    assert "DEBUG paa" in loud.err
    assert logging.getLogger("paa").level == logging.NOTSET

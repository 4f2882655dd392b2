"""The stage as a whole: every package of a repository, and one that is broken never stops another."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from paa.edges.tree import commit_tree, disk_tree
from paa.errors import ConfigError, FindingsError
from paa.model import InterfaceKind
from paa.scan.scan import find_package, require_no_errors, scan
from tests.repository import Repository
from tests.unit.scan.samples import (
    make_config,
    make_tree,
    scan_files,
    shown_findings,
    shown_requirements,
)

M = "python_modules"
FIXTURE = Path(__file__).parents[2] / "fixtures/projects/existing_tool"
FINE: dict[str, str | bytes] = {f"{M}/good.py": '"""Good."""\nimport requests\n', f"{M}/other.py": "import good\n"}

BROKEN: list[tuple[str, dict[str, str | bytes], str]] = [
    ("syntax", {f"{M}/bad.py": "x = 1\ndef f(:\n"}, f"error syntax {M}/bad.py:2: syntax error"),
    ("encoding", {f"{M}/bad.py": b"# \xff\n"}, f"error syntax {M}/bad.py:1: this file is not UTF-8"),
    ("NUL", {f"{M}/bad.py": b"\0"}, f"error syntax {M}/bad.py: "),
    ("nesting", {f"{M}/bad.py": "x = " + "-" * 9999 + "1"}, f"error syntax {M}/bad.py: this file can't be parsed"),
    ("folder", {f"{M}/bad.py/x": ""}, f"error file {M}/bad.py: a folder whose name ends in .py"),
    ("import", {f"{M}/bad.py": "\nimport qqq_unknown\n"}, f"error unknown-import {M}/bad.py:2: it is not known"),
    ("component", {f"{M}/bad.py": "from .components import gone\n"}, f"error component {M}/bad.py:1: the local import"),
    (
        "component's syntax",
        {f"{M}/bad.py": "from .components import c\n", f"{M}/components/c.py": "\n\n1 +\n"},
        f"error syntax {M}/components/c.py:3: syntax error",
    ),
    ("cli", {f"{M}/bad.py": "", "cli/bad.py": "import\n"}, "error syntax cli/bad.py:1: syntax error"),
    ("metadata", {f"{M}/bad.py": "__package_metadata__ = {'name': f()}\n"}, f"error metadata {M}/bad.py:1: "),
    ("mark", {f"{M}/bad.py": "import requests #>=oops\n"}, f"error mark {M}/bad.py:1: the mark #>=oops can't be read"),
    ("link", {f"{M}/bad.py": "", "artifacts/bad/x.link": ""}, "error artifact artifacts/bad/x.link:1: the address"),
]


@pytest.mark.parametrize(("files", "expected"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_one_broken_package_never_stops_another(tmp_path: Path, files: dict[str, str | bytes], expected: str) -> None:
    found = scan_files(tmp_path, {**FINE, **files})

    assert sorted(found) == ["bad", "good", "other"]
    (text,) = shown_findings(found["bad"])
    assert text.startswith(expected)
    assert found["bad"].fingerprint == ""
    assert shown_findings(found["good"]) == shown_findings(found["other"]) == []
    assert found["good"].fingerprint
    assert found["other"].fingerprint


def test_a_package_is_not_blamed_for_a_broken_sibling(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{M}/a.py": "import broken, linked, folder, clash_a\n",
        f"{M}/broken.py": "def f(:\n",
        f"{M}/linked.py": "",
        "artifacts/linked/x.link": "",
        f"{M}/folder.py/x": "",
        f"{M}/clash_a.py": "",
        f"{M}/clash__a.py": "",
    }

    found = scan_files(tmp_path, files)

    assert shown_findings(found["a"]) == []
    assert found["a"].siblings == ("broken", "clash_a", "folder", "linked")


def test_everything_wrong_with_a_package_is_told_at_once(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{M}/pkg.py": (
            "import qqq_unknown\nfrom .components import c, gone\n__package_metadata__ = {'readme': 'x.md'}\n"
        ),
        f"{M}/components/c.py": "import qqq_other #>=oops\n",
        "cli/pkg.py": "import click\n",
        "artifacts/pkg/x.link": "",
    }

    package = scan_files(tmp_path, files)["pkg"]

    assert sorted((finding.rule, str(finding.location)) for finding in package.errors) == [
        ("artifact", "artifacts/pkg/x.link:1"),
        ("component", f"{M}/pkg.py:2"),
        ("interface", "cli/pkg.py"),
        ("mark", f"{M}/components/c.py:1"),
        ("metadata", f"{M}/pkg.py"),
        ("unknown-import", f"{M}/components/c.py:1"),
        ("unknown-import", f"{M}/pkg.py:1"),
    ]
    with pytest.raises(FindingsError) as raised:
        require_no_errors(package)
    assert raised.value.message.startswith("pkg can't be released:\n")
    assert all(str(finding) in raised.value.message for finding in package.errors)


def test_the_error_for_an_unknown_import_says_where_and_what_to_write(tmp_path: Path) -> None:
    package = scan_files(tmp_path, {f"{M}/pkg.py": "import os\n\n\ndef f():\n    import qqq_unknown.sub\n"})["pkg"]

    (finding,) = package.errors
    assert str(finding) == (
        f"{M}/pkg.py:5: it is not known which distribution provides the import 'qqq_unknown'\n"
        '    add to the JSON object in .paa/package_mapping.json the line "qqq_unknown": "DISTRIBUTION"; '
        "'paa extract-module-requirements --learn --ask-index pypi' asks PyPI for it"
    )


def test_the_line_that_the_error_asks_for_is_the_one_that_helps(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{M}/pkg.py": "import qqq_unknown.sub\n",
        ".paa/package_mapping.json": '{"qqq_unknown": "Some-Distribution"}',
    }

    package = scan_files(tmp_path, files)["pkg"]

    assert shown_findings(package) == []
    assert shown_requirements(package) == ["Some-Distribution"]
    assert package.requirements[0].evidence == ".paa/package_mapping.json: qqq_unknown"


def test_an_import_spelled_almost_like_a_known_one_is_a_near_miss(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{M}/pkg.py": "import requets\nimport helpful_tols\n",
        f"{M}/helpful_tools.py": "",
    }

    first, second = scan_files(tmp_path, files)["pkg"].errors

    assert "did you mean 'requests'?" in first.message
    assert "did you mean 'helpful_tools'?" in second.message
    assert "correct the spelling" in (first.advice or "")


def test_a_mapping_that_cannot_be_read_is_an_error_of_the_repository(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        scan_files(tmp_path, {**FINE, ".paa/package_mapping.json": "{"})


def test_siblings_in_every_kind_of_file(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{M}/pkg.py": "from .components import c\n",
        f"{M}/components/c.py": "import in_component\n",
        "cli/pkg.py": "from in_cli.in_cli import *\nfrom pkg.pkg import *\ncli = 1\n",
        "mcp/pkg.py": "import pkg, in_mcp\n",
        f"{M}/in_component.py": "",
        f"{M}/in_cli.py": "",
        f"{M}/in_mcp.py": "__package_metadata__ = {'name': 'Renamed.One'}\n",
    }

    package = scan_files(tmp_path, files)["pkg"]

    assert shown_findings(package) == []
    assert package.siblings == ("in_cli", "in_component", "in_mcp")
    assert shown_requirements(package) == ["in-cli", "in-component", "Renamed.One"]


def test_a_mapping_may_name_a_sibling_by_its_distribution(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{M}/pkg.py": "import old_name\n",
        f"{M}/new_name.py": "",
        ".paa/package_mapping.json": '{"old_name": "new-name"}',
    }

    assert scan_files(tmp_path, files)["pkg"].siblings == ("new_name",)


def test_a_module_that_opts_out_says_so_whatever_else_is_wrong(tmp_path: Path) -> None:
    source = "__package_metadata__ = {'publish': False}\nimport qqq_unknown\n"

    found = scan_files(tmp_path, {f"{M}/scratch.py": source, f"{M}/2024-report.py": source})

    assert len(found) == 2
    for package in found.values():
        assert package.metadata is not None
        assert package.metadata.publish is False


def test_metadata_of_a_component_describes_nothing(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{M}/pkg.py": "from .components import c\n",
        f"{M}/components/c.py": "__package_metadata__ = {'name': compute()}\n",
    }

    package = scan_files(tmp_path, files)["pkg"]

    assert shown_findings(package) == []
    assert package.distribution == "pkg"


CLASHES = [
    (
        {
            f"{M}/a.py": "__package_metadata__ = {'name': 'same'}\n",
            f"{M}/b.py": "__package_metadata__ = {'name': 'Same'}\n",
        },
        ["a", "b"],
    ),
    ({f"{M}/a.py": "__package_metadata__ = {'name': 'b_b'}\n", f"{M}/b_b.py": ""}, ["a", "b_b"]),
    (
        {f"{M}/a.py": "__package_metadata__ = {'name': 'b'}\n", f"{M}/b.py": "__package_metadata__ = {'name': 'a'}\n"},
        [],
    ),
]


@pytest.mark.parametrize(("files", "clashing"), CLASHES)
def test_two_packages_with_one_distribution_are_errors(
    tmp_path: Path, files: dict[str, str | bytes], clashing: list[str]
) -> None:
    found = scan_files(tmp_path, {**files, f"{M}/other.py": ""})

    assert [name for name, item in found.items() if item.errors] == clashing
    for name in clashing:
        (finding,) = found[name].errors
        assert (finding.rule, str(finding.location)) == ("name", f"{M}/{name}.py")
        others = [f"{M}/{other}.py" for other in clashing if other != name]
        assert f"is also the name of {', '.join(others)} (PEP 503)" in finding.message
        assert found[name].fingerprint == ""


def test_some_packages_can_be_asked_for(tmp_path: Path) -> None:
    tree = make_tree(tmp_path, {**FINE, "tool/pyproject.toml": "[project]\nname = 'the-tool'\n"})
    config = make_config("projects: [{path: tool}]\n")

    everything = {item.package.name: item for item in scan(tree, config)}

    assert list(everything) == ["good", "other", "the_tool"]
    assert scan(tree, config, ["other"]) == (everything["other"],)
    assert scan(tree, config, {"the_tool", "good"}) == (everything["good"], everything["the_tool"])
    assert scan(tree, config, ["nothing"]) == ()


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("a_b", "a_b"),
        ("a-b", "a_b"),
        ("A.B", "a_b"),
        ("c", "c"),
        ("Renamed", "d"),
        ("re-named", None),
        ("d", "d"),
        ("", None),
    ],
)
def test_a_package_is_found_under_every_spelling_of_its_names(tmp_path: Path, name: str, package: str | None) -> None:
    files: dict[str, str | bytes] = {
        f"{M}/a_b.py": "",
        f"{M}/c.py": "",
        f"{M}/d.py": "__package_metadata__ = {'name': 'renamed'}\n",
    }

    found = find_package(scan_files(tmp_path, files).values(), name)

    assert (found.package.name if found else None) == package


def test_an_empty_repository_has_no_packages(tmp_path: Path) -> None:
    assert scan_files(tmp_path, {}) == {}


MOVED = {
    "module_dir": "src",
    "dependencies_dir": "shared/parts",
    "cli_dir": "entry",
    "api_routes_dir": "web",
    "streamlit_dir": "apps",
    "mcp_dir": "servers",
    "artifacts_dir": "data",
    "licenses_dir": "law",
    "example_notebooks_path": "notebooks",
}


@pytest.mark.parametrize("modules", ["src", "."])
def test_a_repository_with_its_folders_elsewhere(tmp_path: Path, modules: str) -> None:
    prefix = "" if modules == "." else f"{modules}/"
    settings = {**MOVED, "module_dir": modules}
    files: dict[str, str | bytes] = {
        f"{prefix}pkg.py": "from shared.parts.x import f\nfrom parts import y\nimport sib\n",
        f"{prefix}sib.py": "",
        "shared/parts/x.py": "import requests\n",
        "shared/parts/y.py": "",
        "entry/pkg.py": "from pkg.pkg import *\nfrom parts import y\ncli = 1\n",
        "data/pkg/x.csv": "",
        "law/pkg/LICENSE": "",
        "notebooks/pkg.ipynb": '{"cells": []}',
    }

    found = scan_files(tmp_path, files, "".join(f"{key}: {folder}\n" for key, folder in settings.items()))

    assert sorted(found) == ["pkg", "sib"]
    package = found["pkg"]
    assert shown_findings(package) == []
    assert package.components == ("shared/parts/x.py", "shared/parts/y.py")
    assert shown_requirements(package) == ["requests", "sib"]
    assert set(package.contents) == set(files) - {f"{prefix}sib.py"}


def test_a_repository_in_a_folder_of_a_larger_one(repository: Repository) -> None:
    repository.write({f"inner/{name}": content for name, content in FINE.items()})
    repository.write({f"{M}/outer.py": "import qqq_unknown\n", ".paa/package_mapping.json": "{"})
    commit = repository.commit("first")
    root = repository.path / "inner"

    on_disk, committed = scan(disk_tree(root), make_config()), scan(commit_tree(root, commit), make_config())

    assert on_disk == committed
    assert [item.package.module for item in on_disk] == [f"{M}/good.py", f"{M}/other.py"]
    assert [shown_findings(item) for item in on_disk] == [[], []]


def test_what_is_on_disk_and_what_is_committed_are_told_apart(repository: Repository) -> None:
    repository.write(FINE)
    commit = repository.commit("first")
    before = scan(disk_tree(repository.path), make_config())
    repository.write({f"{M}/good.py": "import numpy\n", f"{M}/new.py": ""})

    now, then = (
        scan(disk_tree(repository.path), make_config()),
        scan(commit_tree(repository.path, commit), make_config()),
    )

    assert then == before
    assert {item.package.name: shown_requirements(item) for item in now} == {
        "good": ["numpy"],
        "new": [],
        "other": ["good"],
    }


def test_the_address_of_the_repository_comes_from_git_without_user_info(repository: Repository) -> None:
    repository.write(FINE)
    repository.git("remote", "add", "origin", "https://user:secret@example.org/some/ppr.git")

    (package, *_) = scan(disk_tree(repository.path), make_config())

    assert package.metadata is not None
    assert package.metadata.urls == {"Repository": "https://example.org/some/ppr"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_names_that_are_no_utf_8_stop_nothing(repository: Repository) -> None:
    strange = os.fsdecode(b"\xff\xfe")
    repository.write(FINE)
    for path in (
        f"{M}/{strange}.py",
        f"{M}/components/{strange}.py",
        f"artifacts/good/{strange}",
        strange,
        f"{strange}.folder/x",
    ):
        (repository.path / path).parent.mkdir(parents=True, exist_ok=True)
        (repository.path / path).write_bytes(b"import good\n")
    on_disk = scan(disk_tree(repository.path), make_config())
    committed = scan(commit_tree(repository.path, repository.commit("first")), make_config())

    assert [item.package.name for item in on_disk] == [item.package.name for item in committed]
    found = {item.package.name: item for item in on_disk}
    assert [finding.rule for finding in found[strange].errors] == ["name"]
    assert [finding.rule for finding in found["good"].errors] == ["artifact"]
    assert found["other"].errors == ()


def test_special_files_are_not_waited_for(tmp_path: Path) -> None:
    tree_root = tmp_path / "ppr"
    (tree_root / M).mkdir(parents=True)
    if not hasattr(os, "mkfifo"):
        pytest.skip("no such files here")
    os.mkfifo(tree_root / M / "pipe.py")
    os.mkfifo(tree_root / "pipe")

    assert scan_files(tree_root, {f"{M}/good.py": ""}).keys() >= {"good"}


def test_user_code_is_never_run(tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'run')!r}, 'w')\n"
    files: dict[str, str | bytes] = {
        f"{M}/pkg.py": f"{trap}from .components import c\n",
        f"{M}/components/c.py": trap,
        f"{M}/components/__init__.py": trap,
        "cli/pkg.py": f"{trap}cli = 1\n",
        f"{M}/conftest.py": trap,
        f"{M}/setup.py": trap,
        "tests/conftest.py": trap,
    }

    assert shown_findings(scan_files(tmp_path / "ppr", files)["pkg"]) == []
    assert not (tmp_path / "run").exists()


def test_scanning_changes_nothing_in_the_work_tree(repository: Repository) -> None:
    repository.write(FINE)
    repository.commit("first")
    files = sorted(path for path in repository.path.rglob("*") if ".git" not in path.parts)

    scan(disk_tree(repository.path), make_config())

    assert repository.git("status", "--porcelain", "--ignored") == ""
    assert sorted(path for path in repository.path.rglob("*") if ".git" not in path.parts) == files


def test_two_scans_at_once_give_the_same(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{M}/m{number}.py": f"import requests #>={number}\n" for number in range(50)}
    make_tree(tmp_path / "ppr", files)
    script = (
        "import sys\nfrom pathlib import Path\nfrom paa.config import default_config\n"
        "from paa.edges.tree import disk_tree\nfrom paa.scan.scan import scan\n"
        "print([item.fingerprint for item in scan(disk_tree(Path(sys.argv[1])), default_config())])\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}

    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "ppr")], env=environment, stdout=subprocess.PIPE)
        for _ in range(3)
    ]
    outputs = {process.communicate()[0] for process in running}

    assert [process.returncode for process in running] == [0, 0, 0]
    assert outputs == {f"{[item.fingerprint for item in scan(disk_tree(tmp_path / 'ppr'), make_config())]}\n".encode()}


# ------------------------------------------------------------------------------- a repository of the existing tool's


def test_a_repository_in_the_conventions_of_the_existing_tool(tmp_path: Path) -> None:
    files = {
        path.relative_to(FIXTURE).as_posix(): path.read_bytes() for path in sorted(FIXTURE.rglob("*")) if path.is_file()
    }

    found = scan_files(tmp_path, files, (FIXTURE / ".paa.config").read_text(encoding="utf-8"))

    assert sorted(found) == ["report_maker", "text_tools"]
    tools, maker = found["text_tools"], found["report_maker"]
    assert shown_findings(tools) == shown_findings(maker) == []
    assert tools.metadata is not None
    assert maker.metadata is not None
    assert (tools.distribution, maker.distribution) == ("text-tools", "report-maker")
    assert tools.metadata.authors == (("An Author", "author@example.org"),)
    assert tools.metadata.keywords == ("text", "tools", "aa-paa-tool")
    assert tools.metadata.license == "MIT"
    assert tools.metadata.command == "text-tools"
    assert maker.metadata.command is None
    assert tools.components == (f"{M}/components/tt_deps/__init__.py", f"{M}/components/tt_deps/cleaner.py")
    assert shown_requirements(tools) == [
        "attrs>=22.2.0",
        "click==8.1.7",
        "pandas[perf]>=2.1.0",
        'tensorflow-gpu; platform_system == "Linux"',
        "all: fastapi[all]",
        "all: hnswlib==0.8.0",
        "all: scikit-learn==1.5.1",
        "fastapi: fastapi[all]",
        "hnswlib: hnswlib==0.8.0",
        "scikit-learn: scikit-learn==1.5.1",
    ]
    assert maker.components == (f"{M}/components/shared_dates.py",)
    assert shown_requirements(maker) == ["python-dateutil", "text-tools"]
    assert tools.package.interfaces == {InterfaceKind.CLI: "cli/text_tools.py"}
    assert tools.package.artifacts == {"words.csv": "artifacts/text_tools/words.csv"}

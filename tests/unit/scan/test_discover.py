"""Which files become packages, and what belongs to them; on real files, outside Git and in a Git repository."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from paa.edges.tree import disk_tree
from paa.errors import ConfigError
from paa.model import InterfaceKind, Package
from paa.scan.discover import INTERFACE_MODULES, discover
from tests.repository import Repository
from tests.unit.scan.samples import make_config, make_tree

M = "python_modules"


def packages(folder: Path, files: dict[str, str | bytes], config: str = "") -> dict[str, Package]:
    return {package.name: package for package in discover(make_tree(folder, files), make_config(config))}


def shown(package: Package) -> list[str]:
    return [f"{finding.rule} {finding.location}: {finding.message}" for finding in package.findings]


def test_nothing_is_there_in_an_empty_folder_and_in_one_without_modules(tmp_path: Path) -> None:
    assert packages(tmp_path, {}) == {}
    assert packages(tmp_path, {"README.md": "", f"{M}/readme.txt": "", "other/a.py": ""}) == {}


def test_modules_are_the_files_directly_in_their_folder(tmp_path: Path) -> None:
    names = ("b", "a", "B2", "a_b", "a1")
    skipped = ("__init__", "__main__", "_private", "__version__", "conftest", "setup", ".hidden", ".#a")
    files: dict[str, str | bytes] = {f"{M}/{name}.py": "" for name in (*names, *skipped)}
    files |= {
        f"{M}/sub/c.py": "",
        f"{M}/components/d.py": "",
        f"{M}/e.txt": "",
        f"{M}/f.pyc": "",
        f"{M}/g.pyi": "",
        f"{M}/h.PY": "",
    }

    found = packages(tmp_path, files)

    assert list(found) == sorted(names)
    assert all(package.findings == () for package in found.values())
    assert found["a"].module == f"{M}/a.py"


BAD_NAMES = [
    ("a-b", "not a Python identifier", "for example to a_b.py"),
    ("1a", "not a Python identifier", "rename the file"),
    ("a b", "not a Python identifier", "for example to a_b.py"),
    ("a.b", "not a Python identifier", "for example to a_b.py"),
    ("größe", "not a Python identifier of ASCII letters", "for example to gr__e.py"),
    ("class", "not a Python identifier", "rename the file"),
    ("a'b", "not a Python identifier", "for example to a_b.py"),
    ("a\nb", "not a Python identifier", "for example to a_b.py"),
    ("$(id)", "not a Python identifier", "for example to id.py"),
    ("a_", "ends with an underscore", "rename the file"),
    ("json", "module of the standard library", "rename the file"),
    ("distutils", "module of the standard library", "rename the file"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="such files can't be made there")
@pytest.mark.parametrize(("name", "message", "advice"), BAD_NAMES, ids=[name for name, *_ in BAD_NAMES])
def test_a_name_that_can_be_no_package_is_an_error_of_that_package(
    tmp_path: Path, name: str, message: str, advice: str
) -> None:
    found = packages(tmp_path, {f"{M}/{name}.py": "", f"{M}/good.py": ""})

    (finding,) = found[name].findings
    assert (finding.rule, finding.location and finding.location.path) == ("name", f"{M}/{name}.py")
    assert message in finding.message
    assert advice in (finding.advice or "")
    assert found["good"].findings == ()


def test_a_file_called_only_dot_py_is_no_package(tmp_path: Path) -> None:
    assert packages(tmp_path, {f"{M}/.py": ""}) == {}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_utf_8_is_an_error_that_can_be_printed(tmp_path: Path) -> None:
    (tmp_path / M).mkdir()
    (tmp_path / M / os.fsdecode(b"b\xff.py")).write_bytes(b"")

    (package,) = discover(disk_tree(tmp_path), make_config())

    (finding,) = package.findings
    assert "'b\\udcff' can't be imported" in finding.message
    assert finding.message.isprintable()
    assert finding.advice == "rename the file, for example to b.py"


def test_a_folder_called_like_a_module_is_an_error(tmp_path: Path) -> None:
    found = packages(tmp_path, {f"{M}/x.py/inner.txt": "", f"{M}/good.py": ""})

    assert shown(found["x"]) == [f"file {M}/x.py: a folder whose name ends in .py"]
    assert found["good"].findings == ()


@pytest.mark.parametrize("in_git", [False, True])
def test_a_module_that_is_a_symbolic_link_is_not_followed(
    tmp_path: Path, repository: Repository, *, in_git: bool
) -> None:
    root = repository.path if in_git else tmp_path / "plain"
    (root / M).mkdir(parents=True)
    (tmp_path / "outside.py").write_text("x = 1\n", encoding="utf-8")
    (root / M / "linked.py").symlink_to(tmp_path / "outside.py")
    (root / M / "dangling.py").symlink_to("nowhere.py")
    if in_git:
        repository.commit("links")
        (root / M / "new.py").symlink_to(tmp_path / "outside.py")

    found = discover(disk_tree(root), make_config())

    expected = ["dangling", "linked", *(["new"] if in_git else [])]
    assert [package.name for package in found] == expected
    for package in found:
        assert shown(package) == [f"file {package.module}: a symbolic link; links are not followed into a package"]


def test_names_that_are_one_name_on_an_index_are_an_error_of_each(tmp_path: Path) -> None:
    found = packages(tmp_path, {f"{M}/a_b.py": "", f"{M}/A_b.py": "", f"{M}/a__b.py": "", f"{M}/c.py": ""})

    assert found["c"].findings == ()
    assert shown(found["a_b"]) == [
        f"name {M}/a_b.py: 'a_b' is the same name on an index as {M}/A_b.py, {M}/a__b.py (PEP 503)"
    ]
    assert len(shown(found["A_b"])) == len(shown(found["a__b"])) == 1


COMPANIONS: dict[str, str | bytes] = {
    f"{M}/pkg.py": "",
    "cli/pkg.py": "",
    "api_routes/pkg.py": "",
    "streamlit/pkg.py": "",
    "mcp/pkg.py": "",
    "example_notebooks/pkg.ipynb": "{}",
    "artifacts/pkg/data.csv": "",
    "artifacts/pkg/deep/er.bin": b"\0",
    "licenses/pkg/LICENSE": "",
    "licenses/pkg/NOTICE.md": "",
    "licenses/pkg/other.txt": "",
    # Of others.
    "cli/other.py": "",
    "artifacts/pkg2/data.csv": "",
    "artifacts/pkg.txt": "",
    "licenses/pkg2/LICENSE": "",
    "LICENSE": "",
}


def test_companions_are_found_by_name(tmp_path: Path) -> None:
    (package,) = packages(tmp_path, COMPANIONS).values()

    assert package.findings == ()
    assert package.interfaces == {
        InterfaceKind.CLI: "cli/pkg.py",
        InterfaceKind.API: "api_routes/pkg.py",
        InterfaceKind.STREAMLIT: "streamlit/pkg.py",
        InterfaceKind.MCP: "mcp/pkg.py",
    }
    assert package.notebook == "example_notebooks/pkg.ipynb"
    assert package.artifacts == {
        "data.csv": "artifacts/pkg/data.csv",
        "deep/er.bin": "artifacts/pkg/deep/er.bin",
    }
    assert package.license_files == ("licenses/pkg/LICENSE", "licenses/pkg/NOTICE.md")


def test_companions_are_found_where_the_settings_say(tmp_path: Path) -> None:
    moved = {
        "module_dir": "src/modules",
        "dependencies_dir": "src/modules/parts",
        "cli_dir": "a/cli",
        "api_routes_dir": "a/api",
        "streamlit_dir": "a/st",
        "mcp_dir": "a/mcp",
        "example_notebooks_path": "nb",
        "artifacts_dir": "data",
        "licenses_dir": "law",
    }
    files: dict[str, str | bytes] = {
        "src/modules/pkg.py": "",
        "a/cli/pkg.py": "",
        "a/api/pkg.py": "",
        "a/st/pkg.py": "",
        "a/mcp/pkg.py": "",
        "nb/pkg.ipynb": "",
        "data/pkg/x.csv": "",
        "law/pkg/LICENCE.txt": "",
        f"{M}/old.py": "",
        "cli/pkg.py": "",
    }

    (package,) = packages(tmp_path, files, "".join(f"{key}: {folder}\n" for key, folder in moved.items())).values()

    assert sorted(package.interfaces.values()) == ["a/api/pkg.py", "a/cli/pkg.py", "a/mcp/pkg.py", "a/st/pkg.py"]
    assert (package.module, package.notebook) == ("src/modules/pkg.py", "nb/pkg.ipynb")
    assert (package.artifacts, package.license_files) == ({"x.csv": "data/pkg/x.csv"}, ("law/pkg/LICENCE.txt",))


def test_modules_may_lie_at_the_top(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "pkg.py": "",
        "setup.py": "",
        "conftest.py": "",
        "cli/pkg.py": "",
        "docs/conf.py": "",
        "x.py/y": "",
    }

    found = packages(tmp_path, files, "module_dir: .\n")

    assert sorted(found) == ["pkg", "x"]
    assert found["pkg"].module == "pkg.py"
    assert found["pkg"].interfaces == {InterfaceKind.CLI: "cli/pkg.py"}
    assert shown(found["x"]) == ["file x.py: a folder whose name ends in .py"]


@pytest.mark.parametrize(
    ("key", "file", "get"),
    [
        ("cli_dir", "pkg.py", lambda package: package.interfaces[InterfaceKind.CLI]),
        ("example_notebooks_path", "pkg.ipynb", lambda package: package.notebook),
        ("artifacts_dir", "pkg/data.csv", lambda package: package.artifacts["data.csv"]),
        ("licenses_dir", "pkg/LICENSE", lambda package: package.license_files[0]),
    ],
)
def test_companions_may_lie_at_the_top(tmp_path: Path, key: str, file: str, get: object) -> None:
    (package,) = packages(tmp_path, {f"{M}/pkg.py": "", file: ""}, f"{key}: .\n").values()

    assert callable(get)
    assert get(package) == file


FOLDERS = [
    ("dependencies_dir: python_modules", "'python_modules' holds the modules too"),
    ("dependencies_dir: .", "'.' holds the modules too"),
    ("module_dir: .\ndependencies_dir: .", "'.' holds the modules too"),
    ("module_dir: a/b\ndependencies_dir: a", "'a' holds the modules too"),
]


@pytest.mark.parametrize(("config", "fault"), FOLDERS, ids=[config for config, _ in FOLDERS])
def test_components_must_lie_apart_from_the_modules(tmp_path: Path, config: str, fault: str) -> None:
    with pytest.raises(ConfigError) as raised:
        packages(tmp_path, {f"{M}/pkg.py": ""}, config)

    assert raised.value.message == f".paa.config: dependencies_dir: {fault}"
    assert raised.value.advice


@pytest.mark.parametrize("config", ["module_dir: .", "module_dir: components_x\ndependencies_dir: components", ""])
def test_folders_that_only_begin_alike_are_fine(tmp_path: Path, config: str) -> None:
    assert packages(tmp_path, {}, config) == {}


def test_artifacts_can_be_turned_off(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {**COMPANIONS, "artifacts/pkg/model.link": ""}
    (package,) = packages(tmp_path, files, "add_artifacts: false\nartifacts_filepaths: {a: LICENSE}\n").values()

    assert package.artifacts == package.artifact_links == {}


def test_companions_that_are_symbolic_links_are_errors(tmp_path: Path) -> None:
    tree = ("cli/pkg.py", "artifacts/pkg/data.csv", "artifacts/pkg/folder", "example_notebooks/pkg.ipynb")
    (tmp_path / "outside").mkdir()
    for path in tree:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).symlink_to(tmp_path / "outside")

    (package,) = packages(tmp_path, {f"{M}/pkg.py": ""}).values()

    assert sorted(shown(package)) == [
        f"file {path}: a symbolic link; links are not followed into a package" for path in sorted(tree)
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="such files can't be made there")
@pytest.mark.parametrize("name", [b"a\\b.csv", b"a\nb.csv", b"\xff.csv", b"\x1b[31m.csv"])
def test_artifacts_that_no_wheel_can_hold_are_errors(tmp_path: Path, name: bytes) -> None:
    folder = tmp_path / "artifacts/pkg"
    folder.mkdir(parents=True)
    try:
        (folder / os.fsdecode(name)).write_bytes(b"")
    except OSError:
        pytest.skip("this file system refuses the name")

    (package,) = packages(tmp_path, {f"{M}/pkg.py": ""}).values()

    (finding,) = package.findings
    assert finding.rule == "artifact"
    assert "can't be the name of a file in a package" in finding.message
    assert finding.message.isprintable()


LICENSES = [
    # what is there, what is taken
    (("LICENSE",), ("LICENSE",)),
    (("LICENSE.txt", "NOTICE", "AUTHORS.md"), ("AUTHORS.md", "LICENSE.txt", "NOTICE")),
    (("LICENSE-MIT", "LICENSE-APACHE.txt", "COPYING.LESSER"), ("COPYING.LESSER", "LICENSE-APACHE.txt", "LICENSE-MIT")),
    (("license",), ("license",)),
    (("license_check.py", "license.json", "licenses.yml", "notices", "LICENSEE", "docs/LICENSE"), ()),
    (("LICENSE", "licenses/pkg/COPYING"), ("licenses/pkg/COPYING",)),
    (("LICENSE", "licenses/other/COPYING", "licenses/pkg/data.txt"), ("LICENSE",)),
]


@pytest.mark.parametrize(("there", "taken"), LICENSES, ids=[" ".join(there) for there, _ in LICENSES])
def test_licence_files(tmp_path: Path, there: tuple[str, ...], taken: tuple[str, ...]) -> None:
    (package,) = packages(tmp_path, {f"{M}/pkg.py": "", **dict.fromkeys(there, "text")}).values()

    assert package.license_files == taken


def test_the_configured_licence_comes_before_those_at_the_top(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{M}/pkg.py": "", "LICENSE": "", "law/terms.txt": "", "law/notice.txt": ""}

    (package,) = packages(tmp_path, files, "license_path: law/terms.txt\nnotice_path: law/notice.txt\n").values()

    assert package.license_files == ("law/notice.txt", "law/terms.txt")


def test_licences_that_are_symbolic_links_are_not_shipped(tmp_path: Path) -> None:
    (tmp_path / "licenses/pkg").mkdir(parents=True)
    (tmp_path / "licenses/pkg/LICENSE").symlink_to("/etc/hostname")
    (tmp_path / "LICENSE").symlink_to("/etc/hostname")

    (package,) = packages(tmp_path, {f"{M}/pkg.py": "", "COPYING": ""}).values()

    assert package.license_files == ("COPYING",)


@pytest.mark.parametrize(
    ("kind", "folder"), [("cli", "cli"), ("routes", "api_routes"), ("streamlit", "streamlit"), ("mcp_server", "mcp")]
)
def test_a_package_named_like_the_file_of_its_interface_is_an_error(tmp_path: Path, kind: str, folder: str) -> None:
    files: dict[str, str | bytes] = {
        f"{M}/{kind}.py": "",
        f"{folder}/{kind}.py": "",
        f"{M}/other.py": "",
        f"{folder}/other.py": "",
    }

    found = packages(tmp_path, files)

    (finding,) = found[kind].findings
    assert (finding.rule, finding.location and finding.location.path) == ("interface", f"{folder}/{kind}.py")
    assert f"would take the place of {kind}.{kind}, the module itself" in finding.message
    assert found["other"].findings == ()


def test_a_package_named_like_an_interface_that_it_does_not_have_is_fine(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{M}/cli.py": "", "mcp/cli.py": "", f"{M}/routes.py": ""}

    assert [package.findings for package in packages(tmp_path, files).values()] == [(), ()]


def test_every_interface_has_a_place_of_its_own_in_the_package() -> None:
    assert set(INTERFACE_MODULES) == set(InterfaceKind)
    assert len(set(INTERFACE_MODULES.values())) == len(InterfaceKind)


def test_projects_are_packages(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"tool/pyproject.toml": "", "pyproject.toml": "", f"{M}/tool.py": ""}

    found = discover(make_tree(tmp_path, files), make_config("projects: [{path: tool}, {path: .}, {path: gone}]\n"))

    by_project = {package.project: package for package in found}
    assert by_project["tool"].module == "tool/pyproject.toml"
    assert by_project["."].module == "pyproject.toml"
    assert shown(by_project["gone"]) == ["project gone/pyproject.toml: projects: 'gone' has no pyproject.toml"]
    # Its name is in its own file: it is too early to find that it is the module's.
    assert by_project["tool"].findings == by_project[None].findings == ()


def test_in_git_ignored_files_are_no_packages_and_new_ones_are(repository: Repository) -> None:
    repository.write({".gitignore": "ignored.py\n", f"{M}/old.py": "", f"{M}/gone.py": "", f"{M}/ignored.py": ""})
    repository.commit("first")
    repository.write({f"{M}/new.py": ""})
    (repository.path / M / "gone.py").unlink()

    assert [package.name for package in discover(disk_tree(repository.path), make_config())] == ["new", "old"]


def test_a_repository_may_be_a_folder_of_a_larger_one(repository: Repository) -> None:
    repository.write({f"inner/{M}/a.py": "", f"{M}/b.py": "", "inner/LICENSE": "", "LICENSE.outer": ""})
    repository.commit("first")
    repository.write({f"inner/{M}/c.py": ""})

    found = discover(disk_tree(repository.path / "inner"), make_config())

    assert [package.module for package in found] == [f"{M}/a.py", f"{M}/c.py"]
    assert [package.license_files for package in found] == [("LICENSE",)] * 2


def test_another_repository_inside_is_not_looked_into(repository: Repository) -> None:
    repository.write({f"{M}/a.py": "", f"{M}/inner/.keep": ""})
    subprocess.run(["git", "init", "--quiet", str(repository.path / M / "nested.py")], check=True)
    (repository.path / M / "nested.py" / "b.py").write_bytes(b"")

    found = {package.name: package for package in discover(disk_tree(repository.path), make_config())}

    assert found["a"].findings == ()
    assert "b" not in found

"""A stranger with one script: what it takes to get a wheel, and what is left behind."""

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.functional.command_line import built_file, done, outside_dist, paa, paa_process
from tests.repository import Repository

SCRIPT = '''\
"""Find lines that occur more than once in text files."""

import argparse
import sys
from collections import Counter
from pathlib import Path


def read_lines(path, *, ignore_case=False, strip=True):
    """The lines of one file, ready to be compared."""
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    lines = text.splitlines()
    if strip:
        lines = [line.strip() for line in lines]
    if ignore_case:
        lines = [line.lower() for line in lines]
    return [line for line in lines if line]


def duplicates(lines, least=2):
    """Each line that occurs at least so often, with its number of occurrences."""
    counts = Counter(lines)
    return [(line, number) for line, number in counts.most_common() if number >= least]


def report(found, width=60):
    """The result as text, a line each."""
    rows = []
    for line, number in found:
        shown = line if len(line) <= width else line[: width - 1] + "…"
        rows.append(f"{number:5}  {shown}")
    return "\\n".join(rows)


def main(arguments=None):
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--ignore-case", action="store_true")
    parser.add_argument("--least", type=int, default=2)
    options = parser.parse_args(arguments)
    lines = []
    for name in options.files:
        lines += read_lines(name, ignore_case=options.ignore_case)
    print(report(duplicates(lines, options.least)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
'''


def install(wheel: Path, folder: Path) -> None:
    options = ["--quiet", "--no-index", "--no-deps", "--no-compile", "--disable-pip-version-check"]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, "--target", str(folder), str(wheel)], check=True)


def output_of(folder: Path, program: str) -> str:
    """What a program prints with nothing but ``folder`` to import from, beside the standard library."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); {program}"
    done = subprocess.run([sys.executable, "-I", "-S", "-B", "-c", code], capture_output=True, check=True, text=True)
    return done.stdout.strip()


@pytest.mark.parametrize("state", ["committed", "not committed", "without a commit", "no Git"])
def test_one_file_becomes_a_small_wheel_that_installs(
    repository: Repository, tmp_path: Path, home: Path, state: str
) -> None:
    assert len(SCRIPT.splitlines()) == 50
    if state == "no Git":
        (repository.path / ".git").rename(home / "elsewhere")
    repository.write({"python_modules/find_twins.py": SCRIPT})
    if state == "committed":
        repository.commit("A script")
    elif state == "not committed":
        repository.write({"README.md": "Scripts\n"})
        repository.git("add", "README.md")
        repository.git("commit", "--quiet", "--message", "Begin")
    before = outside_dist(repository.path)

    done(paa_process(repository.path, "make-package", "find-twins"))

    assert outside_dist(repository.path) == before
    wheel, sdist = built_file(repository.path, ".whl"), built_file(repository.path, ".tar.gz")
    version = "0.0.1" if state == "committed" else "0.0.1+dirty"
    assert wheel.name == f"find_twins-{version}-py3-none-any.whl"
    assert sdist.name == f"find_twins-{version}.tar.gz"
    assert wheel.stat().st_size < 8_000
    assert {path.name for path in (repository.path / "dist").iterdir()} == {wheel.name, sdist.name, "paa-release.json"}
    install(wheel, tmp_path / "site")
    program = "import find_twins as f; print(f.duplicates(['a', 'b', 'a']), f.__version__)"
    assert output_of(tmp_path / "site", program) == f"[('a', 2)] {version}"


def test_the_name_may_be_written_with_hyphens_or_underscores(repository: Repository) -> None:
    repository.write({"python_modules/find_twins.py": SCRIPT})
    repository.commit("A script")
    for spelling in ("find-twins", "find_twins"):
        result = done(paa(repository.path, "make-package", spelling))
        assert "find_twins-0.0.1-py3-none-any.whl" in result.out
    assert "find-twins  0.0.1" in paa(repository.path, "plan", "find-twins", "--offline").out


def test_a_wheel_holds_the_package_and_nothing_else(repository: Repository) -> None:
    repository.write({"python_modules/find_twins.py": SCRIPT, "tests/find_twins/test_it.py": "", "notes.txt": "mine"})
    repository.commit("A script")
    done(paa(repository.path, "make-package", "find_twins"))
    with zipfile.ZipFile(built_file(repository.path, ".whl")) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        assert wheel.read("find_twins/__init__.py").decode().startswith(SCRIPT)
    modules = {"find_twins/__init__.py", "find_twins/__main__.py", "find_twins/find_twins.py"}
    assert names == {*modules, "find_twins/.paa/manifest.json"}
    with tarfile.open(built_file(repository.path, ".tar.gz")) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    assert "notes.txt" not in names
    assert "find_twins/__init__.py" in names


def test_without_names_only_what_has_changed_is_built(repository: Repository) -> None:
    repository.write({"python_modules/one.py": "value = 1\n", "python_modules/two.py": "value = 2\n"})
    repository.commit("Two scripts")
    result = done(paa(repository.path, "make-package"))
    assert "one-0.0.1" in result.out
    assert "two-0.0.1" in result.out


def test_a_repository_without_packages_has_nothing_to_build(repository: Repository) -> None:
    repository.commit("Begin")
    assert "nothing to build" in done(paa(repository.path, "make-package")).out
    assert "no packages" in done(paa(repository.path, "list")).out


def test_a_package_called_docs_leaves_the_folder_docs_alone(repository: Repository) -> None:
    repository.write({"python_modules/docs.py": "value = 1\n", "docs/index.md": "# Mine\n", "docs/docs.py": "x = 1\n"})
    repository.commit("Docs")
    before = outside_dist(repository.path)
    done(paa(repository.path, "make-package", "docs"))
    assert outside_dist(repository.path) == before
    with zipfile.ZipFile(built_file(repository.path, ".whl")) as wheel:
        assert {name.partition("/")[0] for name in wheel.namelist()} == {"docs", "docs-0.0.1.dist-info"}
        assert b"Mine" not in b"".join(wheel.read(name) for name in wheel.namelist())


def test_only_what_is_committed_is_built_without_a_label(repository: Repository) -> None:
    repository.write({"python_modules/one.py": "value = 1\n", "python_modules/two.py": "value = 2\n"})
    repository.commit("Two scripts")
    repository.write({"python_modules/one.py": "value = 3\n", "unrelated.txt": "x"})
    done(paa(repository.path, "make-package"))
    wheels = sorted(path.name for path in (repository.path / "dist").glob("*.whl"))
    assert wheels == ["one-0.0.1+dirty-py3-none-any.whl", "two-0.0.1-py3-none-any.whl"]


def test_a_change_that_is_staged_but_not_committed_counts_as_not_committed(repository: Repository) -> None:
    repository.write({"python_modules/one.py": "value = 1\n"})
    repository.commit("A script")
    repository.write({"python_modules/one.py": "value = 2\n"})
    repository.git("add", ".")
    done(paa(repository.path, "make-package", "one"))
    assert built_file(repository.path, ".whl").name == "one-0.0.1+dirty-py3-none-any.whl"


def test_a_version_can_be_given_for_one_package(repository: Repository) -> None:
    repository.write({"python_modules/one.py": "value = 1\n", "python_modules/two.py": "value = 2\n"})
    done(paa(repository.path, "make-package", "one", "--version", "2.0rc1"))
    assert built_file(repository.path, ".whl").name == "one-2.0rc1-py3-none-any.whl"
    refused = paa(repository.path, "make-package", "--all", "--version", "2.0")
    assert refused.code == 2
    assert "for one package" in refused.err
    assert paa(repository.path, "make-package", "one", "--version", "two").code == 2


def test_the_assembled_tree_can_be_kept_and_is_never_overwritten(repository: Repository, tmp_path: Path) -> None:
    repository.write({"python_modules/one.py": "value = 1\n"})
    repository.commit("A script")
    kept = tmp_path / "kept"
    done(paa(repository.path, "make-package", "one", "--setup-dir", str(kept)))
    assert (kept / "one" / "pyproject.toml").is_file()
    assert paa(repository.path, "make-package", "one", "--setup-dir", str(kept)).code == 2


def test_a_broken_package_does_not_stop_the_others_and_the_exit_code_says_so(repository: Repository) -> None:
    repository.write({"python_modules/good.py": "value = 1\n", "python_modules/bad.py": "def (\n"})
    repository.commit("Two scripts")
    result = paa(repository.path, "make-package", "--all")
    assert result.code == 1
    assert "good-0.0.1-py3-none-any.whl" in result.out
    assert "bad" in result.err
    assert built_file(repository.path, ".whl").name == "good-0.0.1-py3-none-any.whl"


def test_a_package_that_opts_out_of_releases_is_not_built_unasked_and_says_why_when_asked(
    repository: Repository,
) -> None:
    repository.write({"python_modules/mine.py": '__package_metadata__ = {"publish": False}\n'})
    repository.commit("For myself")
    assert "nothing to build" in done(paa(repository.path, "make-package")).out
    result = paa(repository.path, "make-package", "mine")
    assert result.code == 2
    assert "publish" in result.err
    assert "test-install" in result.err


def test_outside_git_the_mapping_file_is_read_and_unrelated_files_are_not_opened(tmp_path: Path) -> None:
    folder = Repository(tmp_path / "folder")
    mapping = '{"strange_name": "strange-distribution"}'
    folder.write({"python_modules/one.py": "import strange_name\n", ".paa/package_mapping.json": mapping})
    (folder.path / "nowhere").symlink_to("does-not-exist")
    subprocess.run(["mkfifo", str(folder.path / "pipe")], check=True)
    assert done(paa(folder.path, "extract-module-requirements", "one")).out == "strange-distribution\n"
    done(paa(folder.path, "make-package", "one"))


def test_a_plan_is_built_as_it_was_made(repository: Repository, tmp_path: Path) -> None:
    repository.write({"python_modules/one.py": "value = 1\n"})
    repository.commit("A script")
    plan = tmp_path / "plan.json"
    done(paa(repository.path, "plan", "--offline", "--output", str(plan)))
    repository.write({"python_modules/one.py": "value = 2\n"})
    done(paa(repository.path, "make-package", "--plan", str(plan)))
    with zipfile.ZipFile(built_file(repository.path, ".whl")) as wheel:
        assert b"value = 1" in wheel.read("one/__init__.py")


def test_a_plan_of_another_commit_is_refused(repository: Repository, tmp_path: Path) -> None:
    repository.write({"python_modules/one.py": "value = 1\n"})
    repository.commit("A script")
    plan = tmp_path / "plan.json"
    done(paa(repository.path, "plan", "--offline", "--output", str(plan)))
    repository.commit("Another")
    result = paa(repository.path, "make-package", "--plan", str(plan))
    assert result.code == 2
    assert "HEAD is" in result.err
    assert not (repository.path / "dist").exists()

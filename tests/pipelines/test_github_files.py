"""What other programs say of the files for GitHub: nothing, whatever the options."""

import json
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
import yaml

from paa.cli.app import app
from paa.ppr.github import DEPENDABOT, PUBLISH_WORKFLOW, TESTS_WORKFLOW, github_files
from paa.ppr.options import Platform
from paa.ppr.scaffold import scaffold_texts
from tests.pipelines.github_option_sets import option_sets, pipeline_options
from tests.pipelines.programs import NODE_MODULES, run, tool

# Every scalar is a text; libyaml, where PyYAML has it, is ten times as fast.
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_PARSER = NODE_MODULES / "@actions" / "workflow-parser"


@pytest.fixture(scope="module")
def repositories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository for each combination of options that makes other files than those before."""
    root = tmp_path_factory.mktemp("repositories")
    seen = set()
    for name, options in option_sets().items():
        files = github_files(options)
        key = json.dumps(files, sort_keys=True)
        if key not in seen:
            seen.add(key)
            write(root / name, files)
    return root


def write(root: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8", newline="\n")


def written(root: Path, *paths: str) -> list[str]:
    """The files at ``paths`` of all repositories below ``root``; of those that say the same, one."""
    files = {file.read_bytes(): str(file) for path in paths for file in sorted(root.glob(f"*/{path}"))}
    return sorted(files.values())


def zizmor(root: Path) -> tuple[int, str]:
    options = (
        "--offline",
        "--no-config",
        "--persona",
        "auditor",
        "--collect",
        "all",
        "--no-progress",
        "--color",
        "never",
    )
    return run(tool("zizmor"), *options, root)


def broken(root: Path, path: str, old: str, new: str) -> Path:
    """The files of the simplest repository, with ``old`` changed to ``new`` in one of them."""
    files = dict(github_files(pipeline_options()))
    assert old in files[path]
    files[path] = files[path].replace(old, new)
    write(root / "one", files)
    return root / "one" / path


# ------------------------------------------------------------------------------------------------------------- zizmor


def test_zizmor_finds_nothing(repositories: Path) -> None:
    code, said = zizmor(repositories)
    assert code == 0, said
    assert "No findings to report" in said
    for root in sorted(repositories.iterdir()):
        for path in (PUBLISH_WORKFLOW, TESTS_WORKFLOW, DEPENDABOT):
            assert f"completed {root / path}\n" in said
            # Nothing is kept from it either.
            assert "zizmor" not in (root / path).read_text("utf-8")


def test_zizmor_would_find_something(tmp_path: Path) -> None:
    broken(tmp_path, PUBLISH_WORKFLOW, "persist-credentials: false", "persist-credentials: true")
    code, said = zizmor(tmp_path)
    assert code != 0
    assert "artipacked" in said


# ------------------------------------------------------------------------------------------------------------ schemas


@pytest.mark.parametrize(
    ("schema", "paths"),
    [("vendor.github-workflows", (PUBLISH_WORKFLOW, TESTS_WORKFLOW)), ("vendor.dependabot", (DEPENDABOT,))],
)
def test_the_schemas_are_kept(repositories: Path, schema: str, paths: tuple[str, ...]) -> None:
    code, said = run(tool("check-jsonschema"), "--builtin-schema", schema, *written(repositories, *paths))
    assert code == 0, said


@pytest.mark.parametrize(
    ("schema", "path", "old", "new"),
    [
        ("vendor.github-workflows", PUBLISH_WORKFLOW, "timeout-minutes: 30", "timeout: 30"),
        ("vendor.dependabot", DEPENDABOT, "interval: weekly", "interval: sometimes"),
    ],
)
def test_the_schemas_would_find_something(tmp_path: Path, schema: str, path: str, old: str, new: str) -> None:
    file = broken(tmp_path, path, old, new)
    assert run(tool("check-jsonschema"), "--builtin-schema", schema, file)[0] != 0


# ------------------------------------------------------------------------------------------------ GitHub's own parser


def parse(*files: str | Path) -> tuple[int, str]:
    node = shutil.which("node")
    if node is None or not _PARSER.is_dir():
        pytest.skip("GitHub's own parser needs Node and npm, with which script/bootstrap installs it")
    return run(node, Path(__file__).with_name("workflow_parser.mjs"), NODE_MODULES, *files)


def test_github_s_own_parser_takes_them(repositories: Path) -> None:
    code, said = parse(*written(repositories, PUBLISH_WORKFLOW, TESTS_WORKFLOW))
    assert (code, said) == (0, "")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("runs-on: ubuntu-latest", "runs_on: ubuntu-latest", "Unexpected value 'runs_on'"),
        ("${{ needs.plan.outputs.has_releases == 'true' }}", "${{ want.plan == 'true' }}", "Unrecognized named-value"),
        ("needs: [plan, build]", "needs: [plan, built]", "unknown job 'built'"),
    ],
)
def test_github_s_own_parser_would_find_something(tmp_path: Path, old: str, new: str, reason: str) -> None:
    code, said = parse(broken(tmp_path, PUBLISH_WORKFLOW, old, new))
    assert code == 1
    assert reason in said


# -------------------------------------------------------------------------------------------------------------- shell


@pytest.fixture(scope="module")
def scripts(repositories: Path) -> list[str]:
    """What the steps of all workflows run, each once."""
    found = set()
    for file in written(repositories, PUBLISH_WORKFLOW, TESTS_WORKFLOW):
        document = yaml.load(Path(file).read_text("utf-8"), _LOADER)  # noqa: S506  # only texts
        assert document["defaults"]["run"]["shell"] == "bash"
        for job in document["jobs"].values():
            found |= {step["run"] for step in job["steps"] if "run" in step}
    return sorted(found)


def test_the_shell_takes_every_script(scripts: list[str], tmp_path: Path) -> None:
    files = []
    for number, text in enumerate(scripts):
        # No folded line is left open, and none holds more than a command.
        assert "\n" not in text.strip()
        file = tmp_path / f"{number}.sh"
        file.write_text(f"{text}\n", encoding="utf-8", newline="\n")
        assert run("bash", "-n", file) == (0, "")
        files.append(file)
    assert len(files) > 10
    code, said = run(tool("shellcheck"), "--shell", "bash", "--norc", *files)
    assert code == 0, said


def test_every_command_is_one_of_paa_s_with_options_that_it_has(scripts: list[str]) -> None:
    called = set()
    for text in scripts:
        if not text.startswith("paa "):
            continue
        name, *words = shlex.split(text)[1:]
        command = app.get_command(click.Context(app), name)
        assert command is not None, f"there is no paa {name}"
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("-")} <= known, text
        called.add(name)
    assert called == {"plan", "make-package", "check", "publish", "make-site", "record", "run-tests"}


def test_the_shell_takes_the_tools(tmp_path: Path) -> None:
    texts = scaffold_texts(Platform.GITHUB, pipeline_options(), name="tools", module_dir="python_modules")
    file = tmp_path / "update_README.sh"
    file.write_text(texts[".github/tools/update_README.sh"], encoding="utf-8", newline="\n")
    assert run("bash", "-n", file) == (0, "")
    assert run(tool("shellcheck"), "--norc", file) == (0, "")
    # The workflow gives it arguments, which a user's own may leave alone.
    assert 'paa update-readme --base .github/docs/README_base.md "$@"' in file.read_text("utf-8")

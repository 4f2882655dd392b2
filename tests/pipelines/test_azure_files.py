"""What other programs say of the files for Azure: nothing, whatever the options."""

import importlib.resources
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from paa.ppr.azure import azure_files
from tests.pipelines.azure_option_sets import FEEDS, azure_option_sets, azure_options
from tests.pipelines.programs import NODE_MODULES, run, tool

_SERVICE = NODE_MODULES / "azure-pipelines-language-service"
_SCHEMA = ("--regex-variant", "nonunicode", "--builtin-schema", "vendor.azure-pipelines")
_TRANSFORM = ("--data-transform", "azure-pipelines")
_PIPELINE = ".azure/azure-pipelines.yml"
_BUILD = ".azure/jobs/build.yml"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Every different file that any combination of options makes."""
    texts = {
        (Path(path).stem, text)
        for options in azure_option_sets().values()
        for path, text in azure_files(options).items()
    }
    return write(tmp_path_factory.mktemp("files"), texts)


def write(root: Path, texts: set[tuple[str, str]]) -> tuple[Path, ...]:
    paths = []
    for number, (stem, text) in enumerate(sorted(texts)):
        path = root / f"{stem}-{number}.yml"
        path.write_text(text, encoding="utf-8", newline="\n")
        paths.append(path)
    return tuple(paths)


def broken(root: Path, path: str, old: str, new: str) -> Path:
    text = azure_files(azure_options(*FEEDS))[path]
    assert old in text
    return write(root, {(Path(path).stem, text.replace(old, new))})[0]


def language_service(*paths: Path) -> tuple[int, str]:
    if not _SERVICE.is_dir() or shutil.which("node") is None:
        pytest.skip("needs Node and the language service of Azure Pipelines: script/bootstrap")
    schema = importlib.resources.files("check_jsonschema").joinpath("builtin_schemas", "vendor", "azure-pipelines.json")
    program = Path(__file__).with_name("azure_language_service.mjs")
    return run("node", program, NODE_MODULES, str(schema), *paths)


def scripts(text: str) -> Iterator[str]:
    """What the steps of a file hand to a shell."""

    def found(node: object) -> Iterator[str]:
        if isinstance(node, Mapping):
            yield from (node[key] for key in ("bash", "script") if isinstance(node.get(key), str))
            for value in node.values():
                yield from found(value)
        elif isinstance(node, list):
            for item in node:
                yield from found(item)

    return found(yaml.load(text, yaml.CSafeLoader))


# -------------------------------------------------------------------------------------------------------------- schema


def test_the_schema_is_kept(files: tuple[Path, ...]) -> None:
    code, said = run(tool("check-jsonschema"), *_SCHEMA, *_TRANSFORM, *files)
    assert code == 0, said[-2000:]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (_PIPELINE, "lockBehavior: sequential", "lockBehavior: one by one"),
        (_BUILD, "  displayName: Build\n", "  displayNam: Build\n"),
        (_BUILD, "PublishPipelineArtifact@1", "PublishPipelineArtifact@99"),
    ],
)
def test_the_schema_would_find_something(tmp_path: Path, path: str, old: str, new: str) -> None:
    code, _ = run(tool("check-jsonschema"), *_SCHEMA, *_TRANSFORM, broken(tmp_path, path, old, new))
    assert code != 0


# ---------------------------------------------------------------------------------------------------- language service


def test_the_language_service_has_nothing_against_them(files: tuple[Path, ...]) -> None:
    code, said = language_service(*files)
    assert (code, said) == (0, "")


def test_the_language_service_would_find_something(tmp_path: Path) -> None:
    path = broken(tmp_path, _BUILD, "artifactName:", "artefactName:")
    code, said = language_service(path)
    assert code == 1
    line = path.read_text(encoding="utf-8").splitlines().index("      artefactName: $(planned)") + 1
    assert f"{path}:{line}: Unexpected property artefactName" in said


# -------------------------------------------------------------------------------------------------------------- shells


@pytest.fixture(scope="module")
def blocks(files: tuple[Path, ...], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Each different script of a step, as a file."""
    found = {script for file in files for script in scripts(file.read_text(encoding="utf-8"))}
    assert any(script.startswith("paa publish") for script in found)
    return write(tmp_path_factory.mktemp("scripts"), {("script", script + "\n") for script in found})


def test_bash_can_read_every_script(blocks: tuple[Path, ...]) -> None:
    for block in blocks:
        assert run(tool("bash"), "-n", block) == (0, ""), block.read_text(encoding="utf-8")


def test_shellcheck_finds_nothing(blocks: tuple[Path, ...]) -> None:
    assert run(tool("shellcheck"), "--shell", "bash", "--severity", "style", *blocks) == (0, "")

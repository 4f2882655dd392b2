"""Jobs that build check out the planned commit and nothing else: no history, no tags."""

import json
import shutil
from pathlib import Path

import pytest

from tests.functional.command_line import CONFIG, clone, done, paa, with_remote
from tests.functional.samples import COMPONENT, FILES, change
from tests.repository import Repository

BACKEND = """\
import io, pathlib, tarfile, tomllib, zipfile

VERSION = tomllib.loads(pathlib.Path("pyproject.toml").read_text())["project"]["version"]
METADATA = f"Metadata-Version: 2.1\\nName: own\\nVersion: {VERSION}\\n"

def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = f"own-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        wheel.writestr(zipfile.ZipInfo("own.py"), pathlib.Path("own.py").read_text())
        wheel.writestr(zipfile.ZipInfo(f"own-{VERSION}.dist-info/METADATA"), METADATA)
    return name

def build_sdist(folder, config_settings=None):
    name = f"own-{VERSION}.tar.gz"
    pathlib.Path(folder, name).write_bytes(METADATA.encode())
    return name
"""


@pytest.mark.wrong_wheels("the project's wheel has no RECORD")
def test_a_plan_is_built_in_a_shallow_clone_without_tags_as_anywhere_else(
    repository: Repository, tmp_path: Path
) -> None:
    cell = {"cell_type": "markdown", "metadata": {}, "source": "# Read me\n"}
    repository.write(
        {
            **FILES,
            ".paa.config": f"{CONFIG}projects: [{{path: own}}]\n",
            "artifacts/dice/sides.bin": bytes(range(256)),
            "example_notebooks/dice.ipynb": json.dumps(
                {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
            ),
            "own/pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n\n'
            '[project]\nname = "own"\nversion = "1.0"\n',
            "own/backend.py": BACKEND,
            "own/own.py": "value = 1\n",
        }
    )
    repository.commit("Begin")
    remote = with_remote(repository)
    done(paa(repository.path, "release", "wordcount"))
    change(repository, COMPONENT, "[wordcount][.+.] Another")
    repository.git("push", "--quiet", "origin", "HEAD", "--tags")
    plan = tmp_path / "plan.json"
    done(paa(repository.path, "plan", "--output", str(plan)))
    assert {item["package"]: item["version"] for item in json.loads(plan.read_text())["releases"]} == {
        "dice": "0.0.1",
        "own": "0.0.1",
        "wordcount": "0.1.0",
        "wordreport": "0.0.1",
    }
    shallow = clone(remote, tmp_path / "shallow", "--depth", "1", "--no-tags")
    assert shallow.tags() == ()
    for folder in (repository.path, shallow.path):
        shutil.rmtree(folder / "dist", ignore_errors=True)
        done(paa(folder, "make-package", "--plan", str(plan)))
    whole, part = (
        {
            path.name: path.read_bytes()
            for path in (tmp_path / name / "dist").iterdir()
            if path.suffix in {".whl", ".gz"}
        }
        for name in ("repository", "shallow")
    )
    assert len(whole) == 8
    assert whole == part

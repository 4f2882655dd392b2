"""docs/how-to/move-from-package-auto-assembler.md, followed word for word, on both platforms."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.functional.existing_tool import IGNORE
from tests.pipelines.azure import reader as azure
from tests.pipelines.azure.agent import Outcome
from tests.pipelines.conftest import LOGIN
from tests.pipelines.follower import Follower
from tests.pipelines.git_host import GitHost
from tests.pipelines.github import reader as github
from tests.pipelines.machine import Machine
from tests.pipelines.page import HOW_TO, Block, Page, read_page
from tests.repository import Repository
from tests.servers import pypiserver

pytestmark = pytest.mark.server

_PAGE = read_page(HOW_TO / "move-from-package-auto-assembler.md")
_RELEASED = ("brush-v0.1.10", "hammer-v1.10.3", "v0.1.9_brush", "v1.10.2_hammer")
_CONFIG = "module_dir : python_modules\nuse_commit_messages : true\nlicense_label : mit\n"
_FILES = {
    ".paa.config": _CONFIG,
    ".gitignore": "/dist/\n",
    "README.md": "# Tools\n\nOf the team.\n",
    "python_modules/hammer.py": '"""Hits."""\n\n\ndef hit():\n    return "nail"\n',
    "python_modules/brush.py": '"""Paints."""\n\nfrom hammer import hit #>=1.10.0\n\n\npaint = hit\n',
    ".paa/tracking/lsts_package_versions.yml": "brush: 0.1.9\nhammer: 1.10.2\n",
    ".paa/release_notes/hammer.md": "# Release notes\n\n### 1.10.2\n\n    - hits nails on the head\n",
    ".paa/requirements_dev.txt": "package-auto-assembler\n",
    "tox.ini": "[tox]\n",
    **{f"{folder}/.gitignore": text for folder, text in IGNORE.items() if folder != "artifacts"},
}
_SCRIPTS = ("find_and_process_changed_files", "get_paa_change_dirs", "update_tox_requirements")
# What the existing tool's templates consist of, in short.
_GITHUB = {
    "workflows/publish.yml": "on: [push]\njobs:\n  publish:\n    steps:\n"
    "    - run: .github/tools/find_and_process_changed_files.sh $(.github/tools/get_paa_change_dirs.sh)\n"
    "    - run: uv run paa make-package ${{ steps.changed.outputs.files }}\n",
    "workflows/tests.yml": "on: [pull_request]\njobs:\n  tests:\n    steps:\n"
    "    - run: .github/tools/find_and_process_changed_files.sh\n    - run: paa extract-module-requirements x\n",
    "tools/update_README.sh": "#!/bin/bash\n.github/tools/update_gh_pages_links.sh >> README.md\n",
    "docs/README_base.md": "# Tools\n\nOf the team.\n",
    **dict.fromkeys((f"tools/{name}.sh" for name in _SCRIPTS), "#!/bin/bash\n"),
    **dict.fromkeys((f"tools/{name}_checkpoint_history.sh" for name in ("restore", "snapshot")), "#!/bin/bash\n"),
    "tools/update_gh_pages_links.sh": "#!/bin/bash\n",
}
_AZURE = {
    "azure-pipelines.yml": "stages:\n- stage: Publish\n  displayName: 'Package-auto-assembler workflow'\n  jobs:\n"
    "  - template: jobs/publish.yml\n",
    "jobs/publish.yml": "jobs:\n- job: PaaWorkflow\n  steps:\n  - script: .azure/tools/assemble_pypirc.sh\n"
    "  - script: paa make-package ${{ parameters.package_name }}\n",
    "jobs/tests.yml": "jobs:\n- job: Tests\n  steps:\n  - script: .azure/tools/find_and_process_changed_files.sh\n"
    "  - script: paa extract-module-requirements x\n",
    "tools/update_README.sh": "#!/bin/bash\n.azure/tools/update_aasf_links.sh >> README.md\n",
    "docs/README_base.md": "# Tools\n\nOf the team.\n",
    **dict.fromkeys((f"tools/{name}.sh" for name in _SCRIPTS), "#!/bin/bash\n"),
    **dict.fromkeys((f"tools/assemble_{name}.sh" for name in ("pip_conf", "pypirc")), "#!/bin/bash\n"),
    "tools/update_aasf_links.sh": "#!/bin/bash\n",
}


def blocks_for(platform: str) -> tuple[Block, ...]:
    """The blocks of the page without those of the other platform."""
    (other,) = {"github", "azure"} - {platform}
    return tuple(block for block in _PAGE.blocks if other not in f"{block.before}\n{block.text}".lower())


def existing(remote: Repository, folder: Path, files: Mapping[str, str]) -> None:
    """Fill ``remote`` with a repository of the existing tool, which has released two packages."""
    own = Repository(folder)
    own.write({**_FILES, **files})
    own.git("init", "--quiet")
    own.git("add", "--all", "--force")
    own.git("commit", "--quiet", "--message", "Update paa tracking files")
    for tag in _RELEASED[2:]:
        own.git("tag", "--annotate", tag, "--message", tag)
    own.git("push", "--quiet", "--tags", str(remote.path), "main")


def follow(reader: Follower, platform: str, address: str) -> None:
    """Do what the page says, in a clone."""
    clone = Block(language="sh", text=f"git clone {address}\ncd packages\n", line=0, before="")
    reader.follow(Page(name=_PAGE.name, blocks=(clone, *blocks_for(platform)), secrets=_PAGE.secrets))


def assert_moved(remote: Repository, clone: Path, index: Path, files: Mapping[str, str]) -> None:
    """Both packages were released; afterwards, everything is as it was, but for what was recorded."""
    assert remote.tags() == _RELEASED
    wheels = sorted(path.name for path in index.glob("*-py3-none-any.whl") if not path.name.startswith("paa-"))
    assert wheels == ["brush-0.1.10-py3-none-any.whl", "hammer-1.10.3-py3-none-any.whl"]
    assert remote.git("show", "main:.paa/tracking/lsts_package_versions.yml") == "brush: 0.1.10\nhammer: 1.10.3"
    notes = remote.git("show", "main:.paa/release_notes/hammer.md")
    assert "### 1.10.3" in notes
    assert "hits nails on the head" in notes
    readme = remote.git("show", "main:README.md")
    assert "Of the team." in readme
    assert "1.10.3" in readme
    assert {path: (clone / path).read_text() for path in files} == files
    assert not (clone / ".paa/generated.json").exists()


def test_each_block_is_for_somebody() -> None:
    assert {*_PAGE.blocks} == {*blocks_for("github"), *blocks_for("azure")}


def test_a_repository_on_github_moves(quick_machine: Machine, host: GitHost, home: Path, tmp_path: Path) -> None:
    files = {f".github/{path}": text for path, text in _GITHUB.items()}
    with pypiserver(tmp_path / "pypi", user=github.LOGIN) as index:
        reader = github.new_reader(quick_machine, host, tmp_path, home, {"pypi": index})
        existing(reader.world.remote, tmp_path / "before", files)
        follow(reader, "github", github.ADDRESS)
        assert [run.result for _, run in reader.runs] == ["success"]
        assert_moved(reader.world.remote, reader.clone, index.folder, files)


def test_a_repository_on_azure_moves(quick_machine: Machine, host: GitHost, home: Path, tmp_path: Path) -> None:
    files = {f".azure/{path}": text for path, text in _AZURE.items()}
    with pypiserver(tmp_path / "feed", user=LOGIN) as feed:
        reader = azure.new_reader(tmp_path, quick_machine, host, feed, home)
        files[".azure/feeds/data.yml"] = reader.with_addresses(
            "variables:\n  feed_name: data\n  organization: contoso\n  project_guid: platform\n"
        )
        existing(reader.scene.remote, tmp_path / "before", files)
        follow(reader, "azure", azure.ADDRESS)
        assert [run.outcome for run in reader.runs] == [Outcome.SUCCEEDED]
        assert_moved(reader.scene.remote, reader.clone, feed.folder, files)

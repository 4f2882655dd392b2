"""What the existing tool has generated is told from everything else."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from paa.ppr.azure import azure_files
from paa.ppr.github import github_files
from paa.ppr.options import Platform
from paa.ppr.recognise import is_existing_tools, left_over
from paa.ppr.scaffold import scaffold_texts
from tests.unit.ppr.samples import PIPELINE

# What stands in its templates, in short.
TEMPLATES = {
    ".github/workflows/publish.yml": "- run: .github/tools/find_and_process_changed_files.sh $(x)\n"
    "- run: uv run paa make-package ${{ steps.x.outputs.files }}\n",
    ".github/workflows/tests.yml": "- run: .github/tools/find_and_process_changed_files.sh\n"
    '- run: paa extract-module-requirements "x"\n',
    ".github/tools/update_README.sh": ".github/tools/update_gh_pages_links.sh >> README.md\n",
    ".azure/azure-pipelines.yml": "displayName: 'Package-auto-assembler workflow'\n- template: jobs/publish.yml\n",
    ".azure/jobs/publish.yml": ".azure/tools/assemble_pypirc.sh\npaa make-package ${{ parameters.package_name }}\n",
    ".azure/jobs/tests.yml": ".azure/tools/find_and_process_changed_files.sh\npaa extract-module-requirements x\n",
    ".azure/tools/update_README.sh": ".azure/tools/update_aasf_links.sh >> README.md",
}


@pytest.mark.parametrize("path", TEMPLATES)
def test_its_templates_are_recognised_where_they_belong_and_nowhere_else(path: str) -> None:
    content = TEMPLATES[path].encode()
    assert is_existing_tools(path, content)
    assert is_existing_tools(path, content.replace(b"\n", b"\r\n") + b"# changed by somebody\n")
    assert not is_existing_tools(f"elsewhere/{path}", content)
    assert not is_existing_tools(path, None)
    assert not is_existing_tools(path, b"on: [push]\n")


def rendered() -> Mapping[str, str]:
    texts: dict[str, str] = {}
    for options in (PIPELINE, replace(PIPELINE, environment_per_package=True, full=True)):
        for platform in Platform:
            texts |= scaffold_texts(platform, options, name="x", module_dir="y")
        texts |= {**github_files(options), **azure_files(options)}
    return texts


def test_what_paa_generates_is_not_taken_for_it() -> None:
    texts = rendered()
    assert TEMPLATES.keys() <= texts.keys()
    assert [path for path, text in texts.items() if is_existing_tools(path, text.encode())] == []


def test_only_scripts_of_the_platform_that_are_there_are_left_over(tmp_path: Path) -> None:
    for name in (".github/tools/get_paa_change_dirs.sh", ".azure/tools/assemble_pypirc.sh", ".github/tools/mine.sh"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert left_over(tmp_path, Platform.GITHUB) == (".github/tools/get_paa_change_dirs.sh",)
    assert left_over(tmp_path, Platform.AZURE) == (".azure/tools/assemble_pypirc.sh",)

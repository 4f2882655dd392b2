"""The parts of the README and the example of a feed."""

import subprocess

import pytest

from paa.config.feeds import read_feeds
from paa.ppr.options import Platform
from paa.ppr.scaffold import EXAMPLE_FEED, example_feed, scaffold_texts
from paa.record.readme_list import has_list
from tests.unit.ppr.samples import PIPELINE


@pytest.mark.parametrize("platform", Platform)
def test_the_readme_has_a_place_for_the_list_of_packages(platform: Platform) -> None:
    texts = scaffold_texts(platform, PIPELINE, name="tools", module_dir="python_modules")
    assert has_list(texts[f".{platform}/docs/README_base.md"].encode())
    assert f"--base .{platform}/docs/README_base.md" in texts[f".{platform}/tools/update_README.sh"]


@pytest.mark.parametrize("platform", Platform)
def test_the_script_is_one_for_every_shell(platform: Platform) -> None:
    script = scaffold_texts(platform, PIPELINE, name="x", module_dir="y")[f".{platform}/tools/update_README.sh"]
    assert script.startswith("#!/bin/sh\n")
    subprocess.run(["sh", "-n"], input=script.encode(), check=True)
    assert [line for line in script.splitlines() if line.startswith("paa ")] == [
        f'paa update-readme --base .{platform}/docs/README_base.md "$@"'
    ]


def test_the_example_defines_a_feed() -> None:
    indexes, faults = read_feeds({EXAMPLE_FEED: example_feed().encode()}, {})
    assert faults == {}
    assert indexes["example_feed"].feed == "example-feed"


@pytest.mark.parametrize("platform", Platform)
def test_texts_end_with_one_line_end_and_have_no_others(platform: Platform) -> None:
    for path, text in scaffold_texts(platform, PIPELINE, name="x", module_dir="y").items():
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert "\r" not in text, path

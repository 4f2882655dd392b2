"""docs/how-to/publish-privately.md: what it says about a private repository on GitHub, followed word for word."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipelines.git_host import GitHost
from tests.pipelines.github.reader import LOGIN, GitHubReader, new_reader
from tests.pipelines.machine import Machine
from tests.pipelines.page import HOW_TO, read_page
from tests.servers import pypiserver

pytestmark = pytest.mark.server


@pytest.fixture
def reader(quick_machine: Machine, host: GitHost, home: Path, tmp_path: Path) -> Iterator[GitHubReader]:
    """Somebody who has set up GitHub, up to the first push; PyPI has nothing but paa, and is not asked by it."""
    with pypiserver(tmp_path / "pypi", user=LOGIN) as index:
        made = new_reader(quick_machine, host, tmp_path, home, {"pypi": index})
        made.indexes = {}
        made.follow(read_page(HOW_TO / "set-up-github.md").until("git add"))
        yield made


def test_private_code_is_installed_from_the_repository(reader: GitHubReader, tmp_path: Path) -> None:
    reader.follow(read_page(HOW_TO / "publish-privately.md").until("pip install"))
    ((_, run),) = reader.runs
    assert run.result == "success", run.output
    assert "dist/acme_greeter-v0.0.1" in reader.world.remote.tags()
    assert reader.world.versions().keys() == {"paa"}
    where = f"git+file://localhost{reader.world.remote.path}@dist/acme_greeter-v0.0.1"
    python = reader.world.platform.machine.python(tmp_path / "fresh") / "python"
    # flit_core is on the machine; there is no index that has it.
    reader.run(f"{python} -m pip install --quiet --no-build-isolation 'acme-greeter @ {where}'")
    reader.run(f"{python} -c 'import acme_greeter; print(acme_greeter.__version__)'")
    assert reader.said == "0.0.1\n"

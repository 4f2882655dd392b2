"""paa is a package of its own repository."""

import subprocess
from pathlib import Path

import pytest

import paa
from tests.functional.command_line import done, paa_process
from tests.functional.command_line import paa as run_paa
from tests.repository import Repository

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Repository:
    """A copy of this checkout, as it would be committed now, in a repository of its own."""
    if not (ROOT / ".paa.config").is_file():
        pytest.skip("these tests do not run in a checkout")
    copy = Repository(tmp_path / "checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in sorted(set(listed.stdout.decode().split("\0")) - {""}):
        if (ROOT / name).is_file():
            copy.write({name: (ROOT / name).read_bytes()})
    copy.git("init", "--quiet")
    copy.commit("A copy")
    return copy


def test_our_own_repository_plans_one_project(checkout: Repository) -> None:
    plan = done(run_paa(checkout.path, "plan", "--offline", "--json")).json
    (release,) = plan["releases"]
    assert (release["package"], release["distribution"], release["bump"]) == ("paa", "paa", "first")
    assert release["version"] == paa.__version__
    assert plan["blocked"] == []
    listed = done(paa_process(checkout.path, "list")).out.split()
    assert listed == ["paa", "-", "new", "pyproject.toml"]


def test_what_is_shipped_counts_and_tests_and_docs_don_t(checkout: Repository) -> None:
    before = done(run_paa(checkout.path, "plan", "--offline", "--json")).json["releases"][0]["fingerprint"]
    checkout.write({"tests/test_more.py": "", "docs/more.md": "", ".github/x.yml": ""})
    checkout.commit("More tests and pages")
    same = done(run_paa(checkout.path, "plan", "--offline", "--json")).json["releases"][0]["fingerprint"]
    assert same == before
    checkout.write({"templates/package/more.j2": "x"})
    checkout.commit("More templates")
    other = done(run_paa(checkout.path, "plan", "--offline", "--json")).json["releases"][0]["fingerprint"]
    assert other != before

"""Requirements with hashes: one version of each, on every platform."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from paa.errors import IndexReadError
from paa.ppr.lock import Facts, lock_text, read_facts, resolve

Packages = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class Offered:
    """Name → version → what it requires; a text that begins with ``python`` is what it runs on."""

    packages: Packages

    def versions(self, name: str) -> list[Version]:
        return [Version(text) for text in self.packages.get(name, {})]

    def facts(self, name: str, version: Version) -> Facts:
        texts = self.packages[name][str(version)]
        python = [text.removeprefix("python") for text in texts if text.startswith("python")]
        requires = [text for text in texts if not text.startswith("python")]
        return read_facts(requires, python[0] if python else None, name)

    def hashes(self, name: str, version: Version) -> tuple[str, ...]:
        return (hashlib.sha256(f"{name}{version}".encode()).hexdigest(),)


def lines(packages: Packages, *roots: str, python: str = "3.13") -> list[str]:
    """What is locked, without the hashes."""
    locked = resolve([Requirement(root) for root in roots], Offered(packages), python)
    text = lock_text(locked, "# head\n")
    assert text.startswith("# head\n")
    return [line.removesuffix(" \\") for line in text.splitlines()[1:] if "--hash" not in line]


def test_everything_that_is_needed_is_there_once_in_its_newest_version() -> None:
    packages: Packages = {
        "app": {"1.0": ["a", "b"]},
        "a": {"1.0": ["c"], "2.0": ["c"], "3.0rc1": []},
        "b": {"1.0": ["C>=1"]},
        "c": {"1.0": [], "1.10": [], "1.9": []},
        "d": {"1.0": []},
    }
    assert lines(packages, "app==1.0") == ["a==2.0", "app==1.0", "b==1.0", "c==1.10"]


def test_what_one_needs_limits_the_other_also_when_it_is_found_late() -> None:
    packages: Packages = {
        "app": {"1": ["a", "b"]},
        "a": {"1": ["c"]},
        "b": {"1": ["a", "c<2"]},
        "c": {"1": [], "2": ["d"]},
        "d": {"1": []},
    }
    assert lines(packages, "app") == ["a==1", "app==1", "b==1", "c==1"]


def test_platforms_and_extras_are_followed_through_all_levels() -> None:
    packages: Packages = {
        "app": {
            "1": [
                "w; sys_platform == 'win32'",
                "x; extra == 'fast'",
                "y; extra == 'slow'",
                "both[e]",
                "k; os_name == 'posix'",
            ]
        },
        "w": {"1": ["deep"]},
        "deep": {"1": []},
        "x": {"1": ["old; python_version < '3.12'"]},
        "both": {"1": ["inner; extra == 'e'", "w; platform_system == 'Darwin'"]},
        "inner": {"1": []},
        "k": {"1": []},
    }
    assert lines(packages, "app[fast]") == [
        "app[fast]==1",
        "both[e]==1",
        'deep==1 ; sys_platform == "darwin" or sys_platform == "win32"',
        "inner==1",
        'k==1 ; sys_platform == "darwin" or sys_platform == "linux"',
        'w==1 ; sys_platform == "darwin" or sys_platform == "win32"',
        "x==1",
    ]


def test_a_version_for_another_python_is_passed_over() -> None:
    packages: Packages = {"app": {"1": ["python>=3.11"], "2": ["python>=3.14"], "3": ["python<3"]}}
    assert lines(packages, "app") == ["app==1"]
    assert lines(packages, "app", python="3.14") == ["app==2"]


def test_circles_come_to_an_end() -> None:
    packages: Packages = {"a": {"1": ["b"]}, "b": {"1": ["a[x]"]}}
    assert lines(packages, "a") == ["a[x]==1", "b==1"]


@pytest.mark.parametrize(
    ("packages", "said"),
    [
        ({"app": {"1": ["gone"]}}, "no wheel of gone"),
        ({"app": {"1": ["a>2"]}, "a": {"1": []}}, "no wheel of a >2"),
        ({"app": {"1": ["a", "b"]}, "a": {"1": ["c<1"]}, "b": {"1": ["c>1"]}, "c": {"1": []}}, "no wheel of c"),
        ({"app": {"1": ["a @ https://example.org/a.whl"]}}, "requires a from an address"),
        ({"app": {"1": ["a >> 1"]}}, "metadata of app is wrong"),
    ],
)
def test_what_can_not_be_met_is_an_error(packages: Packages, said: str) -> None:
    with pytest.raises(IndexReadError, match=said):
        lines(packages, "app")


def test_versions_that_exclude_one_another_in_turn_are_an_error_and_no_endless_loop() -> None:
    packages: Packages = {"app": {"1": ["a"]}, "a": {"1": [], "2": ["b"]}, "b": {"1": ["a<2"]}}
    with pytest.raises(IndexReadError, match="not settled"):
        lines(packages, "app")

"""Environment markers against the Pythons and platforms that a package allows."""

from functools import lru_cache

from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from paa.scan.standard_library import SUPPORTED_PYTHONS

_PLATFORMS = (
    ("linux", "posix", "Linux"),
    ("darwin", "posix", "Darwin"),
    ("win32", "nt", "Windows"),
    ("cygwin", "posix", ""),
)


def can_hold(marker: str, requires_python: str) -> bool:
    """Whether a marker can be true on any Python that the package allows; Python 2 branches ask for nothing."""
    return not marker or any(
        Marker(marker).evaluate(dict(environment)) for environment in _environments(requires_python)
    )


@lru_cache(maxsize=64)
def _environments(requires_python: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    allowed = SpecifierSet(requires_python)
    versions = [
        version for version in _known_pythons() if allowed.contains(f"{version}.99") or allowed.contains(version)
    ]
    return tuple(
        (
            ("python_version", version),
            ("python_full_version", f"{version}.99"),
            ("sys_platform", platform),
            ("os_name", name),
            ("platform_system", system),
        )
        for version in versions or SUPPORTED_PYTHONS
        for platform, name, system in _PLATFORMS
    )


def _known_pythons() -> tuple[str, ...]:
    first = int(SUPPORTED_PYTHONS[0].partition(".")[2])
    return (*(f"3.{minor}" for minor in range(6, first)), *SUPPORTED_PYTHONS)

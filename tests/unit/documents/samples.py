"""A plan and what was built for it, as the tests of this folder use them."""

from typing import Any

from paa.model import (
    Blocked,
    BuiltRelease,
    Bump,
    Distribution,
    DistributionKind,
    Outcome,
    Plan,
    Reason,
    Release,
    ReleaseSet,
)

COMMIT = "0123456789abcdef0123456789abcdef01234567"

TEXT_TOOLS = Release(
    package="text_tools",
    distribution="text-tools",
    version="1.3.0",
    previous="1.2.4",
    bump=Bump.MINOR,
    fingerprint="a" * 64,
    reasons=(
        Reason(kind="changed", text="python_modules/text_tools.py changed", path="python_modules/text_tools.py"),
        Reason(kind="commit", text="[text_tools][.+.] Wrap by words", commit=COMMIT),
    ),
    notes=("Wrap by words",),
)
REPORT = Release(
    package="report",
    distribution="report",
    version="0.0.1",
    previous=None,
    bump=Bump.FIRST,
    fingerprint="b" * 64,
    reasons=(Reason(kind="new", text="never released"),),
    needs=("text_tools",),
    floors={"text_tools": "1.3.0"},
    new_on_index=True,
)
PLAN = Plan(
    commit=COMMIT,
    indexes=("local", "company"),
    builder="flit_core 4.2.0",
    releases=(TEXT_TOOLS, REPORT),
    unchanged=("calendar_days", "colours"),
    blocked=(
        Blocked(package="broken", reason="'(' was never closed", path="python_modules/broken.py", line=12),
        Blocked(package="taken", reason="the name belongs to somebody else", advice="choose another name"),
    ),
)


def built(release: Release, *requires: str, checks: dict[str, Outcome] | None = None) -> BuiltRelease:
    """``release`` with a wheel and an sdist."""
    stem = f"{release.distribution.replace('-', '_')}-{release.version}"
    return BuiltRelease(
        release=release,
        files=(
            Distribution(name=f"{stem}-py3-none-any.whl", size=2741, sha256="c" * 64, kind=DistributionKind.WHEEL),
            Distribution(name=f"{stem}.tar.gz", size=2390, sha256="d" * 64, kind=DistributionKind.SDIST),
        ),
        requires_dist=requires,
        checks=checks or {},
    )


RELEASE_SET = ReleaseSet(
    plan=PLAN,
    releases=(
        built(TEXT_TOOLS, checks={"import": Outcome.PASSED, "metadata": Outcome.PASSED}),
        built(REPORT, "text-tools>=1.3.0", checks={"import": Outcome.FAILED}),
    ),
)


def put(document: dict[str, Any], at: str, value: object) -> None:
    """Spoil ``document``: put ``value`` at the dotted path ``at``."""
    *path, last = (int(key) if key.isdigit() else key for key in at.split("."))
    place: Any = document
    for key in path:
        place = place[key]
    place[last] = value

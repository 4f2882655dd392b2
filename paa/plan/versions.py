"""How versions move (PEP 440).

A version that paa makes has at most three parts: patch moves the third, minor the second, major the first. Parts that
the last version does not have are added only as far as the moved one (1.2 → patch 1.2.1, minor 1.3, major 2.0), and
parts beyond the third are dropped (1.2.3.4 → patch 1.2.4). The epoch survives. After a pre-release or a development
release comes its final version, unless more is asked for than that final version brings (1.3.0rc1 → patch or minor
1.3.0, major 2.0.0). After a post-release comes a patch (1.2.3.post1 → 1.2.4). Local labels play no role.
"""

from collections.abc import Collection, Iterable

from packaging.version import Version

from paa.errors import ConfigError, FindingsError
from paa.model import Bump
from paa.plan.pep440 import last_version, parse_version, required_version
from paa.plan.prereleases import Stage, staged

_MOVED_PART = {Bump.MAJOR: 0, Bump.MINOR: 1}
_PATCH_PART = 2
_PARTS = 3
# What decides when several are asked for: the first release has its version from the configuration, whatever moved.
_BY_EFFECT = (Bump.NONE, Bump.PATCH, Bump.MINOR, Bump.MAJOR, Bump.FIRST, Bump.EXACT)


def larger(one: Bump, other: Bump) -> Bump:
    """The bump that decides when both are asked for."""
    return max(one, other, key=_BY_EFFECT.index)


def next_version(
    released: Collection[str], bump: Bump, *, default: str, exact: str | None = None, stage: Stage | None = None
) -> str:
    """The version that comes after all of ``released``, normalised; with a ``stage``, the next one on the way there.

    Versions in ``released`` that are not PEP 440 (old tags) are ignored. ``exact`` is taken as it is, whatever
    ``bump`` says. With nothing released yet it is ``default``. Every other bump than minor and major moves the
    third part: who releases again needs a new version. Raises FindingsError for an ``exact`` that is no version,
    has a local label, or is not above everything released, and where ``stage`` leads nowhere; ConfigError for a
    ``default`` that is no version.
    """
    last = last_version(released)
    if exact is not None:
        text = _exact(exact, last)
    elif last is not None:
        text = _moved(last, _MOVED_PART.get(bump, _PATCH_PART))
    else:
        text = _first(default, stage)
    return text if stage is None else str(staged(Version(text), last, stage))


def _first(default: str, stage: Stage | None) -> str:
    first = parse_version(default)
    if first is None or first.local is not None:
        message = f"default_version: {default!r} is not a version that can be released (PEP 440)"
        raise ConfigError(message, advice="write it like 0.0.1")
    return str(first) if stage is None else first.base_version


def _exact(text: str, last: Version | None) -> str:
    version = required_version(text)
    if version.local is not None:
        message = f"version {version} is asked for, but its local label (+{version.local}) can't be released"
        raise FindingsError(message, advice=f"ask for {version.public}")
    if last is not None and version <= last:
        message = f"version {version} is asked for, but {last} is already released"
        raise FindingsError(message, advice=f"ask for a version above {last}; of several, the highest counts")
    return str(version)


def _moved(last: Version, part: int) -> str:
    epoch = f"{last.epoch}!" if last.epoch else ""
    final = Version(epoch + _dotted(last.release))
    if final > last and _brings(last.release, part):
        return str(final)
    numbers = [*last.release, 0, 0, 0][: max(min(len(last.release), _PARTS), part + 1)]
    numbers[part] += 1
    numbers[part + 1 :] = [0] * len(numbers[part + 1 :])
    return epoch + _dotted(numbers)


def _brings(release: tuple[int, ...], part: int) -> bool:
    """Whether the final version of a pre-release already moves ``part``: as 1.3.0 does for a minor, not for a major."""
    return part == _PATCH_PART or (any(release[: part + 1]) and not any(release[part + 1 :]))


def _dotted(numbers: Iterable[int]) -> str:
    return ".".join(str(number) for number in numbers)

"""Versions on the way to a final one (PEP 440): ``--pre`` and ``--dev``.

They lead to the version that would be released without them: after 1.2.3 comes 1.2.4rc1, then 1.2.4rc2, and without
``--pre`` 1.2.4. Numbers begin at 1. Both together make development releases of the next pre-release (1.2.4rc2.dev1).
"""

from dataclasses import dataclass

from packaging.version import Version

from paa.errors import FindingsError

# In the order in which they come before a final version.
PHASES = ("a", "b", "rc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What kind of version is asked for on the way: ``pre`` is one of PHASES or None, ``dev`` a development release."""

    pre: str | None = None
    dev: bool = False


def staged(final: Version, last: Version | None, stage: Stage) -> Version:
    """The version of ``stage`` that leads to ``final`` and comes after ``last``, the highest that is released.

    A ``final`` that is a pre-, post- or development release itself (asked for to the letter) is taken as it is.
    Raises FindingsError where a version of that stage would come before ``last``: a beta after a release candidate.
    """
    if final.is_prerelease or final.is_postrelease:
        return final
    base = final.base_version
    text = f"{base}{stage.pre}{_number(base, last, stage.pre)}" if stage.pre else base
    if stage.dev:
        same = last is not None and last.dev is not None and _without_dev(last) == Version(text)
        text += f".dev{(last.dev or 0) + 1 if last is not None and same else 1}"
    version = Version(text)
    if last is not None and version <= last:
        message = f"{version} would come before {last}, which is released"
        raise FindingsError(message, advice=_advice(last, stage))
    return version


def _number(base: str, last: Version | None, phase: str) -> int:
    if last is None or last.pre is None or Version(last.base_version) != Version(base) or last.pre[0] != phase:
        return 1
    # A development release of rc2 comes before rc2.
    leads_there = last.dev is not None and last.post is None
    return last.pre[1] if leads_there else last.pre[1] + 1


def _without_dev(version: Version) -> Version:
    return Version(version.public.rpartition(".dev")[0])


def _advice(last: Version, stage: Stage) -> str:
    phase = last.pre[0] if last.pre else PHASES[0]
    return f"ask for --pre {phase}{' --dev' if stage.dev else ''}, or for the final version"

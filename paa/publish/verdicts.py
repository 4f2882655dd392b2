"""How a release that did not get to an index is told: as which state, why, and what to do next."""

from paa.model import PublishState, Release
from paa.publish.course import Course, FileCourse, Limits
from paa.publish.refusals import Refusal
from paa.publish.states import State

_NEVER_AGAIN = "the index takes never again"


def verdict(course: Course, file: FileCourse, release: Release, index: str, limits: Limits) -> tuple[PublishState, str]:
    """The state and the reason of a release of which ``file`` did not get to ``index``."""
    said = file.failure.text if file.failure is not None else file.state.value
    if file.state is State.OTHER:
        others = ", ".join(sorted(other.name for other in course.files.values() if other.state is State.OTHER))
        then = f"{_command(release, 'an index has with other bytes')}; or publish the files that were released first"
        message = f"index {index} has {others} with other bytes; it is never overwritten; release the version after it"
        return PublishState.FAILED, f"{message}: {then}"
    if file.state is State.BURNT or _is_gone(file):
        then = _by_itself(release) if is_used_up(file) else _by_hand(release)
        return PublishState.BURNT, f"{said}; it does not have the file either, so {then}"
    if file.state is State.LATE:
        waited = (State.LATE, State.TAKEN)
        late = ", ".join(other.name for other in course.files.values() if other.state in waited)
        message = f"index {index} took {late}, but does not serve it after {limits.confirm_seconds:.0f} s"
        return PublishState.FAILED, f"{message}; run `paa publish` again later: it looks before it sends"
    return PublishState.FAILED, said


def is_used_up(file: FileCourse) -> bool:
    """Whether nothing but a name that is used up explains how ``file`` ended, so that the version may be given up.

    The index said so in words, to the first try, and did not show the file all the time that was waited. A file that
    we have, or may have, brought there ourselves is only late. What sounds like a matter of rights is not enough.
    """
    if _is_gone(file):
        return True
    told = file.failure is not None and file.failure.refusal is Refusal.USED
    return file.state is State.BURNT and told and file.tries == 1 and not file.was_tried


def _is_gone(file: FileCourse) -> bool:
    return file.state is State.REJECTED and file.failure is not None and file.failure.refusal is Refusal.GONE


def _by_itself(release: Release) -> str:
    return (
        f"{release.version} is used up there; as soon as that is recorded, the next run releases the version after it;"
        f" without a record, {_command(release, _NEVER_AGAIN)}"
    )


def _by_hand(release: Release) -> str:
    command = _command(release, _NEVER_AGAIN)
    return f"{release.version} seems to be used up there; if it is, release the next one: {command}"


def _command(release: Release, why: str) -> str:
    """What releases the version after one that is skipped: a commit that asks for it, which every machine sees."""
    from paa.plan.used_up import following

    after = following(release.version)
    subject = f"[{release.package}][{after}] Skip {release.version}, which {why}"
    return f'`git commit --allow-empty -m "{subject}"` asks for it'

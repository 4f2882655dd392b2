"""How a release that did not get to an index is told: as which state, why, and what to do next."""

from paa.model import PublishState, Release
from paa.publish.course import Course, FileCourse, Limits
from paa.publish.refusals import Refusal
from paa.publish.states import State


def verdict(course: Course, file: FileCourse, release: Release, index: str, limits: Limits) -> tuple[PublishState, str]:
    """The state and the reason of a release of which ``file`` did not get to ``index``."""
    said = file.failure.text if file.failure is not None else file.state.value
    refusal = file.failure.refusal if file.failure is not None else None
    if file.state is State.OTHER:
        others = ", ".join(sorted(other.name for other in course.files.values() if other.state is State.OTHER))
        advice = "release a new version, or publish the files that were released first"
        return PublishState.FAILED, f"index {index} has {others} with other bytes; it is never overwritten; {advice}"
    if file.state is State.BURNT or (file.state is State.REJECTED and refusal is Refusal.GONE):
        return PublishState.BURNT, f"{said}; it does not have the file either, so {_next_patch(release)}"
    if file.state is State.LATE:
        waited = (State.LATE, State.TAKEN)
        late = ", ".join(other.name for other in course.files.values() if other.state in waited)
        message = f"index {index} took {late}, but does not serve it after {limits.confirm_seconds:.0f} s"
        return PublishState.FAILED, f"{message}; run `paa publish` again later: it looks before it sends"
    return PublishState.FAILED, said


def _next_patch(release: Release) -> str:
    """What releases the version after one that is used up: a commit that asks for it, which every machine sees."""
    from paa.model import Bump
    from paa.plan.versions import next_version

    following = next_version([release.version], Bump.PATCH, default=release.version)
    subject = f"[{release.package}][{following}] Skip {release.version}, which the index takes never again"
    return f'{release.version} is used up there: release the next one with `git commit --allow-empty -m "{subject}"`'

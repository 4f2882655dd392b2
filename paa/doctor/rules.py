"""Facts → what differs, and the smallest repair. A literal table: the first rules say what makes others pointless.

Nothing that is there is ever overwritten or deleted. What would need that is left to the user, with the command.
"""

from paa.doctor.diagnosis import Diagnosis, Difference, Rule, Step, Verdict
from paa.doctor.facts import Facts, IndexState, TagState, TrackingState


def diagnose(facts: Facts) -> Diagnosis:
    """What differs. Every combination of facts gives an answer."""
    found = []
    for rule in RULES:
        if rule.fits(facts):
            found.append(Difference(rule=rule, indexes=rule.indexes(facts)))
            if rule.ends:
                break
    return Diagnosis(differences=tuple(found), is_superseded=not facts.is_last and not facts.chosen)


def _is_half_withdrawn(facts: Facts) -> bool:
    if not facts.is_withdrawn:
        return False
    return bool(facts.where(IndexState.HALF)) or (bool(facts.lacking) and facts.tag is not TagState.OURS)


def _can_be_filled(facts: Facts) -> bool:
    return bool(facts.lacking) and not facts.is_withdrawn


def _needs_record(facts: Facts) -> bool:
    """Whether a tag, a tracking entry or a section of notes is missing. Only the last release has to be recorded."""
    return facts.is_last and facts.is_released and (_needs_tag(facts) or _needs_entry(facts) or not facts.noted)


def _needs_tag(facts: Facts) -> bool:
    return facts.tag is not TagState.OURS


def _needs_entry(facts: Facts) -> bool:
    return facts.tracking in (TrackingState.ABSENT, TrackingState.OLDER)


_FIX = "paa doctor {package} --fix"
_RELEASE = "paa release {package} --all"

RULES = (
    Rule(
        name="unreadable",
        verdict=Verdict.UNKNOWN,
        fits=lambda facts: bool(facts.where(IndexState.UNREADABLE)),
        indexes=lambda facts: facts.where(IndexState.UNREADABLE),
        what="{indexes} can't be read, so nothing can be said about it",
        then="run again when {indexes} can be read",
    ),
    Rule(
        name="not-ours",
        verdict=Verdict.DECIDE,
        fits=lambda facts: facts.is_present and not facts.is_ours,
        indexes=lambda facts: facts.where(IndexState.COMPLETE, IndexState.HALF, IndexState.OTHER, IndexState.YANKED),
        what="{indexes} has {distribution}, which was not released from this repository",
        then="choose another 'name' in __package_metadata__; or, if it is yours, say so in .paa.config",
        command="adopt: [{distribution}]",
    ),
    Rule(
        name="contradicting-tag",
        verdict=Verdict.DECIDE,
        fits=lambda facts: facts.tag is TagState.CONTRADICTING,
        what="the tag {tag} records something else than its name or the indexes say",
        then="look at it with git show; if it is wrong, delete it, here and on the remote, and run paa doctor --fix",
        command="git tag --delete {tag} && git push origin :refs/tags/{tag}",
    ),
    Rule(
        name="other-bytes",
        verdict=Verdict.LOST,
        fits=lambda facts: bool(facts.where(IndexState.OTHER)),
        indexes=lambda facts: facts.where(IndexState.OTHER),
        what="{indexes} has other bytes under the names of its files, and they are never overwritten",
        then="the next release puts it right",
        command=_RELEASE,
    ),
    Rule(
        name="withdrawn",
        verdict=Verdict.LOST,
        fits=_is_half_withdrawn,
        indexes=lambda facts: facts.lacking,
        what="it is yanked elsewhere, so what {indexes} lacks is not brought there",
        then="the next release goes to all of them",
        command=_RELEASE,
    ),
    Rule(
        name="used-up",
        verdict=Verdict.LOST,
        fits=lambda facts: bool(set(facts.lacking) & set(facts.used_up)),
        indexes=lambda facts: tuple(name for name in facts.lacking if name in facts.used_up),
        what="{indexes} lacks files of it and takes them never again: their names are used up there",
        then="it stays as it is; the next release makes the version after it for all of them",
        command="paa release {package}",
    ),
    Rule(
        name="lost-bytes",
        verdict=Verdict.LOST,
        fits=lambda facts: _can_be_filled(facts) and not facts.bytes_at_hand,
        indexes=lambda facts: facts.lacking,
        what="{indexes} lacks files of it, and neither dist/ nor another index has them",
        then="it stays as it is; the next version takes its place",
        command=_RELEASE,
    ),
    Rule(
        name="missing-files",
        verdict=Verdict.REPAIR,
        fits=_can_be_filled,
        indexes=lambda facts: facts.lacking,
        what="{indexes} lacks files of it",
        then="upload the files that were released",
        command=_FIX,
        step=Step.FILL,
    ),
    Rule(
        name="unread-tracking",
        verdict=Verdict.DECIDE,
        fits=lambda facts: facts.tracking is TrackingState.UNREADABLE and _needs_record(facts),
        what="it is not all recorded, and the tracking files can't be read",
        then="mend .paa/tracking/ first, then paa doctor --fix",
    ),
    Rule(
        name="contradicting-entry",
        verdict=Verdict.DECIDE,
        fits=lambda facts: facts.is_last and facts.tracking is TrackingState.OTHER,
        what=".paa/tracking/releases.json has it with another fingerprint than what was released",
        then="take its entry out of .paa/tracking/releases.json, commit that, then paa doctor --fix",
    ),
    Rule(
        name="unknown-sources",
        verdict=Verdict.LOST,
        fits=lambda facts: _needs_record(facts) and not facts.sources_known and facts.tag is not TagState.OURS,
        what="it is not all recorded, and nothing tells which commit it was made from",
        then="nothing is needed: the next release is recorded, and comes after it",
        harmless=True,
    ),
    Rule(
        name="not-all-asked",
        verdict=Verdict.DECIDE,
        fits=lambda facts: _needs_record(facts) and _needs_tag(facts) and not facts.all_asked,
        what="it has no tag, which is written when every index has it; not all of them were asked",
        then="let all of them be asked",
        command=_FIX,
    ),
    Rule(
        name="missing-tag",
        verdict=Verdict.REPAIR,
        fits=lambda facts: _needs_record(facts) and _needs_tag(facts),
        what="the tag {tag} is missing, or is none of paa's",
        then="tag the commit that it was made from",
        command=_FIX,
        step=Step.TAG,
    ),
    Rule(
        name="missing-entry",
        verdict=Verdict.REPAIR,
        fits=lambda facts: _needs_record(facts) and _needs_entry(facts),
        what="the tracking files don't have it",
        then="write it there",
        command=_FIX,
        step=Step.TRACK,
    ),
    Rule(
        name="missing-notes",
        verdict=Verdict.REPAIR,
        fits=lambda facts: _needs_record(facts) and not facts.noted,
        what=".paa/release_notes/{package}.md has no section for it",
        then="write one",
        command=_FIX,
        step=Step.NOTE,
    ),
    Rule(
        name="chosen-index",
        verdict=Verdict.HEALTHY,
        fits=lambda facts: bool(facts.chosen),
        indexes=lambda facts: facts.chosen,
        what="it was released to {indexes} alone, as was chosen for it; the tag comes once all of publish_to have it",
        then="nothing is needed; what brings it to the others is",
        command="paa release {package}",
        harmless=True,
    ),
)

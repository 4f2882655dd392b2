"""``paa why``: what makes a package require a distribution."""

from collections.abc import Collection

import click

from paa.cli import output
from paa.cli.layout import say_pairs, say_wrapped
from paa.cli.options import Settings, command, json_option
from paa.documents.reasons import Answer, Explanation, Occurrence, ReasonStep, explanation_to_json
from paa.look.why import explain_requirement
from paa.scan.repository import disk_state, open_repository
from paa.scan.state import require_package, scan_state

_SHORT = 10
_WIDTH = 76


@command("why")
@click.argument("package")
@click.argument("distribution")
@json_option
def why(settings: Settings, package: str, distribution: str, *, as_json: bool) -> None:
    """Show what makes PACKAGE, as it is on disk, require DISTRIBUTION: imports, evidence, commits; or why nothing does.

    DISTRIBUTION may be the name of an import too. Why a package is released, and as which version: paa plan.
    """
    repository = open_repository(settings.directory, settings.config)
    state = scan_state(repository, disk_state(repository))
    explanation = explain_requirement(state, require_package(state, package), distribution)
    if as_json:
        output.say_json(explanation_to_json(explanation))
    else:
        _show(explanation)


def _show(explanation: Explanation) -> None:
    say_wrapped(_headline(explanation), rest="  ", style="green" if explanation.requirements else "yellow")
    shown: dict[str, list[str]] = {item.requirement: [] for item in explanation.requirements}
    for item in explanation.requirements:
        shown[item.requirement] += [item.extra] if item.extra else []
    for requirement, extras in shown.items():
        output.say(f"  {requirement}" + (f"  (extra {', '.join(extras)})" if extras else ""))
    for item in explanation.requirements:
        if item.sibling and item.extra is None:
            _show_floor(item.sibling, explanation.floors.get(item.sibling))
    told: set[tuple[ReasonStep, ...]] = set()
    for occurrence in explanation.occurrences:
        _show_occurrence(occurrence, told)
        told.add(occurrence.steps)
    if explanation.notes and explanation.occurrences:
        output.say()
    for note in explanation.notes:
        say_wrapped(note, rest="  ")
    if explanation.near:
        say_wrapped(f"did you mean {' or '.join(explanation.near)}?", rest="  ")


def _headline(explanation: Explanation) -> str:
    names = explanation.distributions or (explanation.asked,)
    asked = (
        "" if explanation.asked.lower() in {name.lower() for name in names} else f" (you asked for {explanation.asked})"
    )
    answer, end = {
        Answer.REQUIRED: ("requires", ""),
        Answer.OPTIONAL: ("requires", ", but only in extras"),
        Answer.NOT_REQUIRED: ("does not require", ""),
    }[explanation.answer]
    return f"{explanation.package} {answer} {' and '.join(names)}{asked}{end}"


def _show_floor(sibling: str, version: str | None) -> None:
    last = f"which is {version}" if version else "but there is none yet"
    text = f"built against the version of {sibling} that is planned (paa plan), else against its last release, {last}"
    say_wrapped(text, first="    ", rest="    ")


def _show_occurrence(item: Occurrence, told: Collection[tuple[ReasonStep, ...]]) -> None:
    output.say(f"\n{item.location}")
    if item.text:
        output.say(f"    {item.text if len(item.text) <= _WIDTH else item.text[: _WIDTH - 1] + '…'}")
    say_wrapped(item.says, first="  ", rest="  ")
    rows = []
    if item.marker:
        rows.append(("where", [item.marker]))
    if item.route:
        rows.append(("reached from", [str(place) for place in item.route]))
    if item.steps and item.steps not in told:
        rows.append(("provided by", [_step(step) for step in item.steps]))
    if commit := item.commit:
        day = (commit.date or "no date") + (" or earlier" if commit.boundary else "")
        rows.append(("written in", [f"{commit.sha[:_SHORT]} ({day}) {commit.subject}"]))
    say_pairs(rows)


def _step(step: ReasonStep) -> str:
    said = step.evidence if step.evidence.startswith(f"{step.source}:") else f"{step.source}: {step.evidence}"
    return said + (f" → {step.answer}" if step.answer else "")


COMMANDS = {"why": why}

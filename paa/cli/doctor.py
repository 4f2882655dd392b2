"""``paa doctor``."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import click

from paa.cli import output
from paa.cli.layout import say_pairs, say_wrapped
from paa.cli.options import Settings, command, folder_option, index_option, json_option, one_at_a_time
from paa.cli.publish import show_published
from paa.cli.recorded import show_recorded
from paa.doctor.diagnosis import Step, Verdict
from paa.doctor.examine import Examined, examine
from paa.doctor.new_names import NewNames, environment_advice
from paa.doctor.observe import Asked, observe
from paa.doctor.repair import Repaired, RepairOptions, repair
from paa.doctor.report import Report, find_new_names, report_to_json, with_repairs
from paa.doctor.setup import Advice, credential_sources, credentials_advice, setup_advice
from paa.doctor.workflows import is_workflow, publishing_workflow
from paa.edges import clock
from paa.edges.index import open_indexes
from paa.errors import PaaError
from paa.model import Index, ScannedPackage
from paa.publish.targets import select_indexes
from paa.record import require_committer
from paa.scan.repository import Repository, head_state, open_repository
from paa.scan.state import State, require_package, scan_state

_STYLES = {
    Verdict.REPAIR: "yellow",
    Verdict.DECIDE: "red",
    Verdict.LOST: "red",
    Verdict.UNKNOWN: "red",
    Verdict.HEALTHY: "green",
}


@command("doctor")
@click.argument("packages", nargs=-1)
@click.option("--fix", is_flag=True, help="Make the repairs that need no decision; nothing is overwritten or deleted.")
@click.option("--no-push", is_flag=True, help="With --fix: keep tags and tracking local.")
@folder_option("Where the last build left its files.")
@index_option
@json_option
def doctor(settings: Settings, packages: tuple[str, ...], indexes: tuple[str, ...], **options: object) -> None:
    """Compare tag, tracking, notes and every index of each release, and show the smallest repair of what differs.

    PACKAGES limits it to these. Without --fix nothing is written or sent.
    """
    opened = open_repository(settings.directory, settings.config)
    fixes, as_json = bool(options["fix"]), bool(options["as_json"])
    with one_at_a_time(opened.root) if fixes else contextlib.nullcontext():
        state = _look(settings)
        wanted = _chosen(state, packages)
        folder = opened.root / Path(str(options["dist"]))
        with _asked(state, wanted, indexes, folder) as (targets, asked):
            report = _check(state, targets, asked, quiet=as_json or settings.quiet)
            if fixes:
                how = RepairOptions(
                    indexes={index.name: index for index in targets},
                    readers=asked.readers,
                    folder=folder,
                    environment=os.environ,
                    push=not options["no_push"],
                )
                report = _fix(settings, report, asked, how, as_json=as_json)
    if as_json:
        output.say_json(report_to_json(report))
    else:
        _show(report, verbose=settings.verbose)
    if report.exit_code:
        raise click.exceptions.Exit(report.exit_code)


def _look(settings: Settings) -> State:
    return scan_state(*head_state(open_repository(settings.directory, settings.config)))


def _chosen(state: State, names: Sequence[str]) -> tuple[ScannedPackage, ...]:
    """The packages of those names, else all that are published, by name."""
    if names:
        found = {item.package.name: item for item in (require_package(state, name) for name in names)}
        return tuple(found[name] for name in sorted(found))
    every = (state.scanned[name] for name in sorted(state.scanned))
    return tuple(item for item in every if item.metadata is None or item.metadata.publish)


@contextlib.contextmanager
def _asked(
    state: State, wanted: tuple[ScannedPackage, ...], names: tuple[str, ...], folder: Path
) -> Iterator[tuple[tuple[Index, ...], Asked]]:
    config = state.repository.config
    targets = select_indexes(config, names or tuple(dict.fromkeys((*config.publish_to, *config.prereleases_to))))
    with open_indexes(targets, os.environ) as readers:
        by_name = {index.name: reader for index, reader in zip(targets, readers, strict=True)}
        yield targets, Asked(readers=by_name, folder=folder, packages=wanted, only_these=bool(names))


def _check(state: State, targets: tuple[Index, ...], asked: Asked, *, quiet: bool) -> Report:
    with output.progress("asking the indexes", len(asked.packages), quiet=quiet) as step:
        observed = observe(state, asked, step.advance)
    sources = credential_sources(targets, os.environ)
    workflow = publishing_workflow(
        {path: state.tree.read_one(path) or b"" for path in state.tree.blobs if is_workflow(path)}
    )
    today = date.fromisoformat(clock.today())
    new = find_new_names(targets, observed.evidence, asked.packages, workflow, today)
    return Report(
        indexes=tuple(index.name for index in targets),
        observed=observed,
        examined=examine(observed.evidence),
        advice=(
            *setup_advice(state.repository, asked.folder),
            *_pipelines_advice(state.repository),
            *credentials_advice(sources, targets),
            *environment_advice(workflow, new),
        ),
        credentials=sources,
        new_names=new,
    )


def _pipelines_advice(repository: Repository) -> Iterator[Advice]:
    """What is to be said about the pipelines that paa has written."""
    from paa.ppr.outdated import outdated_pipelines

    try:
        for found in outdated_pipelines(repository):
            yield Advice(
                topic="pipelines",
                text=f"{', '.join(found.paths)}: settings or paa have changed since, so the pipelines are out of date",
                then=f"paa init-ppr --{found.platform}, then commit",
            )
    except PaaError as error:
        text = f"whether the pipelines are up to date can't be told: {error.message}"
        yield Advice(topic="pipelines", text=text, then=error.advice or "")


def _fix(settings: Settings, before: Report, asked: Asked, how: RepairOptions, *, as_json: bool) -> Report:
    """Repair, and look again: what is left is what is told."""
    state = _look(settings)
    if any(set(item.diagnosis.steps) - {Step.FILL} for item in before.examined):
        require_committer(state.repository)
    repaired = repair(state, before.examined, how, (lambda _: None) if as_json else show_published)
    state = _look(settings)
    observed = observe(state, asked, lambda _: None)
    after = Report(indexes=before.indexes, observed=observed, examined=examine(observed.evidence))
    report = with_repairs(before, after, repaired)
    if report.repaired is not None and not as_json:
        _show_repaired(report.repaired)
    return report


def _show_repaired(repaired: Repaired) -> None:
    for done in repaired.recorded:
        show_recorded(done)
    for name, error in repaired.failures.items():
        output.fail(f"{name}: {error.message}", error.advice)


def _show(report: Report, *, verbose: bool) -> None:
    for name, error in report.observed.unreadable.items():
        output.fail(f"the index {name} can't be read: {error.message}", error.advice)
    for problem in report.observed.tracking.problems:
        output.fail(problem.message, problem.advice)
    for item in report.examined:
        _show_version(item, verbose=verbose)
    if verbose:
        released = {item.evidence.package for item in report.examined}
        for evidence in report.observed.evidence:
            if evidence.package not in released:
                output.say(f"{evidence.distribution}: never released")
        for source in report.credentials:
            output.say(f"credentials for {source.index}: {source.source or 'none'}")
    for names in report.new_names:
        _show_new_names(names)
    for advice in report.advice:
        say_wrapped(f"note: {advice.text}", rest="  ", style="yellow")
        say_wrapped(advice.then, first="  → ", rest="    ")
    _show_summary(report)


def _show_version(item: Examined, *, verbose: bool) -> None:
    name = f"{item.evidence.distribution} {item.case.version}"
    if item.diagnosis.verdict is Verdict.UNKNOWN:
        return  # Its index is named above, once for all packages.
    if not item.diagnosis.differences:
        if verbose:
            output.say(f"{name}: well ({_facts(item)})", style="green")
        return
    output.say(f"{name}{', superseded' if item.diagnosis.is_superseded else ''}", style=_STYLES[item.diagnosis.verdict])
    say_wrapped(_facts(item), first="  ", rest="  ")
    for difference in item.diagnosis.differences:
        told = item.told(difference)
        say_wrapped(f"{difference.rule.name}: {told.text}", first="  - ", rest="    ")
        if item.diagnosis.is_superseded and difference.rule.verdict is Verdict.LOST:
            continue
        by_itself = " (--fix does it)" if difference.rule.step is not None else ""
        say_wrapped(told.then + by_itself, first="    → ", rest="      ")
        # On a line of its own and whole, so that it can be copied.
        if told.command is not None and difference.rule.step is None:
            output.say(f"      {told.command}")


def _facts(item: Examined) -> str:
    facts = item.case.facts
    indexes = [f"{name} {state.value}" for name, state in facts.indexes.items()]
    notes = "there" if facts.noted else "absent"
    records = [f"tracking {facts.tracking.value}", f"notes {notes}"] if facts.is_last else []
    return ", ".join([f"tag {facts.tag.value}", *records, *indexes])


def _show_new_names(names: NewNames) -> None:
    count = len(names.distributions)
    told = "1 name is" if count == 1 else f"{count} names are"
    say_wrapped(f"{told} new on {names.index}, which takes about four a day: done by {names.done_on}")
    if names.publishers:
        say_wrapped("for trusted publishing register them in this order, before their first release:", first="  ")
        output.say(f"  {names.publishers[0].link}")
        first = names.publishers[0]
        output.say(f"  owner {first.owner}, repository {first.repository}, workflow {first.workflow}")
        say_pairs([(item.distribution, [f"environment {item.environment}"]) for item in names.publishers], indent=4)


def _show_summary(report: Report) -> None:
    wanting = {item.evidence.package: item for item in report.examined if item.diagnosis.needs_action}
    count = len(report.observed.evidence)
    where = ", ".join(report.indexes)
    told = "1 package" if count == 1 else f"{count} packages"
    if report.exit_code == 0:
        say_wrapped(f"{told} looked at on {where}: all is well", style="green")
        return
    what = f"{len(wanting)} not well" if wanting else "and not all is well: see above"
    say_wrapped(f"{told} looked at on {where}, {what}", style="yellow")
    if report.repaired is None and any(item.diagnosis.steps for item in wanting.values()):
        output.say("  → paa doctor --fix")


COMMANDS = {"doctor": doctor}

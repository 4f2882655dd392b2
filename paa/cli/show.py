"""``paa show`` and ``paa show-ref-local-deps``: one package, as it is on disk."""

from collections.abc import Iterator, Sequence

import click

from paa.cli import output
from paa.cli.layout import WIDTH, say_pairs, say_wrapped
from paa.cli.options import Settings, command, json_option
from paa.cli.requirements import learn_imports, learning_options
from paa.documents.details import PackageDetails, PackageFile, details_to_json
from paa.documents.listing import PackageState
from paa.look.details import package_details
from paa.model import Finding, Metadata, Requirement, Severity
from paa.plan.history import read_history
from paa.scan.repository import disk_state, open_repository
from paa.scan.scan import require_no_errors
from paa.scan.state import require_package, scan_state

_FINDINGS = 1
_ALL = "all"


@command("show")
@click.argument("package")
@learning_options
@json_option
def show(settings: Settings, package: str, *, as_json: bool, learn: bool, ask_index: str | None) -> None:
    """Show all that is known about PACKAGE as it is on disk: metadata, requirements, files, findings."""
    repository = open_repository(settings.directory, settings.config)
    state = scan_state(repository, disk_state(repository))
    if learn or ask_index:
        state = learn_imports(state, (package,), ask_index, write=learn)
    scanned = require_package(state, package)
    details = package_details(state, scanned, read_history(state))
    if as_json:
        output.say_json(details_to_json(details))
    else:
        _show(details)
    if scanned.errors:
        raise click.exceptions.Exit(_FINDINGS)


@command("show-ref-local-deps")
@click.argument("package")
def show_local_files(settings: Settings, package: str) -> None:
    """Print the paths of PACKAGE's module and of the components that it ships, one a line."""
    repository = open_repository(settings.directory, settings.config)
    state = scan_state(repository, disk_state(repository))
    scanned = require_package(state, package)
    for path in (scanned.package.module, *scanned.components):
        output.say(path)
    require_no_errors(scanned)


def _show(details: PackageDetails) -> None:
    scanned = details.scanned
    output.say(f"{scanned.distribution} {_state(details)}", style="red" if scanned.errors else "green")
    if scanned.metadata:
        say_wrapped(scanned.metadata.description, first="  ", rest="  ")
    output.say()
    say_pairs([(term, [text]) for term, text in _fields(details)])
    if scanned.package.project is not None:
        output.say(f"\nrequires what {scanned.package.module} says")
    elif not scanned.requirements and not scanned.errors:
        output.say("\nrequires nothing")
    for title, items in _groups(scanned.requirements):
        output.say(f"\n{title}")
        say_pairs([(item.requirement, list(_reasons(item, details))) for item in items])
    if details.imports:
        output.say("\nimports that are not simply required")
        say_pairs([(item.kind, [f"{item.module} at {item.location}"]) for item in details.imports])
    if details.files:
        known = scanned.package.project is None
        output.say("\nfiles, and their places in the wheel" if known else "\nfiles that its build backend picks from")
        for file in details.files:
            _show_file(file)
    if scanned.findings:
        output.say("\nfindings")
        for finding in scanned.findings:
            _show_finding(finding)


def _state(details: PackageDetails) -> str:
    version = details.listed.version or "(never released)"
    return {
        PackageState.NEW: "(never released)",
        PackageState.UNCHANGED: f"{version}, unchanged since",
        PackageState.CHANGED: f"{version}, changed since",
        PackageState.BROKEN: f"{version}, broken: see the findings",
    }[details.listed.state]


def _fields(details: PackageDetails) -> Iterator[tuple[str, str]]:
    scanned, package = details.scanned, details.scanned.package
    yield "package", package.name
    yield ("project" if package.project is not None else "module"), package.module
    if scanned.metadata:
        yield "Python", scanned.metadata.requires_python
        if package.project is None:
            yield from _metadata_fields(scanned.metadata)
    if package.interfaces:
        yield "interfaces", ", ".join(sorted(package.interfaces))
    if package.notebook:
        yield "notebook", package.notebook
    if scanned.fingerprint:
        yield "fingerprint", scanned.fingerprint


def _metadata_fields(metadata: Metadata) -> Iterator[tuple[str, str]]:
    yield "licence", metadata.license or "none given"
    for name, email in metadata.authors:
        yield "author", f"{name} <{email}>" if name and email else name or email
    yield from metadata.urls.items()
    if metadata.keywords:
        yield "keywords", ", ".join(metadata.keywords)
    for group, entries in sorted(metadata.entry_points.items()):
        yield group, ", ".join(f"{name} = {target}" for name, target in sorted(entries.items()))
    if metadata.command:
        yield "command", metadata.command
    if not metadata.publish:
        yield "publish", "no: the module opts out"


def _groups(requirements: Sequence[Requirement]) -> Iterator[tuple[str, list[Requirement]]]:
    """Requirements under their titles: always first, then by extra; ``all`` repeats those of others, so it goes."""
    extras = sorted({item.extra for item in requirements if item.extra is not None} - {_ALL})
    if always := [item for item in requirements if item.extra is None]:
        yield "requires", always
    for extra in extras:
        yield f"requires for the extra {extra}", [item for item in requirements if item.extra == extra]
    elsewhere = {item.requirement for item in requirements if item.extra in extras}
    rest = [item for item in requirements if item.extra == _ALL and item.requirement not in elsewhere]
    if rest:
        yield f"requires for the extra {_ALL}", rest


def _reasons(item: Requirement, details: PackageDetails) -> Iterator[str]:
    yield item.evidence
    if item.sibling:
        floor = details.floors.get(item.sibling)
        yield f"last released as {floor}" if floor else "never released"
    if item.sources:
        yield ", ".join(map(str, item.sources))


def _show_file(file: PackageFile) -> None:
    line = f"  {file.path}"
    for text in (f"({file.url})" if file.url else "", f"→ {file.place}" if file.place else ""):
        if text and len(line) + len(text) < WIDTH:
            line += f" {text}"
        elif text:
            output.say(line)
            line = f"      {text}"
    output.say(line)


def _show_finding(finding: Finding) -> None:
    style = "red" if finding.severity is Severity.ERROR else "yellow"
    where = f"{finding.location}: " if finding.location else ""
    say_wrapped(f"{finding.severity.value}: {where}{finding.message}", first="  ", rest="    ", style=style)
    if finding.advice:
        say_wrapped(finding.advice, first="    → ", rest="      ")


COMMANDS = {"show": show, "show-ref-local-deps": show_local_files}

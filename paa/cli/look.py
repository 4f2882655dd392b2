"""``paa list`` and ``paa extract-module-requirements``: what is in the repository."""

import click

from paa.cli import output
from paa.cli.options import Settings, command, json_option
from paa.documents.listing import ListedPackage, PackageState, list_to_json
from paa.model import ScannedPackage
from paa.plan.history import read_history
from paa.plan.records import History
from paa.scan.repository import disk_state, open_repository
from paa.scan.scan import require_no_errors
from paa.scan.state import require_package, scan_state


@command("list")
@json_option
def list_packages(settings: Settings, *, as_json: bool) -> None:
    """List the packages as they are on disk, with the version last released and what has become of them since."""
    repository = open_repository(settings.directory, settings.config)
    state = scan_state(repository, disk_state(repository))
    history = read_history(state)
    listed = [_listed(item, history.get(name, History())) for name, item in state.scanned.items()]
    if as_json:
        output.say_json(list_to_json(listed))
        return
    if not listed:
        output.say(f"no packages: put a module at {repository.config.module_dir}/<name>.py")
    output.say_table([(item.distribution, item.version or "-", item.state.value, item.path) for item in listed])
    for item in state.scanned.values():
        for finding in item.findings:
            output.warn(f"{item.package.name}: {finding}")


@command("extract-module-requirements")
@click.argument("package")
@click.option("--show-extra", is_flag=True, help="Also print optional requirements, with their extra.")
def extract_requirements(settings: Settings, package: str, *, show_extra: bool) -> None:
    """Print the requirements of PACKAGE as it is on disk, one a line, sorted; siblings included."""
    repository = open_repository(settings.directory, settings.config)
    state = scan_state(repository, disk_state(repository))
    scanned = require_package(state, package)
    require_no_errors(scanned)
    lines = {
        _line(requirement.requirement, requirement.extra)
        for requirement in scanned.requirements
        if show_extra or not requirement.extra
    }
    for line in sorted(lines, key=str.lower):
        output.say(line)


def _line(requirement: str, extra: str | None) -> str:
    if extra is None:
        return requirement
    joined = " and " if ";" in requirement else "; "
    return f'{requirement}{joined}extra == "{extra}"'


def _listed(item: ScannedPackage, history: History) -> ListedPackage:
    last = history.last
    if item.errors:
        state = PackageState.BROKEN
    elif last is None:
        state = PackageState.NEW
    else:
        state = PackageState.UNCHANGED if last.fingerprint == item.fingerprint else PackageState.CHANGED
    return ListedPackage(
        package=item.package.name,
        distribution=item.distribution,
        path=item.package.module,
        version=last.version if last else None,
        state=state,
        interfaces=tuple(item.package.interfaces),
    )


COMMANDS = {"list": list_packages, "extract-module-requirements": extract_requirements}

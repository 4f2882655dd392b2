"""``paa make-package``."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click
from packaging.version import InvalidVersion, Version

from paa.assemble.assemble import assemble
from paa.build.backend import builder_name
from paa.build.build import BuildFailure
from paa.cli import output
from paa.cli.options import Settings, command, folder_option, json_option, one_at_a_time, packages_argument
from paa.documents.release_sets import release_set_to_json
from paa.edges.files import write_tree
from paa.errors import FindingsError, UsageError
from paa.model import Blocked, Bump, Plan, Release, ReleaseSet, ScannedPackage
from paa.plan.history import read_history
from paa.plan.options import PlanTarget
from paa.plan.records import Recorded
from paa.plan.state import plan_state
from paa.release import build_plan, load_plan
from paa.scan.repository import Repository, disk_state, head_state, open_repository, require_commit
from paa.scan.scan import require_no_errors
from paa.scan.state import State, require_package, scan_state

_FAILED = 1
_DIRTY = "dirty"


@command("make-package")
@packages_argument
@click.option("--all", "everything", is_flag=True, help="Build every package, changed or not.")
@click.option("--changed", is_flag=True, help="Build the packages that have changed (the default without names).")
@click.option(
    "--plan", "plan_file", type=click.Path(path_type=Path), help="Build this plan ('paa plan --output FILE')."
)
@click.option("--version", "version", metavar="VERSION", help="Build as this version; for one package only.")
@click.option("--setup-dir", type=click.Path(path_type=Path), help="Keep the assembled source tree in this folder.")
@click.option("--execute-notebook", is_flag=True, help="Run the notebooks that become READMEs, for fresh outputs.")
@click.option("--kernel-name", metavar="NAME", help="The Jupyter kernel that runs them.")
@folder_option("Where the files go.")
@json_option
def make_package(settings: Settings, packages: tuple[str, ...], dist: Path, **options: object) -> None:
    """Build wheel and sdist of PACKAGES as they are on disk, and dist/paa-release.json. Nothing else changes.

    A package whose files are not committed gets the version label +dirty and can't be published.
    """
    repository = open_repository(settings.directory, settings.config)
    with one_at_a_time(repository.root):
        state, plan = _planned(settings, repository, packages, options)
        not_executed: tuple[BuildFailure, ...] = ()
        if options["execute_notebook"]:
            state, plan, not_executed = _with_executed_notebooks(state, plan, options["kernel_name"])
        if isinstance(options["setup_dir"], Path):
            _keep_setup_directories(state, plan, settings.directory / options["setup_dir"])
        folder = repository.root / dist
        with output.progress("building", len(plan.releases), quiet=settings.quiet) as step:
            release_set, failures = build_plan(
                state, plan, folder, lambda release: step.advance(release.package), os.environ
            )
    failures = (*not_executed, *failures)
    # What a plan in a file blocks, whoever made it was told; it is no failure of each job that builds a part of it.
    blocked = () if options["plan_file"] else plan.blocked
    _tell(release_set, failures, blocked, folder, as_json=bool(options["as_json"]))
    code = exit_code_of(failures) or (_FAILED if blocked else 0)
    if code:
        raise click.exceptions.Exit(code)


def _with_executed_notebooks(state: State, plan: Plan, kernel: object) -> tuple[State, Plan, tuple[BuildFailure, ...]]:
    """The state with fresh outputs in the notebooks of what is planned; what could not be executed is not built."""
    from paa.assemble.execution import with_executed_notebooks

    packages = [state.scanned[release.package] for release in plan.releases]
    name = str(kernel) if kernel else state.repository.config.kernel_name
    tree, failures = with_executed_notebooks(state.tree, packages, name)
    releases = tuple(release for release in plan.releases if release.package not in failures)
    return (
        replace(state, tree=tree),
        replace(plan, releases=releases),
        tuple(BuildFailure(package=package, error=error) for package, error in failures.items()),
    )


def _planned(
    settings: Settings, repository: Repository, packages: tuple[str, ...], options: Mapping[str, object]
) -> tuple[State, Plan]:
    """What to build, and the state of the repository to build it from."""
    plan_file = options["plan_file"]
    if not isinstance(plan_file, Path):
        state = scan_state(repository, disk_state(repository))
        return state, _plan_from_disk(state, packages, options)
    state = scan_state(*head_state(repository))
    return state, _only(_load_plan(state, settings.directory / plan_file), state, packages)


def _load_plan(state: State, path: Path) -> Plan:
    plan, head = load_plan(path), require_commit(state.repository)
    if plan.commit != head:
        message = f"{path} was made from {(plan.commit or 'no commit')[:12]}, and HEAD is {head[:12]}"
        raise UsageError(message, advice="run 'paa plan' again")
    for release in plan.releases:
        if require_package(state, release.package).fingerprint != release.fingerprint:
            message = f"{path} plans another {release.package} than HEAD has with these settings"
            raise UsageError(message, advice="run 'paa plan' again")
    return plan


def _only(plan: Plan, state: State, packages: tuple[str, ...]) -> Plan:
    """The part of a plan that is one shard of it; all of it without names. Raises UsageError for what it has not."""
    if not packages:
        return plan
    names = {require_package(state, name).package.name for name in packages}
    releases = {release.package: release for release in plan.releases}
    absent = sorted(names - releases.keys())
    lacking = sorted({need for name in names & releases.keys() for need in releases[name].needs} - names)
    if absent or lacking:
        reason = f"does not release {', '.join(absent)}" if absent else f"releases {', '.join(lacking)} before these"
        message = f"the plan {reason}"
        raise UsageError(message, advice="name the packages of one shard ('paa plan --shards'), or none")
    return replace(plan, releases=tuple(release for release in plan.releases if release.package in names))


def _plan_from_disk(state: State, packages: tuple[str, ...], options: Mapping[str, object]) -> Plan:
    named = [require_package(state, name) for name in packages]
    for scanned in named:
        require_no_errors(scanned)
        if scanned.metadata is not None and not scanned.metadata.publish:
            message = f"{scanned.package.name} is not released: its __package_metadata__ says 'publish': False"
            raise UsageError(message, advice="take that out, or install it from here with 'paa test-install'")
    names = tuple(dict.fromkeys(scanned.package.name for scanned in named))
    plan = plan_state(state, PlanTarget(indexes=(), ask=None, builder=builder_name()))
    wanted = {release.package: release for release in plan.releases}
    if names or options["everything"]:
        chosen = names or tuple(state.scanned)
        history = read_history(state)
        last = {name: history[name].last for name in chosen if name in plan.unchanged}
        found = {name: _as_released(state.scanned[name], recorded) for name, recorded in last.items() if recorded}
        wanted = {name: {**wanted, **found}[name] for name in _in_order(plan, chosen)}
    blocked = tuple(item for item in plan.blocked if not names or item.package in names)
    if names and blocked:
        raise FindingsError(str(blocked[0]), advice=blocked[0].advice)
    releases = [_labelled(state, _among(wanted, release)) for release in wanted.values()]
    if (version := options["version"]) is not None:
        if len(releases) != 1:
            message = f"--version is for one package, and this would build {len(releases)}"
            raise UsageError(message, advice="name the package")
        releases = [replace(releases[0], version=valid_version(str(version)), bump=Bump.EXACT)]
    return replace(plan, releases=tuple(releases), blocked=blocked)


def _among(wanted: Mapping[str, Release], release: Release) -> Release:
    """A release waits for those that are made together with it; what else it needs has been released, or will be."""
    return replace(release, needs=tuple(name for name in release.needs if name in wanted))


def _in_order(plan: Plan, names: tuple[str, ...]) -> list[str]:
    """What can be built of ``names``: planned releases first, in their order, then the unchanged."""
    order = [release.package for release in plan.releases] + list(plan.unchanged)
    return [name for name in order if name in names]


def _as_released(scanned: ScannedPackage, last: Recorded) -> Release:
    """An unchanged package keeps its last version."""
    return Release(
        package=scanned.package.name,
        distribution=scanned.distribution,
        version=last.version,
        previous=None,
        bump=Bump.NONE,
        fingerprint=scanned.fingerprint,
        floors=last.floors,
    )


def _labelled(state: State, release: Release) -> Release:
    """``+dirty`` where something that the package is made from is not committed."""
    if not state.tree.changed.intersection(state.scanned[release.package].contents):
        return release
    return replace(release, version=f"{Version(release.version).public}+{_DIRTY}")


def valid_version(text: str) -> str:
    """``text`` as a version in its normal form. Raises UsageError."""
    try:
        return str(Version(text))
    except InvalidVersion as error:
        message = f"{text!r} is not a version (PEP 440)"
        raise UsageError(message, advice="write for example 1.2.3 or 1.2.3rc1") from error


def _keep_setup_directories(state: State, plan: Plan, folder: Path) -> None:
    for release in plan.releases:
        scanned = state.scanned[release.package]
        target = folder / release.package
        if scanned.package.project is not None:
            continue
        if target.exists() and any(target.iterdir()):
            message = f"{target} is there already"
            raise UsageError(message, advice="name a new folder: nothing is overwritten")
        setup = assemble(state.tree, state.repository.config, scanned, release.version, release.floors)
        write_tree(target, setup.files)


def _tell(
    release_set: ReleaseSet,
    failures: Sequence[BuildFailure],
    blocked: Sequence[Blocked],
    folder: Path,
    *,
    as_json: bool,
) -> None:
    if as_json:
        output.say_json(release_set_to_json(release_set))
    elif not release_set.releases and not failures and not blocked:
        output.say("nothing to build: no package has changed (name one, or use --all)")
    else:
        for built in release_set.releases:
            for file in built.files:
                output.say(f"built {folder.name}/{file.name}  ({file.size:,} bytes)", style="green")
    for item in blocked:
        output.fail(str(item), item.advice)
    show_failures(failures)


def show_failures(failures: Sequence[BuildFailure]) -> None:
    """The packages that could not be built, and why."""
    for failure in failures:
        output.fail(f"{failure.package}: {failure.error.message}", failure.error.advice)


def exit_code_of(failures: Sequence[BuildFailure]) -> int:
    """3 when a build backend or the file system failed, 1 for anything wrong with a package, 0 for no failure."""
    return max((failure.error.exit_code for failure in failures), default=0)


COMMANDS = {"make-package": make_package}

"""What ``paa record`` works on, and what it tells: the releases of a build, or all of a plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from paa.cli import output
from paa.cli.recorded import CHOSEN, confirm_releases, recorded_document, show_recorded, used_up_text
from paa.cli.summaries import add_summary
from paa.documents.reading import SCHEMA
from paa.edges import git_history
from paa.edges.files import read_bytes
from paa.edges.tree import commit_tree
from paa.errors import PaaError, UsageError
from paa.model import Plan, ReleaseSet
from paa.publish.receipts import read_burnt
from paa.record import Beside, Confirmed, ReadmeEdit, Recorded, built_as_planned, notes_of, record_beside
from paa.record import record as record_releases
from paa.record.files import README
from paa.record.summary import ReleaseSummary, summary_markdown
from paa.release import load_plan, load_release_set, require_same_commit
from paa.scan.repository import Repository, require_commit


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRun:
    """One run: what there is to record, what the indexes say of it, and what the plan blocked, with the reasons.

    ``chosen`` are the packages that are where the plan brings them, and not everywhere where they have to be.
    """

    repository: Repository
    release_set: ReleaseSet
    confirmed: Confirmed
    blocked: Mapping[str, str] = field(default_factory=dict)
    edit: ReadmeEdit | None = None
    chosen: tuple[str, ...] = ()

    def record(self, *, push: bool) -> Recorded:
        """Record what is on every index, and beside that what is on chosen ones, and what is used up."""
        plan, found = self.release_set.plan, self.confirmed
        done = record_releases(self.repository, self.release_set, found.everywhere, push=push, edit=self.edit)
        built = {item.release.package: item.release for item in self.release_set.releases}
        published = {package: plan.targets_of(built[package]) for package in self.chosen}
        notes = notes_of(plan, self.release_set.releases, Beside(published=published, burnt=found.burnt))
        return replace(done, beside=record_beside(self.repository, plan, notes, push=push))


def open_record(repository: Repository, options: Mapping[str, Any]) -> RecordRun:
    """Read what the options name, and ask the indexes. Raises UsageError for what does not belong to this clone."""
    edit = _read_edit(repository, options["readme"])
    folder = repository.root / options["dist"]
    if options["plan_file"] is None:
        release_set = load_release_set(folder)
        require_same_commit(repository, release_set)
        confirmed = confirm_releases(repository, release_set, noted=read_burnt(folder))
        chosen = tuple(confirmed.waiting)
        # By hand every release that is built is meant to be recorded, whatever the run was to publish.
        missing = {**confirmed.missing, **confirmed.waiting}
        confirmed = replace(confirmed, missing=missing, waiting={})
        return RecordRun(repository=repository, release_set=release_set, confirmed=confirmed, edit=edit, chosen=chosen)
    plan = load_plan(options["directory"] / options["plan_file"])
    _require_ancestor(repository, plan)
    release_set, left = built_as_planned(plan, _built(folder))
    confirmed = confirm_releases(repository, release_set, left, read_burnt(folder))
    return RecordRun(
        repository=repository,
        release_set=release_set,
        confirmed=confirmed,
        chosen=tuple(confirmed.waiting),
        blocked={item.package: str(item).removeprefix(f"{item.package}: ") for item in plan.blocked},
        edit=edit,
    )


def tell(run: RecordRun, done: Recorded, *, summary: str | None, as_json: bool) -> bool:
    """Say what was recorded and what was not, and why; return whether something is left for somebody to do."""
    left = {**run.confirmed.missing, **run.blocked}
    if as_json:
        reasons = {"not_published": sorted(run.confirmed.missing), "waiting": sorted(run.confirmed.waiting)}
        blocked = {"blocked": dict(sorted(run.blocked.items()))}
        output.say_json({"schema": SCHEMA, **recorded_document(done), **reasons, **blocked})
    else:
        show_recorded(done)
    burnt = {item.package for item in run.confirmed.burnt}
    for package, reason in sorted(run.confirmed.missing.items()):
        advice = None if package in burnt else "run 'paa publish' again"
        output.fail(f"{package} is not on every index, so it was not recorded: {reason}", advice)
    for item in run.confirmed.burnt:
        output.warn(used_up_text(item))
    for package, reason in sorted(run.confirmed.waiting.items()):
        output.warn(f"{package} is not recorded yet: {reason}; {CHOSEN}")
    for package, reason in sorted(run.blocked.items()):
        output.fail(f"{package} was not released: {reason}", None)
    if summary:
        add_summary(Path(summary), _summary(run, done, left))
    return bool(left or done.refused)


def _summary(run: RecordRun, done: Recorded, left: Mapping[str, str]) -> str:
    plan = run.release_set.plan
    published = {*run.confirmed.everywhere, *run.confirmed.waiting}
    released = [item.release for item in run.release_set.releases if item.release.package in published]
    indexes = {release.package: plan.targets_of(release) for release in released}
    remarks = [used_up_text(item) for item in run.confirmed.burnt]
    remarks += [f"The tag {tag} is there already and records something else: look at it." for tag in done.refused]
    if done.push_problem:
        remarks.append(f"Only the tags were pushed, which is enough for the next plan. The branch: {done.push_problem}")
    if done.readme_problem:
        remarks.append(done.readme_problem)
    return summary_markdown(
        ReleaseSummary(
            released=released,
            indexes=indexes,
            waiting=run.confirmed.waiting,
            left=left,
            install=_install_texts(run, indexes) if released else {},
            remarks=remarks,
        )
    )


def _install_texts(run: RecordRun, indexes: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    """How pip installs from each index what was released there; the versions are those of this run."""
    from paa.cli.indexes import install_text
    from paa.publish.installing import Installer
    from paa.publish.targets import select_indexes

    names = sorted({name for targets in indexes.values() for name in targets})
    texts = {}
    for name in names:
        releases = [item.release for item in run.release_set.releases if name in indexes.get(item.release.package, ())]
        packages = {f"{release.distribution}=={release.version}": release.package for release in releases}
        try:
            (index,) = select_indexes(run.repository.config, (name,))
            texts[name] = install_text(run.repository, index, Installer.PIP, packages)
        except PaaError as error:
            texts[name] = f"# {error.message}"
    return texts


def _built(folder: Path) -> ReleaseSet | None:
    """What a build left in ``folder``, None where it left nothing."""
    try:
        return load_release_set(folder)
    except UsageError:
        return None


def _require_ancestor(repository: Repository, plan: Plan) -> None:
    """Raise UsageError when this clone does not hold the commit that was planned, which is where the tags go."""
    head = require_commit(repository)
    if plan.commit is None or not (plan.commit == head or git_history.is_ancestor(repository.root, plan.commit, head)):
        made = (plan.commit or "no commit")[:12]
        message = f"the plan was made from {made}, which is not in the history of HEAD ({head[:12]})"
        raise UsageError(message, advice="check out the commit of the plan with its history, then run again")


def _read_edit(repository: Repository, path: Path | None) -> ReadmeEdit | None:
    if path is None:
        return None
    file = repository.root / path
    if file != repository.root / README:
        message = f"{path} is not the {README} of the repository"
        raise UsageError(message, advice=f"--readme {README}")
    if file.is_symlink() or not file.is_file():
        return None
    head = require_commit(repository)
    return ReadmeEdit(edited=read_bytes(file), original=commit_tree(repository.root, head).read_one(README))

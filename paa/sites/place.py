"""Where sites go: a folder, or a branch of a repository in one commit. What else is there stays."""

from collections.abc import Callable, Collection
from pathlib import Path

from paa.edges.files import read_bytes, translated, write_atomic
from paa.edges.git import BlobEntry
from paa.edges.git_store import GitStore
from paa.edges.index_branches import branch_reference, tip
from paa.publish.branch_push import Push, push_until_done
from paa.sites.manifest import MANIFEST, Manifest, manifest_bytes, parse_manifest
from paa.sites.update import Update

# Without it GitHub takes a branch for a site to be made with Jekyll, which leaves out folders that begin with _.
NO_JEKYLL = ".nojekyll"
_MODE = "100644"
_MOST_NAMED = 3

# From what is there (its manifest, and the paths of all files) to what changes.
Decide = Callable[[Manifest, Collection[str]], Update]


def update_folder(root: Path, decide: Decide) -> Update:
    """Bring the folder ``root`` up to date, or make it. Raises FileError, and what ``decide`` does."""
    with translated("write", root):
        root.mkdir(parents=True, exist_ok=True)
        there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    manifest = parse_manifest(read_bytes(root / MANIFEST) if MANIFEST in there else None)
    update = decide(manifest, there)
    with translated("write", root):
        for path in sorted(update.removed):
            (root / path).unlink()
            _remove_empty(root, (root / path).parent)
        for path, file in update.files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(file.read_bytes())
        if NO_JEKYLL not in there:
            (root / NO_JEKYLL).write_bytes(b"")
    if update.manifest != manifest or MANIFEST not in there:
        # Last: what was interrupted is made again.
        write_atomic(root / MANIFEST, manifest_bytes(update.manifest))
    return update


def update_branch(store: GitStore, branch: str, decide: Decide) -> Update:
    """Bring ``branch`` of the repository beside ``store`` up to date, in one commit on top of what is there by then.

    Raises UploadError, TemporaryUploadError when it may work later, and what ``decide`` does.
    """
    reference = branch_reference(branch)
    last: list[Update] = []

    def attempt() -> Push | None:
        commit = tip(store, reference)
        there = store.list_files(commit) if commit else {}
        manifest = parse_manifest(store.read(there[MANIFEST].blob) if MANIFEST in there else None)
        update = decide(manifest, there)
        last[:] = [update]
        changed = _changed(store, update, there)
        removed = update.removed & there.keys()
        if not changed and not removed:
            return None
        made = store.commit(store.tree_with(commit, changed, removed), _message(update), parent=commit)
        return Push(wanted={reference: made}, seen={reference: commit} if commit else {})

    push_until_done(store, f"the branch {branch}", attempt)
    return last[0]


def _changed(store: GitStore, update: Update, there: dict[str, BlobEntry]) -> dict[str, BlobEntry]:
    blobs = store.add_files(list(update.files.values()))
    files = {path: BlobEntry(mode=_MODE, blob=blob) for path, blob in zip(update.files, blobs, strict=True)}
    if update.manifest.sites or update.manifest.catalogue:
        files[MANIFEST] = BlobEntry(mode=_MODE, blob=store.add(manifest_bytes(update.manifest)))
        if NO_JEKYLL not in there:
            files[NO_JEKYLL] = BlobEntry(mode=_MODE, blob=store.add(b""))
    return {path: entry for path, entry in files.items() if there.get(path) != entry}


def _message(update: Update) -> str:
    sites = {name: site.version for name, site in update.manifest.sites.items() if name in update.made}
    names = [f"{name} {version or ''}".strip() for name, version in sorted(sites.items())]
    if not names:
        return "Update the catalogue of packages\n"
    subject = ", ".join(names) if len(names) <= _MOST_NAMED else f"{len(names)} packages"
    body = "".join(f"- {name}\n" for name in names)
    return f"Update the sites of {subject}\n\n{body}"


def _remove_empty(root: Path, folder: Path) -> None:
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent

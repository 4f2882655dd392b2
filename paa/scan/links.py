"""Artifacts that are fetched: ``.link`` files and ``artifact_urls``, checked and joined with their pins.

Nothing is fetched here. A link without a pin in ``artifacts.lock`` blocks its package.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from paa.config import Config
from paa.documents.artifacts_lock import ARTIFACTS_LOCK, parse_artifacts_lock
from paa.edges.addresses import without_user_info
from paa.edges.tree import Tree
from paa.errors import ConfigError, FileError
from paa.model import Finding, LinkedArtifact, Location, Package, Pin
from paa.scan.artifacts import RULE, clash_findings, name_fault
from paa.scan.source.facts import SourceFacts

_KEY = "artifact_urls"
_LONGEST_ADDRESS = 2048
_ADDRESS = re.compile(r"[!-\[\]-~]+")  # ASCII without white space and the backslash


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSources:
    """What links are read from: the contents of link files by path, and the pins of ``artifacts.lock`` by address.

    ``fault`` says why the lock can't be used; ``tree`` is the state that all this is from.
    """

    tree: Tree
    files: Mapping[str, bytes]
    pins: Mapping[str, Pin]
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The linked artifacts of one package, sorted by place, and what is wrong with them.

    ``contents`` are the files of the repository that decide what is linked, with their content hashes.
    """

    linked: tuple[LinkedArtifact, ...]
    findings: tuple[Finding, ...]
    contents: Mapping[str, str]


def open_links(tree: Tree, packages: Iterable[Package]) -> LinkSources:
    """Read the lock, and the link files of ``packages`` as far as they can be read. Raises FileError or GitError.

    A damaged lock is told by each package that needs it.
    """
    paths = sorted({path for package in packages for path in package.artifact_links.values()} - tree.links)
    try:
        files = tree.read(paths) if paths else {}
    except FileError:
        files = dict(_readable(tree, paths))
    data = tree.read_one(ARTIFACTS_LOCK) if ARTIFACTS_LOCK not in tree.links else None
    try:
        return LinkSources(tree=tree, files=files, pins={} if data is None else parse_artifacts_lock(data))
    except ConfigError as error:
        fault = " ".join(line.strip() for line in error.message.splitlines())
        return LinkSources(tree=tree, files=files, pins={}, fault=fault)


def _readable(tree: Tree, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            data = tree.read_one(path)
        except FileError:
            continue
        if data is not None:
            yield path, data


def package_links(package: Package, facts: SourceFacts, sources: LinkSources) -> Links:
    """The linked artifacts of ``package``, from its link files and ``artifact_urls`` in ``facts``, its module's."""
    findings: list[Finding] = []
    wanted = [
        *_from_files(package, sources.files, findings),
        *_from_metadata(package, facts, findings),
    ]
    linked = []
    for artifact in sorted(wanted, key=lambda item: (item.path, item.source.path)):
        if fault := address_fault(artifact.url):
            findings.append(_finding(artifact.source, fault, "write the https address of the file itself"))
            continue
        pin = sources.pins.get(artifact.url)
        linked.append(replace(artifact, pin=pin))
        if pin is None:
            reason = sources.fault or f"its address is not in {ARTIFACTS_LOCK}"
            advice = f"run 'paa refresh-module-artifacts {package.name}' and commit {ARTIFACTS_LOCK}"
            message = f"the artifact {artifact.path!r} is not pinned: {reason}"
            findings.append(_finding(artifact.source, message, advice))
    places = [(place, Location(path=path)) for place, path in package.artifacts.items()]
    findings += clash_findings((*places, *((artifact.path, artifact.source) for artifact in wanted)))
    read = sources.files.keys() & set(package.artifact_links.values())
    lock = {ARTIFACTS_LOCK} & sources.tree.blobs.keys() if linked else set()
    contents = {path: sources.tree.blobs[path] for path in sorted(read | lock)}
    return Links(linked=tuple(linked), findings=tuple(findings), contents=contents)


def placed_artifacts(package: Package, linked: Iterable[LinkedArtifact], config: Config) -> Mapping[str, str]:
    """What lies where among the artifacts, for those whose path in the repository does not say it already.

    Of a link this is what goes into the package: the hash it is pinned to and its address without the query. So a new
    token in an address changes nothing, and neither does fetching the same bytes again.
    """
    own = "" if config.artifacts_dir == "." else f"{config.artifacts_dir}/"
    placed = {place: path for place, path in package.artifacts.items() if path != f"{own}{package.name}/{place}"}
    placed |= {item.path: f"{item.pin.sha256} {without_user_info(item.url)}" for item in linked if item.pin}
    return placed


def address_fault(url: str) -> str | None:
    """Why nothing is fetched from ``url``, fit to be shown; None if it may be."""
    if not url:
        return "the address is missing"
    if len(url) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(url):
        return "the first line is not an address: it holds white space, other than ASCII letters, or is too long"
    shown = without_user_info(url)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "the address is malformed"
    if parts.scheme != "https":
        return f"artifacts are fetched over https only, and this is {shown!r}"
    if "@" in parts.netloc:
        return f"{shown!r}: the address holds a user name or password, which is never sent nor stored"
    return None if host else f"{shown!r} names no host"


def _from_files(package: Package, files: Mapping[str, bytes], findings: list[Finding]) -> Iterator[LinkedArtifact]:
    for place, path in package.artifact_links.items():
        source = Location(path=path, line=1)
        if path not in files:
            # A symbolic link, which is told by whoever found it, or a file that can't be read.
            message = f"the link of the artifact {place!r} can't be read"
            findings.append(_finding(Location(path=path), message, "put a text file there, with the address in it"))
            continue
        first, *others = files[path].decode("utf-8-sig", "replace").splitlines() or [""]
        more = next((number for number, line in enumerate(others, 2) if line.strip() and line[0] != "#"), None)
        if more is not None:
            message = "a link holds one address, on its first line, and notes only behind '#'"
            findings.append(_finding(Location(path=path, line=more), message, "make a file of its own for each"))
        yield LinkedArtifact(path=place, url=first.strip(), source=source)


def _from_metadata(package: Package, facts: SourceFacts, findings: list[Finding]) -> Iterator[LinkedArtifact]:
    source = Location(path=package.module, line=facts.metadata_line)
    urls = (facts.metadata or {}).get(_KEY)
    if urls is None:
        return
    if not isinstance(urls, dict):
        findings.append(_finding(source, f"__package_metadata__: {_KEY} must be a dictionary of name: address"))
        return
    for name, url in urls.items():
        where = f"__package_metadata__: {_KEY}: {name!r}"
        if not isinstance(name, str) or not isinstance(url, str):
            findings.append(_finding(source, f"{where}: name and address must be strings"))
        elif fault := name_fault(name):
            findings.append(_finding(source, f"{where} {fault}", "give the artifact another name"))
        else:
            yield LinkedArtifact(path=name, url=url.strip(), source=source)


def _finding(location: Location, message: str, advice: str | None = None) -> Finding:
    return Finding(rule=RULE, message=message, location=location, advice=advice)

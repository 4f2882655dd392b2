"""What there is to make sites of: the packages of a state of the repository, with the versions that users get."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from paa.documents.tracking import TRACKING_FILE, known_versions, parse_tracking
from paa.errors import FindingsError, PaaError
from paa.model import Release
from paa.plan.pep440 import parse_version
from paa.plan.state import repository_address
from paa.record.listing import install_commands
from paa.scan.scan import require_no_errors
from paa.scan.state import State, require_package
from paa.sites.catalogue import catalogue_source
from paa.sites.model import ListedSite, SiteSource
from paa.sites.pages import Surroundings, site_source

logger = logging.getLogger(__name__)

# Package and version → what each installer has to be told, by index and installer.
InstallTexts = Callable[[ListedSite], Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All that is to be built if it is not there yet; ``failed`` are the packages without a site, and why."""

    sites: tuple[SiteSource, ...]
    catalogue: SiteSource
    failed: Mapping[str, str] = field(default_factory=dict)


def list_sites(state: State, planned: Collection[Release]) -> dict[str, ListedSite]:
    """Every package that is published, by name; ``planned`` are releases that are not in the tracking files yet."""
    versions = known_versions(state.tree.read_one)
    data = state.tree.read_one(TRACKING_FILE)
    floors = {item.package: item.floors for item in (parse_tracking(data) if data else ())}
    found = {
        name: ListedSite(scanned=item, version=versions.get(name), floors=floors.get(name, {}))
        for name, item in state.scanned.items()
        if item.metadata is None or item.metadata.publish
    }
    for release in planned:
        item = found.get(release.package)
        if item is not None and _is_newer(release.version, item.version):
            found[release.package] = ListedSite(
                scanned=item.scanned, version=release.version, floors=release.floors, new_notes=release.notes
            )
    return dict(sorted(found.items()))


def read_sources(
    state: State, listed: Mapping[str, ListedSite], names: Collection[str], install: InstallTexts
) -> Sources:
    """The sites of the packages ``names``, and the catalogue of all. Raises UsageError for a name that is none."""
    config = state.repository.config
    chosen = [listed[require_package(state, name).package.name] for name in names]
    around = Surroundings(
        tree=state.tree,
        config=config,
        listed=listed,
        places={item.package: install(item) for item in chosen},
        base_url=config.gh_pages_base_url,
    )
    sites, failed = [], {}
    for item in chosen:
        try:
            require_no_errors(item.scanned)
            sites.append(site_source(around, item))
        except FindingsError as error:
            failed[item.package] = error.message
    source = repository_address(state.repository)
    title = config.source_repo_name or (urlsplit(source).path.rpartition("/")[2] if source else "") or "Packages"
    with_site = {site.name for site in sites} | {name for name, item in listed.items() if item.version is not None}
    catalogue = catalogue_source(around, title, source, with_site - failed.keys(), _commands(state))
    return Sources(sites=tuple(sites), catalogue=catalogue, failed=failed)


def _commands(state: State) -> Mapping[str, str]:
    try:
        return install_commands(state.repository)
    except PaaError as error:
        logger.warning("the catalogue does not say how to install: %s", error.message)
        return {}


def _is_newer(version: str, known: str | None) -> bool:
    before, after = parse_version(known or ""), parse_version(version)
    return after is not None and (before is None or after >= before)

"""A package and its history → its line in the list of packages."""

from paa.documents.listing import ListedPackage, PackageState
from paa.model import ScannedPackage, Standing
from paa.plan.records import History


def listed(item: ScannedPackage | Standing, history: History) -> ListedPackage:
    """What the list says about ``item``: its last release, and what has become of it since."""
    return ListedPackage(
        package=item.package.name,
        distribution=item.distribution,
        path=item.package.module,
        version=history.last.version if history.last else None,
        state=_state(item, history),
        interfaces=tuple(item.package.interfaces),
    )


def _state(item: ScannedPackage | Standing, history: History) -> PackageState:
    if item.errors:
        return PackageState.BROKEN
    if history.last is None:
        return PackageState.NEW
    return PackageState.UNCHANGED if history.last.fingerprint == item.fingerprint else PackageState.CHANGED

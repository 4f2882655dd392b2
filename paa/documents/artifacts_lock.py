"""``artifacts.lock``: what every linked artifact holds, by address. Only ``paa refresh-module-artifacts`` writes it."""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping

from paa.documents.reading import SCHEMA, close_document, open_document, parse_json, twice
from paa.documents.rules import LINE, SHA256
from paa.documents.writing import dump
from paa.errors import ConfigError
from paa.model import Pin

# At the top of the repository.
ARTIFACTS_LOCK = "artifacts.lock"
_ADVICE = "take its last good state from Git, or remove it and run 'paa refresh-module-artifacts'"


def parse_artifacts_lock(data: bytes) -> dict[str, Pin]:
    """The pins by address. Raises ConfigError with every fault."""
    with _damage_told():
        document = parse_json(data, ARTIFACTS_LOCK)
    top = open_document(document, ARTIFACTS_LOCK)
    pins = [
        Pin(url=node.text("url", LINE), sha256=node.text("sha256", SHA256), size=node.number("size"))
        for node in top.nodes("artifacts")
    ]
    if repeated := twice(pin.url for pin in pins):
        # Not the addresses themselves: a query can hold a token.
        top.fault("artifacts", f"{len(repeated)} of the addresses are there twice")
    with _damage_told():
        close_document(top, ARTIFACTS_LOCK)
    return {pin.url: pin for pin in pins}


@contextlib.contextmanager
def _damage_told() -> Iterator[None]:
    """Say of a damaged lock what to do with this file."""
    try:
        yield
    except ConfigError as error:
        first = error.message.partition("\n")[0]
        raise ConfigError(first, faults=error.faults, advice=_ADVICE) from error


def artifacts_lock_bytes(pins: Iterable[Pin]) -> bytes:
    """The content of the file, sorted by address."""
    items = [
        {"url": pin.url, "sha256": pin.sha256, "size": pin.size} for pin in sorted(pins, key=lambda item: item.url)
    ]
    return dump({"schema": SCHEMA, "artifacts": items})


def refreshed(old: Mapping[str, Pin], new: Iterable[Pin], used: Collection[str], *, all_known: bool) -> tuple[Pin, ...]:
    """The pins after a refresh: ``old`` with ``new`` on top, without addresses that nothing in ``used`` names any more.

    Without ``all_known`` (a package is broken, so what it links to may be unknown) nothing is dropped.
    """
    pins = {**old, **{pin.url: pin for pin in new}}
    return tuple(pins[url] for url in sorted(pins) if url in used or not all_known)

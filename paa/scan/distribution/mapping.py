"""``.paa/package_mapping.json``: what the user says about which distribution provides an import."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping

from paa.errors import ConfigError

MAPPING_PATH = ".paa/package_mapping.json"


def parse_mapping(data: bytes, source: str) -> Mapping[str, str]:
    """The content of the mapping file: a JSON object of import name (dotted or not) → distribution name (PEP 508).

    ``source`` names the file in messages. Raises ConfigError with every fault.
    """
    advice = f'{source} is a JSON object such as {{"yaml": "PyYAML", "google.cloud.storage": "google-cloud-storage"}}'
    try:
        # Objects become tuples of pairs, so that a key that is given twice is seen.
        pairs = json.loads(data.decode("utf-8-sig"), object_pairs_hook=tuple)
    except (ValueError, RecursionError) as error:
        message = f"{source} is not JSON in UTF-8: {error}"
        raise ConfigError(message, advice=advice) from error
    if faults := tuple(_mapping_faults(pairs)):
        message = f"{source} has faults:"
        raise ConfigError(message, faults=faults, advice=advice)
    return dict(sorted(pairs))


def _mapping_faults(pairs: object) -> Iterator[str]:
    if not isinstance(pairs, tuple):
        yield "it holds something else than a JSON object"
        return
    from packaging.utils import InvalidName, canonicalize_name

    times = Counter(key for key, _ in pairs)
    yield from (f"{key!r} is there {count} times" for key, count in sorted(times.items()) if count > 1)
    for key, value in pairs:
        if not all(part.isidentifier() for part in key.split(".")):
            yield f"{key!r} is not the name of a module"
        try:
            canonicalize_name(value if isinstance(value, str) else "", validate=True)
        except InvalidName:
            yield f"{key!r}: {value!r} is not the name of a distribution (a version belongs to a mark at the import)"


def with_lines(data: bytes | None, lines: Mapping[str, str]) -> bytes:
    """The mapping file ``data`` (None for none) with ``lines`` added at its end, sorted; all else stays as it is.

    ``data`` is what ``parse_mapping`` accepts, and has no line for any of the names. The new lines are written like
    those that are there: the same indentation, line ends, and one line for all where there is one.
    """
    text = (data or b"{}\n").decode()
    body, brace, rest = text.rpartition("}")
    kept = body.rstrip()
    newline = "\r\n" if "\r\n" in text else "\n"
    indentation = re.search(r"\n([ \t]*)\"", text)
    one_line = '"' in kept and indentation is None
    start = " " if one_line else newline + (indentation[1] if indentation else "  ")
    added = f",{start}".join(f"{json.dumps(name)}: {json.dumps(lines[name])}" for name in sorted(lines))
    comma = "," if '"' in kept else ""
    end = body[len(kept) :] if one_line or "\n" in body[len(kept) :] else newline
    first = "" if one_line and not comma else start
    return f"{kept}{comma}{first}{added}{end}{brace}{rest}".encode()

"""Compares the built-in table (import name → distribution) with wheels, and keeps a record of what was right, and when.

    script/verify-distributions                        what is installed in this environment
    script/verify-distributions --path FOLDER …        what is installed in those site-packages folders
    script/verify-distributions --wheels FOLDER        wheels that lie in a folder, as from: pip download --no-deps
    script/verify-distributions --index NAME …         the newest wheels on the index that pip uses here
    script/verify-distributions --index --sample 50    some that the record does not have yet, or has longest
    script/verify-distributions --index --all          every distribution of the table: about 2,700, two requests each

An entry is right when the wheel's list of files has the module. Ends with exit code 1 if one is wrong.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from packaging.utils import canonicalize_name

from paa.edges.clock import today
from paa.edges.files import write_atomic
from paa.scan.distribution.resolver import Table, load_table
from verification.wheels import Installed, Seen, Source, WheelFolder, look, open_pip_index

RECORD = Path(__file__).with_name("distributions.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One distribution of the table, compared with a wheel.

    ``wrong`` are the import names that the wheel of ``version`` does not have; ``reason`` says why nothing could be
    compared, and is None where something was.
    """

    distribution: str
    version: str | None = None
    wrong: tuple[str, ...] = ()
    reason: str | None = None


def entries(table: Table) -> Mapping[str, tuple[str, ...]]:
    """Distribution → the import names that the table says it has in its newest version."""
    found: dict[str, set[str]] = defaultdict(set)
    for name, distribution in table.imports.items():
        for item in (distribution, *table.alternatives.get(name, ())):
            found[item].add(name)
    for name, several in table.undecided.items():
        for item in several:
            if " " not in item:
                found[item].add(name)
    return {distribution: tuple(sorted(names)) for distribution, names in sorted(found.items())}


def compare(distribution: str, names: Iterable[str], seen: Seen | str) -> Checked:
    """Compare the import names of one distribution with what was seen of it."""
    if isinstance(seen, str):
        return Checked(distribution=distribution, reason=seen)
    wrong = tuple(name for name in names if seen.contents.provides(name) is None)
    return Checked(distribution=distribution, version=seen.version, wrong=wrong)


def updated(record: Mapping[str, Sequence[str]], checked: Iterable[Checked], source: str) -> dict[str, list[str]]:
    """The record with what was right added: distribution → version, source, day; without what was wrong."""
    new = {name: list(value) for name, value in record.items()}
    for item in checked:
        if item.version is not None:
            new.pop(item.distribution, None)
            if not item.wrong:
                new[item.distribution] = [item.version, source, today()]
    return dict(sorted(new.items()))


def read_record() -> dict[str, list[str]]:
    """The record: distribution → version, source and day of its last comparison that found it right."""
    document: dict[str, list[str]] = json.loads(RECORD.read_bytes())
    return document


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code says whether an entry is wrong."""
    options = _parser().parse_args(arguments)
    known, record = entries(load_table()), read_record()
    chosen = _chosen(known, record, options)
    with _source(options) as source:
        checked = []
        for distribution in chosen:
            checked.append(compare(distribution, known[distribution], look(source, distribution)))
            _show(checked[-1], verbose=options.index is not None)
    record = {name: value for name, value in updated(record, checked, source.name).items() if name in known}
    write_atomic(RECORD, _dumped(record))
    wrong = [item for item in checked if item.wrong]
    compared = [item for item in checked if item.version is not None]
    print(f"{len(compared)} compared, {len(wrong)} wrong, {len(checked) - len(compared)} could not be checked")
    print(f"the record has {len(record)} of {len(known)} distributions")
    return 1 if wrong else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="distributions of the table")
    parser.add_argument("--path", action="append", metavar="FOLDER")
    parser.add_argument("--wheels", type=Path, metavar="FOLDER")
    parser.add_argument("--index", action="store_true", default=None)
    parser.add_argument("--sample", type=int, metavar="COUNT")
    parser.add_argument("--all", action="store_true")
    return parser


def _chosen(
    known: Mapping[str, Sequence[str]], record: Mapping[str, Sequence[str]], options: argparse.Namespace
) -> list[str]:
    if options.names:
        spelled = {canonicalize_name(name): name for name in known}
        strange = [name for name in options.names if canonicalize_name(name) not in spelled]
        if strange:
            sys.exit(f"not in the table: {', '.join(strange)}")
        return [spelled[canonicalize_name(name)] for name in options.names]
    if options.sample:
        # What was never compared first, then what was compared the longest ago.
        return sorted(known, key=lambda name: (record[name][2] if name in record else "", name))[: options.sample]
    if options.index and not options.all:
        sys.exit("which ones? NAME …, --sample COUNT or --all")
    return list(known)


def _source(options: argparse.Namespace) -> AbstractContextManager[Source]:
    if options.index:
        return open_pip_index()
    return nullcontext(WheelFolder(options.wheels) if options.wheels else Installed(options.path))


def _show(checked: Checked, *, verbose: bool) -> None:
    if checked.wrong:
        print(f"WRONG  {checked.distribution} {checked.version} does not have {', '.join(checked.wrong)}", flush=True)
    elif checked.reason is not None:
        if verbose:
            print(f"?      {checked.distribution}: {checked.reason}", flush=True)
    elif verbose:
        print(f"right  {checked.distribution} {checked.version}", flush=True)


def _dumped(record: Mapping[str, Sequence[str]]) -> bytes:
    """One line for each distribution, so that a change of the record can be read."""
    return ("{\n" + ",\n".join(_lines(record)) + "\n}\n").encode() if record else b"{}\n"


def _lines(record: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for name, value in record.items():
        yield f"  {json.dumps(name)}: {json.dumps(list(value))}"


if __name__ == "__main__":
    sys.exit(main())

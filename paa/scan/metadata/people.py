"""Authors as people write them → names and e-mail addresses."""

import re
from collections.abc import Iterator, Sequence

from paa.scan.metadata.values import MetadataReader

Person = tuple[str, str]

# RFC 5322, a mailbox: the forms without comments, and addresses without quotes and without domain literals.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
_MAILBOX = re.compile(
    rf"\s*(?:(?:\"(?P<quoted>(?:[^\"\\]|\\.)*)\"|(?P<name>[^\"<>@,;]*?))\s*<\s*(?P<address>{_ADDRESS})\s*>"
    rf"|(?P<bare>{_ADDRESS}))\s*(?:[,;]|\Z)"
)
_NAMED = re.compile(rf"(?P<name>[^<>]+?)\s*<\s*(?P<address>{_ADDRESS})\s*>")


def authors(reader: MetadataReader) -> tuple[Person, ...]:
    """Name and address of each author, either empty where it is not known, from ``author`` and ``author_email``.

    A name and an address belong together where there is one of each, and where both are lists of one length. Otherwise
    nobody says whose an address is: the names come first, the addresses after them.
    """
    names = [person for text in reader.text_or_texts("author") for person in _named(text)]
    mailboxes = list(_mailboxes(reader))
    many = any(isinstance(reader.values.get(key), list) for key in ("author", "author_email"))
    people = _paired(names, mailboxes, many=many)
    return tuple(dict.fromkeys(person for person in people if any(person)))


def _named(text: str) -> Iterator[Person]:
    found = _NAMED.fullmatch(text)
    yield (found["name"].strip('" '), found["address"]) if found else (text, "")


def _mailboxes(reader: MetadataReader) -> Iterator[Person]:
    for number, text in enumerate(reader.text_or_texts("author_email")):
        if not text:
            yield "", ""
            continue
        place = 0
        while place < len(text):
            found = _MAILBOX.match(text, place)
            if found is None:
                rest = text[place:].strip()
                advice = "write name@example.org, or 'Name <name@example.org>'; several are separated by commas"
                reader.fault(f"author_email.{number}", f"author_email: {rest!r} is not an e-mail address", advice)
                break
            name = re.sub(r"\\(.)", r"\1", found["quoted"]) if found["quoted"] is not None else found["name"]
            yield (name or "").strip(), found["address"] or found["bare"]
            place = found.end()


def _paired(names: Sequence[Person], mailboxes: Sequence[Person], *, many: bool) -> Iterator[Person]:
    together = len(names) == len(mailboxes) and (many or len(names) == 1)
    if together and all(_belong(named, mailbox) for named, mailbox in zip(names, mailboxes, strict=True)):
        for (name, _), (other, address) in zip(names, mailboxes, strict=True):
            yield name or other, address
    else:
        yield from names
        yield from mailboxes


def _belong(named: Person, mailbox: Person) -> bool:
    """Whether a name and an address can be one person's: neither comes with another one."""
    return not named[1] and (not named[0] or mailbox[0] in {"", named[0]})

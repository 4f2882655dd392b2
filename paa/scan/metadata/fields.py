"""Single fields of the metadata, each from its keys in ``__package_metadata__`` and from the settings."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, urlsplit

from packaging.utils import canonicalize_name

from paa.config import Config
from paa.model import Severity
from paa.scan.metadata.classifiers import classifier_fault
from paa.scan.metadata.licenses import near_label, not_buildable, spdx_expression
from paa.scan.metadata.values import MetadataReader, one_line

NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
COMMAND = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_SUMMARY_LIMIT = 512  # PyPI refuses a longer summary.
_LABEL_LIMIT = 32  # PyPI refuses a longer label of a project URL.
_DOTTED = r"[^\W\d]\w*(?:\.[^\W\d]\w*)*"
_OBJECT_REFERENCE = re.compile(rf"{_DOTTED}(?::{_DOTTED})?(?:\s*\[[\w, .-]*\])?")
_GROUP = re.compile(r"\w+(?:[.-]\w+)*")
_STATUS = "Development Status ::"
_WEB_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>\x00-\x20\x7f-\x9f]+")
# What RFC 3986 allows in an address; the rest is written in percent.
_ALLOWED = ":/?#[]@!$&'()*+,;=-._~%"


def description(reader: MetadataReader, docstring: str | None, distribution: str) -> str:
    """One line: what is given, else the first paragraph of the docstring, else the distribution's name."""
    own = one_line(reader.text("description") or "")
    text = own or one_line((docstring or "").strip().partition("\n\n")[0])
    if len(text) <= _SUMMARY_LIMIT:
        return text or distribution
    if own:
        message = (
            f"description: {len(own)} characters are more than the {_SUMMARY_LIMIT} that PyPI takes: it is cut there"
        )
        advice = "shorten it; the README is the place for more"
        reader.fault("description", message, advice, Severity.WARNING)
    return text[: _SUMMARY_LIMIT - 1].rsplit(" ", 1)[0] + "…"


def keywords(reader: MetadataReader) -> Iterator[str]:
    """Each keyword; those in one text are separated by commas, which no keyword can hold."""
    for text in reader.text_or_texts("keywords"):
        yield from filter(None, map(str.strip, text.split(",")))


def classifiers(reader: MetadataReader, config: Config, *, licensed: bool) -> Iterator[str]:
    """Those of the settings, then the package's own, whose development status stands for that of the settings.

    Beside an SPDX expression (``licensed``) none is about the licence (PEP 639).
    """
    own = reader.texts("classifiers")
    shared = [one_line(text) for text in config.classifiers]
    if any(text.startswith(_STATUS) for text in own):
        shared = [text for text in shared if not text.startswith(_STATUS)]
    places = [(text, f"classifiers in {config.source}", "") for text in shared]
    places += [(text, "classifiers", f"classifiers.{number}") for number, text in enumerate(own)]
    for text, where, path in places:
        if licensed and text.startswith("License ::"):
            continue
        if fault := classifier_fault(text):
            severity = Severity.ERROR if fault.certain else Severity.WARNING
            reader.fault(path, f"{where}: {fault.message}", fault.advice, severity)
        yield text


def urls(reader: MetadataReader, config: Config, repository: str | None) -> Mapping[str, str]:
    """Addresses by label. A label of ``project_urls`` stands for one of ours that means the same (PEP 753)."""
    found = {"Homepage": ("url", reader.text("url"))}
    found["Documentation"] = ("docs_url", reader.text("docs_url") or config.docs_url)
    if repository is not None and _is_web_address(repository):
        # Not the user's words: a remote that no web address can be made of is left out.
        found["Repository"] = ("", repository)
    for given, address in reader.mapping("project_urls"):
        label, path = one_line(given), f"project_urls.{given}"
        if not isinstance(address, str):
            reader.fault(path, f"project_urls: {given!r} must be a string")
        elif not 0 < len(label) <= _LABEL_LIMIT or "," in label:
            message = f"project_urls: the label {given!r} must have 1 to {_LABEL_LIMIT} characters and no comma"
            reader.fault(path, message)
        else:
            found = {name: value for name, value in found.items() if _normal(name) != _normal(label)}
            found[label] = (path, address.strip())
    for label, (path, address) in found.items():
        if address and not _is_web_address(address):
            shown = address.rpartition("@")[2]
            advice = f"write https://{shown}" if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?", shown) else None
            message = f"{label}: {shown!r} is not a web address without user name and password"
            reader.fault(path, message, advice)
    return {label: quote(address, safe=_ALLOWED) for label, (_, address) in found.items() if address}


def _is_web_address(text: str) -> bool:
    if not _WEB_ADDRESS.fullmatch(text):
        return False
    try:
        place = urlsplit(text).netloc
    except ValueError:
        return False
    return "@" not in place and place.isascii()


def _normal(label: str) -> str:
    return re.sub(r"[\W_]", "", label).lower()


def license_expression(reader: MetadataReader, config: Config) -> str | None:
    """The SPDX expression (PEP 639) from the module's ``license`` or the configuration's ``license_label``."""
    own = reader.text("license")
    label = own or config.license_label
    if not label:
        return None
    where = "license" if own else f"license_label in {config.source or 'the settings'}"
    path = "license" if own else ""
    expression = spdx_expression(label)
    if expression is None:
        close = near_label(label)
        hint = f"; did you mean {close!r}?" if close else ""
        message = f"{where}: {label!r} is not an SPDX licence expression{hint}"
        reader.fault(path, message, "for example MIT, or LicenseRef-Ours")
    elif reason := not_buildable(expression):
        advice = "name it LicenseRef-…, and put its text into the package's licence folder"
        reader.fault(path, f"{where}: {expression!r} can't be built yet: {reason}", advice)
    else:
        return expression
    return None


def extras(reader: MetadataReader) -> Mapping[str, tuple[str, ...]]:
    """Requirements by the normalised name of their extra (PEP 685)."""
    found: dict[str, tuple[str, ...]] = {}
    for name, items in reader.mapping("extras_require"):
        path = f"extras_require.{name}"
        if not NAME.fullmatch(name):
            advice = "a condition goes behind a requirement: name; python_version < '3.12'" if ":" in name else None
            reader.fault(path, f"extras_require: {name!r} is not a valid name of an extra", advice)
        else:
            normal = canonicalize_name(name)
            found[normal] = (*found.get(normal, ()), *reader.requirements(path, items))
    return found


def entry_points(reader: MetadataReader) -> Mapping[str, Mapping[str, str]]:
    """Entry points by group; a group is a dictionary, or as in a ``setup.py`` texts like ``name = module:object``."""
    groups: dict[str, Mapping[str, str]] = {}
    for group, given in reader.mapping("entry_points"):
        path = f"entry_points.{group}"
        entries = given if isinstance(given, dict) else _split_entries(given)
        if entries is None or not _GROUP.fullmatch(group):
            message = f"entry_points: {group!r} must be a group name with a dictionary of name: 'module:object'"
            reader.fault(path, message)
            continue
        for name, target in entries.items():
            if not isinstance(target, str) or not _is_entry_point(group, name, target):
                message = f"entry_points.{group}: {name!r}: {target!r} is not name: 'module:object'"
                reader.fault(f"{path}.{name}", message)
        groups[group] = {name: str(target) for name, target in entries.items()}
    return groups


def _split_entries(given: object) -> dict[str, str] | None:
    lines = given.splitlines() if isinstance(given, str) else given
    if not isinstance(lines, list) or not all(isinstance(line, str) and "=" in line for line in lines if line):
        return None
    parts: Iterable[tuple[str, str, str]] = (line.partition("=") for line in lines if line.strip())
    return {name.strip(): target.strip() for name, _, target in parts}


def _is_entry_point(group: str, name: str, target: str) -> bool:
    if group in {"console_scripts", "gui_scripts"}:
        # The name becomes a file name on every installer's machine, and the target is called.
        good = COMMAND.fullmatch(name) is not None and ":" in target
    else:
        # In the file of entry points a leading # or ; is a comment, and [ begins a group.
        good = bool(name) and name.strip() == name and not set("=[") & set(name) and name.isprintable()
        good = good and name[0] not in "#;"
    return good and _OBJECT_REFERENCE.fullmatch(target) is not None

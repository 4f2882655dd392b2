"""``__package_metadata__``, the docstring and the configuration → Metadata. Every fault is found in one go."""

import difflib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from paa.config import Config
from paa.model import Finding, Location, Metadata, Severity
from paa.scan.facts import SourceFacts
from paa.scan.licenses import near_label, spdx_expression
from paa.scan.standard_library import DEFAULT_REQUIRES_PYTHON

KEYS = (
    "name", "description", "author", "author_email", "url", "project_urls", "keywords", "classifiers",
    "requires_python", "readme", "license", "extras_require", "install_requires", "artifact_urls", "publish",
    "variants", "entry_points",
)  # fmt: skip
_COMING = ("artifact_urls", "variants")
_MARKER_KEYWORD = "aa-paa-tool"
_SUMMARY_LIMIT = 512  # PyPI refuses a longer summary.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
COMMAND = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_OBJECT_REFERENCE = re.compile(r"[A-Za-z_][\w.]*(?::[A-Za-z_][\w.]*)?(?:\s*\[[\w, .-]*\])?")
_WEB_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>\x00-\x20\x7f]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_GROUP = re.compile(r"\w+(?:[.-]\w+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The metadata of a package, or None with the findings that kept it from being known."""

    metadata: Metadata | None
    findings: tuple[Finding, ...]


def describe(name: str, path: str, facts: SourceFacts, config: Config, repository: str | None) -> Described:
    """The metadata of the module ``name`` at ``path``. ``repository`` is the https address of the sources, if known."""
    reader = _Reader(values=facts.metadata or {}, location=Location(path=path, line=facts.metadata_line), findings=[])
    reader.check_keys()
    distribution = reader.text("name", _NAME) or name.replace("_", "-")
    license_expression = _license(reader, config)
    classifiers = (*config.classifiers, *reader.texts("classifiers"))
    metadata = Metadata(
        distribution=distribution,
        description=_description(reader, facts.docstring, distribution),
        requires_python=reader.specifier("requires_python") or config.requires_python or DEFAULT_REQUIRES_PYTHON,
        authors=_authors(reader),
        license=license_expression,
        keywords=tuple(dict.fromkeys((*reader.keywords(), _MARKER_KEYWORD))),
        # PEP 639: no licence classifiers beside an expression.
        classifiers=tuple(
            dict.fromkeys(text for text in classifiers if not (license_expression and text.startswith("License ::")))
        ),
        urls=_urls(reader, config, repository),
        readme=posixpath.normpath(readme) if (readme := reader.text("readme")) else None,
        extras_require=reader.extras(),
        install_requires=reader.requirements("install_requires"),
        entry_points=reader.entry_points(),
        command=facts.command,
        publish=reader.boolean("publish", default=True),
    )
    failed = any(finding.severity is Severity.ERROR for finding in reader.findings)
    return Described(metadata=None if failed else metadata, findings=tuple(reader.findings))


def given_name(facts: SourceFacts) -> str | None:
    """The name on the index that a module gives itself, if it is one."""
    name = (facts.metadata or {}).get("name")
    return name if isinstance(name, str) and _NAME.fullmatch(name) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Typed getters over the raw dictionary; what is wrong is collected and the getter goes on with nothing."""

    values: Mapping[str, object]
    location: Location
    findings: list[Finding]

    def fault(self, message: str, advice: str | None = None) -> None:
        text = f"__package_metadata__: {message}"
        self.findings.append(Finding(rule="metadata", message=text, location=self.location, advice=advice))

    def check_keys(self) -> None:
        for key in self.values:
            if key in _COMING:
                self.fault(f"{key} is not supported yet", "remove it, or stay with what the other keys give")
            elif key not in KEYS:
                close = difflib.get_close_matches(key, KEYS, n=1)
                self.fault(f"unknown key {key!r}" + (f"; did you mean {close[0]!r}?" if close else ""))

    def text(self, key: str, pattern: re.Pattern[str] | None = None) -> str | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(f"{key} must be a string, not {type(value).__name__}")
            return None
        if pattern is not None and not pattern.fullmatch(value):
            self.fault(f"{key}: {value!r} is not a valid name (PEP 508)")
            return None
        return value.strip() or None

    def boolean(self, key: str, *, default: bool) -> bool:
        value = default if self.values.get(key) is None else self.values[key]
        if not isinstance(value, bool):
            self.fault(f"{key} must be True or False, not {value!r}")
            return default
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = [] if self.values.get(key) is None else self.values[key]
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fault(f"{key} must be a list of strings")
            return ()
        return tuple(_line(item) for item in value)

    def keywords(self) -> tuple[str, ...]:
        value = self.values.get("keywords")
        words = value.split(",") if isinstance(value, str) else self.texts("keywords")
        return tuple(_line(word) for word in words if _line(word))

    def mapping(self, key: str) -> Iterator[tuple[str, object]]:
        value = {} if self.values.get(key) is None else self.values[key]
        if not isinstance(value, dict):
            self.fault(f"{key} must be a dictionary")
            return
        yield from value.items()

    def specifier(self, key: str) -> str | None:
        value = self.text(key)
        try:
            return str(SpecifierSet(value)) if value else None
        except InvalidSpecifier:
            self.fault(f"{key}: {value!r} is not a version specifier (PEP 440)", "write for example '>=3.11'")
            return None

    def requirements(self, key: str, values: object = None) -> tuple[str, ...]:
        items = values if values is not None else list(self.texts(key))
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            self.fault(f"{key} must be a list of requirements")
            return ()
        found = []
        for item in items:
            try:
                found.append(str(Requirement(item)))
            except (InvalidRequirement, RecursionError) as error:
                reason = str(error).partition("\n")[0]
                self.fault(f"{key}: {item!r} is not a requirement: {reason}", "write PEP 508, for example 'name>=1.2'")
        return tuple(found)

    def extras(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for name, items in self.mapping("extras_require"):
            if not _NAME.fullmatch(name):
                self.fault(f"extras_require: {name!r} is not a valid name of an extra")
            else:
                normal = canonicalize_name(name)
                found[normal] = (*found.get(normal, ()), *self.requirements(f"extras_require.{name}", items))
        return found

    def entry_points(self) -> Mapping[str, Mapping[str, str]]:
        groups: dict[str, Mapping[str, str]] = {}
        for group, entries in self.mapping("entry_points"):
            good = isinstance(entries, dict) and _GROUP.fullmatch(group)
            if not good or not isinstance(entries, dict):
                self.fault(f"entry_points: {group!r} must be a group name with a dictionary of name: 'module:object'")
                continue
            for name, target in entries.items():
                if not isinstance(target, str) or not _is_entry_point(group, name, target):
                    self.fault(f"entry_points.{group}: {name!r}: {target!r} is not name: 'module:object'")
            groups[group] = {name: str(target) for name, target in entries.items()}
        return groups


def _is_entry_point(group: str, name: str, target: str) -> bool:
    if group in {"console_scripts", "gui_scripts"}:
        # The name becomes a file name on every installer's machine, and the target is called.
        good = COMMAND.fullmatch(name) is not None and ":" in target
    else:
        good = bool(name) and name.strip() == name and not set("=[") & set(name) and name.isprintable()
    return good and _OBJECT_REFERENCE.fullmatch(target) is not None


def _line(text: str) -> str:
    """``text`` on one line and without control characters: a metadata field can't hold them."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _description(reader: _Reader, docstring: str | None, distribution: str) -> str:
    text = _line(reader.text("description") or (docstring or "").strip().partition("\n\n")[0])
    if len(text) <= _SUMMARY_LIMIT:
        return text or distribution
    return text[: _SUMMARY_LIMIT - 1].rsplit(" ", 1)[0] + "…"


def _authors(reader: _Reader) -> tuple[tuple[str, str], ...]:
    name, address = _line(reader.text("author") or ""), _line(reader.text("author_email") or "")
    if address and "@" not in address:
        reader.fault(f"author_email: {address!r} is not an e-mail address")
        return ()
    return ((name, address),) if name or address else ()


def _urls(reader: _Reader, config: Config, repository: str | None) -> Mapping[str, str]:
    found = {"Homepage": reader.text("url"), "Documentation": config.docs_url}
    if repository is not None and _is_web_address(repository):
        # Not the user's words: a remote that no web address can be made of is left out.
        found["Repository"] = repository
    for label, address in reader.mapping("project_urls"):
        found[_line(label)] = address if isinstance(address, str) else None
        if not isinstance(address, str):
            reader.fault(f"project_urls: {label!r} must be a string")
    for label, value in found.items():
        if value is not None and not _is_web_address(value):
            shown = value.partition("@")[2] or value
            reader.fault(f"{label}: {shown!r} is not a web address without user name and password")
        # PyPI's limit (core metadata: Project-URL), and the comma that ends a label.
        if not 0 < len(label) <= 32 or "," in label:  # noqa: PLR2004
            reader.fault(f"project_urls: the label {label!r} must have 1 to 32 characters and no comma")
    return {label: value for label, value in found.items() if value is not None}


def _is_web_address(text: str) -> bool:
    return _WEB_ADDRESS.fullmatch(text) is not None and "@" not in text.partition("://")[2].partition("/")[0]


def _license(reader: _Reader, config: Config) -> str | None:
    """The SPDX expression (PEP 639) from the module's ``license`` or the configuration's ``license_label``."""
    own = reader.text("license")
    label = own or config.license_label
    if not label or (expression := spdx_expression(label)) is not None:
        return expression if label else None
    where = "license" if own else f"license_label in {config.source or 'the configuration'}"
    close = near_label(label)
    hint = f"; did you mean {close!r}?" if close else ""
    reader.fault(f"{where}: {label!r} is not an SPDX licence expression{hint}", "for example MIT, or LicenseRef-Ours")
    return None

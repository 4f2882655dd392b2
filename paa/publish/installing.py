"""What installers have to be told so that the names of a repository come from its own index, and from nowhere else.

The texts hold no secrets: the installers ask the environment or keyring for them. docs/reference/indexes.md says what
was tried with which installer.
"""

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from paa.errors import UsageError
from paa.model import Index, IndexKind
from paa.publish.targets import resolve_index

_CONFUSION = (
    "# WARNING: with --extra-index-url pip takes the highest version from whichever index has it. Whoever puts a\n"
    "# higher version of one of these names on a public index is then installed instead of yours (dependency\n"
    "# confusion). Use it only if the names are registered as yours there as well. What closes the door: uv or Poetry\n"
    "# (--install-with uv, --install-with poetry), or an index that fetches the rest itself, with --index-url alone.\n"
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_UV_GROUP = (
    "# uv binds only what the project itself names: without this group, what one of these packages requires of\n"
    "# the others would come from a public index. The group is resolved, and not installed.\n"
    "# `uv pip` reads no groups: use it as --install-with pip says.\n"
    "[dependency-groups]\n"
)
_ON_BRANCHES = (
    "# From Git: each package from its branch, which holds the newest release. A tag dist/NAME-vVERSION in place of\n"
    "# the branch is one release. All names stand here, so that none is looked for on a public index.\n"
)
_BOUND = "# pyproject.toml: the names below come from this index and from no other, and nothing else comes from it.\n"


class Installer(StrEnum):
    """What can be told."""

    PIP = "pip"
    UV = "uv"
    POETRY = "poetry"
    TWINE = "twine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An index that installers are told of: ``url`` is the address for them, ``user`` the name that a token has there.

    What ``is_public`` is known to every installer, and its names need no binding.
    """

    index: Index
    url: str
    user: str = ""
    is_public: bool = False


def place_of(index: Index, user: str) -> Place:
    """Where installers find ``index`` (resolved), which is of any kind but ``git``."""
    if index.kind is IndexKind.DIRECTORY and index.path is not None:
        return Place(index=index, url=f"{index.path.as_uri()}/simple/")
    url = index.install_url or index.simple_url or ""
    default = resolve_index(Index(name=index.name, kind=IndexKind.PYPI)) if index.kind is IndexKind.PYPI else None
    return Place(index=index, url=url, user=user, is_public=default is not None and url == default.simple_url)


def configuration(installer: Installer, place: Place, distributions: Sequence[str]) -> str:
    """The text for ``installer``: TOML, INI or commands, as it is pasted. ``distributions`` are the names of ours."""
    return _TEXTS[installer](place, sorted(distributions))


def branch_configuration(installer: Installer, index: Index, repository: str, packages: Mapping[str, str]) -> str:
    """The same for an index of kind ``git`` in the Git ``repository`` with that address.

    ``packages`` gives the package of each distribution. Raises UsageError for twine.
    """
    branches = {name: (index.branch or "").replace("{package}", package) for name, package in sorted(packages.items())}
    sources = {name: f"{{ git = {_text(repository)}, branch = {_text(branch)} }}" for name, branch in branches.items()}
    lines = "".join(_lines([name], source) for name, source in sources.items())
    group = _text(index.name)
    match installer:
        case Installer.TWINE:
            raise _no_uploads(index)
        case Installer.PIP:
            wanted = [f"{name} @ git+{repository}@{branch}" for name, branch in branches.items()]
            return f"{_ON_BRANCHES}pip install {shlex.join(wanted)}\n"
        case Installer.UV:
            return f"{_ON_BRANCHES}[tool.uv.sources]\n{lines}\n{_UV_GROUP}{group} = {json.dumps([*branches])}\n"
        case Installer.POETRY:
            return f"{_ON_BRANCHES}{_poetry_group(group)}{lines}"


def _pip(place: Place, names: Sequence[str]) -> str:
    wanted = " ".join(names) or "NAME"
    url = shlex.quote(place.url)
    if place.is_public:
        return f"pip install {wanted}\n"
    return (
        f"{_login(place, 'pip reads the login from keyring, or from .netrc')}"
        "# Everything from this index alone, for an index that has or fetches what these packages require too:\n"
        f"pip install --index-url {url} {wanted}\n"
        "\n"
        f"{_CONFUSION}"
        f"# pip install --extra-index-url {url} {wanted}\n"
    )


def _uv(place: Place, names: Sequence[str]) -> str:
    if place.is_public:
        return f"uv add {' '.join(names) or 'NAME'}\n"
    index = _text(place.index.name)
    variables = _variables("UV_INDEX_", place)
    return (
        f"{_BOUND}"
        f"{_login(place, f'uv reads the login from {variables}')}"
        "[[tool.uv.index]]\n"
        f"name = {index}\n"
        f"url = {_text(place.url)}\n"
        "explicit = true\n"
        "\n"
        "[tool.uv.sources]\n"
        f"{_lines(names, f'{{ index = {index} }}')}"
        "\n"
        f"{_UV_GROUP}"
        f"{index} = {json.dumps(list(names))}\n"
    )


def _poetry(place: Place, names: Sequence[str]) -> str:
    if place.is_public:
        return f"poetry add {' '.join(names) or 'NAME'}\n"
    index = _text(place.index.name)
    variables = _variables("POETRY_HTTP_BASIC_", place)
    bound = f'{{ version = "*", source = {index} }}'
    return (
        f"{_BOUND}"
        f"{_login(place, f'Poetry reads the login from {variables}')}"
        "[[tool.poetry.source]]\n"
        f"name = {index}\n"
        f"url = {_text(place.url)}\n"
        'priority = "explicit"\n'
        "\n"
        f"{_poetry_group(index)}"
        f"{_lines(names, bound)}"
    )


def _poetry_group(name: str) -> str:
    return (
        "# The group is resolved, and not installed: it binds what these packages require of one another as well.\n"
        f"[tool.poetry.group.{name}]\n"
        "optional = true\n"
        "\n"
        f"[tool.poetry.group.{name}.dependencies]\n"
    )


def _twine(place: Place, _: Sequence[str]) -> str:
    index = place.index
    if index.upload_url is None:
        raise _no_uploads(index)
    user = f"username = {place.user}\n" if place.user else ""
    return (
        "# .pypirc, without the password: that comes from TWINE_PASSWORD or from keyring.\n"
        "[distutils]\n"
        "index-servers =\n"
        f"    {index.name}\n"
        "\n"
        f"[{index.name}]\n"
        f"repository = {index.upload_url}\n"
        f"{user}"
    )


_TEXTS: Mapping[Installer, Callable[[Place, Sequence[str]], str]] = {
    Installer.PIP: _pip,
    Installer.UV: _uv,
    Installer.POETRY: _poetry,
    Installer.TWINE: _twine,
}


def _no_uploads(index: Index) -> UsageError:
    message = f"index {index.name}: an index of kind {index.kind} takes no uploads from twine"
    return UsageError(message, advice=f"paa publish --index {index.name}")


def _login(place: Place, said: str) -> str:
    if place.index.kind in (IndexKind.DIRECTORY, IndexKind.GITHUB_PAGES, IndexKind.TESTPYPI):
        return ""
    user = f"; the user name of a token is {place.user!r}" if place.user else ""
    return f"# If it needs one, {said}{user}.\n"


def _variables(prefix: str, place: Place) -> str:
    stem = prefix + re.sub(r"[^A-Z0-9]", "_", place.index.name.upper())
    return f"{stem}_USERNAME and {stem}_PASSWORD"


def _lines(names: Sequence[str], value: str) -> str:
    # A dot in a bare key would begin a table.
    keys = (name if _BARE_KEY.fullmatch(name) else _text(name) for name in names)
    return "".join(f"{key} = {value}\n" for key in keys)


def _text(text: str) -> str:
    """A basic string of TOML: one of JSON, but that surrogates are no characters there."""
    return json.dumps(text, ensure_ascii=False)

"""Jinja templates: found beside the package when installed, in the checkout otherwise; the user's own come first."""

from collections.abc import Container, Mapping
from functools import cache, lru_cache
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

from paa.edges.tree import Tree
from paa.errors import FindingsError, OutsideError

if TYPE_CHECKING:
    from jinja2 import Environment, Template

OVERRIDES = ".paa/templates"

ALIAS_TEMPLATE = "package/alias.py.j2"
MAIN_TEMPLATE = "package/main.py.j2"
README_TEMPLATE = "package/README.md.j2"

# Both platforms have `${{ }}` of their own: what is filled in there stands between `<<` and `>>`, blocks in `<% %>`.
_PIPELINES = ("github/", "azure/")


class OwnTemplateError(FindingsError):
    """A template of the repository (at ``path`` there) that can't be filled; ``line`` is where, if that is known."""

    def __init__(self, path: str, line: int | None, reason: str, advice: str | None = None) -> None:
        place = f"{path}:{line}" if line else path
        super().__init__(
            f"template {place}: {reason}", advice=advice or f"correct {path}, or remove it to use paa's own"
        )
        self.path = path
        self.line = line
        self.reason = reason


def templates_folder() -> Path:
    """The folder of the templates: ``paa/templates`` in a wheel, ``templates`` in a checkout or an editable install.

    Raises OutsideError when neither is there (a damaged installation).
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "templates", package.parent / "templates"):
        if folder.is_dir():
            return folder
    message = f"paa's templates are missing beside {package}"
    raise OutsideError(message, advice="install paa again")


def override_path(name: str) -> str:
    """Where a repository keeps its own version of the template ``name``."""
    return f"{OVERRIDES}/{name}"


def package_overrides(paths: Container[str]) -> tuple[str, ...]:
    """Those of the user's own templates for packages that are among ``paths``: they decide what every package holds."""
    own = map(override_path, (ALIAS_TEMPLATE, MAIN_TEMPLATE, README_TEMPLATE))
    return tuple(path for path in own if path in paths)


def render(name: str, values: Mapping[str, object], tree: Tree | None = None) -> str:
    """The template ``name`` filled with ``values``; one of the same name under ``.paa/templates`` of ``tree`` wins.

    The repository's own template can extend or include paa's. Raises OwnTemplateError when it is wrong or uses a value
    that is not there, OutsideError when paa's own is missing.
    """
    from jinja2 import TemplateError

    wrong = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)
    override = override_path(name)
    own = tree is not None and override in tree.blobs
    try:
        template = (
            _override(_text(tree, override), name)
            if own and tree is not None
            else _environment_of(name).get_template(name)
        )
        return template.render(values)
    except wrong as error:
        reason = f"{type(error).__name__}: {error}"
        line = getattr(error, "lineno", None) or _line(error)
        if own:
            raise OwnTemplateError(override, line, reason) from error
        message = f"template {name}{f':{line}' if line else ''}: {reason}"
        raise OutsideError(message, advice="install paa again") from error


def _line(error: Exception) -> int | None:
    """The line of a template that was being filled when ``error`` came up."""
    frames = walk_tb(error.__traceback__)
    lines = [line for frame, line in frames if frame.f_code.co_filename == "<template>"]
    return lines[-1] if lines else None


def _text(tree: Tree, path: str) -> str:
    if path in tree.links:
        reason = "a symbolic link; links are not followed"
        raise OwnTemplateError(path, None, reason, "put the file itself there")
    return (tree.read_one(path) or b"").decode("utf-8-sig")


def _environment_of(name: str) -> "Environment":
    return _environment(is_pipeline=name.startswith(_PIPELINES))


@cache
def _environment(*, is_pipeline: bool) -> "Environment":
    """One environment a process and syntax: making it costs 2 ms, rendering with it 30 µs.

    A repository's template fills in values; the sandbox keeps it from reaching anything else.
    """
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    start, end = ("<", ">") if is_pipeline else ("{", "}")

    # Autoescape is off: what is rendered is Markdown, YAML and Python, not HTML.
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=is_pipeline,
        variable_start_string=start * 2,
        variable_end_string=end * 2,
        block_start_string=f"{start}%",
        block_end_string=f"%{end}",
        comment_start_string=f"{start}#",
        comment_end_string=f"#{end}",
    )


@lru_cache(maxsize=64)
def _override(text: str, name: str) -> "Template":
    """Compiled once for all the packages that are rendered with it."""
    return _environment_of(name).from_string(text)

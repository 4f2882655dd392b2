"""A program of its own, run by a clean Python: compiles and imports what a wheel ships and finds its commands.

It knows the standard library only. Its one argument is a JSON object: ``own`` (folders of the wheel and of what it
requires, the wheel's first), ``shared`` (folders in which only the top-level modules in ``allowed`` may be found),
``sources`` (files of the wheel that have to compile: those that are imported late too), ``packages`` (what to
import) and ``commands`` (object references to find).
"""

import importlib
import importlib.util
import json
import os
import site
import sys
import warnings
from collections.abc import Iterable
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import Distribution, DistributionFinder
from pathlib import Path

# A process that ends early, for whatever reason, ends with another code.
PASSED = 93


class _Finder:
    """Takes PathFinder's place: of what is in the shared folders, undeclared modules are not there."""

    def __init__(self, own: list[str], allowed: list[str]) -> None:
        self._own = own
        self._allowed = frozenset(allowed)

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        searched = self._own if path is None and name not in self._allowed else path
        return PathFinder.find_spec(name, searched, target)  # type: ignore[arg-type]  # handed on as it came

    invalidate_caches = staticmethod(PathFinder.invalidate_caches)

    @staticmethod
    def find_distributions(context: DistributionFinder.Context | None = None) -> Iterable[Distribution]:
        # Looked up when it is called: in paa's own process, which only asks where this file lies, a backport of
        # importlib.metadata may have taken it away (keyring brings one on Python 3.11).
        return PathFinder.find_distributions(context or DistributionFinder.Context())


def main(argument: str) -> None:
    """Do all that the argument asks for; what fails ends the process with a traceback or a message."""
    asked = json.loads(argument)
    wheel = Path(asked["own"][0]).resolve()
    own = [*sys.path, *asked["own"]]
    sys.path += [*asked["own"], *asked["shared"]]
    sys.meta_path[sys.meta_path.index(PathFinder)] = _Finder(own, asked["allowed"])
    # Without the module site, which reads the environment's startup files, these three are missing.
    site.setquit()
    site.setcopyright()
    site.sethelper()
    for source in asked["sources"]:
        _compile(wheel / source, source)
    for name in asked["packages"]:
        _require_place(name, wheel)
        _import(name)
    for command in asked["commands"]:
        _require_command(command)


def _compile(path: Path, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            source = path.read_bytes()
            # Compiling alone lets bytes in comments pass that an import refuses.
            importlib.util.decode_source(source)
            compile(source, name, "exec", dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            sys.exit(f"{name} does not compile: {type(error).__name__}: {error}")
        except RecursionError:
            sys.exit(f"{name} does not compile: it is nested too deeply")


def _require_place(name: str, wheel: Path) -> None:
    """What is going to be imported lies in the wheel. Asked before: a module can put something else in its place."""
    spec = importlib.util.find_spec(name)
    place = None if spec is None else spec.origin or next(iter(spec.submodule_search_locations or ()), None)
    if place is None or not Path(place).resolve().is_relative_to(wheel):
        sys.exit(f"import {name} would give {place or 'nothing'}, not the wheel that was built")


def _import(name: str) -> object:
    try:
        return importlib.import_module(name)
    except SystemExit as error:
        sys.exit(f"import {name} ends the process: SystemExit: {error}")


def _require_command(command: str) -> None:
    module, _, attributes = command.partition(":")
    value = _import(module)
    for attribute in filter(None, attributes.split(".")):
        value = getattr(value, attribute)
    if not callable(value):
        sys.exit(f"the command {command} can't be called: it is of type {type(value).__name__}")


if __name__ == "__main__":
    main(sys.argv[1])
    # Threads and exit functions that the import has left behind are not waited for.
    os._exit(PASSED)

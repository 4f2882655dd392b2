"""The workflow that publishes, as HEAD has it: what trusted publishing has to be told about it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_DEFAULT = "publish.yml"
_WORKFLOWS = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
# What a workflow has to be allowed to publish without a password.
_PERMISSION = re.compile(rb"^\s*id-token:\s*write\b", re.MULTILINE)
# What the environment is called in workflows of paa's, and where jobs come from that publish one package each.
_ENVIRONMENT = b"environment: ${{ matrix.environment }}"
_LEVELS = b"fromJSON(needs.plan.outputs.level_1)"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishingWorkflow:
    """The file's name, and whether each package is published from an environment of its own; None: nobody knows."""

    name: str
    per_package: bool | None = None

    def environment(self, index: str, package: str, *, alone: bool) -> str:
        """Where ``package`` is published from to ``index``; ``alone`` if no other name is new there.

        Several new names need an environment each, whatever the workflow has now.
        """
        if self.per_package or not alone:
            return f"{index}-{package}"
        return index


def publishing_workflow(files: Mapping[str, bytes]) -> PublishingWorkflow:
    """The workflow that may ask for a token: of the ``files`` of the repository, else paa's own."""
    found = {
        path.rpartition("/")[2]: data
        for path, data in sorted(files.items())
        if is_workflow(path) and _PERMISSION.search(data)
    }
    name = _DEFAULT if _DEFAULT in found or not found else min(found)
    data = found.get(name, b"")
    return PublishingWorkflow(name=name, per_package=_LEVELS in data if _ENVIRONMENT in data else None)


def is_workflow(path: str) -> bool:
    """Whether a file at ``path`` is a workflow of GitHub's."""
    return _WORKFLOWS.fullmatch(path) is not None

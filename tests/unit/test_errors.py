"""Errors go from a worker process to the one that tells them."""

import pickle

import pytest

from paa.edges.templates import OwnTemplateError
from paa.errors import ConfigError, MissingExtraError, PaaError
from paa.model import Finding, Location
from paa.scan.readme.notebook import NotebookError
from paa.scan.refused import RefusedError

FINDING = Finding(rule="merge", message="can't be merged", location=Location(path="a.py", line=2), advice="rename it")


@pytest.mark.parametrize(
    "error",
    [
        PaaError("wrong", advice="mend it"),
        ConfigError("wrong", faults=["one", "two"], advice="mend them"),
        MissingExtraError("building", "build"),
        NotebookError("a.ipynb", "it is empty", line=3),
        OwnTemplateError("a.j2", 4, "it is empty"),
        RefusedError("pkg can't be merged:", [FINDING]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_comes_out_of_a_worker_process_as_it_was(error: PaaError) -> None:
    found = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert type(found) is type(error)
    assert vars(found) == vars(error)
    assert (str(found), found.advice, found.exit_code) == (str(error), error.advice, error.exit_code)

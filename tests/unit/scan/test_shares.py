"""Many packages are scanned by several processes: the same result as by one, and what they learn is kept."""

import os
import shutil
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor

import pytest

from paa.edges.cache import cache_folder
from paa.edges.tree import Tree, commit_tree, disk_tree
from paa.model import ScannedPackage
from paa.scan.scan import scan
from tests.repository import Repository
from tests.unit.scan.samples import make_config, make_tree

M = "python_modules"
MANY = 2 * 200
_CORES = 2


def sources() -> Mapping[str, str | bytes]:
    """More packages than one process scans, with all that can be special about one."""
    files: dict[str, str | bytes] = {
        f"{M}/p{number:03}.py": (
            f'"""Package {number}."""\nimport requests #>={number}\nimport p{(number + 7) % MANY:03}\n'
        )
        for number in range(MANY)
    }
    return files | {
        f"{M}/p001.py": "__package_metadata__ = {'name': 'renamed'}\n",
        f"{M}/p002.py": "import qqq_unknown\n",
        f"{M}/p003.py": "def broken(:\n",
        f"{M}/p004.py": "from .components import c\nfrom components.d import *\n",
        f"{M}/p005.py": b"# coding: latin-1\n__package_metadata__ = {'author': 'J\xf6rg'}\n",
        f"{M}/p006.py": b"\xff\xfe",
        f"{M}/components/c.py": "import numpy\n",
        f"{M}/components/d.py": "from . import c\n",
        "cli/p007.py": "import click\ncli = click.Group()\n",
        "example_notebooks/p008.ipynb": '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}',
        "artifacts/p009/data.csv": "1,2\n",
        "LICENSE": "Do what you like.\n",
    }


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    return make_tree(tmp_path_factory.mktemp("many"), dict(sources()))


def scanned(tree: Tree) -> tuple[ScannedPackage, ...]:
    return scan(tree, make_config(""))


def by_processes(monkeypatch: pytest.MonkeyPatch, count: int) -> list[int]:
    """From here on there are ``count`` cores; the list tells how many processes each scan uses that uses several."""
    used: list[int] = []

    def open_pool(max_workers: int) -> ProcessPoolExecutor:
        used.append(max_workers)
        return ProcessPoolExecutor(max_workers)

    monkeypatch.setattr("paa.scan.shares._cores", lambda: count)
    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", open_pool)
    return used


def forget() -> None:
    shutil.rmtree(cache_folder(os.environ), ignore_errors=True)


def test_several_processes_find_what_one_finds(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    used = by_processes(monkeypatch, _CORES)
    several = scanned(tree)
    forget()
    by_processes(monkeypatch, 1)
    one = scanned(tree)

    assert used == [_CORES]
    assert several == one
    assert len(one) == MANY
    assert {item.package.name for item in one if item.errors} == {"p002", "p003", "p006"}


def test_what_several_processes_learnt_is_kept(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    used = by_processes(monkeypatch, _CORES)

    # Those that may be better the next time, as a broken file may, are few: no processes are needed for them.
    assert scanned(tree) == scanned(tree)
    assert used == [_CORES]


def test_a_commit_is_read_by_several_processes_too(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.write(sources())
    commit = repository.commit("All of them")
    forget()
    used = by_processes(monkeypatch, _CORES)

    committed = scanned(commit_tree(repository.path, commit))
    forget()

    assert committed == scanned(disk_tree(repository.path))
    assert used == [_CORES, _CORES]


def test_processes_that_can_t_be_had_cost_time_and_nothing_else(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    forget()
    by_processes(monkeypatch, _CORES)

    def refuse(*_arguments: object, **_options: object) -> None:
        message = "no semaphores here"
        raise OSError(message)

    with monkeypatch.context() as patch:
        patch.setattr("concurrent.futures.ProcessPoolExecutor", refuse)
        alone = scanned(tree)
    forget()

    assert alone == scanned(tree)

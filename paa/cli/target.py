"""What the commands that plan share: the indexes that are meant and asked, and the options that shape a plan."""

import contextlib
import functools
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from paa.model import Index
from paa.plan.options import PlanOptions, PlanTarget
from paa.plan.prereleases import PHASES, Stage

if TYPE_CHECKING:
    from paa.config import Config
    from paa.edges.index import IndexReader

_ONE_TARGET_ONLY = "TWINE_"


def plan_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """``--allow-rewound``, ``--all``, ``--pre`` and ``--dev``: what ``read_plan_options`` reads."""
    options = (
        click.option(
            "--all", "everything", is_flag=True, help="Release again what has not changed; with PACKAGES: those."
        ),
        click.option("--pre", type=click.Choice(PHASES), help="Make pre-releases of what comes next: 1.3.0rc1."),
        click.option("--dev", is_flag=True, help="Make development releases of what comes next: 1.3.0.dev1."),
        click.option(
            "--allow-rewound", is_flag=True, help="Release although HEAD does not descend from the last release."
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


def read_plan_options(options: dict[str, Any]) -> PlanOptions:
    """Take what ``plan_options`` has added out of ``options``."""
    everything, pre, dev = options.pop("everything"), options.pop("pre"), options.pop("dev")
    return PlanOptions(
        allow_rewound=options.pop("allow_rewound"),
        stage=Stage(pre=pre, dev=dev) if pre or dev else None,
        everything=everything,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTarget:
    """What to plan for, with the readers of its indexes, in their order."""

    target: PlanTarget
    readers: "Sequence[IndexReader]"


@contextlib.contextmanager
def open_target(config: "Config", indexes: Sequence[Index]) -> Iterator[AskedTarget]:
    """``indexes`` (resolved) as the target of a plan; those of pre-releases are opened when they are asked.

    ``TWINE_*`` serves when one index is the target, so never for those that pre-releases may go to beside it.
    """
    from paa.build.backend import builder_name
    from paa.edges.index import open_indexes
    from paa.plan.asking import asker
    from paa.publish.targets import select_indexes

    with contextlib.ExitStack() as stack:
        readers = stack.enter_context(open_indexes(indexes, os.environ))
        opened = {index.name: reader for index, reader in zip(indexes, readers, strict=True)}
        environment = {key: value for key, value in os.environ.items() if not key.startswith(_ONE_TARGET_ONLY)}

        @functools.cache
        def find(name: str) -> "IndexReader":
            if name in opened:
                return opened[name]
            return stack.enter_context(open_indexes(select_indexes(config, (name,)), environment))[0]

        target = PlanTarget(indexes=indexes, ask=asker(find), builder=builder_name())
        yield AskedTarget(target=target, readers=readers)

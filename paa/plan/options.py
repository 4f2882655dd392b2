"""What a plan is asked to be: for which indexes, and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from paa.model import Index
from paa.plan.prereleases import Stage

if TYPE_CHECKING:
    from paa.plan.published import Ask
    from paa.plan.requested import TagRequest

# What makes a plan provisional for which no index is asked.
OFFLINE = "planned offline: the index was not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTarget:
    """Where the releases are to go, who tells what is there (None: nobody, plan offline), and what will build them.

    ``ask`` must know the indexes of ``prereleases_to`` too.
    """

    indexes: Sequence[Index]
    ask: "Ask | None"
    builder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOptions:
    """What a plan can be told.

    With ``allow_rewound`` HEAD need not descend from the last release: where history was rewritten, the commits since
    the last common one count. ``stage`` makes pre-releases. ``everything`` releases again what is unchanged.
    ``request`` is a tag that asks for one package; its settings must be those for tags (``tag_request.for_tags``).
    """

    allow_rewound: bool = False
    stage: Stage | None = None
    everything: bool = False
    request: "TagRequest | None" = None

"""What indexes did not tell when a plan was made: it is provisional then. An index that is down is asked no more."""

from dataclasses import dataclass, field

from paa.edges.index import IndexUnavailableError
from paa.errors import IndexReadError

_SHOWN = 2  # of each index: where all packages meet the same, more only hides it


@dataclass(slots=True, kw_only=True)
class Doubts:
    """``errors`` maps the name of an index to what it said instead, by distribution."""

    errors: dict[str, dict[str, IndexReadError]] = field(default_factory=dict)

    def add(self, index: str, distribution: str, error: IndexReadError) -> None:
        """Note that ``index`` did not tell what it has of ``distribution``."""
        self.errors.setdefault(index, {})[distribution] = error

    def is_down(self, index: str) -> bool:
        """Whether ``index`` could not be reached at all, so that each further question would only wait in vain."""
        return any(isinstance(error, IndexUnavailableError) for error in self.errors.get(index, {}).values())

    def text(self) -> str | None:
        """Why a plan is provisional, with what to do; None where nothing is in doubt."""
        parts: list[str] = []
        for index, errors in self.errors.items():
            messages = list(dict.fromkeys(error.message for error in errors.values()))
            parts += messages[:_SHOWN]
            if len(messages) > _SHOWN:
                parts.append(f"and the same or the like of {len(messages) - _SHOWN} more packages on {index}")
            parts += dict.fromkeys(error.advice for error in errors.values() if error.advice is not None)
        return "; ".join(dict.fromkeys(parts)) or None

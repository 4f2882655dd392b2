"""Worlds in any state: what tag, tracking and two indexes say of one version, each of them absent, right or wrong."""

import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.functional.command_line import done
from tests.functional.engine.children import Children
from tests.functional.engine.worlds import World, new_world

PACKAGE, VERSION = "dice", "0.0.1"
MODULE = "python_modules/dice.py"
FILES = {MODULE: '"""Roll dice."""\n\nSIDES = 6\n', "README.md": "# Dice\n"}
TAG = f"refs/tags/{PACKAGE}-v{VERSION}"


class Is(StrEnum):
    """How something is: not there, as the sources of HEAD make it, or made from others under the same version."""

    ABSENT = "absent"
    RIGHT = "right"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What each place says of the version."""

    tag: Is
    tracking: Is
    local: Is
    other: Is


@dataclass(frozen=True, slots=True)
class Pieces:
    """What states are put together from: three worlds with the same first commit, by how they are."""

    worlds: dict[Is, World]

    def put_together(self, root: Path, state: State) -> World:
        """A world in that state, in a clone that built nothing yet."""
        world = self.worlds[Is.ABSENT].copy(root)
        shutil.copytree(self.worlds[state.local].root / "local", root / "local", dirs_exist_ok=True)
        shutil.copytree(self.worlds[state.other].root / "other", root / "other", dirs_exist_ok=True)
        if state.tracking is not Is.ABSENT:
            shutil.copytree(self.worlds[state.tracking].repository.path / ".paa", world.repository.path / ".paa")
            world.repository.commit("Record dice 0.0.1 [skip ci]\n\nPaa-Recorded: true")
            world.repository.git("push", "--quiet", "origin", "main")
        if state.tag is not Is.ABSENT:
            given = self.worlds[state.tag].repository.path
            world.repository.git("fetch", "--quiet", "--no-tags", str(given), f"{TAG}:{TAG}")
            world.repository.git("push", "--quiet", "origin", TAG)
        return world


def make_pieces(root: Path, children: Children) -> Pieces:
    """Release the package as it is, and as something else, from the same commit."""
    absent = new_world(root / "absent", FILES)
    for name in ("local", "other"):
        (absent.root / name).mkdir()
    right = absent.copy(root / "right")
    done(children.run(right.root, "release"))
    wrong = absent.copy(root / "wrong")
    text = FILES[MODULE]
    first = wrong.repository.git("rev-parse", "HEAD")
    wrong.repository.write({MODULE: text.replace("6", "20")})
    wrong.repository.commit("Other sources")
    second = wrong.repository.git("rev-parse", "HEAD")
    done(children.run(wrong.root, "release"))
    _claim_commit(wrong, first, second)
    return Pieces({Is.ABSENT: absent, Is.RIGHT: right, Is.WRONG: wrong})


def _claim_commit(world: World, commit: str, instead_of: str) -> None:
    """Let tag and tracking say that the release was made from ``commit``."""
    repository = world.repository
    message = repository.git("for-each-ref", "--format=%(contents)", TAG)
    repository.git("tag", "--force", "--cleanup=verbatim", "--message", f"{message}\n", TAG.rpartition("/")[2], commit)
    tracking = ".paa/tracking/releases.json"
    repository.write({tracking: (repository.path / tracking).read_text().replace(instead_of, commit)})

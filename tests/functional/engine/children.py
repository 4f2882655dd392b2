"""``paa`` in forked children, as tests use it (see child.py)."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.functional.command_line import Result

ROOT = Path(__file__).parents[3]
KILLED = -signal.SIGKILL


@dataclass(frozen=True, slots=True)
class Ended(Result):
    """How a child ended, and the steps that it took or was about to take, numbered from 1."""

    steps: tuple[str, ...]

    @property
    def told(self) -> str:
        """The end as a sentence for messages."""
        last = f" at step {len(self.steps)}: {self.steps[-1]}" if self.code == KILLED and self.steps else ""
        return f"{self.text}{last}"


@dataclass(frozen=True, slots=True)
class Children:
    """The program that forks. ``output`` is a folder for what children say."""

    process: subprocess.Popen[str]
    output: Path

    def run(
        self,
        world: Path,
        *arguments: str,
        kill_at: int | None = None,
        every: bool = False,
        speed: float = 1,
        environment: Mapping[str, str] | None = None,
    ) -> Ended:
        """Run paa on ``repository`` in the folder ``world``.

        With ``kill_at`` it is killed right before that step; ``every`` also counts folders and temporary files as
        steps. With ``speed`` its time goes that many times as fast. ``environment`` comes on top of this process's.
        """
        order = {
            "world": str(world),
            "folder": str(world / "repository"),
            "arguments": arguments,
            "environment": {**os.environ, **(environment or {})},
            "kill_at": kill_at,
            "every": every,
            "speed": speed,
            "output": str(self.output),
        }
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{json.dumps(order)}\n")
        self.process.stdin.flush()
        code = self.process.stdout.readline()
        assert code, "the program that forks has ended"
        out, err, steps = ((self.output / name).read_text(encoding="utf-8") for name in ("out", "err", "steps"))
        return Ended(int(code), out, err, tuple(steps.splitlines()))


@contextmanager
def forking(output: Path) -> Iterator[Children]:
    """Start the program that forks, and stop it in the end."""
    command = [sys.executable, "-m", "tests.functional.engine.child"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            yield Children(process, output)
        finally:
            process.kill()

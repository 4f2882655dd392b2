"""Programs that stand on PATH in place of a cloud's own, which no test may start: they answer as they are told."""

import shlex
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A program in ``folder`` that writes down with which arguments it was called."""

    folder: Path
    log: Path

    def calls(self) -> list[str]:
        """The arguments of each call."""
        return self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []


def install_program(folder: Path, name: str, *, output: str, errors: str = "", code: int = 0) -> Program:
    """Put a program of that name into ``folder``/bin that prints ``output`` and ``errors`` and ends with ``code``."""
    made = Program(folder=folder / "bin", log=folder / f"{name}.log")
    made.folder.mkdir()
    script = made.folder / name
    script.write_text(
        "#!/bin/sh\n"
        f'printf "%s\\n" "$*" >> {shlex.quote(str(made.log))}\n'
        f"printf %s {shlex.quote(output)}\n"
        f"printf %s {shlex.quote(errors)} >&2\n"
        f"exit {code}\n",
        encoding="utf-8",
    )
    script.chmod(0o755)
    return made

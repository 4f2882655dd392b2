"""Somebody who follows a page of the documentation word for word, on a machine with Git and Python."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tests.pipelines.page import Block, Page

_PUT = re.compile(r"Put this into `([^`]+)`:$")
_ADD = re.compile(r"Add this line to `([^`]+)`:$")


class PageError(Exception):
    """The page says something that can't be followed, or that does not come out as it says."""


class Follower:
    """``folder`` is where the first command is run; files of the page belong to ``clone``.

    ``said`` is what the last commands, and whatever they started, have shown.
    """

    def __init__(self, *, folder: Path, clone: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.clone = clone
        self.said = ""
        self._environment = environment

    def follow(self, page: Page) -> None:
        """Do what ``page`` says, from its first block to its last. Raises PageError for what can't be done so."""
        for block in page.blocks:
            try:
                self.do(block)
            except PageError as error:
                message = f"{page.name}:{block.line}: {error}"
                raise PageError(message) from None

    def do(self, block: Block) -> None:
        """Do what one block says. Raises PageError."""
        if block.language == "sh":
            self.run(block.text)
        elif block.language == "text":
            self._see(block.text)
        elif found := _PUT.search(block.before):
            self.write(found[1], block.text)
        elif found := _ADD.search(block.before):
            self.write(found[1], (self.clone / found[1]).read_text(encoding="utf-8") + block.text)
        else:
            message = f"nobody can tell what to do with this block:\n{block.text}"
            raise PageError(message)

    def write(self, path: str, text: str) -> None:
        """Make ``text`` the content of the file at ``path`` in the clone."""
        file = self.clone / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def run(self, script: str) -> None:
        """Run ``script`` in the shell that the page's blocks share: its folder and variables stay. Raises PageError."""
        state, place = self.folder / "state", self.folder / "place"
        if not state.exists():
            state.touch()
            place.write_text(str(self.folder), encoding="utf-8")
        whole = f"set -e\n. '{state}'\ncd \"$(cat '{place}')\"\n{script}\nexport -p > '{state}'\npwd > '{place}'\n"
        done = subprocess.run(
            ["bash", "-c", whole],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.said = done.stdout
        if done.returncode:
            message = f"exit code {done.returncode}:\n{script}\n{done.stdout}"
            raise PageError(message)

    def _see(self, shown: str) -> None:
        """Every line must have been shown, in this order; … stands for anything."""
        parts = [".*?".join(map(re.escape, line.strip().split("…"))) for line in shown.splitlines()]
        if not re.search(".*?".join(parts), self.said, re.DOTALL):
            message = f"the page shows\n{shown}\nbut this was to be seen:\n{self.said}"
            raise PageError(message)

"""A program of its own, run by the Python that paa runs in: builds sites with MkDocs, one after the other.

It needs mkdocs and mkdocs-material, and nothing of paa. Its one argument is the path of a JSON file: ``result`` (where
to write), and ``sites``: each with a ``name`` and the MkDocs ``settings``. The result maps names to the warnings of a
site, and has under ``failed`` the name of the one at which it stopped, with the reason.
"""

import io
import json
import logging
import sys
from pathlib import Path
from typing import Any


class _Warnings(logging.Handler):
    """Keeps what MkDocs complains about."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def build(settings: dict[str, Any]) -> list[str]:
    """Build one site; return what MkDocs warned of. Raises MkDocsException."""
    from mkdocs.commands.build import build as build_site
    from mkdocs.config import load_config

    warnings = _Warnings()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(warnings)
    try:
        # Not a file: nothing that lies about decides how a site is built.
        config = load_config(config_file=io.BytesIO(b"{}"), **settings)
        config.plugins.on_startup(command="build", dirty=False)
        build_site(config)
    finally:
        logger.removeHandler(warnings)
    return warnings.texts


def main(job: Path) -> None:
    """Build what the file ``job`` asks for."""
    from mkdocs.exceptions import MkDocsException

    asked = json.loads(job.read_text(encoding="utf-8"))
    result: dict[str, Any] = {}
    for site in asked["sites"]:
        try:
            result[site["name"]] = build(site["settings"])
        except (MkDocsException, OSError, ValueError) as error:
            result["failed"] = [site["name"], str(error) or type(error).__name__]
            break
    Path(asked["result"]).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

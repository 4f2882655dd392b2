"""The ``.paa.config`` that a repository begins with: its defaults, and on Azure the feeds that there are."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from paa.config import CONFIG_FILE, Config, default_config, is_feed_file, parse_config
from paa.config.feeds import read_feeds
from paa.config.load import FEEDS_FOLDER
from paa.config.text import SCHEMA_FILE, config_files, config_text
from paa.edges import git
from paa.errors import ConfigError
from paa.ppr.generated import Generated
from paa.ppr.options import Platform
from paa.ppr.places import read_place
from paa.ppr.scaffold import EXAMPLE_FEED, example_feed
from paa.scan.repository import Repository, open_repository


def open_for_set_up(folder: Path, file: Path | None, known: Generated) -> Repository:
    """``open_repository``; but settings that nobody has changed may be wrong, as they are going to be written anew."""
    try:
        return open_repository(folder, file)
    except ConfigError:
        root = folder.resolve()
        if file is not None or not _untouched(root, known) or read_place(root, CONFIG_FILE) is None:
            raise
        in_git = git.find_top(root) is not None
        config = replace(default_config(), source=CONFIG_FILE)
        return Repository(root=root, config=config, in_git=in_git, commit=git.head_commit(root) if in_git else None)


def settings_texts(
    repository: Repository, feeds: Mapping[str, bytes], platforms: Collection[Platform], *, full: bool
) -> dict[str, str]:
    """``.paa.config``, and its schema where that is named; other settings than these were given for a reason."""
    root, source = repository.root, repository.config.source
    if source not in {None, CONFIG_FILE}:
        return {}
    values = _targets(feeds) if set(platforms) == {Platform.AZURE} else {}
    texts = {CONFIG_FILE: config_text(full=full, values=values)}
    if source is None or SCHEMA_FILE.encode() in (read_place(root, CONFIG_FILE) or b""):
        texts[SCHEMA_FILE] = config_files(full=full)[SCHEMA_FILE].decode()
    return texts


def config_of(repository: Repository, known: Generated, texts: Mapping[str, str], feeds: Mapping[str, bytes]) -> Config:
    """The settings as they will be. Raises ConfigError for what is wrong in files of feeds."""
    text = texts.get(CONFIG_FILE)
    if text is None or not _untouched(repository.root, known):
        return repository.config
    return parse_config(text.encode(), root=repository.root, source=CONFIG_FILE, feeds=feeds)


def feed_files(root: Path, known: Generated, platform: Platform) -> dict[str, bytes]:
    """The files that define feeds, by path; on Azure the example also before it is written."""
    folder = root / FEEDS_FOLDER
    names = sorted(f"{FEEDS_FOLDER}{path.name}" for path in folder.iterdir()) if folder.is_dir() else []
    files = {name: data for name in names if is_feed_file(name) and (data := read_place(root, name)) is not None}
    if platform is Platform.AZURE and EXAMPLE_FEED not in files and EXAMPLE_FEED not in known.files:
        files[EXAMPLE_FEED] = example_feed().encode()
    return files


def _untouched(root: Path, known: Generated) -> bool:
    """Whether ``.paa.config`` is as paa wrote it, or not there yet; deleted by somebody is neither."""
    remembered, data = known.files.get(CONFIG_FILE), read_place(root, CONFIG_FILE)
    if remembered is None:
        return data is None
    return data is not None and data.replace(b"\r\n", b"\n") == (remembered.text or "").encode()


def _targets(feeds: Mapping[str, bytes]) -> dict[str, str]:
    """``publish_to`` for the feeds that there are; the example only as long as there is no other."""
    own = {path: data for path, data in feeds.items() if data != feeds.get(EXAMPLE_FEED)}
    indexes, _ = read_feeds(own or feeds, {})
    return {"publish_to": json.dumps(sorted(indexes))} if indexes else {}

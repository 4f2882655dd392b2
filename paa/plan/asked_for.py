"""Which unchanged packages a commit message may ask for: found with one look at the whole history, not one for each."""

import re
from collections.abc import Mapping

from paa.edges.git_messages import commit_times, messages_matching
from paa.model.names import normalized
from paa.scan.repository import Repository

# A bracket right after another: a name and what is asked for.
_PAIR = r"\][[:blank:]]*\["
_BRACKET = re.compile(r"\[([^\[\]]*)\]")
# Clocks differ. Whoever is taken in by mistake is looked at more closely.
_SLACK_SECONDS = 24 * 60 * 60


def asking_commits(repository: Repository, unchanged: Mapping[str, str]) -> dict[str, set[str]]:
    """Those of ``unchanged`` (package → commit of its last release) that messages from about then or later name.

    Each with the hashes of these commits, which are no merges. Only messages with something in brackets right behind
    brackets count. Raises GitError.
    """
    if repository.commit is None or not unchanged:
        return {}
    messages = messages_matching(repository.root, _PAIR)
    if not messages:
        return {}
    names = {normalized(package): package for package in unchanged}
    times = commit_times(repository.root, unchanged.values())
    found: dict[str, set[str]] = {}
    for message in messages:
        for text in _BRACKET.findall(message.text):
            for package in (names.get(normalized(word.strip())) for word in text.split(",")):
                if package and message.time + _SLACK_SECONDS >= times.get(unchanged[package], 0):
                    found.setdefault(package, set()).add(message.sha)
    return found

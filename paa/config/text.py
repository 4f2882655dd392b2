"""The settings file that ``paa init-config`` writes."""

import json
import re
from collections.abc import Mapping
from itertools import groupby
from types import MappingProxyType

from paa.config.keys import KEYS, Key
from paa.config.schema import json_default, schema_bytes
from paa.config.settings import CONFIG_FILE

SCHEMA_FILE = ".paa/config.schema.json"

_NO_VALUES: Mapping[str, str] = MappingProxyType({})
_PLAIN = re.compile(r"[A-Za-z][A-Za-z/_-]*")
_NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def config_text(*, full: bool, values: Mapping[str, str] = _NO_VALUES) -> str:
    """A settings file in which every value is the default: every key when ``full``, else those that matter at first.

    ``values`` (YAML by key) stand in the place of defaults.
    """
    lines = [
        f"# yaml-language-server: $schema={SCHEMA_FILE}",
        "# Settings of paa. Every key can be left out; what stands here are the defaults, and null means the default.",
    ]
    if not full:
        lines.append("# `paa init-config --full` writes a file with every key.")
    keys = [key for key in KEYS if full or key.essential]
    for group, members in groupby(keys, key=lambda key: key.group):
        lines += ["", f"# {group.value}", "#"] if full else [""]
        for key in members:
            lines += [f"# {key.documentation}", f"{key.name}: {values.get(key.name) or yaml_default(key)}"]
    return "\n".join(lines) + "\n"


def config_files(*, full: bool) -> Mapping[str, bytes]:
    """What ``paa init-config`` writes, by path: the settings, and the schema that their first line names."""
    return {CONFIG_FILE: config_text(full=full).encode(), SCHEMA_FILE: schema_bytes()}


def yaml_default(key: Key) -> str:
    """The default of ``key`` as YAML on one line."""
    default = json_default(key)
    if isinstance(default, str) and _PLAIN.fullmatch(default) and default not in _NOT_TEXT:
        return default
    # JSON is YAML, and quotes texts that YAML would take for something else.
    return json.dumps(default, ensure_ascii=False)

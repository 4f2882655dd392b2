"""The reference page of the settings, generated so that it can't differ from what the parser does."""

from paa.config.index_kinds import FIELDS, KINDS
from paa.config.keys import KEYS, Group, Key, ValueType
from paa.config.schema import schema_bytes
from paa.config.text import SCHEMA_FILE, yaml_default

_INTRODUCTION = f"""\
# `.paa.config`

The settings of a repository: a YAML file named `.paa.config` in its root. The file and every key in it are optional.
`paa init-config` writes one with the keys that matter at first, `paa init-config --full` one with all keys.

- `null` and blank text stand for the default of a key.
- Paths are relative to the root of the repository, separated by `/`, and stay inside it. Folders need not exist.
- Versions need quotes: without them YAML takes `1.10` for the number 1.1.
- Unknown keys, keys that stand there twice, values of the wrong type and impossible paths are errors. All of them are
  reported at once, each with its line, and paa ends with exit code 2.
- Credentials never belong in this file.

The keys marked *existing* are those of package-auto-assembler, whose repositories can be used as they are.

Editors that know JSON Schema complete and check the file: [`paa-config.schema.json`](paa-config.schema.json) is its
schema. `paa init-config` puts a copy at `{SCHEMA_FILE}` and names it in the first line of the settings,
where the YAML language server looks for it. As the file has no extension, tell the editor that `.paa.config` is YAML.
"""

_INDEXES = """\
Each entry of `indexes` has a name (letters, digits, `-` and `_`, beginning with a letter) and these keys:

| key | value |
| --- | --- |
| `kind` | what serves the index, from the table below |
"""

_KINDS = """\

`upload_url` and `simple_url` take the place of the addresses that a kind has; with both, no other key is needed but
where the token depends on it (`codeartifact`).

| kind | needed | optional |
| --- | --- | --- |
"""

_INDEXES_END = """\

```yaml
indexes:
  local:   {kind: directory, path: ../index}
  company: {kind: pypiserver, upload_url: "https://pypi.example.org/", simple_url: "https://pypi.example.org/simple/"}
publish_to: [company, local]
prereleases_to: testpypi
```

The names `pypi` and `testpypi` need no entry. The credentials of an index are read from the environment variables
`PAA_<NAME>_USERNAME` and `PAA_<NAME>_PASSWORD`, where `<NAME>` is its name in capitals with `_` for `-`.
[Indexes](indexes.md) says what follows from each kind, where else credentials are looked for, and how feeds are
defined by files in `.azure/feeds/`.
"""

_PROJECTS = """\
Each entry of `projects` is a mapping with one key, `path`: the folder of the project's `pyproject.toml`.

```yaml
projects:
  - path: .
```
"""

_AFTER_GROUP = {Group.RELEASES: _PROJECTS}


def reference_page() -> str:
    """The page ``docs/reference/configuration.md``."""
    return "\n".join([_INTRODUCTION, *(_section(group) for group in Group)])


def reference_files() -> dict[str, bytes]:
    """The generated files of ``docs/reference``, by name."""
    return {"configuration.md": reference_page().encode(), "paa-config.schema.json": schema_bytes()}


def _section(group: Group) -> str:
    rows = [_row(key) for key in KEYS if key.group is group]
    table = ["| key | value | default | meaning |", "| --- | --- | --- | --- |", *rows]
    section = "\n".join([f"## {group.value}", "", *table, ""])
    after = _indexes() if group is Group.INDEXES else _AFTER_GROUP.get(group)
    return section if after is None else f"{section}\n{after}"


def _row(key: Key) -> str:
    choices = ", ".join(f"`{choice}`" for choice in key.choices)
    value = f"a list of {choices}" if key.value_type is ValueType.CHOICES else choices or key.value_type.value
    meaning = key.documentation + (" *existing*" if key.existing else "")
    return f"| `{key.name}` | {value} | `{yaml_default(key)}` | {meaning} |"


def _indexes() -> str:
    fields = "\n".join(f"| `{field.name}` | {field.documentation} |" for field in FIELDS)
    kinds = "\n".join(f"| `{kind.kind}` | {_names(kind.needed)} | {_names(kind.optional)} |" for kind in KINDS)
    return f"{_INDEXES}{fields}\n{_KINDS}{kinds}\n{_INDEXES_END}"


def _names(fields: tuple[str, ...]) -> str:
    return ", ".join(f"`{field}`" for field in fields) or "—"

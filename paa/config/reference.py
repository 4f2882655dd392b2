"""The reference page of the settings, generated so that it can't differ from what the parser does."""

from paa.config.indexes import NEED_URLS
from paa.config.keys import KEYS, Group, Key
from paa.config.schema import schema_bytes
from paa.config.settings import BUILT_IN_INDEXES
from paa.config.text import SCHEMA_FILE, yaml_default
from paa.model import IndexKind

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
| `path` | the folder of a `directory` index, relative to the root of the repository or absolute; it may lie outside |
| `upload_url` | where distributions are uploaded to, as in `.pypirc`; http or https, no user name, password or query |
| `simple_url` | where the Simple API begins, as for pip's `--index-url`; the same rules |

| kind | `path` | `upload_url` and `simple_url` |
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
    value = ", ".join(f"`{choice}`" for choice in key.choices) or key.value_type.value
    meaning = key.documentation + (" *existing*" if key.existing else "")
    return f"| `{key.name}` | {value} | `{yaml_default(key)}` | {meaning} |"


def _indexes() -> str:
    rows = "\n".join(f"| `{kind}` | {_path_use(kind)} | {_url_use(kind)} |" for kind in IndexKind)
    return f"{_INDEXES}{rows}\n{_INDEXES_END}"


def _path_use(kind: IndexKind) -> str:
    return "needed" if kind is IndexKind.DIRECTORY else "not allowed"


def _url_use(kind: IndexKind) -> str:
    if kind is IndexKind.DIRECTORY:
        return "not allowed"
    return (
        "needed"
        if kind in NEED_URLS
        else f"override the addresses of {kind}"
        if kind in BUILT_IN_INDEXES
        else "optional"
    )

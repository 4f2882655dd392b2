"""The JSON Schema of ``.paa.config``, for editors and for checks outside paa."""

import json

from paa.config.indexes import NEED_URLS
from paa.config.keys import KEYS, Key, ValueType
from paa.config.rules import DISTRIBUTION, INDEX_NAME, INDEX_PATH, INDEX_URL, INNER_PATH, PATH, Rule
from paa.config.scalars import LARGEST_SCORE, RULES
from paa.config.settings import BUILT_IN_INDEXES
from paa.model import IndexKind

Schema = dict[str, object]

_DEFAULT: Schema = {"$ref": "#/$defs/default"}


def json_schema() -> Schema:
    """The schema (draft 2020-12) of the file's content.

    It accepts what the parser accepts, but for what depends on other keys or on the disk: which indexes there are, and
    which files. An editor may read YAML 1.2, where ``yes`` and ``no`` are texts; the parser takes them for booleans.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": ".paa.config",
        "description": "The settings of a repository of packages. null and blank text stand for a key's default.",
        "type": ["object", "null"],
        "additionalProperties": False,
        "properties": {key.name: _property(key) for key in KEYS},
        "$defs": {
            "default": {
                "description": "Stands for the default.",
                "anyOf": [{"type": "null"}, {"type": "string", "pattern": r"^\s*$"}],
            },
            "path": _text(PATH),
            "inner_path": _text(INNER_PATH),
            "index": _index(),
            "index_name": _text(INDEX_NAME),
            "index_path": _text(INDEX_PATH),
            "index_url": _text(INDEX_URL),
            "distribution": _text(DISTRIBUTION),
            **{value_type.name.lower(): _text(rules) for value_type, rules in RULES.items()},
        },
    }


def schema_bytes() -> bytes:
    """The schema as it is published."""
    return (json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n").encode()


def json_default(key: Key) -> object:
    """The default of ``key`` as JSON has it; null where the default depends on other things."""
    match key.default:
        case tuple() as names if key.value_type is ValueType.INDEX_NAMES:
            return names[0] if names else None
        case tuple() as texts:
            return list(texts)
        case str() | bool() | float() | None:
            return key.default
        case _:
            return {}


def _property(key: Key) -> Schema:
    return {
        "description": key.documentation,
        "default": json_default(key),
        "anyOf": [_value(key), _DEFAULT],
    }


def _value(key: Key) -> Schema:
    if key.value_type is ValueType.CHOICE:
        return {"enum": [str(choice) for choice in key.choices]}
    path, inner_path, index_name = _reference("path"), _reference("inner_path"), _reference("index_name")
    project: Schema = {
        "type": "object",
        "additionalProperties": False,
        "required": ["path"],
        "properties": {"path": path},
    }
    values: dict[ValueType, Schema] = {
        ValueType.FOLDER: path,
        ValueType.FILE: inner_path,
        ValueType.PATHS: {"type": "object", "propertyNames": inner_path, "additionalProperties": inner_path},
        ValueType.BOOLEAN: {"type": "boolean"},
        ValueType.SCORE: {"type": "number", "minimum": 0, "maximum": LARGEST_SCORE},
        ValueType.TEXTS: _list(_reference("text")),
        ValueType.INDEXES: _indexes(),
        ValueType.INDEX_NAMES: {"anyOf": [index_name, {**_list(index_name), "minItems": 1}]},
        ValueType.DISTRIBUTIONS: _list(_reference("distribution")),
        ValueType.PROJECTS: _list(project),
    }
    return values.get(key.value_type) or _reference(key.value_type.name.lower())


def _indexes() -> Schema:
    built_in = {
        name: {"allOf": [_reference("index"), {"properties": {"kind": {"const": str(index.kind)}}}]}
        for name, index in BUILT_IN_INDEXES.items()
    }
    return {
        "type": "object",
        "propertyNames": _reference("index_name"),
        "properties": built_in,
        "additionalProperties": _reference("index"),
    }


def _index() -> Schema:
    path, url = _reference("index_path"), _reference("index_url")
    optional_url: Schema = {"anyOf": [url, _DEFAULT]}
    needs_path = _kind_fields([IndexKind.DIRECTORY], {"path": path, "upload_url": _DEFAULT, "simple_url": _DEFAULT})
    needs_urls = _kind_fields([*NEED_URLS], {"path": _DEFAULT, "upload_url": url, "simple_url": url})
    built_in_kinds = [index.kind for index in BUILT_IN_INDEXES.values()]
    free = _kind_fields(built_in_kinds, {"path": _DEFAULT, "upload_url": optional_url, "simple_url": optional_url})
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind"],
        "properties": {
            "kind": {"description": "What serves the index.", "enum": [str(kind) for kind in IndexKind]},
            "path": {"description": "The folder of the index, relative to the root of the repository."},
            "upload_url": {"description": "Where distributions are uploaded to."},
            "simple_url": {"description": "Where the Simple API begins."},
        },
        "allOf": [needs_path, needs_urls, free],
    }


def _kind_fields(kinds: list[IndexKind], fields: dict[str, Schema]) -> Schema:
    needed = [name for name, field in fields.items() if field in (_reference("index_path"), _reference("index_url"))]
    then: Schema = {"properties": fields}
    if needed:
        then["required"] = needed
    return {"if": {"properties": {"kind": {"enum": [str(kind) for kind in kinds]}}}, "then": then}


def _text(rules: tuple[Rule, ...]) -> Schema:
    conditions: list[Schema] = [
        {"pattern": rule.pattern} if rule.required else {"not": {"pattern": rule.pattern}} for rule in rules
    ]
    return {"type": "string", "allOf": conditions}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}

"""The JSON Schema of ``.paa.config``, for editors and for checks outside paa."""

import json

from paa.config.index_kinds import ADDRESSES, FIELDS, FIELDS_BY_NAME, KINDS, KindFields, rules_of
from paa.config.keys import KEYS, Key, ValueType
from paa.config.rules import DISTRIBUTION, INDEX_NAME, INDEX_URL, INNER_PATH, PATH, Rule
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
    if key.value_type is ValueType.CHOICES:
        return {**_list({"enum": [str(choice) for choice in key.choices]}), "minItems": 1}
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
    descriptions: Schema = {field.name: {"description": _plain(field.documentation)} for field in FIELDS}
    kind: Schema = {"description": "What serves the index.", "enum": [str(kind) for kind in IndexKind]}
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["kind"],
        "properties": {"kind": kind, **descriptions},
        "allOf": [_kind(fields) for fields in KINDS],
    }


def _kind(fields: KindFields) -> Schema:
    values = {name: _field(fields.kind, name) for name in fields.names}
    properties: Schema = {
        field.name: {"anyOf": [values[field.name], _DEFAULT]} if field.name in values else _DEFAULT for field in FIELDS
    }
    then: Schema = {"properties": properties}
    ways = [fields.needed, ADDRESSES] if fields.replaceable else [fields.needed]
    if fields.needed:
        then["anyOf"] = [{"required": [*way], "properties": {name: values[name] for name in way}} for way in ways]
    return {"if": {"properties": {"kind": {"const": str(fields.kind)}}}, "then": then}


def _field(kind: IndexKind, name: str) -> Schema:
    rules = rules_of(kind, name)
    text = _reference("index_url") if rules == INDEX_URL else _text(rules)
    return {"anyOf": [text, {"type": "integer", "minimum": 0}]} if FIELDS_BY_NAME[name].number else text


def _plain(documentation: str) -> str:
    return documentation.replace("`", "'")


def _text(rules: tuple[Rule, ...]) -> Schema:
    conditions: list[Schema] = [
        {"pattern": rule.pattern} if rule.required else {"not": {"pattern": rule.pattern}} for rule in rules
    ]
    return {"type": "string", "allOf": conditions}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _reference(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}

"""What there is at the door, on paper: OpenAPI 3.1 for programs, the same for people. Made from the table.

Sources: OpenAPI 3.1.1; RFC 9457 for problems; draft-ietf-httpapi-idempotency-key-header.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from parley import __version__
from parley.gates.api.answers import write
from parley.gates.api.commands import Commands, Field, JsonValue, Kind
from parley.gates.api.deeds import DEEDS, Deed
from parley.gates.api.examples import Example, example_of
from parley.gates.api.forms import HASHES, shown_fields
from parley.gates.api.policy import Scope
from parley.gates.api.problems import codes
from parley.gates.api.refusals import REFUSALS

_TYPES: Final = {Kind.TEXT: "string", Kind.NUMBER: "integer", Kind.SWITCH: "boolean", Kind.CHOICE: "string"}
_FILE: Final[Mapping[str, JsonValue]] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "text": {"type": "string"}, "base64": {"type": "string"}},
    "required": ["name"],
    "additionalProperties": False,
}
_TEXT: Final[Mapping[str, JsonValue]] = {"type": "string"}
_COUNT: Final[Mapping[str, JsonValue]] = {"type": "integer"}
_SCHEMAS: Final[Mapping[str, JsonValue]] = {
    "problem": {
        "type": "object",
        "properties": {
            **dict.fromkeys(("type", "code", "title", "detail", "fix"), _TEXT),
            "status": _COUNT,
            "where": {"type": ["string", "null"]},
        },
        "required": ["type", "code", "status", "title", "detail", "fix", "where"],
    },
    "list": {
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"type": "object"}},
            "next": {"type": ["string", "null"]},
            **dict.fromkeys(("as_of_entry", "began_at_entry", "exit"), _COUNT),
        },
        "required": ["items", "next", "as_of_entry", "began_at_entry", "exit"],
    },
    "one": {
        "type": "object",
        "properties": dict.fromkeys(("as_of_entry", "exit"), _COUNT),
        "required": ["as_of_entry", "exit"],
    },
    "act": {
        "type": "object",
        "properties": {
            "dry_run": {"type": "boolean"},
            "advice": {"type": "array", "items": _TEXT},
            "exit": _COUNT,
        },
        "required": ["dry_run", "advice", "exit"],
    },
    "file": _FILE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Something that a deed takes."""

    name: str
    type: str
    is_required: bool
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A deed as people read of it."""

    method: str
    path: str
    scope: str
    shown: str
    command: str
    fields: tuple[Taken, ...]
    example: str
    """The body, or what stands behind the question mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """All deeds of one noun."""

    name: str
    sheets: tuple[Sheet, ...]


def document(commands: Commands) -> dict[str, JsonValue]:
    """Return the OpenAPI document of this node's door."""
    return dict(_document(commands.__class__))


@cache
def _document(make: type[Commands]) -> Mapping[str, JsonValue]:
    commands = make()
    paths: dict[str, dict[str, JsonValue]] = {}
    for deed in DEEDS:
        paths.setdefault(deed.path, {})[deed.method.lower()] = _operation(deed, commands)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parley",
            "version": __version__,
            "summary": "The door for tools of ours",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {"problem": _answer("A problem", "problem", media="application/problem+json")},
        },
        "x-problem-codes": codes(),
        "x-never-by-a-token": {" ".join(each.command): each.why.value for each in REFUSALS},
    }


def _operation(deed: Deed, commands: Commands) -> dict[str, JsonValue]:
    fields = commands.fields(deed.command)
    beside, example = shown_fields(deed, fields), example_of(deed.name)
    parameters: list[JsonValue] = [
        {"name": name, "in": "path", "required": True, "schema": _TEXT, "description": field.shown}
        for name, field in zip(_braces(deed.path), fields, strict=False)
    ]
    found: dict[str, JsonValue] = {
        "operationId": deed.name,
        "tags": [deed.command[0]],
        "description": f"parley {' '.join(deed.command)}",
        "x-scope": deed.scope.value,
        "x-signed-by-a-person": deed.is_signed,
    }
    if deed.scope is Scope.READ:
        parameters += [_parameter(each) for each in beside]
        what = "list" if deed.items else "one"
        answers = {"200": _answer("What was seen", what), "304": {"description": "Nothing has changed"}}
    else:
        parameters += _ACTING if deed.has_trial else _ACTING[:1]
        found["requestBody"] = {"content": {"application/json": _body(beside, example)}}
        answers = {status: _answer(told, "act") for status, told in _DONE.items()}
    problem: JsonValue = {"$ref": "#/components/responses/problem"}
    if example is not None and example.places:
        found["x-example-places"] = list(example.places)
    if example is not None and example.query:
        found["x-example-query"] = dict(example.query)
    return {**found, "parameters": parameters, "responses": {**answers, "default": problem}}


_ACTING: Final[tuple[JsonValue, ...]] = (
    {"name": "Idempotency-Key", "in": "header", "schema": _TEXT, "description": "needed but for a trial"},
    {"name": "dry_run", "in": "query", "schema": {"type": "boolean", "default": False}},
)
_DONE: Final = {
    "200": "What would be said; nothing was",
    "201": "It is in our record",
    "202": "It waits for a person, or for the other side",
}


def _answer(told: str, schema: str, *, media: str = "application/json") -> JsonValue:
    return {"description": told, "content": {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _braces(path: str) -> tuple[str, ...]:
    return tuple(part.strip("{}") for part in path.split("/") if part.startswith("{"))


def _parameter(field: Field) -> JsonValue:
    return {
        "name": field.name,
        "in": "query",
        "required": field.is_required,
        "description": field.shown,
        "schema": _schema(field),
    }


def _body(fields: Sequence[Field], example: Example | None) -> dict[str, JsonValue]:
    schema: dict[str, JsonValue] = {
        "type": "object",
        "properties": {each.name: {**_schema(each), "description": each.shown} for each in fields},
        "required": [each.name for each in fields if each.is_required],
        "additionalProperties": False,
    }
    shown: dict[str, JsonValue] = {} if example is None or example.body is None else {"example": example.body}
    return {"schema": schema, **shown}


def _schema(field: Field) -> dict[str, JsonValue]:
    if field.kind is Kind.FILE:
        return {"$ref": "#/components/schemas/file"}
    one: dict[str, JsonValue] = {"type": _TYPES[field.kind]}
    if field.choices:
        one["enum"] = list(field.choices)
    if field.name in HASHES:
        one["pattern"] = "^[0-9a-f]{64}$"
    one |= {"minimum": field.least} if field.least is not None else {}
    one |= {"maximum": field.most} if field.most is not None else {}
    return {"type": "array", "items": one} if field.is_list else one


def paper(commands: Commands) -> tuple[Room, ...]:
    """Return the same for people, in the language in force."""
    ordered = sorted(DEEDS, key=lambda deed: deed.command[0])
    return tuple(
        Room(name=noun, sheets=tuple(_sheet(deed, commands) for deed in deeds))
        for noun, deeds in groupby(ordered, key=lambda deed: deed.command[0])
    )


def _sheet(deed: Deed, commands: Commands) -> Sheet:
    fields, example = shown_fields(deed, commands.fields(deed.command)), example_of(deed.name)
    shown = "" if example is None or not example.body else write(example.body).strip()
    asked = "" if example is None else "&".join(f"{name}={text}" for name, text in example.query.items())
    return Sheet(
        method=deed.method,
        path=f"/api/v1{deed.path}",
        scope=_("draft, and only tried: a person signs it") if deed.is_signed else deed.scope.value,
        shown=_translated(commands.about(deed.command)),
        command=f"parley {' '.join(deed.command)}",
        fields=tuple(_taken(each) for each in fields),
        example=shown or (f"?{asked}" if asked else ""),
    )


def _translated(told: str) -> str:
    # The help of a command is in the catalogue; the empty text is the head of the catalogue.
    return translation.gettext(told) if told else ""


def _taken(field: Field) -> Taken:
    one = " | ".join(field.choices) if field.choices else field.kind.value
    return Taken(
        name=field.name,
        type=f"[{one}]" if field.is_list else one,
        is_required=field.is_required,
        shown=_translated(field.shown),
    )

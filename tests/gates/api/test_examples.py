"""Whoever copies an example out of the document gets what the document says."""

import re
from pathlib import Path
from typing import Any, Final

import pytest
from pytest_django import Settings

from parley.gates.api.examples import EXAMPLES
from tests.gates.api.desk import ApiDesk, Tool, json_of

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

TYPES: Final = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def fits(value: Any, schema: Any, paper: Any) -> bool:  # noqa: ANN401 - JSON of any shape
    """Return whether `value` is as `schema` says: as much of JSON Schema as the document uses."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return fits(value, paper["components"]["schemas"][name], paper)
    wanted = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, tuple(TYPES[each] for each in wanted)):
        return False
    if isinstance(value, list):
        return all(fits(each, schema["items"], paper) for each in value)
    if not isinstance(value, dict):
        return value in schema.get("enum", [value])
    known = schema.get("properties", {})
    return (
        set(schema.get("required", ())) <= set(value)
        and (schema.get("additionalProperties", True) or set(value) <= set(known))
        and all(fits(value[name], each, paper) for name, each in known.items() if name in value)
    )


def asked(tool: Tool, operation: Any, path: str) -> Any:  # noqa: ANN401 - likewise
    """Ask as the document shows it, and nothing else is known."""
    places = iter(operation.get("x-example-places", ()))
    path = re.sub(r"\{\w+\}", lambda _brace: next(places), path)
    if "requestBody" not in operation:
        return tool.get(path, operation.get("x-example-query", {}))
    return tool.post(path, operation["requestBody"]["content"]["application/json"]["example"])


def test_every_example_of_the_document_does_what_it_says(tmp_path: Path, settings: Settings) -> None:
    desk = ApiDesk(tmp_path, settings)
    assert desk.ask_each_other() == ("A-1", "B-2")
    tool = desk.tool()
    paper = json_of(tool.get("/openapi.json"))
    operations = {
        each["operationId"]: (path, each) for path, all_ in paper["paths"].items() for each in all_.values()
    }

    for example in EXAMPLES:
        path, operation = operations[example.deed]
        answer = asked(tool, operation, path)

        assert answer.status_code == example.status, (example.deed, answer.text)
        told = operation["responses"][str(example.status)]["content"]["application/json"]["schema"]
        assert fits(json_of(answer), told, paper), (example.deed, answer.text)
        if example.body is not None:
            body = operation["requestBody"]["content"]["application/json"]["schema"]
            assert fits(example.body, body, paper), example.deed

"""From a path to the place in the terms where its value stands.

As in `protocol/guidelines/fields.py`, a rung of the ladder stands by its name, and a kind by its own.
"""

from parley.protocol.strictjson import JsonObject, JsonValue


def table_of(terms: JsonObject, path: str) -> JsonObject:
    """Return the table in which the last key of `path` stands, or would stand."""
    value: JsonValue = terms
    for key in path.split("/")[:-1]:
        value = _below(value, key)
    assert isinstance(value, dict), "a path of the form leads through tables"
    return value


def _below(value: JsonValue, key: str) -> JsonValue:
    if isinstance(value, list):
        return next(each for each in value if isinstance(each, dict) and each.get("rung") == key)
    assert isinstance(value, dict), "a path of the form leads through tables"
    return value[key]


def last(path: str) -> str:
    """Return the last key of a path."""
    return path.rpartition("/")[2]

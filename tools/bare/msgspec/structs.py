"""What is done with values as a whole."""

from typing import Any


def replace(value: Any, /, **changes: Any) -> Any:
    """Return `value` with some fields changed."""
    return type(value)(**{name: getattr(value, name) for name in value.__struct_fields__} | changes)

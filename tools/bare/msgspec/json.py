"""JSON as the standard library reads it. What is strict about it is checked before, in `strictjson.py`."""

import json
from typing import Any


class Decoder:
    """Knows nothing: whoever asks falls back on the reader that is always right."""

    def __init__(self, type: Any = Any) -> None:
        """Take what kind of value is wanted."""

    def __class_getitem__(cls, _item: Any) -> type["Decoder"]:
        return cls

    def decode(self, raw: bytes) -> Any:
        """Refuse."""
        from msgspec import DecodeError

        raise DecodeError


def decode(raw: bytes | str, *, type: Any = Any) -> Any:
    """Return the value in `raw`, which was found to be strict JSON."""
    return json.loads(raw if isinstance(raw, str) else raw.decode("utf-8"))


def encode(value: Any) -> bytes:
    """Return `value` as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain).encode("utf-8")


def _plain(value: Any) -> Any:
    return dict(value)

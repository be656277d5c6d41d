"""A stand-in for msgspec in `verify.pyz`, of which a judge's computer need have no more than `cryptography`.

It holds what `parley/protocol` asks for, and no more: values with named fields, the conversion of
plain JSON values into them, and JSON itself. It is slow and short, so that it can be read. That both
do the same is shown by the tests of the protocol, which pass with either (tests/verify/test_bare.py).
"""

import enum
import re
import types
from dataclasses import dataclass
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    Union,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from msgspec import json, structs

__all__ = ["DecodeError", "Meta", "Struct", "ValidationError", "convert", "json", "structs", "to_builtins"]


class DecodeError(ValueError):
    """These bytes are no JSON."""


class ValidationError(DecodeError):
    """This value is not of the type."""


@dataclass(frozen=True, kw_only=True)
class Meta:
    """What a value must keep besides its type."""

    ge: int | None = None
    le: int | None = None
    lt: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None

    def check(self, value: Any) -> None:
        """Raise unless `value` keeps it."""
        bounds = (
            self.ge is None or value >= self.ge,
            self.le is None or value <= self.le,
            self.lt is None or value < self.lt,
            self.min_length is None or len(value) >= self.min_length,
            self.max_length is None or len(value) <= self.max_length,
            self.pattern is None or re.search(self.pattern, value) is not None,
        )
        if not all(bounds):
            raise ValidationError(f"not within {self}")


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Struct:
    """A value with named fields, given by name, that never change."""

    __struct_fields__: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, Any]] = {}
    _forbids: ClassVar[bool] = False

    def __init_subclass__(cls, *, forbid_unknown_fields: bool | None = None, **_options: object) -> None:
        super().__init_subclass__()
        own = [
            name
            for name, kind in cls.__dict__.get("__annotations__", {}).items()
            if "ClassVar" not in str(kind)
        ]
        cls.__struct_fields__ = tuple(dict.fromkeys((*cls.__struct_fields__, *own)))
        # A field that is named again without a default has none any more.
        kept = {name: value for name, value in cls._defaults.items() if name not in own}
        cls._defaults = kept | {name: cls.__dict__[name] for name in own if name in cls.__dict__}
        if forbid_unknown_fields is not None:
            cls._forbids = forbid_unknown_fields

    def __init__(self, **given: Any) -> None:
        for name in self.__struct_fields__:
            if name in given:
                value = given.pop(name)
            elif name in self._defaults:
                value = self._defaults[name]
            else:
                raise TypeError(f"Missing required argument '{name}'")
            object.__setattr__(self, name, value)
        if given:
            raise TypeError(f"Unexpected keyword argument '{next(iter(given))}'")
        self.__post_init__()

    def __post_init__(self) -> None:
        """Check what the types do not say."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"immutable type: '{type(self).__name__}'")

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__struct_fields__)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), *self._values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__)
        return f"{type(self).__name__}({fields})"


_HINTS: dict[type, dict[str, Any]] = {}


def convert(value: Any, type: Any, *, strict: bool = True) -> Any:
    """Return `value`, made of plain JSON values, as a value of `type`; nothing is ever read as another type.

    Raises:
        ValidationError: it is none.
    """
    assert strict
    origin = get_origin(type)
    if origin is Annotated:
        inner, *metas = get_args(type)
        found = convert(value, inner)
        for meta in metas:
            meta.check(found)
        return found
    if origin in {Union, types.UnionType}:
        return _one_of(value, get_args(type))
    if origin is Literal:
        return _same(
            value, [each for each in get_args(type) if each == value and each.__class__ is value.__class__]
        )
    if origin is not None:
        return _many(value, origin, get_args(type))
    if type in {None, types.NoneType}:
        return _same(value, [None] if value is None else [])
    if issubclass(type, Struct):
        return _struct(value, type)
    if issubclass(type, enum.Enum):
        return _same(
            value, [each for each in type if each.value == value and each.value.__class__ is value.__class__]
        )
    return _same(value, [value] if value.__class__ is type else [])


def _same(value: Any, found: list[Any]) -> Any:
    if not found:
        raise ValidationError(f"{str(value)[:40]!r} is not what is expected")
    return found[0]


def _one_of(value: Any, kinds: tuple[Any, ...]) -> Any:
    for kind in kinds:
        try:
            return convert(value, kind)
        except ValidationError:
            continue
    raise ValidationError("of none of the types that are expected")


def _many(value: Any, origin: Any, arguments: tuple[Any, ...]) -> Any:
    if origin is dict:
        if value.__class__ is not dict:
            raise ValidationError("an object is expected")
        return {convert(key, arguments[0]): convert(each, arguments[1]) for key, each in value.items()}
    if value.__class__ not in {list, tuple}:
        raise ValidationError("an array is expected")
    if origin is tuple and arguments[-1] is not Ellipsis:
        if len(value) != len(arguments):
            raise ValidationError(f"an array of {len(arguments)} is expected")
        return tuple(convert(each, kind) for each, kind in zip(value, arguments, strict=True))
    return origin(convert(each, arguments[0]) for each in value)


def to_builtins(value: Any) -> Any:
    """Return a value as plain JSON values."""
    if isinstance(value, Struct):
        return {name: to_builtins(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, dict):
        return {to_builtins(key): to_builtins(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [to_builtins(each) for each in value]
    return value


def _struct(value: Any, kind: Any) -> Any:
    if value.__class__ is not dict:
        raise ValidationError("an object is expected")
    hints = _HINTS.get(kind) or _HINTS.setdefault(kind, get_type_hints(kind, include_extras=True))
    strange = [name for name in value if name not in kind.__struct_fields__]
    missing = [name for name in kind.__struct_fields__ if name not in value and name not in kind._defaults]
    if missing or (strange and kind._forbids):
        raise ValidationError(f"a field is missing or unknown: {(missing + strange)[0]}")
    given = {name: convert(each, hints[name]) for name, each in value.items() if name not in strange}
    try:
        return kind(**given)
    except (ValueError, TypeError) as error:
        raise ValidationError(str(error)) from error

"""Values become the words of a command: each of the type that the command names, and nothing else.

What stands behind an option can never be taken for another option (`--text=…`), nor what stands at a place
(`-- …`). No value names a file of this machine: the content of a file comes along, and is held in memory.
"""

import base64
import binascii
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from django.http import QueryDict

from parley.gates.api.commands import Field, Heard, JsonValue, Kind
from parley.gates.api.deeds import Deed
from parley.gates.api.problems import ProblemError

HASHES: Final = frozenset({"enclose"})
"""What takes a path or a hash at the command line takes a hash here."""
MOST_ROWS: Final = 200
USUAL_ROWS: Final = 50
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}")
_NAME: Final = re.compile(r"[^/\x00-\x1f\x7f]{1,100}")
_FOLDER: Final = "parley-came-along-"
_PATH: Final = re.compile(rf"/[^\s“]*{_FOLDER}[^/]*/")
_SIGNS: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """The content of a file, and what it is called."""

    name: str
    content: bytes


Value = str | int | bool | Upload
Values = Mapping[str, tuple[Value, ...]]


def shown_fields(deed: Deed, fields: Sequence[Field]) -> tuple[Field, ...]:
    """Return what is taken beside the address: no path of this machine, but a file where one is read."""
    files = (
        replace(each, kind=Kind.FILE) if each.name in deed.files else each
        for each in fields[deed.places :]
        if each.kind is not Kind.FILE or each.name in deed.files
    )
    return tuple(replace(each, most=MOST_ROWS) if _is_limit(deed, each) else each for each in files)


def _is_limit(deed: Deed, field: Field) -> bool:
    return bool(deed.items) and field.name == "limit"


def read_query(query: QueryDict, fields: Sequence[Field]) -> Values:
    """Return what stands behind the question mark.

    Raises:
        ProblemError: a name is not known, or a value is of another type.
    """
    by_name = {each.name: each for each in fields}
    found: dict[str, tuple[Value, ...]] = {}
    for name, texts in query.lists():
        if name not in by_name:
            raise ProblemError("unknown_member", where=name)
        found[name] = tuple(_of_text(text, by_name[name]) for text in texts)
    return _checked(found, fields)


def read_body(body: Mapping[str, JsonValue], fields: Sequence[Field]) -> Values:
    """Return what the body holds.

    Raises:
        ProblemError: a member is not known, missing, or of another type.
    """
    by_name = {each.name: each for each in fields}
    found: dict[str, tuple[Value, ...]] = {}
    for name, value in body.items():
        if name not in by_name:
            raise ProblemError("unknown_member", where=name)
        if value is None:
            continue
        field = by_name[name]
        many = value if field.is_list else [value]
        if not isinstance(many, list):
            raise ProblemError("wrong_type", where=name)
        found[name] = tuple(_of_json(each, field) for each in many)
    return _checked(found, fields)


def _checked(found: Values, fields: Sequence[Field]) -> Values:
    for each in fields:
        values = found.get(each.name, ())
        if each.is_required and not values:
            raise ProblemError("missing_member", where=each.name)
        if len(values) > 1 and not each.is_list:
            raise ProblemError("wrong_type", where=each.name)
    return found


def _of_text(text: str, field: Field) -> Value:
    if field.kind is Kind.SWITCH and text in {"true", "false"}:
        return text == "true"
    if field.kind is Kind.NUMBER and _NUMBER.fullmatch(text):
        return _of_json(int(text), field)
    if field.kind in {Kind.TEXT, Kind.CHOICE}:
        return _of_json(text, field)
    raise ProblemError("wrong_type", where=field.name)


def _of_json(value: JsonValue, field: Field) -> Value:
    match field.kind, value:
        case Kind.SWITCH, bool():
            return value
        case Kind.NUMBER, int() if not isinstance(value, bool) and _fits(value, field):
            return value
        case Kind.TEXT, str() if field.name not in HASHES or _HASH.fullmatch(value):
            return value
        case Kind.CHOICE, str() if value in field.choices:
            return value
        case Kind.FILE, dict():
            return _upload(value, field)
        case _:
            raise ProblemError("wrong_type", where=field.name)


def _fits(value: int, field: Field) -> bool:
    return (field.least is None or field.least <= value) and (field.most is None or value <= field.most)


def _upload(value: Mapping[str, JsonValue], field: Field) -> Upload:
    """Return a file from ``{"name": …, "text": …}``, or ``"base64"`` in place of the text."""
    match dict(value):
        case {"name": str(name), "text": str(text), **rest} if not rest:
            content = text.encode()
        case {"name": str(name), "base64": str(text), **rest} if not rest:
            try:
                content = base64.b64decode(text, validate=True)
            except (binascii.Error, ValueError) as error:
                raise ProblemError("wrong_type", where=field.name) from error
        case _:
            raise ProblemError("wrong_type", where=field.name)
    if not _NAME.fullmatch(name) or name in {".", ".."}:
        raise ProblemError("wrong_type", where=f"{field.name}.name")
    return Upload(name=name, content=content)


@contextmanager
def words_of(fields: Sequence[Field], places: Sequence[str], values: Values) -> Iterator[list[str]]:
    """Give what would be typed after the command, while its files are held: `fields` beside `places`.

    Raises:
        ProblemError: the address holds a sign that nobody types.
    """
    if any(_SIGNS.search(place) for place in places):
        raise ProblemError("not_there")
    with ExitStack() as held:
        options: list[str] = []
        standing = list(places)
        for each in fields:
            for value in values.get(each.name, ()):
                if value is False:
                    continue
                text = str(held.enter_context(_in_memory(value))) if isinstance(value, Upload) else str(value)
                if not each.flag:
                    standing.append(text)
                else:
                    options.append(each.flag if value is True else f"{each.flag}={text}")
        yield [*options, "--", *standing]


def without_paths(heard: Heard) -> Heard:
    """Return what a command said, each file called as the tool called it: where it was held is ours."""
    return replace(
        heard,
        advice=tuple(_PATH.sub("", each) for each in heard.advice),
        what=_PATH.sub("", heard.what),
        do=_PATH.sub("", heard.do),
    )


@contextmanager
def _in_memory(upload: Upload) -> Iterator[Path]:
    """Give a path at which a command reads the file; what it holds is on no disk."""
    held = os.memfd_create("parley", os.MFD_CLOEXEC)
    with os.fdopen(held, "wb", closefd=True) as memory, TemporaryDirectory(prefix=_FOLDER) as folder:
        memory.write(upload.content)
        memory.flush()
        path = Path(folder) / upload.name
        path.symlink_to(f"/proc/self/fd/{memory.fileno()}")
        yield path

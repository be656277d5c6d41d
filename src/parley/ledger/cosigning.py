"""A statement that persons sign together, each at his own time, before it is written.

    1  `prepare`    the entry is made as it will stand in the log: time, log, seen, parts (`preparing.py`)
    2  each person signs the very same text (`persons.py`), wherever the others are meanwhile
    3  `append`     a draft with the prepared entry and the lines; the writer takes it as it is

Between 1 and 3 hours may pass and the log may grow: an old time does not go back in it, and an old
`seen` is idle (Spec §4.4, §7.6.5). If the log itself has ended meanwhile, the signatures are for another
one, and it is refused as `wrong-log`. Whether enough persons signed is for the fold alone to say.
"""

import hashlib
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from parley.ledger.drafts import Prepared, Resting
from parley.ledger.keys import Keys
from parley.protocol import entry as entries
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.protocol.channel import Written
from parley.protocol.entry import ParsedEntry
from parley.protocol.form import Statement, read_statement
from parley.protocol.notation import read_base64, write_base64
from parley.protocol.note import Line
from parley.protocol.part import PartError, SealedPart, open_part
from parley.protocol.strictjson import JsonSource, JsonValue
from parley.protocol.suite import Suite


class NotPreparedError(Exception):
    """This is no prepared entry, or not one of the log in which it is to be written."""


def spoken(prepared: Prepared) -> str:
    """Return eight characters by which persons tell each other which text they sign, in whichever lanes."""
    leaves = [read_statement(each.text).leaf for _lane, each in (("", prepared), *prepared.others)]
    return id_text(leaves[0] if len(leaves) == 1 else hashlib.sha256(b"".join(leaves)).digest())[:8]


def signed(prepared: Prepared, sign: Callable[[bytes], Line]) -> Prepared:
    """Return `prepared` with one more person's line under each of its texts, as `sign` makes them."""
    return replace(
        prepared,
        lines=(*prepared.lines, sign(prepared.text)),
        others=tuple((lane, signed(each, sign)) for lane, each in prepared.others),
    )


def written(prepared: Prepared, *, origin: str, keys: Keys, suite: Suite) -> Written:
    """Return the prepared entry with its lines, to be written in the log `origin`.

    Raises:
        NotPreparedError: it is of another log, or its parts are not those that were signed.
    """
    try:
        entry = entries.parse(prepared.text).entry
        if entry.log != origin:
            raise NotPreparedError("it was signed for another log")
        parts = tuple(_sealed(each, keys) for each in prepared.parts)
        named = (entry.act, *entry.parts)
        if [(each.hash, each.size) for each in parts] != [(each.hash, each.size) for each in named]:
            raise NotPreparedError("its parts are not those that were signed")
        act = open_part(parts[0].ciphertext, key=parts[0].key, scope=origin, suite=suite)
        raw = entries.encode_signed(prepared.text, prepared.lines)
    except (BreachError, PartError) as error:
        raise NotPreparedError(str(error)) from error
    parsed = ParsedEntry(entry=entry, text=prepared.text, lines=prepared.lines)
    leaf = read_statement(raw).leaf
    return Written(said=Statement(raw=raw, leaf=leaf, parsed=parsed).opened(act), parts=parts)


def _sealed(resting: Resting, keys: Keys) -> SealedPart:
    return SealedPart(
        hash=resting.hash,
        size=len(resting.ciphertext),
        ciphertext=resting.ciphertext,
        key=keys.unwrap(resting.wrapped),
    )


# ---- As JSON, for the socket and for the house


def write_prepared(prepared: Prepared) -> Mapping[str, JsonSource]:
    """Return a prepared entry as an object."""
    return {
        "text": prepared.text.decode("ascii"),
        "parts": [
            {"ciphertext": write_base64(each.ciphertext), "wrapped": write_base64(each.wrapped)}
            for each in prepared.parts
        ],
        "lines": [
            {"name": each.name, "key_id": write_base64(each.key_id), "payload": write_base64(each.payload)}
            for each in prepared.lines
        ],
        "others": {lane: write_prepared(each) for lane, each in prepared.others},
    }


def read_prepared(value: JsonValue) -> Prepared:
    """Return the prepared entry that `write_prepared` wrote.

    Raises:
        NotPreparedError: it is none.
    """
    match value:
        case {
            "text": str(text),
            "parts": list(parts),
            "lines": list(lines),
            "others": dict(others),
            **rest,
        } if not rest:
            try:
                return Prepared(
                    text=text.encode("ascii"),
                    parts=tuple(_read_part(each) for each in parts),
                    lines=tuple(_read_line(each) for each in lines),
                    others=tuple((lane, read_prepared(each)) for lane, each in others.items()),
                )
            except (BreachError, UnicodeEncodeError) as error:
                raise NotPreparedError(str(error)) from error
        case _:
            raise NotPreparedError("a prepared entry has exactly text, parts, lines and others")


def _read_part(value: JsonValue) -> Resting:
    match value:
        case {"ciphertext": str(ciphertext), "wrapped": str(wrapped), **rest} if not rest:
            return Resting(ciphertext=read_base64(ciphertext, "4.3"), wrapped=read_base64(wrapped, "4.3"))
        case _:
            raise NotPreparedError("a part has exactly ciphertext and wrapped")


def _read_line(value: JsonValue) -> Line:
    match value:
        case {"name": str(name), "key_id": str(key_id), "payload": str(payload), **rest} if not rest:
            return Line(name=name, key_id=read_base64(key_id, "2.2"), payload=read_base64(payload, "2.2"))
        case _:
            raise NotPreparedError("a line has exactly name, key_id and payload")


__all__ = [
    "NotPreparedError",
    "Prepared",
    "Resting",
    "read_prepared",
    "signed",
    "spoken",
    "write_prepared",
    "written",
]

"""What was sent from a draft, exactly as it was said, and what became of it: kept in the draft itself.

The sendings stand in the draft before anything is said. Whoever repeats them after a crash
says the very same under the same key, which is one statement however often it is said.

    sending       {"k":1,"key":"d31r7-…","count":5,"is_done":false}
    sending.1.0   {"rows":[1,4],"d":{…},"letter":{…},"ref":"A-2026-31/1","files":["<hash>",…]}
    outcome.1.0   {"place":"A 112","statement":"…","index":112}   or   {"refused":"schema","remark":"…"}
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from parley.inquiries.actions import Sending
from parley.inquiries.forms.letter import read_letter, write_letter
from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.enclosing import Kept
from parley.protocol.act import id_text
from parley.protocol.strictjson import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A sending that was begun: the `number`-th of its draft, with the key that makes repeats harmless."""

    number: int
    key: str
    count: int
    is_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One inquiry of a sending, and the rows it is made of."""

    rows: tuple[int, ...]
    sending: Sending


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """What became of one inquiry: its place in the record, or why it was refused; neither while unknown."""

    rows: tuple[int, ...]
    title: str
    ref: str
    place: str = ""
    statement: str = ""
    index: int = -1
    refused: str = ""
    remark: str = ""


def begun_of(values: Mapping[str, str]) -> Begun | None:
    """Return the newest sending of the draft."""
    if not values.get("sending"):
        return None
    about = json.loads(values["sending"])
    return Begun(number=about["k"], key=about["key"], count=about["count"], is_done=about["is_done"])


def write_begun(begun: Begun, parts: Sequence[Part]) -> Mapping[str, str]:
    """Return the fields that hold a sending before it is said."""
    return {
        **_head(begun),
        **{f"sending.{begun.number}.{place}": write_part(part) for place, part in enumerate(parts)},
    }


def parts_of(values: Mapping[str, str], begun: Begun, *, files: Mapping[str, Kept]) -> tuple[Part, ...]:
    """Return the inquiries of a sending exactly as they were kept, with their files, of `files` by hash.

    Raises:
        KeyError: one of these files waits no more.
    """
    names = (f"sending.{begun.number}.{place}" for place in range(begun.count))
    return tuple(_read_part(values[name], files) for name in names)


def write_outcomes(begun: Begun, outcomes: Iterable[Appended | RefusedError]) -> Mapping[str, str]:
    """Return the fields that say what became of a sending."""
    done = Begun(number=begun.number, key=begun.key, count=begun.count, is_done=True)
    return {
        **_head(done),
        **{
            f"outcome.{begun.number}.{place}": json.dumps(_outcome(each), ensure_ascii=False)
            for place, each in enumerate(outcomes)
        },
    }


def dispatches_of(values: Mapping[str, str]) -> tuple[Dispatch, ...]:
    """Return what became of every inquiry of every sending, in order."""
    begun = begun_of(values)
    found = []
    for number in range(1, begun.number + 1 if begun else 1):
        place = 0
        while f"sending.{number}.{place}" in values:
            part = json.loads(values[f"sending.{number}.{place}"])
            outcome = json.loads(values.get(f"outcome.{number}.{place}") or "{}")
            title = (part["letter"].get("title") or {}).get("text", "")
            found.append(Dispatch(rows=tuple(part["rows"]), title=title, ref=part["ref"] or "", **outcome))
            place += 1
    return tuple(found)


def sent_rows(dispatches: Iterable[Dispatch]) -> dict[int, Dispatch]:
    """Return, by row, the inquiry in which it was sent; a row that was refused is still to be sent."""
    return {row: each for each in dispatches if each.place for row in each.rows}


def _head(begun: Begun) -> Mapping[str, str]:
    about = {"k": begun.number, "key": begun.key, "count": begun.count, "is_done": begun.is_done}
    return {"sending": json.dumps(about)}


def write_part(part: Part) -> str:
    """Return one inquiry exactly as it is kept."""
    value: dict[str, JsonValue] = {
        "rows": list(part.rows),
        "d": dict(part.sending.d),
        "letter": dict(write_letter(part.sending.letter)),
        "ref": part.sending.ref,
        "files": [each.hash.hex() for each in part.sending.files],
    }
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _read_part(text: str, files: Mapping[str, Kept]) -> Part:
    value = json.loads(text)
    sending = Sending(
        d=value["d"],
        letter=read_letter(value["letter"]),
        ref=value["ref"],
        files=tuple(files[each] for each in value.get("files", ())),
    )
    return Part(rows=tuple(value["rows"]), sending=sending)


def _outcome(outcome: Appended | RefusedError) -> Mapping[str, object]:
    if isinstance(outcome, RefusedError):
        return {"refused": outcome.code, "remark": outcome.remark}
    return {
        "place": outcome.place,
        "statement": id_text(outcome.statement),
        "index": outcome.index,
    }

"""What comes in, a pasted text or a file, to rows of a draft and to what was found in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.composer.forms.lines import write_source
from parley.composer.forms.remarks import SILENT
from parley.gates.table.translate import Choices, Ignored, Sheet, SheetError, Skipped, read_file, read_pasted
from parley.gates.table.translate.charset import decode
from parley.gates.table.translate.codes import MAX_ROWS, Obstacle

PIECE: Final = 400_000
"""Characters of a text in one field: never more than 2 MB, whatever they are."""
MAX_TOLD: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Something that came in: its name, if it was a file, its text and what was read from it."""

    name: str
    text: str
    sheet: Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the draft remembers of a source: where it came from, its rows, and the lines that are none."""

    number: int
    name: str
    encoding: str
    first: int
    last: int
    ignored: tuple[Ignored, ...]
    silent: int
    """Blank lines, and lines beyond those that are told one by one."""

    @property
    def count(self) -> int:
        return self.last - self.first + 1


def read_source(text: str, choices: Choices) -> Source:
    """Return what a pasted text holds.

    Raises:
        SheetError: it cannot be read as a whole.
    """
    return Source(name="", text=text, sheet=read_pasted(text, choices))


def read_upload(name: str, raw: bytes, choices: Choices) -> Source:
    """Return what a file holds; its text is what the door for tables makes of its bytes.

    Raises:
        SheetError: it cannot be read as a whole.
    """
    return Source(name=name[:200], text=decode(raw)[0], sheet=read_file(raw, choices))


def fields_of(source: Source, *, number: int, first: int) -> Mapping[str, str]:
    """Return the fields of the draft for source `number`, whose rows count from `first`."""
    sheet = source.sheet
    told = [each for each in sheet.ignored if each.skipped not in SILENT]
    about = {
        "name": source.name,
        "encoding": sheet.encoding or "",
        "rows": [first, first + len(sheet.rows) - 1],
        "ignored": [[each.line, each.last_line, each.skipped.value, each.text] for each in told[:MAX_TOLD]],
        "silent": len(sheet.ignored) - len(told[:MAX_TOLD]),
    }
    pieces = range(0, len(source.text), PIECE)
    return {
        f"source.{number}": json.dumps(about, ensure_ascii=False),
        **{
            f"source.{number}.{place}": source.text[start : start + PIECE]
            for place, start in enumerate(pieces)
        },
        **{f"row.{place}": write_source(row) for place, row in enumerate(sheet.rows, start=first)},
    }


def taken_of(values: Mapping[str, str]) -> tuple[Taken, ...]:
    """Return what came in so far, in order."""
    names = (name for name in values if name.startswith("source.") and name.count(".") == 1)
    numbers = sorted(int(name.removeprefix("source.")) for name in names)
    return tuple(_taken(number, json.loads(values[f"source.{number}"])) for number in numbers)


def check_room(there: int, more: int) -> None:
    """Check that a draft with `there` rows can take `more`.

    Raises:
        SheetError: it cannot.
    """
    if there + more > MAX_ROWS:
        found = f"{there} + {more}"
        raise SheetError(Obstacle.TOO_MANY_ROWS, expected=f"{MAX_ROWS} rows", found=found)


def _taken(number: int, about: Mapping[str, object]) -> Taken:
    match about:
        case {
            "name": str(name),
            "encoding": str(encoding),
            "rows": [int(first), int(last)],
            "ignored": list(ignored),
            "silent": int(silent),
        }:
            return Taken(
                number=number,
                name=name,
                encoding=encoding,
                first=first,
                last=last,
                ignored=tuple(
                    Ignored(line=line, last_line=last_line, skipped=Skipped(skipped), text=text)
                    for line, last_line, skipped, text in ignored
                ),
                silent=silent,
            )
        case _:
            raise ValueError(f"source {number} is not as it was written")

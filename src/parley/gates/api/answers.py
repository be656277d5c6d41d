"""How the door answers: JSON in UTF-8, with an ETag for what was looked at; problems as RFC 9457 has them.

    a list     {"items":[…],"next":"4711.A 12","as_of_entry":4711,"began_at_entry":4711,"exit":0,…}
    one thing  {…,"as_of_entry":4711,"exit":0}
    an act     {…,"dry_run":false,"advice":["…"],"exit":0}

`as_of_entry` counts what this node has taken into its record, from both sides: all of an answer is of that
one entry (while much is being written, of none before it). The cursor bears the entry of the first page, so
that whoever pages on sees whether anything moved. `exit` is the exit code of the command.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.gates.api.commands import Heard, JsonValue
from parley.gates.api.deeds import Deed
from parley.gates.api.problems import Problem, ProblemError

JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"
REPLAYED: Final = "Idempotency-Replayed"
VARY: Final = "Authorization, Accept-Language"
NEEDS_A_PERSON: Final = 2
WAITING: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a page of a list begins: behind `after`, and of which entry the first page was."""

    entry: int
    after: str

    @property
    def text(self) -> str:
        return f"{self.entry}.{self.after}"


def read_cursor(text: str) -> Cursor:
    """Return the cursor that `text` is.

    Raises:
        ProblemError: it is none.
    """
    entry, dot, after = text.partition(".")
    if not (dot and after and entry.isascii() and entry.isdecimal() and len(entry) <= 15):
        raise ProblemError("bad_cursor", where="after")
    return Cursor(entry=int(entry), after=after)


def looked(deed: Deed, heard: Heard, *, entry: int, cursor: Cursor | None) -> dict[str, JsonValue]:
    """Return the answer to a look."""
    value = dict(heard.value or {})
    closing: dict[str, JsonValue] = {"as_of_entry": entry, "exit": heard.exit_code}
    if not deed.items:
        return {**value, **closing}
    items, after = value.pop(deed.items, []), value.pop("after", None)
    began = entry if cursor is None else cursor.entry
    following = Cursor(entry=began, after=after).text if isinstance(after, str) else None
    return {"items": items, "next": following, "began_at_entry": began, **closing, **value}


def done(heard: Heard, *, is_trial: bool) -> tuple[int, dict[str, JsonValue]]:
    """Return the status and the answer to an act."""
    body = {
        **(heard.value or {}),
        "dry_run": is_trial,
        "advice": list(heard.advice),
        "exit": heard.exit_code,
    }
    if heard.exit_code == WAITING:
        return 202, body
    return (200 if is_trial else 201), body


def is_unsent(heard: Heard) -> bool:
    """Return whether rows of a table need a person, and nothing was said at all."""
    sent = (heard.value or {}).get("inquiries")
    saved = isinstance(sent, list) and any(isinstance(each, dict) and each.get("saved") for each in sent)
    return heard.exit_code == NEEDS_A_PERSON and not saved


def rows_need_you(heard: Heard) -> Problem:
    """Return the problem that rows need a person; what was found of each row goes with it."""
    value = heard.value or {}
    needs = value.get("needs")
    count = needs if isinstance(needs, int) else 0
    return Problem(
        code="rows_need_you",
        status=422,
        title=ngettext("%(count)d row needs a person.", "%(count)d rows need a person.", count)
        % {"count": count},
        detail=_("Nothing was sent. Nothing was fetched."),
        fix=_("Mend these rows, or leave them out: leave_out."),
        more={"result": dict(value), "advice": list(heard.advice)},
    )


def tell(request: HttpRequest, body: Mapping[str, JsonValue]) -> HttpResponse:
    """Answer a look; with 304 where whoever asks holds the same already."""
    raw = write(body)
    mark = f'"{hashlib.sha256(raw.encode()).hexdigest()[:32]}"'
    held = [each.strip().removeprefix("W/") for each in request.headers.get("If-None-Match", "").split(",")]
    response = HttpResponse(status=304) if mark in held else HttpResponse(raw, content_type=JSON)
    response.headers["ETag"] = mark
    response.headers["Vary"] = VARY
    return response


def tell_act(body: str, *, status: int, is_replayed: bool = False) -> HttpResponse:
    """Answer an act, for the first time or again."""
    response = HttpResponse(body, status=status, content_type=JSON)
    response.headers["Vary"] = VARY
    if is_replayed:
        response.headers[REPLAYED] = "true"
    return response


def tell_problem(problem: Problem) -> HttpResponse:
    """Answer with a problem."""
    headers = {"Vary": VARY, **problem.headers}
    return HttpResponse(
        write(problem.as_json()), status=problem.status, content_type=PROBLEM, headers=headers
    )


def write(body: Mapping[str, JsonValue]) -> str:
    """Return `body` as JSON on one line."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"

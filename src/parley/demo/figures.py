"""What the story came to: both records compared, and the figures, read by each side from its own record."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from parley.demo.closing import lines_of, rooms_of
from parley.demo.country import LINK, Country
from parley.ledger.digest import Digest, digest
from parley.ledger.reading import Reader
from parley.protocol.hotline import account
from parley.protocol.hotline.bodies import OPENINGS
from parley.protocol.inquiries.apply import Inquiry
from parley.protocol.inquiries.clocks import Phase
from parley.protocol.inquiries.codes import OPEN, State
from parley.work import clock

SAME: Final = "same.json"
TRIES: Final = 60
PAUSE_SECONDS: Final = 1.0


def show(a: Country, b: Country, *, folder: Path, seconds: float, tell: Callable[[str], None]) -> int:
    """Tell the figures and whether both records are the same; return the exit code: 0, or 7 if not."""
    digests, figures, same = _compared(a, b)
    for _try in range(TRIES):
        if same:
            break
        # A node may still say that it received the last of it.
        clock.sleep(PAUSE_SECONDS)
        digests, figures, same = _compared(a, b)
    for line in _lines(figures["A"], digests, same=same, seconds=seconds):
        tell(line)
    report = {"same": same, "digest": digests["A"].text, "seconds": round(seconds, 1), **figures["A"]}
    (folder / SAME).write_text(json.dumps(report, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if same else 7


def _compared(a: Country, b: Country) -> tuple[Mapping[str, Digest], Mapping[str, Mapping[str, Any]], bool]:
    """Return by side the digest of its record and its figures, and whether all of it is the same."""
    readers = {side.letter: Reader(side.home) for side in (a, b)}
    try:
        digests = {letter: digest(reader, LINK) for letter, reader in readers.items()}
        cut = {node: size for node, (size, _root) in digests["A"].logs.items()}
        figures = {letter: {**_figures(each), **rooms_of(each, cut)} for letter, each in readers.items()}
        covered = all(_is_covered(reader) for reader in readers.values())
    finally:
        for reader in readers.values():
            reader.close()
    # Calls live in a lane of their own, which the digest of lane main does not cover.
    same = digests["A"].text == digests["B"].text and figures["A"] == figures["B"] and covered
    return digests, figures, same


def _is_covered(reader: Reader) -> bool:
    status = reader.status(LINK)
    return status is not None and status.waiting == 0


def _figures(reader: Reader) -> Mapping[str, Any]:
    inquiries = [
        folded.inquiry
        for thread in reader.threads(LINK)
        if (folded := reader.thread(LINK, thread)) is not None
    ]
    calls = [
        account.digest(call)
        for lane in reader.lane_names(LINK)
        for opened in reader.threads(lane, kinds=sorted(OPENINGS))
        if (call := reader.call(LINK, opened)) is not None
    ]
    supplied = {inquiry.id for inquiry in inquiries if _was_supplied(reader, inquiry)}
    states = Counter(item.state.value for inquiry in inquiries for item in inquiry.items)
    return {
        "inquiries": len(inquiries),
        "items": sum(states.values()),
        "answered": sum(_is(inquiry, State.ANSWERED) for inquiry in inquiries),
        "refused": sum(_is(inquiry, State.REFUSED) for inquiry in inquiries),
        "supplied": len(supplied),
        "pending": sum(
            any(item.state in OPEN for item in inquiry.items) and inquiry.id not in supplied
            for inquiry in inquiries
        ),
        "crossed": sum(item.crossed for inquiry in inquiries for item in inquiry.items),
        "not_visible": sum(
            finding.code.value == "not_visible_from_here"
            for inquiry in inquiries
            for item in inquiry.items
            for _statement, finding in item.findings
        ),
        "missed": sum(
            timer.phase is Phase.MISSED
            for inquiry in inquiries
            for timer in (*inquiry.timers, *(timer for item in inquiry.items for timer in item.timers))
        ),
        "calls": len(calls),
        "calls_digest": hashlib.sha256(b"".join(calls)).hexdigest(),
        "items_by_state": dict(sorted(states.items())),
    }


def _is(inquiry: Inquiry, state: State) -> bool:
    return all(item.state is state for item in inquiry.items)


def _was_supplied(reader: Reader, inquiry: Inquiry) -> bool:
    rows = reader.rows(LINK, thread=inquiry.id)
    return any(row.kind == "inquiry.supplied" and row.verdict.is_valid for row in rows)


def _lines(
    figures: Mapping[str, Any], digests: Mapping[str, Digest], *, same: bool, seconds: float
) -> Iterator[str]:
    yield ""
    yield _("%(inquiries)d inquiries, %(items)d sites.") % figures
    yield (
        _(
            "Inquiries: %(answered)d answered, %(refused)d refused, %(supplied)d returned and supplied, "
            "%(pending)d pending."
        )
        % figures
    )
    yield (
        _("Withdrawals that crossed an answer: %(crossed)d. Sites not visible from there: %(not_visible)d.")
        % figures
    )
    yield _("Time limits missed: %(missed)d.") % figures
    yield _("Calls on the hotline: %(calls)d; both sides tell the same of them.") % figures
    yield from lines_of(figures)
    for letter, found in digests.items():
        sizes = ", ".join(f"{node} {size}" for node, (size, _root) in sorted(found.logs.items()))
        yield f"{letter}  {found.text[:16]}…  ({sizes})"
    if same:
        yield _("Both sides hold the same record, and each has signed for the other's (%(seconds).0f s).") % {
            "seconds": seconds
        }
    else:
        yield _("The two records differ. This is a fault: keep the folder and report it.")

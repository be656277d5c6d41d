"""What became of a draft that was sent: each inquiry with its place, and only what is proved of it."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings

from parley.composer.forms.dispatches import Dispatch
from parley.composer.queries.preview import said_of_refusal
from parley.composer.queries.work import Work
from parley.inquiries.queries import InquiryRow, UnknownInquiryError, show_inquiry
from parley.ledger.readers import reader_of

MAX_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One inquiry that was sent or refused. `row` comes a moment after it was saved."""

    title: str
    ref: str
    count: int
    place: str
    is_at_their_node: bool
    row: InquiryRow | None
    refused: str


def results_of(work: Work) -> tuple[Result, ...]:
    """Return what became of each inquiry, in order."""
    return tuple(_result(work, each) for each in work.dispatches[:MAX_SHOWN])


def _result(work: Work, dispatch: Dispatch) -> Result:
    reader = reader_of(settings.HOME)
    link = work.link.row.name
    is_saved = bool(dispatch.place)
    return Result(
        title=dispatch.title,
        ref=dispatch.ref,
        count=len(dispatch.rows),
        place=dispatch.place,
        is_at_their_node=is_saved and reader is not None and reader.is_receipted(link, dispatch.place),
        row=_row(link, dispatch.statement) if is_saved else None,
        refused=said_of_refusal(dispatch.refused, dispatch.remark) if dispatch.refused else "",
    )


def _row(link: str, inquiry: str) -> InquiryRow | None:
    try:
        return show_inquiry(link, inquiry).inquiry
    except UnknownInquiryError:
        return None

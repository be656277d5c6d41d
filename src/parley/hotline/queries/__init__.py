"""What a list or a page shows of calls; reads only."""

from parley.hotline.queries.dossier import CallText, call_page, dossier_of, is_opening, text_at
from parley.hotline.queries.listing import (
    PAGE,
    CallPage,
    UnknownCallError,
    called,
    calls_about,
    calls_by_key,
    count_calls,
    count_open,
    find_call,
    list_calls,
    list_open,
)
from parley.hotline.queries.pages import (
    Dossier,
    InquirySummary,
    LadderRow,
    Nearness,
    ReadingRow,
    StatementRow,
)
from parley.hotline.queries.rows import CallRow, EndingRow, Owed
from parley.hotline.queries.standing import open_calls
from parley.links.queries.cursor import CursorError

__all__ = (
    "PAGE",
    "CallPage",
    "CallRow",
    "CallText",
    "CursorError",
    "Dossier",
    "EndingRow",
    "InquirySummary",
    "LadderRow",
    "Nearness",
    "Owed",
    "ReadingRow",
    "StatementRow",
    "UnknownCallError",
    "call_page",
    "called",
    "calls_about",
    "calls_by_key",
    "count_calls",
    "count_open",
    "dossier_of",
    "find_call",
    "is_opening",
    "list_calls",
    "list_open",
    "open_calls",
    "text_at",
)

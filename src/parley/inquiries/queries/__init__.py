"""What a list or a page shows of inquiries; reads only, and folds nothing."""

from parley.inquiries.queries.desk import (
    DueRow,
    Dues,
    Needs,
    dues,
    inquiries_by_id,
    needing_us,
    next_owed,
)
from parley.inquiries.queries.listing import (
    PAGE,
    Dossier,
    EarlierItem,
    Filter,
    ListPage,
    UnknownInquiryError,
    count_inquiries,
    earlier_items,
    has_batch,
    list_inquiries,
    show_inquiry,
)
from parley.inquiries.queries.rows import (
    EventRow,
    InquiryRow,
    ItemRow,
    TimerRow,
    str_place,
)
from parley.links.queries.cursor import CursorError

__all__ = (
    "PAGE",
    "CursorError",
    "Dossier",
    "DueRow",
    "Dues",
    "EarlierItem",
    "EventRow",
    "Filter",
    "InquiryRow",
    "ItemRow",
    "ListPage",
    "Needs",
    "TimerRow",
    "UnknownInquiryError",
    "count_inquiries",
    "dues",
    "earlier_items",
    "has_batch",
    "inquiries_by_id",
    "list_inquiries",
    "needing_us",
    "next_owed",
    "show_inquiry",
    "str_place",
)

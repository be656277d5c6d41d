"""What a list or a page shows of offers; reads only."""

from parley.links.queries.cursor import CursorError
from parley.sharing.queries.dossier import Dossier, dossier_of, share_page
from parley.sharing.queries.listing import (
    PAGE,
    ShareList,
    UnknownShareError,
    count_shares,
    find_share,
    list_shares,
    shares_about,
)
from parley.sharing.queries.notices import Notices, notices
from parley.sharing.queries.rows import ShareRow, Wait

__all__ = (
    "PAGE",
    "CursorError",
    "Dossier",
    "Notices",
    "ShareList",
    "ShareRow",
    "UnknownShareError",
    "Wait",
    "count_shares",
    "dossier_of",
    "find_share",
    "list_shares",
    "notices",
    "share_page",
    "shares_about",
)

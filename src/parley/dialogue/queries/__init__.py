"""What a list or a page shows of the dialogue; reads only."""

from parley.dialogue.queries.agenda import Suggestion, suggestions
from parley.dialogue.queries.dossier import (
    CommitmentDossier,
    Dossier,
    RoundDossier,
    StatementRow,
    dossier_of,
    page_of,
)
from parley.dialogue.queries.held import BusyError
from parley.dialogue.queries.listing import (
    PAGE,
    CommitmentPage,
    RoundPage,
    UnknownThreadError,
    Wanted,
    count_commitments,
    find_commitment,
    find_round,
    list_commitments,
    list_due,
    list_rounds,
    out_of_turn,
    rounds_after,
    rounds_by_id,
    rounds_named,
)
from parley.dialogue.queries.printing import Earlier, Met, Printable, Reporting, printable
from parley.dialogue.queries.public import (
    ListLine,
    PublicList,
    files_of,
    held_list,
    public_list,
    public_lists,
)
from parley.dialogue.queries.rows import CommitmentRow, ReportRow, RoundRow, ThreadRow
from parley.links.queries.cursor import CursorError

__all__ = (
    "PAGE",
    "BusyError",
    "CommitmentDossier",
    "CommitmentPage",
    "CommitmentRow",
    "CursorError",
    "Dossier",
    "Earlier",
    "ListLine",
    "Met",
    "Printable",
    "PublicList",
    "ReportRow",
    "Reporting",
    "RoundDossier",
    "RoundPage",
    "RoundRow",
    "StatementRow",
    "Suggestion",
    "ThreadRow",
    "UnknownThreadError",
    "Wanted",
    "count_commitments",
    "dossier_of",
    "files_of",
    "find_commitment",
    "find_round",
    "held_list",
    "list_commitments",
    "list_due",
    "list_rounds",
    "out_of_turn",
    "page_of",
    "printable",
    "public_list",
    "public_lists",
    "rounds_after",
    "rounds_by_id",
    "rounds_named",
    "suggestions",
)

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
    CursorError,
    RoundPage,
    UnknownThreadError,
    Wanted,
    count_commitments,
    find_commitment,
    find_round,
    list_commitments,
    list_due,
    list_rounds,
    rounds_by_id,
)
from parley.dialogue.queries.printing import Earlier, Printable, printable
from parley.dialogue.queries.public import PublicList, files_of, held_list, public_list
from parley.dialogue.queries.rows import CommitmentRow, ReportRow, RoundRow, ThreadRow

__all__ = (
    "PAGE",
    "BusyError",
    "CommitmentDossier",
    "CommitmentPage",
    "CommitmentRow",
    "CursorError",
    "Dossier",
    "Earlier",
    "Printable",
    "PublicList",
    "ReportRow",
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
    "page_of",
    "printable",
    "public_list",
    "rounds_by_id",
    "suggestions",
)

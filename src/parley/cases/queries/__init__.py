"""What a list or a page shows of joint cases; reads only."""

from parley.cases.queries.dossier import case_page, dossier_of
from parley.cases.queries.listing import (
    PAGE,
    CaseList,
    UnknownCaseError,
    called,
    cases_about,
    count_cases,
    find_case,
    findings_of,
    has_mentions,
    list_cases,
)
from parley.cases.queries.pages import (
    Dossier,
    EvidenceShown,
    FindingShown,
    LinkShown,
    TaskShown,
    Thread,
    VersionShown,
)
from parley.cases.queries.reports import CutError, StatusReport, status_report
from parley.cases.queries.rows import CaseRow, FindingRow, Wait
from parley.links.queries.cursor import CursorError

__all__ = (
    "PAGE",
    "CaseList",
    "CaseRow",
    "CursorError",
    "CutError",
    "Dossier",
    "EvidenceShown",
    "FindingRow",
    "FindingShown",
    "LinkShown",
    "StatusReport",
    "TaskShown",
    "Thread",
    "UnknownCaseError",
    "VersionShown",
    "Wait",
    "called",
    "case_page",
    "cases_about",
    "count_cases",
    "dossier_of",
    "find_case",
    "findings_of",
    "has_mentions",
    "list_cases",
    "status_report",
)

"""What went wrong, for programs and for people: RFC 9457, with a stable `code` and what to do (`fix`).

    {"type":"urn:parley:problem:unknown_link","code":"unknown_link","status":404,
     "title":"There is no link “x”.","detail":"Nothing was done.","fix":"There are: a-b.","where":null}

`title` says what happened, `detail` what is safe; both and `fix` are in the language that was asked for. The
codes of the door itself stand below, those of a command are its own (docs/handbook/command-line.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from parley.gates.api.commands import Heard, JsonValue

STATUSES: Final = {1: 500, 2: 422, 3: 403, 4: 404, 6: 503, 7: 500, 8: 409}
"""Exit codes of a fault, and what HTTP calls them."""
RETRY_SECONDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem as it is told."""

    code: str
    status: int
    title: str
    fix: str
    detail: str
    where: str | None = None
    """Which member, option or header it is about."""
    headers: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, JsonValue] = field(default_factory=dict)

    def as_json(self) -> dict[str, JsonValue]:
        """Return the members of RFC 9457, and ours."""
        return {
            "type": f"urn:parley:problem:{self.code}",
            "code": self.code,
            "status": self.status,
            "title": self.title,
            "detail": self.detail,
            "fix": self.fix,
            "where": self.where,
            **self.more,
        }


class ProblemError(Exception):
    """Something stands in the way; nothing was said."""

    def __init__(
        self, code: str, *, where: str | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.headers = headers or {}

    def problem(self) -> Problem:
        """Return it in the language in force."""
        status, title, fix = _own(self.where or "")[self.code]
        return Problem(
            code=self.code,
            status=status,
            title=title,
            fix=fix,
            detail=_("Nothing was done."),
            where=self.where,
            headers=self.headers,
        )


def of_fault(heard: Heard) -> Problem:
    """Return the fault of a command as a problem."""
    status = STATUSES.get(heard.exit_code, 500)
    later = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    return Problem(
        code=heard.fault, status=status, title=heard.what, detail=heard.safe, fix=heard.do, headers=later
    )


def broken() -> Problem:
    """Return the problem that the fault is ours."""
    return Problem(
        code="broken",
        status=500,
        title=_("This node could not do it: the fault is its own."),
        detail=_("It is not known whether it was written."),
        fix=_("Ask again with the same Idempotency-Key: it is then written once."),
    )


def codes() -> dict[str, int]:
    """Return every code of the door itself, with its status."""
    return {code: status for code, (status, _title, _fix) in _own("").items()} | {"broken": 500}


def _own(where: str) -> Mapping[str, tuple[int, str, str]]:
    named = {"where": where}
    return {
        "no_token": (
            401,
            _("No token came with this, or none that opens anything here and now."),
            _("Send the header Authorization: Bearer TOKEN; parley token list shows what became of yours."),
        ),
        "out_of_scope": (
            403,
            _("This token does not reach so far: it takes the scope “%(where)s”.") % named,
            _("Have the administrator make one that does: parley token add."),
        ),
        "not_there": (404, _("There is nothing at this address."), _("Look at /api/v1/openapi.json.")),
        "other_method": (
            405,
            _("This address takes %(where)s.") % named,
            _("Ask with that method."),
        ),
        "too_large": (
            413,
            _("That is more than this door takes."),
            _("Send at most 2 MiB, and say in Content-Length how much it is."),
        ),
        "not_json": (415, _("The body is not JSON."), _("Send application/json in UTF-8: one object.")),
        "malformed": (
            400,
            _("The body cannot be read: %(where)s.") % named,
            _("Send one object: no member twice, whole numbers, at most 8 levels deep."),
        ),
        "unknown_member": (
            422,
            _("Nothing here is called “%(where)s”.") % named,
            _("Look at /api/v1/openapi.json for what there is."),
        ),
        "missing_member": (422, _("“%(where)s” is missing.") % named, _("Add it.")),
        "wrong_type": (
            422,
            _("“%(where)s” is not of the type that it must be.") % named,
            _("Look at /api/v1/openapi.json for its type."),
        ),
        "bad_cursor": (422, _("This is not a place in the list."), _("Take the one from “next”.")),
        "no_key": (
            428,
            _("What says something needs an Idempotency-Key, so that it is said once."),
            _("Send one of your own: 1 to 200 printing ASCII signs, the same for a repetition."),
        ),
        "key_reused": (
            409,
            _("Under this Idempotency-Key something else was asked before."),
            _("Take a new key for a new statement."),
        ),
        "key_running": (
            409,
            _("What was asked under this Idempotency-Key is being done."),
            _("Ask again in a while, with the same key."),
        ),
        "no_trial": (
            422,
            _("This cannot be tried: nothing of it leaves the node."),
            _("Leave out dry_run."),
        ),
        "too_many": (
            429,
            _("That is too often."),
            _("Wait as many seconds as Retry-After says."),
        ),
    }

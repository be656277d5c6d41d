"""One request of a tool: who asks, for what, may it, and what the command says.

1  the token             401 without one, 429 if it comes too often
2  address and method    404, 405; 403 for what no token does
3  the scope             403
4  values                422; never a file of this machine, never another option
5  the command           as the officer's own act, under the key of the tool, once
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest, public
from parley.gates.api import actions
from parley.gates.api.answers import (
    Cursor,
    done,
    is_unsent,
    looked,
    read_cursor,
    rows_need_you,
    tell,
    tell_act,
    tell_problem,
    write,
)
from parley.gates.api.commands import Ask, Field, Heard, JsonValue, commands
from parley.gates.api.deeds import Deed, found_at
from parley.gates.api.forms import (
    USUAL_ROWS,
    Values,
    read_body,
    read_query,
    shown_fields,
    without_paths,
    words_of,
)
from parley.gates.api.policy import SECONDS, TIMES, Scope, is_key, opens, read_bearer
from parley.gates.api.problems import Problem, ProblemError, broken, of_fault
from parley.gates.api.queries import TokenRow, token_of
from parley.gates.api.refusals import refused_at, wording
from parley.gates.api.schema import document, paper
from parley.ledger.readers import reader_of
from parley.protocol.breach import BreachError
from parley.protocol.strictjson import MAX_BODY_VALUES, read
from parley.work.limit import Limit

RATE: Final = Limit(times=TIMES, seconds=SECONDS)
"""For each token."""
GUESSES: Final = Limit(times=60, seconds=SECONDS)
"""For each address that shows none."""
SAFE: Final = frozenset({"GET", "HEAD"})
OPENAPI: Final = "/openapi.json"
STEADY_TIMES: Final = 3
_log = logging.getLogger(__name__)


@csrf_exempt  # no cookie counts here: `middleware`
@public
def answer(request: PersonRequest, path: str) -> HttpResponse:
    try:
        return _answer(request, f"/{path}")
    except ProblemError as error:
        return tell_problem(error.problem())
    except Exception:  # noqa: BLE001 - a gate: a tool gets an answer that it can read
        _log.exception("api")
        return tell_problem(broken())


@require_safe
def docs(request: PersonRequest) -> HttpResponse:
    """Show people what there is for tools."""
    return render(request, "api/docs.html", {"rooms": paper(commands())})


def _answer(request: PersonRequest, path: str) -> HttpResponse:
    token = _token(request)
    if path == OPENAPI and request.method in SAFE:
        return tell(request, document(commands()))
    found = found_at(path)
    for deed, places in found:
        if deed.method == ("GET" if request.method in SAFE else request.method):
            fields = shown_fields(deed, commands().fields(deed.command))
            if deed.scope is Scope.READ:
                return _look(request, deed, fields, places=places, token=token)
            return _Act(request, deed, fields, places=places, token=token).answer()
    refusal = refused_at(path)
    if refusal is not None and (request.method not in SAFE or not found):
        title, fix = wording(refusal.why)
        no = Problem(code=refusal.why.value, status=403, title=title, fix=fix, detail=_nothing())
        return tell_problem(no)
    if not found:
        raise ProblemError("not_there")
    allowed = ", ".join(sorted({deed.method for deed, _places in found}))
    raise ProblemError("other_method", where=allowed, headers={"Allow": allowed})


def _nothing() -> str:
    return ProblemError("not_there").problem().detail


def _token(request: PersonRequest) -> TokenRow:
    address = str(request.META.get("REMOTE_ADDR", ""))
    text = read_bearer(request.headers.get("Authorization", ""))
    token = None if text is None else token_of(text, address=address, now=request.now)
    limit, whose = (GUESSES, address) if token is None else (RATE, str(token.number))
    wait = limit.seconds_to_wait(whose, now=request.now)
    if wait:
        policy = f'"token";q={TIMES};w={SECONDS}'
        raise ProblemError("too_many", headers={"Retry-After": str(wait), "RateLimit-Policy": policy})
    if token is None:
        raise ProblemError("no_token", headers={"WWW-Authenticate": "Bearer"})
    actions.touch(token, now=request.now)
    return token


def _check_scope(token: TokenRow, needed: Scope) -> None:
    if not opens(token.opens, needed):
        raise ProblemError("out_of_scope", where=needed.value)


# ---- Looking


def _look(
    request: PersonRequest, deed: Deed, fields: tuple[Field, ...], *, places: tuple[str, ...], token: TokenRow
) -> HttpResponse:
    values = dict(read_query(request.GET, fields))
    cursor: Cursor | None = None
    if deed.items and "after" in values:
        cursor = read_cursor(str(values["after"][0]))
        values["after"] = (cursor.after,)
    if deed.items and any(each.name == "limit" for each in fields):
        values.setdefault("limit", (USUAL_ROWS,))
    with words_of(fields, places, values) as words:
        ask = Ask(words=(*deed.command, *words), officer=token.officer)
        entry, heard = _steadily(lambda: commands().run(ask))
    if heard.fault:
        return tell_problem(of_fault(heard))
    return tell(request, looked(deed, heard, entry=entry, cursor=cursor))


def _steadily(look: Callable[[], Heard]) -> tuple[int, Heard]:
    """Return what was seen, and the entry of which all of it is: looked again if one came meanwhile."""
    before = _entry()
    heard = look()
    for _time in range(STEADY_TIMES):
        after = _entry()
        if before == after:
            break
        before, heard = after, look()
    return before, heard


def _entry() -> int:
    reader = reader_of(settings.HOME)
    return 0 if reader is None else reader.last_change()


# ---- Saying


class _Act:
    """A request for something to be said, or tried."""

    def __init__(
        self,
        request: PersonRequest,
        deed: Deed,
        fields: tuple[Field, ...],
        *,
        places: tuple[str, ...],
        token: TokenRow,
    ) -> None:
        self._request, self._deed, self._fields = request, deed, fields
        self._places, self._token = places, token

    def answer(self) -> HttpResponse:
        is_trial = _is_trial(self._request)
        if is_trial and not self._deed.has_trial:
            raise ProblemError("no_trial", where="dry_run")
        _check_scope(self._token, Scope.DRAFT if is_trial else self._deed.scope)
        body = _read(self._request)
        values = read_body(body, self._fields)
        if is_trial:
            return self._told(self._run(values, options=["--dry-run"], is_repeated=False), is_trial=True)
        return self._once(values, body)

    def _once(self, values: Values, body: Mapping[str, JsonValue]) -> HttpResponse:
        key, token, now = _key(self._request), self._token, self._request.now
        kept = self._begin(key, body)
        if kept.status is not None:
            return tell_act(kept.body, status=kept.status, is_replayed=True)
        # The record knows a draft by its own key; that of another token is another one.
        written = hashlib.sha256(f"{token.number} {key}".encode()).hexdigest()[:32]
        options = [f"--key={written}"] if self._deed.has_key else []
        try:
            heard = self._run(values, options=options, is_repeated=not kept.is_new)
        except ProblemError:
            actions.forget(token, key)
            raise
        except BaseException:
            actions.interrupt(token, key, now=now)
            raise
        response = self._told(heard, is_trial=False)
        if response.status_code < 300:
            actions.keep_answer(token, key, status=response.status_code, body=response.text)
        elif response.status_code < 500 and kept.is_new:
            actions.forget(token, key)
        else:
            actions.interrupt(token, key, now=now)
        return response

    def _begin(self, key: str, body: Mapping[str, JsonValue]) -> actions.Kept:
        asked = json.dumps([self._request.path, body], sort_keys=True)
        digest = hashlib.sha256(asked.encode()).hexdigest()
        try:
            return actions.begin(self._token, key, request=digest, now=self._request.now)
        except actions.KeyUsedError as error:
            raise ProblemError("key_reused", where="Idempotency-Key") from error
        except actions.KeyRunningError as error:
            raise ProblemError("key_running", where="Idempotency-Key") from error

    def _run(self, values: Values, *, options: list[str], is_repeated: bool) -> Heard:
        officer = self._token.officer
        with words_of(self._fields, self._places, values) as words:
            typed = (*self._deed.command, *options, f"--as={officer.name}", *words)
            ask = Ask(
                words=typed,
                officer=officer,
                is_trial="--dry-run" in options,
                is_repeated=is_repeated,
            )
            return without_paths(commands().run(ask))

    @staticmethod
    def _told(heard: Heard, *, is_trial: bool) -> HttpResponse:
        if heard.fault:
            return tell_problem(of_fault(heard))
        if is_unsent(heard):
            return tell_problem(rows_need_you(heard))
        status, body = done(heard, is_trial=is_trial)
        return tell_act(write(body), status=status)


def _is_trial(request: HttpRequest) -> bool:
    for name in request.GET:
        if name != "dry_run":
            raise ProblemError("unknown_member", where=name)
    wanted = request.GET.get("dry_run", "false")
    if wanted not in {"true", "false"}:
        raise ProblemError("wrong_type", where="dry_run")
    return wanted == "true"


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not is_key(key):
        raise ProblemError("no_key", where="Idempotency-Key")
    return key


def _read(request: HttpRequest) -> Mapping[str, JsonValue]:
    raw = request.body.strip()
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise ProblemError("not_json", where="Content-Type")
    try:
        return read(raw, max_values=MAX_BODY_VALUES)
    except BreachError as error:
        raise ProblemError("malformed", where=error.reason) from error

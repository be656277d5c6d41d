"""What is done with tokens, and what is kept so that an act asked for twice is done once."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from parley.agencies.actions import note_act
from parley.agencies.policy import may_act
from parley.agencies.queries import OfficerRow
from parley.gates.api.models import Answered, Token
from parley.gates.api.policy import (
    KEPT_SECONDS,
    MAX_DAYS,
    RUNNING_SECONDS,
    Scope,
    digest_of,
    opens,
    read_network,
    write_token,
)
from parley.gates.api.queries import TokenRow, row_of_token

TOUCH_SECONDS: Final = 60
LONGEST_LABEL: Final = 64
DAY: Final = 86_400


class TokenTermsError(Exception):
    """`reason` is ``days``, ``label``, ``network`` or ``viewer``: no token was made."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no token can have this {reason}")
        self.reason = reason


class UnknownTokenError(Exception):
    """No token has this number."""


class KeyUsedError(Exception):
    """Under this key something else was asked before."""


class KeyRunningError(Exception):
    """What was asked under this key is being done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a token is to be: for which tool, how far, for how many days, from where."""

    label: str
    scope: Scope
    days: int
    network: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was asked under a key: the answer if there is one, with its status; else whether it is new."""

    is_new: bool
    status: int | None = None
    body: str = ""


def add_token(officer: OfficerRow, wish: Wish, *, dice: bytes, now: int) -> tuple[TokenRow, str]:
    """Make a token of `officer` and return it with its text, which is kept nowhere.

    Raises:
        TokenTermsError: it cannot be so.
    """
    network = _network(wish.network)
    if not 1 <= wish.days <= MAX_DAYS:
        raise TokenTermsError("days")
    if not wish.label.isprintable() or not 1 <= len(wish.label.strip()) <= LONGEST_LABEL:
        raise TokenTermsError("label")
    if opens(wish.scope, Scope.DRAFT) and not may_act(officer.role):
        raise TokenTermsError("viewer")
    text = write_token(dice)
    with transaction.atomic():
        token = Token.objects.create(
            officer_id=officer.number,
            label=wish.label.strip(),
            scope=wish.scope,
            digest=digest_of(text),
            network=network,
            made_at=now,
            expires_at=now + wish.days * DAY,
        )
        subject = f"{token.number} {token.label}: {wish.scope.value}"
        note_act("token.added", officer=officer.number, subject=subject, now=now)
    return row_of_token(token), text


def _network(text: str) -> str:
    try:
        return read_network(text) if text.strip() else ""
    except ValueError as error:
        raise TokenTermsError("network") from error


def revoke_token(number: int, *, now: int) -> TokenRow:
    """Let the token open nothing from now on; doing it twice changes nothing.

    Raises:
        UnknownTokenError: there is none of this number.
    """
    with transaction.atomic():
        token = Token.objects.select_related("officer").filter(number=number).first()
        if token is None:
            raise UnknownTokenError(f"no token has the number {number}")
        if token.revoked_at is None:
            token.revoked_at = now
            token.save(update_fields=["revoked_at"])
            subject = f"{token.number} {token.label}"
            note_act("token.revoked", officer=token.officer_id, subject=subject, now=now)
    return row_of_token(token)


def touch(token: TokenRow, *, now: int) -> None:
    """Write down that the token was used, once a minute at most: looking costs no writing."""
    if token.used_at is None or now - token.used_at >= TOUCH_SECONDS:
        Token.objects.filter(number=token.number).update(used_at=now)


def begin(token: TokenRow, key: str, *, request: str, now: int) -> Kept:
    """Take a request for an act under `key`; `request` is its digest.

    Raises:
        KeyUsedError: the key stands for another request.
        KeyRunningError: the same request is being done.
    """
    with transaction.atomic():
        Answered.objects.filter(at__lt=now - KEPT_SECONDS).delete()
        row, is_new = Answered.objects.get_or_create(
            token_id=token.number, key=key, defaults={"request": request, "at": now}
        )
        if row.request != request:
            raise KeyUsedError
        if row.status is not None:
            return Kept(is_new=False, status=row.status, body=row.body)
        if not is_new:
            if now - row.at < RUNNING_SECONDS:
                raise KeyRunningError
            Answered.objects.filter(id=row.pk).update(at=now)
        subject = f"token {token.number} {token.label}: {key}"[:200]
        note_act("token.acted", officer=token.officer.number, subject=subject, now=now)
    return Kept(is_new=is_new)


def keep_answer(token: TokenRow, key: str, *, status: int, body: str) -> None:
    """Keep the answer to an act that was done."""
    Answered.objects.filter(token_id=token.number, key=key).update(status=status, body=body)


def forget(token: TokenRow, key: str) -> None:
    """Let go of a request of which nothing was done: mended, it may come again under the same key."""
    Answered.objects.filter(token_id=token.number, key=key, status=None).delete()


def interrupt(token: TokenRow, key: str, *, now: int) -> None:
    """Note that it is not known whether it was done: the same request may come again at once."""
    cut_off = now - RUNNING_SECONDS
    Answered.objects.filter(token_id=token.number, key=key, status=None).update(at=cut_off)

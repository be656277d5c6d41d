"""What is known of tokens; reads only."""

from dataclasses import dataclass

from parley.agencies.policy import may_act
from parley.agencies.queries import OfficerRow, row_of
from parley.gates.api.models import Token
from parley.gates.api.policy import Scope, digest_of, is_within


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A token as it is listed; times in unix seconds."""

    number: int
    officer: OfficerRow
    label: str
    scope: Scope
    network: str
    made_at: int
    expires_at: int
    used_at: int | None
    revoked_at: int | None

    def is_good(self, now: int) -> bool:
        """Return whether it opens anything at `now`: whoever is disabled has no tokens either."""
        return self.revoked_at is None and now < self.expires_at and self.officer.is_active

    @property
    def opens(self) -> Scope:
        """Return the scope that it has by now: an officer who became a viewer only looks."""
        return self.scope if may_act(self.officer.role) else Scope.READ


def token_of(text: str, *, address: str, now: int) -> TokenRow | None:
    """Return the token that `text` is, coming from `address`; None if it opens nothing at `now`."""
    found = Token.objects.select_related("officer").filter(digest=digest_of(text)).first()
    row = None if found is None else row_of_token(found)
    return row if row is not None and row.is_good(now) and is_within(address, row.network) else None


def list_tokens() -> tuple[TokenRow, ...]:
    """Return every token that was ever made, by number."""
    return tuple(row_of_token(token) for token in Token.objects.select_related("officer").order_by("number"))


def row_of_token(token: Token) -> TokenRow:
    return TokenRow(
        number=token.number,
        officer=row_of(token.officer),
        label=token.label,
        scope=Scope(token.scope),
        network=token.network,
        made_at=token.made_at,
        expires_at=token.expires_at,
        used_at=token.used_at,
        revoked_at=token.revoked_at,
    )

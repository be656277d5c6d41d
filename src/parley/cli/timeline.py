"""A timeline in a terminal: who said a statement, who signed it, and whether it has effect."""

from collections.abc import Callable, Collection, Iterable

from django.utils.translation import gettext as _

from parley.cli.output import JsonValue, Rows
from parley.inquiries.forms.telling import kind_text, signers_text
from parley.links.queries.timeline import Told
from parley.ui import words


def told_rows(statements: Iterable[Told], *, in_words: Callable[[Told], str]) -> Rows:
    """Return the statements of a thread as a table; `in_words` gives what one says in words."""
    return Rows(
        titles=(_("Place"), _("When"), _("Who"), _("What"), _("In words")),
        rows=tuple(
            (
                each.place,
                words.instant(each.effective),
                hand(is_ours=each.is_ours, role=each.role, number=each.officer, signers=each.signers),
                as_effective(kind_text(each.kind), verdict=each.verdict),
                in_words(each),
            )
            for each in statements
        ),
    )


def told_json(told: Told, *, text: str) -> dict[str, JsonValue]:
    """Return a statement for `--json`; `text` is what it says in words."""
    return {
        "place": told.place,
        "statement": told.statement,
        "kind": told.kind,
        "verdict": told.verdict,
        "is_ours": told.is_ours,
        "role": told.role,
        "officer": told.officer,
        "signers": [*told.signers],
        "effective": told.effective,
        "at_their_node": told.is_at_their_node,
        "text": text,
    }


def hand(*, is_ours: bool, role: str, number: int, signers: Collection[int]) -> str:
    """Return who said it, and which officers signed it with keys of their own."""
    said = _who(is_ours=is_ours, role=role, number=number)
    return words.clauses(filter(None, (said, signers_text(signers))))


def _who(*, is_ours: bool, role: str, number: int) -> str:
    """Return who said it: which side, and which of its officers where one did (`role` is not "")."""
    side = _("ours") if is_ours else _("theirs")
    if not role:
        return side
    told = {"side": side, "role": words.label(role, words.ROLES), "number": number}
    return _("%(side)s, %(role)s %(number)d") % told


def as_effective(told: str, *, verdict: str) -> str:
    """Return what was said as `told`, with the reason where it is without effect."""
    if verdict == "valid":
        return told
    reason = words.label(verdict.removeprefix("void:"), {**words.KINDS, **words.VOIDS})
    return _("without effect (%(reason)s): %(what)s") % {"reason": reason, "what": told}

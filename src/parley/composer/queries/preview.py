"""The inquiries as the other side will see them, tried at the door of the record, where nothing is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from parley.agencies.queries import OfficerRow
from parley.composer.forms.dispatches import Part
from parley.composer.queries.composing import Composition
from parley.composer.queries.work import Work
from parley.inquiries import actions
from parley.inquiries.forms.letter import Letter, Site, Subject, Text
from parley.ledger.append import InTransactionError, NobodyWritesError
from parley.ledger.drafts import Appended, RefusedError, UnknownLinkError
from parley.ledger.ledger import StorageError
from parley.links.actions.speaking import Hand, Trial, Tried
from parley.protocol.breach import BreachError
from parley.ui import words
from parley.work.sock import CoreError

MAX_SHOWN: Final = 20
MAX_ITEMS: Final = 50
MAX_TRIED: Final = 200
"""So many inquiries are tried; the record judges each of the others when it is sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of the letter: its label in both languages, and what stands in it in its own."""

    english: str
    chinese: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """One inquiry as it will be seen. `act` is exactly what will be signed; empty if it was not tried."""

    ref: str
    title: Text | None
    fields: tuple[Field, ...]
    items: tuple[Site | Subject, ...]
    count: int
    tlp: str
    act: str
    refused: str

    @property
    def more(self) -> int:
        """Return how many items are not listed here; they are sent all the same."""
        return self.count - len(self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The first inquiries, how many more there are, and what the record says about them all.

    `obstacle` says why the record could not be asked; `refused` what it would not take.
    """

    shown: tuple[Previewed, ...]
    more: int
    obstacle: str
    refused: tuple[str, ...]

    @property
    def is_ok(self) -> bool:
        return not self.obstacle and not self.refused


def preview_of(work: Work, composition: Composition, *, officer: OfficerRow) -> Preview:
    """Return the inquiries as the other side will see them."""
    outcomes: Sequence[Appended | Tried | RefusedError] = ()
    obstacle = ""
    tried = [part.sending for part in composition.parts[:MAX_TRIED]]
    by = Hand(officer=officer, key="trial", now=work.now, door=Trial(home=settings.HOME))
    try:
        outcomes = actions.send(work.link.row.name, tried, by=by) if tried else ()
    except (NobodyWritesError, CoreError, StorageError, InTransactionError, UnknownLinkError) as error:
        obstacle = _("The record could not be asked: %(why)s. Nothing was sent; look again in a moment.") % {
            "why": error
        }
    except BreachError as error:
        obstacle = _("This cannot be said so (Spec %(paragraph)s): %(reason)s.") % {
            "paragraph": f"§{error.paragraph}",
            "reason": error.reason,
        }
    shown = [
        _previewed(part, outcomes[place] if place < len(outcomes) else None)
        for place, part in enumerate(composition.parts[:MAX_SHOWN])
    ]
    refused = dict.fromkeys(refusal(each) for each in outcomes if isinstance(each, RefusedError))
    return Preview(
        shown=tuple(shown),
        more=len(composition.parts) - len(shown),
        obstacle=obstacle,
        refused=tuple(refused),
    )


def refusal(error: RefusedError) -> str:
    """Return why the record would not take a statement."""
    return said_of_refusal(error.code, error.remark)


def said_of_refusal(code: str, remark: str) -> str:
    """Return the reason in words, with the remark that came along."""
    return words.label(code, words.VOIDS) + (words.aside(remark) if remark else "")


def _previewed(part: Part, outcome: Appended | Tried | RefusedError | None) -> Previewed:
    written = part.sending.letter
    return Previewed(
        ref=part.sending.ref or "",
        title=written.title,
        fields=(*_asked(part), *_fields(written)),
        items=written.items[:MAX_ITEMS],
        count=len(written.items),
        tlp=written.tlp or "",
        act=outcome.draft.act().decode() if isinstance(outcome, Tried) else "",
        refused=refusal(outcome) if isinstance(outcome, RefusedError) else "",
    )


def _fields(written: Letter) -> tuple[Field, ...]:
    case = () if written.case is None else (Text(language="", text=written.case),)
    rows = (
        (("from", "请求机关"), _one(written.authority)),
        (("case number", "案件编号"), case),
        (words.FIELDS["purpose"], _one(written.purpose)),
        (words.FIELDS["legal_basis"], tuple(Text(language="", text=each) for each in written.legal_basis)),
        (words.FIELDS["facts"], _one(written.facts)),
        (words.FIELDS["urgency_reason"], _one(written.urgency_reason)),
    )
    return tuple(
        Field(english=english, chinese=chinese, texts=texts) for (english, chinese), texts in rows if texts
    )


def _asked(part: Part) -> tuple[Field, ...]:
    """Return what the act asks, in both languages: its codes are no language's own."""
    d = part.sending.d
    groups = d.get("groups")
    wants = dict.fromkeys(
        str(want)
        for group in (groups if isinstance(groups, list) else ())
        if isinstance(group, dict)
        for want in (_list(group.get("wants")))
    )
    rows = (
        (("cooperation item", "合作事项"), [str(d.get("item"))], words.COOPERATION),
        (("asked for", "请求内容"), list(wants), words.WANTS),
        (("urgency", "紧急程度"), [str(d.get("urgency"))], words.URGENCIES),
    )
    return tuple(
        Field(english=english, chinese=chinese, texts=_both(codes, labels))
        for (english, chinese), codes, labels in rows
    )


def _both(codes: Sequence[str], labels: words.Labels) -> tuple[Text, ...]:
    pairs = [labels.get(code, (code, code)) for code in codes]
    english, chinese = ", ".join(one for one, _two in pairs), "、".join(two for _one, two in pairs)
    return (Text(language="en", text=english), Text(language="zh-Hans", text=chinese))


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def _one(text: Text | None) -> tuple[Text, ...]:
    return () if text is None else (text,)

"""What would be said: the inquiries that the rows become, and what is still missing, check by check."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.composer.forms.dispatches import Part, write_part
from parley.composer.forms.letters import (
    MAX_REF,
    ROUTINE,
    NoRowsError,
    RefError,
    compose_all,
    group_all,
    missing_in,
)
from parley.composer.forms.lines import time_lacks
from parley.composer.queries.work import Work
from parley.inquiries.forms.letter import TLP
from parley.inquiries.queries import has_batch
from parley.ledger.readers import reader_of, side_name
from parley.protocol.terms import URGENCIES
from parley.ui import words

# The part of the page in which a field stands.
_PARTS = {"observed_at": 2, "target_brand": 2, "url": 2, "subject": 2, "questions": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that must hold before anything is sent; `anchor` is the field that mends it, in `part`."""

    is_ok: bool
    text: str
    anchor: str
    part: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """The inquiries in order, and what was checked. Without parts there is nothing to preview."""

    parts: tuple[Part, ...]
    checks: tuple[Check, ...]

    @property
    def is_ready(self) -> bool:
        return bool(self.parts) and all(check.is_ok for check in self.checks)

    @property
    def items(self) -> int:
        return sum(len(part.rows) for part in self.parts)

    def digest(self, *, salt: str) -> str:
        """Return what stands for the exact words: a press of the button counts for these alone."""
        text = json.dumps([salt, *(write_part(part) for part in self.parts)])
        return hashlib.sha256(text.encode()).hexdigest()


def composition_of(work: Work) -> Composition:
    """Return what the draft would say now, and whether it may."""
    parts, check = _parts(work)
    checks = (
        *_link_checks(work),
        *_row_checks(work),
        *_ask_checks(work),
        check,
        *_letter_checks(work, parts),
        *_file_checks(work, parts),
        *_draft_checks(work),
    )
    return Composition(parts=parts, checks=checks)


def send_text(work: Work, composition: Composition) -> str:
    """Return what pressing the button does, for the button: its consequence."""
    parts = composition.parts
    items = ngettext("%(count)d item", "%(count)d items", composition.items) % {"count": composition.items}
    inquiries = ngettext("%(count)d inquiry", "%(count)d inquiries", len(parts)) % {"count": len(parts)}
    return _("Send %(items)s in %(inquiries)s to %(side)s under TLP:%(tlp)s") % {
        "items": items,
        "inquiries": inquiries,
        "side": side_name(work.link.row),
        "tlp": work.cover.tlp,
    }


def _parts(work: Work) -> tuple[tuple[Part, ...], Check]:
    rows, ask = work.ready, work.ask
    said = _("The number of the batch can stand on the wire and was not used before.")
    try:
        sendings = compose_all(rows, ask, work.cover)
    except NoRowsError:
        return (), Check(is_ok=True, text=said, anchor="batch", part=3)
    except RefError as error:
        text = _("“%(ref)s” cannot be a registry number: at most %(count)d ASCII signs.") % {
            "ref": error.ref,
            "count": MAX_REF,
        }
        return (), Check(is_ok=False, text=text, anchor="batch", part=3)
    groups = group_all(rows, ask)
    files = tuple(each.kept for each in work.files if each.kept is not None)
    parts = tuple(
        Part(rows=tuple(row.number for row in group.rows), sending=replace(sending, files=files))
        for group, sending in zip(groups, sendings, strict=True)
    )
    if ask.batch and has_batch(work.link.row.name, ask.batch):
        text = _("A batch %(batch)s was sent to %(side)s before. Take another number.") % {
            "batch": ask.batch,
            "side": side_name(work.link.row),
        }
        return parts, Check(is_ok=False, text=text, anchor="batch", part=3)
    return parts, Check(is_ok=True, text=said, anchor="batch", part=3)


def _link_checks(work: Work) -> Iterable[Check]:
    row = work.link.row
    side = side_name(row)
    if row.verified_at is None:
        text = _("The digits with %(side)s were not compared yet. Compare them on the page of the link.")
        yield Check(is_ok=False, text=text % {"side": side}, anchor="", part=4)
    elif work.link.terms is None:
        text = _("The link with %(side)s is not open: both sides must sign the same opening.")
        yield Check(is_ok=False, text=text % {"side": side}, anchor="", part=4)
    elif _is_forked(row.name):
        text = _("%(side)s signed two different histories. Sending is held; the draft is kept.")
        yield Check(is_ok=False, text=text % {"side": side}, anchor="", part=4)
    else:
        text = _("The link with %(side)s is open.")
        yield Check(is_ok=True, text=text % {"side": side}, anchor="", part=4)


def _is_forked(link: str) -> bool:
    reader = reader_of(settings.HOME)
    status = None if reader is None else reader.status(link)
    return status is not None and status.forks > 0


def _row_checks(work: Work) -> Iterable[Check]:
    needs = work.needs
    if not work.ready and not needs:
        yield Check(is_ok=False, text=_("No row is there to be sent."), anchor="paste", part=1)
        return
    if needs:
        text = ngettext(
            "%(count)d row needs you: row %(first)s.",
            "%(count)d rows need you, the first is row %(first)s.",
            len(needs),
        ) % {"count": len(needs), "first": needs[0]}
        yield Check(is_ok=False, text=text, anchor=f"row-{needs[0]}", part=2)
    else:
        text = ngettext("%(count)d row is ready.", "All %(count)d rows are ready.", len(work.ready))
        yield Check(is_ok=True, text=text % {"count": len(work.ready)}, anchor="part-2", part=2)
    if time_lacks(work.values):
        text = _("The time for all rows cannot be read, or has no zone.")
        yield Check(is_ok=False, text=text, anchor="all.time", part=2)


def _ask_checks(work: Work) -> Iterable[Check]:
    item = work.values.get("item", "")
    terms = work.link.terms
    agreed = terms is not None and item in terms.items
    if agreed:
        text = _("“%(item)s” is an agreed item.")
    else:
        text = _("“%(item)s” is not an agreed item with %(side)s. The draft is kept. Choose an agreed item.")
    label = words.label(item, words.COOPERATION)
    said = text % {"item": label, "side": side_name(work.link.row)}
    yield Check(is_ok=agreed, text=said, anchor="item", part=3)
    wants = bool(work.ask.wants)
    text = _("It says what is wanted.") if wants else _("Nothing is wanted yet. Tick at least one thing.")
    yield Check(is_ok=wants, text=text, anchor="wants", part=3)
    if work.values.get("urgency", ROUTINE) not in URGENCIES or work.values.get("tlp", "AMBER") not in TLP:
        text = _("The urgency or the marking is none of those in the list.")
        yield Check(is_ok=False, text=text, anchor="urgency", part=3)


def _letter_checks(work: Work, parts: Sequence[Part]) -> Iterable[Check]:
    terms = work.link.terms
    if terms is None or not parts:
        return
    sendings = [part.sending for part in parts]
    missing = missing_in(sendings, terms.required, urgency=work.ask.urgency)
    if not missing:
        text = _("The letter says all that the terms require.")
        yield Check(is_ok=True, text=text, anchor="part-3", part=3)
    for field in missing:
        text = _("The letter does not say: %(field)s.") % {"field": words.label(field, words.FIELDS)}
        part = _PARTS.get(field, 3)
        yield Check(is_ok=False, text=text, anchor=field if part == 3 else "part-2", part=part)


def _file_checks(work: Work, parts: Sequence[Part]) -> Iterable[Check]:
    if not work.files:
        return
    if any(each.kept is None for each in work.files):
        text = _("A file of this draft is not here any more. Take it out, or add it once more.")
        yield Check(is_ok=False, text=text, anchor="files-title", part=3)
        return
    files = ngettext("%(count)d file", "%(count)d files", len(work.files)) % {"count": len(work.files)}
    text = ngettext(
        "Along with %(count)d inquiry: %(files)s.",
        "Along with each of %(count)d inquiries: %(files)s.",
        len(parts),
    )
    said = text % {"files": files, "count": len(parts)}
    yield Check(is_ok=True, text=said, anchor="files-title", part=3)


def _draft_checks(work: Work) -> Iterable[Check]:
    if work.conflicts:
        text = _("Two texts stand for the same field. Choose between them first.")
        yield Check(is_ok=False, text=text, anchor="conflicts", part=1)
    if work.values.get("paste", "").strip():
        text = _("The box still holds a text that did not become rows. Take it in, or empty the box.")
        yield Check(is_ok=False, text=text, anchor="paste", part=1)
    if work.is_unfinished:
        text = _("A sending was begun and not finished. Finish it first.")
        yield Check(is_ok=False, text=text, anchor="unfinished", part=4)

"""A new draft of inquiries, with what is known already: nobody types it twice."""

import itertools
from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from django.conf import settings

from parley.composer.forms.asking import USUAL_ITEM, USUAL_TLP
from parley.composer.forms.letters import ROUTINE, own_name
from parley.composer.queries.work import PURPOSE
from parley.drafts import actions as drafts
from parley.drafts.queries import DraftRow
from parley.inquiries.forms.letter import Letter, read_letter
from parley.inquiries.queries import Filter, has_batch, list_inquiries
from parley.ledger.home import read_config
from parley.ledger.readers import OpenLink, reader_of
from parley.protocol.act import read_id
from parley.protocol.inquiries.codes import Want

# What is usually wanted of a site; everything can be unticked before anything is sent.
_USUAL_WANTS = (Want.CONFIRM, Want.MITIGATE)


def begin(link: OpenLink, *, by: drafts.Hand) -> DraftRow:
    """Begin a draft on `link`, filled from the terms, our own node and what was last sent there."""
    draft = drafts.begin(link.row.name, purpose=PURPOSE, fields=_filled(link), by=by)
    batch = free_batch(link, draft.number, now=by.now)
    drafts.put(draft.number, {"batch": batch}, by=by)
    return draft


def free_batch(link: OpenLink, number: int, *, now: int, used: Collection[str] = ()) -> str:
    """Return a free number for a batch of draft `number`, such as ``A-2026-31``, that is not among `used`."""
    year = datetime.fromtimestamp(now, tz=UTC).year
    ref = f"{link.row.my_letter}-{year}-{number}"
    tried = (ref if again == 1 else f"{ref}-{again}" for again in itertools.count(1))
    return next(each for each in tried if each not in used and not has_batch(link.row.name, each))


def _filled(link: OpenLink) -> Mapping[str, str]:
    items = () if link.terms is None else sorted(link.terms.items)
    usual = USUAL_ITEM if USUAL_ITEM in items or not items else items[0]
    filled = {
        "item": usual,
        "urgency": ROUTINE,
        "tlp": USUAL_TLP,
        "authority": own_name(read_config(settings.HOME)),
        **{f"want.{want.value}": "1" for want in _USUAL_WANTS},
    }
    last = list_inquiries(Filter(link=link.row.name, is_ours=True), now=0, limit=1).rows
    if not last:
        return filled
    letter, wants = _said(link, last[0].inquiry)
    filled = filled if not wants else {k: v for k, v in filled.items() if not k.startswith("want.")}
    before = {
        "item": last[0].item if last[0].item in items else usual,
        "tlp": letter.tlp or USUAL_TLP,
        "purpose": letter.purpose.text if letter.purpose else "",
        "legal_basis": "\n".join(letter.legal_basis),
        **{f"want.{want}": "1" for want in wants},
    }
    return filled | {name: value for name, value in before.items() if value}


def _said(link: OpenLink, inquiry: str) -> tuple[Letter, tuple[str, ...]]:
    """Return the letter of an inquiry of ours, and what it wanted."""
    reader = reader_of(settings.HOME)
    statement = read_id(inquiry)
    if reader is None or statement is None:
        return Letter(), ()
    row = reader.row(link.row.name, statement)
    groups = row.act.d.get("groups") if row is not None and row.act is not None else None
    found: dict[str, None] = {}
    for group in groups if isinstance(groups, list) else ():
        wants = group.get("wants") if isinstance(group, dict) else None
        found.update(dict.fromkeys(str(want) for want in (wants if isinstance(wants, list) else ())))
    known = {want.value for want in Want}
    return read_letter(reader.body(link.row.name, statement)), tuple(each for each in found if each in known)

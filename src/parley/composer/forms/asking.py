"""What is typed in part 3 to what is asked: codes that both sides know, words in their language."""

from collections.abc import Mapping, Sequence
from typing import Final

from parley.composer.forms.fields import wants_of
from parley.composer.forms.letters import ROUTINE, Ask, Cover
from parley.inquiries.forms import compose
from parley.inquiries.forms.letter import TLP
from parley.protocol.terms import URGENCIES

USUAL_ITEM: Final = "fraud_phishing"
USUAL_TLP: Final = "AMBER"


def grouping_of(values: Mapping[str, str], rows: Sequence[compose.Row]) -> compose.Grouping:
    """Return how rows become inquiries: as somebody chose, else as they usually do."""
    chosen = values.get("grouping", "")
    known = {each.value: each for each in compose.Grouping}
    return known.get(chosen) or compose.usual_grouping(rows)


def ask_of(values: Mapping[str, str], rows: Sequence[compose.Row]) -> Ask:
    """Return what is wanted of all rows."""
    urgency = values.get("urgency", "")
    return Ask(
        item=values.get("item", ""),
        urgency=urgency if urgency in URGENCIES else ROUTINE,
        wants=wants_of(values),
        batch=_line(values, "batch"),
        grouping=grouping_of(values, rows),
    )


def cover_of(values: Mapping[str, str], *, own_name: str) -> Cover:
    """Return what every letter says; each line of the legal basis is one instrument."""
    lines = (line.strip() for line in values.get("legal_basis", "").split("\n"))
    tlp = values.get("tlp", "")
    return Cover(
        authority=_line(values, "authority") or own_name,
        purpose=_text(values, "purpose"),
        legal_basis=tuple(line for line in lines if line),
        facts=_text(values, "facts"),
        title=_line(values, "title"),
        case=_line(values, "case"),
        tlp=tlp if tlp in TLP else USUAL_TLP,
        urgency_reason=_text(values, "urgency_reason"),
    )


def _text(values: Mapping[str, str], name: str) -> str | None:
    return values.get(name, "").strip() or None


def _line(values: Mapping[str, str], name: str) -> str | None:
    return " ".join(values.get(name, "").split()) or None

"""What a statement says, in the words of the language in force: from its codes, numbers and times alone.

A page and the command line tell the same, each with instants as it shows them (`Instant`).
What stands in an act may be void, so anything may stand there.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.inquiries.forms.typed import spoken_items
from parley.links.policy import Whose
from parley.protocol.act import read_id, short_id
from parley.protocol.breach import BreachError
from parley.protocol.dialogue.figures import unequal
from parley.protocol.inquiries import moves
from parley.protocol.voids import Verdict
from parley.ui import times, words
from parley.ui.words import Labels

URGENCIES: Final = words.URGENCIES
Instant = Callable[[int], str]
"""How an instant is written: `times.zulu` on pages, `words.instant` in a terminal."""
REPLIES: Final = moves.REPLIES | {"inquiry.corrected", "inquiry.disputed"}
"""The kinds of statements that answer one in the thread rather than the inquiry itself."""


def kind_text(kind: str) -> str:
    """Return what kind of statement it is; the node wrote `kind` itself, or could not read it ("")."""
    return words.label(kind, words.KINDS) if kind else _("could not be opened")


def officer_text(role: str, number: int) -> str:
    """Return an officer as both sides know one: role and number, the role alone of a node, "" of nobody."""
    name = words.label(role, words.ROLES)
    return _("%(role)s %(number)d") % {"role": name, "number": number} if number else name


def signers_text(numbers: Collection[int]) -> str:
    """Return which officers signed a statement with keys of their own; "" where none did."""
    told = ngettext("signed by officer %(numbers)s", "signed by officers %(numbers)s", len(numbers))
    return told % {"numbers": words.listed(map(str, numbers))} if numbers else ""


def hand_text(role: str, number: int, signers: Collection[int]) -> str:
    """Return who said a statement, and who signed it."""
    return " · ".join(filter(None, (officer_text(role, number), signers_text(signers))))


def side_word(side: Whose) -> str:
    """Return whose something is."""
    return _("ours") if side is Whose.US else _("theirs")


def effect_text(verdict: str) -> str:
    """Return that a statement is without effect, and why, by ``void:wrong-state`` and the like; else ""."""
    if verdict == "valid":
        return ""
    reason = words.label(verdict.removeprefix("void:"), {**words.KINDS, **words.VOIDS})
    return _("without effect: %(reason)s") % {"reason": reason}


def code_text(code: object, labels: Labels) -> str:
    """Return the words of a code; "" where it is none of `labels`: what is void may hold anything."""
    return words.label(code, labels) if isinstance(code, str) and code in labels else ""


def unequal_text(en: str, zh: str) -> str:
    """Return which figures stand in one language of a text and lack in the other; "" where none do.

    It is shown and never judged: a figure may be said in words that no rule knows (Spec §17.3).
    """
    found = unequal(en, zh) if en and zh else None
    alone = (
        ()
        if found is None
        else ((_("only in English"), found.only_en), (_("only in Chinese"), found.only_zh))
    )
    return words.clauses(words.said_of(where, words.listed(figures)) for where, figures in alone if figures)


def said_text(kind: str, d: Mapping[str, object], *, instant: Instant = times.zulu) -> str:
    """Return what the `d` of an act of `kind` says, "" if its kind says all."""
    parts: list[str] = []
    items = _items(d.get("items"))
    match kind.removeprefix("inquiry."):
        case "answered" | "corrected":
            parts = [finding_text(finding, instant=instant) for finding in _list(d.get("findings"))]
            parts += _grounds(d)
            parts = parts or ([_("taken back")] if kind.endswith("corrected") else [])
        case "refused" | "postponed":
            parts = _grounds(d)
        case "returned":
            parts = [_field(field) for field in _list(d.get("fields"))]
        case "conditioned":
            parts = [words.label(str(code), words.CODES) for code in _list(d.get("codes"))]
        case "extended":
            parts = [words.label(str(d.get("clock")), words.CLOCKS), *_codes(d, "reason")]
        case "rated":
            parts = [_score(name, d.get(name)) for name in words.SCORES]
        case _:
            parts = _codes(d, "code", "to", "reason", "outcome", "ground")
    parts += [_("until %(at)s") % {"at": instant(at)} for at in _times(d)]
    told = words.clauses(parts)
    return words.said_of(items, told) if items and told else items or told


def items_text(items: str) -> str:
    """Return which items are meant, from ``0-2,7``; "" stands for the inquiry as a whole."""
    if not items:
        return _("the inquiry")
    several = "," in items or "-" in items
    return (_("items %(items)s") if several else _("item %(items)s")) % {"items": items}


def finding_text(finding: object, *, instant: Instant = times.zulu) -> str:
    """Return a finding as an answer or a row of an item holds it."""
    if not isinstance(finding, Mapping):
        return ""
    numbers = [n for n in _list(finding.get("items")) if isinstance(n, int)]
    of = finding.get("of")
    details = [
        words.label(str(finding["measure"]), words.MEASURES) if finding.get("measure") else "",
        _until(finding.get("until"), instant=instant),
        _other(of) if isinstance(of, Mapping) else "",
        instant(at) if isinstance(at := finding.get("at"), int) else "",
    ]
    told = words.listed(filter(None, details))
    code = words.label(str(finding.get("code")), words.FINDINGS)
    found = code + (words.aside(told) if told else "")
    return words.said_of(items_text(spoken_items(numbers)), found) if numbers else found


def ground_text(ground: str) -> str:
    """Return a ground with its code."""
    return f"{ground} {words.label(ground, words.GROUNDS)}"


def verdict_text(verdict: Verdict) -> str:
    """Return why a statement is without effect, with the paragraph of the rules; "" if it has effect."""
    if verdict.is_valid:
        return ""
    if verdict.reason is None:
        paragraph = {"unopened": "§6.7", "unknown": "§6.8"}.get(verdict.outcome.value, "§6.5")
        reason = words.label(verdict.outcome.value, words.KINDS)
    else:
        paragraph, reason = "§6.5", words.label(verdict.reason.value, words.VOIDS)
    remark = words.aside(verdict.remark) if verdict.remark else ""
    return _("without effect: %(reason)s%(remark)s, Spec %(paragraph)s") % {
        "reason": reason,
        "remark": remark,
        "paragraph": paragraph,
    }


def _items(value: object) -> str:
    if value == "all":
        return _("all items")
    numbers = [n for n in _list(value) if isinstance(n, int)]
    return items_text(spoken_items(numbers)) if numbers else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _codes(d: Mapping[str, object], *names: str) -> list[str]:
    return [words.label(str(d[name]), words.CODES) for name in names if name in d]


def _grounds(d: Mapping[str, object]) -> list[str]:
    grounds = [str(ground) for ground in _list(d.get("grounds"))]
    grounds += [str(d["ground"])] if "ground" in d else []
    return [ground_text(ground) for ground in grounds]


def _times(d: Mapping[str, object]) -> list[int]:
    return [at for name in ("until", "due") if isinstance(at := d.get(name), int)]


def _until(at: object, *, instant: Instant) -> str:
    return _("until %(at)s") % {"at": instant(at)} if isinstance(at, int) else ""


def _field(field: object) -> str:
    if not isinstance(field, Mapping):
        return ""
    name = words.label(str(field.get("field")), words.FIELDS)
    return words.said_of(name, words.label(str(field.get("reason")), words.CODES))


def _score(name: str, score: object) -> str:
    label = words.label(name, words.SCORES)
    return _("%(what)s %(score)s of 3") % {"what": label, "score": score}


def _other(of: Mapping[str, object]) -> str:
    try:
        inquiry = short_id(read_id(str(of.get("inquiry"))))
    except BreachError:
        inquiry = str(of.get("inquiry"))
    return f"{inquiry}/{of.get('n')}"

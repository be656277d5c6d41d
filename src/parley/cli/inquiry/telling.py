"""What an act says, in words: from its codes, numbers and times, and nothing else."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from parley.inquiries.forms.typed import spoken_items
from parley.protocol.act import read_id, short_id
from parley.protocol.breach import BreachError
from parley.ui import words


def said_text(kind: str, d: Mapping[str, object]) -> str:
    """Return what the `d` of an act of `kind` says. It may be void, so anything may stand there."""
    parts: list[str] = []
    items = _items(d.get("items"))
    match kind.removeprefix("inquiry."):
        case "answered" | "corrected":
            parts = [_finding(finding) for finding in _list(d.get("findings"))]
            parts += _grounds(d)
        case "refused" | "postponed":
            parts = _grounds(d)
        case "returned":
            parts = [_field(field) for field in _list(d.get("fields"))]
        case "conditioned":
            parts = [words.label(str(code), words.CODES) for code in _list(d.get("codes"))]
        case "extended":
            parts = [words.label(str(d.get("clock")), words.CLOCKS), *_codes(d, "reason")]
        case "rated":
            parts = [f"{words.label(name, words.SCORES)} {d.get(name)}" for name in words.SCORES]
        case _:
            parts = _codes(d, "code", "to", "reason", "outcome", "ground")
    parts += [_("until %(at)s") % {"at": words.instant(at)} for at in _times(d)]
    return " ".join(filter(None, [items, words.clauses(parts)]))


def _items(value: object) -> str:
    if value == "all":
        return _("all items:")
    numbers = [n for n in _list(value) if isinstance(n, int)]
    return f"{spoken_items(numbers)}:" if numbers else ""


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _codes(d: Mapping[str, object], *names: str) -> list[str]:
    return [words.label(str(d[name]), words.CODES) for name in names if name in d]


def _grounds(d: Mapping[str, object]) -> list[str]:
    grounds = [str(ground) for ground in _list(d.get("grounds"))]
    grounds += [str(d["ground"])] if "ground" in d else []
    return [f"{ground} {words.label(ground, words.GROUNDS)}" for ground in grounds]


def _times(d: Mapping[str, object]) -> list[int]:
    return [at for name in ("until", "due") if isinstance(at := d.get(name), int)]


def _field(field: object) -> str:
    if not isinstance(field, dict):
        return ""
    name = words.label(str(field.get("field")), words.FIELDS)
    return f"{name} {words.label(str(field.get('reason')), words.CODES)}"


def _finding(finding: object) -> str:
    if not isinstance(finding, dict):
        return ""
    items = spoken_items(n for n in _list(finding.get("items")) if isinstance(n, int))
    of = finding.get("of")
    details = [
        words.label(str(finding["measure"]), words.MEASURES) if finding.get("measure") else "",
        _("until %(at)s") % {"at": words.instant(finding["until"])} if finding.get("until") else "",
        _other(of) if isinstance(of, dict) else "",
        words.instant(finding["at"]) if finding.get("at") else "",
    ]
    told = words.listed(filter(None, details))
    code = words.label(str(finding.get("code")), words.FINDINGS)
    return " ".join(filter(None, [items, code])) + (words.aside(told) if told else "")


def _other(of: Mapping[str, object]) -> str:
    try:
        inquiry = short_id(read_id(str(of.get("inquiry"))))
    except BreachError:
        inquiry = str(of.get("inquiry"))
    return f"{inquiry}/{of.get('n')}"

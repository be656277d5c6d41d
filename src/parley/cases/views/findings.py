"""The form of a finding: likelihood and confidence are two fields and never one, and evidence is chosen.

A revision begins with what its author holds so far; so does a further version of a task.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from parley.cases.actions import Alternative, Holding
from parley.cases.queries import Dossier, VersionShown
from parley.cases.views.typed import both, place
from parley.inquiries.forms.letter import Text
from parley.inquiries.forms.typed import read_code
from parley.protocol.cases.bodies import MAX_ALTERNATIVES, TaskSet
from parley.protocol.cases.bodies import Place as Where
from parley.protocol.cases.codes import Confidence, Likelihood, Responsibility
from parley.sharing.views.form import Field, FormTyped
from parley.ui import casewords
from parley.ui.words import Labels

ALTERNATIVES: Final = 3
"""So many stand in the form at least."""
First = Mapping[str, tuple[str, ...]]


class PartialAlternativeError(Exception):
    """Of the `number`-th alternative something is missing: what it is, how likely, or why."""

    def __init__(self, number: int) -> None:
        super().__init__(f"expected all three fields of alternative {number}")
        self.number = number


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What a form of a finding offers: exhibits by their places, and how many alternatives."""

    exhibits: Labels
    alternatives: int = ALTERNATIVES


def grounds_of(dossier: Dossier, first: First) -> Grounds:
    """Return the exhibits of a case that still hold, and room for one more alternative than there are."""
    exhibits = {
        _path(each.target, each.link.said.place.part): (text := _exhibit(each.label, each.file), text)
        for each in dossier.evidence
        if each.link.undone is None and each.target
    }
    held = sum(name.endswith("_step") for name in first)
    return Grounds(exhibits=exhibits, alternatives=min(MAX_ALTERNATIVES, max(ALTERNATIVES, held + 1)))


def _exhibit(label: str, file: str) -> str:
    return f"{label} {file}".strip()


def _path(target: str, part: int | None) -> str:
    name = target.replace(" ", "-")
    return name if part is None else f"{name}/{part}"


# ---- Its fields


def finding_fields(grounds: Grounds) -> tuple[Field, ...]:
    """Return the fields of a finding."""
    chosen = Field(name="exhibits", label=_("Exhibits"), kind="codes", labels=grounds.exhibits)
    return (
        Field(name="statement_en", label=_("The finding in English"), kind="area"),
        Field(name="statement_zh", label=_("The finding in Chinese"), kind="area"),
        Field(
            name="responsibility",
            label=_("State responsibility, if it is about that"),
            kind="code",
            labels=casewords.RESPONSIBILITIES,
        ),
        _likelihood("likelihood", is_wanted=True),
        Field(
            name="confidence",
            label=_("Confidence: how good the grounds are"),
            kind="code",
            labels=casewords.CONFIDENCES,
            is_wanted=True,
        ),
        *((chosen,) if grounds.exhibits else ()),
        Field(name="evidence", label=_("Other evidence: one place a line, such as A-12/1"), kind="area"),
        *(each for n in range(1, grounds.alternatives + 1) for each in _alternative_fields(n)),
        Field(
            name="dissent",
            label=_("Whoever of our own side holds otherwise, in words (may be empty)"),
            kind="area",
            before=_("Dissent and publicity"),
        ),
        Field(name="public", label=_("It may be said in public"), kind="yes"),
    )


def _likelihood(name: str, *, is_wanted: bool = False) -> Field:
    label = _("Likelihood: how probable it is")
    return Field(name=name, label=label, kind="code", labels=casewords.LIKELIHOODS, is_wanted=is_wanted)


def _alternative_fields(n: int) -> tuple[Field, ...]:
    return (
        Field(
            name=f"alternative_{n}_step",
            label=_("What else it could be"),
            kind="code",
            labels=casewords.RESPONSIBILITIES,
            before=_("Alternative considered, %(n)d (may be empty)") % {"n": n},
        ),
        _likelihood(f"alternative_{n}_likelihood"),
        Field(name=f"alternative_{n}_text", label=_("Why it is held to be so likely"), kind="line"),
    )


# ---- What was typed, as values


def holding(typed: FormTyped, *, link: str) -> Holding:
    """Return what was typed as a finding.

    Raises:
        TypedError: something of it cannot be read. PartialAlternativeError: an alternative is not whole.
    """
    step = typed["responsibility"]
    named = dict.fromkeys((*typed.many.get("exhibits", ()), *typed.lines("evidence")))
    return Holding(
        statement=both(typed, "statement"),
        likelihood=read_code(typed["likelihood"], Likelihood),
        confidence=read_code(typed["confidence"], Confidence),
        responsibility=read_code(step, Responsibility) if step else None,
        evidence=tuple(place(each, link=link) for each in named),
        alternatives=tuple(_alternatives(typed)),
        dissent=typed.text("dissent"),
        is_public=typed["public"] == "yes",
    )


def _alternatives(typed: FormTyped) -> Iterator[Alternative]:
    for n in range(1, MAX_ALTERNATIVES + 1):
        names = [f"alternative_{n}_{each}" for each in ("step", "likelihood", "text")]
        step, likelihood, _text = (typed[name] for name in names)
        text = typed.text(names[2])
        if not (step or likelihood or text):
            continue
        if not step or not likelihood or text is None:
            raise PartialAlternativeError(n)
        yield Alternative(
            responsibility=read_code(step, Responsibility),
            likelihood=read_code(likelihood, Likelihood),
            text=text,
        )


# ---- What stands in a form before anybody typed


def first_of(dossier: Dossier, verb: str, on: str) -> First:
    """Return what a further version begins with: what is held so far."""
    if verb == "revise":
        held = next((each.current for each in dossier.findings if _at(each.current.place) == on), None)
        return {} if held is None else dict(_held(dossier, held))
    if verb == "task" and on:
        task = next((each for each in dossier.tasks if _at(each.place) == on), None)
        fact = None if task is None else task.task.agreed or task.task.versions[-1]
        if task is not None and fact is not None and isinstance(fact.said, TaskSet):
            titles = {"title_en": task.title.en, "title_zh": task.title.zh}
            return {name: (text,) for name, text in titles.items()} | {"owner": (fact.said.owner.value,)}
    return {}


def _at(shown: str) -> str:
    return shown.replace(" ", "-")


def _held(dossier: Dossier, shown: VersionShown) -> Iterator[tuple[str, tuple[str, ...]]]:
    said, words = shown.version.said, shown.words
    yield "statement_en", (words.statement.en,)
    yield "statement_zh", (words.statement.zh,)
    yield "responsibility", (said.responsibility.value,) if said.responsibility else ()
    yield "likelihood", (said.likelihood.value,)
    yield "confidence", (said.confidence.value,)
    yield from _evidence(dossier, said.evidence)
    for n, each in enumerate(said.alternatives, start=1):
        text = words.alternatives[n - 1] if n <= len(words.alternatives) else None
        yield f"alternative_{n}_step", (each.responsibility.value,)
        yield f"alternative_{n}_likelihood", (each.likelihood.value,)
        yield f"alternative_{n}_text", (_said(text),)
    yield "dissent", (_said(words.dissent),)
    yield "public", ("yes",) if said.public else ()


def _said(text: Text | None) -> str:
    return "" if text is None else text.text


def _evidence(dossier: Dossier, evidence: tuple[Where, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    exhibits = {
        each.link.said.place: _path(each.target, each.link.said.place.part)
        for each in dossier.evidence
        if each.link.undone is None and each.target
    }
    places = {each.statement: each.place for each in dossier.timeline.statements}
    others = [each for each in evidence if each not in exhibits]
    yield "exhibits", tuple(exhibits[each] for each in evidence if each in exhibits)
    known = [_path(places[each.statement], each.part) for each in others if each.statement in places]
    yield "evidence", ("\n".join(known),)

"""parley inquiry: what the side that was asked says."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.inquiry.answers import Answers, read_answers
from parley.cli.inquiry.case import Case, statement
from parley.cli.inquiry.noun import verb
from parley.cli.looking import find_statement
from parley.cli.output import FaultError
from parley.inquiries import actions
from parley.inquiries.forms import compose, typed
from parley.inquiries.forms.letter import Remark, read_letter
from parley.links.actions.speaking import Said
from parley.protocol.act import id_text
from parley.protocol.inquiries.codes import Condition, Delay, Ground, Lack, Postponement, Progress, Referral
from parley.protocol.strictjson import JsonValue

Items = Annotated[str, typer.Option("--items", metavar="ITEMS", help=_("Which items: all, or 0,2,5-7."))]
Until = Annotated[
    str, typer.Option("--until", metavar="TIME", help=_("Until when: 2026-11-02T09:10Z, or +3d from now."))
]
Findings = Annotated[
    list[str] | None,
    typer.Option(
        "--finding",
        metavar="FINDING",
        help=_(
            "ITEMS=CODE:DETAIL@TIME, such as 0,1=mitigated:content_removed or 2=no_data. May be repeated."
        ),
    ),
]
AnswerFile = Annotated[
    Path | None,
    typer.Option("--file", metavar="CSV", help=_("A table: item, finding, measure, at, until, of, note.")),
]
Grounds = Annotated[
    list[str] | None,
    typer.Option("--ground", metavar="CODE", help=_("G01 to G21. May be repeated.")),
]


@verb(_("Say that a person has seen the inquiry."))
@statement
def acknowledge(case: Case) -> Said:
    return actions.acknowledge(case.on, by=case.hand, words=case.words)


@verb(_("Take items on for execution."))
@statement
def admit(case: Case, *, items: Items = "all") -> Said:
    return actions.admit(case.on, typed.read_items(items), by=case.hand, words=case.words)


@verb(_("Return items for supplement; their clocks pause until it is there."), name="return")
@statement
def return_(
    case: Case,
    *,
    items: Items = "",
    fields: Annotated[
        list[str] | None,
        typer.Option(
            "--field",
            metavar="FIELD=REASON",
            help=_("What is to be supplied, and why: missing, unclear, contradictory … May be repeated."),
        ),
    ] = None,
) -> Said:
    named = tuple(_field(text) for text in fields or ())
    numbers: JsonValue = typed.read_items(items) if items else "all"
    if not named:
        named, proposed = _proposed_return(case)
        numbers = typed.read_items(items) if items else proposed
    return actions.return_(case.on, numbers, fields=named, by=case.hand, words=case.words)


def _field(text: str) -> tuple[str, Lack]:
    name, _equals, reason = text.partition("=")
    return name.strip(), typed.read_code(reason or Lack.MISSING.value, Lack)


def _proposed_return(case: Case) -> tuple[tuple[tuple[str, Lack], ...], JsonValue]:
    """Return the fields that the terms require and the letter lacks, and for which items.

    Raises:
        FaultError: the letter is complete, so a person must say what is wrong with it.
    """
    terms = case.reader.terms(case.link.name)
    letter = read_letter(case.reader.body(case.link.name, case.thread))
    found = compose.gaps(letter, terms.required if terms else {})
    proposed = compose.proposed_return(found)
    if proposed is None:
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("Nothing that the terms require is missing."),
            do=_("Say what is to be supplied: --field FIELD=REASON."),
        )
    return tuple((gap.field, Lack.MISSING) for gap in found), proposed["items"]


@verb(_("Tell how the work goes; also the answer to ask-status."))
@statement
def progress(
    case: Case,
    *,
    items: Items = "all",
    code: Annotated[
        Progress, typer.Option("--code", help=_("What is being done meanwhile."))
    ] = Progress.WORKING,
) -> Said:
    return actions.progress(case.on, typed.read_items(items), code=code, by=case.hand, words=case.words)


@verb(_("Say that items were sent on, since this side is not competent."))
@statement
def refer(
    case: Case,
    *,
    items: Items = "all",
    to: Annotated[Referral, typer.Option("--to", help=_("Where they went."))],
) -> Said:
    return actions.refer(case.on, typed.read_items(items), to=to, by=case.hand, words=case.words)


@verb(_("Offer the answer on conditions; clocks pause until they are undertaken."))
@statement
def condition(
    case: Case,
    *,
    items: Items = "all",
    codes: Annotated[
        list[Condition], typer.Option("--condition", help=_("What must be undertaken. May be repeated."))
    ],
    due: Annotated[
        str, typer.Option("--due", metavar="TIME", help=_("Until when: 2026-11-02T09:10Z, or +3d from now."))
    ],
) -> Said:
    at = typed.read_time(due, now=case.hand.now)
    numbers = typed.read_items(items)
    return actions.condition(case.on, numbers, codes=codes, due=at, by=case.hand, words=case.words)


@verb(_("Postpone items; clocks pause if the other side agrees."))
@statement
def postpone(
    case: Case,
    *,
    items: Items = "all",
    ground: Annotated[Postponement, typer.Option("--ground", help=_("Why: P01 to P03."))],
    until: Until,
) -> Said:
    at = typed.read_time(until, now=case.hand.now)
    numbers = typed.read_items(items)
    return actions.postpone(case.on, numbers, ground=ground, until=at, by=case.hand, words=case.words)


@verb(_("Announce that a clock needs more time."))
@statement
def extend(
    case: Case,
    *,
    items: Items = "all",
    clock: Annotated[
        str,
        typer.Option(
            "--clock",
            metavar="CLOCK",
            help=_("admit, mitigate, preserve, evidence, subscriber, stop_payment."),
        ),
    ],
    until: Until,
    reason: Annotated[Delay, typer.Option("--reason", help=_("Why."))],
) -> Said:
    at = typed.read_time(until, now=case.hand.now)
    return actions.extend(
        case.on,
        typed.read_items(items),
        clock=clock,
        until=at,
        reason=reason,
        by=case.hand,
        words=case.words,
    )


@verb(_("Answer items: what was found, item by item. Part of them is fine."))
@statement
def answer(case: Case, *, finding: Findings = None, file: AnswerFile = None) -> Said:
    answers = _answers(case, finding, file)
    if not answers.findings:
        raise FaultError(
            "missing_option",
            Exit.NEEDS_A_PERSON,
            what=_("An answer has one finding at least."),
            do=_("Add --finding ITEMS=CODE, or --file CSV."),
        )
    return actions.answer(case.on, answers.findings, by=case.hand, words=_with_notes(case, answers))


@verb(_("Refuse items, on one ground at least."))
@statement
def refuse(
    case: Case,
    *,
    items: Items = "all",
    ground: Annotated[list[str], typer.Option("--ground", help=_("G01 to G21. May be repeated."))],
) -> Said:
    grounds = typed.read_codes(ground, Ground)
    return actions.refuse(case.on, typed.read_items(items), grounds=grounds, by=case.hand, words=case.words)


@verb(_("Correct an own answer or refusal; with neither findings nor grounds it is taken back."))
@statement
def correct(
    case: Case,
    *,
    items: Items = "all",
    finding: Findings = None,
    file: AnswerFile = None,
    ground: Grounds = None,
) -> Said:
    answers = _answers(case, finding, file)
    numbers: JsonValue = typed.read_items(items)
    if answers.findings:
        numbers = typed.named_items(answers.findings)
    return actions.correct(
        case.on_own("inquiry.answered", "inquiry.refused"),
        numbers,
        findings=answers.findings,
        grounds=typed.read_codes(ground or (), Ground),
        by=case.hand,
        words=_with_notes(case, answers),
    )


def _answers(case: Case, finding: list[str] | None, file: Path | None) -> Answers:
    """Return all findings, those of the options first; items they name are looked up."""
    now = case.hand.now
    found = [typed.read_finding(text, now=now) for text in finding or ()]
    notes: Answers = Answers(findings=(), notes=())
    if file is not None:
        notes = read_answers(file, now=now)
        found += [dict(each) for each in notes.findings if isinstance(each, dict)]
    for each in found:
        of = each.get("of")
        if isinstance(of, dict) and isinstance(of["inquiry"], str):
            _link, other = find_statement(case.reader, of["inquiry"], link=case.link.name)
            each["of"] = {**of, "inquiry": id_text(other)}
    return Answers(findings=tuple(typed.merged(found)), notes=notes.notes)


def _with_notes(case: Case, answers: Answers) -> actions.Words:
    remark = Remark(text=case.words.remark.text, notes=answers.notes)
    return replace(case.words, remark=remark)

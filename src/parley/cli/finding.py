"""parley finding: what a side holds to be true in a case, revised in the open, answered by the other."""

import re
import uuid
from dataclasses import dataclass
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.cases import actions
from parley.cases.actions import Alternative, Holding
from parley.cases.forms.texts import both_of
from parley.cli.case.about import find_case, find_place, heard
from parley.cli.exits import Exit
from parley.cli.looking import Link, reading
from parley.cli.options import spread
from parley.cli.output import result
from parley.cli.persons import As, SecretFile, acting_with_secret, require_home
from parley.cli.thread import Words
from parley.cli.together import signed, tell_saved, tell_signing
from parley.inquiries.forms.letter import text_of
from parley.inquiries.forms.typed import TypedError, read_code, read_codes
from parley.ledger.drafts import Appended, Draft
from parley.ledger.reading import Reader
from parley.links.actions.speaking import Hand, Target, Trial
from parley.links.queries.signing import Signing
from parley.protocol.cases.codes import Confidence, Likelihood, Position, Reason, Responsibility
from parley.work import clock

_ALTERNATIVE: Final = re.compile(r"(?P<step>[a-z_-]+)=(?P<likelihood>[a-z_-]+):(?P<text>.+)", re.DOTALL)

finding = typer.Typer(
    help=_("Findings in joint cases: given, revised in the open, answered by the other side."),
    no_args_is_help=False,
    rich_markup_mode=None,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """Who signs."""

    officer: As
    secret_file: SecretFile = None
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show exactly what would be said; write and send nothing."))
    ] = False
    link: Link = None

    def hand(self) -> tuple[Hand, str]:
        """Return whose act it is, and the secret that opens his or her key."""
        person, secret = acting_with_secret(self.officer, secret_file=self.secret_file)
        door = Trial(home=require_home())
        return Hand(officer=person, key=uuid.uuid4().hex, now=clock.now(), door=door), secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a finding holds, as it is typed. Likelihood and confidence are two options, and never one."""

    en: Annotated[str, typer.Option("--en", metavar="WORDS", help=_("The statement in English."))]
    zh: Annotated[str, typer.Option("--zh", metavar="WORDS", help=_("The statement in Chinese."))]
    likelihood: Annotated[
        str,
        typer.Option("--likelihood", metavar="CODE", help=_("How probable: likely, very_likely, unlikely …")),
    ]
    confidence: Annotated[
        str,
        typer.Option(
            "--confidence", metavar="CODE", help=_("How good the grounds are: low, moderate, high.")
        ),
    ]
    responsibility: Annotated[
        str | None,
        typer.Option(
            "--responsibility",
            metavar="CODE",
            help=_("The step of state responsibility, if it is about that."),
        ),
    ] = None
    evidence: Annotated[
        list[str] | None,
        typer.Option("--evidence", metavar="PLACE", help=_("Its evidence, such as A-12/1. May be repeated.")),
    ] = None
    alternative: Annotated[
        list[str] | None,
        typer.Option(
            "--alternative",
            metavar="STEP=LIKELIHOOD:WORDS",
            help=_("What else was considered. May be repeated."),
        ),
    ] = None
    dissent: Annotated[
        str | None,
        typer.Option("--dissent", metavar="WORDS", help=_("What somebody of our own side holds otherwise.")),
    ] = None
    public: Annotated[bool, typer.Option("--public", help=_("It may be said in public."))] = False

    def holding(self, reader: Reader, link: str) -> Holding:
        """Return what was typed as a finding.

        Raises:
            TypedError, FaultError: something cannot be read, or is not in the record.
        """
        step = self.responsibility
        return Holding(
            statement=both_of(self.en, self.zh),
            likelihood=read_code(self.likelihood, Likelihood),
            confidence=read_code(self.confidence, Confidence),
            responsibility=None if step is None else read_code(step, Responsibility),
            evidence=tuple(find_place(reader, each, link=link) for each in self.evidence or ()),
            alternatives=tuple(_read_alternative(each) for each in self.alternative or ()),
            dissent=text_of(self.dissent) if self.dissent else None,
            is_public=self.public,
        )


def _read_alternative(text: str) -> Alternative:
    found = _ALTERNATIVE.fullmatch(text)
    if found is None:
        raise TypedError("alternative", text)
    return Alternative(
        responsibility=read_code(found["step"], Responsibility),
        likelihood=read_code(found["likelihood"], Likelihood),
        text=text_of(found["text"].strip()),
    )


Case = Annotated[str, typer.Argument(metavar="CASE", help=_("The joint case: its place (A-3), or an id."))]
Version = Annotated[
    str, typer.Argument(metavar="VERSION", help=_("That very version of the finding, by its place (A-7)."))
]
_BY_PLACE: Final = {"ignore_unknown_options": True}


@finding.command(help=_("Give a finding in a joint case; its author signs it."), context_settings=_BY_PLACE)
@spread
def give(name: Case, held: Held, pen: Pen) -> int:
    with reading() as reader, signed(), heard():
        link, thread, _named, _case = find_case(reader, name, link=pen.link)
        hand, secret = pen.hand()
        on = Target(link=link.name, statement=thread)
        draft = actions.draft_given(on, held.holding(reader, link.name), by=hand)
        return _say(reader, draft, pen, hand=hand, secret=secret)


@finding.command(
    help=_("Revise a finding of ours in the open: what changed is part of it."), context_settings=_BY_PLACE
)
@spread
def revise(
    name: Version,
    held: Held,
    *,
    reason: Annotated[
        list[str],
        typer.Option(
            "--reason",
            metavar="CODE",
            help=_("new_evidence, evidence_withdrawn, new_analysis, other_side, error. May be repeated."),
        ),
    ],
    changed_en: Annotated[
        str, typer.Option("--changed-en", metavar="WORDS", help=_("What changed, in English."))
    ],
    changed_zh: Annotated[
        str, typer.Option("--changed-zh", metavar="WORDS", help=_("What changed, in Chinese."))
    ],
    pen: Pen,
) -> int:
    with reading() as reader, signed(), heard():
        link, _thread, named, _case = find_case(reader, name, link=pen.link)
        hand, secret = pen.hand()
        draft = actions.draft_revised(
            Target(link=link.name, statement=named),
            held.holding(reader, link.name),
            reasons=read_codes(reason, Reason),
            changed=both_of(changed_en, changed_zh),
            by=hand,
        )
        return _say(reader, draft, pen, hand=hand, secret=secret)


@finding.command(
    help=_("Answer one version of a finding of theirs: that version, and no other."),
    context_settings=_BY_PLACE,
)
@spread
def answer(
    name: Version,
    *,
    position: Annotated[
        str, typer.Option("--position", metavar="CODE", help=_("concurs, does_not_concur, no_position."))
    ],
    public: Annotated[
        bool, typer.Option("--public", help=_("That we concur may be said in public."))
    ] = False,
    text: Words = None,
    pen: Pen,
) -> int:
    with reading() as reader, signed(), heard():
        link, _thread, named, _case = find_case(reader, name, link=pen.link)
        hand, secret = pen.hand()
        draft = actions.draft_answered(
            Target(link=link.name, statement=named),
            read_code(position, Position),
            is_public=public,
            by=hand,
            text=text_of(text) if text else None,
        )
        return _say(reader, draft, pen, hand=hand, secret=secret)


def _say(reader: Reader, draft: Draft, pen: Pen, *, hand: Hand, secret: str) -> int:
    if pen.dry_run:
        act = draft.act().decode()
        result(
            {"would_say": act, "saved": False},
            _("Would say: %(act)s") % {"act": act},
            _("Nothing was written, and nothing was sent."),
        )
        return Exit.DONE
    found = actions.say_finding(require_home(), draft, by=hand, secret=secret)
    if isinstance(found, Signing):
        return tell_signing(found)
    assert isinstance(found, Appended), "it destroys nothing"
    return tell_saved(reader, found)

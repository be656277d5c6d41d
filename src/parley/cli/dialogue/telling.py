"""Commitments and rounds as text and as JSON: both languages of what binds, and who owes the next word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict

from django.utils.translation import gettext as _

from parley.cli.output import JsonValue, Rows
from parley.dialogue.queries import (
    CommitmentDossier,
    CommitmentRow,
    RoundDossier,
    RoundRow,
    StatementRow,
    ThreadRow,
)
from parley.dialogue.views.forum import Forum, forum_of, forums_of
from parley.dialogue.views.sheet import parties_of
from parley.dialogue.views.showing import Line, Shown, lines_of
from parley.inquiries.forms.telling import side_word, unequal_text
from parley.protocol.act import read_id, short_id
from parley.protocol.dialogue.account import account, digest
from parley.protocol.dialogue.clause import Text
from parley.ui import dialoguewords, words

Dossier = CommitmentDossier | RoundDossier


def commitment_json(row: CommitmentRow, *, now: int) -> dict[str, JsonValue]:
    """Return a commitment as an object, with the view at `now`."""
    return {**_row_json(row), "is_overdue": row.is_overdue(now), "is_carried": row.is_carried}


def round_json(row: RoundRow) -> dict[str, JsonValue]:
    """Return a round as an object."""
    return _row_json(row)


def _row_json(row: ThreadRow) -> dict[str, JsonValue]:
    return {
        **asdict(row),
        "short_id": short_id(read_id(row.statement)),
        "owing": list(row.owing),
        "is_my_move": row.is_my_move,
    }


def dossier_json(dossier: Dossier) -> dict[str, JsonValue]:
    """Return all that is known of a thread: its row, its state as both compute it, and what was said."""
    row = dossier.row
    told = commitment_json(row, now=dossier.now) if isinstance(row, CommitmentRow) else round_json(row)
    folded = dossier.folded
    return {
        "row": told,
        "state": None if folded is None else account(folded),
        "digest": None if folded is None else digest(folded).hex(),
        "statements": [_statement_json(each) for each in dossier.statements],
        "unshown": dossier.unshown,
    }


def _statement_json(each: StatementRow) -> dict[str, JsonValue]:
    return {
        "place": each.place,
        "statement": each.statement,
        "whose": each.whose.value,
        "kind": each.kind,
        "verdict": each.verdict,
        "said": each.said,  # type: ignore[dict-item]  # the `d` of an act, JSON as it stands
        "answers": each.answers,
        "effective": each.effective,
        "at_their_node": each.is_at_their_node,
        "status": each.status,
        "crossed": each.is_crossed,
        "texts": [{"en": text.en, "zh": text.zh} for text in each.told.texts],
        "is_true": each.told.is_true,
        "words": None if each.told.words is None else each.told.words.text,
        "clause": None if each.clause is None else {"en": each.clause.en, "zh": each.clause.zh},
        "may": list(each.may),
    }


def list_rows(rows: Sequence[CommitmentRow], *, now: int) -> Rows:
    """Return commitments as a table."""
    titles = (_("Place"), _("Commitment"), _("Owner"), _("Due"), _("State"), _("Round"), _("Next word"))
    forums = forums_of(rows)
    return Rows(titles=titles, rows=tuple(_as_text(row, forums[row.statement], now=now) for row in rows))


def _as_text(row: CommitmentRow, forum: Forum, *, now: int) -> tuple[str, ...]:
    return (
        row.place,
        in_language(row.text_en, row.text_zh),
        words.listed(side_word(each) for each in row.owners),
        _("none") if row.due is None else words.instant(row.due),
        standing_text(row, now=now),
        forum.text,
        owed_text(row),
    )


def round_rows(rows: Iterable[RoundRow]) -> Rows:
    """Return rounds as a table."""
    titles = (
        *(_("Place"), _("Round"), _("Where"), _("Host")),
        *(_("Begins"), _("State"), _("Outcome list"), _("Next word")),
    )
    return Rows(
        titles=titles,
        rows=tuple(
            (
                row.place,
                str(row.number),
                in_language(row.place_en, row.place_zh),
                side_word(row.host),
                words.instant(row.begins),
                words.label(row.state, dialoguewords.ROUND_STATES),
                words.label(row.outcome, dialoguewords.OUTCOME_STATES),
                owed_text(row),
            )
            for row in rows
        ),
    )


def in_language(en: str, zh: str) -> str:
    """Return a text in the language of the reader."""
    return zh if words.is_chinese() else en


def standing_text(row: CommitmentRow, *, now: int) -> str:
    """Return how far a commitment is."""
    if row.verdict != "valid":
        return words.label(row.verdict.removeprefix("void:"), {**words.KINDS, **words.VOIDS})
    marks = [words.label(row.state, dialoguewords.COMMITMENT_STATES)]
    if row.is_overdue(now):
        marks.append(_("overdue"))
    if row.is_carried:
        marks.append(_("carried over"))
    return words.clauses(marks)


def owed_text(row: ThreadRow) -> str:
    """Return what each side owes."""
    return words.clauses(
        words.said_of(side_word(side), words.labelled(row.owed[side], dialoguewords.DUTIES))
        for side in row.owing
    )


def dossier_lines(dossier: Dossier, *plan: str) -> Iterator[str | Rows]:
    """Yield a thread as people read it; `plan` stands before what was said."""
    row = dossier.row
    first = dossier.opening.told
    if isinstance(row, CommitmentRow):
        yield f"{row.place} · {standing_text(row, now=dossier.now)}"
        yield words.said_of(_("Owner"), words.listed(side_word(each) for each in row.owners))
        yield words.said_of(_("Due"), _("none") if row.due is None else words.instant(row.due))
        yield words.said_of(_("Round"), forum_of(row).text)
    else:
        yield f"{row.place} · " + _("Round %(number)d") % {"number": row.number}
        yield words.label(row.state, dialoguewords.ROUND_STATES)
        yield words.said_of(_("Outcome list"), words.label(row.outcome, dialoguewords.OUTCOME_STATES))
    if isinstance(row, CommitmentRow):
        yield from (line for text in first.texts for line in (text.en, text.zh, *unequal_lines([text])))
    if first.is_true is False:
        yield _("The words are not those that the signed act names.")
    if row.owing:
        yield words.said_of(_("Next word"), owed_text(row))
    yield from plan
    yield _timeline(dossier)
    if dossier.folded is not None:
        yield _("Digest of the state, the same on both nodes: %(digest)s") % {
            "digest": digest(dossier.folded).hex()
        }


def _told(line: Line) -> Iterator[str]:
    yield line.kind
    yield from line.told
    yield from (each.text for each in line.named)
    yield from unequal_lines(line.texts)


def unequal_lines(texts: Iterable[Text | Shown]) -> Iterator[str]:
    """Yield of each text that its two languages name different figures, and which, if they do."""
    for text in texts:
        if why := unequal_text(text.en, text.zh):
            yield _("The two languages name different figures: %(why)s.") % {"why": why}


def _timeline(dossier: Dossier) -> Rows:
    titles = (_("Place"), _("Time"), _("What was said"), _("How it stands"), _("In words"))
    lines = lines_of(dossier, sides=parties_of(dossier.link))
    return Rows(titles=titles, rows=tuple(_line(each) for each in lines))


def _line(line: Line) -> tuple[str, ...]:
    each = line.row
    text = each.clause or each.told.text()
    said = "" if each.told.words is None else each.told.words.text
    return (
        each.place,
        words.instant(each.effective),
        words.clauses(_told(line)),
        line.without_effect or line.status,
        said if text is None else in_language(text.en, text.zh),
    )

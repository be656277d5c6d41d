"""The letter of an inquiry on paper, in both languages: what is asked, why, about what, and by when.

Nothing on it is of one side alone: no names of our people, no clock of the reader, no language of theirs. So
two nodes that hold the same record, and the same words of it, print the same bytes whoever asks for them. A
copy for reading: the machine record prevails. Source: screens §12, D27; decisions, "Paper".
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from parley.inquiries.forms.amounts import amount_text
from parley.inquiries.forms.letter import TLP, Letter, Site, Subject, Text, read_remark
from parley.inquiries.forms.telling import verdict_text
from parley.inquiries.forms.typed import read_items, spoken_items
from parley.inquiries.queries import Dossier, EventRow, ItemRow
from parley.inquiries.views.finding import Found
from parley.inquiries.views.showing.timeline import words_of
from parley.inquiries.views.showing.twofold import (
    Told,
    columns,
    in_both,
    in_pieces,
    instant,
    original_of,
    pair,
    pairs,
    sentence,
    sentences,
)
from parley.ledger.home import read_config
from parley.ledger.readers import side_name
from parley.protocol.act import read_id
from parley.protocol.names import parse_origin
from parley.ui import paperwords, words
from parley.ui.defang import defang
from parley.ui.paper.blocks import Block, Facts, Heading, Lang, Paper, Paragraph, Table, dated
from parley.ui.pieces import visible

_SUPPLIED: Final = "inquiry.supplied"


class NotToldError(Exception):
    """The rows of the inquiry are not written yet, which takes a moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An inquiry as neither side's, and the statements that a letter is made of, by their times."""

    found: Found
    dossier: Dossier
    events: tuple[EventRow, ...]

    @property
    def asker(self) -> str:
        """Return the letter of the side that asks."""
        return self.found.place[0]

    @property
    def asked(self) -> str:
        """Return the letter of the side that was asked."""
        return "B" if self.asker == "A" else "A"

    def name(self, letter: str) -> str:
        """Return what a side calls itself, in the language in force."""
        if letter != self.found.link.my_letter:
            return visible(side_name(self.found.link))
        config = read_config(settings.HOME)
        return visible(config.name_zh if words.is_chinese() else config.name_en)

    def side(self, letter: str) -> str:
        """Return the same with the name of its node."""
        link = self.found.link
        return f"{self.name(letter)} · {link.me if letter == link.my_letter else link.peer}"

    def words_of(self, event: EventRow) -> tuple[Text, ...]:
        """Return what a statement says in words, each with what it is about, in the order of its body."""
        body = self.found.reader.body(self.found.link.name, read_id(event.statement))
        told = words_of(read_remark(body))
        return tuple(
            Text(language=each.said.language, text=words.said_of(each.about, each.said.text))
            if each.about
            else each.said
            for each in told
        )


def sheet_of(found: Found, *, kinds: frozenset[str]) -> Sheet:
    """Return the inquiry with those of its statements that are of these kinds and have effect.

    Raises:
        NotToldError: its rows are not written yet.
    """
    dossier = found.dossier
    if dossier is None:
        raise NotToldError
    told = [each for each in dossier.events if each.kind in kinds and each.verdict == "valid"]
    return Sheet(
        found=found,
        dossier=dossier,
        events=tuple(sorted(told, key=lambda each: (each.effective, each.letter, each.index))),
    )


def request_paper(found: Found) -> Paper:
    """Return the letter in which something is asked, with what was supplied later.

    Raises:
        NotToldError: its rows are not written yet.
    """
    sheet = sheet_of(found, kinds=frozenset({"inquiry.sent", _SUPPLIED}))
    letter = found.letter
    texts = tuple(filter(None, (letter.title, letter.purpose, letter.facts, letter.urgency_reason)))
    original = original_of(texts)
    return framed(
        sheet,
        original,
        title="request",
        blocks=(
            columns(lambda: _asked(sheet), original=original, has_words=bool(texts)),
            *_clocks(sheet),
            Heading(text=pair("annex", paperwords.HEADINGS)),
            *in_pieces(_annex(sheet)),
        ),
    )


def framed(sheet: Sheet, original: Lang, *, title: str, blocks: Iterable[Block]) -> Paper:
    """Return a letter with what stands on every one: its running line, the signatures and what proves it."""
    link, tlp = sheet.found.link, sheet.found.letter.tlp
    digest = hashlib.sha256(b"".join(read_id(each.statement) for each in sheet.events)).hexdigest()
    world = parse_origin(link.my_origin).channel.text.split("/", 1)[0]
    en, zh = paperwords.SENTENCES["world"]
    heard = [] if world == "live" else [f"{en % {'world': world}} {zh % {'world': world}}"]
    place = sheet.dossier.inquiry.place
    return Paper(
        title=f"{paperwords.HEADINGS[title][0]} {place} · {paperwords.HEADINGS[title][1]} {place}",
        lang=original,
        running=" · ".join([*heard, place]),
        foot=f"SHA-256 {digest[:8]} … {digest[-8:]}",
        at=dated(*(each.effective for each in sheet.events)),
        marking=f"TLP:{tlp}" if tlp in TLP else "",
        blocks=(sentences("times"), *blocks, *_signature(sheet), *_proof(sheet, digest)),
    )


# ---- What is asked


def _asked(sheet: Sheet) -> Iterator[Told]:
    letter, row = sheet.found.letter, sheet.dossier.inquiry
    verdict = next(
        (each.verdict for each in sheet.found.entries if each.statement == sheet.found.thread), None
    )
    if verdict is not None and not verdict.is_valid:
        yield "effect", verdict_text(verdict)
    yield from parties(sheet)
    yield from _said(letter, "authority", "case")
    if row.batch_ref:
        yield "batch", visible(row.batch_ref)
    yield "sent", instant(row.sent_at)
    yield "item", words.label(row.item, words.COOPERATION)
    yield "urgency", words.urgency(row.urgency)
    yield from _said(letter, "urgency_reason", "title", "purpose", "facts")
    for basis in letter.legal_basis:
        yield "legal_basis", visible(basis)
    yield "wants", words.clauses(_wants(sheet.dossier.items))
    for event in sheet.events:
        if event.kind == _SUPPLIED:
            for text in sheet.words_of(event):
                yield "supplied", f"{event.place}, {instant(event.effective)}"
                yield "supplied", text


def parties(sheet: Sheet) -> Iterator[Told]:
    """Yield who asks whom, and the numbers of both sides."""
    row = sheet.dossier.inquiry
    yield "asker", sheet.side(sheet.asker)
    yield "asked", sheet.side(sheet.asked)
    if row.ref:
        yield "number", visible(row.ref)
    if row.their_ref:
        yield "their_number", visible(row.their_ref)


def _said(letter: Letter, *names: str) -> Iterator[Told]:
    for name in names:
        value: Text | str | None = getattr(letter, name)
        if value:
            yield name, visible(value) if isinstance(value, str) else value


def _wants(items: Sequence[ItemRow]) -> Iterator[str]:
    """Yield what is asked, in codes and words, each with the items of which it is asked."""
    by_wants: dict[tuple[str, ...], list[int]] = {}
    for item in items:
        by_wants.setdefault(item.wants, []).append(item.n)
    for wants, numbers in by_wants.items():
        told = words.listed(_want(want) for want in wants)
        yield told if len(by_wants) == 1 else words.said_of(_numbers(numbers), told)


def _want(code: str) -> str:
    """Return what is asked in a word, with its code where that is another one."""
    word = words.label(code, words.WANTS)
    return word if word == code else f"{code} {word}"


def _numbers(numbers: Sequence[int]) -> str:
    return sentence("numbers", items=spoken_items(numbers))


# ---- By when


def _clocks(sheet: Sheet) -> Iterator[Block]:
    # Items whose clocks are the same stand in one line.
    same: dict[tuple[str, str, int | None], list[str]] = {}
    for timer in sheet.dossier.timers:
        same.setdefault((timer.clock, timer.limit, timer.due_at), []).append(timer.items)
    if not same:
        return
    en, zh = in_both(lambda: [_limit(limit, sheet) for _clock, limit, _due in same])
    yield Heading(text=pair("clocks", paperwords.HEADINGS))
    yield Table(
        head=heads("clock", "items", "limit", "due"),
        widths=(4, 2, 6, 4),
        rows=tuple(
            (
                pair(clock, words.CLOCKS),
                _items(items),
                one if one == two else f"{one} · {two}",
                "–" if due_at is None else instant(due_at),
            )
            for ((clock, _limit_, due_at), items), one, two in zip(same.items(), en, zh, strict=True)
        ),
    )


def _items(named: Sequence[str]) -> str:
    """Return the items that several clocks run for, each as ``0-2,7``; of the whole inquiry if one is ""."""
    found = read_items(",".join(named)) if all(named) else None
    numbers = [each for each in found if isinstance(each, int)] if isinstance(found, list) else []
    return spoken_items(numbers) if numbers else pair("all", paperwords.COLUMNS)


def _limit(limit: str, sheet: Sheet) -> str:
    amount = amount_text(0, limit, is_left=False)
    if not limit.endswith("d"):
        return amount
    return sentence("calendar", limit=amount, side=sheet.name(sheet.asked))


# ---- About what


def _annex(sheet: Sheet) -> Table:
    written = sheet.found.letter.items
    return Table(
        head=heads("n", "about", "poses", "seen", "asked"),
        widths=(3, 14, 10, 8, 10),
        rows=tuple(
            (
                f"{item.n}",
                _about(item, written[item.n] if item.n < len(written) else None),
                _kind(item, written[item.n] if item.n < len(written) else None),
                "–" if item.observed_at is None else instant(item.observed_at),
                pairs(item.wants, words.WANTS),
            )
            for item in sheet.dossier.items
        ),
    )


def about(item: ItemRow) -> str:
    """Return what an item is about, so that no program follows it."""
    return visible(defang(item.url) if item.url else item.subject) or "–"


def _about(item: ItemRow, written: Site | Subject | None) -> str:
    note = "" if written is None or written.note is None else visible(written.note.text)
    return " · ".join(filter(None, (about(item), note)))


def _kind(item: ItemRow, written: Site | Subject | None) -> str:
    if isinstance(written, Site):
        genuine = "" if written.legitimate_url is None else visible(defang(written.legitimate_url))
        return " · ".join(filter(None, (visible(item.brand), genuine))) or "–"
    return visible(item.subject_kind) or "–"


# ---- Who signs, and what proves it


def heads(*codes: str) -> tuple[str, ...]:
    """Return the heads of a table in both languages."""
    return tuple(pair(code, paperwords.COLUMNS) for code in codes)


def _signature(sheet: Sheet) -> Iterator[Block]:
    yield Heading(text=pair("signature", paperwords.HEADINGS))
    for event in sheet.events:
        en, zh = in_both(lambda event=event: _signed(sheet, event))  # type: ignore[misc] # the loop's own
        yield Paragraph(text=f"{en} {zh}")
    yield Table(head=heads("hand", "name", "day"), widths=(1, 1, 1), rows=(("\n\n", "", ""),))


def _signed(sheet: Sheet, event: EventRow) -> str:
    return sentence(
        "signed",
        side=sheet.name(event.letter),
        role=words.label(event.role, words.ROLES),
        number=event.officer,
        at=instant(event.effective),
        place=event.place,
    )


def _proof(sheet: Sheet, digest: str) -> Iterator[Block]:
    yield Heading(text=pair("proof", paperwords.HEADINGS))
    yield Paragraph(text=" ".join(paperwords.SENTENCES["prevails"]))
    yield sentences("proves")
    yield Facts(rows=(("SHA-256", digest),))
    yield Table(
        head=heads("place", "said", "at", "id"),
        widths=(0, 3, 4, 8),
        rows=tuple(
            (each.place, pair(each.kind, words.KINDS), instant(each.effective), each.statement)
            for each in sheet.events
        ),
    )

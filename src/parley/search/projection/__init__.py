"""The record to documents and tokens. Sole writer of these tables; told later than the lists.

A document is computed whole from the letter, or the texts of a call or of another room (`texts.py`),
and from the words of every statement in the thread, and only written where a text differs: most
statements say codes and no words. A text of a guideline opens no thread and never changes: each is a
document by itself. Notes of our own people are no part of the record, and never come here.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.db import connections, transaction

from parley.guidelines.queries.drafts import read_body
from parley.hotline.forms import texts as calling
from parley.inquiries.forms.letter import Letter, Site, Subject, Text, host_of, read_letter, read_remark
from parley.inquiries.policy import order_of
from parley.ledger.reading import EntryRow, LinkRow, Reader
from parley.protocol.act import id_text
from parley.protocol.guidelines.bodies import Drafted
from parley.protocol.guidelines.text import Guideline, matches
from parley.protocol.hotline.bodies import OPENINGS
from parley.protocol.inquiries.apply import Folded
from parley.protocol.strictjson import JsonObject
from parley.search.forms import BREAK, SUPERSEDED, link_token, replaced_token, tokens_of
from parley.search.models import Document
from parley.search.projection.texts import Thread, Told, texts_of, texts_of_guideline

DATABASE: Final = "view"
MAX_CHARACTERS: Final = 500_000
"""Of one inquiry; what stands behind is not found by its words. Five thousand addresses fit in."""
MAX_VOID: Final = 50
"""Of what a side says without any effect so many are searched, the newest: there is no end of it."""
INDEX: Final = "CREATE VIRTUAL TABLE search_index USING fts5(words, tokenize='ascii', columnsize=0)"


def project(reader: Reader, link: LinkRow, thread: bytes, _folded: Folded | None) -> None:
    """Write what the inquiry or the call that `thread` opened says in words, as the record has it now."""
    rows = reader.rows(link.name, thread=thread, void=MAX_VOID)
    key = f"{link.name}/{id_text(thread)}"
    first = next((row for row in rows if row.statement == thread), None)
    kind = first.kind if first is not None and first.act is not None else None
    texts: list[Told] = []
    if kind == "inquiry.sent":
        texts = _shortened(_texts(reader, link, thread, rows=rows))
    elif kind in OPENINGS:
        texts = _shortened(_of_call(reader, link, rows))
    elif kind is not None:
        found = Thread(reader=reader, link=link.name, id=thread, rows=rows)
        texts = _shortened(texts_of(found, kind))
    held = Document.objects.using(DATABASE).filter(key=key).first()
    if texts == (held.texts if held else []):
        return
    with transaction.atomic(using=DATABASE):
        if held is not None:
            _delete(held)
        if first is not None and texts:
            _insert(Document(number=_free(_number(link, first)), key=key, texts=texts), link)


def project_link(reader: Reader, link: LinkRow) -> None:
    """Write the texts that were put on the table of a link, those that are not written yet."""
    status, state = reader.status(link.name), reader.link_state(link.name)
    past = {} if status is None else {link.me: status.my_size, link.peer: status.their_size}
    drafts = {
        f"{link.name}/{id_text(each.statement)}": each
        for node, size in past.items()
        for each in state.of(Drafted, node, size)
    }
    held = Document.objects.using(DATABASE).filter(key__in=drafts).values_list("key", flat=True)
    for key in sorted(drafts.keys() - set(held)):
        first = reader.row(link.name, drafts[key].statement)
        body = reader.body(link.name, drafts[key].statement)
        if first is None or body is None:
            continue
        # A draft that cannot be read has no words, and is not read again for every word of its writer.
        texts = _shortened(_of_draft(body, drafts[key].said))
        with transaction.atomic(using=DATABASE):
            _insert(Document(number=_free(_number(link, first)), key=key, texts=texts), link)


def empty() -> None:
    """Delete every document and, with the table itself, every token."""
    with transaction.atomic(using=DATABASE), connections[DATABASE].cursor() as cursor:
        Document.objects.using(DATABASE).all().delete()
        cursor.execute("DROP TABLE IF EXISTS search_index")
        cursor.execute(INDEX)


def _insert(document: Document, link: LinkRow) -> None:
    document.save(using=DATABASE, force_insert=True)
    # Between two texts stands a token of its own, so that no phrase reaches from one into the next.
    words = " ".join(token for text in document.texts for token in (BREAK, *_tokens(text)))
    with connections[DATABASE].cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_index (rowid, words) VALUES (%s, %s)",
            [document.number, f"{link_token(link.name)} {words}"],
        )


def _tokens(text: Told) -> Iterator[str]:
    found = tokens_of(str(text[3]))
    # What another version replaced is found by who asks for such, and by nobody else.
    return map(replaced_token, found) if text[0] == SUPERSEDED else found


def _delete(document: Document) -> None:
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("DELETE FROM search_index WHERE rowid = %s", [document.number])
    document.delete(using=DATABASE)


def _number(link: LinkRow, first: EntryRow) -> int:
    order = order_of(first.effective, letter=first.letter, index=first.index, lane=first.lane)
    return order << 8 | link.id & 0xFF


def _free(number: int) -> int:
    # Only where a partner says absurd times can two inquiries want one number.
    while Document.objects.using(DATABASE).filter(number=number).exists():
        number -= 1
    return number


def _shortened(texts: Iterable[Told]) -> list[Told]:
    """Return the texts up to the limit, each once."""
    found: list[Told] = []
    seen: set[tuple[object, ...]] = set()
    left = MAX_CHARACTERS
    for text in texts:
        if left <= 0:
            break
        *where, words = text
        if words and tuple(text) not in seen:
            seen.add(tuple(text))
            found.append([*where, str(words)[:left]])
            left -= len(str(words))
    return found


def _texts(reader: Reader, link: LinkRow, thread: bytes, *, rows: Sequence[EntryRow]) -> Iterator[Told]:
    for row in rows:
        if row.act is not None and row.act.ref:
            yield ["ref", None, row.place, row.act.ref]
        if row.statement == thread:
            yield from _of_batch(row)
            yield from _of_letter(read_letter(reader.body(link.name, thread)))
        elif row.act is not None:
            remark = read_remark(reader.body(link.name, row.statement))
            said = [(None, remark.text), *((n, text) for n, text in remark.notes)]
            said += [(n, text) for n, _field, text in remark.fields]
            for n, text in said:
                yield ["said", n, row.place, _words(text)]


def _of_call(reader: Reader, link: LinkRow, rows: Sequence[EntryRow]) -> Iterator[Told]:
    for row in rows:
        if row.act is None:
            continue
        body = calling.read_body(reader.body(link.name, row.statement))
        for what, words in (
            ("ref", row.act.ref or ""),
            ("object", body.object or ""),
            ("authority", _words(body.authority)),
            ("said", _words(body.text)),
            *(("line", line) for line in (*body.lines, *body.present)),
        ):
            yield [what, None, row.place, words]


def _of_draft(body: JsonObject, said: object) -> Iterator[Told]:
    text, _note = read_body(body)
    if isinstance(text, Guideline) and isinstance(said, Drafted) and matches(text, said):
        yield from texts_of_guideline(text)


def _of_batch(row: EntryRow) -> Iterator[Told]:
    batch = row.act.d.get("batch") if row.act else None
    ref = batch.get("ref") if isinstance(batch, dict) else None
    if isinstance(ref, str):
        yield ["batch", None, "", ref]


def _of_letter(letter: Letter) -> Iterator[Told]:
    yield ["title", None, "", _words(letter.title)]
    yield ["authority", None, "", _words(letter.authority)]
    yield ["case", None, "", letter.case or ""]
    yield ["purpose", None, "", _words(letter.purpose)]
    yield ["facts", None, "", _words(letter.facts)]
    for basis in letter.legal_basis:
        yield ["legal_basis", None, "", basis]
    yield ["urgency_reason", None, "", _words(letter.urgency_reason)]
    for n, item in enumerate(letter.items):
        for what, words in _of_subject(item) if isinstance(item, Subject) else _of_site(item):
            yield [what, n, "", words]


def _of_subject(item: Subject) -> Iterator[tuple[str, str]]:
    yield "subject", item.value or ""
    yield "note", _words(item.note)


def _of_site(item: Site) -> Iterator[tuple[str, str]]:
    yield "url", item.url or ""
    # A name in letters of its own script is written in ASCII in the address, and the other way round.
    if "xn--" in (host := host_of(item.url or "")):
        yield "host", f"{host} {_spoken(host)}"
    yield "target_brand", _words(item.brand)
    yield "legitimate_url", item.legitimate_url or ""
    for _name, extra in item.extras:
        if isinstance(extra, str):
            yield "extra", extra
    yield "note", _words(item.note)


def _spoken(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return ""


def _words(text: Text | None) -> str:
    return "" if text is None else text.text

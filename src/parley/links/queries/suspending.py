"""What is suspended on a link, by whom and since when; and the proof that nothing was lost by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from parley.agencies.queries import list_officers
from parley.ledger.readers import OpenLink, reader_of
from parley.ledger.reading import LinkRow, LinkStatus, Reader
from parley.links.queries.freezing import Freeze, freeze
from parley.links.queries.signing import Signing, signings
from parley.protocol.erasing import ORDERED
from parley.protocol.links import LinkState, Said
from parley.protocol.strictjson import JsonObject, JsonValue
from parley.protocol.suspension import Scope, Suspended
from parley.work.home import Home

Wide: TypeAlias = Literal["link", "forum", "item"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """One suspension, of either side. Instants are effective times of its writer, in Unix seconds.

    `wide` says what it covers, `code` which forum or item; empty for the whole link. `before` and
    `after` are how many statements of ours and of theirs there were when it was said and when it
    was lifted, as their writers knew them; `after` is None while it is in force.
    """

    statement: bytes
    place: str
    is_ours: bool
    wide: Wide
    code: str
    reason: str
    since: int
    until: int | None
    words: tuple[str, str]
    """What its side stated, in English and in Chinese; empty where nothing can be read."""
    is_public: bool
    before: tuple[int, int]
    after: tuple[int, int] | None
    lifted_place: str
    lifted_at: int | None

    @property
    def scope(self) -> str:
        """Return what it covers as the command line writes it."""
        return self.wide if self.wide == "link" else f"{self.wide}:{self.code}"

    @property
    def slug(self) -> str:
        """Return its place as it stands in an address."""
        return self.place.replace(" ", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningView:
    """What was prepared, as its page shows it: who signed, what it says."""

    waits: Signing
    signed_by: tuple[str, ...]
    wide: str
    code: str
    reason: str
    until: int | None
    words: tuple[str, str]
    is_public: bool

    @property
    def is_resumption(self) -> bool:
        return self.waits.draft.kind == "link.resumed"

    @property
    def is_erasure(self) -> bool:
        return self.waits.draft.kind == ORDERED

    @property
    def ground(self) -> str:
        """Return why content is to go, as a code; empty where none is."""
        return str(self.waits.draft.d.get("ground", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionsPage:
    """All suspensions of a link, what waits for a signature, and how both sides' logs stand now."""

    every: tuple[Suspension, ...]
    waiting: tuple[SigningView, ...]
    status: LinkStatus | None
    heads: tuple[str, str]
    """The newest head of our log and of theirs, as signed notes; empty without one."""

    @property
    def in_force(self) -> tuple[Suspension, ...]:
        """Return those that nobody has lifted."""
        return tuple(each for each in self.every if each.lifted_at is None)

    @property
    def is_whole(self) -> bool:
        """Return whether their node signed for every entry of ours, and nothing waits."""
        return self.status is not None and self.status.waiting == 0


def suspensions_page(home: Home, link: OpenLink) -> SuspensionsPage:
    """Return what the page of suspensions shows."""
    reader = reader_of(home)
    assert reader is not None, "there is a link"
    row = reader.link(link.row.name) or link.row
    ours, theirs = ("" if note is None else note.decode() for note in reader.head_notes(row.name))
    return SuspensionsPage(
        every=suspensions(reader, row),
        waiting=tuple(signing_page(each) for each in signings(row.name) if each.draft.kind != ORDERED),
        status=reader.status(row.name),
        heads=(ours, theirs),
    )


def signing_page(waits: Signing) -> SigningView:
    """Return a prepared statement as its page shows it."""
    names = {each.number: each.name for each in list_officers()}
    d, body = waits.draft.d, waits.draft.body or {}
    wide, code = next(iter(_named(d.get("scope")).items()), ("", ""))
    until, reason = d.get("until"), d.get("reason")
    return SigningView(
        waits=waits,
        signed_by=tuple(names.get(person, str(person)) for person in waits.persons),
        wide=wide,
        code=code if isinstance(code, str) else "",
        reason=reason if isinstance(reason, str) else "",
        until=until if isinstance(until, int) else None,
        words=_words(body),
        is_public=body.get("public") is True,
    )


def _named(scope: JsonValue) -> JsonObject:
    return scope if isinstance(scope, dict) else {}


def freeze_page(home: Home, link: OpenLink, scope: JsonValue) -> Freeze:
    """Return what stopping `scope`, as an act writes it, would stop now."""
    reader = reader_of(home)
    assert reader is not None, "there is a link"
    named = _named(scope)
    item, forum = named.get("item"), named.get("forum")
    if isinstance(item, str):
        return freeze(reader, link.row, Scope(item=item))
    return freeze(reader, link.row, Scope(forum=forum) if isinstance(forum, str) else Scope(link=True))


def suspensions(reader: Reader, link: LinkRow) -> tuple[Suspension, ...]:
    """Return every suspension of the link, the newest first."""
    state = reader.link_state(link.name)
    if not state.is_ever_stopped:
        return ()
    found = [_suspension(reader, link, said, lifted=lifted) for said, lifted in _pairs(state)]
    return tuple(sorted(found, key=lambda each: each.since, reverse=True))


def in_force(reader: Reader, link: LinkRow) -> tuple[Suspension, ...]:
    """Return the suspensions that nobody has lifted, the newest first."""
    return tuple(each for each in suspensions(reader, link) if each.lifted_at is None)


def _pairs(state: LinkState) -> list[tuple[Said, Said | None]]:
    scopes = {each.said.scope for each in state.said if isinstance(each.said, Suspended)}
    return list(state.suspensions(scopes))


def _suspension(reader: Reader, link: LinkRow, said: Said, *, lifted: Said | None) -> Suspension:
    assert isinstance(said.said, Suspended)
    row = reader.row(link.name, said.statement)
    end = None if lifted is None else reader.row(link.name, lifted.statement)
    assert row is not None, "what is in force is on the shelf"
    body = reader.body(link.name, said.statement) or {}
    wide, code = _scope(said.said.scope)
    is_ours = said.writer == link.me
    return Suspension(
        statement=said.statement,
        place=row.place,
        is_ours=is_ours,
        wide=wide,
        code=code,
        reason=said.said.reason.value,
        since=row.effective,
        until=said.said.until,
        words=_words(body),
        is_public=body.get("public") is True,
        before=_sizes(row.index, row.cut, is_ours=is_ours),
        after=None if end is None else _sizes(end.index, end.cut, is_ours=is_ours),
        lifted_place="" if end is None else end.place,
        lifted_at=None if end is None else end.effective,
    )


def _scope(scope: Scope) -> tuple[Wide, str]:
    if scope.forum is not None:
        return "forum", scope.forum
    if scope.item is not None:
        return "item", scope.item
    return "link", ""


def _sizes(index: int, cut: int, *, is_ours: bool) -> tuple[int, int]:
    return (index + 1, cut) if is_ours else (cut, index + 1)


def _words(body: Mapping[str, JsonValue]) -> tuple[str, str]:
    match body:
        case {"statement": {"en": str(en), "zh": str(zh)}}:
            return en, zh
        case _:
            return "", ""

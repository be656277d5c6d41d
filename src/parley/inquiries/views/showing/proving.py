"""What stands on the paper of every thread: in which world, what proves it, and the ids that lead there.

A paper is a copy for reading. Its last page names each statement by its id, which is the hash of its entry,
and one digest over all of them: two papers with the same digest tell of the same record. Source: screens §12.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.ledger.reading import LinkRow
from parley.protocol.act import read_id
from parley.protocol.places import Place, read_place
from parley.ui import times, words
from parley.ui.paper.blocks import Block, Facts, Heading, Paragraph, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A statement on the paper: `statement` is its id, `at` its time by its writer's clock."""

    place: str
    statement: str
    at: int
    verdict: str

    @property
    def order(self) -> tuple[int, str, int]:
        """Return by what statements are put in order: time, then place, whoever had which first."""
        place = placed(self.place)
        return self.at, place.letter, place.index


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The digest of what a thread comes to, in hexadecimal, and the paragraph by which it is computed."""

    digest: str
    paragraph: str


def placed(place: str) -> Place:
    """Return a place that the record names."""
    found = read_place(place)
    assert found is not None, "the record names its places"
    return found


def running_of(link: LinkRow, *told: str) -> str:
    """Return what stands over each page: the world first, unless it is the real one."""
    heard = (
        [] if link.world == "live" else [_("WORLD: %(world)s, not the real thing") % {"world": link.world}]
    )
    return " · ".join([*heard, *told])


def foot_of(statements: Sequence[Proven]) -> str:
    """Return what stands below each page."""
    digest = _digest(statements)
    return _("Digest of the statements: %(digest)s") % {"digest": f"{digest[:8]} … {digest[-8:]}"}


def channel_of(link: LinkRow, place: str) -> str:
    """Return the channel in which the thread lives that was opened at `place`: a row names lane main."""
    name, _lane = link.channel.rsplit("/", 1)
    return f"{name}/{placed(place).lane}"


def proof(channel: str, statements: Sequence[Proven], *, state: State | None) -> Iterator[Block]:
    """Yield the last page; `state` is None where the thread was opened without effect."""
    yield Heading(text=_("What proves it"))
    yield Paragraph(
        text=_(
            "This is a copy for reading and proves nothing by itself. What proves is the record of both "
            "nodes: parley record export writes it into one file that anybody can check without trusting "
            "either side."
        )
    )
    rows = [(_("Channel of the record"), channel), (_("Digest of the statements"), _digest(statements))]
    rows += [] if state is None else [(_("Digest of the state"), state.digest)]
    yield Facts(rows=tuple(rows))
    yield from (Paragraph(text=each, is_quiet=True) for each in _computed(state))
    yield Table(
        head=(_("Place"), _("Id"), _("Said"), _("Effect")),
        widths=(0, 8, 4, 2),
        rows=tuple(_row(each) for each in statements),
    )


def _computed(state: State | None) -> Iterator[str]:
    yield _(
        "The digest of the statements is the SHA-256 of the ids below, 32 bytes each, in this order; "
        "the id of a statement is the hash of its entry (Spec §4.4)."
    )
    if state is not None:
        yield _("The digest of the state is computed as Spec §%(paragraph)s says.") % {
            "paragraph": state.paragraph
        }


def _row(each: Proven) -> tuple[str, ...]:
    void = "" if each.verdict == "valid" else words.label(each.verdict.partition(":")[2], words.VOIDS)
    effect = _("in effect") if each.verdict == "valid" else void or each.verdict
    return each.place, each.statement, times.stamp(each.at), effect


def _digest(statements: Sequence[Proven]) -> str:
    return hashlib.sha256(b"".join(read_id(each.statement) for each in statements)).hexdigest()

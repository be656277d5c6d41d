"""Verbs of a round: where and when, what about, who comes, what was decided. Spec §17.6, §17.7.

Errors are those of `commitments.py`. Answers to offers are in `saying.py`; outcomes in `outcomes.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.dialogue.actions.saying import NOTHING, Along, named, open_thread, say
from parley.dialogue.forms.texts import write_words
from parley.links.actions.speaking import Hand, Said, Target
from parley.protocol.act import id_text
from parley.protocol.dialogue.bodies import Source, Stance
from parley.protocol.dialogue.clause import Text
from parley.protocol.strictjson import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where and when: `host` is the letter of who receives the other side. `salt` are 32 bytes of dice."""

    host: str
    begins: int
    ends: int
    place: Text
    salt: bytes

    def said(self) -> tuple[dict[str, JsonValue], Mapping[str, JsonValue]]:
        """Return what acts say of it, and the body with the place."""
        text, body = named((self.place,), salt=self.salt)
        return {"host": self.host, "begins": self.begins, "ends": self.ends, "text": text}, body


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item for the agenda: where it comes from, the id of what it is about, and its words."""

    source: Source
    text: Text
    salt: bytes
    of: bytes | None = None


def propose(
    link: str, plan: Plan, *, number: int, by: Hand, after: bytes | None = None, ref: str | None = None
) -> Said:
    """Propose a round; `after` is the one before it."""
    d, body = plan.said()
    d |= {"number": number, "after": None if after is None else id_text(after)}
    return open_thread(link, "round.proposed", d, by=by, body=body, ref=ref)


def replan(on: Target, plan: Plan, *, by: Hand) -> Said:
    """Offer another place or time in place of the plan `on`: the proposal, or a replanning."""
    d, body = plan.said()
    return say("round.replanned", d, on, by=by, body=body)


def propose_next(on: Target, plan: Plan, *, by: Hand) -> Said:
    """Offer place and time of the next round."""
    d, body = plan.said()
    return say("round.next_proposed", d, on, by=by, body=body)


def propose_item(on: Target, item: Item, *, by: Hand) -> Said:
    """Offer an item of the agenda."""
    text, body = named((item.text,), salt=item.salt)
    of = None if item.of is None else id_text(item.of)
    return say(
        "round.item_proposed", {"source": item.source.value, "of": of, "text": text}, on, by=by, body=body
    )


def report_group(on: Target, group: str, text: Text, *, salt: bytes, by: Hand) -> Said:
    """Offer a report of the working group `group`, a code; joint once the other side agrees."""
    name, body = named((text,), salt=salt)
    return say("round.group_reported", {"group": group, "text": name}, on, by=by, body=body)


def decide(on: Target, text: Text, *, salt: bytes, by: Hand, guideline: str | None = None) -> Said:
    """Offer a decision; `guideline` is the hash of the text that it is about, 43 characters."""
    name, body = named((text,), salt=salt)
    return say("round.decided", {"guideline": guideline, "text": name}, on, by=by, body=body)


def delegate(on: Target, members: Mapping[str, int], *, chair: str, by: Hand) -> Said:
    """Say who comes, by role and never by name: roles as codes, with how many of each."""
    listed: list[JsonValue] = [{"role": role, "count": count} for role, count in members.items()]
    return say("round.delegated", {"chair": chair, "members": listed}, on, by=by)


def state(on: Target, stance: Stance, *, by: Hand, along: Along) -> Said:
    """Put a view, or a position paper with its files, on the record; it binds nobody."""
    d: dict[str, JsonValue] = {"stance": stance.value}
    body = write_words(along.words)
    return say("round.stated", d, on, by=by, body=body, ref=along.ref, files=along.files)


def close(on: Target, *, by: Hand, along: Along = NOTHING) -> Said:
    """Say that for us the round is over."""
    return say("round.closed", {}, on, by=by, body=write_words(along.words), ref=along.ref)

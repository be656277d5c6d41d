"""A whole round in the record of both nodes, in the words of an attacker: every room has something to show.

Each node says it straight to its own core, past its own forms; what persons sign is signed by its roots. So
nothing stands on a page that its reader has not to make harmless, and both sides' pages are those of a
partner without manners.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from parley.guidelines.forms import changed_text, write_since
from parley.ledger import cosigning
from parley.ledger.asking import write_draft
from parley.ledger.dialogues import thread_of
from parley.ledger.drafts import Draft
from parley.ledger.home import read_config
from parley.ledger.keys import read_keys
from parley.ledger.preparing import prepare
from parley.ledger.reading import Reader
from parley.protocol.act import id_text, read_id
from parley.protocol.dialogue.clause import Text, text_id, write_clause
from parley.protocol.dialogue.meeting import Round as Meeting
from parley.protocol.dialogue.release import digest_of
from parley.protocol.guidelines.prose import first_text
from parley.protocol.notation import write_base64
from parley.protocol.strictjson import JsonValue, read
from parley.protocol.suite import Standard
from parley.work import clock
from tests.browser.hostile import MARK, SHORT, text
from tests.browser.nodes import SPACE, Node, Nodes, said
from tests.cli.side import LINK
from tests.node.served import until
from tests.two_nodes.persons import line_of

DAY: Final = 86_400
# The last second that fits into no calendar, but into an act.
NO_DAY: Final = 253_402_300_800
SALT: Final = bytes(range(32))
# A clause of a guideline names no number but in a field.
UNNUMBERED: Final = f'"><svg/onload={MARK}()><b>'
HOSTILE: Final = Text(
    en=f"{SHORT}<script>{MARK}=1</script> {{{{ 7|add:7 }}}} javascript:{MARK}=1// 14 {'W' * 90}",
    zh=f"甲{SHORT}<script>{MARK}=1</script> {{{{ 7|add:7 }}}} javascript:{MARK}=1// 14 {'甲' * 60}",
)
BOTH: Final[JsonValue] = {"en": HOSTILE.en, "zh": HOSTILE.zh}
TEXTS: Final[Mapping[str, JsonValue]] = {
    "salt": write_base64(SALT),
    "texts": [BOTH, BOTH],
    "text": text(),
}
NAMED: Final = text_id((HOSTILE, HOSTILE), salt=SALT)
FINDING: Final[Mapping[str, JsonValue]] = {
    "responsibility": "state_executed",
    "likelihood": "likely",
    "confidence": "low",
    "evidence": [],
    "alternatives": [{"responsibility": "no_state", "likelihood": "unlikely"}],
    "dissent": True,
    "public": True,
}
HELD: Final[Mapping[str, JsonValue]] = {
    "statement": BOTH,
    "alternatives": [text()],
    "dissent": text(),
    "changed": BOTH,
}
OFFER: Final[Mapping[str, JsonValue]] = {
    "what": "notice",
    "counts": [{"of": "ip", "n": 1_000_000_000}],
    "tlp": "AMBER+STRICT",
    "pap": "GREEN",
    "expects": "action_at_once",
    "conditions": ["confidential"],
    "until": NO_DAY,
    "content": [{"hash": id_text(b"\x07" * 32), "size": 2**53 - 1}],
    "grade": {"source": "B", "information": 2},
    "about": [id_text(b"\x08" * 32)],
}


@dataclass
class Speaker:
    """Says anything on either side. `said` counts, so that no draft is said twice."""

    nodes: Nodes
    run: str
    said: int = field(default=0)

    def say(
        self,
        node: Node,
        kind: str,
        d: Mapping[str, JsonValue],
        *,
        on: bytes | None = None,
        body: Mapping[str, JsonValue] | None = None,
        is_signed: bool = False,
    ) -> bytes:
        """Have `node` say it; return its statement."""
        self.said += 1
        draft = Draft(
            id=f"round-{self.run}-{self.said}",
            link=LINK,
            kind=kind,
            d=d,
            re=on,
            role="officer",
            officer=1,
            ref=f"1/{SHORT}",
            body={"text": text()} if body is None else body,
        )
        made = signed(node, draft) if is_signed else draft
        answer: Any = node.served.ask(ask="append", drafts=[write_draft(made)])
        (result,) = answer["results"]
        assert "index" in result, (kind, result)
        return read_id(result["statement"])


# What is said in a room: at each step both sides hold all that was said before.
Steps = Iterator[None]


def signed(node: Node, draft: Draft) -> Draft:
    """Return the draft with the lines of all roots of `node`."""
    made = prepare(node.home, draft, now=clock.now())
    keys = read_keys(node.home.keys, read_config(node.home).node)
    for root, _seed in keys.roots:
        made = cosigning.signed(made, partial(line_of, keys, root, suite=Standard()))
    return replace(draft, prepared=made)


@dataclass(frozen=True, kw_only=True)
class Round:
    """Where the rooms begin, as addresses have it, and the list that is public."""

    paths: tuple[str, ...]


def tell(nodes: Nodes) -> Round:
    """Say all of it, in all rooms at once."""
    speaker = Speaker(nodes=nodes, run=str(nodes.said()))
    public: list[str] = []
    rooms: list[Steps] = [
        each(speaker) for each in (_cases, _offers, _delivered, _promises, _guidelines, _review)
    ]
    rooms.append(_meets(speaker, public))
    while rooms:
        rooms = [each for each in rooms if next(each, rooms) is None]
        nodes.settle()
    return Round(
        paths=(
            *("/cases/", f"/cases/{LINK}/report/", "/shared/", "/commitments/", "/rounds/"),
            *(f"{SPACE}/guidelines/", f"{SPACE}/guidelines/new/"),
            *(f"{SPACE}/reviews/", f"{SPACE}/reviews/new/"),
            *(f"/cases/{LINK}/new/", f"/commitments/new/{LINK}/", f"/rounds/new/{LINK}/"),
            *(f"/public/outcomes/{digest}/" for digest in public),
        )
    )


def _cases(speaker: Speaker) -> Steps:
    a, b, say = speaker.nodes.a, speaker.nodes.b, speaker.say
    titled: Mapping[str, JsonValue] = {"title": BOTH, "text": text()}
    case = say(a, "case.proposed", {"items": ["trade_secrets"], "origins": []}, body=titled)
    say(b, "case.proposed", {"items": ["fraud_phishing"], "origins": [id_text(case)]}, body=titled)
    yield
    say(b, "case.joined", {}, on=case)
    lead = say(b, "case.noted", {"sort": "lead"}, on=case)
    place: JsonValue = {"statement": id_text(lead), "part": 0}
    linked = say(b, "case.linked", {"to": "evidence", "place": place}, on=case)
    say(b, "case.unlinked", {"reason": "forged"}, on=linked)
    call: JsonValue = {"statement": id_text(b"\x09" * 32), "part": None}
    say(b, "case.linked", {"to": "call", "place": call}, on=case)
    both: Mapping[str, JsonValue] = {"owner": "both", "start": NO_DAY, "due": NO_DAY}
    task = say(b, "case.task_set", both, on=case, body=titled)
    given = say(b, "finding.given", FINDING, on=case, body=HELD, is_signed=True)
    yield
    say(a, "case.noted", {"sort": "note"}, on=lead)
    say(a, "case.task_agreed", {}, on=task)
    say(a, "case.task_set", {"owner": "B", "start": None, "due": 0}, on=case, body=titled)
    say(a, "finding.answered", {"position": "concurs", "public": True}, on=given, is_signed=True)
    say(a, "finding.given", {**FINDING, "responsibility": None}, on=case, body=HELD, is_signed=True)
    yield
    revised: Mapping[str, JsonValue] = {**FINDING, "responsibility": "state_ignored", "reasons": ["error"]}
    say(b, "finding.revised", revised, on=given, body=HELD, is_signed=True)


def _offers(speaker: Speaker) -> Steps:
    a, b, say = speaker.nodes.a, speaker.nodes.b, speaker.say
    worded: Mapping[str, JsonValue] = {"title": text(), "why": text(), "conditions": text()}
    ours, theirs = (say(node, "sharing.offered", OFFER, body=worded) for node in (a, b))
    declined = say(b, "sharing.offered", {**OFFER, "what": "lead", "conditions": []}, body=worded)
    say(b, "sharing.offered", {**OFFER, "what": "warning", "conditions": []}, body=worded)
    yield
    for node, offer in ((b, ours), (a, theirs)):
        say(node, "sharing.undertaken", {"conditions": ["no_third_party"]}, on=offer, is_signed=True)
    say(a, "sharing.declined", {"reason": "no_need"}, on=declined)


def _delivered(speaker: Speaker) -> Steps:
    a, b, say = speaker.nodes.a, speaker.nodes.b, speaker.say
    file = speaker.nodes.folder / f"{speaker.run}'x.csv"
    file.write_text("203.0.113.7,=cmd|'/c calc'!A1\n", encoding="ascii")
    words = ("--what", "notice", "--count", "ip=1", "--title", SHORT, "--enclose", str(file))
    offered = said(b.side.act("share", "offer", *words))
    yield
    delivered = said(b.side.act("share", "deliver", str(offered.result["place"]).replace(" ", "-")))
    yield
    on = read_id(delivered.result["statement"])
    say(a, "sharing.evaluated", {"source": "X", "information": 4}, on=on)
    say(a, "sharing.result_notified", {"result": "wrong"}, on=on)
    say(a, "sharing.cleaned", {"informed": 9, "cleaned": 7, "patched": 1, "not_found": 1}, on=on)
    asked = say(a, "sharing.release_asked", {"to": "public"}, on=on)
    say(a, "sharing.release_asked", {"to": "courts"}, on=on)
    yield
    say(b, "sharing.release_refused", {}, on=asked)


def _promises(speaker: Speaker) -> Steps:
    a, b, say = speaker.nodes.a, speaker.nodes.b, speaker.say
    d: Mapping[str, JsonValue] = {"text": NAMED, "owners": ["A", "B"], "due": 1, "round": None}
    promise = say(a, "commitment.proposed", d, body=TEXTS)
    say(b, "commitment.proposed", {**d, "due": NO_DAY}, body={**TEXTS, "salt": "x"})
    yield
    say(b, "commitment.agreed", {}, on=promise)
    fulfilled: Mapping[str, JsonValue] = {"standing": "fulfilled", "evidence": [id_text(promise)]}
    report = say(b, "commitment.reported", fulfilled, on=promise)
    concern = say(b, "concern.raised", {}, on=promise)
    say(b, "concern.escalated", {"call": id_text(b"\x0a" * 32)}, on=concern)
    say(b, "commitment.carried", {"round": id_text(b"\x0b" * 32), "due": NO_DAY}, on=promise)
    yield
    say(a, "commitment.disputed", {}, on=report)
    say(a, "concern.answered", {}, on=concern)


def _guidelines(speaker: Speaker) -> Steps:
    a, b, say = speaker.nodes.a, speaker.nodes.b, speaker.say
    with closing(Reader(a.home)) as reader:
        terms = reader.terms(LINK)
    assert terms is not None
    since = clock.now() + 10 * DAY
    typed = {
        "since": write_since(since),
        "en-1.new": f"x {UNNUMBERED}",
        "zh-1.new": f"甲 {UNNUMBERED}",
    }
    new = changed_text(first_text(terms.text, since=since), typed)
    d: Mapping[str, JsonValue] = {"text": new.digest, "terms": new.terms.text, "since": new.since}
    draft = say(b, "guideline.proposed", d, body={"text": read(new.raw), "note": text()})
    say(b, "guideline.amended", {**d, "since": NO_DAY}, on=draft, body={"text": BOTH, "note": text()})
    yield
    say(a, "guideline.signed", {"text": new.digest}, on=draft, is_signed=True)


def _review(speaker: Speaker) -> Steps:
    a, b, say = speaker.nodes.a, speaker.nodes.b, speaker.say
    yield
    cut: JsonValue = [{"lane": "main", "sizes": [b.link["their_size"], b.link["my_size"]]}]
    found = [
        say(b, "review.cut_proposed", {"since": 0, "until": each, "cut": cut})
        for each in (clock.now() + DAY, NO_DAY)
    ]
    say(a, "review.cut_proposed", {"since": 0, "until": 1, "cut": [{"lane": "main", "sizes": [1, 1]}]})
    yield
    for review in found:
        say(a, "review.cut_agreed", {}, on=review)
        say(a, "review.commented", {"figure": None}, on=review)
    yield
    for review in found:
        say(b, "review.signed", {"digest": id_text(b"\x0c" * 32)}, on=review, is_signed=True)
        say(b, "review.commented", {"figure": "b.example/all/-/items"}, on=review)


def _meets(speaker: Speaker, public: list[str]) -> Steps:
    """Meet, and have both make the list public; put its digest into `public`."""
    a, b, say = speaker.nodes.a, speaker.nodes.b, speaker.say
    plan: Mapping[str, JsonValue] = {"host": "A", "begins": 1, "ends": NO_DAY, "text": NAMED}
    after = id_text(b"\x0e" * 32)
    meeting = say(a, "round.proposed", {**plan, "number": 999, "after": after}, body=TEXTS)
    say(b, "round.proposed", {**plan, "number": 1, "after": None}, body=TEXTS)
    yield
    say(b, "round.agreed", {}, on=meeting)
    source: Mapping[str, JsonValue] = {"source": "concern", "of": after, "text": NAMED}
    offers = [say(b, "round.item_proposed", source, on=meeting, body=TEXTS)]
    say(b, "round.stated", {"stance": "view"}, on=offers[0])
    say(b, "round.group_reported", {"group": "z" * 32, "text": NAMED}, on=meeting, body=TEXTS)
    say(b, "round.decided", {"guideline": after, "text": NAMED}, on=meeting, body=TEXTS)
    members: JsonValue = [{"role": "z" * 32, "count": 999}]
    say(b, "round.delegated", {"chair": "z" * 32, "members": members}, on=meeting)
    offers.append(say(b, "round.next_proposed", {**plan, "host": "B"}, on=meeting, body=TEXTS))
    first, _second = (
        say(b, "outcome.clause_proposed", {"place": place, "clause": write_clause(HOSTILE)}, on=meeting)
        for place in (1, 999)
    )
    yield
    for offer in offers:
        say(a, "round.agreed", {}, on=offer)
    say(a, "outcome.agreed", {}, on=first)
    yield
    d = _frozen(a, meeting)
    for node in (a, b):
        say(node, "outcome.frozen", d, on=meeting, is_signed=True)
    yield
    until(lambda: clock.now() >= int(str(d["release"])))
    for node in (a, b):
        say(node, "outcome.released", {**d, "note": ""}, on=meeting)
    public.append(str(d["digest"]))


def _frozen(node: Node, meeting: bytes) -> Mapping[str, JsonValue]:
    """Return what who freezes the list of a round says, for some seconds from now."""
    release = clock.now() + 5
    with closing(Reader(node.home)) as reader:
        found = thread_of(reader, LINK, meeting)
    assert isinstance(found, Meeting)
    outcomes = found.outcome.outcomes(release)
    assert outcomes is not None
    return {"release": release, "digest": id_text(digest_of(outcomes.text()))}

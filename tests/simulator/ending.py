"""The end of a run: nothing goes wrong any more, both sides talk until all is said, and are equal."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from parley.ledger.acts import read_acts
from parley.ledger.digest import Digest, digest
from parley.ledger.lanes import named
from parley.ledger.links import read_facts
from parley.ledger.offers import link_name
from parley.ledger.reading import Reader
from parley.ledger.refold import refold
from parley.protocol import form, head, note
from parley.protocol.kinds import KINDS
from tests.simulator.auditor import must
from tests.simulator.world import REFUSALS, Sent, World

# What proves something, and what follows from it. The rest is hints, counters and pruned notes.
EVIDENCE: Final = ("entry", "part", "head", "receipt", "fork", "card", "link", "log", "row", "tip")
_ROWS: Final = (
    "SELECT node, idx, leaf, effective, cut, received_at, kind, outcome, reason"
    " FROM row JOIN log ON log.id = row.log WHERE link = ? ORDER BY node, idx"
)
_BARE: Final = (
    "SELECT leaf FROM orphan JOIN log ON log.id = log WHERE node <> ?"
    " AND orphan.origin NOT IN (SELECT origin FROM orphan_head)"
)
CLOCKED: Final = frozenset(name for name, kind in KINDS.items() if kind.clocked)
UNSEEN: Final = frozenset({"not-active", "no-target"})
REPLAYED_ONE_IN: Final = 8
ROUNDS: Final = 60


def heal(world: World) -> None:
    """Mend the line and the disks, bring again what was not answered, and carry until all is said."""
    world.cut = frozenset()
    for name, node in world.nodes.items():
        node.disk.fault = None
        if len(world.schedule.steps) % 2:
            world.restart(name)
        world.attempt(name, lambda _: None)
    for name in world.nodes:
        for draft in [draft for draft in world.brought[name] if draft.id not in world.places]:
            world.bring(name, [draft])
    # Once a minute each side shows what it has, though it has nothing to say (Spec §5.6.7).
    for way in (world.pair, world.pair[::-1]):
        talk(world, *way, prompt=True)
    settle(world)


def settle(world: World) -> None:
    """Carry until nobody has anything to say (I15: it comes to an end)."""
    for _ in range(ROUNDS):
        said = [talk(world, *way) for way in (world.pair, world.pair[::-1])]
        if not world.confirm() and not any(said):
            return
    must(False, "I15 they come to an end")  # noqa: FBT003 - it never holds


def talk(world: World, name: str, receiver: str, *, prompt: bool = False) -> bool:
    """Take a parcel of each lane to `receiver` and the answers back; return whether there was any."""
    said = [
        _talk(world, (name, receiver), named(link_name(name, receiver), lane), prompt=prompt)
        for lane in world.schedule.lanes
    ]
    return any(said)


def _talk(world: World, way: tuple[str, str], link: str, *, prompt: bool) -> bool:
    raw = world.attempt(way[0], lambda ledger: ledger.compose(link, prompt=prompt))
    if raw is None:
        return False
    back = world.arrive(world.leaves(way, raw, link=link, is_answer=False))
    if back is not None:
        world.arrive(back)
    return True


def check(world: World) -> None:
    """Check what must hold at the end of a run between honest sides."""
    equal(world, *world.pair)
    for name in world.nodes:
        world.auditor.keeps(name)
        once(world, name)
        late(world, name)
        for link in world.lanes_of(name):
            alarms(world, name, link)
    world.finish()
    if int(world.dice.random() * REPLAYED_ONE_IN) == 0:
        replayed(world)
        refolded(world)


def equal(world: World, one: str, two: str) -> None:
    """Check that both hold the same in every lane, give it the same worth, with receipts for all (I7)."""
    link = link_name(one, two)
    digests = {}
    for name in (one, two):
        reader = Reader(world.nodes[name].home, suite=world.suite, storage=world.nodes[name].disk)
        digests[name] = digest(reader, link)
        reader.close()
    must(digests[one] == digests[two], "I7 both hold the same", f"{digests}")
    world.note(digests[one].text)
    for lane in world.schedule.lanes:
        _equal(world, (one, two), named(link, lane), held=digests[one].others.get(lane, digests[one]))
    world.auditor.promised(one, two)
    world.auditor.promised(two, one)


def _equal(world: World, pair: tuple[str, str], link: str, *, held: Digest) -> None:
    """Check one lane, of which both hold the same."""
    one, two = pair
    numbers = {
        name: world.nodes[name].query("SELECT id FROM link WHERE name = ?", link)[0][0] for name in (one, two)
    }
    rows = {name: world.nodes[name].query(_ROWS, numbers[name]) for name in (one, two)}
    must(rows[one] == rows[two], "I7 both judge the same")
    clocked = [row for row in rows[one] if row[6] in CLOCKED and row[7] == "valid"]
    must(all(row[5] is not None for row in clocked), "Z2 what starts a clock is answered by `received`")
    for name, other in ((one, two), (two, one)):
        at = world.slot(name, link).shown
        size = held.logs[name][0]
        must(
            at.receipted == at.head_size == size,
            "I15 everything is receipted",
            f"{name} {at.receipted} of {size}",
        )
        theirs = world.slot(other, link).shown.theirs.size
        must(theirs == size, "I15 everything arrived", f"{other} {theirs} of {size}")


def once(world: World, name: str) -> None:
    """Check that every draft that was acknowledged is one entry, and no entry is of a draft twice."""
    found = world.nodes[name].query(
        "SELECT draft, COUNT(*) FROM drafted GROUP BY log, draft HAVING COUNT(*) > 1"
    )
    must(not found, "a draft is one entry", f"{name} {found}")
    here = {draft for (draft,) in world.nodes[name].query("SELECT draft FROM drafted")}
    gone = {id_ for id_, place in world.places.items() if place.letter == name[0].upper()} - here
    may_differ = name in world.confirmed or world.schedule.faults & {"alone", "suspend"}
    if world.schedule.is_stormy and may_differ:
        # Officers let the line go another way; or what came back forbids what was said in a log begun alone,
        # a suspension for one. What gave way is theirs to look at (Spec §5.7.15, §4.8.8).
        kept = {leaf for (leaf,) in world.nodes[name].query("SELECT leaf FROM orphan")}
        gone = {id_ for id_ in gone if world.places[id_].statement not in kept}
    if name in world.auditor.restored - world.auditor.forgetful:
        must(not gone, "what was acknowledged is said again", f"{name} {gone}")
    found = world.nodes[name].query(
        "SELECT link.name, log, node, idx, outcome, reason FROM row JOIN log ON log.id = log"
        " JOIN link ON link.id = link WHERE link.name = ?1 OR link.name LIKE ?1 || '/%'",
        world.link_of(name),
    )
    both_lost = {*world.pair} <= world.auditor.restored
    excused = UNSEEN if both_lost else frozenset()
    if world.is_hasty or (both_lost and world.schedule.is_stormy):
        excused |= REFUSALS
    strange = {
        (outcome, reason)
        for link, log, writer, index, outcome, reason in found
        if outcome not in world.outcomes
        and reason not in excused
        # Who had seen what both sides lost since, saw nothing by it (Spec §4.8.6).
        and not (both_lost and reason in REFUSALS and saw_lost(world, name, link, at=(log, writer, index)))
    }
    must(not strange, "between honest sides all is valid", f"{name} {strange}")


def saw_lost(world: World, name: str, link: str, *, at: tuple[int, str, int]) -> bool:
    """Return whether what an entry had seen of the other line lies beyond where that log ended since."""
    log, writer, index = at
    slot = world.slot(name, link)
    epochs = (slot.theirs if writer == name else slot.mine).epochs
    ends = {one.origin: two.base - one.base for one, two in pairwise(epochs)}
    raws = world.nodes[name].query(
        "SELECT raw FROM entry WHERE log = ? AND idx <= ? ORDER BY idx", log, index
    )
    read = [form.read_statement(raw).parsed for (raw,) in raws]
    cited = [each.entry.seen for each in read if each is not None and each.entry.seen]
    return bool(cited) and any(seen.size > ends.get(seen.origin, seen.size) for seen in cited[-1])


def late(world: World, name: str) -> None:
    """Check that what came after the end of a log was really signed in it (Spec §4.8.9)."""
    for origin, raw in world.nodes[name].query("SELECT origin, note FROM orphan_head"):
        shown = head.parse_text(note.parse(raw).text)
        is_signed = (shown.origin, shown.size, shown.root) in world.auditor.signed
        must(shown.origin == origin and is_signed, "what came late was signed", f"{name} {shown}")
    must(not world.nodes[name].query(_BARE, name), "what came late has its proof", name)


def alarms(world: World, name: str, link: str) -> None:
    """Check that in a lane exactly the alarms were raised for which there was a reason."""
    sql = "SELECT code, times FROM alarm JOIN link ON link.id = link WHERE name = ?"
    raised = Counter(dict(world.nodes[name].query(sql, link)))
    least, most = world.alarms[name, link]
    behind = raised.pop("clock_behind", 0)
    must(not behind or world.nodes[name].was_behind, "no alarm without a reason", f"{name} clock_behind")
    must_tell = world.auditor.behind[name, link]
    # It is kept with the notes, in a commit that a crash may undo.
    is_calm = not world.schedule.faults & {"crash", "disk"}
    must(behind or not (is_calm and must_tell), "an alarm for a clock set back", name)
    if world.auditor.restored:
        raised.pop("receipted_lost", None)
    for code in world.excused(name):
        raised.pop(code, None)
    if world.other(name) in world.auditor.restored:
        # Who was restored himself returns less than he once receipted, and is shown with his receipt.
        raised.pop("returned_less", None)
    must(least <= raised <= most, "exactly these alarms", f"{name} {link} {raised}, from {least} to {most}")


def evidence(world: World, name: str) -> Mapping[str, list[tuple[Any, ...]]]:
    """Return what the record of `name` proves."""
    return {table: sorted(world.nodes[name].query(f"SELECT * FROM {table}"), key=repr) for table in EVIDENCE}  # noqa: S608 - ours


def replayed(world: World) -> None:
    """Check that whatever was ever sent changes nothing when it comes again (I5).

    What was lost on its way comes for the first time: it may bring a newer receipt, and no entry.
    """
    entries = {name: world.nodes[name].query("SELECT * FROM entry ORDER BY log, idx") for name in world.nodes}
    for sent in world.history:
        _again(world, sent)
    before = {name: evidence(world, name) for name in world.nodes}
    for sent in reversed(world.history):
        _again(world, sent)
    for name in world.nodes:
        same = world.nodes[name].query("SELECT * FROM entry ORDER BY log, idx") == entries[name]
        must(same, "I5 nothing that was sent before is new", name)
        must(evidence(world, name) == before[name], "I5 replays change nothing", name)


def _again(world: World, sent: Sent) -> None:
    ledger = world.nodes[sent.receiver].up()
    if sent.is_answer:
        ledger.take_answer(sent.link, sent.raw)
    else:
        ledger.accept(sent.raw)


def refolded(world: World) -> None:
    """Check that the record folded anew is the same once more (I6)."""
    for node in world.nodes.values():
        node.up()
        db = node.disk.writer
        assert db is not None
        before = _derived(db)
        db.execute("BEGIN IMMEDIATE")
        for facts in read_facts(db, node.name):
            found = read_acts(db, facts, keys=world.keys(node.name), suite=world.suite)
            refold(db, facts.logs, found=found, sides=facts.sides, suite=world.suite)
        after = _derived(db)
        db.execute("ROLLBACK")
        must(before == after, "I6 the fold is a function of the record", node.name)


def _derived(db: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
    return [db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in ("row", "tip")]  # noqa: S608 - ours

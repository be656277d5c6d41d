"""Damage is always noticed: whatever is changed in the record, fsck says so; and what can be, is put back."""

import atexit
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from parley.ledger.carrying import carry_out
from parley.ledger.checks import POSITION, note_check
from parley.ledger.drafts import Draft
from parley.ledger.fsck.check import Looking, Report, check_record
from parley.ledger.fsck.copies import Copy
from parley.ledger.fsck.finding import Damage, Progress
from parley.ledger.fsck.mending import mend
from parley.ledger.fsck.sources import from_parcels
from parley.ledger.keys import read_keys
from parley.protocol.act import id_text
from parley.protocol.content import inline_parts
from parley.protocol.entry import parse
from parley.protocol.part import overhead, seal_part
from parley.protocol.strictjson import JsonValue
from parley.vault.vault import Vault
from parley.work.home import Home
from tests.node.calling import OPENING
from tests.two_nodes.filing import files_it
from tests.two_nodes.forger import Forger
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import LINK, MEMORY, MONDAY, SUITE, A, B, Pair
from tests.two_nodes.rotating import revoke

UNPROVEN: Final[Mapping[str, frozenset[str]]] = {
    # Ours alone, and nothing else says the same: no hash, no signature, no second place.
    "link": frozenset({"added_at", "verified_at"}),
    "fork": frozenset({"found_at"}),
    "drafted": frozenset({"log", "draft", "idx"}),
    "alarm": frozenset({"times", "first_at", "last_at", "remark"}),
    "heard": frozenset({"at", "have", "receipt_at"}),
    "change": frozenset({"seq", "thread"}),
    # Whether a note may be thrown away once the partner has signed for it: a hint for catching up.
    "head_note": frozenset({"keep"}),
    # Whether a file is still to come; and a recovery under way, which begins anew.
    "file": frozenset({"wanted"}),
    "epoch_name": frozenset({"epoch", "acceptance"}),
    "again": frozenset({"idx", "draft", "leaf"}),
    "regained": frozenset({"size"}),
    "orphan_receipt": frozenset({"size", "received_at", "note"}),
    "recovery": frozenset({"cause", "begun_at", "next", "proof", "confirmed", "seal", "seal_at"}),
    "orphan": frozenset({"origin", "idx", "kept_at"}),
    "orphan_head": frozenset({"weight"}),
    "offered": frozenset({"note"}),
    "unsaid": frozenset({"idx", "reason"}),
    "seen_before": frozenset({"size"}),
}


def look(home: Home, **how: Any) -> Report:  # noqa: ANN401 - the options of `Looking`
    return check_record(home, Looking(now=lambda: MONDAY, **how))


@cache
def told() -> Path:
    """Return the folder of two nodes between which all sorts of things were said."""
    folder = Path(tempfile.mkdtemp(prefix="parley-fsck-", dir=MEMORY))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    pair = Pair(folder)
    for title in ("one", "two"):
        inquiry = pair.sends(title=title)
        pair.settle()
        pair.say(B, "inquiry.acknowledged", {}, re=inquiry.statement)
        pair.settle()
    _lose_what_is_under_way(pair, Copies(pair=pair, folder=folder / "copies"))
    revoke(pair, B)
    pair.settle()
    call = pair.say(A, "call.opened", OPENING)
    pair.say(A, "call.closed", {"ending": "cancelled"}, re=call.statement)
    pair.settle()
    files_it(pair, b"a letter", node=B)
    pair.settle()
    # Last, since B takes nothing more of a log that forked; and something odd comes with it.
    forger = Forger(pair, A, B)
    forger.send(forger.piece(note=forger.head(root=b"r" * 32)))
    pair.stop()
    with (folder / "carried").open("wb") as file:
        carry_out(pair.homes[A], LINK, file, beyond=0)
    return folder


def _lose_what_is_under_way(pair: Pair, copies: Copies) -> None:
    """Have what A says arrive only after A lost it, and both let that log end."""
    old = copies.keep(A)
    pair.sends(title="late")
    late = pair.ledgers[A].compose(LINK)
    copies.restore(A, old)
    pair.settle()
    assert late is not None
    pair.ledgers[B].accept(late)
    pair.settle()


@pytest.fixture(name="home")
def fixture_home(tmp_path: Path) -> Home:
    shutil.copytree(told() / "b", tmp_path / "b")
    return Home(root=tmp_path / "b")


def tables(home: Home) -> dict[str, tuple[str, ...]]:
    with sqlite3.connect(home.record) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {
            name: tuple(row[1] for row in db.execute(f"PRAGMA table_info({name})"))
            for name in names
            if not name.startswith("sqlite_")
        }
    db.close()
    return found


def other(value: Any) -> Any:  # noqa: ANN401 - whatever stands in a column
    """Return something else of the same type."""
    match value:
        case None:
            return None
        case int():
            return value + 1
        case str():
            return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"
        case _:
            raw = bytearray(value)
            raw[len(raw) // 2] ^= 1
            return bytes(raw)


@dataclass(frozen=True, kw_only=True)
class Flip:
    table: str
    column: str
    row: int


def changed(home: Home, flip: Flip) -> bool:
    """Change one value behind the back of all triggers; return whether there was one to change."""
    db = sqlite3.connect(home.record, isolation_level=None)
    try:
        db.execute("PRAGMA foreign_keys=OFF")
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        columns = db.execute(f"PRAGMA table_info({flip.table})").fetchall()
        keys = [row[1] for row in columns if row[5]] or ["rowid"]
        found = db.execute(
            f"SELECT {flip.column}, {', '.join(keys)} FROM {flip.table} LIMIT 1 OFFSET ?",  # noqa: S608 - names of the schema
            (flip.row,),
        ).fetchone()
        if found is None or found[0] is None:
            return False
        where = " AND ".join(f"{key} = ?" for key in keys)
        try:
            db.execute(
                f"UPDATE {flip.table} SET {flip.column} = ? WHERE {where}",  # noqa: S608 - likewise
                (other(found[0]), *found[1:]),
            )
        except sqlite3.IntegrityError:
            # Two rows of one place: the table itself refuses it.
            return False
    finally:
        db.close()
    return True


def flips(home: Home) -> Iterator[Flip]:
    """Yield every column that something proves, in the first, a middle and the last row."""
    db = sqlite3.connect(home.record)
    for table, columns in tables(home).items():
        (count,) = db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()  # noqa: S608 - likewise
        rows = sorted({0, count // 2, count - 1}) if count else []
        for column in columns:
            if column not in UNPROVEN.get(table, ()):
                yield from (Flip(table=table, column=column, row=row) for row in rows)
    db.close()


def has_rows(home: Home, table: str) -> bool:
    db = sqlite3.connect(home.record)
    (count,) = db.execute(f"SELECT COUNT(*) FROM {table}").fetchone()  # noqa: S608 - names of the schema
    db.close()
    return bool(count)


def test_a_record_that_nobody_touched_is_whole(home: Home) -> None:
    report = look(home)

    assert report.findings == ()
    assert report.entries >= 8
    assert look(home).whole_before == MONDAY


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whatever_is_changed_in_any_table_and_column_is_noticed(home: Home) -> None:
    whole = home.root.parent / "whole"
    shutil.copytree(home.root, whole)
    tried, unnoticed = 0, []

    for flip in [*flips(home)]:
        shutil.rmtree(home.root)
        shutil.copytree(whole, home.root)
        if changed(home, flip):
            tried += 1
            if not look(home).findings:
                unnoticed.append(flip)

    assert unnoticed == []
    assert tried > 130
    empty = {table for table in tables(home) if not has_rows(home, table)}
    assert empty - UNPROVEN.keys() == set()


@pytest.mark.parametrize(
    ("table", "column", "damage"),
    [
        ("link", "channel", Damage.LINK),
        ("epoch", "base", Damage.LINK),
        ("card", "note", Damage.CARD),
        ("entry", "raw", Damage.ENTRY),
        ("entry", "leaf", Damage.LEAF),
        ("entry", "total", Damage.WEIGHT),
        ("head", "root", Damage.HEAD),
        ("head_note", "note", Damage.NOTE),
        ("receipt", "note", Damage.RECEIPT),
        ("part", "ciphertext", Damage.PART),
        ("part", "wrapped", Damage.KEY),
        ("frontier", "peaks", Damage.FRONTIER),
        ("part", "tag", Damage.ROW),
        ("row", "act", Damage.ROW),
        ("row", "leaf_tag", Damage.ROW),
        ("going_call", "over_at", Damage.ROW),
    ],
)
def test_what_is_damaged_is_called_by_its_name(home: Home, table: str, column: str, damage: Damage) -> None:
    changed(home, Flip(table=table, column=column, row=0))

    assert damage in {finding.damage for finding in look(home).findings}


def test_a_signature_on_a_card_that_was_changed_is_noticed(home: Home) -> None:
    db = sqlite3.connect(home.record, isolation_level=None)
    db.execute("DROP TRIGGER card_stays")
    ((digest, note),) = db.execute("SELECT hash, note FROM card LIMIT 1").fetchall()
    raw = bytearray(note)
    raw[-20] = ord("A") if raw[-20] != ord("A") else ord("B")
    db.execute("UPDATE card SET note = ? WHERE hash = ?", (bytes(raw), digest))
    db.close()

    assert Damage.CARD in {finding.damage for finding in look(home).findings}


def test_a_file_in_the_vault_that_was_changed_or_is_gone_is_noticed(home: Home) -> None:
    (path,) = home.vault.glob("[0-9a-f][0-9a-f]/*")
    raw = path.read_bytes()
    path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    changed_file = {finding.damage for finding in look(home).findings}
    path.unlink()
    no_file = {finding.damage for finding in look(home).findings}

    assert changed_file == no_file == {Damage.FILE}


def test_a_damaged_file_of_theirs_is_wanted_again_after_mending(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    filed = files_it(pair, b"a letter", node=A)
    pair.settle()
    pair.stop()
    home = pair.homes[B]
    db = sqlite3.connect(home.record, isolation_level=None)
    assert db.execute("SELECT wanted FROM file").fetchall() == [(0,)]
    Vault(home.vault).destroy(filed.sealed.hash)
    gone = {finding.damage for finding in look(home).findings}

    with closing(Copy()) as nothing:
        mended = mend(home, nothing)

    assert gone == {Damage.FILE}
    assert mended == 1
    assert db.execute("SELECT wanted FROM file WHERE hash = ?", (filed.sealed.hash,)).fetchone() == (1,)
    assert look(home).is_whole
    db.close()


def erased(home: Home) -> bytes:
    """Make two statements of B an order to erase a body and the word that it was done; return that body."""
    db = sqlite3.connect(home.record, isolation_level=None)
    statement, raw = db.execute(
        "SELECT row.leaf, raw FROM row JOIN entry USING (log, idx) JOIN log ON log.id = row.log"
        " WHERE kind = 'inquiry.sent' AND node = ? LIMIT 1",
        (A,),
    ).fetchone()
    (one, order), (two, _) = db.execute(
        "SELECT idx, leaf FROM row JOIN log ON log.id = row.log WHERE node = ? ORDER BY idx DESC LIMIT 2",
        (B,),
    ).fetchall()
    named: dict[str, JsonValue] = {
        "parts": [{"statement": id_text(statement), "parts": "all"}],
        "ground": "retention",
    }
    for index, kind, d, re in (
        (one, "record.erasure_ordered", named, None),
        (two, "record.erased", {}, order),
    ):
        act = Draft(id="x", link=LINK, kind=kind, d=d, re=re).act()
        db.execute(
            "UPDATE row SET kind = ?, act = ?, outcome = 'valid', reason = NULL"
            " WHERE idx = ? AND log = (SELECT id FROM log WHERE node = ?)",
            (kind, act, index, B),
        )
    db.close()
    return parse(raw).entry.parts[0].hash


def test_content_that_was_erased_is_not_missed_and_is_never_put_back(home: Home) -> None:
    digest = erased(home)
    here = [finding.said for finding in look(home).findings if finding.damage is Damage.STRAY]
    db = sqlite3.connect(home.record, isolation_level=None)
    db.execute("DELETE FROM part WHERE hash = ?", (digest,))
    gone = {finding.damage for finding in look(home).findings}

    with closing(Copy()) as copy:
        copy.add_record(told() / "b" / "record.db", read_keys(home.keys, B))
        mend(home, copy)

    assert here == ["it was erased, and is here"]
    assert not gone & {Damage.PART, Damage.STRAY}
    assert db.execute("SELECT 1 FROM part WHERE hash = ?", (digest,)).fetchone() is None
    db.close()


@pytest.mark.parametrize(
    "damage", ["wrapped = zeroblob(40)", "ciphertext = zeroblob(9)", "wrapped = wrapped"]
)
@pytest.mark.parametrize("place", ["MIN", "MAX"])
def test_of_a_part_that_lies_here_twice_the_one_that_opens_stays(home: Home, damage: str, place: str) -> None:
    with closing(sqlite3.connect(home.record, isolation_level=None)) as db:
        db.execute("INSERT INTO part SELECT * FROM part LIMIT 1")
        (digest,) = db.execute("SELECT hash FROM part ORDER BY rowid DESC").fetchone()
        (row,) = db.execute(f"SELECT {place}(rowid) FROM part WHERE hash = ?", (digest,)).fetchone()  # noqa: S608 - one of two words
        db.execute(f"UPDATE part SET {damage} WHERE rowid = ?", (row,))  # noqa: S608 - one of those above
    found = {(each.damage, each.said) for each in look(home).findings}

    with closing(Copy()) as copy:
        mend(home, copy)

    assert (Damage.ROW, "it is here twice") in found
    assert look(home).is_whole


# A row that stands in another place is told of and left: which of two places is right is for people to say.
PLACES: Final = frozenset({"log", "idx", "size", "hash", "total"})
MENDED: Final = frozenset({"entry", "part", "head", "row", "tip", "frontier"})


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_what_another_copy_still_has_is_put_back_and_the_record_is_whole_again(home: Home) -> None:
    whole = home.root.parent / "whole"
    shutil.copytree(home.root, whole)
    copy = Copy()
    copy.add_record(whole / "record.db", read_keys(whole / "keys", B))
    left = []
    chosen = [flip for flip in flips(home) if flip.table in MENDED and flip.column not in PLACES]

    for flip in chosen:
        shutil.rmtree(home.root)
        shutil.copytree(whole, home.root)
        if changed(home, flip):
            mend(home, copy)
            left += [(flip, look(home).findings)] if not look(home).is_whole else []
    copy.close()

    assert left == []
    assert len(chosen) > 40


def test_the_partners_parcels_put_back_what_the_partner_said(home: Home) -> None:
    theirs = [flip for flip in flips(home) if flip.table == "entry" and flip.column == "raw"]
    for flip in theirs:
        changed(home, flip)
    before = {finding.place for finding in look(home).findings if finding.damage is Damage.ENTRY}

    with (told() / "carried").open("rb") as file, closing(from_parcels(home, file)) as copy:
        mend(home, copy)

    left = {finding.place for finding in look(home).findings if finding.damage is Damage.ENTRY}
    assert {place[0] for place in before} == {"A", "B"}
    assert left == {place for place in before if place.startswith("B")}


def test_other_words_sealed_with_the_nodes_own_keys_are_noticed_and_put_right(home: Home) -> None:
    keys, origin = read_keys(home.keys, B), read_facts_origin(home)
    with closing(sqlite3.connect(home.record, isolation_level=None)) as db:
        (raw,) = db.execute(
            "SELECT raw FROM entry JOIN log ON log.id = log WHERE origin = ? AND idx = 0", (origin,)
        ).fetchone()
        body = inline_parts(raw)[1]
        part = seal_part(b"{}".ljust(body.size - overhead(0)), scope=origin, suite=SUITE)
        forged = (keys.wrap(part.key), part.ciphertext, body.hash)
        db.execute("UPDATE part SET wrapped = ?, ciphertext = ? WHERE hash = ?", forged)
    before = {finding.damage for finding in look(home).findings}

    with closing(Copy()) as copy:
        copy.add_record(told() / "b" / "record.db", keys)
        mend(home, copy)

    assert before == {Damage.PART}
    assert look(home).is_whole


def test_bytes_that_give_no_signed_root_are_never_put_in(home: Home) -> None:
    changed(home, Flip(table="entry", column="raw", row=0))
    copy = Copy()
    copy.add_record(home.record, read_keys(home.keys, B))

    mended = mend(home, copy)
    copy.close()

    assert mended == 0
    assert {finding.damage for finding in look(home).findings} >= {Damage.ENTRY}


def test_the_tables_are_guarded_again_after_mending(home: Home) -> None:
    changed(home, Flip(table="row", column="effective", row=1))
    copy = Copy()
    with sqlite3.connect(told() / "b" / "record.db") as db:
        guards = db.execute("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()
    db.close()
    shutil.rmtree(home.root)
    shutil.copytree(told() / "b", home.root)

    mend(home, copy)
    copy.close()

    with sqlite3.connect(home.record) as db:
        assert db.execute("SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger'").fetchone() == guards
    db.close()


def test_a_record_is_looked_at_while_core_writes_to_it(tmp_path: Path) -> None:
    pair = Pair(tmp_path)
    pair.sends(title="before")
    seen: list[Progress] = []

    def write(progress: Progress) -> None:
        if not seen:
            pair.sends(title="meanwhile")
        seen.append(progress)

    report = look(pair.homes[A], tell=write)
    pair.stop()

    assert report.is_whole
    assert seen


def test_a_hint_that_points_to_nothing_is_told_of_and_is_no_damage(home: Home) -> None:
    changed(home, Flip(table="change", column="link", row=0))

    report = look(home)

    assert [finding.damage for finding in report.findings] == [Damage.HINT]
    assert report.is_whole


def test_a_check_that_was_cut_off_goes_on_with_the_logs_that_are_left(home: Home) -> None:
    note_check(home, POSITION, {"done": [read_facts_origin(home)]})

    report = look(home, resume=True)

    assert report.is_whole
    assert report.entries < look(home).entries


def read_facts_origin(home: Home) -> str:
    db = sqlite3.connect(home.record)
    (origin,) = db.execute("SELECT origin FROM log WHERE node = ?", (A,)).fetchone()
    db.close()
    return str(origin)


def test_a_sample_of_the_fold_finds_a_verdict_that_was_changed(home: Home) -> None:
    db = sqlite3.connect(home.record)
    db.execute("UPDATE row SET outcome = 'void', reason = 'wrong-state' WHERE kind = 'inquiry.acknowledged'")
    db.commit()
    db.close()

    report = look(home, whole_fold=False)

    assert {finding.damage for finding in report.findings} == {Damage.ROW}


def test_fsck_says_since_when_the_record_is_not_whole(home: Home) -> None:
    look(home)
    changed(home, Flip(table="entry", column="raw", row=2))

    report = look(home)

    assert not report.is_whole
    assert report.whole_before == MONDAY

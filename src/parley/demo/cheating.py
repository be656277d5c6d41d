"""Country B changes in its own database what Country A said; both check their records; A's copy mends it.

    cheat      two of A's statements exchange their words in B's record.db, past every guard
    check      core hashes both records anew, as the button on the page of a link does
    put back   A carries out all that it said; B's node stops, mends its record from that file, starts

Only here: by the process of a demonstration, in the folder that it made itself. What is done is
noted before it is done. Killed at any point, it is put back by doing that once more.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.demo.country import LINK, WORLD, Country
from parley.demo.scene import Scene
from parley.demo.stage import STEP_SECONDS, Stage, StoryError
from parley.demo.telling import Line
from parley.ledger.checks import FSCK, read_checks
from parley.ledger.digest import digest
from parley.ledger.home import read_config
from parley.ledger.reading import Reader
from parley.protocol.entry import parse
from parley.protocol.notation import write_base64
from parley.protocol.strictjson import JsonObject
from parley.work.sock import BrokenCoreError, CoreError, NoCoreError, call

NOTED: Final = "cheat"
"""Where `place.json` says which two statements were exchanged; empty once they are put back."""
CHECK_SECONDS: Final = 60.0
BUSY_SECONDS: Final = 10.0
ASK_SECONDS: Final = 3.0


class NothingToChangeError(StoryError):
    """There are no two statements of A's that could be exchanged, or not everything has arrived yet."""


def is_cheated(stage: Stage) -> bool:
    """Return whether B's record was changed, or was about to be, and is not put back yet."""
    return bool(stage.place.get(NOTED))


# ---- What is done


def cheat(stage: Stage) -> None:
    """Exchange the words of two of A's statements in B's database, and have both records checked.

    Raises:
        NothingToChangeError: there are no two. StoryError: a check did not come to its end.
    """
    if not is_cheated(stage):
        # A node may still be saying that it received the last of it.
        one, other = _chosen(stage.until("both signed", lambda scene: scene.is_same))
        # So that B's page can say until when its record was whole.
        check(stage)
        stage.place.put(NOTED, {"one": one, "other": other})
        exchange(stage.b, one, other)
    words = {"one": f"A {stage.place[NOTED]['one']}", "other": f"A {stage.place[NOTED]['other']}"}
    stage.tell(
        Line(
            text=gettext_lazy("B's own database was changed: %(one)s and %(other)s exchanged their words."),
            words=words,
        )
    )
    check(stage)


def put_back(stage: Stage) -> None:
    """Mend B's record from what A carries out, and have both checked again. Once more does no harm.

    Raises:
        CommandError: what was said does not come back. StoryError: a check did not come to its end.
    """
    if not is_cheated(stage):
        return
    file = stage.b.folder / "carried-by-a"
    stage.a.do("link", "carry", "out", LINK, str(file), "--all")
    stage.b.keeper.stop()
    try:
        stage.b.do("record", "fsck", "--repair", "--from", str(file))
    finally:
        stage.b.keeper.start()
    check(stage)
    stage.place.put(NOTED, {})
    stage.tell(Line(text=gettext_lazy("B's record was put back from A's copy, and is whole again.")))


def play(stage: Stage) -> bool:
    """Cheat, show what each side's check says, put it back; return whether all went as it must."""
    cheat(stage)
    noted = dict(stage.place[NOTED])
    changed, found = _both(stage, noted), (damaged(stage.a), damaged(stage.b))
    for line in sentences(stage):
        stage.tell(Line(text=line.replace("%", "%%")))
    put_back(stage)
    mended = _both(stage, noted)
    is_told = not found[0] and len(found[1]) == 2
    only_b = changed["A"] == mended["A"] == mended["B"] != changed["B"]
    return is_told and only_b and _is_same_again(stage) and not damaged(stage.b)


def exchange(side: Country, one: int, other: int) -> None:
    """Let two statements of A name each other's words in the record of `side`: no row comes or goes."""
    if read_config(side.home).world != WORLD:
        raise StoryError(f"{side.home.root} is not of world {WORLD}")
    with (
        closing(sqlite3.connect(side.home.record, timeout=BUSY_SECONDS, isolation_level=None)) as db,
        _unguarded(db),
    ):
        ((log,),) = db.execute(
            "SELECT log.id FROM log JOIN link ON link.id = log.link WHERE node <> ? AND name = ?",
            (side.node, LINK),
        ).fetchall()
        sql = "SELECT raw FROM entry WHERE log = ? AND idx = ?"
        first, second = (bytes(db.execute(sql, (log, index)).fetchone()[0]) for index in (one, other))
        for index, raw, words in ((one, first, second), (other, second, first)):
            forged = raw.replace(_words_line(raw), _words_line(words), 1)
            db.execute("UPDATE entry SET raw = ? WHERE log = ? AND idx = ?", (forged, log, index))


@contextmanager
def _unguarded(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    guards = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in guards:
        db.execute(f'DROP TRIGGER "{name}"')
    yield
    for _name, sql in guards:
        db.execute(sql)
    # Whatever is raised before this, closing the connection takes all of it back.
    db.execute("COMMIT")


def _words_line(raw: bytes) -> bytes:
    part = parse(raw).entry.parts[0]
    return f"part {write_base64(part.hash)} {part.size}\n".encode()


def _chosen(scene: Scene) -> tuple[int, int]:
    sent = scene.a.inquiries if scene.is_same else ()
    pairs = [(one, other) for one in sent for other in sent if one.sent.index < other.sent.index]
    # Equally many sites: the page of either then looks as if nothing were wrong.
    pairs.sort(key=lambda pair: len(pair[0].items) != len(pair[1].items))
    if not pairs:
        raise NothingToChangeError(
            _("There are no two inquiries of A's that both sides hold and signed for.")
        )
    return pairs[0][0].sent.index, pairs[0][1].sent.index


# ---- What the checks say


def check(stage: Stage) -> None:
    """Have both nodes hash their record anew, as the button on the page of a link does, and wait for it.

    Raises:
        StoryError: it did not come to its end in time.
    """
    for side in (stage.a, stage.b):
        _check(stage, side)


def _check(stage: Stage, side: Country) -> None:
    before: object = None
    is_begun = False
    for _try in range(int(CHECK_SECONDS / STEP_SECONDS)):
        if is_begun and times(side) != before:
            return
        if not is_begun and _ask(side, "status").get("checking", "") is None:
            # A look that was under way already may have passed by what was changed since.
            before, is_begun = times(side), True
        if is_begun:
            # Asked again and again: core may be killed meanwhile, and while it looks this changes nothing.
            _ask(side, "check_record")
        stage.pause(STEP_SECONDS)
    raise StoryError(
        _("%(side)s's check of its record did not come to its end in time.") % {"side": side.name}
    )


def _ask(side: Country, what: str) -> JsonObject:
    try:
        return call(side.home.core_socket, {"ask": what}, seconds=ASK_SECONDS)
    except (NoCoreError, BrokenCoreError, CoreError, OSError):
        return {}


def times(side: Country) -> object:
    """Return how often the record of `side` was looked at."""
    return _noted(side).get("times")


def damaged(side: Country) -> tuple[str, ...]:
    """Return the places at which the last look at the record of `side` found damage, each once."""
    return tuple(dict.fromkeys(str(place) for _damage, _link, place in _noted(side).get("found", ())))


def _noted(side: Country) -> Mapping[str, Any]:
    found: Mapping[str, Any] = read_checks(side.home).get(FSCK) or {}
    return found


def _both(stage: Stage, noted: Mapping[str, int]) -> Mapping[str, tuple[bytes, ...]]:
    """Return by side the bytes of the two statements of A's, as its record has them."""
    found = {}
    for side in (stage.a, stage.b):
        with closing(Reader(side.home)) as reader:
            entries = tuple(reader.entries(LINK)[stage.a.node])
            found[side.letter] = tuple(entries[noted[each]] for each in ("one", "other"))
    return found


def _is_same_again(stage: Stage) -> bool:
    """Wait until both records are the same, hashed anew: nodes go on saying what they received."""
    for _try in range(int(CHECK_SECONDS / STEP_SECONDS)):
        with closing(Reader(stage.a.home)) as one, closing(Reader(stage.b.home)) as two:
            if digest(one, LINK).text == digest(two, LINK).text:
                return True
        stage.pause(STEP_SECONDS)
    return False


# ---- What the start page shows


def shown(stage: Stage, scene: Scene) -> dict[str, Any]:
    """Return what the start page shows of it, in the language in force."""
    has_changed = is_cheated(stage)
    return {
        "is_cheated": has_changed,
        "may_cheat": not has_changed and scene.is_same and len(scene.a.inquiries) > 1,
        "same": _("Not equal: Country B's own copy was changed.") if has_changed else "",
        "lines": sentences(stage) if has_changed else ["", "", ""],
    }


def sentences(stage: Stage) -> list[str]:
    """Return three sentences: what was changed, what A's last check says, what B's says."""
    noted = stage.place.get(NOTED)
    words = {"one": f"A {noted.get('one')}", "other": f"A {noted.get('other')}"}
    if damaged(stage.b):
        places = {"places": ", ".join(damaged(stage.b))}
        theirs = (
            _("Country B's check: damaged at %(places)s; these are A's, and A has them in its own log.")
            % places
        )
    else:
        theirs = _("Country B's check is under way.")
    ours = (
        _("Country A's check: damaged, too; this is a fault, keep the folder.")
        if damaged(stage.a)
        else _("Country A's check: whole; nothing of A's copy was touched.")
    )
    told = _("In Country B's own database %(one)s and %(other)s exchanged their words, past every guard.")
    return [told % words, ours, theirs]

"""Cores with one rule taken out, on purpose: each must be found, or nobody would notice the real fault.

Each fault replaces one method of the real code while it is inserted. `seeds.json` has for each a seed that
is known to find it, by which the tests go; `./run campaign broken` searches with fresh ones.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from parley.ledger import composing
from parley.ledger.drafted import Drafted
from parley.ledger.exchange import Exchange
from parley.ledger.lines import Lines
from parley.ledger.outgoing import Outgoing
from parley.ledger.regaining import Regaining
from parley.ledger.shelf import SqliteShelf
from parley.ledger.slot import Slot
from parley.ledger.writer import Writer
from parley.protocol import crossing, parcel, record, recovery, standstill
from parley.protocol.channel import Alarm, Reading
from parley.protocol.record import Record
from parley.signer.anchor import Anchor
from parley.signer.keyed import KeyedDesk
from tests.simulator import sabotage
from tests.simulator.schedule import IN_LANES, IN_ROOMS, Schedule, denser, schedule


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A core without one rule. `owner.name` is what is replaced, `without` what it is replaced by."""

    what: str
    owner: Any
    name: str
    without: Any
    is_hostile: bool = False
    is_restored: bool = False
    is_in_lanes: bool = False
    is_in_rooms: bool = False
    also: tuple[str, ...] = ()
    """What must come about more often than by chance, for such a core to be found soon."""

    def seed(self, number: int) -> str:
        """Return a seed with this number by which such a core may be found."""
        return f"broken {number}{IN_ROOMS if self.is_in_rooms else ''}{IN_LANES if self.is_in_lanes else ''}"

    def schedule(self, seed: str) -> Schedule:
        """Return the schedule of `seed` in the world in which such a core is looked for."""
        drawn = schedule(seed, is_hostile=self.is_hostile, is_restored=self.is_restored)
        return replace(drawn, steps=denser(seed, drawn.steps, self.also)) if self.also else drawn

    @contextmanager
    def inserted(self) -> Iterator[None]:
        """Let the core be broken for a while."""
        real = self.owner.__dict__[self.name]
        setattr(self.owner, self.name, self.without)
        try:
            yield
        finally:
            setattr(self.owner, self.name, real)


FAULTS: Final[tuple[Broken, ...]] = (
    Broken(
        what="signs before it is durable", owner=Exchange, name="prepare_head", without=sabotage.signs_early
    ),
    Broken(
        what="signs a receipt before it is durable",
        owner=Exchange,
        name="accept",
        without=sabotage.receipt_of_all,
    ),
    Broken(what="commits without a flush", owner=Writer, name="_sign", without=sabotage.unflushed),
    Broken(
        what="a refused statement stays in memory", owner=Lines, name="restore", without=sabotage.forgets_less
    ),
    Broken(
        what="a failed commit stays in memory", owner=Writer, name="_recover", without=sabotage.undoes_alone
    ),
    Broken(
        what="heads are dated by the clock alone",
        owner=KeyedDesk,
        name="_planned",
        without=sabotage.dates_by_clock(heads=True),
    ),
    Broken(
        what="receipts are dated by the clock alone",
        owner=KeyedDesk,
        name="_planned",
        without=sabotage.dates_by_clock(heads=False),
    ),
    Broken(
        what="a note leaves before the anchor is durable",
        owner=Anchor,
        name="put",
        without=sabotage.anchors_late,
    ),
    Broken(
        what="a head is signed whose text is not kept",
        owner=Exchange,
        name="_keep_text",
        without=sabotage.no_text,
    ),
    Broken(
        what="the same draft becomes two entries",
        owner=Drafted,
        name="take",
        without=sabotage.takes_any_draft,
    ),
    Broken(what="a time ahead is refused", owner=Reading, name="_read_piece", without=sabotage.refuses_times),
    Broken(
        what="known entries are not dropped",
        owner=Reading,
        name="_extend",
        without=sabotage.extends_anyhow(drops_known=False),
    ),
    Broken(
        what="the receipt that came last counts",
        owner=Exchange,
        name="_keep_receipt",
        without=sabotage.keep_receipts_newest,
        is_hostile=True,
    ),
    Broken(
        what="received is not said",
        owner=Exchange,
        name="_answer_for_machine",
        without=sabotage.declares(unopened=True, received=False),
    ),
    Broken(
        what="received is said to everything",
        owner=Exchange,
        name="_answer_for_machine",
        without=sabotage.always_received,
    ),
    Broken(what="a verdict is not written down", owner=SqliteShelf, name="decide", without=sabotage.nothing),
    Broken(
        what="a thread is not folded every time", owner=Exchange, name="settle", without=sabotage.settles_half
    ),
    Broken(
        what="no alarm that a clock is ahead",
        owner=Exchange,
        name="raise_alarm",
        without=sabotage.without(Alarm.AHEAD_OF_CLOCK),
    ),
    Broken(
        what="a smaller have is ignored",
        owner=Exchange,
        name="accept",
        without=sabotage.ignores_smaller_have,
        is_hostile=True,
    ),
    Broken(
        what="the receipt is the cursor",
        owner=Outgoing,
        name="piece",
        without=sabotage.from_receipts,
        is_hostile=True,
    ),
    Broken(
        what="roots are not compared",
        owner=Reading,
        name="_extend",
        without=sabotage.extends_anyhow(compares=False),
        is_hostile=True,
    ),
    Broken(
        what="gaps are not noticed",
        owner=Reading,
        name="_extend",
        without=sabotage.extends_anyhow(minds_gaps=False),
        is_hostile=True,
    ),
    Broken(
        what="entries without their content are taken",
        owner=Reading,
        name="_open_all",
        without=sabotage.takes_incomplete,
        is_hostile=True,
    ),
    Broken(
        what="a fork is not seen",
        owner=Reading,
        name="_is_fork",
        without=sabotage.never_forks,
        is_hostile=True,
    ),
    Broken(
        what="a bad parcel is called a fork",
        owner=Reading,
        name="_extend",
        without=sabotage.accuses_of_forks,
        is_hostile=True,
    ),
    Broken(
        what="any receipt counts",
        owner=Reading,
        name="_read_receipt",
        without=sabotage.counts_any_receipt,
        is_hostile=True,
    ),
    Broken(
        what="any have counts",
        owner=Reading,
        name="_read_have",
        without=sabotage.counts_any_have,
        is_hostile=True,
    ),
    Broken(
        what="a false seen counts", owner=Record, name="_cut", without=sabotage.believes_seen, is_hostile=True
    ),
    Broken(
        what="a doubled act counts",
        owner=record,
        name="_check_form",
        without=sabotage.form_without(duplicates=False),
        is_hostile=True,
    ),
    Broken(
        what="an oversize act counts",
        owner=record,
        name="_check_form",
        without=sabotage.form_without(oversize=False),
        is_hostile=True,
    ),
    Broken(
        what="an entry for another log counts",
        owner=record,
        name="_check_form",
        without=sabotage.form_without(logs=False),
        is_hostile=True,
    ),
    Broken(
        what="unopened is not said",
        owner=Exchange,
        name="_answer_for_machine",
        without=sabotage.declares(unopened=False, received=True),
        is_hostile=True,
    ),
    Broken(
        what="a late unopened counts",
        owner=Record,
        name="_unopened",
        without=sabotage.late_unopened,
        is_hostile=True,
    ),
    Broken(
        what="the sender of a parcel is not verified",
        owner=parcel,
        name="_check_signature",
        without=sabotage.believes_anybody,
        is_hostile=True,
    ),
    Broken(
        what="no alarm for a fork",
        owner=Exchange,
        name="raise_alarm",
        without=sabotage.without(Alarm.FORK),
        is_hostile=True,
    ),
    Broken(
        what="no alarm for an invented have",
        owner=Exchange,
        name="raise_alarm",
        without=sabotage.without(Alarm.INVENTED_HAVE),
        is_hostile=True,
    ),
    Broken(
        what="no alarm for a bad card",
        owner=Exchange,
        name="raise_alarm",
        without=sabotage.without(Alarm.BAD_CARD),
        is_hostile=True,
    ),
    Broken(
        what="record and anchor are not compared",
        owner=Lines,
        name="examine",
        without=sabotage.nothing,
        is_restored=True,
    ),
    Broken(
        what="nobody waits for the partner's first word",
        owner=Regaining,
        name="begin",
        without=sabotage.begins_at_once,
        is_restored=True,
    ),
    Broken(
        what="a log ends below what is held of it",
        owner=recovery,
        name="judge_seal",
        without=sabotage.ends_anywhere,
        is_restored=True,
    ),
    Broken(
        what="what is declined stays agreed",
        owner=Lines,
        name="_go_back",
        without=sabotage.nothing,
        is_restored=True,
        also=("backup", "restore", "restore", "deliver", "carry"),
    ),
    Broken(
        what="the anchor is not asked what was signed",
        owner=Lines,
        name="_may_have_signed",
        without=sabotage.nothing,
        also=("post", "deliver", "backup", "restore", "replay", "replay", "say_many"),
    ),
    Broken(
        what="what was seen before a loss is not waited for",
        owner=Slot,
        name="_waits",
        without=sabotage.nothing,
        also=("say", "carry", "carry", "backup", "restore"),
    ),
    Broken(
        what="a head of a log that was begun alone comes unannounced",
        owner=composing,
        name="_is_unheard_of",
        without=sabotage.nothing,
        is_restored=True,
        also=("backup", "restore_lost", "days", "alone", "post", "deliver"),
    ),
    Broken(
        what="a loss in one lane stops the others",
        owner=Slot,
        name="append",
        without=sabotage.stops_all_lanes,
        is_restored=True,
        is_in_lanes=True,
    ),
    Broken(
        what="only lane main is compared with the anchor",
        owner=Lines,
        name="examine",
        without=sabotage.examines_main,
        is_restored=True,
        is_in_lanes=True,
    ),
    Broken(
        what="a suspension stops the hotline too",
        owner=standstill,
        name="stays_open",
        without=sabotage.knows_no_hotline,
        is_restored=True,
        is_in_lanes=True,
    ),
    Broken(
        what="a suspension holds in lane main alone",
        owner=standstill,
        name="stays_open",
        without=sabotage.stops_main_alone,
        is_restored=True,
        is_in_lanes=True,
    ),
    Broken(
        what="an alarm of a lane is counted in main",
        owner=Exchange,
        name="raise_alarm",
        without=sabotage.alarms_main,
        is_hostile=True,
        is_in_lanes=True,
    ),
    Broken(
        what="a fork in one lane stops the others",
        owner=Slot,
        name="append",
        without=sabotage.stops_where_any_forked,
        is_hostile=True,
        is_in_lanes=True,
    ),
    Broken(
        what="all lanes are one log to the anchor",
        owner=Anchor,
        name="get",
        without=sabotage.anchors_main,
        is_in_lanes=True,
    ),
    Broken(
        what="a statement is judged by what its writer had not seen",
        owner=crossing._Reader,  # noqa: SLF001 - what is broken is inside
        name="judge_next",
        without=sabotage.sees_everything,
        is_in_rooms=True,
    ),
)


def read_seeds() -> dict[str, Any]:
    """Return the seeds that are kept: for each broken core one that finds it, and all that ever failed."""
    kept: dict[str, Any] = json.loads((Path(__file__).parent / "seeds.json").read_text(encoding="utf-8"))
    return kept

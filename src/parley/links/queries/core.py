"""What core says about its couriers and its listener, asked for a page: soon, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from parley.links.policy import next_try_by
from parley.protocol.strictjson import JsonObject, JsonValue
from parley.work.home import Home
from parley.work.sock import BrokenCoreError, CoreError, FrameError, NoCoreError, call

ASK_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CourierView:
    """How our courier to one partner fares; instants in unix seconds of this node."""

    attempted_at: int | None
    succeeded_at: int | None
    polled_at: int | None
    error: str
    failures: int
    waiting_since: int | None

    @property
    def next_by(self) -> int | None:
        """Return when it tries again at the latest; None while nothing fails."""
        return next_try_by(self.attempted_at, failures=self.failures)

    @property
    def heard_at(self) -> int | None:
        """Return when the partner last answered us."""
        return max((at for at in (self.succeeded_at, self.polled_at) if at is not None), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckView:
    """The record is being hashed anew: since when, and how many entries of the log at hand are done."""

    since: int
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoreView:
    """Core as a page shows it. `refused` counts what was brought to our door in vain, by status."""

    runs: bool
    couriers: Mapping[str, CourierView]
    refused: Mapping[str, int]
    checking: CheckView | None = None
    their_desks: Mapping[str, int] = field(default_factory=dict)
    """The links whose desk is watched by their own word, and the minute that it names (Spec §12.12)."""

    @property
    def refused_bad(self) -> int:
        """Return how many parcels were none, or were not genuine."""
        return self.refused.get("400", 0)

    @property
    def refused_strange(self) -> int:
        """Return how many parcels were for no link of this node."""
        return self.refused.get("403", 0)


_NO_CORE: Final = CoreView(runs=False, couriers={}, refused={})


def core_view(home: Home) -> CoreView:
    """Return what core of `home` says about itself, within a second."""
    try:
        answer = call(home.core_socket, {"ask": "status"}, seconds=ASK_SECONDS)
    except (NoCoreError, BrokenCoreError, CoreError, FrameError, OSError):
        return _NO_CORE
    couriers = answer.get("couriers")
    refused = answer.get("refused")
    return CoreView(
        runs=True,
        couriers={
            str(each["link"]): _courier(each)
            for each in (couriers if isinstance(couriers, list) else [])
            if isinstance(each, dict) and "link" in each
        },
        refused=_numbers(refused),
        checking=_check(answer.get("checking")),
        their_desks=_numbers(answer.get("their_desks")),
    )


def _numbers(said: JsonValue) -> Mapping[str, int]:
    found = said.items() if isinstance(said, dict) else ()
    return {name: number for name, number in found if isinstance(number, int)}


def _check(said: JsonValue) -> CheckView | None:
    since = _number(said.get("since")) if isinstance(said, dict) else None
    if not isinstance(said, dict) or since is None:
        return None
    return CheckView(since=since, done=_number(said.get("done")) or 0, total=_number(said.get("total")) or 0)


def _courier(said: JsonObject) -> CourierView:
    return CourierView(
        attempted_at=_number(said.get("attempted_at")),
        succeeded_at=_number(said.get("succeeded_at")),
        polled_at=_number(said.get("polled_at")),
        error=str(said.get("error") or ""),
        failures=_number(said.get("failures")) or 0,
        waiting_since=_number(said.get("waiting_since")),
    )


def _number(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None

"""What core needs of the ringer, and how it gets one: tables cannot be imported before Django is set up."""

from collections.abc import Iterable, Mapping
from typing import Protocol, cast

from django.utils.module_loading import import_string

from parley.gates.peer.courier import Standing
from parley.node.beats import Beats
from parley.protocol.strictjson import JsonSource
from parley.watch.beats import Fallback
from parley.watch.policy import Handing
from parley.work.home import Home


class Ringing(Protocol):
    """The ringing of one node; `ringer.Ringer` says what each does."""

    async def run(self) -> None: ...
    async def stop(self) -> None: ...
    def wake(self, _link: str = "") -> None: ...
    def standing(self) -> Mapping[str, JsonSource]: ...
    def handing(self, couriers: Iterable[Standing]) -> Handing: ...
    def stand_in(self, officer: int) -> Fallback | None: ...


class _Maker(Protocol):
    def __call__(self, home: Home, *, node: str, beats: Beats) -> Ringing: ...


def make_ringer(home: Home, *, node: str, beats: Beats) -> Ringing:
    """Return the ringer of `home`. To be called inside the loop, where Django is set up."""
    # A name says nothing of a type; tests/node/test_ringer_served.py starts one.
    make = cast("_Maker", import_string("parley.node.ringer.Ringer"))
    return make(home, node=node, beats=beats)

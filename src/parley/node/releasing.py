"""What core needs of the releaser, and how it gets one: tables cannot be imported before Django is set up."""

from typing import Protocol, cast

from django.utils.module_loading import import_string

from parley.ledger.ledger import Ledger
from parley.work.home import Home


class Releasing(Protocol):
    """The releases that were ordered; `releaser.Releaser` says what each does."""

    async def run(self) -> None: ...
    async def stop(self) -> None: ...
    def wake(self) -> None: ...


class _Maker(Protocol):
    def __call__(self, home: Home, ledger: Ledger) -> Releasing: ...


def make_releaser(home: Home, ledger: Ledger) -> Releasing:
    """Return the releaser of `home`. To be called inside the loop, where Django is set up."""
    # A name says nothing of a type; tests/node/test_releaser.py starts one.
    make = cast("_Maker", import_string("parley.node.releaser.Releaser"))
    return make(home, ledger)

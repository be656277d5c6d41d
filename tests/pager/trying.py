"""A try as the pager makes one, for tests of a single provider."""

from typing import Final

from parley.gates.pager.attempt import Attempt
from parley.gates.pager.wording import Invitation
from parley.work import clock

NOON: Final = 1_790_000_000
REFERENCE: Final = "5f2c" * 8


def trying(text: str = "Parley: sign in.", *, to: str = "+9995551234", seconds: float = 60) -> Attempt:
    return Attempt(
        Invitation(text=text), to=to, reference=REFERENCE, at=NOON, until=clock.monotonic() + seconds
    )

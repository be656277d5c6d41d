"""One node with a hundred thousand inquiries, made once for all measures that need it.

Each inquiry is about three sites, with a letter of a few hundred characters in either language, as
officers write them. The record is made batch by batch through the ledger, the view by the projector of
the node itself; nothing is kept for the next run.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from parley.inquiries.forms import compose
from parley.inquiries.forms.letter import Letter, Site, text_of, write_letter
from parley.ledger.drafts import Draft
from parley.ledger.ledger import Ledger
from parley.ledger.reading import Reader
from parley.protocol.inquiries.codes import Want
from parley.work import clock
from parley.work.home import Home
from tests.node.served import served
from tools.measures.draft import BATCH, LINK
from tools.measures.nodes import two_nodes, until

COUNT: Final = 100_000
SECRET: Final = "correct-horse-battery"  # noqa: S105 - of a node that lives as long as the bench
_BANKS: Final = ("First Bank", "第二银行", "Third Bank", "第四银行", "Fifth Bank")
_PURPOSES: Final = (
    "Investigate the fraud against customers of the bank, and stop it before the holidays.",
    "调查针对银行客户的网络诈骗，尽快处置仿冒网站并保全日志。",
)
_ASKED: Final = compose.Asked(
    item="fraud_phishing", urgency="U2", wants=(Want.CONFIRM, Want.MITIGATE, Want.PRESERVE)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Large:
    """The home of the node, and how many seconds its record and its view took."""

    home: Home
    made: float
    told: float


@cache
def large() -> Large:
    """Return the node; it is gone when the process ends."""
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with two_nodes(folder) as (a, _b):
        home = a.home
    return Large(home=home, made=_seconds(lambda: _fill(home)), told=_seconds(lambda: _tell(home)))


def inside(home: Home, *words: str) -> str:
    """Return what a command of this node prints, or a script of the bench that runs with its settings."""
    environ = os.environ | {"PARLEY_HOME": str(home.root), "DJANGO_SETTINGS_MODULE": "parley.node.settings"}
    done = subprocess.run(
        [sys.executable, "-P", *words], env=environ, check=True, capture_output=True, text=True, input=SECRET
    )
    return done.stdout


def _fill(home: Home) -> None:
    ledger = Ledger(home)
    ledger.start()
    for start in range(0, COUNT, BATCH):
        ledger.append([_inquiry(number) for number in range(start, min(start + BATCH, COUNT))])
    ledger.stop()


def _inquiry(number: int) -> Draft:
    bank = text_of(_BANKS[number % len(_BANKS)])
    items = tuple(
        Site(url=f"http://s{number}-{n}.bank{number % 97}.example/login", observed_at=5, brand=bank)
        for n in range(3)
    )
    letter = Letter(
        title=text_of(f"3 sites that pose as {bank.text}, case {number}"),
        purpose=text_of(_PURPOSES[number % 2]),
        legal_basis=("guidelines, item 3",),
        authority=text_of("Country A"),
        items=items,
    )
    return Draft(
        id=f"large-{number}",
        link=LINK,
        kind="inquiry.sent",
        d=compose.sent_of(items, _ASKED),
        ref=f"A-2026-{number}",
        body=write_letter(letter),
    )


def _tell(home: Home) -> None:
    with closing(Reader(home)) as reader:
        last = reader.last_change()
    with served(home) as node:
        until(lambda: node.ask(ask="status")["watermark"] == last, every=0.5)


def _seconds(run: Callable[[], None]) -> float:
    begun = clock.monotonic()
    run()
    return clock.monotonic() - begun

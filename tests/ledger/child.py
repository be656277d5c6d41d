"""A core that says one thing after another until it is killed, and tells its parent what was acknowledged.

    entry <index> <statement>      append returned
    head <size> <root>             the newest head that is signed

The parent gives the home and a word for the names of the drafts.
"""

import os
import sys
import threading
from pathlib import Path

from parley.ledger.drafts import Appended, Draft
from parley.ledger.ledger import Ledger
from parley.protocol.head import parse_text
from parley.protocol.note import parse
from parley.work.home import Home
from tests.two_nodes.pair import INQUIRY, LINK

THREADS = 3


def tell(*words: object) -> None:
    # One write is one line, whoever else writes; and nothing is kept back in this process.
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def speak(ledger: Ledger, name: str) -> None:
    for number in range(100_000):
        drafts = [
            Draft(id=f"{name}.{number}.{n}", link=LINK, kind="inquiry.sent", d=INQUIRY, body={"n": n})
            for n in range(2)
        ]
        for result in ledger.append(drafts):
            assert isinstance(result, Appended)
            tell("entry", result.index, result.statement.hex())
        raw = ledger.answer(LINK)
        assert raw
        note = ledger._slot(LINK).shown.head_note  # noqa: SLF001 - what would leave with the next parcel
        assert note is not None
        head = parse_text(parse(note).text)
        tell("head", head.size, head.root.hex())


def main(home: str, name: str) -> None:
    ledger = Ledger(Home(root=Path(home)))
    ledger.start()
    threads = [threading.Thread(target=speak, args=(ledger, f"{name}.{n}")) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])

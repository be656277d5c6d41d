"""A node moves: its next card, announced on every link, and taken up by the partners.

In this version a card may change where the node is reached and the pin of its TLS
certificate; its keys stay, so nothing that was signed needs another key to be checked. The
card's text goes in the body of `link.carded`; what it changes is looked at, never folded.
Source: Spec §3.4, §7.2.
"""

import os
from collections.abc import Sequence
from dataclasses import replace

from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.home import check_config, own_card, read_config
from parley.ledger.keys import read_keys
from parley.ledger.reading import Reader
from parley.protocol import card as cards
from parley.protocol.act import id_text
from parley.protocol.suite import Standard
from parley.work.home import Home


def renew_card(home: Home, *, url: str | None, tls_sha256: bytes | None) -> Sequence[Appended | RefusedError]:
    """Make this node's next card and announce it on every open link; return what came of each.

    Killed in the middle, it goes on with the same card when it is called again.

    Raises:
        BreachError: the address cannot stand on a card. HomeError: it cannot in this world.
    """
    suite, config = Standard(), read_config(home)
    check_config(replace(config, url=url))
    keys = read_keys(home.keys, config.node)
    path = home.root / "card.next"
    if not path.exists():
        old = cards.parse(own_card(home)).card
        new = replace(old, serial=old.serial + 1, prev=cards.card_hash(old), url=url, tls_sha256=tls_sha256)
        note = cards.sign_card(new, [seed for _, seed in keys.roots], suite=suite, previous=old)
        _write(home, "card.next", note)
    results = append(home, _announcements(home, path.read_bytes()))
    path.replace(home.root / "card")
    return results


def _announcements(home: Home, note: bytes) -> list[Draft]:
    card = cards.parse(note).card
    reader = Reader(home)
    try:
        links = [row.name for row in reader.links() if row.is_active]
    finally:
        reader.close()
    return [
        Draft(
            id=f"card-{card.serial}-{link}",
            link=link,
            kind="link.carded",
            d={"card": id_text(cards.card_hash(card)), "serial": card.serial},
            body={"card": note.decode()},
        )
        for link in links
    ]


def _write(home: Home, name: str, content: bytes) -> None:
    fresh = home.root / f"{name}.new"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(home.root / name)

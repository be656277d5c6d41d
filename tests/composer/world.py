"""Two linked nodes at rest, and people who are signed in to the pages of A."""

from pathlib import Path
from typing import Any

from django.conf import settings as conf
from django.test import Client

from parley.agencies.models import Officer
from parley.agencies.policy import Role
from parley.ledger.ledger import Ledger
from parley.node.projector import projections
from parley.work import clock
from tests.two_nodes.pair import LINK, A, B, OpenReader, Pair


class World:
    """Two nodes at rest: whoever acts is the core for that moment. The pages are those of A."""

    def __init__(self, folder: Path, *, is_open: bool = True) -> None:
        pair = Pair(folder, is_open=is_open)
        pair.stop()
        self.homes = pair.homes

    def carry(self) -> None:
        """Carry until neither side has anything to say, and tell the rows of A."""
        ledgers = {node: Ledger(home) for node, home in self.homes.items()}
        for ledger in ledgers.values():
            ledger.start()
        try:
            while any([_carry(ledgers[A], ledgers[B]), _carry(ledgers[B], ledgers[A])]):
                pass
        finally:
            for ledger in ledgers.values():
                ledger.stop()
        self.project()

    def project(self) -> None:
        (module,) = projections(("parley.inquiries.projection",))
        with OpenReader(self.homes[A]) as reader:
            for link in reader.links():
                for thread in reader.threads(link.name):
                    module.project(reader, link, thread, reader.thread(link.name, thread))

    def letters(self, node: str = B) -> list[dict[str, Any]]:
        """Return the letters of all inquiries that `node` holds, in order."""
        with OpenReader(self.homes[node]) as reader:
            rows = [row for row in reader.rows(LINK, limit=10_000) if row.kind == "inquiry.sent"]
            bodies = [reader.body(LINK, row.statement) for row in sorted(rows, key=lambda row: row.index)]
        return [dict(body or {}) for body in bodies]

    def acts(self) -> list[Any]:
        """Return what the acts of all inquiries in A's log say, in order."""
        with OpenReader(self.homes[A]) as reader:
            rows = [row for row in reader.rows(LINK, limit=10_000) if row.kind == "inquiry.sent"]
        return [row.act and row.act.d for row in sorted(rows, key=lambda row: row.index)]


def _carry(one: Ledger, two: Ledger) -> bool:
    parcel = one.compose(LINK)
    if parcel is None:
        return False
    one.take_answer(LINK, two.accept(parcel).parcel)
    return True


def signed_in(number: int, *, name: str, role: Role = Role.OFFICER, language: str = "en") -> Client:
    Officer.objects.get_or_create(
        number=number, defaults={"name": name, "role": role, "language": language, "password": "!"}
    )
    client = Client()
    session = client.session
    now = clock.now()
    session.update({"officer": number, "begun": now, "seen": now})
    session.save()
    client.cookies[conf.SESSION_COOKIE_NAME] = session.session_key or ""
    return client

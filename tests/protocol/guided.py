"""A link whose terms list guidelines and reviews, and the texts that two sides put on its table."""

from collections.abc import Mapping
from typing import Final

from parley.protocol.guidelines.prose import first_text
from parley.protocol.guidelines.text import Both, Clause, Concordance, Guideline, Offence
from parley.protocol.kinds import VERSIONS
from parley.protocol.officetime import default_calendar
from parley.protocol.strictjson import JsonSource, JsonValue
from parley.protocol.terms import default_terms
from tests.protocol.world import ALL, DAY, START, A, B, Pen, Statement, Wording, World


def guided_terms(**calendars: Mapping[str, JsonValue]) -> str:
    """Return the default terms; `a` and `b` may bring a calendar."""
    mine = {node: calendars.get(letter, default_calendar()) for letter, node in (("a", A), ("b", B))}
    return default_terms(mine, world="live", kinds=VERSIONS)


TERMS: Final = guided_terms()
# The same, with a day instead of thirty minutes for what cannot wait.
SLOWER: Final = TERMS.replace('"acknowledge":{"U0":"30m"', '"acknowledge":{"U0":"24h"')
QUICKER: Final = TERMS.replace('"acknowledge":{"U0":"30m","U1":"2h"', '"acknowledge":{"U0":"30m","U1":"30m"')

OFFENCE = Offence(
    law=Both(en="Criminal Code, article 285", zh="刑法第 285 条"),
    definition=Clause(en="Fraud by a site that poses as another.", zh="利用仿冒网站实施诈骗。"),
    penalty=Both(en="up to 7 years", zh="最高 7 年有期徒刑"),
)
OFFENCES = {"fraud_phishing": Concordance(A=OFFENCE, B=OFFENCE, dual="yes")}


def text_of(
    terms: str = SLOWER, *, since: int = START + DAY, offences: Mapping[str, Concordance] | None = None
) -> Guideline:
    """Return the first text for `terms`."""
    return first_text(terms, since=since, offences=offences)


class Table:
    """Both sides of a link at a table, with a text before them."""

    def __init__(self, world: World | None = None) -> None:
        """Begin with a link that is open."""
        self.world = world or World(terms=TERMS)

    def pen(self, node: str) -> Pen:
        """Return the side of `node`."""
        return self.world.pen(node)

    def drafts(
        self,
        text: Guideline | None = None,
        /,
        *,
        by: str = A,
        re: Statement | None = None,
        seen: int | None = ALL,
        more: Mapping[str, JsonSource] | None = None,
    ) -> Statement:
        """Put a text on the table, or amend the one of `re`."""
        found = (text or text_of()).draft
        said: dict[str, JsonSource] = {"text": found.text, "terms": found.terms, "since": found.since}
        kind = "guideline.proposed" if re is None else "guideline.amended"
        wording = Wording(kind=kind, re=None if re is None else re.id)
        return self.pen(by).words(wording, {**said, **(more or {})}, seen=seen)

    def signs(
        self,
        draft: Statement,
        *,
        by: str = A,
        text: Guideline | None = None,
        roots: tuple[int, ...] = (1, 2),
        seen: int | None = ALL,
    ) -> Statement:
        """Sign the text of a draft, by persons of one side."""
        pen = self.pen(by)
        wording = Wording(kind="guideline.signed", re=draft.id, log=pen.side.origin, roots=roots)
        return pen.words(wording, {"text": (text or text_of()).digest}, seen=seen)

    def withdraws(self, draft: Statement, *, by: str = A, seen: int | None = ALL) -> Statement:
        """Take a draft from the table."""
        return self.pen(by).says("guideline.withdrawn", re=draft, seen=seen)

    def agrees(self, text: Guideline | None = None, *, by: str = A) -> Statement:
        """Draft a text, and sign it on both sides."""
        draft = self.drafts(text, by=by)
        for node in (A, B):
            self.signs(draft, by=node, text=text)
        return draft

    def terms(self, *, at: int | None = None) -> str | None:
        """Return the text of the terms in force by all that was said, now or at an instant."""
        past = {pen.node: len(pen.log) for pen in (self.world.a, self.world.b)}
        found = self.world.record().shelf.link().terms(past, at=self.world.now if at is None else at)
        return None if found is None else found.text

    def verdict(self, statement: Statement) -> str:
        """Return what became of a statement."""
        return self.world.verdict(statement)

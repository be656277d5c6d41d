"""What each side sees coming from the other's own territory: notices for clean-up; reads only."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parley.protocol.sharing.codes import Class, State
from parley.sharing.models import Share
from parley.sharing.queries.rows import ShareRow, share_of

SHOWN: Final = 50
"""Of each way, the newest."""
_NOT_SENT: Final = (State.WITHDRAWN.value, State.DECLINED.value, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The notices of one way: the newest `rows`, and over all that stand, counts and what became of them.

    `counts` are by thing, `cleaned` by what was done; `unanswered` notices have no word on a clean-up yet.
    """

    rows: tuple[ShareRow, ...]
    total: int
    counts: Mapping[str, int]
    cleaned: Mapping[str, int]
    unanswered: int

    @property
    def more(self) -> int:
        """Return how many are not among the rows."""
        return self.total - len(self.rows)


def notices(link: str, *, is_ours: bool) -> Notices:
    """Return the notices on `link` that our side offered, or the other one."""
    found = Share.objects.filter(link=link, what=Class.NOTICE.value, is_ours=is_ours)
    standing = list(found.exclude(state__in=_NOT_SENT).values_list("counts", "cleaned", "state"))
    counts, cleaned = Counter[str](), Counter[str]()
    for each, done, _state in standing:
        counts.update(dict(each))
        cleaned.update(done)
    return Notices(
        rows=tuple(share_of(row) for row in found.order_by("-order", "-key")[:SHOWN]),
        total=found.count(),
        counts=dict(counts),
        cleaned=dict(cleaned),
        unanswered=sum(not done for _each, done, _state in standing),
    )

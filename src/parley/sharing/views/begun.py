"""What was begun about an offer or a case and is not said yet, as its page shows it: it stays here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from parley.drafts.queries import DraftRow, list_begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A form that was begun, and where it goes on."""

    draft: DraftRow
    name: str
    href: str


def begun(
    link: str, purpose: str, *, places: Mapping[str, str], thread: str, form: Callable[[str], tuple[str, str]]
) -> Iterator[Begun]:
    """Yield the open drafts about any statement of a thread; `form` names the form of a verb and its address.

    `purpose` is what theirs begins with, before the verb; `places` are by the id of a statement.
    """
    for draft in list_begun(link, purposes=purpose):
        name, address = form(draft.purpose.removeprefix(purpose))
        if name and draft.about in places:
            on = "" if draft.about == thread else f"on={places[draft.about]}&"
            yield Begun(draft=draft, name=name, href=f"{address}?{on}draft={draft.number}")

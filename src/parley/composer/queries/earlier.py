"""Which rows ask for something that one of our earlier inquiries on the link asks for already."""

from collections.abc import Mapping
from typing import TypeAlias

from parley.gates.table.translate import (
    Address,
    Field,
    Row,
    Site,
    Subject,
    likeness,
    read_address,
)
from parley.inquiries.queries import EarlierItem, earlier_items
from parley.protocol.inquiries.codes import State

Key: TypeAlias = tuple[str, str, str]
"""What is compared: "site" and the key of the address, or the kind of subject and its value; and the
text by which candidates are looked up."""


def key_of(row: Row) -> Key | None:
    """Return what of `row` is compared; a row that is not ready yet has its address all the same."""
    match row.item:
        case Site():
            return "site", row.item.key, row.item.url
        case Subject():
            return row.item.kind.value, row.item.value, row.item.value
        case None:
            pass
    cell = next((cell for cell in row.cells if cell.field is Field.URL), None)
    address = None if cell is None else read_address(cell.text)
    return ("site", likeness(address), address.text) if isinstance(address, Address) else None


def asked_before(link: str, keys: Mapping[int, Key], *, but: str | None = None) -> dict[int, EarlierItem]:
    """Return, by row, the item of an earlier inquiry that asks the same, `but` those of one batch.

    A withdrawn item asks nothing.
    """
    addresses = [text for kind, _key, text in keys.values() if kind == "site"]
    subjects = [text for kind, _key, text in keys.values() if kind != "site"]
    asked = {
        _key_of_earlier(item): item
        for item in earlier_items(link, addresses=addresses, subjects=subjects)
        if item.state != State.WITHDRAWN.value and (but is None or item.batch != but)
    }
    found = {number: asked.get((kind, key)) for number, (kind, key, _text) in keys.items()}
    return {number: item for number, item in found.items() if item is not None}


def _key_of_earlier(item: EarlierItem) -> tuple[str, str]:
    if item.url:
        address = read_address(item.url)
        return "site", likeness(address) if isinstance(address, Address) else item.url
    return item.subject_kind, item.subject

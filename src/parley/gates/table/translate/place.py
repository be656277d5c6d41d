"""Where a row points: its web address judged, with what the officer decided about it."""

from collections.abc import Iterable

from parley.gates.table.translate.address import (
    Address,
    ends_unsure,
    likeness,
    mask,
    personal,
    read_address,
)
from parley.gates.table.translate.codes import Reason
from parley.gates.table.translate.prose import has_several
from parley.gates.table.translate.sheet import Cell, Choices, Remark
from parley.ui.defang import defang
from parley.ui.letters import shown


def judge_address(
    cell: Cell | None, number: int, choices: Choices
) -> tuple[Address | None, tuple[Remark, ...]]:
    """Return the address that `cell` of row `number` states, masked if so chosen, and what is to be said."""
    if cell is None:
        return None, (Remark(reason=Reason.ADDRESS_MISSING),)
    address = read_address(cell.text)
    several = has_several(cell.text)
    if isinstance(address, Reason):
        reason = Reason.SEVERAL_ADDRESSES if several else address
        return None, (_remark(reason, cell, text=cell.text),)
    safe = defang(address.text)
    keep = (f"--keep {number}",)
    doubts = ((Reason.SEVERAL_ADDRESSES, several), (Reason.ADDRESS_END_UNSURE, ends_unsure(address)))
    unsure = tuple(_remark(doubt, cell, text=safe, fixes=keep) for doubt, is_there in doubts if is_there)
    found = personal(address)
    if found and number in choices.masked:
        return mask(address), (*unsure, _remark(Reason.ADDRESS_MASKED, cell, text=safe))
    # A long random value is in half of all phishing links: told, not asked.
    fixes = {
        reason: (f"--mask {number}", *(() if reason is Reason.ADDRESS_HAS_LONG_VALUE else keep))
        for reason in found
    }
    return address, (*unsure, *(_remark(reason, cell, text=safe, fixes=fixes[reason]) for reason in found))


def is_own(address: Address, own_sites: Iterable[str]) -> bool:
    """Return whether `address` is on one of `own_sites` (hosts or addresses) or on a host below one."""
    host = _host(address)
    return any(host == own or host.endswith("." + own) for own in map(_own_host, own_sites) if own)


def _own_host(site: str) -> str:
    address = read_address(site)
    return "" if isinstance(address, Reason) else _host(address).removeprefix("www.")


def _host(address: Address) -> str:
    # The host as the key writes it: in small letters, as ASCII, without the dot of the root.
    bare = Address(beginning="", user=None, host=address.host, port=None, tail="")
    return likeness(bare).removeprefix("://").removesuffix("/")


def _remark(reason: Reason, cell: Cell, *, text: str, fixes: tuple[str, ...] = ()) -> Remark:
    return Remark(reason=reason, column=cell.column, text=shown(text), fixes=fixes)

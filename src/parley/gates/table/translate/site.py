"""A row as an item T2, a site that poses as somebody else's: address, brand, time, particulars.

What cannot be read in a column that need not be there stays a note and does not stop the row.
Source: domain §3.3, T2.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from parley.gates.table.translate.address import Address, likeness
from parley.gates.table.translate.codes import Field, Reason, SiteState
from parley.gates.table.translate.observed import observed_at
from parley.gates.table.translate.place import is_own, judge_address
from parley.gates.table.translate.sheet import (
    Cell,
    Choices,
    Draft,
    Note,
    Remark,
    Site,
    Verdict,
    by_field,
    notes_of,
)
from parley.ui.defang import defang, refang
from parley.ui.letters import shown

_STATES: Final[Mapping[str, SiteState]] = {
    word: state
    for state, words in {
        SiteState.ACTIVE: "active|online|up|alive|live|yes|活跃|存活|在线|可访问|正常|有效|是",
        SiteState.DOWN: (
            "down|offline|inactive|dead|no|失效|已失效|已关闭|关闭|离线|无法访问|不可访问|下线|已下线|否"
        ),
        SiteState.UNKNOWN: "unknown|未知|不详|不明",
    }.items()
    for word in words.split("|")
}
_USED: Final = frozenset(Field) - {Field.SUBJECT, Field.SUBJECT_KIND, Field.QUESTIONS}

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Particulars:
    state: SiteState | None
    ip: str | None
    victims: int | None
    screenshot: str | None
    unread: tuple[Cell, ...]


def read_site(draft: Draft, choices: Choices) -> Verdict:
    """Return the site that `draft` states, if all that a site needs is there, and what is to be said."""
    cells = by_field(draft.cells)
    address, about_address = judge_address(cells.get(Field.URL), draft.number, choices)
    if address is None:
        key = None
    else:
        key = likeness(address)
        about_address = (*_about_owner(address, draft, choices), *about_address)
    brand, about_brand = _brand(cells, choices)
    at, about_time = observed_at(cells, choices)
    particulars = _particulars(cells)
    about_rest = tuple(
        Remark(reason=Reason.KEPT_AS_NOTE, column=cell.column, text=shown(cell.text))
        for cell in particulars.unread
    )
    remarks = (*about_address, *about_brand, *about_time, *about_rest)
    if address is None or brand is None or at is None:
        return Verdict(key=key, remarks=remarks)
    masked = any(remark.reason is Reason.ADDRESS_MASKED for remark in about_address)
    site = _site(draft, particulars, address=address, brand=brand, at=at, masked=masked)
    return Verdict(key=key, item=site, remarks=remarks)


def _site(
    draft: Draft, particulars: _Particulars, *, address: Address, brand: str, at: int, masked: bool
) -> Site:
    cells = by_field(draft.cells)
    unread = tuple(Note(column=cell.column, text=cell.text) for cell in particulars.unread)
    return Site(
        url=address.text,
        host=address.host.lower(),
        key=likeness(address),
        masked=masked,
        observed_at=at,
        target_brand=brand,
        legitimate_url=_text(cells, Field.LEGITIMATE_URL),
        state=particulars.state,
        note=_text(cells, Field.NOTE),
        ip=particulars.ip,
        hosting_provider=_text(cells, Field.HOSTING_PROVIDER),
        registrar=_text(cells, Field.REGISTRAR),
        victims=particulars.victims,
        screenshot=particulars.screenshot,
        notes=notes_of(draft.cells, used=_USED) + unread,
    )


def _brand(cells: Mapping[Field, Cell], choices: Choices) -> tuple[str | None, tuple[Remark, ...]]:
    brand = " ".join((_text(cells, Field.TARGET_BRAND) or choices.target_brand or "").split())
    if brand == "":
        return None, (Remark(reason=Reason.BRAND_MISSING, fixes=("--brand NAME",)),)
    return brand, ()


def _about_owner(address: Address, draft: Draft, choices: Choices) -> tuple[Remark, ...]:
    """Return a remark if nobody poses here: the site is the institution's own."""
    cells = by_field(draft.cells)
    legitimate = _text(cells, Field.LEGITIMATE_URL)
    own_sites = choices.own_sites | ({legitimate} if legitimate is not None else set())
    if not is_own(address, own_sites):
        return ()
    keep = (f"--keep {draft.number}",)
    return (Remark(reason=Reason.OWN_SITE, text=shown(defang(address.text)), fixes=keep),)


def _particulars(cells: Mapping[Field, Cell]) -> _Particulars:
    state = _read(cells, Field.STATE, _read_state)
    ip = _read(cells, Field.IP, _read_ip)
    victims = _read(cells, Field.VICTIMS, _read_count)
    screenshot = _read(cells, Field.SCREENSHOT, _read_digest)
    stated = (
        (state, Field.STATE),
        (ip, Field.IP),
        (victims, Field.VICTIMS),
        (screenshot, Field.SCREENSHOT),
    )
    unread = tuple(cells[field] for value, field in stated if value is None and field in cells)
    return _Particulars(state=state, ip=ip, victims=victims, screenshot=screenshot, unread=unread)


def _read(cells: Mapping[Field, Cell], field: Field, reader: Callable[[str], _Value | None]) -> _Value | None:
    return reader(unicodedata.normalize("NFKC", cells[field].text).strip()) if field in cells else None


def _read_state(text: str) -> SiteState | None:
    return _STATES.get(text.casefold())


def _read_ip(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(refang(text)))
    except ValueError:
        return None


def _read_count(text: str) -> int | None:
    plain = text.replace(",", "")
    return int(plain) if re.fullmatch(r"[0-9]{1,9}", plain) is not None else None


def _read_digest(text: str) -> str | None:
    digest = text.removeprefix("sha256:").lower()
    return digest if re.fullmatch(r"[0-9a-f]{64}", digest) is not None else None


def _text(cells: Mapping[Field, Cell], field: Field) -> str | None:
    return cells[field].text if field in cells else None

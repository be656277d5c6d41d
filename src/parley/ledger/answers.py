"""What comes of a parcel at its receiver, and what goes to a carrier."""

from dataclasses import dataclass


class BadParcelError(Exception):
    """The bytes are not a parcel of a partner of ours. Nothing changed; nothing is told to the sender."""


class UnknownPeerError(BadParcelError):
    """No link expects a parcel with this tag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What goes back to a partner. `changed`: the parcel told something new."""

    link: str
    parcel: bytes
    changed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A parcel for a carrier. It brings our log up to the size `end`; `more`: that is not all of it."""

    parcel: bytes
    end: int
    more: bool

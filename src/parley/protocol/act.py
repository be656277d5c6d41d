"""The act: what a statement says, in six fixed fields, with no erasable content.

An act is strict JSON and holds kinds, ids, codes, counts, numbers and times only; names,
addresses and free text go into the body, which the fold never reads (Spec §6.2, rule Z4).
This page reads the envelope. What `d` may hold for a kind is that kind's own page.

    {"k":"inquiry.refused","v":1,"re":"<43 characters>","by":{"role":"officer","n":4},
     "ref":"B-2026-0311","d":{"items":[2,3],"grounds":["G13"]}}
"""

import base64
import binascii
import re
from collections.abc import Mapping
from operator import itemgetter
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from parley.protocol.breach import BreachError
from parley.protocol.notation import MAX_NUMBER
from parley.protocol.strictjson import JsonValue, compose, read
from parley.protocol.terms import CODE, KIND, MAX_VERSION

MAX_ACT_VALUES: Final = 10_000
MAX_REF: Final = 64
MAX_OFFICER: Final = 1_000_000
ID_BYTES: Final = 32

# What the `d` of several kinds is made of.
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{43}\Z")]
Code = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}\Z")]
Instant = Annotated[int, Meta(ge=0, le=MAX_NUMBER)]
Person = Annotated[int, Meta(ge=1, le=MAX_OFFICER)]

_KEYS: Final = ("k", "v", "re", "by", "ref", "d")
_WRONG_KEYS: Final = "an act has exactly k, v, re, by, ref and d"
_BY_KEYS: Final = frozenset({"role", "n"})
_BACKSLASH: Final = 0x5C
_DELETE: Final = 0x7F
_FIELDS: Final = itemgetter(*_KEYS)
_ID: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_REF: Final = re.compile(r"[ -~]{1,64}")
# Acts hold codes, so they need no more than this; and no table of Unicode, which differs
# between releases, can then make two honest nodes judge one act differently (rule H19).
_PLAIN: Final = re.compile(rb'[ -\[\]-~]*(?:\\[nt"\\][ -\[\]-~]*)*')


class By(Struct, frozen=True, kw_only=True, gc=False):
    """The person for whom the node speaks: a role and an officer's number (0: the node itself)."""

    role: str
    n: int


class Act(Struct, frozen=True, kw_only=True, gc=False):
    """An envelope. `re` is the statement that this one answers, None if it opens a thread."""

    k: str
    v: int
    re: bytes | None
    by: By
    ref: str | None
    d: Mapping[str, JsonValue]


def id_text(statement: bytes) -> str:
    """Return a statement id as acts write it: 43 characters of base64url, no padding."""
    return base64.urlsafe_b64encode(statement).rstrip(b"=").decode()


def short_id(statement: bytes) -> str:
    """Return a statement id as people say it: the first eight characters of base32."""
    return base64.b32encode(statement).decode().lower()[:8]


def read_id(text: JsonValue) -> bytes:
    """Return the 32 bytes of the id that `text` writes; only the canonical form is one.

    Raises:
        BreachError: §6.3.
    """
    if not isinstance(text, str) or _ID.fullmatch(text) is None:
        raise BreachError("6.3", "an id is 43 characters of base64url")
    try:
        statement = base64.b64decode(text + "=", altchars=b"-_", validate=True)
    except binascii.Error as error:  # pragma: no cover - the pattern admits nothing else
        raise BreachError("6.3", "an id is base64url") from error
    if id_text(statement) != text:
        raise BreachError("6.3", "the last character of an id carries stray bits")
    return statement


def read_json(raw: bytes) -> Mapping[str, JsonValue]:
    """Return the object that the bytes of an act hold.

    Raises:
        BreachError: §6.1, which makes the act void as ``bad-json``.
    """
    return read(raw)


def read_act(value: Mapping[str, JsonValue], *, is_plain: bool = False) -> Act:
    """Return the envelope that `value` holds; `is_plain` if `is_unescaped` said so of its bytes.

    Raises:
        BreachError: §6.2, which makes the act void as ``schema``.
    """
    try:
        kind, version, answered, by, ref, body = _FIELDS(value)
    except KeyError:
        raise BreachError("6.2", _WRONG_KEYS) from None
    if len(value) != len(_KEYS):
        raise BreachError("6.2", _WRONG_KEYS)
    if not isinstance(kind, str) or KIND.fullmatch(kind) is None:
        raise BreachError("6.2", "k is the name of a kind")
    if not isinstance(version, int) or isinstance(version, bool) or not 0 < version <= MAX_VERSION:
        raise BreachError("6.2", "v is a whole number from 1")
    if not isinstance(body, dict) or not (is_plain or _is_plain(body)):
        raise BreachError("6.2", "d is an object of codes: printable ASCII only")
    target = None if answered is None else read_id(answered)
    return Act(k=kind, v=version, re=target, by=_read_by(by), ref=_read_ref(ref), d=body)


def _read_by(value: JsonValue) -> By:
    if isinstance(value, dict) and len(value) == len(_BY_KEYS):
        role, n = value.get("role"), value.get("n")
        if isinstance(role, str) and CODE.fullmatch(role) and type(n) is int and 0 <= n <= MAX_OFFICER:
            return By(role=role, n=n)
    raise BreachError("6.2", "by has exactly a role code and an officer's number")


def _read_ref(value: JsonValue) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or _REF.fullmatch(value) is None:
        raise BreachError("6.2", f"ref is at most {MAX_REF} printable ASCII characters")
    return value


def is_unescaped(raw: bytes) -> bool:
    """Return whether strict JSON is ASCII and escapes nothing, so that every text in it is plain."""
    return raw.isascii() and _BACKSLASH not in raw and _DELETE not in raw


def _is_plain(value: Mapping[str, JsonValue]) -> bool:
    # Read off the JSON text, where every other character has another escape, or lies past ASCII.
    return _PLAIN.fullmatch(msgspec.json.encode(value)) is not None


def write_act(act: Act) -> bytes:
    """Return the bytes of `act`: compact, in the order shown above."""
    by = act.by
    return compose_act(act.k, act.v, re=act.re, role=by.role, n=by.n, ref=act.ref, d=act.d)[0]


def compose_act(
    kind: str,
    version: int,
    *,
    re: bytes | None,
    role: str,
    n: int,
    ref: str | None,
    d: Mapping[str, JsonValue],
) -> tuple[bytes, Mapping[str, JsonValue]]:
    """Return the bytes of the act of these fields, as `write_act` does, and the object that they hold."""
    return compose(
        {
            "k": kind,
            "v": version,
            "re": None if re is None else id_text(re),
            "by": {"role": role, "n": n},
            "ref": ref,
            "d": dict(d),
        }
    )

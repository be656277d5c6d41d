"""Every parser that reads bytes from outside, as a function of bytes that may do nothing but say yes or no.

A target returns, or raises what its parser is documented to raise (`REFUSALS`); everything else is a fault:
another exception, a loop, a value that is written back as other bytes, two readers that disagree. Bytes come
from tools/fuzz.py by the million, and from test_corpus.py those that were worth keeping.
"""

import atexit
import io
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final, TypeAlias

from parley.gates.table.translate import SheetError, read_file, read_pasted
from parley.ledger.asking import NotADraftError, read_draft, read_results
from parley.ledger.home import read_config
from parley.ledger.offers import read_offer
from parley.protocol import card as cards
from parley.protocol import carried, head, note, parcel, recovery, revocation, strictjson, tree, webauthn
from parley.protocol import entry as entries
from parley.protocol.act import read_act, read_json, write_act
from parley.protocol.breach import BreachError
from parley.protocol.dialogue.clause import MAX_EN, MAX_ZH
from parley.protocol.dialogue.figures import unequal
from parley.protocol.dialogue.release import read_outcomes
from parley.protocol.directory import read_directory, write_directory
from parley.protocol.form import VoidError, read_said
from parley.protocol.kinds import KINDS
from parley.protocol.names import parse_channel, parse_origin
from parley.protocol.officetime import MAX_INSTANT, Calendar, read_calendar, read_limit, run_limit
from parley.protocol.terms import read_terms
from parley.protocol.verify.findings import Result
from parley.protocol.verify.judge import Asked, verify
from parley.protocol.webauthn import is_signed
from parley.signer import wire as signing
from parley.work.home import Home, HomeError
from parley.work.sock import LENGTH, CoreError, FrameError, read_body, read_length
from tests.fuzz.door import ask
from tests.two_nodes.pair import MEMORY, SUITE
from tests.two_nodes.toy import Toy

Target: TypeAlias = Callable[[bytes], None]


class UnprovedError(Exception):
    """An export that proves nothing."""


CORPUS: Final = Path(__file__).parent / "corpus"
REFUSALS: Final = (
    BreachError,
    VoidError,
    SheetError,
    HomeError,
    NotADraftError,
    FrameError,
    CoreError,
    UnprovedError,
)
EMPTY: Final = parcel.Parcel(sender="a.example", receiver="b.example", channel="live/a-b/main")
STATUSES: Final = frozenset({100, 200, 400, 403, 404, 405, 408, 411, 413, 417, 429, 503})
SEED, PRIVATE = bytes(32), bytes(96)
"""Keys of the toy suite, with which the parcel in the corpus was made."""
LIMITS: Final = ("30m", "8h", "3d", "10wd")


def _text(raw: bytes) -> str:
    return raw.decode("latin-1")


def read_note(raw: bytes) -> None:
    """A note is written back as the bytes it was read from."""
    assert note.encode(note.parse(raw)) == raw


def read_vkey(raw: bytes) -> None:
    assert note.parse_vkey(_text(raw)).text == _text(raw)


def read_entry(raw: bytes) -> None:
    """One entry has one form."""
    parsed = entries.parse(raw)
    assert entries.encode_text(parsed.entry) == parsed.text
    assert parsed.lines or parsed.text == raw


def read_head(raw: bytes) -> None:
    found = head.parse_text(raw)
    assert found.text() == raw
    assert note.read_checkpoint(raw) == (found.origin, found.size, found.root)


def read_card(raw: bytes) -> None:
    """The text of a card, its note, and its hash."""
    assert cards.parse_text(raw).text() == raw


def read_card_note(raw: bytes) -> None:
    cards.check_first(cards.parse(raw), suite=Toy())


def read_frames(raw: bytes) -> None:
    """What the frames say is said again by frames of ours, whatever else lay between them."""
    found = parcel.decode_frames(raw, EMPTY)
    ending = b"Z" + bytes(4) + b"S" + bytes(4)
    assert parcel.decode_frames(parcel.encode_frames(found) + ending, EMPTY) == found


def read_parcel(raw: bytes) -> None:
    parcel.tag_of(raw)
    parcel.open_parcel(
        raw,
        sender="a.example",
        receiver="b.example",
        channel="live/a-b/main",
        link_public=Toy().ed25519_public(SEED),
        seal_private=PRIVATE,
        suite=Toy(),
    )


def read_frontier(raw: bytes) -> None:
    found = tree.Frontier.decode(raw)
    assert found.encode() == raw
    assert len(found.root()) == tree.HASH_SIZE


def read_strictjson(raw: bytes) -> None:
    """Both of our readers decide alike, and what they take the standard library reads as the same."""
    try:
        strictjson.scan(raw)
        is_strict = True
    except BreachError:
        is_strict = False
    value = strictjson.read(raw)
    assert is_strict
    assert value == json.loads(raw)
    assert strictjson.read(strictjson.write(value)) == value


def read_an_act(raw: bytes) -> None:
    act = read_act(read_json(raw))
    assert read_act(read_json(write_act(act))) == act
    if act.k in KINDS:
        read_said(act)


def read_contacts(raw: bytes) -> None:
    directory = read_directory(strictjson.read(raw))
    assert read_directory(write_directory(directory)) == directory


def read_the_terms(raw: bytes) -> None:
    terms = read_terms(_text(raw))
    for calendar in terms.calendars.values():
        _walk(calendar)


def read_a_calendar(raw: bytes) -> None:
    """A calendar is not only read: every limit ends at some moment."""
    _walk(read_calendar(strictjson.read(raw)))


def _walk(calendar: Calendar) -> None:
    for text in LIMITS:
        for start in (0, 1_793_610_000, MAX_INSTANT // 2):
            pauses = ((start + 60, start + 120),)
            run_limit(read_limit(text), calendar, start=start, pauses=pauses, waits=True)


def read_an_offer(raw: bytes) -> None:
    read_offer(raw, suite=Toy())


def read_the_config(raw: bytes) -> None:
    """`parley.toml` is written by people; any bytes may stand in it."""
    home = _home()
    home.settings_file.write_bytes(raw)
    read_config(home)


@cache
def _home() -> Home:
    folder = Path(tempfile.mkdtemp(prefix="parley-fuzz-", dir=MEMORY))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Home(root=folder)


def read_a_file(raw: bytes) -> None:
    """What officers drop: CSV and text of any encoding."""
    read_file(raw)


def read_a_paste(raw: bytes) -> None:
    read_pasted(raw.decode("utf-8", "replace"))


def read_http(raw: bytes) -> None:
    """Any bytes at the partner's door: an answer of those in §5.6, never our own failure."""
    said = ask(raw)
    statuses = {int(line.split(b" ")[1]) for line in said.split(b"\r\n") if line.startswith(b"HTTP/1.")}
    assert statuses <= STATUSES, said


def read_frame(raw: bytes) -> None:
    """What comes through core.sock, as far as it is a draft."""
    read_length(raw[: LENGTH.size].ljust(LENGTH.size))
    value = read_body(raw[LENGTH.size :])
    match value:
        case {"drafts": list(drafts)}:
            for draft in drafts:
                assert read_draft(draft).link is not None
        case _:
            read_results(value)


def read_names(raw: bytes) -> None:
    text = _text(raw)
    assert parse_origin(text).text == text
    channel = text.split("/", 1)[1].rpartition("/")[0]
    assert parse_channel(channel).text == channel


def read_recovery(raw: bytes) -> None:
    purpose, ending = recovery.parse_text(raw)
    assert ending.text(purpose) == raw


def read_revocation(raw: bytes) -> None:
    assert revocation.parse_text(raw).text() == raw


def read_a_list(raw: bytes) -> None:
    """A list of outcomes has one form, and whatever its lines say, their figures are read."""
    lines = raw.decode("utf-8", "replace").split("\n")
    for one, two in pairwise(lines):
        unequal(one[:MAX_EN], two[:MAX_ZH])
    assert read_outcomes(raw).text() == raw


def read_credential(raw: bytes) -> None:
    """An authenticator's key, and what it would have signed."""
    is_signed(raw, raw, text=b"text", suite=Toy())
    assert webauthn.read_credential(raw).public == raw


def read_carried(raw: bytes) -> None:
    """A stick with parcels."""
    parcels = list(carried.read_parcels(io.BytesIO(raw).read))
    assert carried.MAGIC + b"".join(map(carried.write_parcel, parcels)) == raw


def read_signer(raw: bytes) -> None:
    """What comes through signer.sock, and what the signer answers."""
    try:
        assert signing.frame(signing.read_request(raw))
    except FrameError:
        assert signing.frame(signing.read_answer(raw))


def read_export(raw: bytes) -> None:
    """The one file of the judge: whatever its bytes say, there is a finding."""
    found = verify(io.BytesIO(raw), size=len(raw), asked=Asked(), suite=SUITE)
    if found.result in {Result.UNREADABLE, Result.REFUSED}:
        raise UnprovedError(found.reason)


TARGETS: Final[Mapping[str, Target]] = {
    "note": read_note,
    "vkey": read_vkey,
    "entry": read_entry,
    "head": read_head,
    "card": read_card,
    "card-note": read_card_note,
    "frames": read_frames,
    "parcel": read_parcel,
    "frontier": read_frontier,
    "strictjson": read_strictjson,
    "act": read_an_act,
    "terms": read_the_terms,
    "calendar": read_a_calendar,
    "offer": read_an_offer,
    "config": read_the_config,
    "table": read_a_file,
    "paste": read_a_paste,
    "http": read_http,
    "sock": read_frame,
    "names": read_names,
    "recovery": read_recovery,
    "revocation": read_revocation,
    "outcomes": read_a_list,
    "webauthn": read_credential,
    "carried": read_carried,
    "signer": read_signer,
    "export": read_export,
    "contacts": read_contacts,
}


def bring(name: str, raw: bytes) -> bool:
    """Give `raw` to the target `name`; return whether it was taken, and not refused."""
    try:
        TARGETS[name](raw)
    except REFUSALS:
        return False
    return True

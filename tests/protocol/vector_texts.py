"""The vectors of what is written as text: names, notes, cosignatures, heads, entries, cards."""

from dataclasses import replace as replace_card

from msgspec.structs import replace

from parley.protocol import note, tree
from parley.protocol.card import Card, card_hash, digits, keys_hash, sign_card, write_keys
from parley.protocol.entry import Entry, Seen, encode_signed, encode_text
from parley.protocol.note import Algorithm, Note, VerifyKey, new_sign_key
from parley.protocol.revocation import Revocation, sign_revocation
from parley.protocol.suite import LOW_ORDER
from tests.protocol import samples as s
from tests.protocol.recorded import Recorded
from tests.protocol.vector_cases import Case, b64, edit, wrong


def names(_: Recorded) -> Case:
    label = "a" + "-" * 30 + "z"
    long_node = ".".join(["abcdefghi"] * 6) + ".abcd"
    valid = {
        "node": ["a", "a.example", "x-1.y--2.z", f"{label}.{label[:-1]}"[:64].rstrip("-"), long_node],
        "channel": [s.CHANNEL, "demo/a-b/hot", f"{label}/{label}/{label}"],
        "origin": [s.LOG_A, s.LOG_B, f"abcd.example/{label}/{label}/{label}/5e0c9a71"],
    }
    invalid = {
        "node": [
            "",
            ".",
            "a.",
            ".a",
            "a..b",
            "-a",
            "a-",
            "A.example",
            "a_b",
            "a b",
            "a.example\n",
            "ä.example",
            f"{label}a",
            "a." * 32 + "a",
            "a/b",
        ],
        "channel": [
            "",
            "live",
            "live/a-b",
            "live/a-b/main/x",
            "/a-b/main",
            "live//main",
            "live/a-b/main\n",
            "live/A/x",
        ],
        "origin": [
            s.LOG_A[:-1],
            s.LOG_A + "0",
            s.LOG_A[:-1] + "g",
            s.LOG_A.upper(),
            "/" + s.LOG_A,
            s.LOG_A + "\n",
            f"abcde.example/{label}/{label}/{label}/5e0c9a71",
            "a." * 32 + "a/live/a-b/main/5e0c9a71",
        ],
    }
    return {"spec": "§3.1", "valid": valid, "invalid": invalid}


def entry(suite: Recorded) -> Case:
    plain = s.plain_entry()
    signed = s.signed_entry_note(suite)
    bare = Entry(time=1, act=plain.act)
    seen = tuple(
        Seen(origin=f"n{at:02}.example/{s.CHANNEL}/00000000", size=at + 1, root=s.ROOT) for at in range(16)
    )
    full = replace(plain, log=s.LOG_A, time=99_999_999_999, seen=seen, parts=plain.parts * 256)
    valid = [
        _entry("the common case", plain, encode_text(plain)),
        _entry("the shortest", bare, encode_text(bare)),
        _entry(
            "signed by two persons", replace(plain, log=s.LOG_A), encode_signed(signed.text, signed.lines)
        ),
        _entry("sixteen seen lines and 256 parts", full, encode_text(full)),
    ]
    return {"spec": "§4.2", "valid": valid, "invalid": _broken_entries(plain, signed)}


def _entry(about: str, value: Entry, raw: bytes) -> Case:
    return {
        "about": about,
        "raw": raw.decode(),
        "time": value.time,
        "log": value.log,
        "seen": [[each.origin, each.size, each.root.hex()] for each in value.seen],
        "act": [value.act.hash.hex(), value.act.size],
        "parts": [[each.hash.hex(), each.size] for each in value.parts],
        "leaf": tree.leaf_hash(raw).hex(),
    }


def _broken_entries(plain: Entry, signed: Note) -> list[Case]:
    text = encode_text(plain).decode()
    seen = text.split("\n")[2] + "\n"
    part = text.split("\n")[4] + "\n"
    second = seen.replace("b.example", "c.example")
    unlogged = note.encode(Note(text=text.encode(), lines=signed.lines)).decode()
    return [
        edit("another version", "4.2", "parley/v1", "parley/v2"),
        edit("no final line feed", "4.2", part, part[:-1]),
        edit("carriage returns", "4.2", "\n", "\r\n"),
        edit("time with leading zero", "4.2", "time 1", "time 01"),
        edit("time zero", "4.2", f"time {s.NOON}", "time 0"),
        edit("time of twelve digits", "4.2", f"time {s.NOON}", "time 100000000000"),
        edit("negative time", "4.2", "time 1", "time -1"),
        edit("no time", "4.2", f"time {s.NOON}\n", ""),
        edit("two times", "4.2", f"time {s.NOON}\n", f"time {s.NOON}\n" * 2),
        edit("two spaces", "4.2", "act ", "act  "),
        edit("space at the end", "4.2", " 312\n", " 312 \n"),
        edit("size zero", "4.2", " 312\n", " 0\n"),
        edit("size past 2^53 - 1", "4.2", " 312\n", " 9007199254740992\n"),
        edit("loose bits in the base64", "4.2", "= 312\n", "_ 312\n"),
        edit("no act", "4.2", text[text.index("act ") : text.index("part ")], ""),
        edit("part before act", "4.2", "act ", part + "act "),
        edit("one log seen twice", "4.2", seen, seen * 2),
        edit("seen lines not sorted", "4.2", seen, second + seen),
        edit("seventeen seen lines", "4.2", seen, _many_seen(seen)),
        edit("257 parts", "4.2", part, part * 257),
        edit("an unknown line", "4.2", "act ", "note hello\nact "),
        edit("seen a thing that is no log", "3.1", "b.example/live", "b.example//live"),
        edit("log after seen", "4.2", seen, f"{seen}log {s.LOG_A}\n"),
        wrong("signed without a log line", "4.2", raw=unlogged),
        wrong("a line cut off", "2.2", raw=note.encode(signed).decode()[:-1]),
        wrong("an empty line and nothing after it", "2.5", raw=text + "\n"),
        wrong("nothing", "4.2", raw=""),
        wrong("65,536 bytes", "4.2", raw=text + "x" * (65_536 - len(text))),
    ]


def _many_seen(seen: str) -> str:
    return "".join(seen.replace("b.example", f"n{at:02}.example") for at in range(17))


def signed_note(suite: Recorded) -> Case:
    key = new_sign_key(f"{s.A}/link", Algorithm.ED25519, s.KEYS_A.seed("link"), suite=suite)
    text = "A text.\n\nIt may have empty lines, and 中文.\n"
    line = note.sign(text.encode(), key, suite)
    stranger = replace(line, name="someone.else/key")
    officer = note.Line(
        name=f"{s.A}/officer/4", key_id=b"\xff\x00\x01\x02", payload=b"\x00\x01a\x00\x01b\x00\x01c"
    )
    both = Note(text=text.encode(), lines=(stranger, line, officer))
    raw = note.encode(both).decode()
    known = f"— {key.name} "
    signature = raw[raw.index(known) : raw.index("\n", raw.index(known)) + 1]
    valid = [
        {
            "about": "a known line between two unknown ones",
            "note": raw,
            "vkeys": [key.verify_key.text],
            "text": text,
            "signers": [[key.name, None]],
            "lines": 3,
        }
    ]
    invalid = [
        edit("the text changed", "2.5", "A text", "Another text"),
        edit("a known line twice", "2.5", signature, signature * 2),
        edit("no lines", "2.5", raw[raw.rindex("\n\n") + 2 :], ""),
        wrong("no empty line", "2.2", note=raw.replace("\n\n", "\n")),
        edit("a tab", "2.2", "A text", "A\ttext"),
        edit("a carriage return", "2.2", "A text.\n", "A text.\r\n"),
        edit(
            "no final line feed",
            "2.2",
            signature + raw[raw.index(signature) + len(signature) :],
            signature[:-1],
        ),
        edit("a hyphen for the dash", "2.2", f"— {key.name}", f"- {key.name}"),
        edit("a plus in a name", "2.2", "someone.else/key", "someone+else/key"),
        edit("a space in a name", "2.2", "someone.else/key", "someone\u2003else"),
        edit("no name", "2.2", "— someone.else/key ", "—  "),
        edit("base64 without padding", "2.2", "=\n", "\n"),
        edit("no signature behind the key id", "2.2", signature, f"— {key.name} {b64(key.key_id)}\n"),
        edit(
            "a signature of 63 bytes",
            "2.5",
            signature,
            f"— {key.name} {b64(key.key_id + line.payload[:-1])}\n",
        ),
        edit("seventeen lines", "2.5", signature, signature + f"— x/y {b64(bytes(5))}\n" * 14),
    ]
    return {"spec": "§2.2, §2.5", "valid": valid, "invalid": invalid}


def cosignature(_: Recorded) -> Case:
    text = s.sample_head().text()
    keys = (*s.writers_of_a().values(), *s.receipters_of_b().values())
    stamped = s.NOON + 3
    valid = [
        {
            "type": f"0x{key.algorithm.value:02x}",
            "name": key.name,
            "public": b64(key.public),
            "key_id": key.key_id.hex(),
            "vkey": key.text,
            "message": _message(key, text, stamped).hex(),
        }
        for key in keys
    ]
    return {"spec": "§2.2, §2.4", "head": text.decode(), "time": stamped, "valid": valid}


def _message(key: VerifyKey, text: bytes, time: int) -> bytes:
    if key.algorithm is Algorithm.ED25519:
        return text
    if key.algorithm is Algorithm.COSIGNATURE:
        return note.cosignature_message(text, time)
    return note.subtree_message(text, name=key.name, time=time)


def head(suite: Recorded) -> Case:
    written, receipt = s.head_note(suite=suite), s.receipt_note(suite=suite)
    four = Note(text=s.sample_head().text(), lines=note.parse(written).lines + note.parse(receipt).lines)
    raw = note.encode(four).decode()
    writer, received = (_lines_of(raw, name) for name in (s.LOG_A, f"{s.B}/receipt"))
    value = s.sample_head()
    later = _lines_of(s.receipt_note(time=s.NOON + 4, suite=suite).decode(), f"{s.B}/receipt")
    keys = {use: [key.text for key in pair] for use, pair in _key_pairs().items()}
    valid = [
        {
            "about": "a head with its receipt, all four lines",
            "note": raw,
            "origin": value.origin,
            "size": value.size,
            "root": value.root.hex(),
            "signed_at": s.NOON,
            "received_at": s.NOON + 3,
        }
    ]
    head_only = [
        edit("only the 0x01 line of the writer", "4.5", writer[1], ""),
        edit("only the 0x06 line of the writer", "4.5", writer[0], ""),
        edit("the 0x06 line twice", "2.5", writer[1], writer[1] * 2),
        edit("an extension line", "4.5", "\n\n—", "\nextension\n\n—"),
        edit("another size", "2.5", "\n20\n", "\n21\n"),
        edit("size zero", "4.5", "\n20\n", "\n0\n"),
        edit("size with leading zero", "4.5", "\n20\n", "\n020\n"),
        edit("another log", "2.5", f"{s.LOG_A}\n20", f"{s.LOG_B}\n20"),
        edit("no log", "3.1", f"{s.LOG_A}\n20", "example.com/log\n20"),
    ]
    receipt_only = [
        edit("only the 0x04 line of the receipt", "4.5", received[1], ""),
        edit("only the 0x06 line of the receipt", "4.5", received[0], ""),
        edit("two times in one receipt", "4.6", received[1], later[1]),
    ]
    return {
        "spec": "§4.5, §4.6",
        "keys": keys,
        "valid": valid,
        "invalid_head": head_only,
        "invalid_receipt": receipt_only,
    }


def _key_pairs() -> dict[str, tuple[VerifyKey, ...]]:
    return {"write": tuple(s.writers_of_a().values()), "receipt": tuple(s.receipters_of_b().values())}


def _lines_of(raw: str, name: str) -> list[str]:
    return [f"{line}\n" for line in raw.split("\n") if line.startswith(f"— {name} ")]


def card(suite: Recorded) -> Case:
    first = s.CARD_A
    roots = tuple(s.KEYS_A.seed(f"new root {person}") for person in (1, 2))
    publics = (first.roots[2], *(suite.ed25519_public(root) for root in roots))
    second = s.next_card(first, url=None, tls_sha256=None, threshold=1, roots=publics)
    one = sign_card(first, s.KEYS_A.roots[:2], suite=suite)
    two = sign_card(second, (s.KEYS_A.roots[0], s.KEYS_A.roots[2]), suite=suite, previous=first)
    few = sign_card(first, s.KEYS_A.roots[:1], suite=suite).decode()
    unsigned_by_old = sign_card(second, roots[:1], suite=suite, previous=first).decode()
    third = s.next_card(second, write_ed25519=suite.ed25519_public(s.KEYS_A.seed("third write ed25519")))
    promising = replace_card(second, next_keys=keys_hash(third))
    kept = s.next_card(promising, write_ed25519=third.write_ed25519)
    broken = s.next_card(promising, next_keys=None)
    promise = sign_card(promising, (s.KEYS_A.roots[0], s.KEYS_A.roots[2]), suite=suite, previous=first)
    other = card_hash(s.CARD_B)
    valid = [
        _card("the first card", first, one, other),
        _card("the next card, two new roots", second, two, other),
    ]
    promised = {
        "old": promise.decode(),
        "kept": sign_card(kept, s.KEYS_A.roots[2:], suite=suite, previous=promising).decode(),
        "broken": sign_card(broken, s.KEYS_A.roots[2:], suite=suite, previous=promising).decode(),
        "broken_by_all": sign_card(
            broken, (s.KEYS_A.roots[2], *roots), suite=suite, previous=promising
        ).decode(),
    }
    return {
        "spec": "§3.2 to §3.4",
        "partner_hash": other.hex(),
        "valid": valid,
        "invalid": _broken_cards(first),
        "invalid_first": [wrong("one root of two signed", "3.4", note=few)],
        "invalid_next": [wrong("no root of the old card signed", "3.4", note=unsigned_by_old)],
        "promised": promised,
    }


def revocation(suite: Recorded) -> Case:
    value = Revocation(origin=s.LOG_A, size=20, card=card_hash(s.CARD_A))
    keys = [
        new_sign_key(f"{s.A}/root/{n}", Algorithm.ED25519, seed, suite=suite)
        for n, seed in enumerate(s.KEYS_A.roots, start=1)
    ]
    raw = sign_revocation(value, keys[:2], suite).decode()
    few = sign_revocation(value, keys[:1], suite).decode()
    valid = {"about": "signed by two roots of three", "note": raw, "countersigned": 20}
    return {
        "spec": "§7.2.8",
        "card": s.CARD_A.text().decode(),
        "valid": [{**valid, "origin": value.origin, "size": value.size, "card_hash": value.card.hex()}],
        "invalid": [
            wrong("one root of two signed", "7.2", note=few, countersigned=20),
            wrong("below what was countersigned", "7.2", note=raw, countersigned=21),
            {**edit("another size", "2.5", "\n20\n", "\n21\n"), "countersigned": 0},
            {**edit("size with leading zero", "7.2", "\n20\n", "\n020\n"), "countersigned": 0},
            {**edit("another version", "7.2", "revoke/v1", "revoke/v2"), "countersigned": 0},
            {**edit("the log of another node", "7.2", s.LOG_A, s.LOG_B), "countersigned": 0},
        ],
    }


def _card(about: str, value: Card, raw: bytes, other: bytes) -> Case:
    own = [key.text for key in write_keys(value, s.LOG_A)]
    digest = card_hash(value)
    return {
        "about": about,
        "note": raw.decode(),
        "hash": digest.hex(),
        "digits": list(digits(digest, other)),
        "write_vkeys": own,
        "roots": [root.hex() for root in value.roots],
        "threshold": value.threshold,
    }


def _broken_cards(first: Card) -> list[Case]:
    link, root = f"link ed25519 {b64(first.link_ed25519)}\n", f"root ed25519 {b64(first.roots[0])}\n"
    weak = b64(min(LOW_ORDER))
    return [
        edit("another version", "3.2", "parley-card/v1", "parley-card/v2"),
        edit("no node name", "3.1", f"node {s.A}\n", "node a..example\n"),
        edit("serial with leading zero", "3.2", "serial 1\n", "serial 01\n"),
        edit("serial 2 without the card before", "3.2", "serial 1\n", "serial 2\n"),
        edit("serial 1 with a card before", "3.2", "serial 1\n", f"serial 1\nprev {b64(s.ROOT)}\n"),
        edit("a missing line", "3.2", link, ""),
        edit("a line twice", "3.2", link, link * 2),
        edit("an unknown line", "3.2", link, link + "fax 1\n"),
        edit("two lines exchanged", "3.2", f"node {s.A}\nserial 1\n", f"serial 1\nnode {s.A}\n"),
        edit("threshold zero", "3.2", "root 2\n", "root 0\n"),
        edit("threshold above the roots", "3.2", "root 2\n", "root 4\n"),
        edit("threshold nine", "3.2", "root 2\n", "root 9\n"),
        edit("one root twice", "3.2", root, root * 2),
        edit("link key is a root", "3.2", link, f"link{root[4:]}"),
        edit("a key of low order", "2.3", link, f"link ed25519 {weak}\n"),
        edit("an ML-DSA key of 1,311 bytes", "3.2", b64(first.write_ml_dsa), b64(first.write_ml_dsa[:-1])),
        edit("a seal key of 1,217 bytes", "3.2", b64(first.seal_x_wing), b64(first.seal_x_wing + b"x")),
        edit("two lattice keys alike", "3.2", b64(first.write_ml_dsa), b64(first.receipt_ml_dsa)),
        edit("a url of another scheme", "3.2", "url https:", "url ftp:"),
        edit("two urls", "3.2", "url ", "url http://a\nurl "),
        edit("a url of 256 bytes", "3.2", "url https://", f"url https://{'a' * 250}"),
        edit("url before tls", "3.2", "tls sha256 ", "url http://a\ntls sha256 "),
        edit(
            "seventeen roots",
            "3.2",
            root,
            "".join(f"root ed25519 {b64(bytes([at]) * 32)}\n" for at in range(2, 16)) + root,
        ),
    ]

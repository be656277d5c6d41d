"""The vectors of what is bytes: the tree, parts, parcels and their frames, strict JSON."""

import hashlib
from dataclasses import replace

from parley.protocol import note, tree
from parley.protocol.note import Algorithm, new_sign_key
from parley.protocol.padding import padded
from parley.protocol.parcel import Parcel, Stretch, encode_frames, tag
from parley.protocol.part import context, seal_part
from parley.protocol.presence import counted, read_presence
from tests.protocol import samples as s
from tests.protocol.recorded import Recorded
from tests.protocol.vector_cases import Case, b64, wrong


def merkle_tree(_: Recorded) -> Case:
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    leaves = [tree.leaf_hash(bytes.fromhex(each)) for each in entries]
    valid = []
    for size in range(len(leaves) + 1):
        front = tree.EMPTY.extend(leaves[:size])
        proofs = {
            "inclusion": [
                [step.hex() for step in tree.inclusion_proof(leaves[:size], at)] for at in range(size)
            ],
            "consistency": [
                [step.hex() for step in tree.consistency_proof(leaves[:size], old)] for old in range(size + 1)
            ],
        }
        valid.append({"size": size, "root": front.root().hex(), "frontier": front.encode().hex(), **proofs})
    seven = tree.EMPTY.extend(leaves).encode()
    invalid = [
        wrong("a peak too few", "4.1", frontier=seven[:-32].hex()),
        wrong("a peak too many", "4.1", frontier=(seven + bytes(32)).hex()),
        wrong("a byte too few", "4.1", frontier=seven[:-1].hex()),
        wrong("no size", "4.1", frontier="00"),
        wrong("more leaves than there are numbers", "4.1", frontier=(2**53).to_bytes(8).hex() + "00" * 32),
    ]
    return {"spec": "§4.1", "entries": entries, "valid": valid, "invalid": invalid}


def part(suite: Recorded) -> Case:
    scopes = {"an act or a body": s.LOG_A, "another part": f"{s.A}/{s.CHANNEL}"}
    valid = []
    for about, scope in scopes.items():
        for plain in (b"", b'{"k":"received"}', bytes(16_384)):
            sealed = seal_part(plain, scope=scope, suite=suite)
            shown = {"plaintext": b64(plain)} if len(plain) < 100 else {"zero_bytes": len(plain)}
            cipher = {"ciphertext": b64(sealed.ciphertext)}
            valid.append(
                {
                    "about": f"{about}, {len(plain)} bytes",
                    "scope": scope,
                    "context": context(scope).hex(),
                    "key": sealed.key.hex(),
                    **shown,
                    **cipher,
                    "hash": sealed.hash.hex(),
                    "size": sealed.size,
                }
            )
    small = seal_part(b"{}", scope=s.LOG_A, suite=suite)
    cases = (
        ("the scope of another part", {"scope": f"{s.A}/{s.CHANNEL}"}),
        ("another log", {"scope": s.LOG_B}),
        ("another key", {"key": s.ROOT.hex()}),
        ("the key that says lost", {"key": "00" * 32}),
        ("a byte too few", {"ciphertext": b64(small.ciphertext[:-1])}),
        ("a byte too many", {"ciphertext": b64(small.ciphertext + b"x")}),
        (
            "another commitment",
            {"ciphertext": b64(small.ciphertext[:24] + bytes(32) + small.ciphertext[56:])},
        ),
        ("nothing", {"ciphertext": ""}),
    )
    right = {"scope": s.LOG_A, "key": small.key.hex(), "ciphertext": b64(small.ciphertext)}
    return {
        "spec": "§4.3",
        "valid": valid,
        "invalid": [*({"about": about, **right, **change} for about, change in cases), *_cut(suite)],
    }


def _cut(suite: Recorded) -> list[Case]:
    """Return parts whose last chunk is not the one they were sealed with."""
    full = seal_part(bytes(16_384), scope=s.LOG_A, suite=suite)
    more = seal_part(bytes(16_394), scope=s.LOG_A, suite=suite)
    one, last = more.ciphertext[56:16_456], more.ciphertext[16_456:]
    cases = {
        "the empty last chunk cut off": (full, full.ciphertext[:-16]),
        "the empty last chunk twice": (full, full.ciphertext + full.ciphertext[-16:]),
        "the empty last chunk cut short": (full, full.ciphertext[:-1]),
        "a last chunk cut off behind a full one": (more, more.ciphertext[:16_456]),
        "the chunks exchanged": (more, more.ciphertext[:56] + last + one),
    }
    return [
        {"about": about, "scope": s.LOG_A, "key": whole.key.hex(), "ciphertext": b64(raw)}
        for about, (whole, raw) in cases.items()
    ]


def parcel(suite: Recorded) -> Case:
    full = replace(
        s.sample_parcel(suite), cards=(s.card_note(suite=suite),), receipts=(s.receipt_note(suite=suite),)
    )
    empty = Parcel(sender=s.A, receiver=s.B, channel=s.CHANNEL)
    stretches = (
        Stretch(hash=s.ROOT, offset=0, content=b"a salt, a commitment, and the first bytes of a chunk"),
        Stretch(hash=s.ROOT, offset=1_000_000, content=b"?"),
        Stretch(hash=bytes(range(32)), offset=2**53 - 1, content=bytes(3)),
    )
    filed = replace(empty, stretches=stretches)
    valid = [
        _parcel("a card, two entries, a receipt", full, seal(encode_frames(full), suite=suite)),
        _parcel("nothing new", empty, seal(encode_frames(empty), suite=suite)),
        _parcel("a frame of the future", empty, seal(frame(b"q", b"?") + encode_frames(empty), suite=suite)),
        _parcel("stretches of two files", filed, seal(encode_frames(filed), suite=suite)),
    ]
    return {
        "spec": "§5.1, §5.2",
        "sender": s.A,
        "receiver": s.B,
        "channel": s.CHANNEL,
        "link_seed": s.KEYS_A.seed("link").hex(),
        "link_public": s.CARD_A.link_ed25519.hex(),
        "seal_private": b64(s.KEYS_B.x_wing),
        "seal_public": b64(s.CARD_B.seal_x_wing),
        "tag": tag(s.A, s.B, s.CHANNEL, seal_public=s.CARD_B.seal_x_wing).hex(),
        "padded": [[size, padded(size)] for size in (0, 1, 2, 9, 100, 1_000, 4_000, 65_537, 1_000_000)],
        "valid": valid,
        "invalid": _unsealable(suite),
        "invalid_frames": _broken_frames(),
    }


def frame(kind: bytes, body: bytes = b"") -> bytes:
    return kind + len(body).to_bytes(4, "big") + body


def seal(
    frames: bytes,
    *,
    suite: Recorded,
    seed: bytes = s.KEYS_A.seed("link"),
    receiver: str = s.B,
    covered: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """Return a parcel with `frames`, padding of three bytes and a signature, all by hand."""
    before = frames + frame(b"Z", bytes(3))
    digest = b64(hashlib.sha256(covered or before).digest())
    text = f"parley-parcel/v1\n{s.A}\n{receiver}\n{s.CHANNEL}\n{digest}\n".encode()
    key = new_sign_key(f"{s.A}/link", Algorithm.ED25519, seed, suite=suite)
    signature = note.encode(note.Note(text=text, lines=(note.sign(text, key, suite),)))
    return envelope(before + frame(b"S", signature) + after, suite=suite)


def envelope(frames: bytes, *, suite: Recorded, channel: str = s.CHANNEL) -> bytes:
    public = s.CARD_B.seal_x_wing
    info = f"parley/parcel/v1\n{s.A}\n{s.B}\n{channel}\n".encode()
    clear = b"PARLEY1\n" + tag(s.A, s.B, s.CHANNEL, seal_public=public)
    return clear + suite.seal(public, info=info, plaintext=frames)


def _parcel(about: str, value: Parcel, raw: bytes) -> Case:
    pieces = [
        {
            "note": piece.note.decode(),
            "start": piece.start,
            "entries": [each.decode() for each in piece.entries],
            "keys": [[digest.hex(), key.hex()] for digest, key in piece.keys],
            "blobs": [b64(blob) for blob in piece.blobs],
        }
        for piece in value.pieces
    ]
    return {
        "about": about,
        "sealed": b64(raw),
        "cards": [each.decode() for each in value.cards],
        "recover": value.recover,
        "pieces": pieces,
        "receipts": [each.decode() for each in value.receipts],
        "haves": [[have.origin, have.size] for have in value.haves],
        "wants": [[want.hash.hex(), want.offset] for want in value.wants],
        "stretches": [[each.hash.hex(), each.offset, b64(each.content)] for each in value.stretches],
    }


def _unsealable(suite: Recorded) -> list[Case]:
    have = frame(b"H")
    good = seal(have, suite=suite)
    cases = {
        "signed by another key": seal(have, suite=suite, seed=s.KEYS_B.seed("link")),
        "signed over other frames": seal(have, suite=suite, covered=b"other frames"),
        "signed for another receiver": seal(have, suite=suite, receiver="c.example"),
        "a frame behind the signature": seal(have, suite=suite, after=frame(b"q")),
        "no signature": envelope(have + frame(b"Z"), suite=suite),
        "a signature that is no note": envelope(have + frame(b"Z") + frame(b"S", b"?"), suite=suite),
        "sealed for another channel": envelope(have + frame(b"Z"), suite=suite, channel="live/a-b/hot"),
        "another tag": good[:8] + bytes(8) + good[16:],
        "another beginning": b"PARLEY2\n" + good[8:],
        "a changed byte": good[:-1] + bytes([good[-1] ^ 1]),
        "cut off": good[:-1],
        "shorter than any": good[: 16 + 1120 + 15],
        "nothing": b"",
    }
    paragraphs = {"a signature that is no note": "2.2"}
    return [wrong(about, paragraphs.get(about, "5.2"), sealed=b64(raw)) for about, raw in cases.items()]


def _broken_frames() -> list[Case]:
    n, e, k, b = frame(b"N", b"note"), frame(b"E", bytes(8)), frame(b"K", bytes(64)), frame(b"B", b"?")
    h, w, z, end = frame(b"H"), frame(b"W", bytes(40)), frame(b"Z"), frame(b"S")
    p = frame(b"P", bytes(40) + b"?")
    have = f"have {s.LOG_B} 3\n"
    logs = "".join(f"have {s.B}/{s.CHANNEL}/{at:08x} 1\n" for at in range(65))
    cases = {
        "no H": z + end,
        "two H": h + h + z + end,
        "no Z": h + end,
        "no S": h + z,
        "two S": h + z + end + end,
        "R after H": h + frame(b"R", b"note") + z + end,
        "W before H": w + h + z + end,
        "two V": frame(b"V", b"note") * 2 + h + z + end,
        "C after V": frame(b"V", b"note") + frame(b"C", b"note") + h + z + end,
        "N without E": n + h + z + end,
        "E without N": e + h + z + end,
        "K without E": n + k + h + z + end,
        "B without K": n + e + b + h + z + end,
        "B before K": n + e + b + k + h + z + end,
        "two K": n + e + k + k + h + z + end,
        "K without keys and ciphertexts": n + e + frame(b"K") + h + z + end,
        "K of 63 bytes": n + e + frame(b"K", bytes(63)) + h + z + end,
        "E of 7 bytes": n + frame(b"E", bytes(7)) + h + z + end,
        "an entry of no bytes": n + frame(b"E", bytes(10)) + h + z + end,
        "an entry cut off": n + frame(b"E", bytes(8) + b"\x00\x02x") + h + z + end,
        "half a length": n + frame(b"E", bytes(8) + b"\x00") + h + z + end,
        "a start past 2^53 - 1": n + frame(b"E", (2**53).to_bytes(8, "big")) + h + z + end,
        "W of 39 bytes": h + frame(b"W", bytes(39)) + z + end,
        "padding that says something": h + frame(b"Z", b"\x00x") + end,
        "a have line cut off": frame(b"H", have[:-1].encode()) + z + end,
        "an empty line in H": frame(b"H", have.encode() + b"\n") + z + end,
        "a have of another channel": frame(b"H", have.replace("main", "hot").encode()) + z + end,
        "two haves of one log": frame(b"H", have.encode() * 2) + z + end,
        "a have of a size with leading zero": frame(b"H", have.replace(" 3", " 03").encode()) + z + end,
        "65 haves": frame(b"H", logs.encode()) + z + end,
        "65 cards": frame(b"C", b"note") * 65 + h + z + end,
        "1,025 wants": h + w * 1_025 + z + end,
        "P before W": h + p + w + z + end,
        "P after Z": h + z + p + end,
        "P without bytes": h + frame(b"P", bytes(40)) + z + end,
        "P of 39 bytes": h + frame(b"P", bytes(39)) + z + end,
        "P at an offset past 2^53 - 1": h + frame(b"P", bytes(32) + (2**53).to_bytes(8) + b"?") + z + end,
        "65 stretches": h + p * 65 + z + end,
        "a frame cut off": (h + z + end)[:-1],
        "half a frame header": h + z + end + b"S\x00",
        "a length past the end": h + z + b"S\xff\xff\xff\xff",
        "nothing": b"",
    }
    return [wrong(about, "5.1", frames=b64(raw)) for about, raw in cases.items()]


def presence(_: Recorded) -> Case:
    now = 1_793_606_400
    bodies = (now, 0, now + 1, 59, 2**53, 2**64 - 60)
    heard = [(now, 0, now), (now, 0, now + 179), (now, 0, now + 180), (now, now, now), (now + 300, 0, now)]
    heard += [(now + 360, 0, now), (now + 300, 0, now + 1), (now - 60, now, now)]
    return {
        "spec": "§5.1.14, §12.12",
        "bodies": [
            {"hex": body.to_bytes(8, "big").hex(), "minute": read_presence(body.to_bytes(8, "big"))}
            for body in bodies
        ],
        "refuse": ["", "00" * 7, "00" * 9],
        "heard": [
            {"minute": minute, "newest": newest, "now": at, "until": counted(minute, newest=newest, now=at)}
            for minute, newest, at in heard
        ],
    }


def strictjson(_: Recorded) -> Case:
    largest = 2**53 - 1
    accept = [
        "{}",
        '{"a":1,"b":-1,"c":0,"d":true,"e":false,"f":null,"g":"","h":[],"i":{}}',
        '{ "a" :\t[ 1 ,\r\n2 ] }',
        f'{{"n":{largest},"m":-{largest}}}',
        '{"中文":"甲乙","\\u00e4":"\\ud83d\\ude00 \\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\uffff"}',
        '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
        '{"a":' + "[" * 7 + "]" * 7 + "}",
        '{"a":[' + ",".join("0" for _ in range(9_998)) + "]}",
        '{"\u007f":"\u0080\ue000\U0010ffff"}',
    ]
    return {
        "spec": "§6.1",
        "accept": [{"text": text} for text in accept],
        "refuse": [
            {"about": about, "text": raw} if isinstance(raw, str) else {"about": about, "hex": raw.hex()}
            for about, raw in _refused(largest).items()
        ],
    }


def _refused(largest: int) -> dict[str, str | bytes]:
    return {
        "nothing": "",
        "an array": "[]",
        "a string": '"a"',
        "two objects": "{}{}",
        "space before": " {}",
        "line feed after": "{}\n",
        "a byte order mark": "\ufeff{}",
        "utf-16": "{}".encode("utf-16-be"),
        "a key twice": '{"a":1,"a":1}',
        "a key twice in two spellings": '{"a":1,"\\u0061":1}',
        "a key twice far inside": '{"x":[{"y":{"a":1,"b":2,"a":3}}]}',
        "a fraction": '{"a":1.0}',
        "an exponent": '{"a":1e2}',
        "a large exponent": '{"a":1E400}',
        "minus zero": '{"a":-0}',
        "a leading zero": '{"a":01}',
        "a leading plus": '{"a":+1}',
        "a lone minus": '{"a":-}',
        "not a number": '{"a":NaN}',
        "infinity": '{"a":-Infinity}',
        "2^53": f'{{"a":{largest + 1}}}',
        "-2^53": f'{{"a":{-largest - 1}}}',
        "a number of 400 digits": '{"a":' + "9" * 400 + "}",
        "nine containers": '{"a":' + "[" * 8 + "]" * 8 + "}",
        "10,001 values": '{"a":[' + ",".join("0" for _ in range(9_999)) + "]}",
        "a trailing comma in an object": '{"a":1,}',
        "a trailing comma in an array": '{"a":[1,]}',
        "a leading comma": '{"a":[,1]}',
        "no comma": '{"a":1 "b":2}',
        "no colon": '{"a" 1}',
        "no value": '{"a":}',
        "no key": "{:1}",
        "a key that is a number": "{1:1}",
        "single quotes": "{'a':1}",
        "a comment": '{"a":1/**/}',
        "brackets exchanged": '{"a":[}]',
        "an open string": '{"a":"b}',
        "an open object": '{"a":{}',
        "a word in capitals": '{"a":True}',
        "a word that goes on": '{"a":nullx}',
        "a control character": '{"a":"\x1f"}',
        "a line feed in a string": '{"a":"\n"}',
        "NUL in a string": b'{"a":"\x00"}',
        "NUL between values": b'{"a":\x001}',
        "NUL escaped": '{"a":"\\u0000"}',
        "NUL escaped in a key": '{"\\u0000":1}',
        "an unknown escape": '{"a":"\\x41"}',
        "a short escape": '{"a":"\\u00e"}',
        "a high surrogate alone": '{"a":"\\ud83d"}',
        "a low surrogate alone": '{"a":"\\ude00"}',
        "surrogates exchanged": '{"a":"\\ude00\\ud83d"}',
        "two high surrogates": '{"a":"\\ud83d\\ud83d"}',
        "a surrogate in UTF-8": b'{"a":"\xed\xa0\x80"}',
        "an overlong form": b'{"a":"\xc1\xa1"}',
        "a byte that is never UTF-8": b'{"a":"\xff"}',
        "beyond Unicode": b'{"a":"\xf4\x90\x80\x80"}',
        "a no-break space between values": '{"a":\u00a01}',
        "a form feed between values": '{"a":\f1}',
    }

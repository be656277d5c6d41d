"""Officers' own keys, in `keys/officers/`: each seed is sealed under the secret of its person.

    keys/officers/4     parley-officer-key/v1
                        <public key, Ed25519>          hexadecimal, like the two lines below
                        <salt, 16 bytes>
                        <AES-256-GCM: nonce 12 ‖ seed 32 ‖ tag 16>

The sealing key is scrypt of the secret (RFC 7914); heading, public key and the name of the line are
bound to it, so no file can stand for another. Whoever copies the folder has to guess the secret, at
32 MiB of memory for each guess. Nobody but the person can sign, the administrator included; who forgets
the secret needs a new key. What a line says beside an entry, and for whom it counts: Spec §7.5, §7.6.
"""

import hashlib
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from parley.protocol import note
from parley.protocol.note import Algorithm, SignKey
from parley.protocol.officers import officer_name
from parley.protocol.suite import ED25519_PUBLIC_SIZE, SEED_SIZE, Standard
from parley.signer.keys import KeysError
from parley.work.home import Home, node_name

HEADING: Final = "parley-officer-key/v1"
_SALT: Final = 16
_NONCE: Final = 12
_SEALED: Final = _NONCE + SEED_SIZE + 16
_COST: Final = 2**15
_BLOCK: Final = 8


class NoKeyError(Exception):
    """The officer has no key here yet."""


class KeyExistsError(Exception):
    """The officer has a key already; it was left alone."""


class WrongKeySecretError(Exception):
    """The secret does not open the officer's key."""


def make_key(home: Home, n: int, *, secret: str) -> bytes:
    """Write a fresh key for the officer `n`, sealed under `secret`, and return its public half.

    It counts for nothing before the roots have enrolled it (Spec §7.5).

    Raises:
        KeyExistsError: there is one.
    """
    suite = Standard()
    seed, salt, nonce = suite.dice(SEED_SIZE), suite.dice(_SALT), suite.dice(_NONCE)
    public = suite.ed25519_public(seed)
    sealed = nonce + AESGCM(_stretched(secret, salt)).encrypt(nonce, seed, _bound(home, n, public))
    path = _path(home, n)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    lines = (HEADING, public.hex(), salt.hex(), sealed.hex(), "")
    try:
        _write(path, "\n".join(lines).encode())
    except FileExistsError as error:
        raise KeyExistsError(path.name) from error
    return public


def public_of(home: Home, n: int) -> bytes:
    """Return the public key of the officer `n`.

    Raises:
        NoKeyError: there is none. KeysError: the file is damaged.
    """
    return _read(home, n)[0]


def sign_as(home: Home, n: int, *, secret: str, text: bytes) -> note.Line:
    """Return the line of the officer `n` over the text of an entry.

    Raises:
        NoKeyError: there is no key. WrongKeySecretError: the secret does not open it.
        KeysError: the file is damaged.
    """
    suite = Standard()
    public, salt, sealed = _read(home, n)
    try:
        cipher = AESGCM(_stretched(secret, salt))
        seed = cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(home, n, public))
    except InvalidTag as error:
        raise WrongKeySecretError(f"officer {n}") from error
    key = SignKey(name=_name(home, n), algorithm=Algorithm.ED25519, seed=seed, public=public)
    return note.sign(text, key, suite)


def _stretched(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        secret.encode(), salt=salt, n=_COST, r=_BLOCK, p=1, maxmem=2 * 128 * _COST * _BLOCK, dklen=32
    )


def _bound(home: Home, n: int, public: bytes) -> bytes:
    return f"{HEADING}\n{_name(home, n)}\n".encode() + public


def _name(home: Home, n: int) -> str:
    return officer_name(node_name(home), n)


def _path(home: Home, n: int) -> Path:
    return home.keys / "officers" / str(n)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read(home: Home, n: int) -> tuple[bytes, bytes, bytes]:
    path = _path(home, n)
    try:
        heading, *rest = path.read_text(encoding="ascii").split("\n")
        public, salt, sealed = (bytes.fromhex(line) for line in rest[:3])
    except FileNotFoundError as error:
        raise NoKeyError(f"officer {n}") from error
    except ValueError as error:
        raise KeysError(f"expected three lines of hexadecimal digits in {path.name}") from error
    sizes = (len(public), len(salt), len(sealed))
    if heading != HEADING or sizes != (ED25519_PUBLIC_SIZE, _SALT, _SEALED):
        raise KeysError(f"expected the key of an officer in {path.name}, found something else")
    return public, salt, sealed

"""Officers' passkeys: the public half of an authenticator's key, in `keys/officers/` beside the seeds.

    keys/officers/4.passkey   parley-passkey/v1
                              <public key as it is enrolled>   hexadecimal, like the line below
                              <id of the credential>

Nothing of it is secret: the key lies in the authenticator, which signs for its owner alone. It counts for
nothing before the roots have enrolled it (Spec §7.5). What it signs: Spec §2.6.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from parley.ledger.persons import NoKeyError, WrongKeySecretError
from parley.protocol import note, webauthn
from parley.protocol.breach import BreachError
from parley.protocol.note import Algorithm
from parley.protocol.officers import officer_name
from parley.protocol.suite import Standard
from parley.protocol.webauthn import Credential, read_credential
from parley.signer.keys import KeysError
from parley.work.home import Home, node_name

HEADING: Final = "parley-passkey/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """The authenticator of an officer for the pages of this node: its key, and by which id it knows it."""

    credential: Credential
    id: bytes


def keep_passkey(home: Home, n: int, passkey: Passkey) -> None:
    """Write down the passkey of the officer `n`, in place of one that was there."""
    path = _path(home, n)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_suffix(".fresh")
    lines = (HEADING, passkey.credential.public.hex(), passkey.id.hex(), "")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join(lines))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def passkey_of(home: Home, n: int) -> Passkey | None:
    """Return the passkey of the officer `n`; None if there is none.

    Raises:
        KeysError: the file is damaged.
    """
    try:
        heading, public, name, *_rest = _path(home, n).read_text(encoding="ascii").split("\n")
        credential = read_credential(bytes.fromhex(public))
        found = Passkey(credential=credential, id=bytes.fromhex(name))
    except FileNotFoundError:
        return None
    except (ValueError, BreachError) as error:
        raise KeysError(f"the passkey of officer {n} is damaged") from error
    if heading != HEADING:
        raise KeysError(f"the passkey of officer {n} is something else")
    return found


def line_by_passkey(home: Home, n: int, *, payloads: Sequence[bytes], text: bytes) -> note.Line:
    """Return the line of the officer `n` over the text of an entry, made of what the authenticator gave.

    One of `payloads` is for this text; the others are for the same statement in other lanes.

    Raises:
        NoKeyError: the officer has no passkey. WrongKeySecretError: none is a signature over this text.
        KeysError: the file is damaged.
    """
    passkey = passkey_of(home, n)
    if passkey is None:
        raise NoKeyError(f"officer {n}")
    public, suite = passkey.credential.public, Standard()
    genuine = [each for each in payloads if webauthn.is_signed(public, each, text=text, suite=suite)]
    if not genuine:
        raise WrongKeySecretError(f"officer {n}")
    name = officer_name(node_name(home), n)
    key = note.VerifyKey(name=name, algorithm=Algorithm.WEBAUTHN, public=public)
    return note.Line(name=name, key_id=key.key_id, payload=genuine[0])


def _path(home: Home, n: int) -> Path:
    return home.keys / "officers" / f"{n}.passkey"

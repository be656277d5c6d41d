"""parley officer key: an officer's own key, sealed under the secret, and its enrolment on the links.

The key is made once. What makes it count is `officer.enrolled`, which the roots of this node sign and
which is said on each link apart (Spec §7.5); the name stays at home, the other side learns the number.
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _

from parley.agencies.actions import note_act
from parley.agencies.queries import OfficerRow
from parley.cli.exits import Exit
from parley.cli.looking import Link, broken_home, links_of, reading
from parley.cli.output import FaultError, JsonValue, result
from parley.cli.persons import SecretFile, acting_with_secret, require_home
from parley.cli.saying import saved_line, understood
from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft, RefusedError
from parley.ledger.keys import KeysError
from parley.ledger.passkeys import passkey_of
from parley.ledger.persons import KeyExistsError, make_key, public_of
from parley.ledger.reading import LinkRow
from parley.protocol.act import id_text
from parley.protocol.notation import write_base64
from parley.protocol.suite import ED25519_PUBLIC_SIZE
from parley.protocol.terms import CODE
from parley.protocol.webauthn import Curve, read_credential
from parley.work import clock
from parley.work.home import Home

DESK: Final = "desk"


def key(
    name: Annotated[str, typer.Argument(help=_("What the officer is called here."))],
    *,
    roles: Annotated[
        list[str] | None,
        typer.Option(
            "--role",
            metavar="CODE",
            help=_("In which role the key counts: desk, head, principal. Repeat for several."),
        ),
    ] = None,
    passkey: Annotated[
        bool,
        typer.Option("--passkey", help=_("Enrol the passkey that the officer made on his or her page.")),
    ] = False,
    link: Link = None,
    secret_file: SecretFile = None,
) -> int:
    home = require_home()
    wanted = tuple(dict.fromkeys(roles or [DESK]))
    _check(wanted)
    officer, secret = acting_with_secret(name, secret_file=secret_file)
    public, is_new = (_passkey_of(home, officer), False) if passkey else _key_of(home, officer, secret=secret)
    if is_new:
        note_act("officer.key_made", officer=officer.number, subject=officer.name, now=clock.now())
    if not home.record.exists():
        return _tell(officer, public, ())
    with reading() as reader, understood():
        rows = [row for row in links_of(reader, link) if reader.terms(row.name) is not None]
        said = [_enrol(home, row, officer=officer, public=public, roles=wanted) for row in rows]
        return _tell(officer, public, said)


def _check(roles: Sequence[str]) -> None:
    bad = [role for role in roles if CODE.fullmatch(role) is None]
    if bad:
        raise FaultError(
            "not_read",
            Exit.NEEDS_A_PERSON,
            what=_("“%(text)s” cannot be read here.") % {"text": bad[0]},
            do=_("There are: %(codes)s.") % {"codes": "desk, head, principal"},
        )


def _key_of(home: Home, officer: OfficerRow, *, secret: str) -> tuple[bytes, bool]:
    """Return the public key of an officer, and whether it was made now."""
    try:
        return make_key(home, officer.number, secret=secret), True
    except KeyExistsError:
        pass
    try:
        return public_of(home, officer.number), False
    except KeysError as error:
        raise FaultError(
            "broken_key",
            Exit.FAILED,
            what=_("The key of %(name)s is damaged: %(why)s.") % {"name": officer.name, "why": error},
            safe=_("Nothing was said. What was signed with it stays signed."),
            do=_("Put keys/officers/%(number)d back from a backup.") % {"number": officer.number},
        ) from error


def _passkey_of(home: Home, officer: OfficerRow) -> bytes:
    try:
        found = passkey_of(home, officer.number)
    except KeysError as error:
        raise broken_home(error) from error
    if found is None:
        raise FaultError(
            "no_passkey",
            Exit.NOT_FOUND,
            what=_("%(name)s has no passkey yet.") % {"name": officer.name},
            do=_("It is made on the officer's own page, signed in, with the device at hand."),
        )
    return found.credential.public


def _alg(public: bytes) -> str:
    """Return the code of the algorithm: the public half of a passkey says its own, and is longer."""
    if len(public) == ED25519_PUBLIC_SIZE:
        return "ed25519"
    return {Curve.ES256: "webauthn-es256", Curve.ED25519: "webauthn-ed25519"}[read_credential(public).curve]


def _enrol(
    home: Home, link: LinkRow, *, officer: OfficerRow, public: bytes, roles: Sequence[str]
) -> Appended:
    """Say on a link that the key counts, once for the same key and roles."""
    text = write_base64(public)
    draft = Draft(
        # The same key in the same roles is enrolled once, however often the command is given.
        id=f"enrol-{hashlib.sha256(' '.join([text, *roles]).encode()).hexdigest()[:32]}",
        link=link.name,
        kind="officer.enrolled",
        d={
            "n": officer.number,
            "alg": _alg(public),
            "key": text,
            "roles": list(roles),
            "since": clock.now(),
            "until": None,
        },
    )
    (said,) = append(home, [draft])
    if isinstance(said, RefusedError):
        raise said
    subject = f"{officer.name} {link.name} {' '.join(roles)}"
    note_act(
        "officer.enrolled",
        officer=officer.number,
        subject=subject[:200],
        now=clock.now(),
        statement=id_text(said.statement),
    )
    return said


def _tell(officer: OfficerRow, public: bytes, said: Sequence[Appended]) -> int:
    lines = [_("%(name)s signs with a key of his or her own.") % {"name": officer.name}]
    lines += [saved_line(f"{each.link} {each.place}", has_it=False) for each in said]
    if not said:
        lines.append(_("It is enrolled on no link yet. Give the command again once a link is open."))
    value: dict[str, JsonValue] = {
        "officer": officer.number,
        "key": write_base64(public),
        "enrolled": [{"link": each.link, "place": each.place} for each in said],
    }
    result(value, *lines)
    return Exit.DONE

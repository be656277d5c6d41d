"""What several officers do together: whose secret it is, what waits for another, what may go wrong.

parley link suspend …  --as liu     signed, or decided, by the first: exit 5, nothing was said or done
parley link sign N     --as wang    the second signs the very same text,
the same command       --as wang    or decides the very same; then it is said or done
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils.translation import gettext as _

from parley.cli.exits import Exit
from parley.cli.looking import broken_home
from parley.cli.output import FaultError, JsonValue, advise, result
from parley.cli.persons import As, SecretFile, acting_with_secret
from parley.cli.saying import saved_line, understood
from parley.drafts.queries import UnknownDraftError
from parley.ledger.drafts import Appended
from parley.ledger.keys import KeysError
from parley.ledger.persons import NoKeyError, WrongKeySecretError
from parley.ledger.reading import Reader
from parley.links import actions
from parley.links.queries.deciding import Decision
from parley.links.queries.signing import Signing
from parley.protocol.act import id_text
from parley.work import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The options that say who signs, or decides."""

    officer: As
    secret_file: SecretFile = None

    def by(self, key: str) -> tuple[actions.By, str]:
        """Return whose act it is, and the secret that opens his or her key."""
        officer, secret = acting_with_secret(self.officer, secret_file=self.secret_file)
        return actions.By(officer=officer, key=key, now=clock.now()), secret


def signing_as_json(found: Signing) -> dict[str, JsonValue]:
    """Return what waits for a signature as an object."""
    return {
        "draft": found.number,
        "link": found.draft.link,
        "kind": found.draft.kind,
        "text": found.spoken,
        "signed_by": list(found.persons),
    }


def decision_as_json(found: Decision) -> dict[str, JsonValue]:
    """Return what waits for another officer's word as an object."""
    return {
        "draft": found.number,
        "link": found.decided.link,
        "kind": found.decided.deed.value,
        "about": found.decided.about,
        "decided_by": [found.officer],
    }


def tell_signing(found: Signing) -> int:
    """Tell the first officer that it waits for the signature of another."""
    result(
        {**signing_as_json(found), "saved": False},
        _("Draft %(number)d is signed by you: %(spoken)s") % {"number": found.number, "spoken": found.spoken},
        exit_code=Exit.WAITING,
    )
    advise(
        _("Nothing was said yet. Another officer signs the same text: parley link sign %(number)d --as NAME")
        % {"number": found.number}
    )
    return Exit.WAITING


def tell_decision(found: Decision) -> int:
    """Tell the first officer that it waits for the word of another."""
    result(
        {**decision_as_json(found), "done": False},
        _("Draft %(number)d is decided by you.") % {"number": found.number},
        exit_code=Exit.WAITING,
    )
    advise(_("Nothing was done yet. Another officer gives the same command within a day: --as NAME"))
    return Exit.WAITING


def tell_saved(reader: Reader, found: Appended) -> int:
    """Tell where the statement stands."""
    has_it = reader.is_receipted(found.link, found.place)
    result(
        {
            "statement": id_text(found.statement),
            "place": found.place,
            "link": found.link,
            "saved": True,
            "at_their_node": has_it,
        },
        saved_line(found.place, has_it=has_it),
    )
    return Exit.DONE


@contextmanager
def signed() -> Iterator[None]:
    """Turn what may go wrong while persons sign or decide into sentences.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    with understood():
        try:
            yield
        except (actions.NotEnrolledError, NoKeyError) as error:
            raise FaultError(
                "no_officer_key",
                Exit.REFUSED,
                what=_("This officer has no key that counts on this link."),
                safe=_("Nothing was signed, and nothing was said."),
                do=_("Make one, and have the roots enrol it: parley officer key NAME."),
            ) from error
        except WrongKeySecretError as error:
            raise FaultError(
                "wrong_key_secret",
                Exit.REFUSED,
                what=_("The secret does not open this officer's key."),
                safe=_("Nothing was signed, and nothing was said."),
                do=_("Use the secret under which the key was made."),
            ) from error
        except actions.SignedAlreadyError as error:
            raise FaultError(
                "signed_already",
                Exit.CONFLICT,
                what=_("This officer has signed it already."),
                safe=_("Nothing was said yet."),
                do=_("It takes another officer."),
            ) from error
        except UnknownDraftError as error:
            raise FaultError(
                "nothing_to_sign",
                Exit.NOT_FOUND,
                what=_("Nothing that was prepared waits under this number."),
                do=_("Look at: parley link sign."),
            ) from error
        except KeysError as error:
            raise broken_home(error) from error


__all__ = [
    "Person",
    "decision_as_json",
    "signed",
    "signing_as_json",
    "tell_decision",
    "tell_saved",
    "tell_signing",
]

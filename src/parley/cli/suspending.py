"""parley link suspend, resume, sign: stopping and going on again, which several persons sign."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from parley.agencies.queries import list_officers
from parley.cli.exits import Exit
from parley.cli.looking import broken_home, chosen_link, reading
from parley.cli.options import spread
from parley.cli.output import FaultError, JsonValue, Rows, advise, result
from parley.cli.persons import As, SecretFile, acting_with_secret, require_home
from parley.cli.saying import saved_line, understood
from parley.drafts.queries import UnknownDraftError
from parley.inquiries.forms.typed import TypedError, read_code, read_time
from parley.ledger.drafts import Appended
from parley.ledger.keys import KeysError
from parley.ledger.persons import NoKeyError, WrongKeySecretError
from parley.ledger.reading import LinkRow, Reader
from parley.links import actions
from parley.links.forms import read_scope
from parley.links.queries.signing import Signing, signings
from parley.links.queries.suspending import Suspension, in_force
from parley.protocol.act import id_text
from parley.protocol.strictjson import JsonValue as Json
from parley.protocol.suspension import Reason
from parley.ui import words
from parley.work import clock

SCOPES = ("link", "item:CODE", "forum:CODE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The options that say who signs."""

    officer: As
    secret_file: SecretFile = None

    def by(self, key: str) -> tuple[actions.By, str]:
        """Return whose act it is, and the secret that opens his or her key."""
        officer, secret = acting_with_secret(self.officer, secret_file=self.secret_file)
        return actions.By(officer=officer, key=key, now=clock.now()), secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The options with what our side states, in both languages."""

    text: Annotated[str, typer.Option("--text", metavar="WORDS", help=_("What our side states, in English."))]
    text_zh: Annotated[str, typer.Option("--text-zh", metavar="WORDS", help=_("The same in Chinese."))]
    public: Annotated[bool, typer.Option("--public", help=_("The statement may be published."))] = False

    def words(self) -> actions.Words:
        """Return the statement."""
        return actions.Words(en=self.text, zh=self.text_zh, is_public=self.public)


@spread
def suspend(
    name: Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))],
    *,
    person: Person,
    statement: Statement,
    scope: Annotated[str, typer.Option("--scope", metavar="SCOPE", help=_("link, item:CODE or forum:CODE."))],
    reason: Annotated[str, typer.Option("--reason", metavar="CODE", help=_("Why, as a code."))],
    until: Annotated[
        str | None,
        typer.Option("--until", metavar="TIME", help=_("Until when, announced; it ends nothing by itself.")),
    ] = None,
) -> int:
    home = require_home()
    with reading() as reader, signed():
        link = chosen_link(reader, name)
        stop = actions.Stop(
            scope=_read_scope(scope),
            reason=read_code(reason, Reason).value,
            until=None if until is None else read_time(until, now=clock.now()),
            words=statement.words(),
        )
        by, secret = person.by("suspend")
        return _tell(reader, actions.prepare_suspension(home, link.name, stop, by=by, secret=secret))


@spread
def resume(
    name: Annotated[str, typer.Argument(metavar="LINK", help=_("Which link."))],
    place: Annotated[
        str | None,
        typer.Argument(metavar="PLACE", help=_("The suspension to lift, if there are several: A-112.")),
    ] = None,
    *,
    person: Person,
    statement: Statement,
) -> int:
    home = require_home()
    with reading() as reader, signed():
        link = chosen_link(reader, name)
        lifted = _ours(in_force(reader, link), place)
        by, secret = person.by("resume")
        found = actions.prepare_resumption(
            home, link.name, lifted.statement, words=statement.words(), by=by, secret=secret
        )
        return _tell(reader, found)


def sign(
    number: Annotated[
        int | None, typer.Argument(metavar="DRAFT", help=_("The number of what was prepared."))
    ] = None,
    *,
    officer: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help=_("The officer whose act this is."))
    ] = None,
    secret_file: SecretFile = None,
    put_away: Annotated[
        bool, typer.Option("--put-away", help=_("Sign nothing: put it away; nothing was said."))
    ] = False,
) -> int:
    home = require_home()
    with reading() as reader, signed():
        if number is None or officer is None:
            return _list(reader)
        by, secret = Person(officer=officer, secret_file=secret_file).by(f"sign-{number}")
        if put_away:
            actions.put_away(number, by=by)
            result({"draft": number, "put_away": True}, _("Put away. Nothing was said."))
            return Exit.DONE
        return _tell(reader, actions.sign_prepared(home, number, by=by, secret=secret))


def _read_scope(text: str) -> dict[str, Json]:
    found = read_scope(text)
    if found is None:
        raise TypedError("scope", text, choices=SCOPES)
    return found


def _ours(found: Sequence[Suspension], place: str | None) -> Suspension:
    ours = [each for each in found if each.is_ours]
    named = [each for each in ours if place is None or each.place == place.upper().replace("-", " ")]
    if len(named) == 1:
        return named[0]
    raise FaultError(
        "no_suspension" if not named else "several_statements",
        Exit.NOT_FOUND if not named else Exit.NEEDS_A_PERSON,
        what=_("No suspension of ours is in force under this name.")
        if not named
        else _("Several suspensions of ours are in force."),
        do=_("There are: %(places)s.") % {"places": ", ".join(each.place for each in ours) or "–"},
    )


def _tell(reader: Reader, found: Signing | Appended) -> int:
    if isinstance(found, Appended):
        has_it = reader.is_receipted(found.link, found.index)
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
    result(
        {**_as_json(found), "saved": False},
        _("Draft %(number)d is signed by you: %(spoken)s") % {"number": found.number, "spoken": found.spoken},
        exit_code=Exit.WAITING,
    )
    advise(
        _("Nothing was said yet. Another officer signs the same text: parley link sign %(number)d --as NAME")
        % {"number": found.number}
    )
    return Exit.WAITING


def _list(reader: Reader) -> int:
    found = [each for link in reader.links() for each in signings(link.name)]
    names = {each.number: each.name for each in list_officers()}
    titles = (_("Draft"), _("Link"), _("Kind"), _("Text"), _("Signed by"))
    rows = tuple(
        (
            str(each.number),
            each.draft.link,
            words.label(each.draft.kind, words.KINDS),
            each.spoken,
            ", ".join(names.get(person, str(person)) for person in each.persons),
        )
        for each in found
    )
    result({"waiting": [_as_json(each) for each in found]}, Rows(titles=titles, rows=rows))
    return Exit.DONE


def _as_json(found: Signing) -> dict[str, JsonValue]:
    return {
        "draft": found.number,
        "link": found.draft.link,
        "kind": found.draft.kind,
        "text": found.spoken,
        "signed_by": list(found.persons),
    }


def suspension_lines(reader: Reader, row: LinkRow) -> tuple[str, ...]:
    """Return what is suspended on a link, one sentence for each suspension in force."""
    return tuple(
        _("%(link)s: suspended by %(side)s since %(since)s (%(place)s, %(scope)s, %(reason)s)")
        % {
            "link": row.name,
            "side": row.my_letter if each.is_ours else row.their_letter,
            "since": words.instant(each.since),
            "place": each.place,
            "scope": each.scope,
            "reason": words.label(each.reason, words.SUSPENSION_REASONS),
        }
        for each in in_force(reader, row)
    )


@contextmanager
def signed() -> Iterator[None]:
    """Turn what may go wrong while persons sign into sentences.

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


__all__ = ["resume", "sign", "suspend", "suspension_lines"]

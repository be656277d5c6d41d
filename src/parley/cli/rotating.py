"""parley link rotate, parley link revoke: new keys for this node, and what the old ones are still worth."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.agencies.actions import note_act
from parley.cli.exits import Exit
from parley.cli.looking import broken_home
from parley.cli.options import spread
from parley.cli.output import FaultError, JsonValue, advise, result
from parley.cli.persons import require_home
from parley.cli.saying import Voice, understood
from parley.ledger.cards import (
    Issued,
    PromiseLostError,
    RootsMissingError,
    announce_card,
    issuing,
    revoke_keys,
    rotate_keys,
)
from parley.ledger.drafts import UnknownLinkError
from parley.ledger.keys import KeysError
from parley.ledger.outlook import Outlook, Promise, outlook
from parley.ledger.revocations import RevokedTooMuchError
from parley.protocol.suite import Standard
from parley.signer.desk import NoSignerError, RefusedToSignError
from parley.signer.opening import open_desk
from parley.ui import words
from parley.work import clock
from parley.work.home import Home, HomeError
from parley.work.lock import LockedError

Fresh = Annotated[
    bool,
    typer.Option(
        "--fresh", help=_("Fresh keys instead of the promised ones: all roots sign, and partners see it.")
    ),
]
From = Annotated[
    list[str] | None,
    typer.Option(
        "--from",
        metavar="LINK=SIZE",
        help=_("How many entries of ours stay on a link, if more than the partner has signed for."),
    ),
]


Announce = Annotated[
    bool,
    typer.Option("--announce", help=_("Only tell of our newest card where it could not be told before.")),
]


@spread
def rotate(*, voice: Voice, fresh: Fresh = False, announce: Announce = False) -> int:
    home = require_home()
    hand = voice.hand(home)
    with _told():
        if announce and not voice.dry_run:
            return _tell(announce_card(issuing(home)))
        before = _outlook(home)
        if voice.dry_run:
            return _preview(before, is_fresh=fresh, sizes=None)
        issued = rotate_keys(issuing(home), breaks_promise=fresh)
    note_act("link.rotated", officer=hand.officer.number, subject=str(issued.card.serial), now=clock.now())
    return _tell(issued)


@spread
def revoke(*, voice: Voice, stays: From = None, fresh: Fresh = False) -> int:
    home = require_home()
    hand = voice.hand(home)
    sizes = dict(_size(each) for each in stays or ())
    with _told():
        if voice.dry_run:
            return _preview(_outlook(home), is_fresh=fresh, sizes=sizes)
        issued = revoke_keys(issuing(home), sizes=sizes, breaks_promise=fresh)
    note_act("link.revoked", officer=hand.officer.number, subject=str(issued.card.serial), now=clock.now())
    code = _tell(issued)
    advise(
        _(
            "Call the partners now: until their node has heard of it, it believes whoever has the old keys. "
            "What they signed for before stays proved."
        )
    )
    return code


def _size(text: str) -> tuple[str, int]:
    link, _equals, size = text.partition("=")
    if not link or not size.isascii() or not size.isdigit():
        raise FaultError(
            "not_read",
            Exit.NEEDS_A_PERSON,
            what=_("“%(text)s” cannot be read here.") % {"text": text},
            do=_("Write it as LINK=SIZE, such as a-b=1290."),
        )
    return link, int(size)


def _outlook(home: Home) -> Outlook:
    suite = Standard()
    with closing(open_desk(home, suite=suite)) as desk:
        return outlook(home, desk, suite=suite)


@contextmanager
def _told() -> Iterator[None]:
    """Let what goes wrong be told in sentences."""
    with understood():
        try:
            yield
        except RootsMissingError as error:
            raise roots_fault(error) from error
        except PromiseLostError as error:
            raise FaultError(
                "promise_lost",
                Exit.NEEDS_A_PERSON,
                what=_("The keys that the present card promises are not here."),
                safe=_("Nothing was changed; the present keys go on."),
                do=_("Put keys/ back from a backup. Or, if all roots agree: add --fresh; partners see it."),
            ) from error
        except RevokedTooMuchError as error:
            raise FaultError(
                "signed_for",
                Exit.REFUSED,
                what=_("On %(link)s the partner has signed for %(size)d entries of ours; these stay.")
                % {"link": error.link, "size": error.signed},
                safe=_("Nothing was changed."),
                do=_("Name this size or a larger one, or leave --from away."),
            ) from error
        except UnknownLinkError as error:
            raise FaultError(
                "unknown_link",
                Exit.NOT_FOUND,
                what=_("There is no link %(link)s.") % {"link": error},
                do=_("Look at: parley link status."),
            ) from error
        except KeysError as error:
            raise FaultError(
                "keys_lost",
                Exit.NEEDS_A_PERSON,
                what=_("Keys of this node are missing: %(why)s.") % {"why": error},
                safe=_("Nothing was changed. What was said and signed for stays proved."),
                do=_("Put keys/ back from a backup. If they are lost: parley link revoke --fresh."),
            ) from error
        except HomeError as error:
            raise broken_home(error) from error
        except (LockedError, NoSignerError, RefusedToSignError) as error:
            raise FaultError(
                "no_signer",
                Exit.UNREACHABLE,
                what=_("The signer of this node does not answer."),
                do=_("Look at: parley status."),
            ) from error


def roots_fault(error: RootsMissingError) -> FaultError:
    """Return the fault that too few of the roots' keys are here to sign a card."""
    return FaultError(
        "roots_missing",
        Exit.NEEDS_A_PERSON,
        what=_("A new card needs %(needed)d keys of roots, and %(found)d are here.")
        % {"needed": error.needed, "found": error.found},
        safe=_("Nothing was changed; the present keys go on."),
        do=_(
            "Put the roots' keys back into keys/. If they are lost for good, this card can have no next one: "
            "meet the partner anew, as in the operators' handbook under Lost roots."
        ),
    )


def _preview(before: Outlook, *, is_fresh: bool, sizes: Mapping[str, int] | None) -> int:
    """Show what would be done, and do nothing."""
    value: dict[str, JsonValue] = {
        "serial": before.card.serial + 1,
        "promise": before.promise.value,
        "fresh": is_fresh,
        "announced": False,
        "lanes": {name: max(size, (sizes or {}).get(name, 0)) for name, size in before.signed.items()},
    }
    shown = [
        _("This node would change all its keys: card %(serial)d follows card %(before)d.")
        % {"serial": before.card.serial + 1, "before": before.card.serial},
        _promise_line(before.promise, is_fresh=is_fresh),
        _("Each open link would say so in one statement. The line goes on; the partners need do nothing."),
    ]
    if sizes is not None:
        shown.append(_("What the present keys signed beyond these sizes would be worth nothing to anybody:"))
        shown += [
            f"  {name}  {max(size, sizes.get(name, 0))}" for name, size in sorted(before.signed.items())
        ]
        shown.append(_("Our entries beyond them stay said, and are signed anew by the next keys."))
    result(value, *shown, _("Nothing was written, and nothing was sent."))
    return Exit.DONE


def _promise_line(promise: Promise, *, is_fresh: bool) -> str:
    if is_fresh and promise is not Promise.NONE:
        return _("The keys would not be those that were promised: partners are told to compare the digits.")
    return {
        Promise.NONE: _("The present card promises no keys, so any may follow. The next one will promise."),
        Promise.READY: _("The next keys lie ready, and are those that the present card promises."),
        Promise.LOST: _("The keys that the present card promises are not here."),
    }[promise]


def _tell(issued: Issued) -> int:
    refused: Sequence[tuple[str, str]] = [(link, str(error)) for link, error in issued.refused]
    code = Exit.FAILED if refused else Exit.DONE
    since = words.instant(clock.now())
    result(
        {
            "serial": issued.card.serial,
            "said": [{"link": each.link, "place": each.place} for each in issued.said],
            "refused": [{"link": link, "why": why} for link, why in refused],
        },
        _("Card %(serial)d is in force here since %(time)s. The keys after it are made and promised.")
        % {"serial": issued.card.serial, "time": since},
        *(
            _("%(place)s saved on %(link)s.") % {"place": each.place, "link": each.link}
            for each in issued.said
        ),
        *(_("Not on %(link)s: %(why)s") % {"link": link, "why": why} for link, why in refused),
        exit_code=code,
    )
    waiting = len(issued.said)
    if waiting:
        advise(
            ngettext(
                "Until the partner has it, old and new keys sign together, by themselves.",
                "Until the partners have it, old and new keys sign together, by themselves.",
                waiting,
            )
        )
    advise(_("Make a backup now: an older one does not hold these keys."))
    return code

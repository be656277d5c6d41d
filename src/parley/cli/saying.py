"""What commands share that say something to the other side: whose act it is, and what is proved of it.

Four words that are never mixed: *saved* (durable in our record, and signed), *at their node*
(their receipt covers it), *received* (their node says so in its log) and *acknowledged* (by a
person). Only what is proved is printed.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Final

import typer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.exits import Exit
from parley.cli.output import FaultError, JsonValue, advise, result
from parley.cli.persons import As, SecretFile, acting_officer, is_repeated
from parley.inquiries.forms.typed import TypedError
from parley.inquiries.policy import NotAllowedError
from parley.ledger.append import InTransactionError, NobodyWritesError
from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.ledger import StorageError
from parley.ledger.reading import LinkRow, Reader
from parley.ledger.slot import RECOVERING
from parley.ledger.writer import UnsignedError
from parley.links.actions.speaking import Hand, Record, Trial, Tried
from parley.protocol.act import id_text
from parley.protocol.breach import BreachError
from parley.ui import words
from parley.work import clock
from parley.work.home import Home
from parley.work.sock import BrokenCoreError, CoreError

STEP_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The options of every command that says something."""

    officer: As
    secret_file: SecretFile = None
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show exactly what would be said; write and send nothing."))
    ] = False
    wait: Annotated[
        int,
        typer.Option(
            "--wait", min=0, max=3600, metavar="SECONDS", help=_("Wait so long for their node's receipt.")
        ),
    ] = 0
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="KEY", help=_("The same key twice is the same statement: safe to repeat.")
        ),
    ] = None

    @property
    def is_repeated(self) -> bool:
        """Return whether the same may have been said before, under the same key."""
        return is_repeated(self.key)

    def hand(self, home: Home) -> Hand:
        """Return whose act it is and where it goes, after the secret was looked at.

        Raises:
            FaultError: not this person, or not somebody who may act.
        """
        officer = acting_officer(self.officer, secret_file=self.secret_file)
        door = Trial(home=home) if self.dry_run else Record(home=home)
        return Hand(officer=officer, key=self.key or uuid.uuid4().hex, now=clock.now(), door=door)


@contextmanager
def understood(advice: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turn what may go wrong when something is said into sentences.

    `advice` says what to do where a statement would be void, by the code of the reason, in place of what an
    inquiry says.

    Raises:
        FaultError: in place of every error that an officer can put right.
    """
    try:
        yield
    except TypedError as error:
        raise typed_fault(error) from error
    except RefusedError as error:
        raise refused_fault(error, advice=advice) from error
    except BreachError as error:
        raise FaultError(
            "schema",
            Exit.NEEDS_A_PERSON,
            what=_("This cannot be said so (Spec %(paragraph)s): %(reason)s.")
            % {"paragraph": f"§{error.paragraph}", "reason": error.reason},
            do=_("Look at the options: add --help."),
        ) from error
    except NotAllowedError as error:
        raise FaultError(
            "viewer",
            Exit.REFUSED,
            what=_("A viewer may look, not act."),
            do=_("Ask an officer of this node to act."),
        ) from error
    except NobodyWritesError as error:
        raise FaultError(
            "nobody_writes",
            Exit.UNREACHABLE,
            what=_("Another process holds this node and does not answer."),
            safe=_("It is not known whether it was written."),
            do=_("Say it again with the same --key: it is then written once."),
        ) from error
    except BrokenCoreError as error:
        raise FaultError(
            "broken_core",
            Exit.UNREACHABLE,
            what=_("Core went away while it was asked."),
            safe=_("It is not known whether it was written."),
            do=_("Say it again with the same --key: it is then written once."),
        ) from error
    except CoreError as error:
        raise FaultError(
            "core",
            Exit.FAILED,
            what=_("Core said no: %(why)s.") % {"why": error.reason},
            do=_("Look at its log, then say it again."),
        ) from error
    except UnsignedError as error:
        raise FaultError(
            "unsigned",
            Exit.FAILED,
            what=_("It is written, and not signed yet: the signer of this node does not sign it."),
            safe=_("It is kept, and has not left this node."),
            do=_("Look at: parley doctor. Then say it again with the same --key."),
        ) from error
    except (StorageError, InTransactionError) as error:
        raise FaultError(
            "storage",
            Exit.FAILED,
            what=_("The record could not be written: %(why)s.") % {"why": error},
            do=_("Look at: parley doctor. Then say it again."),
        ) from error


def typed_fault(error: TypedError) -> FaultError:
    """Return the fault that an option cannot be read, with what may stand there."""
    shapes = {
        "items": _("Write items as: all, or 0,2,5-7."),
        "finding": _("Write a finding as: 0,1=mitigated:content_removed or 2=not_visible_from_here."),
        "time": _("Write a time as: 2026-11-02T09:10Z, or +3d for three days from now."),
        "zone": _("State the zone, as in 2026-11-02T09:10+08:00 or 2026-11-02T09:10Z."),
        "field": _("Write a field as FIELD=TEXT, or ITEM:FIELD=TEXT for one item."),
        "item_of": _("Write the other item as INQUIRY/N, such as A-112/0."),
    }
    do = _("There are: %(codes)s.") % {"codes": ", ".join(error.choices)} if error.choices else ""
    what = (
        _("“%(text)s” has no time zone.") if error.wanted == "zone" else _("“%(text)s” cannot be read here.")
    )
    return FaultError(
        "time_without_zone" if error.wanted == "zone" else "not_read",
        Exit.NEEDS_A_PERSON,
        what=what % {"text": error.text},
        do=shapes.get(error.wanted, do) or do,
    )


_REFUSED_EXITS: Final = {
    "schema": Exit.NEEDS_A_PERSON,
    "oversize": Exit.NEEDS_A_PERSON,
    "no-target": Exit.NOT_FOUND,
    "duplicate-act": Exit.CONFLICT,
}


def refused_fault(error: RefusedError, *, advice: Mapping[str, str] | None = None) -> FaultError:
    """Return the fault that a statement would be void, and was therefore not written.

    `advice` is what to do, by the code of the reason; for the rest stands what an inquiry says.
    """
    if error.code == RECOVERING:
        return FaultError(
            RECOVERING,
            Exit.REFUSED,
            what=_("Something of our own log is lost and is being asked back, so nothing can be said now."),
            safe=_("Nothing was written, and nothing was sent."),
            do=_("Look at: parley link recover. Then say it again."),
        )
    else_do = {
        "not-writer": _("Only the other side can say this. To remind them: parley inquiry ask-status."),
        "wrong-state": _("See how each item stands: parley inquiry show."),
        "no-target": _("Check the numbers of the items, and which statement it answers."),
        "not-active": _("Both sides must sign the same opening: parley link status."),
        "suspended": _("Keep it as a draft until the suspension is lifted: parley link status."),
    }
    reason = words.label(error.code, words.VOIDS)
    remark = f" ({error.remark})" if error.remark else ""
    return FaultError(
        error.code.replace("-", "_"),
        _REFUSED_EXITS.get(error.code, Exit.REFUSED),
        what=_("It would be void: %(reason)s%(remark)s.") % {"reason": reason, "remark": remark},
        safe=_("Nothing was written, and nothing was sent."),
        do=(advice or {}).get(error.code) or else_do.get(error.code, _("Look at: parley link status.")),
    )


def tell(reader: Reader, link: LinkRow, said: Appended | Tried, *, wait: int) -> int:
    """Print what became of one statement, no more than is proved, and return the exit code."""
    if isinstance(said, Tried):
        act = said.draft.act().decode()
        body = said.draft.body_bytes()
        result(
            {"would_say": act, "words": None if body is None else body.decode(), "saved": False},
            _("Would say: %(act)s") % {"act": act},
            *((_("With the words: %(words)s") % {"words": body.decode()},) if body is not None else ()),
            _("Nothing was written, and nothing was sent."),
        )
        return Exit.DONE
    has_it = await_receipt(reader, [said], seconds=wait)
    code = Exit.DONE if has_it or not wait else Exit.WAITING
    result(
        {
            "statement": id_text(said.statement),
            "place": said.place,
            "link": link.name,
            "saved": True,
            "at_their_node": has_it,
        },
        saved_line(said.place, has_it=has_it),
        exit_code=code,
    )
    if not has_it:
        advise_waiting(1)
    return code


def saved_line(place: str, *, has_it: bool) -> str:
    """Return the sentence about one statement of ours that is in the record."""
    if has_it:
        return _("%(place)s saved; at their node.") % {"place": place}
    return _("%(place)s saved.") % {"place": place}


def advise_waiting(count: int) -> None:
    """Say on stderr what is not yet proved."""
    advise(
        ngettext(
            "There is no receipt of their node yet for %(count)d statement. It goes out by itself while "
            "parley serve runs.",
            "There is no receipt of their node yet for %(count)d statements. They go out by themselves while "
            "parley serve runs.",
            count,
        )
        % {"count": count}
    )


def await_receipt(reader: Reader, said: Sequence[Appended], *, seconds: int) -> bool:
    """Return whether their receipt covers everything `said`, after at most `seconds`."""
    end = clock.monotonic() + seconds
    while not all(reader.is_receipted(each.link, each.place) for each in said):
        if clock.monotonic() >= end:
            return False
        clock.sleep(STEP_SECONDS)
    return True


def places_of(said: Sequence[Appended], reader: Reader) -> list[JsonValue]:
    """Return places and proofs of several statements, for `--json`."""
    return [
        {
            "statement": id_text(each.statement),
            "place": each.place,
            "link": each.link,
            "saved": True,
            "at_their_node": reader.is_receipted(each.link, each.place),
        }
        for each in said
    ]

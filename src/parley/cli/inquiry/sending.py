"""Inquiries that are ready: shown as they would leave, or sent and told one by one."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from parley.cli.exits import Exit
from parley.cli.output import FaultError, JsonValue, result
from parley.cli.persons import require_home
from parley.cli.saying import Voice, advise_waiting, await_receipt, places_of, refused_fault
from parley.inquiries import actions
from parley.inquiries.actions import Sending
from parley.inquiries.forms.forecast import forecast
from parley.inquiries.forms.letter import write_letter
from parley.inquiries.policy import usual_lane
from parley.inquiries.queries import has_batch
from parley.ledger.drafts import Appended, RefusedError
from parley.ledger.readers import side_name
from parley.ledger.reading import LinkRow, Reader
from parley.links.actions.speaking import Tried
from parley.protocol.act import short_id
from parley.protocol.inquiries.codes import Want
from parley.ui import words
from parley.work import clock


def dispatch(
    reader: Reader,
    link: LinkRow,
    sendings: Sequence[Sending],
    *,
    voice: Voice,
    rows: Sequence[JsonValue],
    lines: Sequence[str],
    lane: str | None = None,
) -> int:
    """Send the inquiries, or only try to, print what became of each, and return the exit code.

    Raises:
        FaultError: the batch was sent before, or no inquiry was taken.
    """
    _check_batch(link, sendings, voice=voice)
    has_files = any(sending.files for sending in sendings)
    usual = usual_lane(len(sendings), open_lanes=reader.open_lanes(link.name), has_files=has_files)
    outcomes = actions.send(link.name, sendings, by=voice.hand(require_home()), lane=lane or usual)
    refused = [each for each in outcomes if isinstance(each, RefusedError)]
    if len(refused) == len(outcomes):
        raise refused_fault(refused[0])
    saved = [each for each in outcomes if isinstance(each, Appended)]
    has_it = bool(saved) and await_receipt(reader, saved, seconds=voice.wait)
    code = _exit_code(refused, waited=bool(voice.wait and saved), has_it=has_it)
    result(
        {
            "rows": rows,
            "inquiries": [_as_json(reader, *pair) for pair in zip(sendings, outcomes, strict=True)],
        },
        *lines,
        *(_line(*pair, has_it=has_it) for pair in zip(sendings, outcomes, strict=True)),
        *(
            [*_due_lines(reader, link, sendings), _("Nothing was sent. Nothing was fetched.")]
            if voice.dry_run
            else []
        ),
        exit_code=code,
    )
    if saved and not has_it:
        advise_waiting(len(saved))
    return code


def _exit_code(refused: Sequence[RefusedError], *, waited: bool, has_it: bool) -> Exit:
    if refused:
        return Exit.NEEDS_A_PERSON
    return Exit.WAITING if waited and not has_it else Exit.DONE


def _check_batch(link: LinkRow, sendings: Sequence[Sending], *, voice: Voice) -> None:
    batch = sendings[0].d["batch"]
    # With a key of the officer's own the same batch is a repetition, which is harmless.
    if isinstance(batch, dict) and not voice.is_repeated and has_batch(link.name, str(batch["ref"])):
        raise FaultError(
            "batch_exists",
            Exit.CONFLICT,
            what=_("A batch %(batch)s was sent to %(side)s before.")
            % {"batch": batch["ref"], "side": side_name(link)},
            safe=_("Nothing was sent."),
            do=_("Take another number; to go on with the same, repeat its --key."),
        )


def _line(sending: Sending, outcome: Appended | Tried | RefusedError, *, has_it: bool) -> str:
    title = sending.letter.title.text if sending.letter.title else ""
    count = len(sending.letter.items)
    items = ngettext("%(count)d item", "%(count)d items", count) % {"count": count}
    what = " · ".join(filter(None, [title, items, sending.ref]))
    match outcome:
        case Appended():
            place = f"{outcome.place} ({short_id(outcome.statement)})"
            said = _("%(place)s saved; at their node: %(what)s") if has_it else _("%(place)s saved: %(what)s")
            return " ✔ " + said % {"place": place, "what": what}
        case Tried():
            return " ✔ " + _("Would send: %(what)s") % {"what": what}
        case RefusedError():
            reason = words.label(outcome.code, words.VOIDS)
            return " ◆ " + _("Not sent: %(what)s. It would be void: %(reason)s %(remark)s") % {
                "what": what,
                "reason": reason,
                "remark": outcome.remark,
            }


def _as_json(reader: Reader, sending: Sending, outcome: Appended | Tried | RefusedError) -> JsonValue:
    about: dict[str, JsonValue] = {
        "ref": sending.ref,
        "title": sending.letter.title.text if sending.letter.title else None,
        "items": len(sending.letter.items),
    }
    match outcome:
        case Appended():
            (place,) = places_of([outcome], reader)
            return {**about, **(place if isinstance(place, dict) else {})}
        case Tried():
            return {**about, "saved": False, "would_say": sending.d, "letter": write_letter(sending.letter)}
        case RefusedError():
            return {**about, "saved": False, "refused": outcome.code, "remark": outcome.remark}


def _due_lines(reader: Reader, link: LinkRow, sendings: Sequence[Sending]) -> list[str]:
    """Return the due times that would follow if their node had it now: a forecast, and called one."""
    terms = reader.terms(link.name)
    if terms is None:
        return []
    urgency = str(sendings[0].d["urgency"])
    wants = {want for sending in sendings for want in _wants(sending)}
    dues = [
        f"{words.label(each.clock.value, words.CLOCKS)} {words.instant(each.due_at)}"
        for each in forecast(terms, wants, urgency=urgency, debtor=link.peer, now=clock.now())
    ]
    return [_("If their node had it now, it would be due: %(dues)s.") % {"dues": ", ".join(dues)}]


def _wants(sending: Sending) -> set[Want]:
    groups = sending.d["groups"]
    found: set[Want] = set()
    for group in groups if isinstance(groups, list) else ():
        wants = group["wants"] if isinstance(group, dict) else ()
        found.update(Want(str(want)) for want in (wants if isinstance(wants, list) else ()))
    return found

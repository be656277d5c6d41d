"""What is told of the line itself: why a test of it went wrong, and by which offices we are reached.

Neither is a call or about an inquiry, and no suspension stops it. Source: Spec §13.2, §13.9.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from parley.links.actions.speaking import Hand, Said, Target, draft_of, pass_on
from parley.links.policy import check_may_link
from parley.protocol.clauses import LineTest
from parley.protocol.directory import LISTED, Directory, write_directory
from parley.protocol.hotline.codes import Cause
from parley.protocol.linetests.bodies import read_said
from parley.protocol.strictjson import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a test of a period went wrong, from when to when, and a text as bodies write it."""

    test: LineTest
    period: int
    cause: Cause
    since: int | None = None
    until: int | None = None
    text: JsonValue = None


def declare_fault(link: str, explained: Explained, *, by: Hand) -> Said:
    """Say why a test went wrong; a later word of ours counts in its place.

    Raises:
        NotAllowedError: the officer may not. BreachError: it ended before it began.
        RefusedError: it would be void.
    """
    d: dict[str, JsonValue] = {
        "test": explained.test.value,
        "period": explained.period,
        "cause": explained.cause.value,
        "since": explained.since,
        "until": explained.until,
    }
    read_said("link.fault_declared", d)
    body = None if explained.text is None else {"text": explained.text}
    return _say("link.fault_declared", d, link, body=body, by=by)


def list_contacts(link: str, directory: Directory, *, by: Hand) -> Said:
    """Say by which offices we are reached, in place of what we said before.

    Raises:
        NotAllowedError: the officer may not. RefusedError: it would be void.
    """
    return _say(LISTED, {}, link, body=write_directory(directory), by=by)


def _say(
    kind: str,
    d: Mapping[str, JsonValue],
    link: str,
    *,
    body: Mapping[str, JsonValue] | None,
    by: Hand,
) -> Said:
    check_may_link(by.officer.role)
    return pass_on(draft_of(kind, d, Target(link=link, statement=b""), by=by, body=body), by=by)

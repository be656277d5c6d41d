"""A second reading of Spec §14 and §15, from the text alone and with nothing of the program's fold.

It is slow and plain: for each statement the eye of its writer is a list of earlier statements, looked
through anew. It takes the rows of a record only for what the entries say: writer, place, cut and act.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

MOST: Final = 1_024
AT_OFFERER: Final = {"confirmed", "withdrawn", "delivered", "release_permitted", "release_refused"}
NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "accepted": ("offered",),
    "undertaken": ("offered",),
    "confirmed": ("undertaken",),
    "declined": ("offered",),
    "withdrawn": ("offered",),
    "delivered": ("offered", "accepted", "undertaken"),
    "evaluated": ("delivered",),
    "result_notified": ("delivered",),
    "cleaned": ("delivered",),
    "release_asked": ("delivered",),
    "release_permitted": ("release_asked",),
    "release_refused": ("release_asked",),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One statement: what its entry and act say, and whether its writer had seen what stops it."""

    id: bytes
    writer: str
    index: int
    cut: int
    kind: str
    re: bytes | None
    d: Mapping[str, Any]
    stopped: bool

    @property
    def word(self) -> str:
        """Return the second word of its kind."""
        return self.kind.partition(".")[2]


Eye = Sequence[Told]


def words(eye: Eye, *kinds: str) -> list[Told]:
    """Return what an eye has seen of some kinds, by their second words."""
    return [each for each in eye if each.word in kinds]


# ---- §14


def binding(eye: Eye, offer: Told) -> list[Told]:
    """Return the answers that bind (§14.4.1)."""
    confirmed = {each.re for each in words(eye, "confirmed")}
    found = []
    for each in words(eye, "accepted", "undertaken"):
        same = set(each.d.get("conditions", ())) == set(offer.d["conditions"])
        if each.word == "accepted" or same or each.id in confirmed:
            found.append(each)
    return found


def share_state(eye: Eye, offer: Told) -> str:
    """Return where an offer stands (§14.3.1)."""
    if words(eye, "delivered"):
        return "delivered"
    if words(eye, "withdrawn"):
        return "withdrawn"
    if words(eye, "declined"):
        return "declined"
    if binding(eye, offer):
        return "accepted"
    return "countered" if words(eye, "undertaken") else "offered"


def judge_share(said: Told, target: Told, eye: Eye, offer: Told) -> str:
    """Return the verdict by §14.4.2, steps 3 to 6."""
    if (said.word in AT_OFFERER) != (said.writer == offer.writer):
        return "void:not-writer"
    at_once = offer.d["what"] in ("warning", "notice") and not offer.d["conditions"]
    misfits = {
        "accepted": bool(offer.d["conditions"]),
        "confirmed": set(target.d.get("conditions", ())) == set(offer.d["conditions"]),
        "delivered": said.d.get("content") != offer.d["content"] or (target is offer and not at_once),
        "cleaned": offer.d["what"] != "notice",
    }
    if target.word not in NAMES.get(said.word, ()) or misfits.get(said.word, False):
        return "void:no-target"
    state = share_state(eye, offer)
    waits = state in ("offered", "countered")
    allowed = {
        "confirmed": state == "countered",
        "delivered": (waits or state == "accepted")
        if target is offer
        else state == "accepted" and target in binding(eye, offer),
    }
    if said.word in ("accepted", "undertaken", "declined", "withdrawn"):
        return "valid" if waits else "void:wrong-state"
    if said.word in ("release_permitted", "release_refused"):
        answered = any(each.re == target.id for each in words(eye, "release_permitted", "release_refused"))
        return "void:wrong-state" if answered else "valid"
    return "valid" if allowed.get(said.word, state == "delivered") else "void:wrong-state"


# ---- §15


def joined(eye: Eye) -> bool:
    """Return whether the other side is in."""
    return bool(words(eye, "joined"))


def standing(eye: Eye, node: str) -> Told | None:
    """Return the closing of a side that stands (§15.3.2)."""
    own = [each for each in eye if each.writer == node and each.kind.startswith("case.")]
    return own[-1] if own and own[-1].word == "closed" else None


def case_state(eye: Eye, case: Told, other: str) -> str:
    """Return where a case stands (§15.3.1)."""
    closings = [standing(eye, node) is not None for node in (case.writer, other)]
    if joined(eye):
        return "closed" if all(closings) else "half_closed" if any(closings) else "open"
    if words(eye, "declined"):
        return "declined"
    return "closed" if closings[0] else "proposed"


def root(said: Told, eye: Eye) -> bytes:
    """Return the first version of a task or of a finding."""
    known = {each.id: each for each in eye}
    while said.re in known and known[said.re].word in ("task_set", "given", "revised"):
        said = known[said.re]
    return said.id


def stands(eye: Eye, task: bytes, node: str) -> bytes | None:
    """Return the version behind which a side stands (§15.4.1)."""
    behind = None
    for each in eye:
        if each.writer != node or not each.word.startswith("task_") or root(each, eye) != task:
            # What answers a version belongs to its task, too.
            continue
        if each.word == "task_set":
            behind = each.id
        if each.word == "task_agreed":
            behind = each.re
        if each.word == "task_declined" and behind == each.re:
            behind = None
    return behind


def owners(version: Told, nodes: Sequence[str]) -> list[str]:
    """Return whose task it is."""
    return [
        node
        for node, letter in zip(sorted(nodes), "AB", strict=True)
        if version.d["owner"] in (letter, "both")
    ]


def holds(eye: Eye, task: bytes, nodes: Sequence[str]) -> bytes | None:
    """Return the version that holds (§15.4.2)."""
    known = {each.id: each for each in eye}
    behind = {node: found for node in nodes if (found := stands(eye, task, node)) is not None}
    if len(behind) == 2:
        one, two = behind.values()
        return one if one == two else None
    for node, version in behind.items():
        if known[version].writer == node and owners(known[version], nodes) == [node]:
            return version
    return None


def task_state(eye: Eye, task: bytes, nodes: Sequence[str]) -> str:
    """Return where a task stands (§15.4.4)."""
    version = holds(eye, task, nodes)
    known = {each.id: each for each in eye}
    if version is not None:
        done = {each.writer: each.re for each in words(eye, "task_done") if root(each, eye) == task}
        whose = owners(known[version], nodes)
        return "done" if all(done.get(node) == version for node in whose) else "agreed"
    refused = {each.writer: each.re for each in words(eye, "task_declined") if root(each, eye) == task}
    others = dict(zip(nodes, reversed(nodes), strict=True))
    behind = {node: found for node in nodes if (found := stands(eye, task, node)) is not None}
    is_declined = all(refused.get(others[node]) == found for node, found in behind.items())
    return "declined" if is_declined else "set"


def judge_case(said: Told, target: Told, eye: Eye, case: Told, other: str) -> str:
    """Return the verdict by §15.6.1, steps 3 to 6."""
    is_own = said.writer == target.writer
    if said.word in ("joined", "declined") and said.writer == case.writer:
        return "void:not-writer"
    if said.word in ("unlinked", "revised") and not is_own:
        return "void:not-writer"
    if said.word in ("task_agreed", "task_declined", "answered") and is_own:
        return "void:not-writer"
    fitting = {
        "noted": True,
        "unlinked": target.word == "linked",
        "task_set": target is case or target.word == "task_set",
        **dict.fromkeys(("task_agreed", "task_declined", "task_done"), target.word == "task_set"),
        **dict.fromkeys(("revised", "answered"), target.word in ("given", "revised")),
    }
    if not fitting.get(said.word, target is case):
        return "void:no-target"
    return "valid" if _may(said, target, eye, case, other) else "void:wrong-state"


def _may(said: Told, target: Told, eye: Eye, case: Told, other: str) -> bool:
    state = case_state(eye, case, other)
    if said.word == "joined":
        return state in ("proposed", "declined")
    if said.word == "declined":
        return state == "proposed"
    if state == "declined" or (said.writer == other and not joined(eye)):
        return False
    own = [each for each in eye if each.writer == said.writer]
    if said.word.startswith("task_"):
        return _may_of_task(said, target, eye, nodes=(case.writer, other))
    before = standing(eye, said.writer)
    return {
        "closed": before is None or before.d != said.d,
        "unlinked": all(each.re != target.id for each in words(own, "unlinked")),
        "revised": all(each.re != target.id for each in words(own, "revised")),
    }.get(said.word, True)


def _may_of_task(said: Told, target: Told, eye: Eye, *, nodes: Sequence[str]) -> bool:
    if said.word == "task_set":
        return True
    task = root(target, eye)
    own = [each for each in eye if each.writer == said.writer]
    behind = stands(eye, task, said.writer)
    last = [each.re for each in words(own, "task_declined") if root(each, eye) == task]
    return {
        "task_agreed": behind != target.id,
        "task_declined": behind == target.id or last[-1:] != [target.id],
        "task_done": holds(eye, task, nodes) == target.id and said.writer in owners(target, nodes),
    }[said.word]


# ---- Both


def judged(told: Sequence[Told], opened: Told, other: str) -> dict[bytes, str]:
    """Return the verdict of every statement of a thread, by its id; `told` are those after `opened`.

    They are taken in any order in which all that a statement had seen comes before it.
    """
    verdicts, counts = {opened.id: "valid"}, {opened.writer: 0, other: 0}
    left = sorted(told, key=lambda each: (each.writer, each.index))
    done: list[Told] = []
    while left:
        said = next(
            each
            for each in left
            if not any(
                (before.writer == each.writer and before.index < each.index)
                or (before.writer != each.writer and before.index < each.cut)
                for before in left
            )
        )
        left.remove(said)
        eye = [opened, *(each for each in done if each.writer == said.writer or each.index < said.cut)]
        eye = [each for each in eye if verdicts[each.id] == "valid"]
        verdicts[said.id] = _verdict(said, eye, opened, other, counts)
        done.append(said)
    return verdicts


def _verdict(said: Told, eye: Eye, opened: Told, other: str, counts: dict[str, int]) -> str:
    target = next((each for each in eye if each.id == said.re), None)
    if target is None:
        return "void:no-target"
    if said.stopped:
        return "void:suspended"
    if opened.kind == "sharing.offered":
        verdict = judge_share(said, target, eye, opened)
    else:
        verdict = judge_case(said, target, eye, opened, other)
    if verdict in ("valid", "void:wrong-state"):
        counts[said.writer] += 1
        return "void:oversize" if counts[said.writer] > MOST else verdict
    return verdict


def read_told(act: bytes, *, leaf: bytes, place: tuple[str, int, int], stopped: bool) -> Told:
    """Return a statement from the bytes of its act; `place` is its writer, index and cut."""
    said = json.loads(act)
    re = None if said["re"] is None else base64.urlsafe_b64decode(said["re"] + "=")
    writer, index, cut = place
    return Told(leaf, writer, index, cut, said["k"], re, said["d"], stopped)

"""One record of two real nodes in which everything happens that an export can hold."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from parley.ledger.chosen import Choice
from parley.ledger.drafts import Prepared
from parley.protocol import note
from parley.protocol.notation import write_base64
from parley.protocol.officers import officer_name
from parley.protocol.strictjson import JsonValue
from tests.protocol.persons import foreign_line
from tests.two_nodes.erasing import both_erase, says_secret
from tests.two_nodes.filing import files_it
from tests.two_nodes.lossy import Copies
from tests.two_nodes.pair import SUITE, A, B, Pair
from tests.two_nodes.persons import LINK_SCOPE, bring, prepared_draft, resumes, root_line, signed
from tests.verify.test_two_nodes import exported

OFFICER: Final = 21
SEED: Final = hashlib.sha256(b"officer 21").digest()


@dataclass(frozen=True, kw_only=True)
class Story:
    """What was said: an inquiry that stayed, and one whose content both erased, with every trace of that.

    `before` is A's export from before it was erased.
    """

    kept: bytes
    erased: bytes
    traces: tuple[bytes, ...]
    before: bytes


def officer_key(node: str) -> note.SignKey:
    return note.new_sign_key(officer_name(node, OFFICER), note.Algorithm.ED25519, SEED, suite=SUITE)


def enrol(pair: Pair, node: str) -> None:
    """Have the roots of `node` enrol an officer."""
    d: Mapping[str, JsonValue] = {
        "n": OFFICER,
        "alg": "ed25519",
        "key": write_base64(officer_key(node).public),
        "roles": ["desk"],
        "since": pair.clocks[node].time - 60,
        "until": None,
    }
    bring(pair, node, signed(pair, node, prepared_draft(pair, node, "officer.enrolled", d)))


def stops_and_resumes(pair: Pair, node: str) -> None:
    """Have an officer and a root stop the link, with a line of a national algorithm beside theirs."""
    d: Mapping[str, JsonValue] = {"scope": dict(LINK_SCOPE), "reason": "policy", "until": None}
    draft = prepared_draft(pair, node, "link.suspended", d)
    prepared = draft.prepared
    assert prepared is not None
    lines = (
        note.sign(prepared.text, officer_key(node), SUITE),
        foreign_line(prepared.text),
        root_line(pair, node, prepared, 1),
    )
    made = Prepared(text=prepared.text, parts=prepared.parts, lines=lines)
    stop = bring(pair, node, replace(draft, prepared=made))
    pair.settle()
    resumes(pair, node, stop)
    pair.settle()


def tell(pair: Pair, folder: Path) -> Story:
    """Have it all happen: files, officers, a suspension, a log that ends, an erasure."""
    copies = Copies(pair=pair, folder=folder)
    enrol(pair, A)
    filed = files_it(pair, b"evidence " * 9_000)
    pair.settle()
    stops_and_resumes(pair, A)
    secret = says_secret(pair)
    old = copies.keep(A)
    pair.sends(title="never left the house")
    copies.restore(A, old)
    pair.settle()
    pair.sends(title="said again", node=B)
    pair.settle()
    _, before = exported(pair, A, Choice())
    both_erase(pair, secret)
    kept, erased = filed.appended.statement, secret.statement
    return Story(kept=kept, erased=erased, traces=secret.traces, before=before)

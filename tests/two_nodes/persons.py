"""Persons of a node who sign its statements together, each with a key of his own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from parley.ledger import cosigning
from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft, Prepared, RefusedError
from parley.ledger.home import read_config
from parley.ledger.keys import Keys, read_keys
from parley.ledger.persons import make_key, sign_as
from parley.ledger.preparing import prepare
from parley.protocol import note
from parley.protocol.notation import write_base64
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Standard, Suite
from parley.work.home import Home
from tests.two_nodes.pair import LINK, Nodes

LINK_SCOPE: Mapping[str, JsonValue] = {"link": True}


def prepared_draft(
    nodes: Nodes,
    node: str,
    kind: str,
    d: Mapping[str, JsonValue],
    *,
    re: bytes | None = None,
    link: str = LINK,
) -> Draft:
    """Return a draft whose entry is made and signed by nobody yet."""
    body: Mapping[str, JsonValue] = {"statement": {"en": "We stop.", "zh": "我方暂停。"}, "public": True}
    draft = nodes.draft(kind, d, re=re, body=body, link=link)
    made = prepare(nodes.homes[node], draft, now=nodes.clocks[node].time, suite=nodes.suite)
    return replace(draft, prepared=made)


def signed(nodes: Nodes, node: str, draft: Draft, *, roots: Iterable[int] = (1, 2)) -> Draft:
    """Return the draft with the lines of these roots."""
    made = draft.prepared
    assert made is not None
    for root in roots:
        made = cosigning.signed(made, partial(line_of, nodes.keys(node), root, suite=nodes.suite))
    return replace(draft, prepared=made)


def root_line(nodes: Nodes, node: str, prepared: Prepared, root: int) -> note.Line:
    return line_of(nodes.keys(node), root, prepared.text, suite=nodes.suite)


def line_of(keys: Keys, root: int, text: bytes, *, suite: Suite) -> note.Line:
    name, seed = f"{keys.node}/root/{root}", dict(keys.roots)[root]
    key = note.new_sign_key(name, note.Algorithm.ED25519, seed, suite=suite)
    return note.sign(text, key, suite)


def enrol(
    home: Home, n: int, *, secret: str, now: int, link: str = LINK, roles: tuple[str, ...] = ("desk",)
) -> None:
    """Make a key for officer `n` of a node that nobody serves, and have its roots enrol it."""
    key = make_key(home, n, secret=secret)
    d: Mapping[str, JsonValue] = {
        "n": n,
        "alg": "ed25519",
        "key": write_base64(key),
        "roles": list(roles),
        "since": now - 3600,
        "until": None,
    }
    draft = Draft(id=f"enrol-{n}", link=link, kind="officer.enrolled", d=d)
    made, keys = prepare(home, draft, now=now), read_keys(home.keys, read_config(home).node)
    for root, _seed in keys.roots:
        made = cosigning.signed(made, partial(line_of, keys, root, suite=Standard()))
    (outcome,) = append(home, [replace(draft, prepared=made)])
    assert isinstance(outcome, Appended), outcome


def signed_by(home: Home, draft: Draft, n: int, *, secret: str, now: int) -> Draft:
    """Return the draft, prepared in a home that nobody serves, with the line of officer `n`."""
    made = prepare(home, draft, now=now)
    return replace(
        draft, prepared=cosigning.signed(made, lambda text: sign_as(home, n, secret=secret, text=text))
    )


def bring(nodes: Nodes, node: str, draft: Draft) -> Appended:
    (result,) = nodes.ledgers[node].append([draft])
    if isinstance(result, RefusedError):
        raise result
    return result


def suspends(
    nodes: Nodes, node: str, scope: Mapping[str, JsonValue] = LINK_SCOPE, *, roots: Sequence[int] = (1, 2)
) -> Appended:
    """Have persons of `node` stop what `scope` covers."""
    d: Mapping[str, JsonValue] = {"scope": dict(scope), "reason": "policy", "until": None}
    return bring(
        nodes, node, signed(nodes, node, prepared_draft(nodes, node, "link.suspended", d), roots=roots)
    )


def resumes(nodes: Nodes, node: str, suspension: Appended) -> Appended:
    """Have persons of `node` lift its suspension."""
    draft = prepared_draft(nodes, node, "link.resumed", {}, re=suspension.statement)
    return bring(nodes, node, signed(nodes, node, draft))

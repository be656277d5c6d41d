"""Two whole nodes share and work on a case, on terms that list these kinds. Spec §14, §15."""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from parley.inquiries.models import Inquiry
from parley.ledger.casebook import cases, newest_report_cut, report, shares
from parley.ledger.drafts import Appended, RefusedError
from parley.node.projector import projectors, watermark
from parley.protocol.act import id_text
from parley.protocol.cases import account as case_account
from parley.protocol.cases import bodies as casing
from parley.protocol.cases.report import digest
from parley.protocol.files import NamedFile, file_scope, write_files
from parley.protocol.kinds import VERSIONS
from parley.protocol.sharing import account as share_account
from parley.protocol.sharing import bodies as sharing
from parley.protocol.sharing.codes import State
from parley.protocol.strictjson import JsonSource, JsonValue, read, write
from parley.protocol.terms import default_terms
from parley.vault.vault import Sealed
from tests.protocol.casework import given
from tests.protocol.sharers import offered
from tests.two_nodes.filing import CHANNEL, Filed, content_at, enclosed, some_bytes, vault_of
from tests.two_nodes.pair import LINK, SUITE, WORLD, A, B, Pair
from tests.two_nodes.persons import bring, prepared_draft, signed

CONTENT: Final = some_bytes(40_000)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Return two nodes with an open link."""
    nodes = Pair(tmp_path)
    yield nodes
    nodes.stop()


def agree(pair: Pair, kinds: Iterable[str]) -> None:
    """Have both sides open the link anew, on terms that list `kinds` too."""
    calendars = {node: pair.offer(node).calendar for node in (A, B)}
    terms = default_terms(calendars, world=WORLD, kinds={**VERSIONS, **dict.fromkeys(kinds, 1)})
    act = next(row.act for row in pair.rows(A) if row.kind == "link.opened")
    assert act is not None
    for node in (A, B):
        draft = prepared_draft(pair, node, "link.opened", {**act.d, "terms": terms})
        bring(pair, node, signed(pair, node, draft))
    pair.settle()


def plain(d: Mapping[str, JsonSource]) -> Mapping[str, JsonValue]:
    """Return what a test wrote as it would be read."""
    return read(write(d))


def seal(pair: Pair, content: bytes = CONTENT) -> Sealed:
    """Seal content at A; nobody else has any of it."""
    return vault_of(pair, A).add(io.BytesIO(content), scope=file_scope(A, CHANNEL), dice=SUITE.dice)


def content_of(sealed: Sealed) -> list[JsonValue]:
    return [{"hash": id_text(sealed.hash), "size": sealed.size}]


def offer(pair: Pair, sealed: Sealed) -> Appended:
    """Offer what is sealed, and let the other side have the offer."""
    d = plain({**offered(), "content": content_of(sealed)})
    said = pair.say(A, "sharing.offered", d, body={"title": {"lang": "en", "text": "x"}})
    pair.settle()
    return said


def deliver(pair: Pair, sealed: Sealed, re: Appended) -> Appended:
    """Deliver it, in answer to an acceptance."""
    digest_of_plain = sealed.plain_sha256
    named = NamedFile(
        part=1, name="x.json", type="application/json", size=len(CONTENT), sha256=digest_of_plain
    )
    d = {"content": content_of(sealed)}
    body: dict[str, JsonValue] = {"files": write_files([named])}
    draft = pair.draft("sharing.delivered", d, re=re.statement, body=body)
    return bring(pair, A, replace(draft, files=(enclosed(pair, A, sealed),)))


def states(pair: Pair, node: str) -> list[State]:
    with pair.reader(node) as reader:
        return [each.state for each in shares(reader, LINK)]


def accounts(pair: Pair, node: str) -> list[object]:
    with pair.reader(node) as reader:
        offers = [share_account.account(each) for each in shares(reader, LINK)]
        return [*offers, *(case_account.account(each) for each in cases(reader, LINK))]


def test_the_content_reaches_the_other_node_with_the_delivery_and_not_before(pair: Pair) -> None:
    agree(pair, sharing.CLASSES)
    sealed = seal(pair)
    said = offer(pair, sealed)
    yes = pair.say(B, "sharing.accepted", {}, re=said.statement)
    pair.settle()
    before = vault_of(pair, B).size(sealed.hash)
    delivery = deliver(pair, sealed, yes)
    pair.settle()

    assert before is None
    assert content_at(pair, B, Filed(appended=delivery, sealed=sealed, content=CONTENT)) == CONTENT
    assert states(pair, A) == states(pair, B) == [State.DELIVERED]
    assert accounts(pair, A) == accounts(pair, B)
    assert pair.rows(B)[-1].kind == "file.got"
    assert pair.is_settled()


def test_a_node_does_not_say_what_would_deliver_something_else(pair: Pair) -> None:
    agree(pair, sharing.CLASSES)
    sealed, other = seal(pair), seal(pair, CONTENT[:-1] + b"!")
    yes = pair.say(B, "sharing.accepted", {}, re=offer(pair, sealed).statement)
    pair.settle()

    with pytest.raises(RefusedError, match="no-target"):
        deliver(pair, other, yes)


def test_what_was_declined_was_never_sent_and_is_destroyed_by_who_sealed_it(pair: Pair) -> None:
    agree(pair, sharing.CLASSES)
    sealed = seal(pair)
    said = offer(pair, sealed)
    pair.say(B, "sharing.declined", {"reason": "no_need"}, re=said.statement)
    pair.settle()

    assert vault_of(pair, A).destroy(sealed.hash)
    assert not vault_of(pair, B).destroy(sealed.hash)
    assert states(pair, A) == states(pair, B) == [State.DECLINED]


def test_both_nodes_print_the_same_status_report_at_a_cut_whatever_is_said_later(pair: Pair) -> None:
    agree(pair, casing.CLASSES)
    proposed = pair.say(A, "case.proposed", {"items": ["trade_secrets"], "origins": []})
    pair.settle()
    pair.say(B, "case.joined", {}, re=proposed.statement)
    pair.settle()
    draft = prepared_draft(pair, A, "finding.given", plain(given()), re=proposed.statement)
    finding = bring(pair, A, signed(pair, A, draft, roots=(1,)))
    pair.settle()
    with pair.reader(A) as reader:
        cut = newest_report_cut(reader, LINK)
        first = report(reader, LINK, cut)
    concurs = prepared_draft(
        pair, B, "finding.answered", {"position": "concurs", "public": False}, re=finding.statement
    )
    bring(pair, B, signed(pair, B, concurs, roots=(1,)))
    pair.settle()

    with pair.reader(A) as ours, pair.reader(B) as theirs:
        assert report(ours, LINK, cut) == report(theirs, LINK, cut) == first
        assert digest(report(ours, LINK, newest_report_cut(ours, LINK))) != digest(first)
    assert accounts(pair, A) == accounts(pair, B)
    assert pair.is_settled()


def test_a_finding_that_nobody_signed_is_refused_by_the_node_that_would_say_it(pair: Pair) -> None:
    agree(pair, casing.CLASSES)
    proposed = pair.say(A, "case.proposed", {"items": ["trade_secrets"], "origins": []})

    with pytest.raises(RefusedError, match="wrong-log"):
        pair.say(A, "finding.given", plain(given()), re=proposed.statement)


@pytest.mark.django_db(databases=["default", "view"])
def test_the_lists_of_a_node_pass_over_offers_and_cases_and_go_on(pair: Pair) -> None:
    agree(pair, sharing.CLASSES)
    offer(pair, seal(pair))
    inquiry = pair.sends()
    pair.settle()

    with pair.reader(B) as reader:
        for projector in projectors(reader):
            projector.catch_up()
        assert watermark() == reader.last_change()

    assert [each.inquiry for each in Inquiry.objects.all()] == [id_text(inquiry.statement)]

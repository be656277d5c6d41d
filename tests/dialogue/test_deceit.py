"""A side with a good key and no manners: what it does to a list is without effect, and is shown."""

import base64
import re
from pathlib import Path
from typing import Final

import pytest
from django.test import Client
from pytest_django import Settings

from parley.dialogue.views.page import MOST
from parley.ledger.drafts import Draft
from parley.ledger.ledger import Ledger
from parley.protocol.act import read_id
from parley.protocol.dialogue.clause import Text
from parley.protocol.dialogue.release import Seal, sign_seal
from parley.protocol.note import SignKey
from parley.protocol.strictjson import JsonValue
from parley.protocol.suite import Standard
from parley.signer.keys import read_signer_keys
from parley.work import clock
from tests.dialogue.page_table import PROMISE, PageTable
from tests.inquiries.page_desk import HOST, A, B
from tests.two_nodes.pair import LINK, WORLD

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

LATER: Final = Text(en="B answers within 30 working days.", zh="乙方在三十个工作日内答复。")
UNEQUAL: Final = Text(en="B answers within 20 working days.", zh="乙方在三十个工作日内答复。")
DAY: Final = 24 * 60 * 60


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> PageTable:
    return PageTable(tmp_path, settings)


def clause_of(text: Text) -> str:
    """Return a clause as acts have it, whatever it counts."""
    return base64.b64encode(text.lines).decode("ascii")


def forces(desk: PageTable, kind: str, d: dict[str, JsonValue], *, on: str) -> str:
    """Have B write it past its own door, and return A's page of the round afterwards."""
    desk.at(B).force(kind, d, node=B, on=on)
    desk.carry()
    return desk.at(A).get(round_at(desk))


def round_at(desk: PageTable) -> str:
    found = re.search(rf'"(/rounds/{LINK}/[A-Z]-\d+/)"', desk.get("/rounds/"))
    assert found is not None
    return found[1]


def ineffective(page: str) -> list[str]:
    """Return why statements of a page are without effect."""
    return re.findall(r'<span class="chip failed">([^<]*)</span>', page)


def listed(page: str) -> str:
    """Return the outcome list that a page shows, without what each form of it brings along unseen."""
    shown = page.partition('id="outcome"')[2].partition("</section>")[0]
    return re.sub(r'<input type="hidden"[^>]*>', "", shown)


def test_a_figure_that_is_changed_after_the_freezing_changes_nothing_and_is_shown(desk: PageTable) -> None:
    place = desk.listed()
    desk.freeze(place, release=clock.now() + DAY)
    before = listed(desk.at(A).get(f"/rounds/{LINK}/{place}/"))
    clause = next(row.place for row in desk.rows() if row.kind == "outcome.clause_proposed")

    page = forces(desk, "outcome.amended", {"place": 1, "clause": clause_of(LATER)}, on=clause)

    assert ineffective(page) == ["the state does not allow it"]
    assert listed(page) == before
    assert PROMISE["zh"] in before
    assert desk.digest in before


def test_languages_that_count_differently_are_without_effect_even_under_a_good_signature(
    desk: PageTable,
) -> None:
    place = desk.listed()

    page = forces(desk, "outcome.clause_proposed", {"place": 2, "clause": clause_of(UNEQUAL)}, on=place)

    row = next(each for each in desk.rows() if not each.verdict.is_valid)
    told = desk.get(f"/l/{LINK}/record/{row.place.replace(' ', '-')}/")
    assert row.verdict.text == "void:schema"
    assert re.search(r"void</span>.*20.*30", told)
    assert "has no effect on either side" in told
    assert UNEQUAL.zh not in page


def test_a_seal_that_is_made_before_the_time_publishes_nothing_on_either_node(desk: PageTable) -> None:
    place, release = desk.listed(), clock.now() + DAY
    desk.freeze(place, release=release)
    seal = Seal(link=f"{WORLD}/{LINK}", release=release, digest=read_id(desk.digest))
    note = base64.b64encode(sign_seal(seal, keys_of(desk), time=release, suite=Standard())).decode("ascii")

    page = forces(
        desk, "outcome.released", {"release": release, "digest": desk.digest, "note": note}, on=place
    )

    assert ineffective(page) == ["the state does not allow it"]
    assert "frozen by both" in listed(page)
    for node in (A, B):
        desk.at(node)
        assert Client(headers=HOST).get(f"/public/outcomes/{desk.digest}/").status_code == 404


def keys_of(desk: PageTable) -> tuple[SignKey, ...]:
    """Return the receipt keys of B, with which it could sign whatever it likes."""
    found = read_signer_keys(desk.homes[B].keys, B).receipt_keys(Standard())
    return found.ed25519, found.ml_dsa


def test_a_thread_that_the_other_side_has_stuffed_shows_ours_and_the_newest_of_theirs(
    desk: PageTable,
) -> None:
    place = desk.promise()
    desk.at(B).say_on(place, "commitment-agreed", place)
    desk.at(A)
    ours = desk.say_on(place, "concern-raised", place, words="Ours.")
    drafts = [
        Draft(id=f"n{n}", link=LINK, kind="concern.raised", d={}, re=desk.statement(place))
        for n in range(MOST + 5)
    ]
    ledger = Ledger(desk.homes[B])
    ledger.start()
    ledger.append(drafts)
    ledger.stop()
    desk.carry()

    page = desk.get(f"/commitments/{LINK}/{place}/")
    whole = desk.get(f"/commitments/{LINK}/{place}/?all=1")

    assert f'id="{ours}"' in page
    assert page.count('class="said-line theirs"') == MOST
    assert "6 earlier statements are not shown." in page
    assert whole.count('class="said-line theirs"') == MOST + 6

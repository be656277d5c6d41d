"""The page of a link: two sentences that say whether it works and whether both hold the same record."""

import pytest
from pytest_django import Settings

from parley.agencies.policy import Role
from parley.work import clock
from tests.links.office import Office, core_that_says, courier, words
from tests.two_nodes.forger import Forger, act_of, force
from tests.two_nodes.pair import LINK, A, B, Pair

pytestmark = pytest.mark.django_db(databases=["default", "view"])

PAGE = f"/links/{LINK}/"
ROOT = b"r" * 32


def talk(office: Office) -> None:
    """Have both nodes hear each other now."""
    office.set_clocks(clock.now())
    office.pair.carry(A, B, prompt=True)
    office.pair.carry(B, A, prompt=True)
    office.pair.settle()


def test_a_link_that_works_says_so_and_up_to_where(office: Office) -> None:
    said = office.pair.sends()
    talk(office)

    with core_that_says(office.home, courier(succeeded_at=clock.now())):
        text = words(office.person().get(PAGE))

    assert "The link works. Last word from b.example" not in text
    assert "The link works. Last word from b " in text
    assert "Nothing waits. Their receipt covers everything up to " + said.place in text
    assert "Both hold the same record. b signed for all" in text


def test_what_waits_is_counted_and_named(office: Office) -> None:
    talk(office)
    said = office.pair.sends()

    with core_that_says(office.home, courier(succeeded_at=clock.now())):
        answer = office.person().get(PAGE)

    assert "1 entry of ours waits for their receipt." in words(answer)
    assert "Not all of it is proved to be there yet." in words(answer)
    assert f'href="/l/{LINK}/record/{said.place.replace(" ", "-")}/"' in answer.text


def test_without_core_nothing_goes_out_and_the_page_says_what_is_safe(office: Office) -> None:
    talk(office)

    text = words(office.person().get(PAGE))

    assert "Nothing goes out and nothing comes in: core does not run on this node." in text
    assert "What is safe: Everything that was shown as saved." in text
    assert "parley serve" in text


def test_a_silent_partner_is_told_with_the_time_and_what_waits(office: Office) -> None:
    office.set_clocks(clock.now() - 3600)
    office.pair.carry(A, B, prompt=True)
    office.pair.sends()
    failing = courier(attempted_at=clock.now() - 5, error="unreachable", failures=4)

    with core_that_says(office.home, failing):
        text = words(office.person().get(PAGE))

    assert "No word. b's node has been silent for 1 h." in text
    assert "1 entry of ours waits; it is signed, and goes out by itself." in text
    assert "their address does not answer (4 times in a row)" in text
    assert "Next try at the latest" in text
    assert "Nothing has to be sent again." in text


def test_two_histories_are_told_as_a_proof(office: Office) -> None:
    forger = Forger(office.pair, B, A)
    forger.send(forger.piece(note=forger.head(root=ROOT)))
    talk(office)

    with core_that_says(office.home, courier(succeeded_at=clock.now())):
        text = words(office.person().get(PAGE))

    assert "The records differ, and that is proved." in text
    assert "Both signed heads are kept here as proof." in text
    assert "one key signed two histories, not why" in text
    assert "two histories under one signature 1 time" in text


def test_garbage_accuses_nobody(office: Office) -> None:
    forger = Forger(office.pair, B, A)
    forger.write(act_of("inquiry.acknowledged", {}))
    forger.send(forger.piece(entries=[b"garbage"]))

    with core_that_says(office.home, courier(succeeded_at=clock.now())):
        text = words(office.person().get(PAGE))

    assert "What came last does not continue what we hold." in text
    assert "their log was not extended 1 time" in text
    assert "Nobody is accused by these." in text


def test_statements_of_another_version_are_counted_and_have_no_effect(office: Office) -> None:
    force(office.pair, B, act_of("question.asked", {}))
    talk(office)

    text = words(office.person().get(PAGE))

    assert "Their node speaks another version" in text
    assert "1 statement of theirs is of a kind that the terms do not know." in text


def test_refused_parcels_are_counted_and_nobody_is_accused(office: Office) -> None:
    with core_that_says(office.home, courier() | {"refused": {"400": 3, "403": 1}}):
        text = words(office.person().get(PAGE))

    assert "3 parcels were none, or not genuine." in text
    assert "1 parcel was for no link of this node." in text
    assert "so nobody is accused" in text


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0, "Their clock is ahead by no more than that."),
        (-90, "Their clock is behind ours. They signed the newest receipt 1 min 30 s before"),
    ],
)
def test_the_clocks_are_compared_by_what_was_signed(office: Office, gap: int, said: str) -> None:
    office.pair.clocks[B].time += gap
    office.pair.sends()
    office.pair.carry(A, B)

    assert said in words(office.person().get(PAGE))


def test_an_oddity_of_the_clock_has_words(office: Office) -> None:
    forger = Forger(office.pair, B, A)
    forger.write(act_of("inquiry.acknowledged", {}))
    forger.send(forger.piece(note=forger.head(late=7200)))

    assert "their clock is ahead of ours 1 time" in words(office.person().get(PAGE))


def test_the_keys_and_the_digits_stand_there_once_they_were_compared(office: Office) -> None:
    with office.pair.reader(A) as reader:
        row = reader.link(LINK)
        assert row is not None

    text = words(office.person().get(PAGE))

    assert " ".join(row.digits) in text
    assert "compared by people:" in text
    assert "Our card: a.example, number 1" in text
    assert "Newer cards none announced" in text


def test_a_link_that_is_not_in_use_shows_no_digits_and_leads_to_the_comparison(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> None:
    pair = Pair(tmp_path_factory.mktemp("fresh"), is_open=False, is_verified=False)
    office = Office(pair, settings)
    with pair.reader(A) as reader:
        row = reader.link(LINK)
        assert row is not None
    officer, viewer = office.person(), office.person("Wu", role=Role.VIEWER)

    answer = officer.get(PAGE)

    assert "The link is not in use." in words(answer)
    assert f'href="{PAGE}verify/"' in answer.text
    assert not any(group in answer.text for group in row.digits)
    assert f'href="{PAGE}verify/"' not in viewer.get(PAGE).text
    assert "None are in force: the link is not open." in words(officer.get(f"{PAGE}terms/"))
    assert "Nothing was said on this link." in words(officer.get(f"/l/{LINK}/record/"))
    pair.stop()


def test_all_links_are_on_one_page(office: Office) -> None:
    answer = office.person().get("/links/")

    assert f'href="{PAGE}"' in answer.text
    assert "core does not run" in words(answer)


def test_an_unknown_link_is_no_page(office: Office) -> None:
    person = office.person()

    for path in ("/links/a-c/", "/links/a-c/terms/", "/links/a-c/verify/", "/l/a-c/record/"):
        assert person.get(path).status_code == 404

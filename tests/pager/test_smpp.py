"""Short messages over SMPP, to a centre that was written from the specification by itself."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parley.gates.pager.attempt import GivenUpError
from parley.gates.pager.providers.smpp import submit_text
from parley.gates.pager.ring import Answer, Outcome
from parley.gates.pager.settings import Smpp
from parley.gates.pager.translate.gsm import TooLongError, shorten
from parley.gates.pager.translate.pdu import PduError
from tests.pager.servers import Centre, Submitted, dripping, hanging, nobody, running, text_of
from tests.pager.trying import trying


def carrier(port: int, *, alphabet: str = "gsm") -> Smpp:
    return Smpp(
        host="127.0.0.1",
        port=port,
        user="parley",
        password="secret",
        source="Parley",
        alphabet="ucs2" if alphabet == "ucs2" else "gsm",
    )


def handed_to(centre: Centre, text: str, *, to: str = "+9995551234", alphabet: str = "gsm") -> Answer:
    with running(centre.serve) as server:
        return submit_text(trying(text, to=to), carrier(server.port, alphabet=alphabet))


@pytest.mark.parametrize("text", ["Parley: sign in.", "Parley：请登录。", "[{€}]", "x" * 500, "请" * 200])
def test_a_phone_shows_the_text_as_it_was_given(text: str) -> None:
    centre = Centre()

    answer = handed_to(centre, text)

    assert answer.outcome is Outcome.ACCEPTED
    assert centre.texts == [text]
    assert centre.said_goodbye.is_set()


def test_the_message_goes_to_the_number_and_dies_if_it_is_late() -> None:
    centre = Centre()

    handed_to(centre, "Parley: sign in.", to="+9995551234")

    (got,) = centre.got
    assert got.to == (1, 1, "9995551234")
    assert got.source == (5, 0, "Parley")
    assert got.validity == "000000001500000R"
    assert got.registered == 0


def test_a_short_code_is_no_international_number() -> None:
    centre = Centre()

    handed_to(centre, "Parley: sign in.", to="5551")

    assert centre.got[0].to == (0, 1, "5551")


def test_a_carrier_with_an_alphabet_of_its_own_gets_ucs2() -> None:
    centre = Centre()

    handed_to(centre, "Parley: sign in.", alphabet="ucs2")

    assert centre.got[0].coding == 8
    assert centre.texts == ["Parley: sign in."]


def test_a_wrong_password_is_refused_and_nothing_is_sent() -> None:
    centre = Centre(password="other")

    answer = handed_to(centre, "Parley: sign in.")

    assert answer == Answer(outcome=Outcome.REFUSED, said="SMPP status 0x0000000e invalid password")
    assert centre.got == []


def test_a_message_that_the_centre_refuses_is_not_accepted() -> None:
    answer = handed_to(Centre(submit_statuses=[0x58]), "Parley: sign in.")

    assert answer == Answer(outcome=Outcome.REFUSED, said="SMPP status 0x00000058 throttled")


def test_a_text_of_which_one_part_is_refused_is_refused() -> None:
    answer = handed_to(Centre(submit_statuses=[0, 0x14]), "x" * 200)

    assert answer.outcome is Outcome.REFUSED


def test_a_no_without_a_command_is_a_no() -> None:
    answer = handed_to(Centre(nack=True, submit_statuses=[3]), "Parley: sign in.")

    assert answer.outcome is Outcome.REFUSED


def test_a_no_that_carries_the_status_of_a_yes_is_no_answer() -> None:
    with running(Centre(nack=True).serve) as server:
        attempt = trying(seconds=2)

        with pytest.raises((GivenUpError, TimeoutError)):
            submit_text(attempt, carrier(server.port))

    assert attempt.is_committed


def test_the_centre_may_ask_whether_anybody_is_there_in_between() -> None:
    centre = Centre(asks_first=True)

    answer = handed_to(centre, "Parley: sign in.")

    assert answer.outcome is Outcome.ACCEPTED
    assert centre.asked_alive == [77]


@pytest.mark.parametrize("centre", [Centre(hang_up_at_submit=True), Centre(wrong_number=True)])
def test_without_the_answer_to_the_message_it_may_have_gone(centre: Centre) -> None:
    with running(centre.serve) as server:
        attempt = trying(seconds=2)

        with pytest.raises((OSError, GivenUpError, PduError)):
            submit_text(attempt, carrier(server.port))

    assert attempt.is_committed


@pytest.mark.parametrize("length", [0, 15, 4097, 0xFFFFFFFF])
def test_a_length_that_cannot_be_is_refused_before_anything_is_read(length: int) -> None:
    with running(Centre(announces=length or 1).serve) as server:
        attempt = trying()

        with pytest.raises(PduError, match="expected a message of 16 to 4096 bytes"):
            submit_text(attempt, carrier(server.port))

    assert not attempt.is_committed


def test_a_centre_that_never_answers_costs_no_more_than_the_deadline() -> None:
    with hanging() as server:
        attempt = trying(seconds=0.2)

        with pytest.raises((TimeoutError, GivenUpError)):
            submit_text(attempt, carrier(server.port))

    assert not attempt.is_committed


def test_a_centre_that_drips_costs_no_more_than_the_deadline() -> None:
    with dripping(b"\0") as server:
        attempt = trying(seconds=0.2)

        with pytest.raises((TimeoutError, GivenUpError, PduError)):
            submit_text(attempt, carrier(server.port))

    assert not attempt.is_committed


def test_where_nobody_listens_nothing_is_sent() -> None:
    attempt = trying()

    with pytest.raises(ConnectionRefusedError):
        submit_text(attempt, carrier(nobody()))

    assert not attempt.is_committed


SIGNS = st.text(
    st.one_of(
        st.sampled_from("@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà[]{}\\^~|€\f"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=400,
)


@example(text="x" * 152 + "€" * 60, reference=7)
@example(text="请" * 66 + "\U0001f600" * 40, reference=7)
@given(text=SIGNS, reference=st.integers(min_value=0, max_value=255))
def test_every_text_comes_whole_and_no_sign_is_cut(text: str, reference: int) -> None:
    short = shorten(text, reference=reference)

    parts = [
        Submitted(
            source=(0, 0, ""),
            to=(0, 0, ""),
            esm_class=0x40 if short.is_joined else 0,
            validity="",
            registered=0,
            coding=short.coding,
            payload=part,
        )
        for part in short.parts
    ]
    # Each part is read by itself: a sign that were cut in half would show here.
    assert "".join(text_of([part]) for part in parts) == text
    # 140 octets hold 160 septets; the header of a joined part takes the room of seven of them.
    room = 140 if short.coding == 8 else 159 if short.is_joined else 160
    assert all(len(part.payload) <= room for part in parts)
    if short.is_joined:
        assert [part.payload[:6] for part in parts] == [
            bytes([5, 0, 3, reference, len(parts), which]) for which in range(1, len(parts) + 1)
        ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [("x" * 160, 1), ("x" * 161, 2), ("€" * 80, 1), ("x" * 159 + "€", 2), ("请" * 70, 1), ("请" * 71, 2)],
)
def test_a_text_takes_as_few_parts_as_the_standard_allows(text: str, parts: int) -> None:
    assert len(shorten(text, reference=1).parts) == parts


def test_a_text_that_needs_more_parts_than_there_are_numbers_is_refused() -> None:
    with pytest.raises(TooLongError):
        shorten("x" * (153 * 255 + 1), reference=1)

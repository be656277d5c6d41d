"""Rows become inquiries: the groups, the act, and what is missing."""

import pytest

from parley.inquiries.forms import compose
from parley.inquiries.forms.compose import Asked, Gap, Grouping, Row
from parley.inquiries.forms.letter import Letter, Site, Subject, text_of, write_letter
from parley.protocol.inquiries.bodies import MAX_ITEMS, Sent, read_said
from parley.protocol.inquiries.codes import Want
from parley.protocol.part import MAX_BODY
from parley.protocol.strictjson import MAX_BODY_VALUES, write
from parley.protocol.terms import REQUIRED


def site(number: int, *, bank: str = "First Bank", group: str | None = None, url: str | None = None) -> Row:
    item = Site(url=url or f"http://{number}.example/", observed_at=1, brand=text_of(bank))
    return Row(number=number, item=item, group=group)


def subject(number: int) -> Row:
    return Row(number=number, item=Subject(kind="ip", value=f"192.0.2.{number}", questions=("ownership",)))


def numbers(groups: tuple[compose.Group, ...]) -> list[tuple[str | None, list[int]]]:
    return [(group.name, [row.number for row in group.rows]) for group in groups]


def test_rows_are_grouped_by_bank_in_the_order_of_their_first_rows() -> None:
    rows = [site(1), site(2, bank="Second Bank"), site(3)]

    groups = compose.group_rows(rows, Grouping.BANK)

    assert numbers(groups) == [("First Bank", [1, 3]), ("Second Bank", [2])]


@pytest.mark.parametrize(
    ("rows", "grouping"),
    [
        ([site(1), site(2, group="7")], Grouping.COLUMN),
        ([site(1)], Grouping.BANK),
        ([subject(1)], Grouping.NONE),
    ],
)
def test_the_sheet_says_how_it_is_usually_grouped(rows: list[Row], grouping: Grouping) -> None:
    assert compose.usual_grouping(rows) is grouping


def test_a_group_of_too_many_items_becomes_several_inquiries() -> None:
    rows = [subject(number) for number in range(5_500)]

    groups = compose.group_rows(rows, Grouping.NONE)

    assert sum(len(group.rows) for group in groups) == 5_500
    assert len(groups) > 1
    for group in groups:
        assert len(group.rows) <= MAX_ITEMS
        write(write_letter(Letter(items=tuple(row.item for row in group.rows))), max_values=MAX_BODY_VALUES)


def test_a_group_of_too_many_bytes_becomes_several_inquiries() -> None:
    rows = [site(number, url=f"http://{number}.example/{'x' * 4_000}") for number in range(600)]

    groups = compose.group_rows(rows, Grouping.NONE)

    assert len(groups) == 2
    for group in groups:
        assert len(write(write_letter(Letter(items=tuple(row.item for row in group.rows))))) <= MAX_BODY


def test_the_act_holds_codes_and_counts_and_is_taken() -> None:
    asked = Asked(item="fraud_phishing", urgency="U2", wants=(Want.CONFIRM,), batch=("A-1", 20))

    d = compose.sent_of([site(1).item, site(2).item, subject(3).item], asked)

    said = read_said("inquiry.sent", d)
    assert isinstance(said, Sent)
    assert [(group.count, group.type.value) for group in said.groups] == [
        (2, "phishing_site"),
        (1, "information"),
    ]
    assert said.batch is not None
    assert (said.batch.ref, said.batch.count) == ("A-1", 20)


def test_what_the_terms_require_and_nobody_said_is_named() -> None:
    letter = Letter(
        purpose=text_of("stop it"),
        items=(
            Site(url="http://a.example/", observed_at=None, brand=text_of("First Bank")),
            Site(url="http://b.example/", observed_at=5, brand=None),
            Subject(kind="ip", value=None, questions=()),
        ),
    )

    found = compose.gaps(letter, REQUIRED)

    assert set(found) == {
        Gap(field="legal_basis", items=None),
        Gap(field="facts", items=None),
        Gap(field="observed_at", items=(0,)),
        Gap(field="target_brand", items=(1,)),
        Gap(field="subject", items=(2,)),
        Gap(field="questions", items=(2,)),
    }


def test_a_complete_letter_lacks_nothing_and_nothing_is_returned() -> None:
    letter = Letter(purpose=text_of("p"), legal_basis=("l",), items=(site(1).item,))

    assert compose.gaps(letter, REQUIRED) == ()
    assert compose.proposed_return(()) is None


@pytest.mark.parametrize(
    ("gaps", "items"),
    [
        ([Gap(field="url", items=(2,)), Gap(field="observed_at", items=(0, 2))], [0, 2]),
        ([Gap(field="url", items=(2,)), Gap(field="purpose", items=None)], "all"),
    ],
)
def test_a_return_is_proposed_for_the_items_that_lack_something(gaps: list[Gap], items: object) -> None:
    proposed = compose.proposed_return(gaps)

    assert proposed is not None
    assert proposed["items"] == items
    read_said("inquiry.returned", proposed)


def test_a_field_that_nobody_here_knows_is_left_to_a_person() -> None:
    letter = Letter(items=(site(1).item,))

    assert compose.gaps(letter, {"phishing_site": ("lure_type",)}) == ()

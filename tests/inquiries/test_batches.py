"""The page of a batch and the tables to take away: what is counted, what is safe in a spreadsheet."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from parley.inquiries.models import Batch
from parley.inquiries.queries import sheets
from parley.inquiries.queries.batches import latest_batches
from parley.inquiries.views.batches import RefConverter
from parley.protocol.strictjson import JsonValue
from parley.ui.letters import restore
from tests.inquiries.list_desk import LIST, OFFICER, VIEWER, B, ListDesk
from tests.two_nodes.pair import LINK

pytestmark = pytest.mark.django_db(databases=["default", "view"], transaction=True)

ANY_REF: Final = st.text(
    alphabet=st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=64
)
CONFIRMED: Final[Mapping[str, JsonValue]] = {"findings": [{"items": [0], "code": "confirmed"}]}


@pytest.fixture(name="desk")
def fixture_desk(tmp_path: Path, settings: Settings) -> Iterator[ListDesk]:
    desk = ListDesk(tmp_path, settings)
    yield desk
    desk.stop()


def address(ref: str, name: str = "batch") -> str:
    return reverse(f"inquiries:{name}", kwargs={"link": LINK, "ref": ref})


@pytest.fixture(name="batch")
def fixture_batch(desk: ListDesk) -> str:
    """Four inquiries of five that were announced, about two banks: one answered, one refused."""
    groups = {"Bank 1": 3, "Bank 2": 1}
    said = [
        desk.sends(
            f"http://{bank[-1]}{n}.example/", f"http://too{n}.example/", brand=bank, batch=("2026/31 %", 5)
        )
        for bank, count in groups.items()
        for n in range(count)
    ]
    desk.settle()
    desk.say("answered", CONFIRMED, re=said[0])
    desk.say("refused", {"items": [0], "grounds": ["G13"]}, re=said[3])
    return "2026/31 %"


def tally(desk: ListDesk) -> tuple[int, ...]:
    (row,) = latest_batches(LINK)
    return (
        row.inquiries,
        row.announced,
        row.items.total,
        row.items.answered,
        row.items.refused,
        row.items.open,
    )


def table(
    desk: ListDesk, path: str, *, language: str = "en", **query: str
) -> tuple[str, Sequence[Sequence[str]]]:
    """Return the name and the cells of a table, as a spreadsheet would read them."""
    desk.clients[OFFICER].cookies[desk.language_cookie] = language
    answer = desk.clients[OFFICER].get(path, query)
    assert answer.streaming
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    raw = answer.getvalue()
    assert raw.startswith(b"\xef\xbb\xbf")
    found = re.fullmatch(r'attachment; filename="([A-Za-z0-9._-]+)"', answer.headers["Content-Disposition"])
    assert found is not None
    return found[1], list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))


# ---- The page


def test_a_batch_is_told_at_a_glance(desk: ListDesk, batch: str) -> None:
    page = desk.page(address(batch))

    assert "4 inquiries, 8 items; 1 of 8 items answered" in page
    assert "6 open, 6 overdue, 1 refused" in page
    assert "4 of 5 inquiries are here" in page
    assert '<progress max="8" value="1"' in page
    for bank, total, answered in (("Bank 1", 6, 1), ("Bank 2", 2, 0)):
        row = page[page.index(f'<th scope="row">{bank}</th>') :][:400]
        assert f'<progress max="{total}" value="{answered}"' in row, bank
    assert "phishing sites" in page
    assert len(re.findall(r'<th scope="row" class="id">', page)) == 4


def test_a_batch_is_told_in_chinese_too(desk: ListDesk, batch: str) -> None:
    assert desk.get(address(batch), language="zh-hans").status_code == 200


def test_the_counts_are_the_same_if_they_are_told_anew(desk: ListDesk, batch: str) -> None:
    before = tally(desk)
    rows = list(Batch.objects.values_list())

    desk.tell(anew=True)

    assert tally(desk) == before == (4, 5, 8, 1, 1, 6)
    assert list(Batch.objects.values_list()) == rows


def test_the_asked_side_sees_the_batch_as_theirs(desk: ListDesk, batch: str) -> None:
    page = desk.at(B).page(address(batch))

    assert "they ask" in page
    assert "1 of 8 items answered" in page
    assert f'href="{address(batch)}?from=theirs"' in desk.page(LIST)


def test_both_sides_may_use_one_number(desk: ListDesk, batch: str) -> None:
    desk.sends("http://other.example/", node=B, batch=(batch, 1))
    desk.settle()

    ours, theirs = desk.page(address(batch)), desk.page(f"{address(batch)}?from=theirs")

    assert "4 inquiries, 8 items" in ours
    assert "The other side has a batch with the same number." in ours
    assert "1 inquiry, 1 item; 0 of 1 item answered" in theirs
    assert desk.get(f"{address(batch)}?from=ours").status_code == 200


def test_an_unknown_batch_or_link_is_not_there(desk: ListDesk, batch: str) -> None:
    assert desk.get(address("2026/32 %")).status_code == 404
    assert desk.get(address(batch).replace(LINK, "nobody")).status_code == 404
    assert desk.get(address("2026/32 %", "batch_csv")).status_code == 404


def test_the_newest_batches_stand_beside_the_list(desk: ListDesk, batch: str) -> None:
    page = desk.page(LIST)

    assert f'href="{address(batch)}">2026/31 %</a>' in page
    assert '<progress max="8" value="1"' in page


@given(ref=ANY_REF)
def test_any_number_stands_in_an_address_and_comes_back(ref: str) -> None:
    written = RefConverter().to_url(ref)

    assert re.fullmatch(RefConverter.regex, written)
    assert written not in {".", ".."}
    assert unquote(written) == written
    assert RefConverter().to_python(written) == ref


# ---- Tables


def test_every_item_of_a_batch_is_in_its_table(desk: ListDesk, batch: str) -> None:
    name, (heads, *rows) = table(desk, address(batch, "batch_csv"))

    assert name.startswith("batch-2026-31-a-b-")
    assert heads[:5] == ["Place", "Item", "Address or subject", "Impersonated institution", "State"]
    assert len(rows) == 8
    assert [row[:5] for row in rows[:2]] == [
        [rows[0][0], "0", "hxxp://10[.]example/", "Bank 1", "answered"],
        [rows[0][0], "1", "hxxp://too0[.]example/", "Bank 1", "sent"],
    ]
    assert rows[0][5].startswith("confirmed")
    assert rows[6][6] == "G13 outside the agreed items of cooperation"
    assert rows[0][7] == "2026-10-26 07:33Z"


def test_a_table_speaks_the_language_of_the_page(desk: ListDesk, batch: str) -> None:
    _name, (_heads, *rows) = table(desk, address(batch, "batch_csv"), language="zh-hans")

    assert rows[0][4] == "答复完毕"


def test_a_table_of_the_list_has_the_same_filter(desk: ListDesk, batch: str) -> None:
    desk.sends("http://other.example/", node=B)
    desk.settle()

    _name, (_heads, *items) = table(desk, f"{LIST}table.csv", direction="theirs")
    _name, (heads, *inquiries) = table(desk, f"{LIST}table.csv", direction="ours", of="inquiries")

    assert [row[2] for row in items] == ["hxxp://other[.]example/"]
    assert heads[0] == "Place"
    assert len(inquiries) == 4


def test_a_table_that_is_cut_says_so_in_its_name(
    desk: ListDesk, batch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MAX_INQUIRIES", 3)
    monkeypatch.setattr(sheets, "AT_ONCE", 2)

    name, (_heads, *rows) = table(desk, f"{LIST}table.csv")

    assert "-first-" in name
    assert len(rows) == 6


@pytest.mark.parametrize(
    "evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1", '=HYPERLINK("x","y")']
)
def test_no_cell_is_a_formula_and_every_cell_comes_back(desk: ListDesk, evil: str) -> None:
    desk.sends(f"{evil}http://one.example/", node=B, brand=evil, title=evil)
    desk.settle()

    _name, (_heads, item) = table(desk, f"{LIST}table.csv")
    _name, (_heads, inquiry) = table(desk, f"{LIST}table.csv", of="inquiries")

    for cell in (*item, *inquiry):
        assert cell[:1] not in {"=", "+", "-", "@", "\t", "\r", "＝"}, cell
    assert restore(item[3]) == restore(inquiry[1]) == evil


def test_a_viewer_may_take_a_table_away_and_nobody_else(desk: ListDesk, batch: str) -> None:
    path = address(batch, "batch_csv")

    assert desk.clients[VIEWER].get(path).status_code == 200
    desk.clients[VIEWER].cookies.clear()
    assert desk.clients[VIEWER].get(path).headers["Content-Type"].startswith("text/html")

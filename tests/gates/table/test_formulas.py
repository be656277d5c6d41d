"""Cells on the way out: no spreadsheet runs them, and they come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.gates.table.translate import neutralise, restore


@pytest.mark.parametrize(
    "cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "'=1", "''+1"]
)
def test_a_cell_that_would_run_gets_a_leading_quote(cell: str) -> None:
    assert neutralise(cell) == "'" + cell
    assert restore(neutralise(cell)) == cell


@pytest.mark.parametrize("cell", ["", "one", "hxxp://one[.]example/", "1-1", "'", "'one", "第一银行", " =1"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert neutralise(cell) == cell
    assert restore(cell) == cell


@given(st.text() | st.text("'=+-@\t\r\nx"))
def test_what_goes_out_comes_back_and_never_begins_with_a_sign(cell: str) -> None:
    out = neutralise(cell)

    assert restore(out) == cell
    assert out[:1] not in set("=+-@\t\r\n\0")

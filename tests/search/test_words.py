"""Words to tokens: what is put in and what is asked for meet, in every way in which people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.search import forms


def is_found(text: str, query: str) -> bool:
    """Return whether each term of `query` stands in `text` as the index would find it."""
    tokens = list(forms.tokens_of(text))
    return all(_stands_in(term, tokens) for term in forms.read_question(query).terms)


def _stands_in(term: forms.Term, tokens: list[str]) -> bool:
    size = len(term.tokens)
    *first, last = term.tokens
    return any(
        tokens[start : start + size - 1] == first
        and (tokens[start + size - 1].startswith(last) if term.is_begun else tokens[start + size - 1] == last)
        for start in range(len(tokens) - size + 1)
    )


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("仿冒网站核查", "网站"),
        ("仿冒网站核查", "仿冒网站核查"),
        ("仿冒网站核查", "查"),
        ("仿冒网站核查", "仿"),
        ("站", "站"),
        ("工单T1已办结", "工单T1"),
        ("工单T1已办结", "T1已办结"),
        ("工单T1已办结", "t1 办结"),
        ("ＢＡＮＫ　１", "bank 1"),
        ("Café Zürich", "cafe ZURICH"),
        ("Phishing sites", "phish"),
        ("Phishing sites", '"phishing sites"'),
        ("「仿冒」网站", "“仿冒”"),
        ("http://bank.example/login?x=1", "bank.example"),
        ("http://bank.example/login?x=1", "hxxp://bank[.]example"),
        ("http://bank.example/login?x=1", "https://bank.example/log"),
        ("hxxps[:]//bank(.)example/login", "http://bank.example/login"),
        ("HXXP://Bank[dot]Example", "bank.example"),
        ("bank［.］example", "bank.example"),
        ("see hxxp://a[.]example, please", "a.example"),
        ("A-2026/0417", "2026/0417"),
        ("snake_case", "case"),
        ("ひらがな カタカナ 한국어", "カタ 국어"),
    ],
)
def test_a_query_finds_the_text(text: str, query: str) -> None:
    assert is_found(text, query)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("仿冒网站核查", "冒网核"),
        ("仿冒网站核查", "钓鱼"),
        ("phishing sites", '"phish"'),
        ("phishing sites", "ishing"),
        ("a bank. example", '"example bank"'),
    ],
)
def test_a_query_does_not_find_the_text(text: str, query: str) -> None:
    assert not is_found(text, query)


@pytest.mark.parametrize("query", ["", " ", '"', '""', "***", "。、", "\ue000", "-" * 300])
def test_what_has_no_letter_and_no_figure_asks_for_nothing(query: str) -> None:
    assert forms.read_question(query).terms == ()


def test_a_query_is_cut_before_it_is_read() -> None:
    assert len(forms.read_question("a " * 1000).terms) == forms.MAX_TERMS
    assert forms.read_question("x" * 1000).terms[0].tokens == ("x" * forms.MAX_QUERY,)


@given(text=st.text())
def test_every_token_is_letters_and_figures_alone(text: str) -> None:
    for token in (*forms.tokens_of(text), *forms.read_question(text).phrase):
        assert token.isascii() is False or token.isalnum()
        assert '"' not in token
        assert token != forms.BREAK


@given(text=st.text(max_size=200))
def test_what_stands_in_a_text_is_found_there(text: str) -> None:
    assert is_found(text, text) or len(forms.read_question(text).terms) == forms.MAX_TERMS


@given(text=st.text(max_size=300), query=st.text(min_size=1, max_size=20))
def test_the_pieces_of_a_text_are_pieces_of_it(text: str, query: str) -> None:
    spans = forms.spans_of(text, forms.patterns_of(forms.read_question(query)))

    pieces = forms.pieces_of(text, spans)

    assert "".join(piece.text for piece in pieces).strip("…") in text
    assert all(0 <= start <= end <= len(text) for start, end in spans)


@pytest.mark.parametrize(
    ("text", "query", "hits"),
    [
        ("仿冒网站核查", "网站", ["网站"]),
        ("The BANK of A", "bank", ["BANK"]),
        ("ＢＡＮＫ", "bank", ["ＢＡＮＫ"]),
        ("ﬁnance and more", "finance more", ["ﬁnance", "more"]),
        ("hxxp://bank[.]example/x", "http://bank.example", ["bank[.]example"]),
        ("Café", "cafe", ["Café"]),
        ("rebank the bank", "bank", ["bank"]),
        ("x" * 500 + " bank", "bank", ["bank"]),
    ],
)
def test_the_hit_is_marked_where_it_stands(text: str, query: str, hits: list[str]) -> None:
    spans = forms.spans_of(text, forms.patterns_of(forms.read_question(query)))

    assert [piece.text for piece in forms.pieces_of(text, spans) if piece.is_hit] == hits

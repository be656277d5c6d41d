"""Whether two languages name the same numbers, dates and shares. Spec §17.2, §17.3."""

import base64
import calendar
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.protocol.dialogue.clause import Text, UnequalError, UnfitError, read_clause, text_id, write_clause
from parley.protocol.dialogue.figures import figures_en, figures_zh, unequal
from parley.protocol.dialogue.numerals import CHINESE, of_characters, of_words, plain
from tests.protocol.rounds import CLAUSE, Dialogue
from tests.protocol.world import A

EQUAL = (
    (
        "within 20 working days, by 1 December 2026, at least 15 percent",
        "二十个工作日内，不迟于2026年12月1日，至少百分之十五",
    ),
    ("one third of the 1,200 inquiries within 24 hours", "二十四小时内答复一千二百件中的三分之一"),
    ("The third round is held in the first half of 2027.", "第三轮对话于二〇二七年上半年举行。"),
    ("Two experts of each side meet twice a year.", "双方各派两名专家，每年会晤两次。"),
    ("a loss of 1.5 million", "损失150万"),
    ("200,000 accounts", "20万个账户"),
    ("1.5 billion", "15亿"),
    ("120 million", "一亿二千万"),
    ("35,000", "三万五千"),
    ("At 14:00 UTC on 5 May 2026", "2026年5月5日协调世界时14时"),
    ("at 2:30 p.m.", "下午2时30分"),
    ("at 9 a.m.", "上午九点"),
    ("two days", "两个工作日"),
    ("a year", "一年"),
    ("In May the sides meet, and may meet again in June.", "双方5月会晤，6月可再次会晤。"),
    ("The sides attach great importance to it.", "双方对此十分重视。"),
    ("within ten minutes", "十分钟内"),
    ("five-point consensus", "五点共识"),
    ("3.5 percentage points", "3.5个百分点"),
    ("3.5 per cent", "百分之三点五"),
    ("fifteen percent", "15％"),
    ("100 percent", "百分之百"),
    ("December 1, 2026", "二〇二六年十二月一日"),
    ("the twenty-first meeting", "第二十一次会议"),
    ("one hundred and five", "一百零五"),
    ("two thousand three hundred", "两千三百"),
    ("three to five days", "3至5天"),
    ("at any time, 24/7", "7×24小时"),
    ("the 2nd round", "第二轮"),
    ("three quarters of the cases", "四分之三的案件"),
    ("the third quarter of 2026", "2026年第三季度"),
    ("two third parties", "两个第三方"),
    ("half of the cases", "一半的案件"),
    ("By 2026-12-01", "２０２６年１２月１日前"),
    ("No numbers here.", "没有数字。"),
)
UNEQUAL = (
    ("within 20 days", "三十日内", "20", "30"),
    ("two days", "一日", "2", "1"),
    ("1 December 2026", "2026年12月2日", "2026-12-01", "2026-12-02"),
    ("15 percent", "百分之五十", "15 %", "50 %"),
    ("one third", "四分之一", "1/3", "1/4"),
    ("1.5 million", "15万", "1500000", "150000"),
    ("14:00", "下午4时", "14:00", "16:00"),
    ("ten cases", "案件", "10", "-"),
    ("cases", "十件案件", "-", "10"),
    ("5 and 5", "五", "5", "-"),
    ("12/01/2026", "2026年12月1日", "1, 12, 2026", "2026-12-01"),
)


@pytest.mark.parametrize(("en", "zh"), EQUAL)
def test_what_counts_the_same_in_both_languages_is_equal(en: str, zh: str) -> None:
    assert unequal(en, zh) is None


@pytest.mark.parametrize(("en", "zh", "only_en", "only_zh"), UNEQUAL)
def test_what_counts_differently_is_told_from_both_sides(
    en: str, zh: str, only_en: str, only_zh: str
) -> None:
    assert str(unequal(en, zh)) == f"only in en: {only_en}; only in zh: {only_zh}"


UNITS = "零一二三四五六七八九"


def spelled(number: int) -> str:
    """Return a number below a hundred million in Chinese characters, by another road than the reader's."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1_000 else ""
        return spelled(number // 10_000) + "万" + gap + (spelled(rest) if rest else "")
    text, has_gap = "", False
    for scale, sign in ((1_000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // scale % 10
        if digit:
            text += ("零" if has_gap and text else "") + UNITS[digit] + sign
            has_gap = False
        else:
            has_gap = True
    return text or "零"


@given(st.integers(3, 99_999_999))
def test_a_number_is_the_same_in_digits_and_in_characters(number: int) -> None:
    assert of_characters(spelled(number)) == number
    assert unequal(f"{number:,} inquiries", f"{spelled(number)}件协查请求") is None
    assert unequal(f"{number + 1} inquiries", f"{spelled(number)}件协查请求") is not None


@given(st.dates())
def test_a_date_is_the_same_in_both_notations(date: dt.date) -> None:
    year, month, day = date.year, date.month, date.day

    english = f"by {day} {calendar.month_name[month]} {year:04}"

    assert unequal(english, f"不迟于{year:04}年{month}月{day}日") is None
    assert unequal(english, f"不迟于{year:04}年{month}月{day + 1}日") is not None


@given(st.text(max_size=60), st.text(alphabet=CHINESE + "0123456789点年月日时分之百%个第双", max_size=30))
def test_no_text_whatever_makes_the_comparison_fail(en: str, zh: str) -> None:
    for text in (en, zh):
        figures_en(text)
        figures_zh(text)
    found = unequal(en, zh)

    assert found is None or found.only_en or found.only_zh


@given(st.lists(st.sampled_from(["two", "hundred", "thousand", "twenty", "third", "five", "million", "and"])))
def test_no_words_whatever_make_the_reading_of_numbers_fail(words: list[str]) -> None:
    figures_en(" ".join(words))


def test_numbers_have_one_form() -> None:
    assert [plain(text) for text in ("1,200.50", "007", "0.50", "3.0", "0")] == [
        "1200.5",
        "7",
        "0.5",
        "3",
        "0",
    ]
    assert plain("1.5", 1_000) == "1500"
    assert (of_words(["three", "two"]), of_words(["twenty", "five"])) == (None, 25)
    assert (of_characters("五六十"), of_characters("一百十五"), of_characters("二〇二六")) == (
        None,
        115,
        2026,
    )


# ---- clauses


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("", "正文"),
        ("Text", ""),
        ("Text", "Text"),
        ("正文", "正文"),
        (" Text", "正文"),
        ("Text\u202e", "正文"),
        ("Text", "正\u200b文"),
        ("Two\nlines", "两行"),
        ("x" * 1_001, "正文"),
        ("Text", "文" * 601),
        ("Text", "正文\ud800"),
    ],
)
def test_what_lacks_a_language_is_too_long_or_hides_something_is_no_text(en: str, zh: str) -> None:
    with pytest.raises(UnfitError):
        Text(en=en, zh=zh)


def test_a_clause_is_read_as_it_was_written_and_in_no_other_spelling() -> None:
    text = Text(en="Within 20 days.", zh="二十日内。")

    assert read_clause(write_clause(text)) == text
    lines = text.lines
    for other in (lines[:-1], lines + b"\n", b"\xff" + lines, lines.replace(b"\n", b"\r\n")):
        with pytest.raises(UnfitError):
            read_clause(base64.b64encode(other).decode())
    with pytest.raises(UnfitError):
        read_clause(write_clause(text).rstrip("=") + "\n")


def test_a_clause_whose_languages_count_differently_is_void_and_says_why() -> None:
    dialogue = Dialogue()
    lines = "Within 20 days.\n三十日内。\n"
    with pytest.raises(UnequalError):
        write_clause(Text(en="Within 20 days.", zh="三十日内。"))

    said = dialogue.adds(dialogue.meets(), by=A, clause=base64.b64encode(lines.encode()).decode())

    verdict = dialogue.world.row(said).verdict
    assert verdict.text == "void:schema"
    assert "only in en: 20; only in zh: 30" in verdict.remark
    assert "§17.8" in verdict.remark
    assert dialogue.verdict(dialogue.adds(dialogue.meets(), clause=CLAUSE)) == "valid"


def test_a_text_in_a_body_is_named_with_its_salt() -> None:
    text = Text(en="One.", zh="一。")

    assert text_id((text,), salt=bytes(32)) != text_id((text,), salt=bytes(31) + b"\x01")
    assert text_id((text,), salt=bytes(32)) != text_id((text, text), salt=bytes(32))

"""The text of a guideline: one form, two languages with the same fields, and the terms in it. Spec §16.2."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parley.protocol.breach import BreachError
from parley.protocol.guidelines.bodies import CLASSES as GUIDELINES
from parley.protocol.guidelines.compare import compare
from parley.protocol.guidelines.fields import find, leaves, show
from parley.protocol.guidelines.prose import first_text
from parley.protocol.guidelines.text import (
    MAX_RAW,
    Clause,
    Guideline,
    read_guideline,
)
from parley.protocol.guidelines.words import Language
from parley.protocol.kinds import VERSIONS
from parley.protocol.review.bodies import CLASSES as REVIEWS
from parley.protocol.strictjson import write
from tests.protocol.guided import OFFENCES, SLOWER, TERMS, text_of
from tests.protocol.world import START, usual_terms

EN, ZH = Language


def changed(change: Callable[[Any], None], *, text: Guideline | None = None) -> bytes:
    """Return the bytes of a text after a change, in its form."""
    value = json.loads((text or text_of()).raw)
    change(value)
    return write(value)


def clause(en: str, zh: str) -> Callable[[Any], None]:
    """Return a change that puts one more clause into the first article."""
    return lambda value: value["articles"][0]["clauses"].append({"en": en, "zh": zh})


def test_the_terms_of_a_text_are_those_that_both_sides_sign() -> None:
    text = text_of(SLOWER)

    assert text.terms.text == SLOWER
    assert read_guideline(text.raw).digest == text.digest
    assert text.draft.terms == SLOWER


def test_the_first_text_says_every_field_of_the_default_terms() -> None:
    # Were one left out, it would be refused: `compose` looks for it.
    text = first_text(usual_terms(), since=START, offences=OFFENCES)

    assert next(path for path, _value in leaves(text.fields)) == "since"
    assert "clocks/acknowledge/U0" in dict(leaves(text.fields))
    assert "offences/fraud_phishing/A/law" in dict(leaves(text.fields))
    assert len(text.articles) == 8


# In the words of msgspec, or of what stands in for it.
NOT_OF_ITS_TYPE = "Expected|not within|is not what is expected"


@pytest.mark.parametrize("language", Language)
def test_people_read_every_value_in_both_languages(language: Language) -> None:
    text = text_of(SLOWER, offences=OFFENCES)

    whole = "\n".join(text.rendered(each, language) for _number, each in text.numbered())

    assert "{" not in whole
    assert {EN: "24 hours", ZH: "24 小时"}[language] in whole
    assert {EN: "5 working days", ZH: "5 个工作日"}[language] in whole
    assert {EN: "2026-11-17 10:00 UTC", ZH: "协调世界时 2026-11-17 10:00"}[language] in whole
    assert {EN: "article 285", ZH: "第 285 条"}[language] in whole


def test_a_limit_of_one_is_said_of_one() -> None:
    fields = text_of(TERMS).fields

    assert show(fields, "clocks/acknowledge/U2", EN) == "1 working day"
    assert show(fields, "clocks/status/U1", EN) == "1 calendar day"


@pytest.mark.parametrize(
    ("en", "zh", "why"),
    [
        ("Within {lapse}.", "时限内。", "the same fields"),
        ("Within {lapse} or {lapse}.", "{lapse}内。", "the same fields"),
        ("Within 3 days.", "期限内。", "a number that is no field"),
        ("In time.", "3 日内。", "a number that is no field"),
        ("In time.", "３日内。", "a number that is no field"),
        ("In time.", "十日内答复。", "a number that is no field"),
        ("In time.", "两个工作日内答复。", "a number that is no field"),
        ("In time.", "由二人签署。", "a number that is no field"),
        ("Within ten days.", "期限内。", "a number that is no field"),
        ("Within Two working days.", "期限内。", "a number that is no field"),
        ("Half an hour.", "期限内。", "a number that is no field"),
        ("Within {lapse.", "期限内。", "a brace"),
        ("Within }.", "期限内。", "a brace"),
        ("Within {nothing}.", "{nothing}内。", "no such field"),
        ("Within {clocks/acknowledge/U9}.", "{clocks/acknowledge/U9}内。", "no such field"),
        ("Within {offences/en}.", "{offences/en}内。", "no such field"),
        ("Within\u202e time.", "期限内。", NOT_OF_ITS_TYPE),
        ("In\u200btime.", "期限内。", NOT_OF_ITS_TYPE),
        ("In\ntime.", "期限内。", NOT_OF_ITS_TYPE),
        ("In \u2462 days.", "期限内。", NOT_OF_ITS_TYPE),
        ("In time.", "\u2162日内。", NOT_OF_ITS_TYPE),
        ("In time.", "拾日内。", "a number that is no field"),
        ("", "期限内。", NOT_OF_ITS_TYPE),
        ("x" * 4_001, "期限内。", NOT_OF_ITS_TYPE),
    ],
)
def test_a_clause_that_says_what_it_does_not_show_is_refused(en: str, zh: str, why: str) -> None:
    with pytest.raises(BreachError, match=why):
        read_guideline(changed(clause(en, zh)))


@pytest.mark.parametrize(
    ("en", "zh"),
    [
        ("One side tells the other one.", "一方通知另一方，双方应当统一口径。"),
        ("Each in turn, within {lapse}.", "双方轮流，在{lapse}内。"),
    ],
)
def test_words_that_count_nothing_are_no_numbers(en: str, zh: str) -> None:
    assert read_guideline(changed(clause(en, zh))).articles[0].clauses[-1] == Clause(en=en, zh=zh)


def drop(path: str) -> Callable[[Any], None]:
    """Return a change that takes out every clause that shows a field."""

    def change(value: Any) -> None:  # noqa: ANN401 - JSON of any shape
        for article in value["articles"]:
            kept = [each for each in article["clauses"] if f"{{{path}}}" not in each["en"]]
            article["clauses"] = kept or [{"en": "Nothing.", "zh": "无。"}]

    return change


@pytest.mark.parametrize(
    "path", ["items", "clocks/preserve", "calendars/B", "persons", "since", "hotline/ladder"]
)
def test_nothing_is_agreed_that_no_clause_says(path: str) -> None:
    with pytest.raises(BreachError, match="no clause shows"):
        read_guideline(changed(drop(path)))


def test_a_text_has_one_form() -> None:
    raw = text_of().raw

    for other in (raw.replace(b'","', b'", "', 1), b" " + raw, json.dumps(json.loads(raw)).encode()):
        with pytest.raises(BreachError):
            read_guideline(other)


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.update(guideline="parley/guideline/2"),
        lambda value: value.update(since=-1),
        lambda value: value.update(since=True),
        lambda value: value.update(terms="{}"),
        lambda value: value.update(more=1),
        lambda value: value.update(articles=[]),
        lambda value: value["articles"].extend([value["articles"][0]] * 64),
        lambda value: value["title"].update(en="Guidelines of 2026"),
        lambda value: value["title"].update(en="{lapse}", zh="{lapse}"),
        lambda value: value["offences"].update({"trade": value["offences"]["fraud_phishing"]}),
        lambda value: value["offences"]["fraud_phishing"].update(dual="perhaps"),
        lambda value: value["offences"]["fraud_phishing"]["A"]["penalty"].update(zh="最高 17 年"),
        lambda value: value["offences"]["fraud_phishing"]["B"].pop("law"),
    ],
    ids=[f"change {n}" for n in range(13)],
)
def test_what_is_no_guideline_is_refused(change: Callable[[Any], None]) -> None:
    text = text_of(offences=OFFENCES)

    with pytest.raises(BreachError):
        read_guideline(changed(change, text=text))


def test_a_text_is_no_larger_than_it_may_be() -> None:
    with pytest.raises(BreachError, match=str(MAX_RAW)):
        read_guideline(b"{" + b" " * MAX_RAW + b"}")


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_bytes_that_are_no_guideline_are_refused_and_nothing_else(raw: bytes) -> None:
    with pytest.raises(BreachError):
        read_guideline(raw)


def test_one_changed_number_is_one_changed_field() -> None:
    found = compare(text_of(TERMS), text_of(SLOWER))

    assert [(each.path, each.before, each.after) for each in found.fields] == [
        ("clocks/acknowledge/U0", "30m", "24h")
    ]
    assert not found.clauses
    assert compare(text_of(TERMS), text_of(TERMS)).is_empty


def test_fields_are_added_and_removed() -> None:
    less = TERMS.replace('"stop_payment":{"U0":"2h","U1":"4h"}', '"stop_payment":{"U0":"2h","U3":"9d"}')

    found = {each.path: each for each in compare(text_of(TERMS), text_of(less)).fields}

    assert set(found) == {"clocks/stop_payment/U1", "clocks/stop_payment/U3"}
    assert found["clocks/stop_payment/U1"].is_there is False
    assert found["clocks/stop_payment/U3"].was_there is False


def test_a_clause_that_is_put_in_changes_none_of_the_others() -> None:
    old = text_of()
    new = read_guideline(
        changed(lambda value: value["articles"][3]["clauses"].insert(2, {"en": "Candidly.", "zh": "坦诚。"}))
    )

    (found,) = compare(old, new).clauses

    assert (found.number_before, found.number_after) == (None, "4.3")
    assert found.before is None
    assert found.after == Clause(en="Candidly.", zh="坦诚。")


def test_clauses_are_changed_and_removed() -> None:
    def change(value: Any) -> None:  # noqa: ANN401 - JSON of any shape
        value["articles"][0]["clauses"][0]["zh"] += "另行约定除外。"
        del value["articles"][3]["clauses"][8]

    found = compare(text_of(), read_guideline(changed(change))).clauses

    assert [(each.number_before, each.number_after) for each in found] == [("1.1", "1.1"), ("4.9", None)]


@given(st.lists(st.sampled_from("abcd"), max_size=6), st.lists(st.sampled_from("abcd"), max_size=6))
def test_the_changes_turn_the_one_text_into_the_other(before: list[str], after: list[str]) -> None:
    def put(letters: list[str]) -> Guideline:
        more = [{"en": letter, "zh": letter} for letter in letters]
        return read_guideline(changed(lambda value: value["articles"][1]["clauses"].extend(more)))

    old, new = put(before), put(after)

    found = compare(old, new).clauses

    gone = [each.number_before for each in found if each.number_before]
    come = [each.number_after for each in found if each.number_after]
    kept_old = [each for number, each in old.numbered() if number not in gone]
    kept_new = [each for number, each in new.numbered() if number not in come]
    assert kept_old == kept_new


def test_paths_lead_to_values_and_nowhere_else() -> None:
    fields = text_of().fields

    assert find(fields, "hotline/ladder/director/after/U1") == 15
    for path in ("", "lapse/d", "title", "clocks//U0", "parties/C", "calendars/a.example"):
        with pytest.raises(BreachError, match=r"16\.4"):
            find(fields, path)


def test_a_calendar_reads_with_its_changes_of_clocks_and_its_days() -> None:
    calendar = (
        '"calendars":{"a.example":{"offsets":[[0,480],[1806541200,540]],'
        '"weeks":[{"since":"1970-01-01","hours":[[540,720],[810,1020]],"weekend":[5,6]}],'
        '"closed":["2026-10-01","2026-10-02"],"made_up":["2026-10-10"]},'
    )
    terms = (
        TERMS.partition('"calendars":{"a.example"')[0]
        + calendar
        + TERMS[TERMS.index('"b.example":{"offsets"') :]
    )

    shown = show(text_of(terms).fields, "calendars/A", EN)

    assert "UTC+08:00, from 2027-04-01 01:00 UTC UTC+09:00" in shown
    assert "09:00–12:00, 13:30–17:00" in shown
    assert "2026-10-01, 2026-10-02" in shown
    assert "2026-10-10" in shown


def test_a_code_that_is_called_like_a_calendar_is_shown_as_what_it_is() -> None:
    # Shown as office hours it would read: none; and the other side would have agreed to what nobody read.
    terms = TERMS.replace(
        '"required":{"information":', '"required":{"weeks":["url"],"offsets":["facts"],"information":'
    )
    fields = text_of(terms).fields

    assert show(fields, "required/weeks", EN) == "web address"
    assert show(fields, "required/offsets", ZH) == "案情概要"


CODES = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
LIMITS = st.builds("{}{}".format, st.integers(1, 9_999), st.sampled_from(("m", "h", "d", "wd")))
ROWS = st.dictionaries(st.sampled_from(("U0", "U1", "U2", "U3")), LIMITS, min_size=1)


@settings(max_examples=25, deadline=None)
@given(
    clocks=st.dictionaries(CODES, ROWS, min_size=1, max_size=5),
    required=st.dictionaries(
        CODES, st.lists(CODES, min_size=1, max_size=4, unique=True), min_size=1, max_size=4
    ),
    items=st.lists(CODES, min_size=1, max_size=5, unique=True),
    lapse=LIMITS,
)
def test_any_terms_have_a_first_text_that_says_all_of_them(
    clocks: dict[str, dict[str, str]], required: dict[str, list[str]], items: list[str], lapse: str
) -> None:
    changes: dict[str, Any] = {"clocks": clocks, "required": required, "items": items, "lapse": lapse}
    terms = write({**json.loads(TERMS), **changes}).decode()

    text = text_of(terms)

    assert read_guideline(text.raw).terms.text == terms
    assert compare(text, text_of(terms)).is_empty
    for language in Language:
        whole = "\n".join(text.rendered(each, language) for _number, each in text.numbered())
        assert all(show(text.fields, path, language) in whole for path, _value in leaves(text.fields))


def test_the_default_terms_list_the_kinds() -> None:
    assert {*GUIDELINES, *REVIEWS} <= VERSIONS.keys()

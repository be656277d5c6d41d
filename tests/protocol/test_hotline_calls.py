"""What may be said in a call, by whom and when, and what it comes to. Spec §12.3 to §12.8."""

import pytest

from parley.protocol.clauses import Level, Rung
from parley.protocol.hotline.bodies import CLASSES
from parley.protocol.hotline.codes import Ending, Field, Sort, State
from parley.protocol.hotline.eye import MAX_STATEMENTS
from parley.protocol.strictjson import JsonSource
from tests.protocol.callers import HOST, TEST_FIELDS, TYPED_WRONG, Night, fields, lines, minuted
from tests.protocol.stops import LINK, resume, suspend
from tests.protocol.world import DAY, HOUR, MINUTE, A, B, Wording, World, read_in_order, usual_terms


def test_a_call_is_opened_taken_read_back_spoken_in_and_closed_by_both() -> None:
    night = Night()
    call = night.opens()
    states = [night.call(call).state]
    night.takes(call)
    states.append(night.call(call).state)
    night.reads_back(call)
    states.append(night.call(call).state)
    night.says(call, "substantive")
    night.closes(call, by=B)
    states.append(night.call(call).state)
    night.closes(call, by=A)

    assert states == [State.OPENED, State.TAKEN, State.READ_BACK, State.HALF_CLOSED]
    assert night.call(call).state is State.CLOSED
    assert {*night.world.verdicts(night.world.a), *night.world.verdicts(night.world.b)} == {"valid"}


def test_who_took_it_is_named_by_rung_role_and_number_and_the_highest_level_is_told() -> None:
    night = Night()
    call = night.opens()
    night.takes(call, rung="second_officer")
    night.takes(call, rung="minister")
    night.takes(call, rung="vice_minister")
    night.takes(call, by=A, rung="duty_desk")

    found = night.call(call)

    assert [(each.node, each.rung, each.role, each.n) for each in found.takings] == [
        (A, Rung.DUTY_DESK, "desk", 1),
        (B, Rung.SECOND_OFFICER, "desk", 1),
        (B, Rung.MINISTER, "desk", 1),
        (B, Rung.VICE_MINISTER, "desk", 1),
    ]
    assert found.reached is Level.MINISTER


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"object": fields(host=TYPED_WRONG)["object"]}, Field.OBJECT),
        ({"what": "intrusion"}, Field.WHAT),
        ({"where": "A"}, Field.WHERE),
        ({"when": {"since": 1_700_000_000, "by": 1_700_007_200}}, Field.WHEN),
        ({"ask": ["block", "preserve"]}, Field.ASK),
    ],
)
def test_a_wrong_reading_shows_the_field_to_both_and_reads_nothing_back(
    wrong: dict[str, JsonSource], field: Field
) -> None:
    night = Night()
    call = night.opens()
    night.takes(call)
    reading = night.writes("call.read_back", B, {"fields": {**fields(), **wrong}}, re=call)

    found = night.call(call)

    assert night.verdict(reading) == "valid"
    assert [each.misses for each in found.readings] == [{field}]
    assert found.state is State.TAKEN


def test_the_order_in_which_things_are_asked_is_no_difference() -> None:
    night = Night()
    call = night.opens()
    night.takes(call)
    night.reads_back(call, ask=["preserve", "isolate_host"])

    assert night.call(call).state is State.READ_BACK


def test_after_three_wrong_readings_the_text_is_read_aloud() -> None:
    night = Night()
    call = night.opens()
    night.takes(call)
    needs = []
    for _ in range(3):
        night.reads_back(call, host=TYPED_WRONG)
        needs.append(night.call(call).needs_voice)

    night.reads_back(call)

    assert needs == [False, False, True]
    assert not night.call(call).needs_voice


def test_a_clarification_of_the_fields_is_read_back_anew() -> None:
    night = Night()
    call = night.talking()
    clear = night.says(call, "clarification", by=A, fields=fields(host="203.0.113.78"))
    before = night.call(call)
    night.reads_back(call)
    old_text = night.call(call).state
    night.reads_back(clear, host="203.0.113.78")

    assert (before.state, before.text) == (State.TAKEN, clear.id)
    assert before.fields.object != night.call(night.opens()).fields.object
    assert old_text is State.TAKEN
    assert night.call(call).state is State.READ_BACK


@pytest.mark.parametrize("sort", Sort, ids=lambda sort: sort.value)
def test_a_message_of_every_sort_can_be_said_by_both(sort: Sort) -> None:
    night = Night()
    call = night.talking()
    needed: dict[Sort, dict[str, JsonSource]] = {
        Sort.HOLDING: {"next_word": night.world.now + HOUR},
        Sort.JOINT_START: {"at": night.world.now + HOUR},
    }
    said = {"sort": sort.value, **needed.get(sort, {})}
    first = night.writes("call.said", B, said, re=call)
    second = night.writes("call.said", A, said, re=first)

    found = night.call(call)

    assert [night.verdict(first), night.verdict(second)] == ["valid", "valid"]
    assert [(each.node, each.number, each.sort) for each in found.messages] == [(A, 1, sort), (B, 1, sort)]


def test_messages_are_numbered_for_each_side_by_its_own_log() -> None:
    night = Night()
    call = night.talking()
    for by in (A, B, B, A, B):
        night.says(call, "question", by=by)

    assert [(each.node, each.number) for each in night.call(call).messages] == [
        (A, 1),
        (A, 2),
        (B, 1),
        (B, 2),
        (B, 3),
    ]


def test_messages_cross_if_neither_writer_had_seen_the_other_however_they_arrive() -> None:
    night = Night()
    call = night.talking()
    seen = len(night.world.a.log)
    night.says(call, "question", by=A, heard=False)
    night.says(call, "proposal", by=B, heard=False, seen=seen)
    night.hears(A)
    night.hears(B)
    night.says(call, "substantive", by=B)

    assert [each.crossed for each in night.call(call).messages] == [True, True, False]


def test_a_promise_is_kept_by_the_next_word_in_time_and_by_nothing_else() -> None:
    night = Night()
    call = night.talking()
    night.says(call, "holding", next_word=night.world.now + HOUR)
    night.world.wait(HOUR)
    night.says(call, "holding", next_word=night.world.now + HOUR)
    night.world.wait(HOUR + 1)
    night.takes(call)
    night.says(call, "holding", next_word=night.world.now + HOUR)

    assert [each.kept for each in night.call(call).messages] == [True, False, None]


def test_a_closing_is_a_word_too() -> None:
    night = Night()
    call = night.talking()
    night.says(call, "holding", next_word=night.world.now + HOUR)
    night.closes(call)

    assert [each.kept for each in night.call(call).messages] == [True]


def test_a_joint_start_is_settled_when_the_other_says_the_same_instant() -> None:
    night = Night()
    call = night.talking()
    start = night.world.now + DAY
    asked = night.says(call, "joint_start", by=A, at=start)
    night.says(asked, "joint_start", by=B, at=start + MINUTE)
    unsettled = night.call(call).joint_starts
    night.says(asked, "joint_start", by=A, at=start)
    by_himself = night.call(call).joint_starts
    night.says(asked, "joint_start", by=B, at=start)

    assert (unsettled, by_himself) == ((), ())
    assert night.call(call).joint_starts == (start,)


def test_a_minute_holds_when_both_have_read_it_back() -> None:
    night = Night()
    call = night.talking()
    now = night.world.now
    minute = night.writes("call.minuted", A, minuted(now, now + HOUR), re=call)
    night.reads_back(minute, by=A, lines=lines())
    night.reads_back(minute, by=B, lines=lines("B does nothing."))
    one = night.call(call)
    night.reads_back(minute, by=B, lines=lines())

    assert one.minutes == ((minute.id, False),)
    assert one.readings[-1].misses == {Field.LINES}
    assert night.call(call).minutes == ((minute.id, True),)


def test_each_side_ends_the_call_in_its_own_word() -> None:
    night = Night()
    call = night.opens()
    night.closes(call, "declined", by=B)
    night.closes(call, "cancelled", by=A)

    found = night.call(call)

    endings = {node: fact.said for node, fact in found.endings.items()}
    assert {node: getattr(said, "ending", None) for node, said in endings.items()} == {
        A: Ending.CANCELLED,
        B: Ending.DECLINED,
    }
    assert found.state is State.CLOSED


def test_a_word_that_the_closing_had_not_seen_keeps_the_call_open() -> None:
    night = Night()
    call = night.talking()
    seen = len(night.world.b.log)
    night.closes(call, by=B, heard=False)
    night.says(call, "question", by=A, heard=False, seen=seen)
    night.hears(A)
    night.hears(B)

    assert night.call(call).state is State.READ_BACK

    night.closes(call, by=B)
    assert night.call(call).state is State.HALF_CLOSED


def test_who_was_silent_may_say_later_why() -> None:
    night = Night()
    call = night.opens()
    night.world.wait(HOUR)
    night.closes(call, "not_reached", by=A)
    night.world.wait(3 * DAY)
    first = night.closes(call, "technical_fault", by=B)
    cause = night.closes(call, "technical_fault", by=B, cause="staffing")

    assert [night.verdict(first), night.verdict(cause)] == ["valid", "valid"]
    assert night.call(call).endings[B].id == cause.id


# Each of these is void, and nobody is rung or heard by it.
def said_by_the_other(night: Night, kind: str) -> str:
    call = night.talking()
    written = {
        "read_back": lambda: night.reads_back(call, by=A),
        "fields": lambda: night.says(call, "clarification", by=B, fields=fields()),
        "declined": lambda: night.closes(call, "declined", by=A),
        "deferred": lambda: night.closes(call, "deferred", by=A, at=night.world.now + DAY),
        "call_back": lambda: night.closes(call, "call_back", by=A, at=night.world.now + DAY),
        "not_reached": lambda: night.closes(call, "not_reached", by=B),
        "cancelled": lambda: night.closes(call, "cancelled", by=B),
    }
    return night.verdict(written[kind]())


@pytest.mark.parametrize(
    "kind", ["read_back", "fields", "declined", "deferred", "call_back", "not_reached", "cancelled"]
)
def test_each_fact_has_its_one_writer(kind: str) -> None:
    assert said_by_the_other(Night(), kind) == "void:not-writer"


def test_the_called_side_speaks_once_somebody_has_taken_the_call() -> None:
    night = Night()
    call = night.opens()

    early = [
        night.says(call, "question", by=B),
        night.reads_back(call),
        night.closes(call, "answered", by=B),
        night.closes(call, "answered", by=A),
    ]

    assert {night.verdict(each) for each in early} == {"void:wrong-state"}
    assert night.verdict(night.says(call, "notification", by=A)) == "valid"
    assert night.verdict(night.closes(call, "technical_fault", by=B)) == "valid"


def test_nobody_was_not_reached_who_had_taken_the_call() -> None:
    night = Night()
    call = night.opens()
    night.takes(call)

    assert night.verdict(night.closes(call, "not_reached", by=A)) == "void:wrong-state"


def test_after_both_have_closed_nothing_is_said_but_another_closing() -> None:
    night = Night()
    call = night.talking()
    said = night.says(call, "proposal", by=B)
    night.closes(call, by=A)
    night.closes(call, by=B)

    late = [
        night.takes(call),
        night.says(said, "question", by=A),
        night.reads_back(call),
        night.closes(call, by=B),
        night.writes("call.minuted", A, minuted(1, 2), re=call),
    ]

    assert {night.verdict(each) for each in late} == {"void:wrong-state"}
    assert night.verdict(night.closes(call, "technical_fault", by=B, cause="line_fault")) == "valid"


def test_a_minute_is_of_a_call_that_was_taken() -> None:
    night = Night()
    call = night.opens()

    minute = night.writes("call.minuted", A, minuted(1, 2), re=call)

    assert night.verdict(minute) == "void:wrong-state"


def test_what_is_answered_must_be_there_and_fit() -> None:
    night = Night()
    call = night.talking()
    question = night.says(call, "question", by=A)
    minute = night.writes("call.minuted", A, minuted(1, 2), re=call)
    inquiry = night.world.a.sends()

    wrong = [
        night.takes(question),
        night.closes(question),
        night.writes("call.minuted", A, minuted(1, 2), re=question),
        night.reads_back(question),
        night.reads_back(call, lines=lines()),
        night.reads_back(minute),
        night.says(inquiry, "question"),
        night.writes("call.taken", B, {"rung": "duty_desk"}, re=bytes(32)),
    ]

    assert {night.verdict(each) for each in wrong} == {"void:no-target"}


def test_a_statement_about_a_call_is_none_about_an_inquiry() -> None:
    night = Night()
    call = night.opens()
    inquiry = night.world.a.sends()

    assert night.world.record().call(inquiry.id) is None
    assert night.world.record().call(bytes(32)) is None
    assert night.verdict(night.world.b.says("acknowledged", re=call)) == "void:no-target"


def test_a_rung_that_the_terms_do_not_have_is_none() -> None:
    text = usual_terms()
    rung = ',{"rung":"director","level":"desk","after":{"U0":5,"U1":15}}'
    assert rung in text
    night = Night(World(terms=text.replace(rung, "")))
    call = night.opens()

    assert night.verdict(night.takes(call, rung="director")) == "void:no-target"
    assert night.verdict(night.says(call, "notification", by=A, to="director")) == "void:no-target"


def test_a_call_needs_an_agreed_scope_and_level() -> None:
    text = usual_terms()
    minister = ',{"rung":"minister","level":"minister","after":{"U0":45,"U1":135}}'
    fewer = text.replace(',"minister"],"ladder"', '],"ladder"').replace(minister, "")
    fewer = fewer.replace(',"minister":"always"}', "}").replace('"large_loss",', "")
    night = Night(World(terms=fewer))

    assert night.verdict(night.opens(scope="large_loss")) == "void:schema"
    assert night.verdict(night.opens(to="minister")) == "void:schema"
    assert night.verdict(night.opens(to="vice_minister")) == "valid"


def test_a_call_arises_from_an_inquiry_even_of_another_channel() -> None:
    night = Night()
    elsewhere = "A" * 43

    call = night.opens(inquiry=elsewhere, scope=None, fields=fields(what="inquiry_issue"))

    assert night.verdict(call) == "valid"


@pytest.mark.parametrize(
    "wrong",
    [
        {"nature": "test"},
        {"nature": "service"},
        {"fields": TEST_FIELDS},
        {"fields": fields(what="maintenance")},
        {"scope": None},
        {"inquiry": "A" * 43},
        {"inquiry": "_" * 43, "scope": None},
        {"urgency": "U4"},
        {"fields": fields(ask=[])},
        {"fields": fields(ask=["block", "block"])},
        {"fields": fields(object={"type": "ip", "mark": None})},
        {"fields": fields(object={"type": "none", "mark": "A" * 43})},
        {"fields": fields(object={"type": "ip", "mark": HOST})},
        {"fields": fields(where="C")},
        {"fields": {**fields(), "note": "see below"}},
        {"note": "see below"},
    ],
)
def test_an_opening_says_what_it_must_and_nothing_else(wrong: dict[str, JsonSource]) -> None:
    night = Night()

    assert night.verdict(night.opens(wrong)) == "void:schema"


def test_a_test_and_a_real_call_have_no_word_in_common() -> None:
    night = Night()
    test = night.opens({"nature": "test", "scope": None, "fields": TEST_FIELDS})
    service = night.opens({"nature": "service", "scope": None, "fields": fields(what="maintenance")})

    assert [night.verdict(test), night.verdict(service)] == ["valid", "valid"]


@pytest.mark.parametrize(
    ("kind", "d"),
    [
        ("call.taken", {"rung": "porter"}),
        ("call.taken", {}),
        ("call.read_back", {}),
        ("call.read_back", {"fields": fields(), "lines": lines()}),
        ("call.said", {"sort": "holding"}),
        ("call.said", {"sort": "joint_start"}),
        ("call.said", {"sort": "question", "at": 5}),
        ("call.said", {"sort": "question", "fields": fields()}),
        ("call.said", {"sort": "threat"}),
        ("call.minuted", {"since": 2, "until": 1, "lines": lines()}),
        ("call.minuted", {"since": 1, "until": 2, "lines": []}),
        ("call.minuted", {"since": 1, "until": 2, "lines": lines("a", "b", "c", "d", "e", "f")}),
        ("call.minuted", {"since": 1, "until": 2, "lines": lines("a", "a")}),
        ("call.closed", {"ending": "forgotten"}),
        ("call.closed", {"ending": "deferred"}),
        ("call.closed", {"ending": "answered", "at": 5}),
        ("call.closed", {"ending": "answered", "cause": "policy"}),
    ],
)
def test_a_statement_says_what_its_kind_allows(kind: str, d: dict[str, JsonSource]) -> None:
    night = Night()
    call = night.talking()

    assert night.verdict(night.writes(kind, B, d, re=call)) == "void:schema"


def test_a_principal_is_called_by_two_persons() -> None:
    night = Night()
    pen = night.world.a
    said: dict[str, JsonSource] = {
        "nature": "real",
        "urgency": "U0",
        "inquiry": None,
        "scope": "threat_to_life",
        "fields": fields(),
        "to": "minister",
    }

    def written(roots: tuple[int, ...]) -> str:
        wording = Wording(kind="call.principal_opened", log=pen.side.origin, roots=roots)
        return night.verdict(pen.words(wording, said))

    assert written((1,)) == "void:threshold"
    assert written((1, 2)) == "valid"
    unsigned = pen.words(Wording(kind="call.principal_opened"), said)
    assert night.verdict(unsigned) == "void:wrong-log"


@pytest.mark.parametrize(
    "wrong", [{"to": "desk"}, {"nature": "service", "scope": None, "fields": fields(what="maintenance")}]
)
def test_principals_are_called_for_what_is_theirs(wrong: dict[str, JsonSource]) -> None:
    night = Night()

    assert night.verdict(night.opens(wrong, to="minister")) == "void:schema"


def test_one_person_alone_rings_no_principal() -> None:
    night = Night()
    call = night.opens()
    alone = night.says(call, "notification", by=A, to="minister")
    higher = night.opens(to="vice_minister")
    to_vice = night.says(higher, "notification", by=A, to="vice_minister")
    to_minister = night.says(higher, "notification", by=A, to="minister")
    night.takes(call, rung="minister")
    again = night.says(call, "question", by=A, to="minister")

    assert [night.verdict(each) for each in (alone, to_vice, to_minister, again)] == [
        "void:threshold",
        "valid",
        "void:threshold",
        "valid",
    ]


def test_the_hotline_stays_open_while_the_link_is_suspended() -> None:
    night = Night()
    suspend(night.world.a, scope=LINK)
    suspend(night.world.b, scope={"forum": "call"})
    call = night.talking()

    assert night.verdict(call) == "valid"
    assert night.call(call).state is State.READ_BACK
    assert night.verdict(night.world.a.sends(urgency="U2")) == "void:suspended"


@pytest.mark.parametrize("scope", [{"link": True}, {"forum": "call"}])
def test_where_the_terms_do_not_keep_it_open_it_is_suspended_like_everything(
    scope: dict[str, JsonSource],
) -> None:
    text = usual_terms().replace('"safety_of_life","hotline"]', '"safety_of_life"]')
    night = Night(World(terms=text))
    call = night.opens()
    stop = suspend(night.world.b, scope=scope)
    night.hears(A)
    stopped = [night.opens(), night.takes(call), night.says(call, "question", by=A)]

    assert {night.verdict(each) for each in stopped} == {"void:suspended"}
    assert night.rungs(call, B) == []
    assert night.call(call).is_stopped

    resume(night.world.b, stop)
    night.hears(A)
    assert night.verdict(night.takes(call)) == "valid"


def test_another_forum_suspended_is_no_matter_of_the_hotline() -> None:
    text = usual_terms().replace('"safety_of_life","hotline"]', '"safety_of_life"]')
    night = Night(World(terms=text))
    suspend(night.world.a, scope={"forum": "inquiry"})

    assert night.verdict(night.opens()) == "valid"


def test_a_call_lives_by_the_ladder_under_which_it_was_opened() -> None:
    night = Night()
    call = night.opens()
    other = usual_terms().replace('{"U0":1,"U1":3}', '{"U0":2,"U1":4}')
    night.world.a.opens(terms=other)
    night.world.b.opens(terms=other)
    later = night.opens()
    night.world.wait(MINUTE)

    assert "duty_phone" in night.rungs(call, B)
    assert "duty_phone" not in night.rungs(later, B)
    assert night.call(later).bells[B].clauses.climb("U0")[1][1] == 2 * MINUTE


def test_a_call_that_could_not_be_opened_is_without_effect_and_so_is_all_in_it() -> None:
    night = Night()
    call = night.opens(heard=False)
    night.world.b.says("unopened", re=call)
    taken = night.takes(call)

    assert night.world.record().call(call.id) is None
    assert [night.verdict(call), night.verdict(taken)] == ["unopened", "void:no-target"]


@pytest.mark.parametrize(
    ("opened", "said"),
    [
        ({}, TEST_FIELDS),
        ({}, fields(what="maintenance")),
        ({"nature": "test", "scope": None, "fields": TEST_FIELDS}, fields()),
        ({"nature": "test", "scope": None, "fields": TEST_FIELDS}, fields(what="line_fault")),
        ({"nature": "service", "scope": None, "fields": fields(what="line_fault")}, fields()),
    ],
    ids=["real to test", "real to service", "test to real", "test to service", "service to real"],
)
def test_a_call_stays_what_it_was_opened_as(
    opened: dict[str, JsonSource], said: dict[str, JsonSource]
) -> None:
    night = Night()
    call = night.opens(opened)
    night.takes(call)
    before = night.call(call).fields

    clear = night.says(call, "clarification", by=A, fields=said)
    answer = night.says(clear, "question", by=B)

    assert night.verdict(clear) == "void:schema"
    assert night.verdict(answer) == "void:no-target"
    assert night.call(call).fields == before


def test_a_clarification_may_say_another_what_of_the_same_nature() -> None:
    night = Night()
    call = night.opens()

    clear = night.says(call, "clarification", by=A, fields=fields(what="intrusion"))

    assert night.verdict(clear) == "valid"
    assert night.call(call).text == clear.id


def test_what_one_side_can_say_in_a_call_has_an_end() -> None:
    night = Night()
    call = night.talking()
    pen = night.world.a
    said = [night.says(call, "notification", by=A, heard=False) for _ in range(MAX_STATEMENTS + 1)]

    assert len(pen.log) > MAX_STATEMENTS
    assert [night.verdict(each) for each in (said[-2], said[-1])] == ["valid", "void:oversize"]


def test_the_order_in_which_the_two_logs_arrive_changes_no_call() -> None:
    night = Night(World())
    call = night.opens(heard=False)
    night.takes(call, heard=False)

    one = read_in_order(night.world, "ABAB")
    two = read_in_order(night.world, "BAAB")

    assert one.call(call.id) == two.call(call.id) == night.call(call)


def test_every_kind_is_told_of_here() -> None:
    assert set(CLASSES) == {
        "call.opened",
        "call.principal_opened",
        "call.taken",
        "call.read_back",
        "call.said",
        "call.minuted",
        "call.closed",
    }

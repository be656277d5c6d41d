"""Who may sign for a side, and when too few did. Spec §2.6, §7.5, §7.6; rules E1, E2, E3, M8, H8, H9."""

from collections.abc import Mapping

import pytest

from parley.protocol import note
from parley.protocol.entry import encode_signed, parse
from parley.protocol.form import signers
from parley.protocol.judgement import MAX_LASTING
from parley.protocol.notation import write_base64
from parley.protocol.strictjson import JsonSource, read
from parley.protocol.suite import LOW_ORDER
from tests.protocol.persons import Person, asking_for, end, enrol, foreign_line
from tests.protocol.toy import TOY
from tests.protocol.world import (
    HOUR,
    SIDES,
    START,
    USUAL,
    A,
    B,
    Pen,
    Statement,
    Wording,
    World,
    fold_of,
    seed_of,
)

ONE, TWO, THREE = (Person(node=A, n=n) for n in (21, 22, 23))
TOUCH = Person(node=A, n=24, alg="webauthn-es256")
TOUCH_ED = Person(node=A, n=25, alg="webauthn-ed25519")
REFUSED = USUAL["inquiry.refused"]


def asking(persons: int = 2, **roles: tuple[str, ...]) -> World:
    """Return an open link on whose terms an inquiry needs so many persons."""
    return World(terms=asking_for({"inquiry.sent": persons}, **roles))


def sends(pen: Pen, *signers: Person, roots: tuple[int, ...] = (), **more: object) -> Statement:
    """Write an inquiry that these persons signed."""
    lines = tuple(person.line for person in signers)
    wording = Wording(kind="inquiry.sent", log=pen.side.origin, roots=roots, more=lines)
    return pen.words(wording, USUAL["inquiry.sent"], **more)  # type: ignore[arg-type] # seen alone


# ---- enrolled and ended


@pytest.mark.parametrize("person", [ONE, TOUCH, TOUCH_ED], ids=lambda person: person.alg)
def test_a_person_signs_once_the_roots_have_enrolled_a_key(person: Person) -> None:
    world = asking(1)
    before = sends(world.a, person)
    enrolled = enrol(world.a, person)
    after = sends(world.a, person)

    assert [world.verdict(each) for each in (before, enrolled, after)] == ["void:threshold", "valid", "valid"]


@pytest.mark.parametrize("roots", [(), (1,), (1, 1)])
@pytest.mark.parametrize("kind", ["officer.enrolled", "officer.ended"])
def test_who_is_enrolled_is_said_by_as_many_roots_as_the_card_asks(kind: str, roots: tuple[int, ...]) -> None:
    world = World()
    said = (
        enrol(world.a, ONE, roots=roots)
        if kind == "officer.enrolled"
        else end(world.a, 21, at=0, roots=roots)
    )

    assert world.verdict(said) == "void:threshold"


def test_officers_cannot_enrol_officers() -> None:
    world = World()
    enrol(world.a, ONE)
    enrol(world.a, TWO)
    lines = (ONE.line, TWO.line)
    wording = Wording(kind="officer.enrolled", log=SIDES.one.origin, roots=(1,), more=lines)

    assert world.verdict(world.a.words(wording, THREE.enrolment())) == "void:threshold"


@pytest.mark.parametrize("kind", ["officer.enrolled", "officer.ended"])
def test_what_is_said_of_officers_names_its_log(kind: str) -> None:
    world = World()
    d = ONE.enrolment() if kind == "officer.enrolled" else {"n": 21, "at": 0}

    assert world.verdict(world.a.words(Wording(kind=kind), d)) == "void:wrong-log"


@pytest.mark.parametrize(
    "change",
    [
        {"n": 0},
        {"n": 1_000_001},
        {"n": True},
        {"alg": "sm2"},
        {"alg": "webauthn-es256"},
        {"key": "AAAA"},
        {"key": write_base64(min(LOW_ORDER))},
        {"key": write_base64(ONE.public) + " "},
        {"key": write_base64(TOUCH.public)},
        {"alg": "webauthn-ed25519", "key": write_base64(TOUCH.public)},
        {"alg": "webauthn-es256", "key": write_base64(TOUCH.public[:-1])},
        {"alg": "webauthn-es256", "key": write_base64(TOUCH.public + b"x")},
        {"alg": "webauthn-es256", "key": write_base64(TOUCH.public.replace(b"https", b"HTTPS"))},
        {"alg": "webauthn-es256", "key": write_base64(b"\x01\x04" + bytes(64) + TOUCH.public[66:])},
        {"roles": []},
        {"roles": ["desk", "desk"]},
        {"roles": ["Desk"]},
        {"roles": [f"role_{n}" for n in range(17)]},
        {"since": -1},
        {"until": START},
        {"name": "somebody"},
    ],
)
def test_an_enrolment_that_is_not_in_its_form_is_void(change: Mapping[str, JsonSource]) -> None:
    world = World()

    wording = Wording(kind="officer.enrolled", log=SIDES.one.origin, roots=(1, 2))
    assert world.verdict(world.a.words(wording, {**ONE.enrolment(), **change})) == "void:schema"


@pytest.mark.parametrize(
    "d", [{"n": 0, "at": 0}, {"n": 21}, {"n": 21, "at": None}, {"n": 21, "at": 0, "by": 1}]
)
def test_an_end_that_is_not_in_its_form_is_void(d: Mapping[str, JsonSource]) -> None:
    world = World()
    wording = Wording(kind="officer.ended", log=SIDES.one.origin, roots=(1, 2))

    assert world.verdict(world.a.words(wording, d)) == "void:schema"


def test_the_key_of_another_person_enrols_nobody() -> None:
    world = World()
    enrol(world.a, ONE)
    mine = enrol(world.a, ONE, roles=["head"])
    theirs = enrol(world.a, ONE, n=22)
    root = write_base64(TOY.ed25519_public(seed_of(A, "root 2")))
    of_a_root = enrol(world.a, ONE, key=root)
    of_the_same_root = enrol(world.a, ONE, key=root, n=2)
    end(world.a, 21, at=0)
    still_theirs = enrol(world.a, ONE, n=22)

    said = (mine, theirs, of_a_root, of_the_same_root, still_theirs)
    wrong = "void:wrong-state"
    assert [world.verdict(each) for each in said] == ["valid", wrong, wrong, "valid", wrong]


def test_the_authenticator_of_another_person_enrols_nobody_for_another_page_either() -> None:
    world = World()
    enrol(world.a, TOUCH)
    moved = TOUCH.public.replace(b"node.a.example", b"desk.a.example")

    assert world.verdict(enrol(world.a, TOUCH, n=26, key=write_base64(moved))) == "void:wrong-state"


def test_one_side_enrols_so_many_and_no_more() -> None:
    world = World()
    for at in range(MAX_LASTING):
        end(world.a, 21, at=at)
    verdicts = [world.verdict(each) for each in (end(world.a, 21, at=0), end(world.b, 21, at=0))]

    assert verdicts == ["void:oversize", "valid"]


# ---- who signed


@pytest.mark.parametrize(
    ("roots", "persons", "verdict"),
    [
        ((), (), "void:threshold"),
        ((1,), (), "void:threshold"),
        ((1, 2), (), "valid"),
        ((1,), (ONE,), "valid"),
        ((), (ONE,), "void:threshold"),
        ((), (ONE, TWO), "valid"),
        ((), (ONE, TOUCH, TOUCH_ED), "valid"),
        ((), (ONE, THREE), "void:threshold"),
        ((), (ONE, Person(node=A, n=21, spare=" two")), "void:threshold"),
        ((1,), (Person(node=A, n=1),), "void:threshold"),
        ((2,), (Person(node=A, n=1),), "valid"),
    ],
)
def test_distinct_persons_are_counted_and_not_keys(
    roots: tuple[int, ...], persons: tuple[Person, ...], verdict: str
) -> None:
    world = asking(2)
    spare, root = Person(node=A, n=21, spare=" two"), Person(node=A, n=1)
    for person in (ONE, TWO, TOUCH, TOUCH_ED, spare, root):
        enrol(world.a, person)

    assert world.verdict(sends(world.a, *persons, roots=roots)) == verdict


def test_who_signs_needs_one_of_the_roles_that_the_terms_name() -> None:
    world = asking(1, sent=("head", "principal"))
    enrol(world.a, ONE, roles=["desk", "legal"])
    enrol(world.a, TWO, roles=["desk", "principal"])
    signed = [sends(world.a, ONE), sends(world.a, TWO), sends(world.a, roots=(3,))]

    assert [world.verdict(each) for each in signed] == ["void:threshold", "valid", "valid"]


def test_a_key_holds_from_its_beginning_to_before_its_end_by_the_clock_of_the_entry() -> None:
    world = asking(1)
    enrol(world.a, ONE, since=START + HOUR, until=START + 3 * HOUR)
    signed = []
    for wait in (0, HOUR - 1, 1, 2 * HOUR - 1, 1):
        world.wait(wait)
        signed.append(sends(world.a, ONE))

    verdicts = [world.verdict(each) for each in signed]
    assert verdicts == ["void:threshold", "void:threshold", "valid", "valid", "void:threshold"]


def test_who_has_ended_signs_no_more_until_enrolled_again() -> None:
    world = asking(1)
    enrol(world.a, ONE)
    end(world.a, 21, at=START + HOUR)
    before = sends(world.a, ONE)
    world.wait(HOUR)
    after = sends(world.a, ONE)
    enrol(world.a, ONE)
    again = sends(world.a, ONE)

    assert [world.verdict(each) for each in (before, after, again)] == ["valid", "void:threshold", "valid"]


def test_the_end_of_one_person_is_not_the_end_of_another() -> None:
    world = asking(1)
    enrol(world.a, ONE)
    end(world.a, 22, at=0)
    end(world.b, 21, at=0)

    assert world.verdict(sends(world.a, ONE)) == "valid"


def test_an_officer_of_one_side_signs_nothing_for_the_other() -> None:
    world = asking(1)
    enrol(world.a, ONE)

    assert world.verdict(sends(world.b, ONE)) == "void:threshold"


def test_one_false_line_of_an_officer_undoes_all() -> None:
    world = asking(1)
    enrol(world.a, ONE)
    enrol(world.a, TWO)

    def forged(text: bytes) -> note.Line:
        return note.Line(name=TWO.line(text).name, key_id=TWO.line(text).key_id, payload=bytes(64))

    wording = Wording(kind="inquiry.sent", log=SIDES.one.origin, more=(ONE.line, forged))
    twice = Wording(kind="inquiry.sent", log=SIDES.one.origin, more=(ONE.line, ONE.line))

    signed = [world.a.words(each, USUAL["inquiry.sent"]) for each in (wording, twice)]
    assert [world.verdict(each) for each in signed] == ["void:threshold"] * 2


def test_a_false_line_of_a_key_that_is_not_in_force_is_ignored() -> None:
    world = asking(1)
    enrol(world.a, ONE)
    enrol(world.a, TWO, since=START + HOUR)

    def forged(text: bytes) -> note.Line:
        return note.Line(name=TWO.line(text).name, key_id=TWO.line(text).key_id, payload=bytes(64))

    wording = Wording(kind="inquiry.sent", log=SIDES.one.origin, more=(ONE.line, forged))
    assert world.verdict(world.a.words(wording, USUAL["inquiry.sent"])) == "valid"


def test_a_kind_that_needs_persons_names_its_log() -> None:
    world = asking(1)

    assert world.verdict(world.a.sends()) == "void:wrong-log"


def test_persons_are_asked_of_any_kind_and_no_other() -> None:
    world = World(terms=asking_for({"inquiry.refused": 1, "inquiry.admitted": 0}))
    inquiry = world.a.sends()
    admitted = world.b.says("admitted", re=inquiry)
    few = world.b.words(Wording(kind="inquiry.refused", re=inquiry.id, log=SIDES.two.origin), REFUSED)
    wording = Wording(kind="inquiry.refused", re=inquiry.id, log=SIDES.two.origin, roots=(1,))
    enough = world.b.words(wording, REFUSED)

    assert [world.verdict(each) for each in (admitted, few, enough)] == ["valid", "void:threshold", "valid"]


def test_too_few_persons_come_before_a_target_that_only_one_side_can_read() -> None:
    # The side that could not open the inquiry cannot tell its thread; so what comes first must not need it.
    world = World(terms=asking_for({"inquiry.refused": 1}))
    inquiry = world.a.sends()
    refused = world.b.words(Wording(kind="inquiry.refused", re=inquiry.id, log=SIDES.two.origin), REFUSED)
    world.b.says("unopened", re=inquiry)

    blind = fold_of(world.logs(without={inquiry.id})).shelf.row(refused.id)
    assert blind is not None
    assert [world.verdict(refused), blind.verdict.text] == ["void:threshold"] * 2


def test_an_enrolment_that_the_writer_had_not_written_yet_counts_for_nothing_and_changes_nothing_later() -> (
    None
):
    world = asking(1)
    early = sends(world.a, ONE)
    enrol(world.a, ONE)

    assert world.verdict(early) == "void:threshold"


def test_an_enrolment_that_could_not_be_opened_never_was() -> None:
    world = asking(1)
    enrolled = enrol(world.a, ONE)
    signed = sends(world.a, ONE)
    world.b.says("unopened", re=enrolled)

    assert [world.verdict(each) for each in (enrolled, signed)] == ["unopened", "void:threshold"]


# ---- drafts that were signed earlier (H8, H9)


def test_a_draft_that_was_signed_long_before_it_is_written_is_valid() -> None:
    world = asking(1)
    enrol(world.a, ONE)
    old = world.b.head(len(world.b.log))
    for _ in range(3):
        world.b.says("received")
        world.a.says("received")
    world.wait(HOUR)

    assert world.verdict(sends(world.a, ONE, seen=old)) == "valid"


def test_a_signed_statement_is_said_once() -> None:
    world = asking(1)
    enrol(world.a, ONE)
    enrol(world.a, TWO)
    first = sends(world.a, ONE, TWO)
    parsed = parse(first.raw)
    world.a.puts(first.raw, first.act)
    world.a.puts(encode_signed(parsed.text, parsed.lines[:1]), first.act)
    world.a.puts(encode_signed(parsed.text, parsed.lines[::-1]), first.act)

    assert world.verdicts(world.a)[first.index :] == ["valid", *["void:duplicate-act"] * 3]


def test_a_statement_that_was_signed_for_one_log_is_void_in_another() -> None:
    world = asking(1)
    person = Person(node=B, n=21)
    enrol(world.b, person)
    wording = Wording(kind="inquiry.sent", log=SIDES.one.origin, more=(person.line,))

    assert world.verdict(world.b.words(wording, USUAL["inquiry.sent"])) == "void:wrong-log"


# ---- lines of algorithms that nobody here knows


def test_a_line_of_an_unknown_algorithm_changes_nothing_and_stays() -> None:
    world = asking(1)
    enrol(world.a, ONE)
    wording = Wording(kind="inquiry.sent", log=SIDES.one.origin, more=(foreign_line, ONE.line, foreign_line))
    statement = world.a.words(wording, USUAL["inquiry.sent"])
    parsed = parse(statement.raw)

    assert world.verdict(statement) == "valid"
    assert encode_signed(parsed.text, parsed.lines) == statement.raw
    assert [len(line.payload) for line in parsed.lines] == [71, 64, 71]


def test_a_line_of_an_unknown_algorithm_is_no_person() -> None:
    world = asking(1)
    enrol(world.a, ONE)
    wording = Wording(kind="inquiry.sent", log=SIDES.one.origin, more=(foreign_line,))

    assert world.verdict(world.a.words(wording, USUAL["inquiry.sent"])) == "void:threshold"


def test_an_opening_bears_lines_of_an_unknown_algorithm_too() -> None:
    world = World(is_open=False)
    value = read(World().a.log[0].act)["d"]
    assert isinstance(value, dict)
    wording = Wording(kind="link.opened", log=SIDES.one.origin, roots=(1, 2), more=(foreign_line, ONE.line))
    opening = world.a.words(wording, value)

    assert world.verdict(opening) == "valid"
    assert signers(parse(opening.raw), SIDES.one.card, TOY) == 2

"""Requests for information: what a subject is, and what is asked about it."""

import pytest

from parley.gates.table.translate import Choices, Question, Reason, Result, Subject, SubjectKind, read_pasted
from parley.protocol.inquiries.codes import Type
from tests.gates.table.sheets import ABOUT_SUBJECTS, AT, TIME, outcome, reasons, row_of, sheet_of

HEADER = "subject,kind,questions,time"

READ = {
    "203.0.113.7": (SubjectKind.IP, "203.0.113.7"),
    "203.0.113[.]7:0443": (SubjectKind.IP, "203.0.113.7:443"),
    "[2001:DB8::1]:443": (SubjectKind.IP, "[2001:db8::1]:443"),
    "2001:db8::1": (SubjectKind.IP, "2001:db8::1"),
    "one[.]example": (SubjectKind.DOMAIN, "one.example"),
    "hxxp://one[.]example/a": (SubjectKind.URL, "http://one.example/a"),
    "victim[at]mail[.]example": (SubjectKind.EMAIL, "victim@mail.example"),
    "D41D8CD98F00B204E9800998ECF8427E": (SubjectKind.HASH, "d41d8cd98f00b204e9800998ecf8427e"),
}


def subject_row(value: str, kind: str = "", questions: str = "subscriber") -> Subject | tuple[Reason, ...]:
    row = row_of(f'"{value}",{kind},{questions},{TIME}', header=HEADER, choices=ABOUT_SUBJECTS)
    return row.item if isinstance(row.item, Subject) else reasons(row)


@pytest.mark.parametrize("text", READ)
def test_addresses_and_digests_tell_by_their_form_what_they_are(text: str) -> None:
    subject = subject_row(text)

    assert isinstance(subject, Subject)
    assert (subject.kind, subject.value) == READ[text]
    assert (subject.questions, subject.observed_at) == ((Question.SUBSCRIBER,), AT)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("13800000000", "手机号", SubjectKind.PHONE),
        ("name17", "account", SubjectKind.ACCOUNT),
        ("6222 0000", "银行卡", SubjectKind.BANK_ACCOUNT),
        ("Trading Ltd", "Company", SubjectKind.COMPANY),
    ],
)
def test_other_subjects_are_what_the_row_says(value: str, kind: str, expected: SubjectKind) -> None:
    subject = subject_row(value, kind)

    assert isinstance(subject, Subject)
    assert (subject.kind, subject.value) == (expected, value)


@pytest.mark.parametrize(
    ("value", "kind", "reason"),
    [
        ("name17", "", Reason.SUBJECT_KIND_MISSING),
        ("name17", "planet", Reason.SUBJECT_KIND_UNKNOWN),
        ("name17", "ip", Reason.SUBJECT_NOT_READ),
        ("203.0.113.7:99999", "ip", Reason.SUBJECT_NOT_READ),
        ("name17", "email", Reason.SUBJECT_NOT_READ),
        ("name17", "hash", Reason.SUBJECT_NOT_READ),
        ("name17", "domain", Reason.SUBJECT_NOT_READ),
        ("name17", "url", Reason.ADDRESS_NOT_READ),
        ("http://u@one.example/", "url", Reason.ADDRESS_HAS_USER_NAME),
        ("", "ip", Reason.SUBJECT_MISSING),
    ],
)
def test_what_a_subject_lacks_is_named(value: str, kind: str, reason: Reason) -> None:
    assert subject_row(value, kind) == (reason,)


def test_questions_are_codes_that_both_sides_know() -> None:
    subject = subject_row("one.example", questions="权属；Login records/权属")

    assert isinstance(subject, Subject)
    assert subject.questions == (Question.OWNERSHIP, Question.LOGIN_RECORDS)
    assert subject_row("one.example", questions="weather") == (Reason.QUESTION_UNKNOWN,)
    assert subject_row("one.example", questions="") == (Reason.QUESTION_MISSING,)


def test_a_question_for_all_is_taken_where_a_row_asks_none() -> None:
    choices = Choices(item_type=Type.INFORMATION, questions=(Question.AWARE,))

    row = row_of("one.example,,,", header=HEADER, choices=choices)

    assert isinstance(row.item, Subject)
    assert (row.item.questions, row.item.observed_at) == ((Question.AWARE,), None)


def test_the_same_subject_twice_is_asked_about_once() -> None:
    sheet = sheet_of(
        "one.example,,ownership,",
        "ONE[.]example,,ownership,",
        "203.0.113.7:80,,ownership,2026-11-02T01:10Z",
        "203.0.113.7:81,,ownership,2026-11-02T01:10Z",
        header=HEADER,
        choices=ABOUT_SUBJECTS,
    )

    assert outcome(sheet) == ["ok", "dropped duplicate", "ok", "ok"]


def test_pasted_text_gives_e_mail_addresses_as_subjects() -> None:
    choices = Choices(item_type=Type.INFORMATION, questions=(Question.SUBSCRIBER,))

    sheet = read_pasted("who is victim@mail.example, and one.example?\nthanks", choices)

    assert [(each.kind, each.value) for each in sheet.subjects] == [
        (SubjectKind.EMAIL, "victim@mail.example"),
        (SubjectKind.DOMAIN, "one.example"),
    ]


def test_columns_that_mean_nothing_to_a_subject_are_notes() -> None:
    row = row_of("one.example,ownership,第一银行", header="域名,问题,银行", choices=ABOUT_SUBJECTS)

    assert row.result is Result.OK
    assert isinstance(row.item, Subject)
    assert [(note.column, note.text) for note in row.item.notes] == [("银行", "第一银行")]

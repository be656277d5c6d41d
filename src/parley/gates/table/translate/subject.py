"""A row as an item T1, a subject about which something is asked.

A subject is a code and a value that somebody else can look up; what it is can be read off
its form for addresses and digests, and has to be said for the rest. Source: domain §3.3, T1.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from parley.gates.table.translate.address import is_email, is_host_name, likeness, read_address
from parley.gates.table.translate.codes import Field, Question, Reason, SubjectKind
from parley.gates.table.translate.observed import observed_at
from parley.gates.table.translate.place import judge_address
from parley.gates.table.translate.sheet import (
    Cell,
    Choices,
    Draft,
    Remark,
    Subject,
    Verdict,
    by_field,
    notes_of,
)
from parley.ui.defang import refang
from parley.ui.letters import shown

_LONGEST: Final = 1_024
_WITH_PORT: Final = re.compile(
    r"(?:(?P<v4>[0-9.]{7,15})|\[(?P<v6>[0-9A-Fa-f:.]{2,45})\]):(?P<port>[0-9]{1,5})"
)
_DIGESTS: Final = frozenset({32, 40, 64, 96, 128})

_KINDS: Final[Mapping[str, SubjectKind]] = {
    word: kind
    for kind, words in {
        SubjectKind.IP: "ip|ip address|ipaddress|ip地址",
        SubjectKind.DOMAIN: "domain|host|域名|主机名",
        SubjectKind.URL: "url|link|网址|链接",
        SubjectKind.EMAIL: "email|e-mail|mail|邮箱|电子邮箱|电子邮件|邮件地址|电子邮件地址",
        SubjectKind.ACCOUNT: "account|user|账号|账户|用户名|平台账号",
        SubjectKind.WALLET: "wallet|wallet address|钱包|钱包地址",
        SubjectKind.BANK_ACCOUNT: "bank_account|bank account|iban|银行账号|银行账户|银行卡|银行卡号",
        SubjectKind.PHONE: "phone|telephone|mobile|电话|手机|手机号|电话号码",
        SubjectKind.HASH: "hash|digest|md5|sha1|sha256|哈希|哈希值|校验值|样本哈希",
        SubjectKind.PERSON: "person|个人|人员|自然人",
        SubjectKind.COMPANY: "company|公司|企业|单位|法人",
    }.items()
    for word in words.split("|")
}
_QUESTIONS: Final[Mapping[str, Question]] = {
    word: question
    for question, words in {
        Question.OWNERSHIP: "ownership|registration|owner|权属|注册信息|登记信息|归属",
        Question.HOSTING_HISTORY: "hosting_history|hosting history|hosting|托管历史|托管情况",
        Question.SUBSCRIBER: "subscriber|subscriber information|用户信息|用户注册信息|机主|使用人",
        Question.LOGIN_RECORDS: "login_records|login records|logins|登录记录|登录日志",
        Question.RELATED_INCIDENTS: "related_incidents|related incidents|关联事件|相关案件|关联案件",
        Question.CRIMINAL_RECORD: "criminal_record|criminal record|犯罪记录",
        Question.AWARE: "aware|是否知悉|知悉情况",
        Question.AUTHORISED: "authorised|authorized|是否授权|是否经授权",
    }.items()
    for word in words.split("|")
}
_USED: Final = frozenset(
    {Field.SUBJECT, Field.SUBJECT_KIND, Field.QUESTIONS, Field.NOTE, Field.GROUP, Field.SERIAL}
    | {Field.OBSERVED_AT, Field.OBSERVED_DATE, Field.OBSERVED_CLOCK, Field.ZONE}
)
# Where a sheet has no column of subjects, one of these is meant.
_SUBJECTS: Final = (Field.SUBJECT, Field.URL, Field.IP)


def read_subject(draft: Draft, choices: Choices) -> Verdict:
    """Return the subject that `draft` states, if all that it needs is there, and what is to be said."""
    cells = by_field(draft.cells)
    cell = next((cells[field] for field in _SUBJECTS if field in cells), None)
    if cell is None:
        return Verdict(remarks=(Remark(reason=Reason.SUBJECT_MISSING),))
    kind, about_kind = _kind(cell, cells.get(Field.SUBJECT_KIND))
    found, about_value = (None, ()) if kind is None else _value(kind, cell, draft=draft, choices=choices)
    at, about_time = observed_at(cells, choices, is_needed=kind is SubjectKind.IP)
    questions, about_questions = _questions(cells.get(Field.QUESTIONS), choices)
    remarks = (*about_kind, *about_value, *about_time, *about_questions)
    if kind is None or found is None:
        return Verdict(remarks=remarks)
    value, key = found
    subject = Subject(
        kind=kind,
        value=value,
        key=f"{kind.value}:{key}",
        questions=questions,
        observed_at=at,
        note=cells[Field.NOTE].text if Field.NOTE in cells else None,
        notes=notes_of(tuple(each for each in draft.cells if each is not cell), used=_USED - {Field.SUBJECT}),
    )
    return Verdict(key=subject.key, item=subject, remarks=remarks)


def _kind(cell: Cell, said: Cell | None) -> tuple[SubjectKind | None, tuple[Remark, ...]]:
    if said is not None:
        kind = _KINDS.get(_word(said.text))
        unknown = _remark(Reason.SUBJECT_KIND_UNKNOWN, said)
        return kind, () if kind is not None else (unknown,)
    kind = _kind_by_form(refang(cell.text))
    return kind, () if kind is not None else (_remark(Reason.SUBJECT_KIND_MISSING, cell),)


def _kind_by_form(text: str) -> SubjectKind | None:
    forms = (
        (SubjectKind.IP, _ip(text) is not None),
        (SubjectKind.EMAIL, is_email(_plain_email(text))),
        (SubjectKind.DOMAIN, is_host_name(text)),
        (SubjectKind.URL, not isinstance(read_address(text), Reason)),
        (SubjectKind.HASH, _digest(text) is not None),
    )
    return next((kind for kind, fits in forms if fits), None)


def _value(
    kind: SubjectKind, cell: Cell, *, draft: Draft, choices: Choices
) -> tuple[tuple[str, str] | None, tuple[Remark, ...]]:
    """Return the value and its key for duplicates."""
    if kind is SubjectKind.URL:
        address, remarks = judge_address(cell, draft.number, choices)
        return (None if address is None else (address.text, likeness(address))), remarks
    text = cell.text.strip()
    match kind:
        case SubjectKind.IP:
            value = _ip(refang(text))
        case SubjectKind.DOMAIN:
            value = refang(text) if is_host_name(refang(text)) else None
        case SubjectKind.EMAIL:
            value = _plain_email(text) if is_email(_plain_email(text)) else None
        case SubjectKind.HASH:
            value = _digest(text)
        case _:
            value = text if len(text) <= _LONGEST else None
    if value is None:
        return None, (_remark(Reason.SUBJECT_NOT_READ, cell),)
    return (value, unicodedata.normalize("NFKC", value).casefold()), ()


def _questions(cell: Cell | None, choices: Choices) -> tuple[tuple[Question, ...], tuple[Remark, ...]]:
    words = [] if cell is None else [word for word in re.split(r"[;；、,，|/\n]", cell.text) if word.strip()]
    if cell is None or not words:
        missing = Remark(reason=Reason.QUESTION_MISSING, fixes=("--question CODE",))
        return choices.questions, () if choices.questions else (missing,)
    asked = [_QUESTIONS.get(_word(word)) for word in words]
    if None in asked:
        return (), (_remark(Reason.QUESTION_UNKNOWN, cell),)
    return tuple(dict.fromkeys(question for question in asked if question is not None)), ()


def _ip(text: str) -> str | None:
    """Return an IP address in its one form, with its port if one is stated."""
    found = _WITH_PORT.fullmatch(text)
    try:
        address = ipaddress.ip_address(text if found is None else found["v4"] or found["v6"])
    except ValueError:
        return None
    if found is None:
        return str(address)
    host = str(address) if address.version == 4 else f"[{address}]"
    return f"{host}:{int(found['port'])}" if int(found["port"]) < 65_536 else None


def _plain_email(text: str) -> str:
    return re.sub(r"\[@\]|[\[(]at[\])]", "@", re.sub(r"[\[(]\.[\])]|[\[(]dot[\])]", ".", text.strip()))


def _digest(text: str) -> str | None:
    digest = text.lower()
    return digest if len(digest) in _DIGESTS and re.fullmatch(r"[0-9a-f]+", digest) else None


def _word(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(" ?？")


def _remark(reason: Reason, cell: Cell) -> Remark:
    return Remark(reason=reason, column=cell.column, text=shown(cell.text))

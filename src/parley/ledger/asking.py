"""How a draft, and what came of it, are written on `core.sock`.

{"ask":"append","drafts":[{"id","link","lane","kind","v","d","re","role","officer","ref","body",
 "files":[{"hash","size","wrapped"},…],"prepared":null|{"text","parts","lines","others"}},…]}
{"answer":{"results":[{"link","lane","letter","index","statement"} | {"refused","remark"},…]}}
{"ask":"check","draft":{…}}           {"answer":{"outcome","reason","remark"}}
"""

from collections.abc import Mapping, Sequence

from parley.ledger.cosigning import NotPreparedError, read_prepared, write_prepared
from parley.ledger.drafts import Appended, Draft, Enclosed, RefusedError
from parley.protocol.act import id_text, read_id
from parley.protocol.breach import BreachError
from parley.protocol.strictjson import JsonObject, JsonSource, JsonValue
from parley.protocol.voids import Outcome, Verdict, Void


class NotADraftError(Exception):
    """What came through the socket is not a draft, or not what came of one."""


def write_draft(draft: Draft) -> Mapping[str, JsonSource]:
    """Return `draft` as it goes through the socket."""
    return {
        "id": draft.id,
        "link": draft.link,
        "lane": draft.lane,
        "kind": draft.kind,
        "v": draft.version,
        "d": draft.d,
        "re": None if draft.re is None else id_text(draft.re),
        "role": draft.role,
        "officer": draft.officer,
        "ref": draft.ref,
        "body": draft.body,
        "files": [_write_file(each) for each in draft.files],
        "prepared": None if draft.prepared is None else write_prepared(draft.prepared),
    }


def _write_file(file: Enclosed) -> Mapping[str, JsonSource]:
    return {"hash": id_text(file.hash), "size": file.size, "wrapped": file.wrapped.hex()}


def _read_file(value: JsonValue) -> Enclosed:
    match value:
        case {"hash": str(digest), "size": int(size), "wrapped": str(wrapped), **rest} if not rest:
            try:
                return Enclosed(hash=read_id(digest), size=size, wrapped=bytes.fromhex(wrapped))
            except (BreachError, ValueError) as error:
                raise NotADraftError(str(error)) from error
        case _:
            raise NotADraftError("a file of a draft has exactly hash, size and wrapped")


def read_draft(value: JsonValue) -> Draft:
    """Return the draft that `write_draft` wrote.

    Raises:
        NotADraftError: it is none.
    """
    match value:
        case {
            "id": str(id_),
            "link": str(link),
            "lane": str(lane),
            "kind": str(kind),
            "v": int(version),
            "d": dict(d),
            "re": str() | None as re,
            "role": str(role),
            "officer": int(officer),
            "ref": str() | None as ref,
            "body": dict() | None as body,
            "files": list(files),
            "prepared": prepared,
            **rest,
        } if not rest:
            try:
                target = None if re is None else read_id(re)
                signed = None if prepared is None else read_prepared(prepared)
            except (BreachError, NotPreparedError) as error:
                raise NotADraftError(str(error)) from error
            return Draft(
                id=id_,
                link=link,
                lane=lane,
                kind=kind,
                d=d,
                re=target,
                role=role,
                officer=officer,
                ref=ref,
                body=body,
                version=version,
                files=tuple(_read_file(each) for each in files),
                prepared=signed,
            )
        case _:
            raise NotADraftError("a draft has exactly its thirteen fields")


def write_results(results: Sequence[Appended | RefusedError]) -> Mapping[str, JsonSource]:
    """Return what came of drafts as it goes back."""
    return {"results": [_write_result(result) for result in results]}


def _write_result(result: Appended | RefusedError) -> Mapping[str, JsonSource]:
    if isinstance(result, RefusedError):
        return {"refused": result.code, "remark": result.remark}
    return {
        "link": result.link,
        "lane": result.lane,
        "letter": result.letter,
        "index": result.index,
        "statement": id_text(result.statement),
    }


def read_results(answer: JsonObject) -> list[Appended | RefusedError]:
    """Return what came of drafts.

    Raises:
        NotADraftError: the answer says something else.
    """
    results = answer.get("results")
    if not isinstance(results, list):
        raise NotADraftError("no results")
    return [_read_result(each) for each in results]


def _read_result(value: JsonValue) -> Appended | RefusedError:
    match value:
        case {"refused": str(code), "remark": str(remark)}:
            return RefusedError(code, remark)
        case {
            "link": str(link),
            "lane": str(lane),
            "letter": str(letter),
            "index": int(index),
            "statement": str(statement),
        }:
            return Appended(link=link, lane=lane, letter=letter, index=index, statement=read_id(statement))
        case _:
            raise NotADraftError("this is not what comes of a draft")


def write_verdict(verdict: Verdict) -> Mapping[str, JsonSource]:
    """Return a verdict as it goes back."""
    reason = None if verdict.reason is None else verdict.reason.value
    return {"outcome": verdict.outcome.value, "reason": reason, "remark": verdict.remark}


def read_verdict(answer: JsonObject) -> Verdict:
    """Return the verdict in an answer.

    Raises:
        NotADraftError: there is none.
    """
    match answer:
        case {"outcome": str(outcome), "reason": str() | None as reason, "remark": str(remark)}:
            return Verdict(
                outcome=Outcome(outcome), reason=None if reason is None else Void(reason), remark=remark
            )
        case _:
            raise NotADraftError("this is no verdict")

"""The whole report for people, line by line: what is proved, what is not, and every statement in the file.

Text that a side wrote is not printed here; kinds and places are. Source: Spec §11.6, §11.7.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from parley.protocol.act import short_id
from parley.protocol.strictjson import JsonSource
from parley.protocol.suite import Suite
from parley.protocol.verify.findings import Findings, as_json
from parley.protocol.verify.kindwords import KINDS
from parley.protocol.verify.members import Found
from parley.protocol.verify.reading import Shown, shown, worths
from parley.protocol.verify.sentences import Language, moment, sentences

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "statements": "The statements in this file:",
        "hidden": "content not disclosed",
        "written": "signed not later than {time}",
        "held": "held by the other side {time}",
        "persons": "signed by {names}",
        "unknown": "{count} unknown signature lines",
        "worth": "worth: {worth}",
        "ordered": "ordered to be erased at {places}",
        "orphan": "an orphan, no part of the record",
        "more": "… and {count} more",
        "WITHHELD": "withheld",
        "ERASED": "erased",
        "UNOPENABLE": "cannot be opened",
    },
    "zh": {
        "statements": "本文件中的声明：",
        "hidden": "内容未披露",
        "written": "签名不晚于 {time}",
        "held": "对方持有于 {time}",
        "persons": "签名人 {names}",
        "unknown": "{count} 行未知签名",
        "worth": "效力：{worth}",
        "ordered": "在 {places} 被要求销毁",
        "orphan": "游离声明，不属于记录",
        "more": "……另有 {count} 项",
        "WITHHELD": "未披露",
        "ERASED": "已销毁",
        "UNOPENABLE": "无法打开",
    },
}


def report(findings: Findings, language: Language, *, suite: Suite, limit: int) -> Iterator[str]:
    """Yield the lines of the report; of the statements, `limit` at most."""
    told = findings.told
    found = None if told is None else worths(told, suite)
    yield from sentences(findings, language, is_judged=found is not None)
    if told is None:
        if findings.reason:
            yield f"({findings.reason})"
        return
    words = _WORDS[language]
    yield ""
    yield words["statements"]
    for each in islice(shown(told, suite, worths=found), limit):
        yield f"  {'; '.join(_facts(each, language))}"
    count = told.whole + sum(each.whole for each in told.orphans)
    if count > limit:
        yield f"  {words['more'].format(count=count - limit)}"


def _kind(each: Shown, language: Language) -> str:
    if each.act is None:
        return _WORDS[language]["hidden"]
    named = KINDS.get(each.act.k)
    return each.act.k if named is None else f"{each.act.k} · {named[language == 'zh']}"


def _facts(each: Shown, language: Language) -> Iterator[str]:
    words, kind = _WORDS[language], _kind(each, language)
    yield f"{each.place} {short_id(each.statement)} {kind}"
    if each.is_orphan:
        yield words["orphan"]
    for name, time in (("written", each.written_by), ("held", each.held_by)):
        if time is not None:
            yield words[name].format(time=moment(time))
    if each.persons:
        yield words["persons"].format(names=", ".join(each.persons))
    if each.unknown_lines:
        yield words["unknown"].format(count=each.unknown_lines)
    missing = dict.fromkeys(part.name for part in each.parts if part not in {Found.DISCLOSED, Found.FILE})
    yield from (words[name] for name in missing if each.act is not None or name != "WITHHELD")
    if each.ordered:
        yield words["ordered"].format(places=", ".join(each.ordered))
    if each.worth is not None:
        yield words["worth"].format(worth=each.worth)


def for_machines(findings: Findings) -> Mapping[str, JsonSource]:
    """Return the findings as strict JSON holds them; the reason of a refusal stands beside them."""
    return {**as_json(findings), **({} if findings.reason is None else {"reason": findings.reason})}

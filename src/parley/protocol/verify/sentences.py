"""What people are told: one sentence for each thing that holds or does not, in English and Chinese.

The words are those of Spec §11.7, and a program without any other part of the house prints them.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Final, Literal

from parley.protocol.verify.findings import PARTS, Findings, Logged, Result, Told

Language = Literal["en", "zh"]

RESULTS: Final[Mapping[Result, Mapping[Language, str]]] = {
    Result.PROVED: {
        "en": "Proved. Every step was checked and holds.",
        "zh": "已证明。每一步均已核验并成立。",
    },
    Result.OPEN: {
        "en": "Not yet proved: everything in this file fits together, but nobody has said that its keys are "
        "the right ones. Compare these digits with those that both sides published or wrote down: {digits}.",
        "zh": "尚未证明：文件内容前后一致，但无人确认其中的密钥正确。"
        "请将下列核对数字与双方公布或记录的数字比对：{digits}。",
    },
    Result.REFUSED: {
        "en": "Refused at step {step}: {sentence} Nothing in this file may be relied on.",
        "zh": "在第 {step} 步被拒绝：{sentence}文件中的任何内容均不可采信。",
    },
    Result.UNREADABLE: {
        "en": "This file cannot be read as an export. It may be damaged, cut off or something else. "
        "Nothing was checked.",
        "zh": "无法将此文件作为导出文件读取。文件可能已损坏、被截断或属于其他类型。未作任何核验。",
    },
}
STEPS: Final[Mapping[int, Mapping[Language, str]]] = {
    3: {"en": "A card of keys is not signed as it must be.", "zh": "密钥卡未按要求签名。"},
    4: {
        "en": "The keys are not those that were compared, or the file is about another channel. "
        "The digits of this file are {digits}.",
        "zh": "密钥与核对过的密钥不符，或文件属于其他通道。本文件的核对数字为 {digits}。",
    },
    5: {"en": "The list of entries is broken.", "zh": "条目清单已损坏。"},
    6: {
        "en": "The entries are not those that their writer signed.",
        "zh": "条目与书写方签名的内容不符。",
    },
    7: {
        "en": "The other side's receipt is missing, false or for other entries.",
        "zh": "对方的回执缺失、不实或针对其他条目。",
    },
    8: {
        "en": "A new epoch of a log was not accepted by the other side.",
        "zh": "日志的新日志期未经对方接受。",
    },
    9: {
        "en": "The link was not opened by both sides with these keys and logs.",
        "zh": "双方未以这些密钥和日志开通链路。",
    },
    10: {
        "en": "A disclosed part is not the one that was entered.",
        "zh": "所披露的加密部分与记录的内容不符。",
    },
    11: {"en": "A proof of two histories does not hold.", "zh": "关于两种历史的证明不成立。"},
    12: {
        "en": "A revocation of keys does not hold, or this file relies on keys that were revoked.",
        "zh": "密钥吊销不成立，或本文件依据的是已吊销的密钥。",
    },
    13: {
        "en": "A statement beside the record is not signed as it must be.",
        "zh": "记录之外的声明未按要求签名。",
    },
}
HOLDS: Final[Mapping[str, Mapping[Language, str]]] = {
    "digits": {
        "en": "The keys of {A} and {B} are those whose sixty digits were given.",
        "zh": "{A} 与 {B} 的密钥即所给六十位核对数字对应的密钥。",
    },
    "signed": {
        "en": "{node} signed everything it wrote in {channel} up to place {place}, at {time}.",
        "zh": "{node} 于 {time} 对其在 {channel} 中直至 {place} 的全部内容作了签名。",
    },
    "held": {
        "en": "{other} signed that it holds all of this, at {time}.",
        "zh": "{other} 于 {time} 签名确认持有上述全部内容。",
    },
    "nothing": {
        "en": "{node} wrote nothing that the other side has receipted.",
        "zh": "{node} 没有任何已获对方回执的内容。",
    },
    "sealed": {
        "en": "{other} accepted that the log {origin} ended at {size} entries and went on under a new name.",
        "zh": "{other} 已接受日志 {origin} 止于 {size} 个条目并以新名称继续。",
    },
    "entries": {
        "en": "{whole} entries are here in full; of {stubs} others there is only the fingerprint.",
        "zh": "文件中有 {whole} 个完整条目；另有 {stubs} 个条目仅含指纹。",
    },
    "parts": {
        "en": "{disclosed} encrypted parts are disclosed, bit for bit as they were entered; {withheld} are "
        "withheld, {erased} erased, {unopenable} cannot be opened.",
        "zh": "已披露 {disclosed} 个加密部分，与记录时逐位一致；{withheld} 个未披露，{erased} 个已销毁，"
        "{unopenable} 个无法打开。",
    },
    "fork": {
        "en": "The key of {node} signed two histories of {origin} at {size} entries. "
        "The two signed heads follow.",
        "zh": "{node} 的密钥对 {origin} 在 {size} 个条目处签署了两种历史。两份已签名的日志头如下。",
    },
    "false": {
        "en": "{place} cites a record of the other side that is not the one here. It counts against its "
        "writer alone.",
        "zh": "{place} 所引对方记录与此处不符，仅对书写方不利。",
    },
    "revoked": {
        "en": "{node} revoked the keys of its card {serial} for {origin} from {size} entries on. What they "
        "signed up to there stays proved; larger heads of theirs prove nothing, wherever they are shown.",
        "zh": "{node} 已吊销其第 {serial} 号密钥卡在 {origin} 中自 {size} 个条目之后的密钥。"
        "此前由其签署的内容仍获证明；其更大的日志头无论在何处出示，均不证明任何事项。",
    },
    "ordered": {
        "en": "At {place} {node} ordered that content of {count} statements be erased on both sides: "
        "{ground}.",
        "zh": "{node} 在 {place} 要求双方销毁 {count} 项声明的内容：{ground}。",
    },
    "erased": {
        "en": "At {place} {node} said that it has erased what {order} names.",
        "zh": "{node} 在 {place} 声明已销毁 {order} 所指的内容。",
    },
    "refused": {
        "en": "At {place} {node} refused to erase what {order} names: {ground}.",
        "zh": "{node} 在 {place} 拒绝销毁 {order} 所指的内容：{ground}。",
    },
    "gone": {
        "en": "What is erased can be shown by nobody any more. Its entries, fingerprints, signatures and "
        "receipts stay, and were checked here like all others.",
        "zh": "已销毁的内容任何人均无法再出示。相应的条目、指纹、签名和回执仍在，并已与其他内容一并核验。",
    },
    "after": {
        "en": "{node} also signed {count} statements of {origin}, at {time}, which are no part of its line: "
        "they follow after the {size} entries at which this log had ended.",
        "zh": "{node} 另于 {time} 签署了 {origin} 的 {count} 项声明，但均不属于其日志线："
        "该日志已止于 {size} 个条目，这些声明排在其后。",
    },
    "aside": {
        "en": "{node} also signed {count} statements of {origin}, at {time}, which are no part of its line: "
        "this log is none of those here.",
        "zh": "{node} 另于 {time} 签署了 {origin} 的 {count} 项声明，但均不属于其日志线："
        "该日志不在本文件的日志之列。",
    },
    "orphans": {
        "en": "Of orphans this alone is proved: keys of their writer signed them. That the other side had "
        "them in time, and why they are not in the record, is not proved; they have no effect.",
        "zh": "对于游离声明，仅证明其由书写方的密钥签署；不证明对方曾及时持有，也不证明其未列入记录的原因。"
        "游离声明不产生效力。",
    },
    "judged": {
        "en": "What each statement is worth was computed anew from both lines.",
        "zh": "每项声明的效力已根据双方日志重新计算。",
    },
    "not_judged": {
        "en": "What the statements are worth is not judged here: something that it may depend on is not in "
        "this file.",
        "zh": "此处不判断声明的效力：文件未包含其可能依据的全部内容。",
    },
}
GROUNDS: Final[Mapping[str, Mapping[Language, str]]] = {
    "retention": {"en": "retention period is over", "zh": "保存期届满"},
    "purpose_met": {"en": "purpose is met", "zh": "目的已达成"},
    "mistaken": {"en": "sent by mistake", "zh": "误发"},
    "court_order": {"en": "court order", "zh": "法院裁定"},
    "agreed": {"en": "agreed", "zh": "双方商定"},
    "legal_hold": {"en": "legal hold", "zh": "依法留存"},
    "proceedings": {"en": "needed in proceedings", "zh": "办案需要"},
    "own_law": {"en": "own law", "zh": "本方法律规定"},
    "not_agreed": {"en": "not agreed", "zh": "不同意"},
}
LIMITS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": (
        "It does not prove that what a statement says is true.",
        "It does not prove who was at the keyboard, but where a person's key signed.",
        "It does not prove that nothing else was said, before, after or elsewhere.",
        "Times are those of the two nodes' clocks. Both signed them; neither proves the hour.",
        "Why a part is not here (withheld, erased, cannot be opened) is the word of whoever made this file.",
        "Whether the digits are right is for people to say who compared them.",
    ),
    "zh": (
        "这不证明声明内容属实。",
        "除由个人密钥签名者外，这不证明由何人操作。",
        "这不证明此前、此后或他处没有其他表述。",
        "时间取自两个节点的时钟。双方均已签名，但均不证明准确时刻。",
        "某部分为何未包含在内（未披露、已销毁、无法打开），仅为制作本文件一方的说明。",
        "核对数字是否正确，由核对人员确认。",
    ),
}


def moment(seconds: int) -> str:
    """Return an instant as people read it; a year past 9999 as its number of seconds."""
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (OverflowError, ValueError):
        return str(seconds)


def result_of(findings: Findings, language: Language) -> str:
    """Return the one sentence that says how it came out."""
    digits = " ".join(findings.digits)
    number = 0 if findings.step is None else findings.step.value
    sentence = STEPS[number][language].format(digits=digits) if number in STEPS else ""
    return RESULTS[findings.result][language].format(digits=digits, step=number, sentence=sentence)


def sentences(findings: Findings, language: Language, *, is_judged: bool) -> Iterator[str]:
    """Yield everything that people are told, the result first."""
    yield result_of(findings, language)
    told = findings.told
    if told is None:
        return
    one, two = told.listing.nodes
    if told.digits_given:
        yield HOLDS["digits"][language].format(A=one, B=two)
    for logged in told.logs:
        yield from _of_log(told, logged, language)
    words: dict[str, int] = {"whole": told.whole, "stubs": told.stubs}
    words |= {name: sum(told.parts.get(each, 0) for each in found) for name, found in PARTS.items()}
    yield HOLDS["entries"][language].format(**words)
    yield HOLDS["parts"][language].format(**words)
    for fork in told.forks:
        node = fork.origin.partition("/")[0]
        yield HOLDS["fork"][language].format(node=node, origin=fork.origin, size=fork.size)
        yield from (raw.decode("utf-8", "replace") for raw in fork.notes)
    for revoked in told.revoked:
        words_of = {"node": revoked.node, "serial": revoked.serial, "origin": revoked.origin}
        yield HOLDS["revoked"][language].format(**words_of, size=revoked.size)
    yield from _of_erasures(told, language)
    yield from _of_orphans(told, language)
    for cited in told.seen.false:
        yield HOLDS["false"][language].format(place=told.listing.place(cited.node, cited.index))
    yield HOLDS["judged" if is_judged else "not_judged"][language]
    yield from LIMITS[language]


def _of_erasures(told: Told, language: Language) -> Iterator[str]:
    for order in told.erasures:
        words = {"place": order.place, "node": order.node, "count": len(order.said.parts)}
        ground = GROUNDS[order.said.ground.value][language]
        yield HOLDS["ordered"][language].format(**words, ground=ground)
        for answer in order.answers:
            said = "erased" if answer.says == "erased" else "refused"
            of = {"place": answer.place, "node": answer.node, "order": order.place}
            yield HOLDS[said][language].format(**of, ground=GROUNDS.get(answer.says, {}).get(language))
    if told.erasures:
        yield HOLDS["gone"][language]


def _of_orphans(told: Told, language: Language) -> Iterator[str]:
    for each in told.orphans:
        log = each.log
        words = {"node": log.node, "origin": log.origin, "count": log.size, "size": log.base}
        said = "after" if each.is_listed else "aside"
        yield HOLDS[said][language].format(**words, time=moment(each.head.time))
    if told.orphans:
        yield HOLDS["orphans"][language]


def _of_log(told: Told, logged: Logged, language: Language) -> Iterator[str]:
    log, listing = logged.log, told.listing
    other = listing.other(log.node)
    if log is not listing.lines[log.node][-1]:
        yield HOLDS["sealed"][language].format(other=other, origin=log.origin, size=log.size)
        return
    if logged.signed_at is None or logged.received_at is None:
        if not listing.size(log.node):
            yield HOLDS["nothing"][language].format(node=log.node)
        return
    place = listing.place(log.node, listing.size(log.node) - 1)
    words = {"node": log.node, "other": other, "channel": listing.channel, "place": place}
    yield HOLDS["signed"][language].format(**words, time=moment(logged.signed_at))
    yield HOLDS["held"][language].format(**words, time=moment(logged.received_at))

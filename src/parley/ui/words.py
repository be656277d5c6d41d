"""The codes of the record in the reader's language, and instants as everybody reads them.

English and Chinese stand side by side, so that a code has its own word in each place where it
stands; they are those of GLOSSARY.md. A code that is not here is shown as it is written.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, TypeAlias

from django.utils.translation import get_language

from parley.ui import kindwords

Labels: TypeAlias = Mapping[str, tuple[str, str]]

STATES: Final[Labels] = {
    "sent": ("sent", "已发出"),
    "acknowledged": ("acknowledged", "已确认收到"),
    "admitted": ("admitted", "已受理"),
    "in_execution": ("in execution", "执行中"),
    "returned": ("returned", "退回待补充"),
    "conditioned": ("on conditions", "待请求方接受条件"),
    "postponed": ("postponed", "推迟办理"),
    "referred": ("referred", "已转交"),
    "partly_answered": ("partly answered", "部分答复"),
    "answered": ("answered", "答复完毕"),
    "refused": ("refused", "已拒绝"),
    "withdrawn": ("withdrawn", "已撤回"),
}
WANTS: Final[Labels] = {
    "confirm": ("confirm", "核实"),
    "mitigate": ("mitigate", "处置"),
    "preserve": ("preserve", "保全"),
    "operator": ("operator", "查明运营者"),
    "siblings": ("siblings", "查找同源网站"),
    "victims": ("victims", "查找其他受害人"),
    "information": ("information", "提供信息"),
    "subscriber": ("subscriber", "用户注册信息"),
    "stop_payment": ("stop payment", "止付"),
}
CLOCKS: Final[Labels] = {
    "acknowledge": ("acknowledge", "确认收到时限"),
    "admit": ("admit", "受理时限"),
    "mitigate": ("mitigate", "处置时限"),
    "preserve": ("preserve", "保全时限"),
    "evidence": ("evidence", "实质答复时限"),
    "subscriber": ("subscriber", "用户注册信息时限"),
    "stop_payment": ("stop payment", "止付时限"),
    "status": ("status", "进展答复时限"),
}
PHASES: Final[Labels] = {
    "not_started": ("not started", "未起算"),
    "running": ("running", "计时中"),
    "paused": ("paused", "已暂停计时"),
    "met": ("met", "按期"),
    "missed": ("missed", "超期"),
    "ended": ("ended", "已终止"),
}
# How fast an inquiry or a call is, in each side's own convention and not translated (screens D19). People say
# the code, so it always stands beside the word (`urgency`).
URGENCIES: Final[Labels] = {
    "U0": ("FLASH", "特提"),
    "U1": ("IMMEDIATE", "特急"),
    "U2": ("PRIORITY", "加急"),
    "U3": ("ROUTINE", "平急"),
}
# Whether a site answered when it was last looked at.
SITE_STATES: Final[Labels] = {
    "active": ("online", "可访问"),
    "down": ("down", "已下线"),
    "unknown": ("not known", "不明"),
}
FINDINGS: Final[Labels] = {
    "confirmed": ("confirmed", "已核实"),
    "mitigated": ("mitigated", "已处置"),
    "not_visible_from_here": ("not visible from here", "本地不可见"),
    "already_down": ("already down", "已下线"),
    "hosted_elsewhere": ("hosted elsewhere", "托管于他处"),
    "false_positive": ("false positive", "误报"),
    "duplicate_of": ("duplicate of", "与另一事项重复"),
    "preserved": ("preserved", "已保全"),
    "operator_information": ("operator information", "运营者信息"),
    "no_data": ("no data", "无数据"),
    "not_competent": ("not competent", "非主管范围"),
}
MEASURES: Final[Labels] = {
    "content_removed": ("content removed", "内容已删除"),
    "host_suspended": ("host suspended", "主机已停用"),
    "domain_suspended": ("domain suspended", "域名已停止解析"),
    "sinkholed": ("sinkholed", "域名已接管"),
    "blocked": ("blocked", "已封堵"),
    "provider_notified": ("provider notified", "已通知服务提供者"),
    "payment_stopped": ("payment stopped", "款项已止付"),
}
GROUNDS: Final[Labels] = {
    "G01": ("sovereignty", "主权"),
    "G02": ("security", "安全"),
    "G03": ("public order, public interest", "公共秩序、社会公共利益"),
    "G04": ("other essential interests, no further reason", "其他根本利益（不作进一步说明）"),
    "G05": ("political offence", "政治犯罪"),
    "G06": ("purely military offence", "纯属军事犯罪"),
    "G07": ("discriminatory purpose", "歧视性目的"),
    "G08": ("no dual criminality", "不构成双重犯罪"),
    "G09": ("own proceedings or final judgment", "本国正在办理或已有生效裁判"),
    "G10": ("time-barred", "已过追诉时效"),
    "G11": ("no substantial link between item and case", "缺乏实质性联系"),
    "G12": ("form or content insufficient after supplement", "形式或内容不符合要求"),
    "G13": ("outside the agreed items of cooperation", "超出合作事项范围"),
    "G14": ("not competent, or the wrong channel", "非主管范围或须走司法协助渠道"),
    "G15": ("measure not available in own law", "本国法律不允许的措施"),
    "G16": ("disproportionate burden, trivial case", "负担过重、案情轻微"),
    "G17": ("immunity, privilege, freedom of the press", "豁免、特权、新闻自由"),
    "G18": ("fundamental rights, protection of personal data", "基本权利、个人信息保护"),
    "G19": ("confidentiality cannot be kept", "无法保密"),
    "G20": ("data do not exist, or are no longer kept", "数据不存在或已逾留存期"),
    "G21": ("condition not accepted", "条件未被接受"),
    "P01": ("would prejudice own investigation or proceedings", "影响正在进行的侦查、起诉、审判"),
    "P02": ("source or operation at risk", "影响在侦行动"),
    "P03": ("link or function suspended", "链路中止"),
}
CODES: Final[Labels] = {
    "working": ("working", "办理中"),
    "with_authority": ("with the authority", "已交主管机关"),
    "awaiting_provider": ("awaiting the provider", "等待服务提供者"),
    "awaiting_court": ("awaiting the court", "等待法院"),
    "holding": ("holding reply: a full answer follows", "先行答复"),
    "other_authority": ("to another authority", "其他机关"),
    "legal_assistance": ("to legal assistance", "司法协助渠道"),
    "third_state": ("to a third state", "第三国"),
    "intelligence_only": ("intelligence only", "仅供情报使用"),
    "this_case_only": ("this case only", "仅限本案"),
    "no_third_party": ("no third party", "不得提供第三方"),
    "no_publication": ("no publication", "不得公开"),
    "confidential": ("confidential", "保密使用"),
    "delete_after_use": ("delete after use", "用后销毁"),
    "report_outcome": ("report the outcome", "通报结果"),
    "missing": ("missing", "缺失"),
    "unclear": ("unclear", "不清楚"),
    "contradictory": ("contradictory", "相互矛盾"),
    "not_reproducible": ("not reproducible", "无法复现"),
    "no_time_zone": ("no time zone", "未注明时区"),
    "volume": ("volume", "数量大"),
    "provider_slow": ("the provider is slow", "服务提供者答复慢"),
    "court_needed": ("a court is needed", "须经法院"),
    "technical": ("technical", "技术原因"),
    "staff": ("staff", "人手不足"),
    "solved": ("solved", "已解决"),
    "sent_in_error": ("sent in error", "误发"),
    "false_positive": ("false positive", "误报"),
    "no_longer_needed": ("no longer needed", "不再需要"),
    "under_investigation": ("under investigation", "侦查中"),
    "prosecuted": ("prosecuted", "已起诉"),
    "convicted": ("convicted", "已定罪"),
    "acquitted": ("acquitted", "宣告无罪"),
    "closed": ("case closed", "已终结"),
    "facts": ("facts", "事实"),
    "time": ("time", "时间"),
    "completeness": ("completeness", "完整性"),
    "ground": ("ground", "理由依据"),
    "handling": ("handling", "使用限制"),
}
FIELDS: Final[Labels] = {
    "title": ("title", "标题"),
    "purpose": ("purpose", "请求目的"),
    "facts": ("facts", "案情概要"),
    "legal_basis": ("legal basis", "法律依据"),
    "urgency_reason": ("reason for the urgency", "紧急理由"),
    "url": ("web address", "网址"),
    "observed_at": ("when it was seen", "发现时间"),
    "target_brand": ("impersonated institution", "被仿冒机构"),
    "subject": ("subject", "对象"),
    "questions": ("questions", "查询内容"),
}
COOPERATION: Final[Labels] = {
    "child_abuse_material": ("child abuse material", "儿童性侵害制品"),
    "terrorist_use": ("terrorist use", "滥用技术实施恐怖活动"),
    "fraud_phishing": ("fraud and phishing", "网络诈骗与仿冒"),
    "firearms_trafficking": ("firearms trafficking", "网络贩枪"),
    "trade_secrets": ("theft of trade secrets", "窃取商业秘密"),
}
KINDS: Final[Labels] = kindwords.KINDS
SUSPENSION_REASONS: Final[Labels] = {
    "policy": ("policy", "政策原因"),
    "breach_of_terms": ("breach of the terms", "违反约定"),
    "security_incident": ("security incident", "安全事件"),
    "own_law": ("own law", "本方法律规定"),
    "maintenance": ("maintenance", "维护"),
}
STAYS_OPEN: Final[Labels] = {
    "preservation": ("preservation of data", "数据保全"),
    "safety_of_life": ("safety of life", "人身安全"),
    "hotline": ("hotline", "热线"),
}
ERASURE_GROUNDS: Final[Labels] = {
    "retention": ("retention period is over", "保存期届满"),
    "purpose_met": ("purpose is met", "目的已达成"),
    "mistaken": ("sent by mistake", "误发"),
    "court_order": ("court order", "法院裁定"),
    "agreed": ("agreed", "双方商定"),
}
ERASURE_OBJECTIONS: Final[Labels] = {
    "legal_hold": ("legal hold", "依法留存"),
    "proceedings": ("needed in proceedings", "办案需要"),
    "own_law": ("own law", "本方法律规定"),
    "not_agreed": ("not agreed", "不同意"),
}
DEEDS: Final[Labels] = {
    "record.erased": ("destroy what was asked", "按要求销毁"),
    "record.erasure_refused": ("refuse to destroy it", "拒绝销毁"),
    "link.head_confirmed": ("confirm the newest head of ours", "确认本方最新日志头"),
    "link.ended_alone": ("end our log without them", "单方结束本方日志"),
    "link.rotated": ("change the keys of this node", "更换本节点密钥"),
    "link.revoked": ("revoke keys of this node", "吊销本节点密钥"),
}
VOIDS: Final[Labels] = {
    "grammar": ("the entry is not in its form", "条目格式不符"),
    "oversize": ("too large", "超出大小限制"),
    "duplicate-act": ("the same act was written before", "该行为此前已写入"),
    "wrong-log": ("written into the wrong log", "写入了错误的日志"),
    "bad-json": ("not strict JSON", "不是严格的 JSON"),
    "schema": ("the fields do not fit the kind", "字段不符"),
    "not-active": ("the link is not open", "链路未开通"),
    "not-writer": ("this side may not say it", "该方无权作此声明"),
    "no-target": ("what it answers is not there", "所指声明不存在"),
    "wrong-state": ("the state does not allow it", "当前状态不允许"),
    "suspended": ("what it is about is suspended", "所涉往来已中止"),
    "threshold": ("too few persons signed", "签署人数不足"),
}


def is_chinese() -> bool:
    """Return whether Chinese is spoken."""
    return (get_language() or "en").startswith("zh")


FILES: Final[Labels] = {
    "here": ("here", "已在本节点"),
    "coming": ("on its way", "传输中"),
    "refused": ("did not open; their node was told", "无法解密，已告知对方节点"),
    "lost": ("its key is gone", "密钥已不存在"),
    "missing": ("missing from the disk", "磁盘上缺失"),
}
"""Where a file is, seen from this node; what their node said of it is another matter."""
ROLES: Final[Labels] = {
    "officer": ("officer", "办理人员"),
    "viewer": ("viewer", "查看人员"),
    "node": ("node", "节点"),
}

SCORES: Final[Labels] = {
    "timely": ("timely", "及时"),
    "complete": ("complete", "完整"),
    "usable": ("usable", "可用"),
    "understandable": ("understandable", "易懂"),
}

LANES: Final[Labels] = {
    "main": ("main", "主通道"),
    "hot": ("hot", "紧急通道"),
    "bulk": ("bulk", "批量通道"),
}

# What was odd on a link. None of these accuses anybody but the fork, which is a proof.
ALARMS: Final[Labels] = {
    "fork": ("two histories under one signature", "同一签名下出现两份互不一致的日志"),
    "not_extended": ("their log was not extended", "对方日志未能接续"),
    "bad_head": ("a head that does not prove", "日志头未通过验证"),
    "bad_receipt": ("a receipt that does not prove", "回执未通过验证"),
    "invented_receipt": ("a receipt for what was never sent", "回执所指内容从未发出"),
    "invented_have": ("they claim more of ours than there is", "对方声称持有的本方条目多于实有"),
    "unknown_log": ("a log that is not of this link", "不属于本链路的日志"),
    "incomplete": ("parts did not come along", "内容未随附"),
    "ahead_of_clock": ("their clock is ahead of ours", "对方时钟快于本方"),
    "clock_behind": (
        "our clock is more than a day behind what it said before",
        "本方时钟比此前所记时间慢一天以上",
    ),
    "false_seen": ("they cite what we never said", "对方引用了本方从未说过的内容"),
    "bad_recovery": ("a request to recover that does not hold", "取回请求无效"),
    "key_used_elsewhere": ("more was signed with our key than is here", "本方密钥在别处签过更多内容"),
    "returned_less": ("they returned less than they once signed for", "对方返还的内容少于其曾签收的内容"),
    "receipted_lost": ("what was signed for is lost", "已签收的内容丢失"),
    "unproven_seen": ("they cite what is not here", "对方引用了此处没有的内容"),
    "bad_card": ("a card that was not taken up", "密钥卡未被采用"),
    "unpromised_card": (
        "new keys that the card before had not promised: compare the digits again",
        "新密钥与此前密钥卡的预告不符：请重新核对数字",
    ),
}


def label(code: str, labels: Labels) -> str:
    """Return the word for `code`, or the code where there is none."""
    return labels.get(code, (code, code))[is_chinese()]


def urgency(code: str) -> str:
    """Return how urgent something is, with the code that people say: ``U1 IMMEDIATE``."""
    word = URGENCIES.get(code)
    return code if word is None else f"{code} {word[is_chinese()]}"


def labelled(codes: Iterable[str], labels: Labels) -> str:
    """Return the words for several codes, with commas between them."""
    return listed(label(code, labels) for code in codes)


def listed(parts: Iterable[str]) -> str:
    """Return several things of one kind, with the comma of the language between them."""
    return ("、" if is_chinese() else ", ").join(parts)


def clauses(parts: Iterable[str]) -> str:
    """Return several statements in one line."""
    return ("；" if is_chinese() else "; ").join(parts)


def said_of(what: str, said: str) -> str:
    """Return `what`, and after a colon what is said of it."""
    return f"{what}：{said}" if is_chinese() else f"{what}: {said}"


def aside(text: str) -> str:
    """Return `text` in brackets, to follow what it explains."""
    return f"（{text}）" if is_chinese() else f" ({text})"


def instant(seconds: int | None) -> str:
    """Return an instant in UTC, such as ``2026-10-07 21:00Z``; a dash where there is none.

    The year stands first and the zone at the end in every language, so nobody can misread it.
    """
    if seconds is None:
        return "–"
    try:
        moment = datetime.fromtimestamp(seconds, tz=UTC)
    except (OverflowError, ValueError, OSError):
        # The other side may write any number; it is shown as it is.
        return str(seconds)
    return moment.strftime("%Y-%m-%d %H:%MZ")

"""The words of the codes that a guideline shows, in both languages: part of what is signed.

A code without words here is shown as it is. They are the words of the glossary. Source: Spec §16.4.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final


class Language(Enum):
    """The two languages of a guideline, equally authentic."""

    EN = "en"
    ZH = "zh"


Words = Mapping[str, tuple[str, str]]

WORDS: Final[Words] = {
    # Items of cooperation.
    "child_abuse_material": ("child abuse material", "儿童性侵害制品"),
    "terrorist_use": ("terrorist use", "滥用技术实施恐怖活动"),
    "fraud_phishing": ("fraud and phishing", "网络诈骗与仿冒"),
    "firearms_trafficking": ("firearms trafficking", "网络贩枪"),
    "trade_secrets": ("theft of trade secrets", "窃取商业秘密"),
    # What an inquiry says.
    "information": ("information about a subject", "信息查询"),
    "phishing_site": ("phishing site", "仿冒网站"),
    "purpose": ("purpose", "请求目的"),
    "facts": ("facts", "案情概要"),
    "legal_basis": ("legal basis", "法律依据"),
    "subject": ("subject", "对象"),
    "questions": ("questions", "查询内容"),
    "url": ("web address", "网址"),
    "observed_at": ("when it was seen", "发现时间"),
    "target_brand": ("impersonated institution", "被仿冒机构"),
    # Urgency, and what a suspension leaves open.
    "U0": ("U0 FLASH", "U0 特提"),
    "U1": ("U1 IMMEDIATE", "U1 特急"),
    "U2": ("U2 PRIORITY", "U2 加急"),
    "U3": ("U3 ROUTINE", "U3 平急"),
    "preservation": ("preservation of data", "数据保全"),
    "safety_of_life": ("safety of life", "人身安全"),
    "hotline": ("hotline", "热线"),
    # Clocks.
    "acknowledge": ("acknowledge", "确认收到时限"),
    "admit": ("admit", "受理时限"),
    "preserve": ("preserve", "保全时限"),
    "mitigate": ("mitigate", "处置时限"),
    "stop_payment": ("stop payment", "止付时限"),
    "subscriber": ("subscriber", "用户注册信息时限"),
    "evidence": ("evidence", "实质答复时限"),
    "status": ("status", "进展答复时限"),
    # The hotline.
    "threat_to_life": ("threat to life", "威胁人身安全"),
    "critical_infrastructure": ("critical infrastructure", "关键基础设施"),
    "attack_in_progress": ("attack in progress", "正在发生的攻击"),
    "large_loss": ("large loss", "重大损失"),
    "evidence_at_risk": ("evidence at risk", "证据可能灭失"),
    "misunderstanding": ("danger of a misunderstanding", "可能造成误解"),
    "public_attention": ("public attention", "引起公众关注"),
    "quick_contact": ("quick contact", "迅速联络"),
    "no_misunderstanding": ("no misunderstanding", "避免误解"),
    "no_escalation": ("no escalation", "避免事态升级"),
    "joint_response": ("joint response", "共同应对"),
    "original_holds": ("the original holds", "以原文为准"),
    "receiver_translates": ("the receiver translates", "由接收方翻译"),
    "next_word_promised": ("the next word is promised", "约定下次答复时间"),
    "joint_minute": ("a voice call has a joint minute", "语音通话形成共同纪要"),
    "both_close": ("both close a call", "双方共同结束通话"),
    "testers_alternate": ("tests are begun in turn", "轮流发起测试"),
    "read_back": ("read back", "复诵"),
    "word": ("an answer", "答复"),
    "next_word": ("a promised next word", "约定的下次答复"),
    "duty_desk": ("duty desk", "值班台"),
    "duty_phone": ("duty phone", "值班电话"),
    "second_officer": ("second officer", "副班值班员"),
    "director": ("director", "司局负责人"),
    "desk": ("duty desk", "值班台"),
    "vice_minister": ("vice-minister", "副部长"),
    "minister": ("minister", "部长"),
    "always": ("always", "全天候"),
    "office": ("office hours", "办公时间"),
    "machine": ("of the nodes", "节点自动测试"),
    "human": ("with a person", "人工测试"),
    "ladder": ("of the whole ladder", "逐级呼叫测试"),
    "principals": ("with the principals", "双方主管领导测试"),
    # Persons who sign.
    "head": ("head", "负责人"),
    "principal": ("principal", "主管领导"),
    # The keys that stand before a value where a placeholder shows several.
    "level": ("level", "级别"),
    "after": ("minutes of silence", "无人应答分钟数"),
    "offsets": ("clock", "时区"),
    "weeks": ("office hours", "办公时间"),
    "closed": ("no working days", "非工作日"),
    "made_up": ("working days in their place", "补班日"),
    "law": ("law", "法律"),
    "definition": ("offence", "罪名"),
    "penalty": ("penalty", "刑罚"),
    "dual": ("dual criminality", "双重犯罪"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "needs_facts": ("depends on the facts", "视案情而定"),
}
WEEK: Final = (
    ("Monday", "星期一"),
    ("Tuesday", "星期二"),
    ("Wednesday", "星期三"),
    ("Thursday", "星期四"),
    ("Friday", "星期五"),
    ("Saturday", "星期六"),
    ("Sunday", "星期日"),
)
# By the letter in which a limit ends: for one, for several, in Chinese.
UNITS: Final[Mapping[str, tuple[str, str, str]]] = {
    "m": ("minute", "minutes", "分钟"),
    "h": ("hour", "hours", "小时"),
    "d": ("calendar day", "calendar days", "个日历日"),
    "wd": ("working day", "working days", "个工作日"),
}


def pick(words: tuple[str, str], language: Language) -> str:
    """Return the word in `language`."""
    return words[0] if language is Language.EN else words[1]


def word(code: str, language: Language) -> str:
    """Return the words of a code, or the code itself where it has none."""
    words = WORDS.get(code)
    return code if words is None else pick(words, language)

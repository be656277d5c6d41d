"""The codes of the dialogue in the reader's language. Source: Spec §17.

English and Chinese stand side by side, as in `words.py`, and are those of GLOSSARY.md.
"""

from typing import Final

from parley.ui.words import Labels

COMMITMENT_STATES: Final[Labels] = {
    "proposed": ("proposed", "已提议"),
    "declined": ("declined", "未同意"),
    "withdrawn": ("withdrawn", "已撤回"),
    "in_force": ("in force", "已生效"),
    "fulfilled": ("fulfilled, by the word of both", "双方确认已履行"),
    "dropped": ("dropped by both", "双方同意不再执行"),
}
ROUND_STATES: Final[Labels] = {
    "proposed": ("proposed", "已提议"),
    "declined": ("declined", "未同意"),
    "withdrawn": ("withdrawn", "已撤回"),
    "agreed": ("agreed", "已商定"),
    "closed": ("closed by both", "双方已结束"),
}
OUTCOME_STATES: Final[Labels] = {
    "drafted": ("being drafted", "商谈中"),
    "half_frozen": ("frozen by one side", "一方已锁定"),
    "frozen": ("frozen by both", "双方已锁定"),
    "half_released": ("released by one side", "一方已发布"),
    "released": ("released by both", "双方已发布"),
}
OFFER_STATES: Final[Labels] = {
    "open": ("waits for an answer", "待答复"),
    "declined": ("declined", "未同意"),
    "agreed": ("agreed by both", "已同意"),
    "withdrawn": ("withdrawn", "已撤回"),
    "replaced": ("another wording stands for it", "已有新表述代替"),
    "lapsed": ("can be answered no more", "已不能再答复"),
}
STANDINGS: Final[Labels] = {
    "under_way": ("under way", "履行中"),
    "hindered": ("hindered", "履行受阻"),
    "fulfilled": ("fulfilled", "已履行"),
}
REPORT_WORDS: Final[Labels] = {
    "none": ("no word on it yet", "对方尚未表态"),
    "confirmed": ("confirmed", "对方已确认"),
    "disputed": ("disputed", "对方有异议"),
}
CONCERN_STATES: Final[Labels] = {
    "raised": ("raised", "已提出"),
    "answered": ("answered", "已答复"),
    "settled": ("settled", "已解决"),
}
ROLES: Final[Labels] = {
    "minister": ("minister", "部长"),
    "vice_minister": ("vice-minister", "副部长"),
    "director": ("director", "司局负责人"),
    "police": ("police", "警务部门"),
    "prosecutor": ("prosecutor", "检察机关"),
    "justice": ("justice", "司法部门"),
    "foreign_affairs": ("foreign affairs", "外交部门"),
    "cert": ("CERT", "应急响应机构"),
    "expert": ("expert", "专家"),
    "interpreter": ("interpreter", "译员"),
}
"""Roles that delegations mostly name; any other code stands as it was written."""
SOURCES: Final[Labels] = {
    "review": ("review", "统计回顾"),
    "case": ("joint case", "联合案件"),
    "commitment": ("commitment", "承诺"),
    "concern": ("concern", "关切"),
    "hotline": ("use of the hotline", "热线使用情况"),
    "guideline": ("guideline", "指导原则"),
    "other": ("other", "其他"),
}
STANCES: Final[Labels] = {
    "view": ("view", "意见"),
    "position_paper": ("position paper", "立场文件"),
}
DUTIES: Final[Labels] = {
    "answer": ("to answer what was offered", "答复提议"),
    "perform": ("to do it, and report", "履行并通报"),
    "judge": ("to say whether the report is so", "对通报表态"),
    "answer_concern": ("to answer a concern", "答复关切"),
    "settle_concern": ("to say whether the answer is enough", "说明关切是否解决"),
    "freeze": ("to sign the outcome list", "签署成果清单"),
    "release": ("to release at the agreed time", "按约定时间发布"),
    "close": ("to close the round", "结束本轮对话"),
}
STEPS: Final[Labels] = {
    "statistics": ("Statistics frozen", "统计结果锁定"),
    "texts": ("Texts clean", "文本定稿"),
    "list": ("Outcome list frozen", "成果清单锁定"),
    "delegation": ("Delegations", "代表团组成"),
    "release": ("Release", "发布安排"),
}

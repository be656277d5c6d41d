"""The names of what stands in a letter on paper, in both languages, since both stand on it beside each other.

A letter is printed the same whoever prints it; so its words are no matter of the reader's language. Those of
codes are in `words.py`.
"""

from typing import Final

from parley.ui.words import Labels

NAMES: Final[Labels] = {
    "asker": ("Asking side", "请求方"),
    "asked": ("Asked side", "被请求方"),
    "authority": ("Asking authority", "请求机关"),
    "number": ("Number of the asking side", "请求方文号"),
    "their_number": ("Number of the asked side", "被请求方文号"),
    "case": ("Case", "案件编号"),
    "batch": ("Batch", "批次"),
    "sent": ("Sent", "发出时间"),
    "item": ("Agreed item", "合作事项"),
    "urgency": ("Urgency", "紧急程度"),
    "urgency_reason": ("Reason for the urgency", "紧急理由"),
    "title": ("Subject", "事由"),
    "purpose": ("Purpose", "请求目的"),
    "facts": ("Facts", "案情概要"),
    "legal_basis": ("Legal basis", "法律依据"),
    "wants": ("Asked for", "请求事项"),
    "handling": ("Handling", "使用限制"),
    "supplied": ("Supplied later", "补充内容"),
    "reply": ("Said", "答复声明"),
    "words": ("In words", "文字说明"),
    "effect": ("Effect", "效力"),
    "open": ("What remains open", "未办结事项"),
}
HEADINGS: Final[Labels] = {
    "request": ("Inquiry", "协查请求"),
    "answer": ("Answer to inquiry", "对协查请求的答复"),
    "refusal": ("Refusal of inquiry", "对协查请求的拒绝"),
    "clocks": ("Clocks", "办理时限"),
    "annex": ("Annex: what is asked about", "附件：请求所涉对象"),
    "findings": ("Item by item", "逐项答复"),
    "signature": ("Signature", "签署"),
    "proof": ("What proves it", "证明依据"),
}
COLUMNS: Final[Labels] = {
    "original": ("original", "原文"),
    "n": ("No.", "序号"),
    "about": ("About", "对象"),
    "poses": ("Poses as, or kind", "仿冒对象或类别"),
    "seen": ("Seen", "发现时间"),
    "asked": ("Asked for", "请求事项"),
    "clock": ("Clock", "时限"),
    "items": ("Items", "涉及项"),
    "all": ("all", "全部"),
    "limit": ("Limit, and by whose calendar", "期限及所依日历"),
    "due": ("Due", "截止时间"),
    "state": ("State", "状态"),
    "place": ("Place", "位置"),
    "said": ("Said", "声明内容"),
    "id": ("Id of the statement", "声明标识"),
    "at": ("At", "时间"),
    "hand": ("Signature", "签字"),
    "name": ("Name and office", "姓名、职务"),
    "day": ("Place and day", "地点、日期"),
}
SENTENCES: Final[Labels] = {
    "other": (
        "in Chinese only: the record holds no translation",
        "仅有英文原文，记录中无译文",
    ),
    "foreign": (
        "in %(language)s only: the record holds no translation",
        "仅有 %(language)s 原文，记录中无译文",
    ),
    "numbers": ("items %(items)s", "第 %(items)s 项"),
    "calendar": ("%(limit)s of the calendar of %(side)s", "%(limit)s，按%(side)s日历计算"),
    "nothing_open": ("Nothing remains open.", "无未办结事项。"),
    "signed": (
        "Said for %(side)s by %(role)s %(number)d, %(at)s, as %(place)s of the record, sealed by its node.",
        "由%(side)s%(role)s %(number)d 于 %(at)s 作出，载于记录 %(place)s，并由其节点封装签署。",
    ),
    "prevails": (
        "The machine record prevails over this print.",
        "本打印件与机器记录不一致的，以机器记录为准。",
    ),
    "proves": (
        "A copy for reading, which proves nothing by itself: parley record export writes what proves it.",
        "本件仅供阅读，本身不具证明作用；可用 parley record export 导出证明依据。",
    ),
    "times": (
        "All times are UTC, by the clock of the side that spoke. Addresses are made harmless.",
        "所有时间均为 UTC，以作出声明一方的时钟为准。网址已作无害化处理。",
    ),
    "world": ("WORLD: %(world)s, not the real thing", "环境：%(world)s，并非真实往来"),
}

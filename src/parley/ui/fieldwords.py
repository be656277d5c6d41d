"""What people call the fields of a guideline, by the keys of its terms, in both languages.

What stands in a field is shown by the protocol, with words that are part of what is signed
(`protocol/guidelines/words.py`); these here only name the place where it stands.
"""

from typing import Final

from parley.ui.words import Labels

FIELDS: Final[Labels] = {
    "since": ("in force from", "生效时间"),
    "parties": ("the sides", "双方"),
    "world": ("world", "环境"),
    "items": ("items of cooperation", "合作事项"),
    "required": ("what an inquiry says", "协查请求的必备内容"),
    "clocks": ("time limits", "时限"),
    "lapse": ("closed by lapse of time", "期满自动结案"),
    "calendars": ("office time", "办公时间"),
    "persons": ("how many persons sign", "签署人数"),
    "roles": ("who may sign", "可签署的角色"),
    "kinds": ("statements", "声明种类"),
    "open_while_suspended": ("what stays open while suspended", "中止期间仍开放的事项"),
    "offences": ("offences", "罪名对照"),
    "limits": ("time limits", "时限"),
    "close": ("a call closed by one side", "单方结束的通话"),
    "scope": ("what it is for", "使用范围"),
    "goals": ("goals", "目标"),
    "procedures": ("how calls are held", "通话规程"),
    "levels": ("levels", "通话级别"),
    "hours": ("there to talk", "可以通话的时间"),
    "ladder": ("ladder", "逐级呼叫表"),
    "repeat": ("rung again, in minutes", "重复呼叫的间隔（分钟）"),
    "tests": ("line tests, in days", "线路测试的间隔（天）"),
    "texts": ("texts of line tests", "线路测试文本"),
    "watch_shown": ("watch shown to the other side", "向对方表明值守情况"),
    "machine": ("of the nodes", "节点自动测试"),
    "A": ("side A", "甲方（A）"),
    "B": ("side B", "乙方（B）"),
}

"""The codes of line tests and of the directory in the reader's language.

English and Chinese stand side by side, as in `words.py`, and are those of GLOSSARY.md. Source: Spec §13.
"""

from typing import Final

from parley.ui.words import Labels

TESTS: Final[Labels] = {
    "machine": ("machine test", "节点自动测试"),
    "human": ("human test", "人工测试"),
    "ladder": ("ladder test", "逐级呼叫测试"),
    "principals": ("principals' test", "主管领导测试"),
}
RESULTS: Final[Labels] = {
    "open": ("open", "未到期"),
    "ok": ("in time", "按时"),
    "late": ("late", "逾时"),
    "failed": ("no answer", "无应答"),
    "not_held": ("not held", "未进行"),
}
CLUES: Final[Labels] = {
    "not_reached": ("the test did not reach the other node", "测试未到达对方节点"),
    "machine_failed": ("the machine test failed at that time too", "同期节点自动测试也未成功"),
    "reached": ("the test reached the other node", "测试已到达对方节点"),
    "taken": ("a person took the call", "有人员接听"),
    "machine_ok": ("the machine test went well at that time", "同期节点自动测试正常"),
}
WAYS: Final[Labels] = {
    "phone": ("telephone", "电话"),
    "sms": ("text message", "短信"),
    "email": ("e-mail", "电子邮件"),
    "fax": ("fax", "传真"),
    "video": ("video", "视频"),
    "other": ("other", "其他"),
}
HOURS: Final[Labels] = {
    "always": ("round the clock", "全天候"),
    "office": ("in office hours", "办公时间"),
}
LANGUAGES: Final[Labels] = {"en": ("English", "英文"), "zh": ("Chinese", "中文")}

"""What is waited for in the rooms beside inquiries and calls, in the reader's language.

English and Chinese stand side by side, as in `words.py`, and are those of GLOSSARY.md. What a room itself
says of who owes which word is said with the room's own words.
"""

from collections.abc import Mapping
from typing import Final

from parley.ui import casewords, dialoguewords, sharewords
from parley.ui.words import Labels

_GUIDELINES: Final[Labels] = {
    "answer": ("to sign, or to answer with another text", "签署，或提出修改文本"),
    "sign": ("to sign: they have signed", "待签署：对方已签署"),
    "in_force": ("comes into force", "生效"),
}
_REVIEWS: Final[Labels] = {
    "agree_cut": ("to agree to the cut", "同意截取点"),
    "sign": ("to sign the figures", "签署统计结果"),
    "compare": ("figures signed are not the same: compare", "双方签署的统计结果不一致：待核对"),
}
_DATES: Final[Labels] = {
    "begins": ("the round begins", "对话开始"),
}
_STARTS: Final[Labels] = {
    "start": ("joint start of a task", "任务同步行动时间"),
}
WAITS: Final[Mapping[str, Labels]] = {
    "guideline": _GUIDELINES,
    "review": _REVIEWS,
    "sharing": sharewords.OWINGS,
    "case": {**casewords.OWINGS, **_STARTS},
    "commitment": dialoguewords.DUTIES,
    "round": {**dialoguewords.DUTIES, **_DATES},
}
"""By the room, what is waited for."""

"""The codes of joint cases and of findings in the reader's language.

English and Chinese stand side by side, as in `words.py`, and are those of GLOSSARY.md. Likelihood and
confidence have words of their own, and nothing here joins them into one phrase. Source: Spec §15.2.
"""

from typing import Final

from parley.ui.words import Labels

STATES: Final[Labels] = {
    "proposed": ("proposed", "已提议"),
    "declined": ("declined", "对方未参加"),
    "open": ("open", "办理中"),
    "half_closed": ("closed by one side", "一方已结束"),
    "closed": ("closed", "已结束"),
}
DECLININGS: Final[Labels] = {
    "not_competent": ("not competent", "无管辖权"),
    "own_law": ("own law", "本方法律规定"),
    "own_proceedings": ("own proceedings", "本方另案办理"),
    "no_interest": ("no interest", "无意参加"),
}
ENDINGS: Final[Labels] = {
    "solved": ("solved", "已查明"),
    "prosecuted": ("prosecuted", "已起诉"),
    "no_result": ("no result", "未有结果"),
    "merged": ("merged into another", "并入他案"),
    "left": ("left", "退出办理"),
    "withdrawn": ("withdrawn", "撤回提议"),
}
SORTS: Final[Labels] = {"note": ("note", "案情"), "lead": ("lead", "线索")}
LINKED: Final[Labels] = {
    "inquiry": ("inquiry", "协查请求"),
    "call": ("call", "通话"),
    "sharing": ("information offered", "主动提供的信息"),
    "case": ("joint case", "联合办理案件"),
    "evidence": ("evidence", "证据"),
}
UNLINKINGS: Final[Labels] = {
    "mistaken": ("mistaken", "关联有误"),
    "forged": ("forged", "系伪造"),
    "inadmissible": ("inadmissible", "不可采用"),
    "superseded": ("superseded", "已被取代"),
}
OWNERS: Final[Labels] = {
    "A": ("A", "甲国"),
    "B": ("B", "乙国"),
    "both": ("both, each its half", "双方各负其责"),
}
RESULTS: Final[Labels] = {
    "done": ("done", "已完成"),
    "partly": ("partly done", "部分完成"),
    "not_possible": ("not possible", "无法完成"),
}
TASKS: Final[Labels] = {
    "set": ("set, not agreed", "待同意"),
    "agreed": ("agreed", "双方同意"),
    "declined": ("declined", "未获同意"),
    "done": ("done", "已完成"),
}
RESPONSIBILITIES: Final[Labels] = {
    "undetermined": ("cannot be told yet", "尚无法判定"),
    "no_state": ("no state has a part in it", "非国家行为"),
    "state_prohibited": ("the state forbids it and helps to stop it", "国家禁止并协助制止"),
    "state_prohibited_but_inadequate": ("the state forbids it and cannot stop it", "国家禁止但无力制止"),
    "state_ignored": ("the state knows of it and does nothing", "国家知情而不作为"),
    "state_encouraged": ("the state encourages it", "国家鼓励"),
    "state_shaped": ("the state gives some support", "国家提供一定支持"),
    "state_coordinated": ("the state coordinates what others do", "国家协调他人实施"),
    "state_ordered": ("the state has others do it", "国家指使他人实施"),
    "state_rogue_conducted": ("some forces of the state do it without orders", "国家所属人员擅自实施"),
    "state_executed": ("forces of the state do it", "国家所属人员实施"),
    "state_integrated": ("forces of the state and others do it together", "国家所属人员与他人共同实施"),
}
LIKELIHOODS: Final[Labels] = {
    "almost_no_chance": ("almost no chance, 1–5 %", "几无可能，1–5 %"),
    "very_unlikely": ("very unlikely, 5–20 %", "极不可能，5–20 %"),
    "unlikely": ("unlikely, 20–45 %", "不太可能，20–45 %"),
    "even_chance": ("even chance, 45–55 %", "可能性各半，45–55 %"),
    "likely": ("likely, 55–80 %", "很可能，55–80 %"),
    "very_likely": ("very likely, 80–95 %", "极有可能，80–95 %"),
    "almost_certain": ("almost certain, 95–99 %", "几乎可以肯定，95–99 %"),
}
CONFIDENCES: Final[Labels] = {
    "low": ("low", "低"),
    "moderate": ("moderate", "中"),
    "high": ("high", "高"),
}
REASONS: Final[Labels] = {
    "new_evidence": ("new evidence", "有新证据"),
    "evidence_withdrawn": ("evidence withdrawn", "撤回证据"),
    "new_analysis": ("new analysis", "重新分析"),
    "other_side": ("what the other side said", "对方提出意见"),
    "error": ("error", "原有差错"),
}
POSITIONS: Final[Labels] = {
    "concurs": ("concurs", "同意"),
    "does_not_concur": ("does not concur", "不同意"),
    "no_position": ("takes no position", "不表明立场"),
}
STANDINGS: Final[Labels] = {
    "joint": ("both sides stand behind it", "共同结论"),
    "contested": ("its author alone; the other side does not concur", "一方结论，对方不同意"),
    "no_position": ("its author alone; the other side takes no position", "一方结论，对方不表明立场"),
    "unanswered": ("its author alone; the other side has not answered", "一方结论，对方尚未答复"),
}
SPEECHES: Final[Labels] = {
    "jointly": ("both together", "双方可共同公开"),
    "author": ("its author alone, as its own finding", "仅作出方可作为本方结论公开"),
    "nobody": ("nobody", "不得公开"),
}
OWINGS: Final[Labels] = {
    "join": ("whether to join", "是否参加"),
    "close": ("whether it is over", "是否结束"),
    "agree": ("whether to agree to a task", "是否同意任务"),
    "do": ("a task to be done", "任务待完成"),
    "answer": ("a position on a finding", "对结论待表明立场"),
}

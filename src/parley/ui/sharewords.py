"""The codes of spontaneous information in the reader's language.

English and Chinese stand side by side, as in `words.py`, and are those of GLOSSARY.md. Source: Spec §14.2.
"""

from typing import Final

from parley.ui.words import Labels

CLASSES: Final[Labels] = {
    "lead": ("lead", "线索"),
    "victims": ("victims", "受害人名单"),
    "warning": ("warning", "预警"),
    "indicators": ("indicators", "威胁指标"),
    "notice": ("notice for clean-up on own territory", "境内清理通报"),
}
THINGS: Final[Labels] = {
    "ip": ("IP addresses", "IP 地址"),
    "domain": ("domains", "域名"),
    "url": ("web addresses", "网址"),
    "email": ("e-mail addresses", "电子邮箱"),
    "account": ("accounts", "账号"),
    "wallet": ("wallets", "钱包地址"),
    "bank_account": ("bank accounts", "银行账户"),
    "phone": ("telephone numbers", "电话号码"),
    "hash": ("hashes of files", "文件哈希值"),
    "person": ("persons", "人员"),
    "company": ("companies", "单位"),
    "system": ("systems", "信息系统"),
    "sample": ("samples", "样本"),
    "report": ("reports", "报告"),
}
EXPECTS: Final[Labels] = {
    "nothing": ("nothing", "无需处理"),
    "consideration": ("consideration", "供参考处理"),
    "action_at_once": ("action at once", "请立即处理"),
}
STATES: Final[Labels] = {
    "offered": ("offered", "待接收方答复"),
    "countered": ("other conditions undertaken", "待提供方确认条件"),
    "accepted": ("accepted, not delivered yet", "已同意接收，待送达"),
    "delivered": ("delivered", "已送达"),
    "declined": ("declined; destroyed at the offerer", "已婉拒，提供方已销毁"),
    "withdrawn": ("withdrawn; nothing was sent", "已撤回，未曾送出"),
}
DECLININGS: Final[Labels] = {
    "conditions": ("the conditions", "条件不合"),
    "not_competent": ("not competent", "无管辖权"),
    "no_need": ("no need", "无需要"),
    "own_law": ("own law", "本方法律规定"),
}
WITHDRAWINGS: Final[Labels] = {
    "sent_in_error": ("sent in error", "误发"),
    "wrong": ("wrong", "内容有误"),
    "outdated": ("outdated", "已过时"),
    "source_at_risk": ("source at risk", "来源面临风险"),
}
RESULTS: Final[Labels] = {
    "used": ("used", "已使用"),
    "measures_taken": ("measures taken", "已采取措施"),
    "case_opened": ("case opened", "已立案"),
    "known_before": ("known before", "此前已知"),
    "not_useful": ("of no use", "无使用价值"),
    "wrong": ("wrong", "内容有误"),
}
SOURCES: Final[Labels] = {
    "A": ("no doubt about the source", "来源可靠无疑"),
    "B": ("source mostly reliable", "来源大多可靠"),
    "C": ("source mostly unreliable", "来源大多不可靠"),
    "X": ("source cannot be assessed", "来源无法评定"),
}
AUDIENCES: Final[Labels] = {
    "authority": ("the authority that has it", "收到信息的主管机关"),
    "side": ("other authorities of that side", "本方其他主管机关"),
    "affected": ("who is affected", "受影响单位和个人"),
    "providers": ("providers of services", "服务提供者"),
    "courts": ("courts", "法院"),
    "third_party": ("a third state", "第三国"),
    "public": ("the public", "社会公众"),
}
PASSINGS: Final[Labels] = {
    "free": ("may be passed on", "可以转交"),
    "permitted": ("permitted", "已获同意"),
    "ask": ("not without asking", "须先征求同意"),
    "refused": ("refused", "未获同意"),
}
OWINGS: Final[Labels] = {
    "answer": ("an answer to the offer", "待答复"),
    "confirm": ("whether to take other conditions", "待确认其他条件"),
    "deliver": ("the delivery", "待送达"),
    "evaluate": ("an evaluation", "待评定"),
    "result": ("what became of it", "待通报使用结果"),
    "permit": ("whether it may be passed on", "待答复可否转交"),
}
CLEANED: Final[Labels] = {
    "informed": ("informed", "已通知"),
    "cleaned": ("cleaned", "已清理"),
    "patched": ("patched", "已修补"),
    "not_found": ("not found", "未找到"),
}

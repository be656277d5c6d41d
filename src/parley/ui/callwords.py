"""The codes of a call in the reader's language: what is understood before anything is translated.

English and Chinese stand side by side, as in `words.py`, and are those of GLOSSARY.md. Source: Spec §12.
"""

from typing import Final

from parley.ui.words import Labels

NATURES: Final[Labels] = {
    "real": ("real", "实战"),
    "service": ("service", "线路事务"),
    "test": ("test", "测试"),
}
WHATS: Final[Labels] = {
    "intrusion": ("intrusion", "网络入侵"),
    "data_theft": ("theft of data", "窃取数据"),
    "service_attack": ("attack on a service", "攻击网络服务"),
    "ransomware": ("ransomware", "勒索软件"),
    "malware": ("malware", "恶意代码"),
    "account_takeover": ("account takeover", "账号被盗用"),
    "fraud": ("fraud", "网络诈骗"),
    "phishing": ("phishing", "网络仿冒"),
    "infrastructure_failure": ("failure of infrastructure", "基础设施故障"),
    "danger_to_life": ("danger to life", "危及人身安全"),
    "unexplained_activity": ("unexplained activity", "不明活动"),
    "inquiry_issue": ("issue in an inquiry", "协查中的问题"),
    "public_report": ("report in public", "公开报道"),
    "maintenance": ("maintenance", "维护"),
    "line_fault": ("fault of the line", "线路故障"),
    "contact_change": ("change of contacts", "联络方式变更"),
    "line_test": ("line test", "线路测试"),
}
SUBJECTS: Final[Labels] = {
    "ip": ("IP address", "IP 地址"),
    "domain": ("domain", "域名"),
    "url": ("web address", "网址"),
    "email": ("e-mail address", "电子邮箱"),
    "account": ("account", "账号"),
    "wallet": ("wallet", "钱包地址"),
    "bank_account": ("bank account", "银行账户"),
    "phone": ("telephone number", "电话号码"),
    "hash": ("hash of a file", "文件哈希值"),
    "person": ("person", "人员"),
    "company": ("company", "单位"),
    "system": ("system", "信息系统"),
    "none": ("none", "无"),
}
WHERES: Final[Labels] = {
    "A": ("in A", "甲国境内"),
    "B": ("in B", "乙国境内"),
    "both": ("in both", "双方境内"),
    "elsewhere": ("elsewhere", "第三地"),
    "unknown": ("not known", "不明"),
}
ASKS: Final[Labels] = {
    "stop_activity": ("stop the activity", "停止该活动"),
    "isolate_host": ("isolate the host", "隔离主机"),
    "block": ("block", "封堵"),
    "preserve": ("preserve", "保全"),
    "identify": ("identify who does it", "查明行为人"),
    "confirm_or_deny": ("confirm or deny", "证实或否认"),
    "restrain": ("restrain", "保持克制"),
    "answer_inquiry": ("answer the inquiry", "答复协查请求"),
    "voice_call": ("speak by voice", "语音通话"),
    "take_note": ("take note", "知悉"),
}
FIELDS: Final[Labels] = {
    "what": ("WHAT", "事由"),
    "object": ("OBJECT", "对象"),
    "where": ("WHERE", "地点"),
    "when": ("WHEN", "时间"),
    "ask": ("ASK", "请求事项"),
    "lines": ("lines of the minute", "纪要条文"),
}
SORTS: Final[Labels] = {
    "holding": ("holding reply", "临时答复"),
    "substantive": ("substantive reply", "实质答复"),
    "question": ("question", "询问"),
    "clarification": ("clarification", "澄清"),
    "denial": ("denial", "否认"),
    "notification": ("notification", "通报"),
    "restraint": ("request for restraint", "请求克制"),
    "proposal": ("proposal", "建议"),
    "joint_start": ("joint start", "协调共同开始时间"),
    "intended_statement": ("intended public statement", "拟公开声明"),
}
ENDINGS: Final[Labels] = {
    "answered": ("answered", "已通话"),
    "declined": ("declined", "婉拒"),
    "deferred": ("deferred", "推迟通话"),
    "call_back": ("will call back", "约定回电"),
    "not_reached": ("not reached", "未接通"),
    "technical_fault": ("technical fault", "技术故障"),
    "cancelled": ("cancelled", "已取消"),
}
CAUSES: Final[Labels] = {
    "line_fault": ("fault of the line", "线路故障"),
    "staffing": ("nobody on duty", "无人值守"),
    "policy": ("policy", "政策原因"),
    "suspended": ("suspended", "已中止"),
    "unknown": ("not known", "不明"),
}
STATES: Final[Labels] = {
    "opened": ("ringing, not taken", "呼叫中，无人接听"),
    "taken": ("taken", "已接听"),
    "read_back": ("read back", "已复诵"),
    "half_closed": ("closed by one side", "一方已结束"),
    "closed": ("closed by both", "双方已结束"),
}
LEVELS: Final[Labels] = {
    "desk": ("duty desk", "值班台"),
    "vice_minister": ("vice-minister", "副部长"),
    "minister": ("minister", "部长"),
}
RUNGS: Final[Labels] = {
    "duty_desk": ("duty desk", "值班台"),
    "duty_phone": ("duty phone", "值班电话"),
    "second_officer": ("second officer", "副班值班员"),
    "director": ("director", "司局负责人"),
    "vice_minister": ("vice-minister's office", "副部长办公室"),
    "minister": ("minister's office", "部长办公室"),
}
CALLED_FOR: Final[Labels] = {
    "take": ("nobody has taken the call", "无人接听"),
    "read_back": ("nobody has read it back", "尚未复诵"),
    "word": ("the next word has not come", "未按时答复"),
    "own_rung": ("this office is called for", "点名呼叫该级别"),
}
LIMITS: Final[Labels] = {
    "read_back": ("reading back", "复诵时限"),
    "word": ("an answer", "答复时限"),
    "next_word": ("a promised next word", "约定答复的最长期限"),
}
HOURS: Final[Labels] = {
    "always": ("always", "全天候"),
    "office": ("office hours", "办公时间"),
}
TESTS: Final[Labels] = {
    "machine": ("of the nodes", "节点自动测试"),
    "human": ("with a person", "人工测试"),
    "ladder": ("of the whole ladder", "逐级呼叫测试"),
    "principals": ("with the principals", "双方主管领导测试"),
}
SCOPE: Final[Labels] = {
    "threat_to_life": ("threat to life", "威胁人身安全"),
    "critical_infrastructure": ("critical infrastructure", "关键基础设施"),
    "attack_in_progress": ("attack in progress", "正在发生的攻击"),
    "large_loss": ("large loss", "重大损失"),
    "evidence_at_risk": ("evidence at risk", "证据可能灭失"),
    "misunderstanding": ("danger of a misunderstanding", "可能造成误解"),
    "public_attention": ("public attention", "引起公众关注"),
}
GOALS: Final[Labels] = {
    "quick_contact": ("quick contact", "迅速联络"),
    "no_misunderstanding": ("no misunderstanding", "避免误解"),
    "no_escalation": ("no escalation", "避免事态升级"),
    "joint_response": ("joint response", "共同应对"),
}
PROCEDURES: Final[Labels] = {
    "original_holds": ("the original holds", "以原文为准"),
    "receiver_translates": ("the receiver translates", "由接收方翻译"),
    "read_back": ("what is said is read back", "逐项复诵"),
    "next_word_promised": ("the next word is promised", "约定下次答复时间"),
    "joint_minute": ("a voice call has a joint minute", "语音通话形成共同纪要"),
    "both_close": ("both close a call", "双方共同结束通话"),
    "testers_alternate": ("tests are begun in turn", "轮流发起测试"),
}

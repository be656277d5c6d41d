"""The codes of a table in the officers' words: what happened · what is still safe · what to do.

Plain text, English and Chinese side by side, so that a translator sees both and no page can
show a code alone. `parley.gates.table.translate` gives the codes and what goes into the
braces. Source: screens §14.
"""

from collections.abc import Mapping
from typing import Final

# A row: {row}, {text} (its cell, safe to show), {column}, {of} (another row), {fix} (options that mend it).
ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    "address_has_long_value": {
        "en": "Row {row}: {text} has a long random value that may name one person. The row is ready. "
        "To leave the value out: {fix}.",
        "zh": "第{row}行：{text} 含较长的随机值，可能指向某个人。该行可用。如需遮盖：{fix}。",
    },
    "address_masked": {
        "en": "Row {row}: what may name a person was taken out of {text}. The row is ready. "
        "Your file still has the whole address.",
        "zh": "第{row}行：{text} 中可能指向个人的内容已遮盖。该行可用。您的文件仍保留完整网址。",
    },
    "kept_as_note": {
        "en": 'Row {row}: "{text}" is not what the column "{column}" holds. The row is ready, and the text '
        "goes along as a note. Change the cell if it should be more.",
        "zh": "第{row}行：“{text}”不是“{column}”列应有的内容。"
        "该行可用，原文将作为备注一并发出。如需作为该列内容，请修改单元格。",
    },
    "taken_as_it_stands": {
        "en": "Row {row} is taken as it stands, as you chose. The row is ready. "
        "Take the option --keep away to undo this.",
        "zh": "第{row}行按您的选择原样采用。该行可用。去掉 --keep 即可撤销。",
    },
    "address_missing": {
        "en": "Row {row} has no web address. Nothing was sent. Write one, or delete the row.",
        "zh": "第{row}行没有网址。未发送任何内容。请填写网址或删除该行。",
    },
    "address_not_read": {
        "en": 'Row {row}: "{text}" is not one whole web address. Nothing was sent. '
        "Write it as in www[.]site[.]example/page, without blanks.",
        "zh": "第{row}行：“{text}”不是一个完整的网址。未发送任何内容。"
        "请按 www[.]site[.]example/page 填写，不留空格。",
    },
    "address_too_long": {
        "en": 'Row {row}: the address "{text}" has more than 4 KiB. Nothing was sent. '
        "Cut it behind what leads to the page.",
        "zh": "第{row}行：网址“{text}”超过 4 KiB。未发送任何内容。请只保留打开该页面所需的部分。",
    },
    "address_end_unsure": {
        "en": "Row {row}: it is not clear where {text} ends. Nothing was sent. "
        "Write the address in a line of its own; if it is right: {fix}.",
        "zh": "第{row}行：{text} 的结尾不明确。未发送任何内容。请将网址单列一行；如无误：{fix}。",
    },
    "address_has_user_name": {
        "en": "Row {row}: {text} holds a user name. Nothing was sent. Leave it out or keep it: {fix}.",
        "zh": "第{row}行：{text} 含用户名。未发送任何内容。请选择遮盖或保留：{fix}。",
    },
    "address_has_email": {
        "en": "Row {row}: {text} holds an e-mail address, perhaps a victim's. Nothing was sent. "
        "Leave it out or keep it: {fix}.",
        "zh": "第{row}行：{text} 含电子邮件地址，可能属于受害人。未发送任何内容。请选择遮盖或保留：{fix}。",
    },
    "scheme_not_taken": {
        "en": 'Row {row}: "{text}" is not a web address of the kind http, https or ftp. Nothing was sent. '
        "Write the address of the page.",
        "zh": "第{row}行：“{text}”不是 http、https 或 ftp 网址。未发送任何内容。请填写网页地址。",
    },
    "several_addresses": {
        "en": 'Row {row} holds several web addresses: "{text}". '
        "Nothing was sent. Give each a row of its own.",
        "zh": "第{row}行含多个网址：“{text}”。未发送任何内容。请每行只填一个网址。",
    },
    "brand_missing": {
        "en": "Row {row} does not say as whom the site poses. "
        "Nothing was sent. Write the institution: {fix}.",
        "zh": "第{row}行未注明被仿冒机构。未发送任何内容。请填写机构名称：{fix}。",
    },
    "time_missing": {
        "en": "Row {row} does not say when the site was seen. "
        "Nothing was sent. Write date, time and zone: {fix}.",
        "zh": "第{row}行未注明发现时间。未发送任何内容。请填写日期、时间和时区：{fix}。",
    },
    "time_not_read": {
        "en": 'Row {row}: "{text}" is not a time that can be read. Nothing was sent. '
        "Write it as 2026-11-02 09:10 +08:00.",
        "zh": "第{row}行：“{text}”无法识别为时间。未发送任何内容。请按 2026-11-02 09:10 +08:00 填写。",
    },
    "time_without_zone": {
        "en": 'Row {row}: "{text}" has no time zone. Nothing was sent. '
        "State the zone for all such times, for example: {fix}.",
        "zh": "第{row}行：“{text}”未注明时区。未发送任何内容。请为此类时间统一选择时区，例如：{fix}。",
    },
    "time_without_year": {
        "en": 'Row {row}: "{text}" has no year. Nothing was sent. Write the year first: 2026-11-02 09:10.',
        "zh": "第{row}行：“{text}”没有年份。未发送任何内容。请先写年份：2026-11-02 09:10。",
    },
    "time_without_clock": {
        "en": 'Row {row}: "{text}" has a date and no time of day. '
        "Nothing was sent. Write the hour and the minute.",
        "zh": "第{row}行：“{text}”只有日期，没有时刻。未发送任何内容。请补写时和分。",
    },
    "time_order_unclear": {
        "en": 'Row {row}: in "{text}" the day and the month could change places. Nothing was sent. '
        "Write the year first: 2026-11-02 09:10.",
        "zh": "第{row}行：“{text}”无法区分日和月。未发送任何内容。请先写年份：2026-11-02 09:10。",
    },
    "time_in_future": {
        "en": 'Row {row}: "{text}" is still to come. '
        "Nothing was sent. Check the date, the year and the zone.",
        "zh": "第{row}行：“{text}”晚于当前时间。未发送任何内容。请核对日期、年份和时区。",
    },
    "zone_not_read": {
        "en": 'Row {row}: no time zone can be read from "{text}". Nothing was sent. '
        "Write the difference to UTC, as +08:00; letters such as CST mean several zones.",
        "zh": "第{row}行：“{text}”中的时区无法识别。未发送任何内容。"
        "请填写与 UTC 的时差，如 +08:00；CST 等缩写含义不唯一。",
    },
    "zone_conflict": {
        "en": 'Row {row}: the time "{text}" states another zone than the zone column. Nothing was sent. '
        "Correct the one that is wrong.",
        "zh": "第{row}行：“{text}”中的时区与时区列不一致。未发送任何内容。请改正错误的一处。",
    },
    "subject_missing": {
        "en": "Row {row} does not say what is asked about. "
        "Nothing was sent. Write the subject, or delete the row.",
        "zh": "第{row}行没有查询对象。未发送任何内容。请填写对象或删除该行。",
    },
    "subject_kind_missing": {
        "en": 'Row {row}: it is not clear what "{text}" is. Nothing was sent. '
        "Add a column with the kind: ip, domain, url, email, account, phone …",
        "zh": "第{row}行：无法判断“{text}”的类型。未发送任何内容。"
        "请增加“对象类型”列：IP、域名、网址、邮箱、账号、电话等。",
    },
    "subject_kind_unknown": {
        "en": 'Row {row}: "{text}" is not a kind of subject. Nothing was sent. '
        "Write ip, domain, url, email, account, wallet, bank account, phone, hash, person or company.",
        "zh": "第{row}行：“{text}”不是已知的对象类型。未发送任何内容。"
        "请填写 IP、域名、网址、邮箱、账号、钱包、银行账号、电话、"
        "哈希、个人或公司。",
    },
    "subject_not_read": {
        "en": 'Row {row}: "{text}" is not of the kind that the row states. Nothing was sent. '
        "Correct the subject or its kind.",
        "zh": "第{row}行：“{text}”与所填对象类型不符。未发送任何内容。请改正对象或类型。",
    },
    "question_missing": {
        "en": "Row {row} asks nothing. Nothing was sent. "
        "Write what you want to know, or choose it for all: {fix}.",
        "zh": "第{row}行没有查询内容。未发送任何内容。请填写查询内容，或统一选择：{fix}。",
    },
    "question_unknown": {
        "en": 'Row {row}: "{text}" holds a question that both sides do not know by a code. Nothing was sent. '
        "Write ownership, subscriber, login records …, and the rest as a note.",
        "zh": "第{row}行：“{text}”含双方没有约定代码的查询内容。未发送任何内容。"
        "请填写权属、用户注册信息、登录记录等，其余写入备注。",
    },
    "control_character": {
        "en": 'Row {row}: "{text}" holds a control character. Nothing was sent. Type the cell anew.',
        "zh": "第{row}行：“{text}”含控制字符。未发送任何内容。请重新输入该单元格。",
    },
    "hidden_character": {
        "en": 'Row {row}: "{text}" holds a character that hides or turns text. Nothing was sent. '
        "Type the cell anew.",
        "zh": "第{row}行：“{text}”含隐藏字符或改变文字方向的字符。未发送任何内容。请重新输入该单元格。",
    },
    "undecodable": {
        "en": 'Row {row}: some characters of "{text}" cannot be read. Nothing was sent. '
        "Save the file as UTF-8, or type the cell anew.",
        "zh": "第{row}行：“{text}”中有无法识别的字符。未发送任何内容。"
        "请将文件另存为 UTF-8，或重新输入该单元格。",
    },
    "cell_too_long": {
        "en": 'Row {row}: the cell "{text}" has more than 8 KiB. Nothing was sent. '
        "Shorten it; long texts go along as a file.",
        "zh": "第{row}行：单元格“{text}”超过 8 KiB。未发送任何内容。请缩短；长文请作为附件。",
    },
    "quote_open": {
        "en": 'Row {row}: a quotation mark is not closed: "{text}". '
        "Nothing was sent. The other rows were read. "
        "Close it, or take it out.",
        "zh": "第{row}行：引号未闭合：“{text}”。未发送任何内容。其他行已读取。请补上或删除引号。",
    },
    "extra_cells": {
        "en": 'Row {row} has more cells than the header: "{text}". Nothing was sent. '
        "Put quotation marks around a text that holds a comma.",
        "zh": "第{row}行的单元格多于表头：“{text}”。未发送任何内容。含逗号的文字请加引号。",
    },
    "duplicate": {
        "en": "Row {row} is the same as row {of} and was left out. Row {of} stays. To ask for both: {fix}.",
        "zh": "第{row}行与第{of}行相同，已略去。第{of}行保留。如两行都要请求：{fix}。",
    },
    "own_site": {
        "en": "Row {row}: {text} is the institution's own site and was left out. "
        "It is not reported to anybody. "
        "If it is to be reported: {fix}.",
        "zh": "第{row}行：{text} 是该机构自有网站，已略去，不通报任何人。如确需通报：{fix}。",
    },
}

# A line that is no row: {line}, {text}.
LINES: Final[Mapping[str, Mapping[str, str]]] = {
    "blank": {"en": "Line {line} is blank.", "zh": "第{line}行（原文）为空行。"},
    "separator_line": {
        "en": "Line {line} only names the separator: {text}.",
        "zh": "第{line}行（原文）仅说明分隔符：{text}。",
    },
    "above_header": {
        "en": 'Line {line} stands above the header and is no row: "{text}".',
        "zh": "第{line}行（原文）在表头之上，不作为数据：“{text}”。",
    },
    "header_again": {
        "en": "Line {line} repeats the header.",
        "zh": "第{line}行（原文）是重复的表头。",
    },
    "prose": {
        "en": 'Line {line} holds no web address: "{text}".',
        "zh": "第{line}行（原文）没有网址：“{text}”。",
    },
    "email_address": {
        "en": "Line {line}: the e-mail address {text} is not a site.",
        "zh": "第{line}行（原文）：{text} 是电子邮件地址，不是网站。",
    },
}

# The sheet as a whole: {text}.
SHEETS: Final[Mapping[str, Mapping[str, str]]] = {
    "column_unknown": {
        "en": 'Nobody here knows the column "{text}". Its cells go along as notes. '
        "Rename it if it should be more.",
        "zh": "“{text}”列含义未知，内容将作为备注一并发出。如需作为其他列，请修改列名。",
    },
    "column_repeated": {
        "en": 'Another column before "{text}" means the same. Its cells go along as notes. '
        "Rename it if it is the right one.",
        "zh": "“{text}”列与前面的列含义相同，内容将作为备注一并发出。如应以此列为准，请修改列名。",
    },
    "choice_without_effect": {
        "en": "{text} changed nothing. No row was touched by it. Check the number of the row.",
        "zh": "{text} 没有起作用，未改动任何行。请核对行号。",
    },
}

# An input that is not read at all: {expected}, {found}.
OBSTACLES: Final[Mapping[str, Mapping[str, str]]] = {
    "empty": {
        "en": "There is nothing to read. Nothing was sent. Paste addresses, or choose a file that has some.",
        "zh": "没有可读取的内容。未发送任何内容。请粘贴网址，或选择含网址的文件。",
    },
    "not_text": {
        "en": "This is not a table in text form ({found}). "
        "Nothing was sent. Save it as CSV (UTF-8) and choose that.",
        "zh": "这不是文本表格（{found}）。未发送任何内容。请另存为 CSV（UTF-8）后再选择。",
    },
    "too_large": {
        "en": "The input has {found}; at most {expected} are read. Nothing was sent. Split it in several.",
        "zh": "内容为 {found}，上限为 {expected}。未发送任何内容。请拆分后分次导入。",
    },
    "too_many_lines": {
        "en": "There are more than {expected}. Nothing was sent. Split the input in several.",
        "zh": "内容超过 {expected}。未发送任何内容。请拆分后分次导入。",
    },
    "too_many_rows": {
        "en": "There are more than {expected}. Nothing was sent. Split the input in several.",
        "zh": "内容超过 {expected}。未发送任何内容。请拆分后分次导入。",
    },
    "too_many_columns": {
        "en": "The table has {found}; at most {expected} are read. Nothing was sent. "
        "Delete those that are not needed.",
        "zh": "表格有 {found}，上限为 {expected}。未发送任何内容。请删除不需要的列。",
    },
    "choice_not_read": {
        "en": '"{found}" cannot be read. Nothing was sent. Write it as in {expected}.',
        "zh": "“{found}”无法识别。未发送任何内容。请按 {expected} 的形式填写。",
    },
}

SENTENCES: Final[Mapping[str, Mapping[str, str]]] = {**ROWS, **LINES, **SHEETS, **OBSTACLES}

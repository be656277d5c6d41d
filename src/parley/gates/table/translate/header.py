"""Headings to fields: what a column means, by the words that officers and banks really write.

Case, width, blanks, signs and the order of columns do not matter. A heading may state the
zone of its times: ``first seen (UTC)``, ``发现时间（UTC+8）``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from parley.gates.table.translate.codes import MAX_COLUMNS, Field, Notice, Obstacle, SheetError
from parley.gates.table.translate.moment import read_zone
from parley.gates.table.translate.sheet import Column, SheetRemark
from parley.ui.letters import shown

_WORDS: Final[Mapping[Field, str]] = {
    Field.URL: (
        "url|urls|uri|link|links|address|web address|website|web site|site|site address|domain|host|"
        "phishing url|phishing link|phishing site|suspicious url|malicious url|page|"
        "网址|链接|网站|网站地址|网页地址|网站链接|网址链接|链接地址|域名|网站域名|URL地址|钓鱼网址|钓鱼网站|"
        "钓鱼网站地址|钓鱼链接|仿冒网址|仿冒网站|仿冒网站地址|可疑网址|可疑链接|涉案网址|网站网址"
    ),
    Field.OBSERVED_AT: (
        "observed at|observed|observation time|first observed|first seen|first seen at|seen|seen at|"
        "detected|detected at|detection time|found at|time|date time|datetime|timestamp|when|"
        "发现时间|首次发现时间|首次发现|观察时间|观测时间|检测时间|监测时间|时间|采集时间|截获时间"
    ),
    Field.OBSERVED_DATE: "date|observed date|date observed|date seen|detection date|日期|发现日期|检测日期",
    Field.OBSERVED_CLOCK: "clock|time of day|observed clock|时刻|发现时刻|钟点",
    Field.ZONE: "zone|time zone|timezone|tz|utc offset|offset|时区|时间时区|所在时区",
    Field.TARGET_BRAND: (
        "target brand|brand|target|targeted brand|impersonated brand|impersonates|poses as|posing as|"
        "institution|bank|bank name|victim brand|"
        "被仿冒机构|被仿冒银行|被仿冒品牌|被仿冒对象|被仿冒单位|被冒充机构|被冒充银行|仿冒机构|仿冒银行|仿冒对象|"
        "仿冒品牌|冒充机构|冒充对象|银行|银行名称|机构|机构名称|品牌"
    ),
    Field.LEGITIMATE_URL: (
        "legitimate url|legitimate site|real url|real site|official url|official site|official website|"
        "官方网址|官网|正规网址|真实网址|官方网站|正版网址"
    ),
    Field.STATE: "state|status|site state|online|状态|网站状态|存活状态|是否存活|访问状态",
    Field.NOTE: "note|notes|remark|remarks|comment|comments|description|备注|说明|描述|备注说明|情况说明",
    Field.IP: "ip|ip address|ip addr|server ip|ip地址|服务器ip|解析ip|服务器地址",
    Field.HOSTING_PROVIDER: (
        "hosting provider|hosting|hoster|host provider|provider|isp|"
        "托管商|托管服务商|主机商|主机服务商|服务商|接入商|接入服务商|云服务商"
    ),
    Field.REGISTRAR: "registrar|domain registrar|注册商|域名注册商|注册服务商|域名注册服务商",
    Field.VICTIMS: (
        "victims|victim count|victims count|number of victims|victim number|"
        "受害人数|受害者人数|受害人数量|受害者数量|受骗人数"
    ),
    Field.SCREENSHOT: (
        "screenshot|screenshot hash|screenshot sha256|screenshot sha 256|"
        "截图|截图哈希|截图校验值|截图sha256|截屏哈希"
    ),
    Field.GROUP: (
        "group|inquiry|inquiry no|inquiry number|request no|"
        "组|组别|分组|编组|协查请求|协查请求序号|协查请求号|请求序号|请求号"
    ),
    Field.SERIAL: "no|nr|number|serial|serial no|serial number|row|id|#|序号|编号|序列号|行号",
    Field.SUBJECT: "subject|value|identifier|indicator|对象|查询对象|协查对象|标识|标识符|线索",
    Field.SUBJECT_KIND: "subject kind|subject type|kind|type|对象类型|类型|标识类型|线索类型",
    Field.QUESTIONS: "question|questions|asked|wanted|问题|查询内容|查询事项|请求事项|协查事项|询问事项",
}

_BRACKETS: Final = re.compile(r"[(\[]([^()\[\]]{0,40})[)\]]")


def _plain(heading: str) -> str:
    folded = unicodedata.normalize("NFKC", heading).casefold()
    return "".join(character for character in folded if character.isalnum() or character == "#")


_FIELDS: Final[Mapping[str, Field]] = {
    _plain(word): field for field, words in _WORDS.items() for word in words.split("|")
}


def read_column(heading: str) -> Column:
    """Return what the column under `heading` means; the field is None if nobody knows.

    Its text is safe to show.
    """
    folded = unicodedata.normalize("NFKC", heading[:400])
    bracket = _BRACKETS.search(folded)
    outside = _plain(_BRACKETS.sub("", folded))
    zone = read_zone(bracket[1]) if bracket is not None else None
    if outside.endswith("utc") and outside not in _FIELDS:
        outside, zone = outside.removesuffix("utc"), 0
    field = _FIELDS.get(outside) or _FIELDS.get(_plain(folded))
    return Column(text=shown(heading), field=field, zone=zone if field is Field.OBSERVED_AT else None)


def read_header(cells: Iterable[str]) -> tuple[Column, ...]:
    """Return the columns under the headings `cells`; a meaning that stands twice goes to the first.

    Raises:
        SheetError: there are more than `MAX_COLUMNS`.
    """
    headings = tuple(cells)
    if len(headings) > MAX_COLUMNS:
        raise SheetError(Obstacle.TOO_MANY_COLUMNS, expected=f"{MAX_COLUMNS} columns", found="more")
    columns: list[Column] = []
    known: set[Field] = set()
    for heading in headings:
        column = read_column(heading)
        columns.append(replace(column, field=None, zone=None) if column.field in known else column)
        known.update({column.field} if column.field is not None else ())
    return tuple(columns)


def header_remarks(columns: tuple[Column, ...]) -> tuple[SheetRemark, ...]:
    """Return what is to be said about columns whose cells only become notes."""
    unread = [column.text for column in columns if column.field is None and column.text != ""]
    return tuple(
        SheetRemark(
            notice=Notice.COLUMN_UNKNOWN if read_column(text).field is None else Notice.COLUMN_REPEATED,
            text=text,
        )
        for text in unread
    )

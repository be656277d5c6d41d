"""The first text: what the terms of a link say, as articles that people can read.

Whoever negotiates begins with it and changes words or numbers. It is made from the terms, so it shows every
one of their fields, also those that another profile has. Source: Spec §16.6.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from parley.protocol.guidelines.text import Article, Both, Clause, Concordance, Guideline, compose
from parley.protocol.terms import Terms, read_terms

TITLE: Final = Both(
    en="Guidelines on requests concerning cybercrime, and on the responses to them",
    zh="关于网络犯罪协查请求及其答复的指导原则",
)
_CLOCKS: Final[Mapping[str, tuple[str, str]]] = {
    "acknowledge": (
        "A person at the desk of the asked side acknowledges an inquiry within: {clocks/acknowledge}.",
        "被请求方值班台人员确认收到协查请求的时限：{clocks/acknowledge}。",
    ),
    "admit": (
        "The asked side admits, returns or refuses each item within: {clocks/admit}.",
        "被请求方受理、退回补充或者拒绝各事项的时限：{clocks/admit}。",
    ),
    "preserve": (
        "Data that are asked to be preserved are secured within: {clocks/preserve}.",
        "请求保全的数据，完成保全的时限：{clocks/preserve}。",
    ),
    "mitigate": (
        "A site that is asked to be taken down is dealt with within: {clocks/mitigate}.",
        "请求处置的网站，完成处置的时限：{clocks/mitigate}。",
    ),
    "stop_payment": (
        "A payment that is asked to be stopped is stopped within: {clocks/stop_payment}.",
        "请求止付的款项，完成止付的时限：{clocks/stop_payment}。",
    ),
    "subscriber": (
        "Subscriber information is given within: {clocks/subscriber}.",
        "提供用户注册信息的时限：{clocks/subscriber}。",
    ),
    "evidence": (
        "Any other answer of substance is given within: {clocks/evidence}.",
        "作出其他实质答复的时限：{clocks/evidence}。",
    ),
    "status": (
        "A question about the progress is answered within: {clocks/status}.",
        "答复进展询问的时限：{clocks/status}。",
    ),
}
_HOTLINE: Final = (
    (
        (
            "The hotline is for what is major and urgent: {hotline/scope}. It also serves an inquiry whose"
            " answering raises an issue. Its goals are: {hotline/goals}."
        ),
        (
            "热线用于重大紧急情况：{hotline/scope}；协查请求办理中出现问题的，也可以使用。热线的目标："
            "{hotline/goals}。"
        ),
    ),
    (
        "Calls are held so: {hotline/procedures}.",
        "通话规程：{hotline/procedures}。",
    ),
    (
        "The levels are: {hotline/levels}. They are there to talk: {hotline/hours}.",
        "通话级别：{hotline/levels}。各级别可以通话的时间：{hotline/hours}。",
    ),
    (
        (
            "While nobody takes a call, it climbs by rungs: {hotline/ladder}. Whoever is rung is rung"
            " again, counted in minutes, every {hotline/repeat}."
        ),
        "无人接听的，按下列层级逐级呼叫：{hotline/ladder}。重复呼叫的间隔（分钟）：{hotline/repeat}。",
    ),
    (
        (
            "Nobody owes the other side longer than this: {hotline/limits}. A call that one side closed"
            " alone becomes a record of one side after {hotline/close}."
        ),
        (
            "各方应当在下列时限内回应对方：{hotline/limits}。仅由一方结束的通话，经过"
            " {hotline/close}后成为单方记录。"
        ),
    ),
    (
        (
            "The line is tested in turn, counted in days, every: {hotline/tests}. Testers use these agreed"
            " texts: {hotline/texts}."
        ),
        (
            "线路测试由双方轮流发起，各类测试的间隔（天）：{hotline/tests}。测试使用下列约定文本："
            "{hotline/texts}。"
        ),
    ),
)

# Of the clauses this one alone may be left out (Spec §12.12).
_WATCH_SHOWN: Final = (
    "Each side tells the other when its desk is watched: {hotline/watch_shown}.",
    "各方有人值守时，均向对方表明：{hotline/watch_shown}。",
)


def first_text(terms: str, *, since: int, offences: Mapping[str, Concordance] | None = None) -> Guideline:
    """Return the first text for `terms`, to be in force from the instant `since`.

    Raises:
        BreachError: §7.3 or §7.4, if `terms` are none.
    """
    articles = tuple(_articles(read_terms(terms)))
    return compose(terms, since=since, title=TITLE, articles=articles, offences=offences or {})


def _clause(words: tuple[str, str]) -> Clause:
    return Clause(en=words[0], zh=words[1])


def _article(en: str, zh: str, *clauses: tuple[str, str]) -> Article:
    return Article(heading=Both(en=en, zh=zh), clauses=tuple(_clause(each) for each in clauses))


def _articles(terms: Terms) -> Iterator[Article]:
    yield _article(
        "The sides",
        "双方",
        (
            (
                "These guidelines hold between side A, whose node is {parties/A}, and side B, whose node"
                " is {parties/B}, in the world {world}."
            ),
            (
                "本指导原则适用于甲方（A，节点 {parties/A}）与乙方（B，节点"
                " {parties/B}）之间的往来，环境为 {world}。"
            ),
        ),
        (
            (
                "They are in force from {since} for what is said from then on. What was begun before goes"
                " on under what was in force then."
            ),
            "本指导原则自{since}起对此后的往来生效；此前已开始的事项，适用当时有效的约定。",
        ),
    )
    yield _article(
        "Items of cooperation",
        "合作事项",
        ("Inquiries concern: {items}.", "协查请求涉及下列合作事项：{items}。"),
        ("The offences, in the law of each side: {offences}.", "双方法律规定的罪名对照：{offences}。"),
    )
    yield _article(
        "What an inquiry says",
        "协查请求的内容",
        (
            (
                "By the type of its items an inquiry says: {required}. What is missing is a reason to"
                " return it for supplement, and none to refuse it."
            ),
            "协查请求按事项类型载明：{required}。内容缺失的，可以退回补充，但不构成拒绝的理由。",
        ),
    )
    yield _article("Time limits", "时限", *_limits(terms))
    yield _article(
        "Office time",
        "办公时间",
        ("Office time of side A: {calendars/A}.", "甲方的办公时间：{calendars/A}。"),
        ("Office time of side B: {calendars/B}.", "乙方的办公时间：{calendars/B}。"),
    )
    if terms.hotline is not None:
        shown = (_WATCH_SHOWN,) if terms.hotline.watch_shown else ()
        yield _article("The hotline", "热线", *_HOTLINE, *shown)
    else:
        yield _article("The hotline", "热线", ("Agreed clauses: {hotline}.", "约定条款：{hotline}。"))
    yield _article(
        "Suspension and persons",
        "中止与签署人员",
        (
            (
                "Either side may suspend the link, a forum or an item at once; this stays open:"
                " {open_while_suspended}."
            ),
            (
                "任何一方可以立即中止链路、某一类往来或者某一合作事项；下列工作不受影响："
                "{open_while_suspended}。"
            ),
        ),
        (
            (
                "So many persons sign, where more is asked than the word of the node: {persons}. They sign"
                " in these roles: {roles}."
            ),
            "下列声明除节点签名外，还须由人员签署，签署人数：{persons}；签署人员的角色：{roles}。",
        ),
    )
    yield _article(
        "Statements and texts",
        "声明与文本",
        (
            "The statements of the link, each with its version: {kinds}.",
            "链路上的声明及其版本：{kinds}。",
        ),
        (
            (
                "Both languages are equally authentic. They show the same fields, and the fields are the"
                " terms. A text is changed by a text that both sides sign."
            ),
            "两种文本同等作准，所示字段相同，字段即为约定条款。对文本的修改，须经双方签署新的文本。",
        ),
    )


def _limits(terms: Terms) -> Iterator[tuple[str, str]]:
    yield from (_CLOCKS[clock] for clock in terms.clocks if clock in _CLOCKS)
    if not terms.clocks.keys() <= _CLOCKS.keys():
        # A code may hold a digit, so no clause can name it but by its place.
        yield ("All limits: {clocks}.", "全部时限：{clocks}。")
    yield (
        (
            "A limit runs from when the node of the asked side had the inquiry. With less urgency what"
            " comes outside office time counts from the next opening."
        ),
        "时限自被请求方节点接收协查请求时起算；紧急程度较低的，在办公时间以外接收的，自下次办公时起算。",
    )
    yield (
        "An inquiry counts as closed when nothing was said for {lapse} after the last answer.",
        "最后的答复作出后，{lapse}内没有再作出声明的，该协查请求视为结案。",
    )

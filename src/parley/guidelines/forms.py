"""What is typed into the form of a text: another day, other limits, other clauses; or a whole file.

    since                      2027-01-01T00:00Z
    field:clocks/status/U0     2h; nothing: that clock does not run
    en-4.2, zh-4.2             the words of clause 4.2; both empty: it is left out
    en-4.new, zh-4.new         one more clause at the end of article 4

Only limits are typed field by field. Whatever else is to change comes as a file, as `parley guideline write`
writes one. Whether the whole is a guideline is decided by `protocol/guidelines/text.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from parley.protocol.guidelines.fields import leaves
from parley.protocol.guidelines.text import Article, Clause, Guideline, compose
from parley.protocol.strictjson import JsonObject, JsonValue, read, write

MAX_NOTE = 4_000


class SinceError(Exception):
    """The day from which on a text holds is no time with a zone; `text` is what was typed."""

    def __init__(self, text: str) -> None:
        super().__init__(f"expected a time with its zone, found {text!r}")
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One field that can be typed: its path, and what stands in it."""

    path: str
    value: str


def limits_of(text: Guideline) -> tuple[Limit, ...]:
    """Return the fields of a text that are limits of time, in the order of its terms."""
    return tuple(
        Limit(path=path, value=value)
        for path, value in leaves(read(text.terms.text.encode()))
        if isinstance(value, str) and (path == "lapse" or path.startswith(("clocks/", "hotline/limits/")))
    )


def read_since(text: str) -> int:
    """Return the Unix seconds that `text` states.

    Raises:
        SinceError: it is no time, or has no zone.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise SinceError(text) from error
    if moment.tzinfo is None:
        raise SinceError(text)
    return int(moment.timestamp())


def write_since(seconds: int) -> str:
    """Return an instant as the form shows it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")


def changed_text(base: Guideline, typed: Mapping[str, str]) -> Guideline:
    """Return `base` with what was typed.

    Raises:
        SinceError: the day is none. BreachError: the whole is no guideline, naming what is wrong.
    """
    return compose(
        _terms(base, typed),
        since=read_since(typed.get("since", "")),
        title=base.title,
        articles=tuple(_articles(base, typed)),
        offences=base.offences,
    )


def _terms(base: Guideline, typed: Mapping[str, str]) -> str:
    value = read(base.terms.text.encode())
    for limit in limits_of(base):
        found = typed.get(f"field:{limit.path}")
        if found is not None and found.strip() != limit.value:
            _put(value, limit.path, found.strip())
    return write(value).decode()


def _put(value: JsonObject, path: str, text: str) -> None:
    *above, last = path.split("/")
    table = value
    for key in above:
        below: JsonValue = table[key]
        assert isinstance(below, dict), "a path that was read leads through tables"
        table = below
    if text or not above:
        table[last] = text
    else:
        del table[last]


def _articles(base: Guideline, typed: Mapping[str, str]) -> Iterator[Article]:
    for n, article in enumerate(base.articles, start=1):
        words = [(f"{n}.{m}", clause.en, clause.zh) for m, clause in enumerate(article.clauses, start=1)]
        typed_words = (
            (_one_line(typed.get(f"en-{name}", en)), _one_line(typed.get(f"zh-{name}", zh)))
            for name, en, zh in (*words, (f"{n}.new", "", ""))
        )
        clauses = tuple(Clause(en=en, zh=zh) for en, zh in typed_words if en or zh)
        if clauses:
            yield Article(heading=article.heading, clauses=clauses)


def _one_line(text: str) -> str:
    # A clause is one line; what a browser broke is put together again.
    return " ".join(text.split())

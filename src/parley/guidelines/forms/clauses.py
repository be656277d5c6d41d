"""The words of the clauses: each in both languages, one line each."""

from collections.abc import Iterator, Mapping

from parley.protocol.guidelines.text import Article, Clause, Guideline


def clauses_of(text: Guideline) -> tuple[tuple[str, str, str], ...]:
    """Return the clauses that can be typed: name, English, Chinese; each article ends with a new one."""
    return tuple(each for n in range(1, len(text.articles) + 1) for each in clauses_in(text, n))


def clauses_in(text: Guideline, number: int) -> tuple[tuple[str, str, str], ...]:
    """Return those of one article, likewise."""
    clauses = enumerate(text.articles[number - 1].clauses, start=1)
    return (*((f"{number}.{m}", clause.en, clause.zh) for m, clause in clauses), (f"{number}.new", "", ""))


def clause_fields(text: Guideline) -> Iterator[tuple[str, str]]:
    """Yield the fields of the form, each with what stands in it."""
    for name, en, zh in clauses_of(text):
        yield f"en-{name}", en
        yield f"zh-{name}", zh


def typed_articles(base: Guideline, typed: Mapping[str, str]) -> Iterator[Article]:
    """Yield the articles with what was typed; one without clauses is left out."""
    for n, article in enumerate(base.articles, start=1):
        words = (
            (_one_line(typed[f"en-{name}"]), _one_line(typed[f"zh-{name}"]))
            for name, _en, _zh in clauses_in(base, n)
        )
        clauses = tuple(Clause(en=en, zh=zh) for en, zh in words if en or zh)
        if clauses:
            yield Article(heading=article.heading, clauses=clauses)


def _one_line(text: str) -> str:
    # A clause is one line; what a browser broke is put together again.
    return " ".join(text.split())

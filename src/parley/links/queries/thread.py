"""The statements that belong together: an inquiry and everything that answers it."""

from parley.ledger.reading import Reader


def thread_of(reader: Reader, link: str, place: str) -> tuple[bytes, ...]:
    """Return all statements of the thread that the one at `place` belongs to, or that one alone."""
    statement = reader.find(link, place)
    row = None if statement is None else reader.row(link, statement)
    if row is None:
        return ()
    if row.thread is None:
        return (row.statement,)
    return tuple(each.statement for each in reader.rows(link, thread=row.thread))

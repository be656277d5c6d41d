"""What is typed as numbers and grades, as values. Nothing is guessed."""

from parley.inquiries.forms.typed import TypedError, read_code
from parley.protocol.sharing.bodies import MAX_COUNTED, Grade
from parley.protocol.sharing.codes import Source


def read_grade(source: str, information: str) -> Grade:
    """Return the grade that two codes name: source A, B, C or X, information 1 to 4.

    Raises:
        TypedError: one of them is not of these.
    """
    match information:
        case "1" | "2" | "3" | "4" as number:
            found = {"1": 1, "2": 2, "3": 3, "4": 4}[number]
        case other:
            raise TypedError("grade", other)
    return Grade(source=read_code(source, Source), information=found)  # type: ignore[arg-type]  # one of the four


def read_number(text: str) -> int:
    """Return how many `text` says, 0 where it is empty.

    Raises:
        TypedError: it is no number, or too large.
    """
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or len(text) > len(str(MAX_COUNTED)):
        raise TypedError("count", text)
    return int(text)

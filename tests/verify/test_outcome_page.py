"""outcome.html is what its sources make; what it makes of the vectors is told in `verifier/tests/`."""

from verifier.build import OUTCOME, built


def test_the_page_is_what_its_sources_make() -> None:
    assert OUTCOME.read_text(encoding="utf-8") == built("outcome"), "python verifier/build.py"

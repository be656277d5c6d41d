"""What stands in a paper, whatever its lines: one ends where the letters of a digest or a name leave off."""

import re
from io import BytesIO

from pypdf import PdfReader

from parley.ui.paper.glyphs import BREAK


def words_of(file: bytes) -> str:
    """Return what stands in the file, in one line and without the places where a line may break."""
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(file)).pages)
    return re.sub(r"\s+", " ", text.replace(BREAK, ""))

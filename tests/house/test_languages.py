"""Every text for people exists in both languages; what Django reads is what was written."""

import re
from pathlib import Path
from typing import Final

import polib
import pytest

from tools.languages import CATALOGUE, SOURCE, texts_in, texts_of, update

PLACE: Final = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def entries() -> list[polib.POEntry]:
    return list(polib.pofile(str(CATALOGUE)))


def test_the_catalogue_holds_the_texts_of_the_code_and_no_others() -> None:
    listed = {
        (entry.msgid, entry.msgid_plural) if entry.msgid_plural else (entry.msgid,) for entry in entries()
    }

    assert listed == texts_of(SOURCE)


def test_every_text_is_translated_with_the_same_places_to_fill() -> None:
    for entry in entries():
        assert entry.translated(), entry.msgid
        assert not entry.fuzzy, entry.msgid
        for text in entry.msgstr_plural.values() or [entry.msgstr]:
            assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(entry.msgid)), entry.msgid


def test_what_django_reads_is_the_catalogue_compiled() -> None:
    compiled = CATALOGUE.with_suffix(".mo").read_bytes()

    assert compiled == polib.pofile(str(CATALOGUE)).to_binary()


def test_a_new_text_is_named_and_an_old_one_goes(tmp_path: Path) -> None:
    catalogue = tmp_path / "zh" / "django.po"
    update(catalogue, {("Gone.",)})

    missing = update(catalogue, {("One.",), ("%(n)d day", "%(n)d days")})

    assert missing == ("%(n)d day", "One.")
    assert [entry.msgid for entry in polib.pofile(str(catalogue))] == ["%(n)d day", "One."]


def test_a_text_that_is_put_together_is_refused() -> None:
    assert set(texts_in('_("a" "b"); ngettext("c", "d", n)', name="x")) == {("ab",), ("c", "d")}

    with pytest.raises(ValueError, match="x:1: only a plain text"):
        set(texts_in('_(f"a {b}")', name="x"))

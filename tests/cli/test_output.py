"""How commands speak."""

import json

import pytest

from parley.cli.exits import Exit
from parley.cli.manner import Manner
from parley.cli.output import FaultError, Rows, advise, printable, report, result, spoken

TABLE = Rows(titles=("Name", "State"), rows=(("Chen", "active"), ("Wu\t\nx", "off")))


def test_a_result_is_text_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    result({"n": 1}, "One.", TABLE)

    assert capsys.readouterr() == ("One.\nName\tState\nChen\tactive\nWu  x\toff\n", "")


def test_with_json_a_result_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    with spoken(Manner(json=True)):
        result({"name": "张三"}, "not shown", exit_code=Exit.ATTENTION)

    out, err = capsys.readouterr()
    assert json.loads(out) == {"schema": "parley.cli/1", "exit": 10, "result": {"name": "张三"}}
    assert err == ""


def test_a_fault_says_what_happened_what_is_safe_and_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    fault = FaultError("gone", Exit.NOT_FOUND, what="It is gone.", safe="The rest is here.", do="Look there.")

    assert report(fault) == 4

    assert capsys.readouterr() == ("", "It is gone. The rest is here. Look there. [gone]\n")


def test_with_json_a_fault_is_one_object_too(capsys: pytest.CaptureFixture[str]) -> None:
    fault = FaultError("gone", Exit.NOT_FOUND, what="It is gone.", do="Look there.")

    with spoken(Manner(json=True)):
        report(fault)

    words = {"code": "gone", "what": "It is gone.", "safe": "Nothing was done.", "do": "Look there."}
    assert json.loads(capsys.readouterr().out) == {"schema": "parley.cli/1", "exit": 4, "fault": words}


def test_advice_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    advise("Half done.")

    assert capsys.readouterr() == ("", "Half done.\n")


@pytest.mark.parametrize(
    "sign", ["\x1b", "\r", "\x07", "\x9b", "\u202e", "\u2066", "\u200f", "\ufeff"], ids=ascii
)
def test_nothing_that_steers_a_terminal_is_printed(sign: str, capsys: pytest.CaptureFixture[str]) -> None:
    result({}, f"a{sign}b", Rows(titles=("t",), rows=((sign,),)))
    advise(sign)

    out, err = capsys.readouterr()
    assert sign not in out + err
    assert out == "a\ufffdb\nt\n\ufffd\n"


def test_text_in_any_language_is_printed_as_it_is() -> None:
    assert printable("请求 — “é”\t1\n") == "请求 — “é”\t1\n"

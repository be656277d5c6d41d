"""`pager.toml`: what it may say, and that every mistake is told instead of passed over."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from parley.gates.pager import settings
from parley.gates.pager.ring import Ceiling
from parley.gates.pager.settings import SettingsError, Smpp, parse, read_settings
from parley.watch.policy import Channel
from parley.work.home import Home
from tests.house.tree import ROOT

PAGE = ROOT / "docs" / "handbook" / "pager.md"

GOOD = """
[channels.sms]
ceiling = "link"
providers = ["carrier", "modem"]
[channels.wall]
providers = ["logs"]
[providers.carrier]
kind = "smpp"
host = "192.0.2.7"
user = "parley"
source = "+9995550000"
[providers.modem]
kind = "command"
command = ["/usr/local/bin/ring-modem"]
[providers.logs]
kind = "syslog"
host = "192.0.2.9"
"""


def test_a_channel_has_a_ceiling_and_its_providers_in_their_order() -> None:
    found = parse(GOOD, world="live")

    assert found.ways[Channel.SMS].ceiling is Ceiling.LINK
    assert found.ways[Channel.SMS].providers == ("carrier", "modem")
    carrier = found.providers["carrier"]
    assert isinstance(carrier, Smpp)
    assert (carrier.port, carrier.minutes, carrier.seconds) == (2775, 15, 20.0)


def test_a_channel_that_says_nothing_of_a_ceiling_says_the_least() -> None:
    assert parse(GOOD, world="live").ways[Channel.WALL].ceiling is Ceiling.BARE


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("[channels.sms]", "[channels.fax]", "channels"),
        ('ceiling = "link"', 'ceiling = "all"', "ceiling"),
        ('providers = ["carrier", "modem"]', "providers = []", "providers"),
        ('providers = ["carrier", "modem"]', 'providers = ["carrier", "modme"]', "modme"),
        ('providers = ["logs"]', 'providers = ["carrier"]', "cannot ring by wall"),
        ('user = "parley"', 'user = "parley"\nuesr = "x"', "uesr"),
        ('host = "192.0.2.7"', 'host = "192.0.2.7 -x"', "host"),
        ('host = "192.0.2.7"', 'host = "192.0.2.7"\nport = 0', "port"),
        ('kind = "smpp"', 'kind = "fax"', "kind"),
        ('user = "parley"', 'user = "a much too long name"', "user"),
        ('command = ["/usr/local/bin/ring-modem"]', "command = []", "command"),
        ("[channels.sms]", "[channels.sms", "TOML|Expected"),
    ],
)
def test_what_is_no_setting_is_told(before: str, after: str, says: str) -> None:
    assert before in GOOD

    with pytest.raises(SettingsError, match=says):
        parse(GOOD.replace(before, after, 1), world="live")


@pytest.mark.parametrize(
    "provider",
    [
        'kind = "smpp"\nhost = "192.0.2.7"\nuser = "p"\nsource = "1"',
        'kind = "mail"\nhost = "relay.house.example"\nsender = "p@house.example"',
        'kind = "webhook"\nurl = "https://board.house.example/"',
        'kind = "command"\ncommand = ["true"]',
    ],
)
def test_the_world_of_the_demonstration_stays_on_this_computer(provider: str) -> None:
    text = f"[providers.one]\n{provider}\n"

    parse(text, world="live")
    with pytest.raises(SettingsError, match="stays on this computer"):
        parse(text, world="demo")


def test_in_the_demonstration_a_server_of_this_computer_may_be_told() -> None:
    text = '[providers.one]\nkind = "webhook"\nurl = "http://127.0.0.1:8080/"\n'

    assert parse(text, world="demo").providers


def test_a_home_without_the_file_rings_nobody_and_has_no_fault(tmp_path: Path) -> None:
    (tmp_path / "parley.toml").write_text('[node]\nname = "a.example"\nworld = "live"\n')

    found = read_settings(Home(root=tmp_path))

    assert found.ways == {}
    assert found.world == "live"


def test_every_setting_is_in_the_handbook() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", text, re.MULTILINE))
    kinds = get_args(settings.Provider)

    assert len(kinds) == 6
    expected = {"channels.ceiling", "channels.providers", "any.kind", "any.seconds", "any.at_once"}
    for kind in kinds:
        own = set(kind.__struct_fields__) - {"seconds", "at_once"}
        expected |= {f"{kind.__struct_config__.tag}.{name}" for name in own}
    assert rows == expected


def test_the_example_in_the_handbook_is_one() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)

    assert parse(example, world="live").ways.keys() == {*Channel}
    assert tomllib.loads(example)["channels"]["sms"]["providers"] == ["carrier", "modem"]

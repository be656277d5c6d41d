"""The table of the door: every command is in it, or in the list of what no token does."""

import re
from collections.abc import Iterator
from typing import Final

from typer.core import TyperGroup

from parley.cli.app import tree
from parley.cli.asked import Asked
from parley.cli.exits import Exit
from parley.gates.api.commands import Kind
from parley.gates.api.deeds import DEEDS, found_at
from parley.gates.api.examples import EXAMPLES
from parley.gates.api.forms import shown_fields
from parley.gates.api.policy import Scope
from parley.gates.api.problems import STATUSES, codes
from parley.gates.api.refusals import REFUSALS, Why, refused_at, wording
from parley.gates.api.schema import document
from tests.house.tree import ROOT

HANDBOOK: Final = ROOT / "docs" / "handbook" / "api.md"


def commands_of(group: TyperGroup, *, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands_of(command, before=(*before, name))
        else:
            yield (*before, name)


def options_of(command: tuple[str, ...]) -> set[str]:
    found = tree()
    for word in command:
        found = found.commands[word]
    return {option for each in found.params for option in each.opts}


def sample(path: str) -> str:
    return re.sub(r"\{\w+\}", "x", path)


def test_every_command_is_at_an_address_or_in_the_list_of_what_no_token_does() -> None:
    here, refused = {deed.command for deed in DEEDS}, {each.command for each in REFUSALS}

    assert here | refused == set(commands_of(tree()))
    assert here & refused == set()
    assert len(refused) == len(REFUSALS)


def test_every_address_is_one_deed_and_no_refusal_hides_one() -> None:
    addresses = [(deed.method, sample(deed.path)) for deed in DEEDS]

    assert len(set(addresses)) == len(addresses) == len({deed.name for deed in DEEDS})
    for deed in DEEDS:
        assert deed in {found for found, _places in found_at(sample(deed.path))}
    for each in REFUSALS:
        if each.path:
            assert refused_at(sample(each.path)) is not None
            assert ("POST", sample(each.path)) not in addresses


def test_a_deed_is_as_its_command_is() -> None:
    for deed in DEEDS:
        fields, options = Asked().fields(deed.command), options_of(deed.command)

        assert all(not each.flag for each in fields[: deed.places]), deed.name
        assert all(each.is_required or deed.is_one for each in fields[: deed.places]), deed.name
        assert deed.files <= {each.name for each in fields}, deed.name
        assert ("--as" in options) == (deed.scope is not Scope.READ), deed.name
        own = (deed.scope is Scope.READ, deed.has_key, deed.has_trial)
        assert own[0] or own[1:] == ("--key" in options, "--dry-run" in options), deed.name


def test_no_deed_takes_the_path_of_a_file_of_this_machine() -> None:
    for deed in DEEDS:
        beside = shown_fields(deed, Asked().fields(deed.command))

        assert {each.name for each in beside if each.kind is Kind.FILE} == deed.files, deed.name
        names = {each.name for each in beside}
        assert not names & {"out", "to_secret_file", "secret_file", "folder", "home"}, deed.name


def test_only_these_are_tried_and_not_said_since_a_person_signs_them() -> None:
    assert {deed.command for deed in DEEDS if deed.is_signed} == {
        ("finding", "give"),
        ("finding", "revise"),
        ("finding", "answer"),
        ("share", "undertake"),
    }


def test_whatever_takes_two_persons_keys_a_call_or_a_release_has_no_address_that_does_it() -> None:
    forbidden = {
        *{
            ("call", verb)
            for verb in ("open", "open-principal", "take", "read-back", "say", "minute", "close")
        },
        *{("link", verb) for verb in ("verify", "sign", "suspend", "resume", "rotate", "revoke", "test")},
        *{("guideline", "sign"), ("review", "sign"), ("outcome", "freeze"), ("outcome", "release")},
        *{("record", "erase"), ("record", "hold"), ("share", "permit-release"), ("officer", "key")},
        *{("desk", verb) for verb in ("take", "hand-over", "leave", "watch")},
        *{("token", verb) for verb in ("add", "list", "revoke")},
    }

    assert forbidden & {deed.command for deed in DEEDS} == set()


def test_every_fault_of_a_command_has_a_status() -> None:
    calm = {Exit.DONE, Exit.WAITING, Exit.ATTENTION}

    assert set(STATUSES) == {int(code) for code in Exit if code not in calm}


def test_every_code_of_the_door_is_in_the_handbook() -> None:
    text = HANDBOOK.read_text(encoding="utf-8")
    wanted = {*codes(), "rows_need_you", *(why.value for why in Why), *Scope}

    assert {code for code in wanted if f"`{code}`" not in text} == set()
    assert all(all(wording(why)) for why in Why)


def test_every_example_is_of_a_deed_and_the_document_shows_it() -> None:
    names = {deed.name for deed in DEEDS}
    paper = document(Asked())
    paths = paper["paths"]
    assert isinstance(paths, dict)
    operations = [each for path in paths.values() for each in path.values()]

    assert {each.deed for each in EXAMPLES} <= names
    assert len({each.deed for each in EXAMPLES}) == len(EXAMPLES)
    assert {each["operationId"] for each in operations} == names
    shown = [each for each in operations if "example" in str(each.get("requestBody", ""))]
    assert len(shown) == len([each for each in EXAMPLES if each.body is not None])

"""The second officer signs with a passkey: an enrolled one, over this very text, and without a secret."""

import base64
from collections.abc import Iterator, Mapping

import pytest
from django.test import Client
from pytest_django import Settings

from parley.ledger.append import append
from parley.ledger.drafts import Appended, Draft
from parley.ledger.passkeys import keep_passkey
from parley.links.queries.signing import signing
from parley.protocol.notation import write_base64
from parley.protocol.strictjson import JsonValue
from tests.ledger.test_passkeys import Device
from tests.links.office import SECRET, Office, words
from tests.links.test_erasing_pages import ERASE, SIGN, slug
from tests.two_nodes.pair import INQUIRY, LINK, A, Pair
from tests.two_nodes.persons import enrol

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "view"])


@pytest.fixture(name="office")
def fixture_office(pair: Pair, settings: Settings, transactional_db: None) -> Iterator[Office]:
    """Give the office of A, with two principals whose keys count, 1 and 2; no core runs."""
    pair.ledgers[A].stop()
    yield Office(pair, settings)
    pair.start(A)


@pytest.fixture(name="device")
def fixture_device(office: Office) -> Device:
    device = Device()
    for number in (1, 2):
        now = office.pair.clocks[A].time
        enrol(office.home, number, secret=SECRET, now=now, roles=("principal",))
    keep_passkey(office.home, 2, device.passkey)
    return device


def prepared(office: Office) -> tuple[Client, str]:
    """Have Chen ask that an inquiry be destroyed; return the browser of Wu, and where to sign."""
    chen, wu = office.person("Chen"), office.person("Wu")
    body: Mapping[str, JsonValue] = {"title": {"lang": "en", "text": "canary"}}
    draft = Draft(id="x", link=LINK, kind="inquiry.sent", d=INQUIRY, body=body)
    (said,) = append(office.home, [draft])
    assert isinstance(said, Appended), said
    return wu, str(chen.post(ERASE, {**SIGN, "place": slug(said)})["Location"])


def enrol_passkey(office: Office, device: Device) -> None:
    d: Mapping[str, JsonValue] = {
        "n": 2,
        "alg": "webauthn-es256",
        "key": write_base64(device.passkey.credential.public),
        "roles": ["principal"],
        "since": office.pair.clocks[A].time - 3600,
        "until": None,
    }
    (said,) = append(office.home, [Draft(id="enrol-passkey", link=LINK, kind="officer.enrolled", d=d)])
    assert isinstance(said, Appended), said


def assertion(device: Device, address: str, *, other: bytes = b"") -> dict[str, str]:
    """Return the form that the page sends after the device signed the text, and `other` beside it."""
    found = signing(int(address.rstrip("/").rpartition("/")[2]))
    assert found.draft.prepared is not None
    payload = device.signs(found.draft.prepared.text + other)
    return {"do": "sign", "assertion": ".".join(_text(each) for each in _fields(payload))}


def _fields(payload: bytes) -> list[bytes]:
    found = []
    while payload:
        size = int.from_bytes(payload[:2])
        found.append(payload[2 : 2 + size])
        payload = payload[2 + size :]
    return found


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def test_a_passkey_that_is_not_enrolled_signs_nothing(office: Office, device: Device) -> None:
    wu, address = prepared(office)

    refused = wu.post(address, assertion(device, address))

    assert (refused.status_code, "You have no key that counts" in words(refused)) == (422, True)
    assert signing(int(address.rstrip("/").rpartition("/")[2])).persons == (1,)


def test_an_enrolled_passkey_signs_this_text_and_no_other(office: Office, device: Device) -> None:
    wu, address = prepared(office)
    enrol_passkey(office, device)
    asked = wu.get(address).text

    other = wu.post(address, assertion(device, address, other=b"x"))
    garbage = [wu.post(address, {"do": "sign", "assertion": each}) for each in ("x", "a.b", "!.!.!", "." * 9)]
    done = wu.post(address, assertion(device, address))

    assert 'data-passkey="sign"' in asked
    assert [each.status_code for each in (other, *garbage)] == [422] * 5
    assert done.status_code == 302
    assert "Our side destroyed" in words(wu.get(done["Location"]))

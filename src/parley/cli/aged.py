"""What the doctor says of this node's keys: how old they are, and whether the promised ones lie ready."""

from collections.abc import Iterator
from contextlib import closing
from typing import Final

from django.utils.translation import gettext as _

from parley.cli.health import Found, Health
from parley.ledger.home import DEMO
from parley.ledger.keys import KeysError
from parley.ledger.outlook import Outlook, Promise, outlook
from parley.protocol.suite import Standard
from parley.signer.desk import NoSignerError
from parley.signer.opening import open_desk
from parley.ui import words
from parley.work import clock
from parley.work.home import Home, node_world
from parley.work.lock import LockedError

# A year of use is enough for a key that signs every day.
AGED_SECONDS: Final = 366 * 86_400


def aged(home: Home) -> Iterator[Found]:
    """Tell since when the keys are used, what follows them, and who has not heard of the newest card."""
    suite = Standard()
    try:
        with closing(open_desk(home, suite=suite)) as desk:
            found = outlook(home, desk, suite=suite)
    except (LockedError, NoSignerError):
        # The signer is looked at by itself.
        return
    except KeysError as error:
        yield Found(what=_("keys"), health=Health.FAIL, said=str(error), do="parley link revoke --fresh")
        return
    yield _age(found, home)
    yield _promise(found)
    for lane in found.unheard:
        said = _("our card %(serial)d is not announced there yet") % {"serial": found.card.serial}
        yield Found(what=lane, health=Health.WARN, said=said, do="parley link rotate --announce")


def _age(found: Outlook, home: Home) -> Found:
    said = _("card %(serial)d, keys used since %(time)s") % {
        "serial": found.card.serial,
        "time": words.instant(found.since),
    }
    is_old = clock.now() - found.since > AGED_SECONDS and node_world(home) != DEMO
    health = Health.WARN if is_old else Health.OK
    return Found(what=_("age of keys"), health=health, said=said, do="parley link rotate" if is_old else "")


def _promise(found: Outlook) -> Found:
    texts = {
        Promise.NONE: (Health.OK, _("none promised yet; the next card will promise the ones after it"), ""),
        Promise.READY: (Health.OK, _("promised by our card, and ready"), ""),
        Promise.LOST: (
            Health.WARN,
            _("promised by our card, and not here"),
            _("Put keys/ back from a backup."),
        ),
    }
    health, said, do = texts[found.promise]
    return Found(what=_("next keys"), health=health, said=said, do=do)

"""`parley lines` as the hand of a side runs it: a secret that was right once is not stretched again.

Stretching is slow by design, so that nobody guesses what a person made up. The secrets here are made of 24
random bytes, in a folder that the demonstration made itself, and the story types a hundred commands with the
same one. Only this process knows them again: pages, and every other command, look at each secret anew.
"""

import hmac
import os
import runpy
import secrets

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher


class Known(Argon2PasswordHasher):
    """Argon2id, asked once for each secret that is right. What is wrong is stretched every time."""

    def __init__(self) -> None:
        """Know nothing yet; what is known has no meaning outside this process."""
        self._key = secrets.token_bytes(32)
        self._known: set[bytes] = set()

    def verify(self, password: str, encoded: str) -> bool:
        """Return whether `password` is what `encoded` was made of."""
        mark = hmac.digest(self._key, f"{encoded}\n{password}".encode(), "sha256")
        if mark not in self._known and super().verify(password, encoded):
            self._known.add(mark)
        return mark in self._known


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.node.settings"
    settings.PASSWORD_HASHERS = ["parley.demo.lines.Known"]
    # The very program that a person starts; it is above this house's floor, so it is run and not imported.
    runpy.run_module("parley.cli", run_name="__main__", alter_sys=True)

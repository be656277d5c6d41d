"""Where `parley` starts: settle home and language, wake Django, and only then read the commands.

The commands' own help is translated while their files are read, so they are imported last.
"""

import os
import sys
from importlib import import_module

import django
from django.utils import translation

from parley.cli.manner import Manner, MannerError, language_of, take_manner


def main() -> int:
    wrong: MannerError | None = None
    try:
        manner, words = take_manner(sys.argv[1:], environ=os.environ)
    except MannerError as error:
        manner, words, wrong = Manner(language=language_of(os.environ)), (), error
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.node.settings"
    if manner.home is not None:
        os.environ["PARLEY_HOME"] = str(manner.home)
    django.setup()
    with translation.override(manner.language):
        app = import_module("parley.cli.app")
        return int(app.refuse(wrong) if wrong else app.run(words, manner=manner))


if __name__ == "__main__":
    sys.exit(main())

"""The story in a process of its own: `python -m parley.demo FOLDER LANGUAGE`.

It exits 0 when the story came to its end, both records are the same, and what B changed in its own
was found and put back; 7 when one of these is not so; 1 when the story did not come to its end.
"""

import os
import signal
import sys
from pathlib import Path

import django
from django.utils import translation

from parley.demo import cheating
from parley.demo.country import country, put_away
from parley.demo.figures import show
from parley.demo.hand import CommandError
from parley.demo.place import Place
from parley.demo.story import Story, StoryError
from parley.node.start import die_with_parent
from parley.work import clock


def tell(text: str) -> None:
    """Write one line of the story."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(folder: Path, language: str) -> int:
    """Play the story in `folder` to its end and compare both records."""
    die_with_parent()
    # Asked to end, it ends its nodes first.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.node.settings")
    django.setup()
    a, b = (country(letter, folder, pause=clock.sleep) for letter in "AB")
    story = Story(
        a=a, b=b, place=Place(folder / "place.json"), tell=lambda line: tell(f"· {line}"), pause=clock.sleep
    )
    began = clock.monotonic()
    with translation.override(language):
        try:
            story.play()
            code = show(a, b, folder=folder, seconds=clock.monotonic() - began, tell=tell)
            return code or (0 if cheating.play(story) else 7)
        except (StoryError, CommandError) as error:
            sys.stderr.write(f"{error}\n")
            return 1
        except KeyboardInterrupt:
            return 1
        finally:
            put_away((a, b))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))

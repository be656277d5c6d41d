"""What a limit of a draft says to the person who met it."""

from django.utils.translation import gettext as _

from parley.composer.queries.names import label_of
from parley.drafts.actions import LimitError

_MEGABYTE = 1024 * 1024


def said_of_limit(error: LimitError) -> str:
    """Return what happened, what is safe, and what to do."""
    match error.what:
        case "value":
            text = _(
                "“%(field)s” has more than %(limit)d MB. Nothing of this page was saved; it is still here. "
                "Shorten it, or split it over two drafts."
            )
            return text % {"field": label_of(error.field), "limit": error.limit // _MEGABYTE}
        case "size":
            text = _(
                "This draft has reached %(limit)d MB with all its versions. Nothing of this page was saved; "
                "it is still here. Go on in a new draft."
            )
            return text % {"limit": error.limit // _MEGABYTE}
        case _:
            return _(
                "This draft has as many fields as a draft can have. Nothing of this page was saved; "
                "it is still here. Go on in a new draft."
            )

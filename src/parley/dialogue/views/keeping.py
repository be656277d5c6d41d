"""What is typed into a form of the dialogue and not said yet: a draft of the house, as forms of calls have.

What a draft is to become is the kind of its statement; what it is about, the statement that it answers.
Source: screens U-25; `hotline/views/keeping.py`, whose ways these are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from parley.agencies.middleware import PersonRequest
from parley.dialogue.views.fields import label_of
from parley.drafts.views import new_page
from parley.hotline.views import keeping
from parley.hotline.views.keeping import Keeping


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(keeping.Form):
    """Which form it is; `verb` is the kind of the statement."""

    @property
    def purpose(self) -> str:
        """Return what its drafts are to become."""
        return self.verb


def opened(
    request: PersonRequest, form: Form, *, fields: tuple[str, ...], begins: Mapping[str, str]
) -> Keeping:
    """Return how the form first stands: as an address proposes it, a draft of ours has it, or it `begins`.

    Raises:
        Http404: the address names a draft that there is not.
    """
    first = {name: request.GET[name] for name in fields if request.GET.get(name)}
    if first and "draft" not in request.GET:
        # Whoever chose what the form begins with means that, and no draft of something else.
        begun = request.GET.copy()
        begun.clear()
        begun.update(first)
        return Keeping(page=new_page(), form=begun)
    return _named(keeping.opened(request, form, first=begins))


def kept(request: PersonRequest, form: Form) -> Keeping:
    """Save everything that a form brings, whatever its button does.

    Raises:
        Http404: it names a draft that there is not.
    """
    return _named(keeping.kept(request, form))


def _named(found: Keeping) -> Keeping:
    return replace(
        found, conflicts=tuple(replace(each, label=label_of(each.label)) for each in found.conflicts)
    )

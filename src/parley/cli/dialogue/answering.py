"""agree, decline, withdraw: the same three answers to whatever was offered, under every noun."""

import typer
from django.utils.translation import gettext as _

from parley.cli.dialogue.about import Case, statement
from parley.cli.dialogue.nouns import verb
from parley.dialogue.actions import saying
from parley.dialogue.actions.saying import Page
from parley.links.actions.speaking import Said


def add_answers(noun: typer.Typer, page: Page) -> None:
    """Add the three answers to the offers of `page` to `noun`."""

    @verb(noun, _("Agree to what the other side offered: from then on both want it."))
    @statement
    def agree(case: Case) -> Said:
        return saying.agree(case.on_named, page, by=case.hand, along=case.along)

    @verb(noun, _("Decline what the other side offered; agreeing later stays possible."))
    @statement
    def decline(case: Case) -> Said:
        return saying.decline(case.on_named, page, by=case.hand, along=case.along)

    @verb(noun, _("Take back an offer of our own, for good."))
    @statement
    def withdraw(case: Case) -> Said:
        return saying.withdraw(case.on_named, page, by=case.hand, along=case.along)

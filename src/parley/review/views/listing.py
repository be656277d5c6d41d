"""Every review of a link, the newest first, how each stands, and whose move it is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from parley.agencies.middleware import PersonRequest
from parley.ledger.readers import side_name
from parley.review.queries import all_reviews
from parley.review.views.finding import move_chip, opened, stand_chip


@require_safe
def listing(request: PersonRequest, link: str) -> HttpResponse:
    found, reader = opened(link)
    page = {
        "row": found.row,
        "side": side_name(found.row),
        "lines": [
            (each, stand_chip(each.stand), move_chip(each.move)) for each in all_reviews(reader, found.row)
        ],
    }
    return render(request, "review/list.html", page)

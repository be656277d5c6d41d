"""Addresses of this room's pages."""

from django.urls import path

from parley.dialogue.views.freezing import freeze, sign
from parley.dialogue.views.listing import commitments, rounds
from parley.dialogue.views.page import commitment, round_
from parley.dialogue.views.paper import press, signing
from parley.dialogue.views.public import file, index, outcome
from parley.dialogue.views.saying import (
    new_commitment,
    new_round,
    release,
    save,
    save_commitment,
    save_round,
    say,
)
from parley.dialogue.views.summary import summary, summary_paper
from parley.dialogue.views.timing import order
from parley.dialogue.views.uploading import add_paper

app_name = "dialogue"
_ROUND = "rounds/<slug:link>/<slug:place>/"
_SAY = "dialogue/<slug:link>/<slug:place>/<slug:on>/<slug:kind>/"
urlpatterns = [
    path("commitments/", commitments, name="commitments"),
    path("commitments/new/<slug:link>/", new_commitment, name="new_commitment"),
    path("commitments/new/<slug:link>/save/", save_commitment, name="new_commitment_save"),
    path("commitments/<slug:link>/<slug:place>/", commitment, name="commitment"),
    path("rounds/", rounds, name="rounds"),
    path("rounds/new/<slug:link>/", new_round, name="new_round"),
    path("rounds/new/<slug:link>/save/", save_round, name="new_round_save"),
    path("rounds/sign/<slug:link>/<int:number>/", sign, name="sign"),
    path(_ROUND, round_, name="round"),
    path(f"{_ROUND}freeze/", freeze, name="freeze"),
    path(f"{_ROUND}pdf/", signing, name="paper"),
    path(f"{_ROUND}press/", press, name="press"),
    path(f"{_ROUND}release/", release, name="release"),
    path(f"{_ROUND}release/at/", order, name="order"),
    path(_SAY, say, name="say"),
    path(f"{_SAY}save/", save, name="say_save"),
    path(f"{_SAY}files/", add_paper, name="say_files"),
    path("l/<slug:link>/summary/", summary, name="summary"),
    path("l/<slug:link>/summary/pdf/", summary_paper, name="summary_paper"),
    path("public/outcomes/", index, name="public_lists"),
    path("public/outcomes/<slug:digest>/", outcome, name="public"),
    path("public/outcomes/<slug:digest>/<str:name>", file, name="public_file"),
]

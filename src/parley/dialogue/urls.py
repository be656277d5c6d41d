"""Addresses of this room's pages."""

from django.urls import path

from parley.dialogue.views.freezing import freeze, sign
from parley.dialogue.views.listing import commitments, rounds
from parley.dialogue.views.page import commitment, round_
from parley.dialogue.views.public import file, outcome
from parley.dialogue.views.saying import new_commitment, new_round, release, say

app_name = "dialogue"
_ROUND = "rounds/<slug:link>/<slug:place>/"
urlpatterns = [
    path("commitments/", commitments, name="commitments"),
    path("commitments/new/<slug:link>/", new_commitment, name="new_commitment"),
    path("commitments/<slug:link>/<slug:place>/", commitment, name="commitment"),
    path("rounds/", rounds, name="rounds"),
    path("rounds/new/<slug:link>/", new_round, name="new_round"),
    path("rounds/sign/<slug:link>/<int:number>/", sign, name="sign"),
    path(_ROUND, round_, name="round"),
    path(f"{_ROUND}freeze/", freeze, name="freeze"),
    path(f"{_ROUND}release/", release, name="release"),
    path("dialogue/<slug:link>/<slug:place>/<slug:on>/<slug:kind>/", say, name="say"),
    path("public/outcomes/<slug:digest>/", outcome, name="public"),
    path("public/outcomes/<slug:digest>/<str:name>", file, name="public_file"),
]

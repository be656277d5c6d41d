"""Addresses of this room's pages."""

from django.urls import path

from parley.review.views.composing import compose, save_note
from parley.review.views.listing import listing
from parley.review.views.page import page, save
from parley.review.views.paper import paper
from parley.review.views.signing import sign
from parley.review.views.tables import table

app_name = "review"
_REVIEWS = "l/<slug:link>/reviews/"
urlpatterns = [
    path(_REVIEWS, listing, name="list"),
    path(f"{_REVIEWS}new/", compose, name="new"),
    path(f"{_REVIEWS}new/save/", save_note, name="save_note"),
    path(f"{_REVIEWS}sign/<int:number>/", sign, name="sign"),
    path(f"{_REVIEWS}<slug:place>/", page, name="page"),
    path(f"{_REVIEWS}<slug:place>/save/", save, name="save"),
    path(f"{_REVIEWS}<slug:place>/table.csv", table, name="table"),
    path(f"{_REVIEWS}<slug:place>/pdf/", paper, name="paper"),
]

"""Addresses of this room's pages."""

from django.urls import path

from parley.guidelines.views.composing import compose, save
from parley.guidelines.views.draft import download, draft
from parley.guidelines.views.listing import listing
from parley.guidelines.views.paper import paper
from parley.guidelines.views.signing import sign

app_name = "guidelines"
_TEXTS = "l/<slug:link>/guidelines/"
urlpatterns = [
    path(_TEXTS, listing, name="list"),
    path(f"{_TEXTS}new/", compose, name="new"),
    path(f"{_TEXTS}new/save/", save, name="save"),
    path(f"{_TEXTS}sign/<int:number>/", sign, name="sign"),
    path(f"{_TEXTS}<slug:place>/", draft, name="draft"),
    path(f"{_TEXTS}<slug:place>/pdf/", paper, name="paper"),
    path(f"{_TEXTS}<slug:place>/text.json", download, name="text"),
]

"""Addresses of this room's pages."""

from django.urls import path

from parley.composer.views.bits import clocks, found, history, save, table
from parley.composer.views.draft import draft
from parley.composer.views.files import take_file
from parley.composer.views.new import new

app_name = "composer"
_DRAFT = "l/<slug:link>/drafts/<int:number>/"
urlpatterns = [
    path("l/<slug:link>/new/", new, name="new"),
    path(_DRAFT, draft, name="draft"),
    path(f"{_DRAFT}save/", save, name="save"),
    path(f"{_DRAFT}files/", take_file, name="files"),
    path(f"{_DRAFT}found/", found, name="found"),
    path(f"{_DRAFT}clocks/", clocks, name="clocks"),
    path(f"{_DRAFT}rows.csv", table, name="table"),
    path(f"{_DRAFT}history/<str:field>/", history, name="history"),
]

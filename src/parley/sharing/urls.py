"""Addresses of this room's pages."""

from django.urls import path

from parley.sharing.views import delivered, offering, saying
from parley.sharing.views.listing import listing
from parley.sharing.views.noticing import noticed
from parley.sharing.views.page import page
from parley.sharing.views.paper import paper

app_name = "sharing"
_NEW = "shared/<slug:link>/new/"
_FILE = "shared/<slug:link>/<slug:place>/files/<int:part>/"
_SAY = "shared/<slug:link>/<slug:place>/say/<slug:verb>/"
urlpatterns = [
    path("shared/", listing, name="list"),
    path(_NEW, offering.offer, name="new"),
    path(f"{_NEW}save/", offering.save, name="new_save"),
    path(f"{_NEW}files/", offering.add_file, name="new_files"),
    path("shared/<slug:link>/notices/", noticed, name="notices"),
    path("shared/<slug:link>/<slug:place>/", page, name="page"),
    path("shared/<slug:link>/<slug:place>/pdf/", paper, name="paper"),
    path(_FILE, delivered.save_file, name="file"),
    path(f"{_FILE}look/", delivered.look, name="look"),
    path(_SAY, saying.say, name="say"),
    path(f"{_SAY}save/", saying.save, name="say_save"),
]

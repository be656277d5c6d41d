"""Addresses of this room's pages."""

from django.urls import path

from parley.cases.views import saying
from parley.cases.views.listing import listing
from parley.cases.views.page import page
from parley.cases.views.paper import paper
from parley.cases.views.reporting import report, report_bytes, report_paper

app_name = "cases"
_REPORT = "cases/<slug:link>/report/"
_NEW = "cases/<slug:link>/new/"
_SAY = "cases/<slug:link>/<slug:place>/say/<slug:verb>/"
urlpatterns = [
    path("cases/", listing, name="list"),
    path(_REPORT, report, name="report"),
    path(f"{_REPORT}json/", report_bytes, name="report_bytes"),
    path(f"{_REPORT}pdf/", report_paper, name="report_paper"),
    path(_NEW, saying.propose, name="new"),
    path(f"{_NEW}save/", saying.save_proposal, name="new_save"),
    path("cases/<slug:link>/<slug:place>/", page, name="page"),
    path("cases/<slug:link>/<slug:place>/pdf/", paper, name="paper"),
    path(_SAY, saying.say, name="say"),
    path(f"{_SAY}save/", saying.save, name="say_save"),
    path(f"{_SAY}files/", saying.add_file, name="say_files"),
]

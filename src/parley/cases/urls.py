"""Addresses of this room's pages."""

from django.urls import path

from parley.cases.views.listing import listing
from parley.cases.views.page import page
from parley.cases.views.reporting import report, report_bytes, report_paper
from parley.cases.views.saying import propose, say

app_name = "cases"
_REPORT = "cases/<slug:link>/report/"
urlpatterns = [
    path("cases/", listing, name="list"),
    path(_REPORT, report, name="report"),
    path(f"{_REPORT}json/", report_bytes, name="report_bytes"),
    path(f"{_REPORT}pdf/", report_paper, name="report_paper"),
    path("cases/<slug:link>/new/", propose, name="new"),
    path("cases/<slug:link>/<slug:place>/", page, name="page"),
    path("cases/<slug:link>/<slug:place>/say/<slug:verb>/", say, name="say"),
]

"""Addresses of this room's pages."""

from django.urls import path

from parley.notes import views
from parley.notes.views import CASE

app_name = "notes"
_NOTES = "l/<slug:link>/inquiries/<slug:place>/notes/"
_OF_CASE = "cases/<slug:link>/<slug:place>/notes/"
urlpatterns = [
    path(_NOTES, views.add, name="add"),
    path(f"{_NOTES}save/", views.save, name="save"),
    path(_OF_CASE, views.add, {"kind": CASE}, name="add_to_case"),
    path(f"{_OF_CASE}save/", views.save, {"kind": CASE}, name="save_to_case"),
]

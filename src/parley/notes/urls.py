"""Addresses of this room's pages."""

from django.urls import path

from parley.notes import views

app_name = "notes"
_NOTES = "l/<slug:link>/inquiries/<slug:place>/notes/"
urlpatterns = [
    path(_NOTES, views.add, name="add"),
    path(f"{_NOTES}save/", views.save, name="save"),
]

"""Addresses of this room's pages."""

from django.urls import path

from parley.sharing.views.listing import listing
from parley.sharing.views.page import page

app_name = "sharing"
urlpatterns = [
    path("shared/", listing, name="list"),
    path("shared/<slug:link>/<slug:place>/", page, name="page"),
]

"""Addresses of this room's pages."""

from django.urls import path

from parley.sharing.views.listing import listing
from parley.sharing.views.page import page
from parley.sharing.views.saying import say

app_name = "sharing"
urlpatterns = [
    path("shared/", listing, name="list"),
    path("shared/<slug:link>/<slug:place>/", page, name="page"),
    path("shared/<slug:link>/<slug:place>/say/<slug:verb>/", say, name="say"),
]

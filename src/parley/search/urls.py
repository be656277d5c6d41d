"""Addresses of this room's pages."""

from django.urls import path

from parley.search.views import results

app_name = "search"
urlpatterns = [
    path("search/", results, name="results"),
]

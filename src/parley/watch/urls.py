"""Addresses of this room's pages."""

from django.urls import path

from parley.watch import views

app_name = "watch"
urlpatterns = [
    path("desk/roster/", views.roster, name="roster"),
]

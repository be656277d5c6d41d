"""Addresses of this room's pages."""

from django.urls import path

from parley.watch.views.handover import handover
from parley.watch.views.muting import mute
from parley.watch.views.roster import roster

app_name = "watch"
urlpatterns = [
    path("desk/roster/", roster, name="roster"),
    path("desk/handover/", handover, name="handover"),
    path("desk/mute/", mute, name="mute"),
]

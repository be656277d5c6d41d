"""The addresses of the desks: the front door, and the duty desk with its beat."""

from django.urls import path

from parley.today.views.beat import beat
from parley.today.views.desk import desk
from parley.today.views.duty import duty

app_name = "today"
urlpatterns = [
    path("", desk, name="desk"),
    path("desk/", duty, name="duty"),
    path("desk/beat", beat, name="beat"),
]

"""Addresses of the door for our own tools."""

from django.urls import path

from parley.gates.api import views

app_name = "api"
urlpatterns = [
    path("api/docs/", views.docs, name="docs"),
    path("api/v1/<path:path>", views.answer, name="answer"),
]

"""Addresses of this room's pages."""

from django.urls import path

from parley.notes import views

app_name = "notes"
urlpatterns = [path("l/<slug:link>/inquiries/<slug:place>/notes/", views.add, name="add")]

"""Every address of a node's pages."""

from django.urls import path

from parley.node import views

urlpatterns = [
    path("", views.front, name="front"),
    path("healthz", views.healthz, name="healthz"),
]

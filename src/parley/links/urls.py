"""Addresses of this room's pages."""

from django.urls import path

from parley.links import views

app_name = "links"
urlpatterns = [
    path("links/", views.all_links, name="all"),
    path("links/<slug:link>/", views.link, name="link"),
    path("links/<slug:link>/verify/", views.verify, name="verify"),
    path("links/<slug:link>/terms/", views.terms, name="terms"),
    path("l/<slug:link>/record/", views.record, name="record"),
    path("l/<slug:link>/record/<slug:place>/", views.statement, name="statement"),
    path("l/<slug:link>/record/<slug:place>/raw", views.raw, name="raw"),
]

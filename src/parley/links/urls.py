"""Addresses of this room's pages."""

from django.urls import path

from parley.links import views

app_name = "links"
urlpatterns = [
    path("links/", views.all_links, name="all"),
    path("links/<slug:link>/", views.link, name="link"),
    path("links/<slug:link>/verify/", views.verify, name="verify"),
    path("links/<slug:link>/terms/", views.terms, name="terms"),
    path("links/<slug:link>/check/", views.check, name="check"),
    path("links/<slug:link>/evidence/", views.evidence, name="evidence"),
    path("links/<slug:link>/judge/", views.judge, name="judge"),
    path("links/<slug:link>/judge/verify.html", views.verifier, name="verifier"),
    path("links/<slug:link>/suspend/", views.suspend, name="suspend"),
    path("links/<slug:link>/suspensions/", views.suspensions, name="suspensions"),
    path("links/<slug:link>/sign/<int:number>/", views.sign, name="sign"),
    path("links/<slug:link>/resume/<slug:place>/", views.resume, name="resume"),
    path("links/<slug:link>/recover/", views.recover, name="recover"),
    path("links/<slug:link>/erase/", views.erase, name="erase"),
    path("links/<slug:link>/erasures/", views.erasures, name="erasures"),
    path("links/<slug:link>/erasures/<slug:place>/", views.erasure, name="erasure"),
    path("l/<slug:link>/record/", views.record, name="record"),
    path("l/<slug:link>/record/<slug:place>/", views.statement, name="statement"),
    path("l/<slug:link>/record/<slug:place>/raw", views.raw, name="raw"),
]

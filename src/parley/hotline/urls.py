"""Addresses of this room's pages."""

from django.urls import path

from parley.hotline.views.choosing import choose
from parley.hotline.views.composing import compose, save_draft
from parley.hotline.views.listing import listing
from parley.hotline.views.page import page
from parley.hotline.views.paper import paper
from parley.hotline.views.phone import phone
from parley.hotline.views.saying import save, say
from parley.hotline.views.signing import sign
from parley.hotline.views.taking import take
from parley.hotline.views.testing import fault, hold, tests
from parley.hotline.views.translating import save as save_translation
from parley.hotline.views.translating import translate
from parley.hotline.views.voicing import voice

app_name = "hotline"
_CALL = "calls/<slug:link>/<slug:place>/"
urlpatterns = [
    path("calls/", listing, name="list"),
    path("calls/new/", choose, name="choose"),
    path("calls/new/<slug:link>/", compose, name="new"),
    path("calls/new/<slug:link>/save/", save_draft, name="new_save"),
    path("calls/new/<slug:link>/sign/<int:number>/", sign, name="sign"),
    path(_CALL, page, name="page"),
    path(f"{_CALL}pdf/", paper, name="paper"),
    path(f"{_CALL}take/", take, name="take"),
    path(f"{_CALL}voice/", voice, name="voice"),
    path(f"{_CALL}translation/", translate, name="translate"),
    path(f"{_CALL}translation/save/", save_translation, name="translate_save"),
    path(f"{_CALL}say/<slug:verb>/", say, name="say"),
    path(f"{_CALL}say/<slug:verb>/save/", save, name="say_save"),
    path("m/", phone, name="phone"),
    path("l/<slug:link>/tests/", tests, name="tests"),
    path("l/<slug:link>/tests/hold/", hold, name="hold"),
    path("l/<slug:link>/tests/fault/", fault, name="fault"),
]

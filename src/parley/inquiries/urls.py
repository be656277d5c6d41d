"""Addresses of this room's pages."""

from django.urls import path, register_converter

from parley.inquiries.views.batches import RefConverter, batch
from parley.inquiries.views.files import download
from parley.inquiries.views.listing import listing, space
from parley.inquiries.views.page import page
from parley.inquiries.views.paper import letter, reply
from parley.inquiries.views.saying import save, say
from parley.inquiries.views.tables import batch_table, list_table
from parley.inquiries.views.theirs import theirs
from parley.inquiries.views.uploading import add_file

app_name = "inquiries"
register_converter(RefConverter, "ref")
_INQUIRY = "l/<slug:link>/inquiries/<slug:place>/"
_BATCH = "l/<slug:link>/batches/<ref:ref>/"
urlpatterns = [
    path("l/<slug:link>/", space, name="space"),
    path("l/<slug:link>/inquiries/", listing, name="list"),
    path("l/<slug:link>/inquiries/table.csv", list_table, name="list_csv"),
    path(_BATCH, batch, name="batch"),
    path(f"{_BATCH}table.csv", batch_table, name="batch_csv"),
    path(_INQUIRY, page, name="page"),
    path(f"{_INQUIRY}as-they-see-it/", theirs, name="theirs"),
    path(f"{_INQUIRY}letter.pdf", letter, name="letter"),
    path(f"{_INQUIRY}answer.pdf", reply, name="answer"),
    path(f"{_INQUIRY}say/<slug:verb>/", say, name="say"),
    path(f"{_INQUIRY}say/<slug:verb>/save/", save, name="say_save"),
    path(f"{_INQUIRY}say/<slug:verb>/files/", add_file, name="say_files"),
    path("l/<slug:link>/files/<slug:place>/<int:part>/", download, name="file"),
]

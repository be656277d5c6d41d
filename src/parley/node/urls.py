"""Every address of a node's pages. A room's own addresses stand in its `urls.py`."""

from django.urls import include, path

from parley.node import views
from parley.node.news import news

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("keys/", views.keys, name="keys"),
    path("news", news, name="news"),
    path("", include("parley.gates.api.urls")),
    path("", include("parley.agencies.urls")),
    path("", include("parley.watch.urls")),
    path("", include("parley.links.urls")),
    path("", include("parley.guidelines.urls")),
    path("", include("parley.inquiries.urls")),
    path("", include("parley.hotline.urls")),
    path("", include("parley.review.urls")),
    path("", include("parley.sharing.urls")),
    path("", include("parley.cases.urls")),
    path("", include("parley.dialogue.urls")),
    path("", include("parley.notes.urls")),
    path("", include("parley.search.urls")),
    path("", include("parley.composer.urls")),
    path("", include("parley.today.urls")),
]
handler400 = "parley.node.views.bad_request"
handler404 = "parley.node.views.not_found"
handler500 = "parley.node.views.broken"

"""Addresses of this room's pages."""

app_name = "review"
urlpatterns: list[object] = []

"""The address of the desk: the front door."""

from django.urls import path

from parley.today import views

app_name = "today"
urlpatterns = [path("", views.desk, name="desk")]

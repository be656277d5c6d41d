"""Addresses of the people's own pages."""

from django.urls import path

from parley.agencies import views

app_name = "agencies"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/<int:number>/", views.sign_in_as, name="sign_in_as"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("language/", views.set_language, name="language"),
    path("looks/", views.set_looks, name="looks"),
    path("me/", views.profile, name="profile"),
    path("me/passkey/", views.passkey, name="passkey"),
]

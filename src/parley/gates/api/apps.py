"""The tables of this door are called after its floor, so that they have a place in the house."""

from django.apps import AppConfig


class Api(AppConfig):
    name = "parley.gates.api"
    label = "gates"

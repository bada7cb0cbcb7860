"""The demo city stands above all apps: it may call every service, and nothing imports it."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "schoolsafety.demo"
    label = "demo"

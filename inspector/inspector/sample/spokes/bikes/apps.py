from django.apps import AppConfig


class BikesConfig(AppConfig):
    name = "bikes"
    verbose_name = "Bikes"

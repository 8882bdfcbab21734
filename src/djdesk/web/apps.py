from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "djdesk.web"
    label = "djdesk_web"
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "Kế hoạch và thời hạn"
    default_auto_field = "django.db.models.BigAutoField"

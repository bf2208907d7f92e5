from importlib import import_module

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "orgs"
    verbose_name = "组织架构"

    def ready(self):
        """Register the lookups that queries of all apps may use."""
        import_module("orgs.lookups")

"""The house's own app: no models, only the check that front-end assets are there."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "系统设置"

    def ready(self):
        from config.assets import check_assets

        register(check_assets, Tags.staticfiles)

"""The admin site: Django's own, with scoped pages only.

Pages that other packages register (groups, sign-in attempts) know no scope: a
superuser without Grants would read every user name there. They are left out, and
so are two addresses of Django that look rows up by key: its own choices by typing
(ours stand at each model) and the redirect to a row's page.
"""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig

LEFT_OUT = frozenset({"autocomplete", "view_on_site", "password_change_done"})


class LedgerAdminSite(AdminSite):
    """The admin of the ledger."""

    site_header = "换届台账 管理后台"
    site_title = "管理后台"
    index_title = "管理事项"
    empty_value_display = "—"

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register a page that keeps to Grants; any other is left out without a word, as other packages expect."""
        if getattr(admin_class, "is_scoped", False):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self):
        return [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in LEFT_OUT]


class LedgerAdminConfig(AdminConfig):
    """Puts our site in the place of Django's; named in INSTALLED_APPS."""

    default_site = "orgs.adminsite.LedgerAdminSite"

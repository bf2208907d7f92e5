"""The admin (管理后台) of the tree, its units, accounts and rights; see `base` for what every page keeps to."""

from django.contrib import admin

from orgs.admin import organizations, units

__all__ = ["organizations", "units"]

admin.site.site_header = "换届台账 管理后台"
admin.site.site_title = "管理后台"
admin.site.index_title = "管理事项"
admin.site.empty_value_display = "—"

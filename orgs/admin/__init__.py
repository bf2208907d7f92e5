"""The admin (管理后台) of the tree, its units, accounts and rights; see `base` for what every page keeps to."""

from orgs.admin import organizations, units

__all__ = ["organizations", "units"]

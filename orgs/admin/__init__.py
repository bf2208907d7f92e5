"""The admin (管理后台) of the tree, its units, accounts and rights; see `base` for what every page keeps to."""

from orgs.admin import accounts, organizations, units

__all__ = ["accounts", "organizations", "units"]

"""The admin of units (单位)."""

from django.contrib import admin

from orgs.admin.base import ScopedAdmin, yes_no
from orgs.admin.exchange import ExchangeAdmin
from orgs.admin.filters import PartFilter, UnitTypeFilter
from orgs.admin.resources import UnitResource
from orgs.models import Unit
from orgs.services.units import register_unit, update_unit

LARGE = yes_no("is_large", "大中型企业")


@admin.register(Unit)
class UnitAdmin(ExchangeAdmin, ScopedAdmin):
    """Units kept by organizations of the user's part of the tree."""

    resource_class = UnitResource
    choice_fields = ("keeper",)
    list_display = ("name", "credit_code", "unit_type", LARGE, "keeper_name")
    list_filter = (PartFilter, UnitTypeFilter)
    list_select_related = ("keeper",)
    search_fields = ("name", "credit_code")
    search_help_text = "按单位名称或统一社会信用代码查找"
    ordering = ("sort_key", "id")
    sortable_by = ("name", "credit_code")
    readonly_fields = ("keeper_name", LARGE)
    add_fieldsets = ((None, {"fields": ("keeper", "name", "credit_code", "unit_type", "is_large")}),)
    fieldsets = ((None, {"fields": ("keeper", "name", "credit_code", "unit_type", "is_large", "seen_version")}),)
    shown_fieldsets = ((None, {"fields": ("keeper_name", "name", "credit_code", "unit_type", LARGE)}),)

    def create(self, request, form):
        return register_unit(by=request.user, **form.cleaned_data)

    def change(self, request, record, form):
        update_unit(record, by=request.user, **form.changed_values())

    @admin.display(description="登记单位的党组织")
    def keeper_name(self, row):
        """The organization that registered it."""
        return row.keeper.name

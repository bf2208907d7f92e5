"""The admin of terms (届次) and their extensions: recorded and voided by the services, never edited in place."""

import calendar

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, InlineForeignKeyField
from django.utils import timezone
from django.utils.html import format_html_join

from elections.models import Extension, Term
from elections.services.closing import close_organization
from elections.services.terms import record_extension, record_term, void_term
from orgs.admin.base import Scoped, ScopedAdmin
from orgs.admin.filters import PartFilter, YesNoFilter, enum_filter
from orgs.admin.forms import DATES_BY_BROWSER, ServiceForm
from orgs.admin.organizations import OrganizationAdmin
from orgs.enums import Body, Kind, Precision
from orgs.models import Organization
from orgs.wording import day_column

BodyFilter = enum_filter("班子", Body, "body")
KindAtElectionFilter = enum_filter("选举时组织类别", Kind, "kind_at_election", "kind")


class SittingFilter(YesNoFilter):
    """The term that sits today, or those before it."""

    title = "是否现届"
    parameter_name = "sitting"
    words = ("现届", "历届")

    def answered(self, queryset, yes):
        sitting = Term.objects.current(timezone.localdate()).values("pk")
        return queryset.filter(pk__in=sitting) if yes else queryset.exclude(pk__in=sitting)


class TermForm(ServiceForm):
    """A new term; its length and expiry follow from the law unless a document says otherwise."""

    stated_years = forms.IntegerField(
        label="批复所定任期（年）", required=False, min_value=1, max_value=10, help_text="不填时按规定计算"
    )
    void_reason = forms.CharField(
        label="作废原因",
        required=False,
        max_length=200,
        help_text="仅在录入有误或上级认定选举无效时填写，保存后本届作废，前一届恢复为现届",
    )

    def clean(self):
        cleaned = super().clean()
        for name in ("elected_on", "stated_expires_on"):
            if cleaned.get(name) and cleaned.get("elected_on_precision") == Precision.MONTH:
                # Known to the month only: the month's last day is the one that counts.
                cleaned[name] = _last_of_month(cleaned[name])
        return cleaned


class UidInlineFormSet(BaseInlineFormSet):
    """Rows under a parent that the page names by uid."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields[self.fk.name] = InlineForeignKeyField(self.instance, to_field="uid")


class ExtensionInline(Scoped, admin.StackedInline):
    """New extensions of a term; those recorded stand above as text."""

    model = Extension
    formset = UidInlineFormSet
    formfield_overrides = DATES_BY_BROWSER
    fields = (
        ("kind", "level"),
        ("ends_on", "reason"),
        ("is_approved", "approved_by"),
        ("document_no", "approved_on"),
    )
    extra = 0
    verbose_name_plural = "登记延期"

    def get_queryset(self, request):
        return super().get_queryset(request).none()


@admin.register(Term)
class TermAdmin(ScopedAdmin):
    """Terms of organizations of the user's part of the tree."""

    form = TermForm
    formfield_overrides = DATES_BY_BROWSER
    inlines = (ExtensionInline,)
    choice_fields = ("organization",)
    list_display = (
        "organization_name",
        "body",
        "ordinal",
        "elected_day",
        "expiry_day",
        "extended_until",
        "last_day_of_office",
    )
    list_filter = (PartFilter, SittingFilter, BodyFilter, KindAtElectionFilter)
    list_select_related = ("organization",)
    search_fields = ("organization__name", "organization__code", "document_no")
    search_help_text = "按党组织名称、统一编码或批复文号查找"
    ordering = ("-elected_on", "organization__sort_key", "id")
    sortable_by = ("elected_day", "expiry_day")
    add_fieldsets = (
        (None, {"fields": ("organization", "body", "ordinal", "elected_on", "elected_on_precision")}),
        ("批复", {"fields": ("document_no", "stated_years", "stated_expires_on")}),
    )
    told = (
        "organization_name",
        "body",
        "ordinal",
        "elected_day",
        "years",
        "stated_years",
        "years_basis",
        "expiry_day",
        "stated_expires_on",
        "document_no",
        "kind_at_election",
        "unit_type_at_election",
        "extensions_told",
        "extended_until",
        "extension_effective_on",
        "last_day_of_office",
    )
    fieldsets = (
        (None, {"fields": told}),
        ("作废", {"fields": ("void_reason", "seen_version"), "classes": ("collapse",)}),
    )
    shown_fieldsets = ((None, {"fields": told}),)

    def get_readonly_fields(self, request, obj=None):
        return self.told if obj is not None else ()

    def get_inlines(self, request, obj):
        return self.inlines if obj is not None and self.has_change_permission(request, obj) else ()

    def create(self, request, form):
        values = dict(form.cleaned_data)
        values.pop("void_reason", None)
        return record_term(by=request.user, elected_precision=values.pop("elected_on_precision"), **values)

    def change(self, request, record, form):
        if form.cleaned_data.get("void_reason"):
            void_term(term=record, reason=form.cleaned_data["void_reason"], by=request.user)

    def save_formset(self, request, form, formset, change):
        for each in formset.forms:
            if each.has_changed():
                values = {name: each.cleaned_data[name] for name in flatten(ExtensionInline.fields)}
                record_extension(term=Term.objects.get(pk=form.instance.pk), by=request.user, **values)

    def save_related(self, request, form, formsets, change):
        if form.cleaned_data.get("void_reason") and any(formset.has_changed() for formset in formsets):
            raise ValidationError({"void_reason": "作废本届与登记延期不能同时进行。"})
        super().save_related(request, form, formsets, change)

    @admin.display(description="党组织", ordering="organization__sort_key")
    def organization_name(self, row):
        """Whose term it is."""
        return row.organization.name

    @admin.display(description="换届选举日期", ordering="elected_on")
    def elected_day(self, row):
        """The day of the general election, no finer than it is known."""
        return day_column(row.elected_on, row.elected_on_precision)

    @admin.display(description="届满日期", ordering="expires_on")
    def expiry_day(self, row):
        """The last day of the term, no finer than it is known."""
        return day_column(row.expires_on, row.expires_on_precision)

    @admin.display(description="卸任日期")
    def last_day_of_office(self, row):
        """The first day it no longer sits."""
        return day_column(row.until)

    @admin.display(description="已登记的延期")
    def extensions_told(self, row):
        """Each extension of the term in one line."""
        lines = [
            (
                each.ends_on.isoformat(),
                each.get_kind_display(),
                f"{each.approved_by or each.get_level_display()} {each.document_no}".strip(),
                f"{day_column(each.approved_on)} 批复" if each.is_approved else "未批准",
                f"有效至 {each.counts_until}" if each.counts_until else "不改变届满状态",
            )
            for each in row.extensions.all()
        ]
        return format_html_join("", "<div>延期至 {}（{}，{}，{}，{}）</div>", lines) or "—"


def _last_of_month(day):
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


admin.site.unregister(Organization)


@admin.register(Organization)
class ClosingOrganizationAdmin(OrganizationAdmin):
    """The admin of organizations, in which a closing heeds people, posts and elections too."""

    def close(self, request, record, *, on, basis):
        close_organization(organization=record, on=on, basis=basis, by=request.user)

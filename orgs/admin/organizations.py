"""The admin of organizations: each field is written by the service that keeps its history."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Case, CharField, F, Q, Value, When
from django.utils import timezone

from orgs import paths, tree
from orgs.admin.base import ScopedAdmin
from orgs.admin.filters import ExistingFilter, FormFilter, KindFilter, PartFilter, UnitTypeFilter
from orgs.admin.forms import DATES_BY_BROWSER, DayInput, ServiceForm
from orgs.admin.history import CONTACT
from orgs.enums import Action
from orgs.models import Organization, Unit
from orgs.namesakes import refuse_namesake
from orgs.services.records import save_changes
from orgs.services.units import set_units

# Written by tree.reshape, with the day from which they hold.
DATED = ("name", "kind", "form", "unit_type")
# Written as they are: no past day is read by them.
PLAIN = (
    "code",
    "short_name",
    "founded_on",
    "founded_on_precision",
    "holds_affiliations",
    "contact_name",
    "contact_phone",
    "remark",
)


class OrganizationForm(ServiceForm):
    """An organization; changes of place, name, kind, form and unit type ask for their day and basis."""

    imprecise_dates = {"founded_on": "founded_on_precision"}

    effective_on = forms.DateField(
        label="生效日期",
        required=False,
        widget=DayInput,
        help_text="上级、名称、类别、形式或单位类别有变动时填写，从这一天起按新的计算；不填为今天",
    )
    unit_choice = forms.Field()  # replaced by the admin with the units the user may see
    basis = forms.CharField(label="依据", required=False, max_length=200, help_text="批复文号或说明")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            offered = self.fields["unit_choice"].queryset
            self.initial["unit_choice"] = list(offered.filter(pk__in=self.instance.units.values("pk")))

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("effective_on"):
            cleaned["effective_on"] = timezone.localdate()
        return cleaned


@admin.register(Organization)
class OrganizationAdmin(ScopedAdmin):
    """Organizations of the user's part of the tree."""

    form = OrganizationForm
    formfield_overrides = DATES_BY_BROWSER
    choice_fields = ("parent", "unit_choice")
    list_display = ("name", "code", "kind", "form", "unit_type", "parent_name", "closed_on")
    list_filter = (PartFilter, KindFilter, FormFilter, UnitTypeFilter, ExistingFilter)
    search_fields = ("name", "short_name", "code")
    search_help_text = "按党组织名称、简称或统一编码查找"
    ordering = ("sort_key", "id")
    sortable_by = ("name", "code", "closed_on")
    readonly_fields = ("parent_name", "units_names")
    add_fieldsets = (
        (None, {"fields": ("parent", "name", "short_name", "code", "kind", "form", "unit_type")}),
        ("成立与联系", {"fields": ("founded_on", "founded_on_precision", "contact_name", "contact_phone")}),
        ("其他", {"fields": ("holds_affiliations", "remark")}),
    )

    shown_fieldsets = (
        (None, {"fields": ("parent_name", "name", "short_name", "code", "kind", "form", "unit_type")}),
        ("其他", {"fields": ("founded_on", "closed_on", "units_names", "contact_name", "remark")}),
    )

    def get_queryset(self, request):
        """With the parent's name where the parent, too, lies in the user's scope."""
        allowed = self.allowed_paths(request, self.rows.read_action)
        parent = Case(
            When(paths.subtrees(allowed, "parent__path") & Q(parent__isnull=False), then=F("parent__name")),
            default=Value(""),
            output_field=CharField(),
        )
        return super().get_queryset(request).annotate(parent_shown=parent)

    def get_fieldsets(self, request, obj=None):
        if obj is None or not self.has_change_permission(request, obj):
            return self._without_contact(request, obj, super().get_fieldsets(request, obj))
        # A parent outside the user's right is told, not offered: the form could not keep it.
        movable = obj.parent_id and self.choices_for("parent", request).filter(pk=obj.parent_id).exists()
        place = "parent" if movable else "parent_name"
        return (
            (None, {"fields": (place, *DATED, "effective_on", "basis")}),
            ("基本信息", {"fields": ("short_name", "code", "unit_choice", "founded_on", "founded_on_precision")}),
            ("联系与其他", {"fields": ("contact_name", "contact_phone", "holds_affiliations", "remark")}),
            (
                "撤销",
                {"fields": ("closed_on", "seen_version"), "description": "撤销后不能在此恢复。"},
            ),
        )

    @staticmethod
    def _without_contact(request, obj, fieldsets):
        """The contact names a person: shown to those who see people there."""
        if obj is None or request.user.may(Action.READ_PEOPLE, obj):
            return fieldsets
        return tuple(
            (title, {**options, "fields": tuple(each for each in options["fields"] if each not in CONTACT)})
            for title, options in fieldsets
        )

    def get_readonly_fields(self, request, obj=None):
        closed = obj is not None and obj.closed_on is not None
        return (*super().get_readonly_fields(request, obj), *(("closed_on",) if closed else ()))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            del form.base_fields["unit_choice"]
        else:
            form.base_fields["unit_choice"] = self.choice_field("unit_choice", request)
        if "parent" in form.base_fields and not request.user.is_superuser:
            form.base_fields["parent"].required = True
        return form

    def foreign_key(self, name):
        return Organization._meta.get_field("units" if name == "unit_choice" else name)

    def choices_for(self, name, request):
        if name == "unit_choice":
            return Unit.objects.visible_to(request.user)
        return super().choices_for(name, request)

    def create(self, request, form):
        values = {name: value for name, value in form.cleaned_data.items() if name not in ("effective_on", "basis")}
        made = tree.create(by=request.user, **values)
        refuse_namesake(made)
        return made

    def change(self, request, record, form):
        day, basis = form.cleaned_data["effective_on"], form.cleaned_data["basis"]
        save_changes(
            record,
            changes=form.changed_values(*PLAIN),
            by=request.user,
            kind="organization.update",
            organization=record,
        )
        dated = form.changed_values(*DATED)
        if dated:
            record = tree.reshape(record, on=day, basis=basis, by=request.user, **dated)
        if "parent" in form.changed_data:
            if form.cleaned_data["parent"] is None:
                raise ValidationError({"parent": "上级党组织不能为空。"})
            record = tree.move(record, to=form.cleaned_data["parent"], on=day, basis=basis, by=request.user)
        if {"name", "parent"} & set(form.changed_data) and record.closed_on is None:
            refuse_namesake(record)
        if "unit_choice" in form.changed_data:
            set_units(record, units=form.cleaned_data["unit_choice"], by=request.user)
        if form.cleaned_data.get("closed_on") and "closed_on" in form.changed_data:
            self.close(request, record, on=form.cleaned_data["closed_on"], basis=basis)

    def close(self, request, record, *, on, basis):
        """Close the organization; the app that knows what hangs on it puts its own service here."""
        tree.close(record, on=on, basis=basis, by=request.user)

    def has_add_permission(self, request, obj=None):
        # A superuser may found a root: the first organization of an empty system.
        return request.user.is_authenticated and (request.user.is_superuser or super().has_add_permission(request))

    @admin.display(description="上级党组织")
    def parent_name(self, row):
        """The parent's name; blank for a root and for a parent outside the scope."""
        return row.parent_shown or "—"

    @admin.display(description="所在单位")
    def units_names(self, row):
        """The units behind it."""
        return "、".join(row.units.values_list("name", flat=True)) or "—"

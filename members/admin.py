"""The admin of people: numbers are shown masked and written sealed, never read back into a form."""

from django import forms
from django.contrib import admin
from django.db.models import Prefetch

from members import services
from members.models import Affiliation, Member
from members.services.people import PERSONAL_FIELDS
from orgs.admin.base import ScopedAdmin
from orgs.admin.filters import PartFilter, YesNoFilter, enum_filter
from orgs.admin.forms import DATES_BY_BROWSER, DayInput, ServiceForm
from orgs.enums import Kind, MemberKind, Sex

MemberKindFilter = enum_filter("人员类别", MemberKind, "kind")
SexFilter = enum_filter("性别", Sex, "sex")


class NumberFilter(YesNoFilter):
    """Whether an ID number is on the books."""

    title = "公民身份号码"
    parameter_name = "number"
    words = ("已登记", "未登记")

    def answered(self, queryset, yes):
        return queryset.exclude(id_number_sealed="") if yes else queryset.filter(id_number_sealed="")


class MemberForm(ServiceForm):
    """A person; the two numbers are only ever typed in, to be sealed."""

    imprecise_dates = {
        "birth": "birth_precision",
        "joined_on": "joined_on_precision",
        "formal_on": "formal_on_precision",
    }

    organization = forms.Field()  # replaced by the admin with the branches of the user's own part
    since = forms.DateField(label="转入日期", required=False, widget=DayInput, help_text="建账前就在本支部的不填")
    id_number = forms.CharField(
        label="公民身份号码",
        required=False,
        max_length=18,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="登记或更正时填写，加密保存；不填则不变",
    )
    phone = forms.CharField(
        label="手机号码",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="登记或更正时填写，加密保存；不填则不变",
    )


@admin.register(Member)
class MemberAdmin(ScopedAdmin):
    """People whose affiliation lies in the user's part of the tree."""

    form = MemberForm
    formfield_overrides = DATES_BY_BROWSER
    choice_fields = ("organization",)
    list_display = ("name", "organization_name", "kind", "sex", "id_number_masked", "joined_on", "formal_on")
    list_filter = (PartFilter, MemberKindFilter, SexFilter, NumberFilter)
    search_fields = ("name",)
    search_help_text = "按姓名查找"
    ordering = ("sort_key", "id")
    sortable_by = ("name", "joined_on", "formal_on")
    readonly_fields = ("organization_name", "id_number_masked", "phone_masked")
    person = ("name", "sex", "ethnicity", ("birth", "birth_precision"), "education", "work_unit")
    party = (("kind",), ("joined_on", "joined_on_precision"), ("formal_on", "formal_on_precision"), "remark")
    add_fieldsets = (
        ("组织关系", {"fields": ("organization", "since")}),
        ("个人信息", {"fields": (*person, "id_number", "phone")}),
        ("党籍", {"fields": party}),
    )
    fieldsets = (
        (None, {"fields": ("organization_name", "id_number_masked", "phone_masked")}),
        ("个人信息", {"fields": person}),
        ("党籍", {"fields": party}),
        ("更正号码", {"fields": ("id_number", "phone", "seen_version")}),
    )
    shown_fieldsets = (
        (None, {"fields": ("organization_name", "id_number_masked", "phone_masked")}),
        ("个人信息", {"fields": person}),
        ("党籍", {"fields": party}),
    )

    def get_queryset(self, request):
        """With the open affiliations that the user may see: a guest's home branch may lie elsewhere."""
        if not request.user.is_authenticated:
            return super().get_queryset(request)
        own = Affiliation.objects.visible_to(request.user).filter(until__isnull=True).select_related("organization")
        return super().get_queryset(request).prefetch_related(Prefetch("affiliations", own, to_attr="own_affiliations"))

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None:
            form.base_fields["organization"] = self.choice_field("organization", request)
        else:
            del form.base_fields["organization"], form.base_fields["since"]
        return form

    def foreign_key(self, name):
        return Affiliation._meta.get_field(name)

    def choices_for(self, name, request):
        # Every member is in one branch.
        return super().choices_for(name, request).filter(kind=Kind.BRANCH, closed_on__isnull=True)

    def create(self, request, form):
        return services.record_member(by=request.user, **form.cleaned_data)

    def change(self, request, record, form):
        values = form.changed_values(*PERSONAL_FIELDS)
        numbers = {name: form.cleaned_data[name] for name in ("id_number", "phone") if form.cleaned_data[name]}
        services.change_member(record, by=request.user, **values, **numbers)

    @admin.display(description="所在党支部")
    def organization_name(self, row):
        """Where the person belongs, as far as the user sees it."""
        return "、".join(f"{each.organization.name}{_kind_word(each)}" for each in row.own_affiliations) or "—"

    @admin.display(description="公民身份号码")
    def id_number_masked(self, row):
        """The ID number, masked."""
        return row.masked_id_number or "—"

    @admin.display(description="手机号码")
    def phone_masked(self, row):
        """The phone number, masked."""
        return row.masked_phone or "—"


def _kind_word(affiliation) -> str:
    return "" if affiliation.kind == "regular" else f"（{affiliation.get_kind_display()}）"

"""上报党员人数, 花名册确认, 联合党支部的单位: what a branch says of itself."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from elections.desk.people import PersonForm, PersonTask
from elections.desk.task import DatedTaskForm, Request, Task, TaskForm
from members import services
from members.models import Affiliation
from orgs.enums import Form, Kind, UnitType
from orgs.models import Organization, Unit
from orgs.operations import Watch
from orgs.services.units import register_unit, set_units

GROUP = "基本情况"
WITH_MEMBERS = (Kind.BRANCH, Kind.GENERAL_BRANCH, Kind.COMMITTEE)


class DeclareForm(DatedTaskForm):
    """How many, on which day."""

    full = forms.IntegerField(label="正式党员", min_value=0, max_value=1_000_000)
    probationary = forms.IntegerField(label="预备党员", min_value=0, max_value=1_000_000, initial=0)
    on = forms.DateField(label="统计日期", initial=timezone.localdate, help_text="同一天再次上报的，更正当天的数字。")
    basis = None

    field_order = ("on", "full", "probationary")


class DeclareCount(Task):
    """上报党员人数."""

    code = "declare-count"
    title = "上报党员人数"
    group = GROUP
    hint = "没有确认花名册的，台账按上报人数计；已确认花名册的以名册为准，不一致的会提示。"
    form_class = DeclareForm

    def offered(self, organization: Organization) -> bool:
        return organization.kind in WITH_MEMBERS and organization.closed_on is None

    def run(self, request: Request, watch: Watch) -> None:
        services.declare_count(
            organization=request.organization,
            on=request.on,
            full=request.data["full"],
            probationary=request.data["probationary"],
            by=request.by,
        )

    def summary(self, request: Request) -> str:
        full, probationary = request.data["full"], request.data["probationary"]
        return f"上报党员人数：{request.organization.name}正式 {full} 名、预备 {probationary} 名"


class ConfirmForm(DatedTaskForm):
    """On which day the roll was complete."""

    on = forms.DateField(label="名册日期", initial=timezone.localdate, help_text="从这一天起按名册统计党员人数。")
    basis = None


class ConfirmRoster(PersonTask):
    """花名册确认."""

    code = "confirm-roster"
    title = "确认党员花名册"
    group = GROUP
    hint = "确认系统中的党员名册在所填日期齐全、无误；从这一天起台账按名册统计人数，不再使用上报人数。"
    form_class = ConfirmForm
    from_address = ()

    def people(self, request: Request) -> list:
        return []

    def run(self, request: Request, watch: Watch) -> None:
        services.confirm_roster(organization=request.organization, on=request.on, by=request.by)

    def warnings(self, request: Request) -> list[str]:
        here = Affiliation.objects.regular().filter(organization=request.organization).holding(request.on)
        return [] if here.exists() else ["名册上这一天没有党员，确认后人数为 0。"]

    def summary(self, request: Request) -> str:
        return f"确认党员花名册：{request.organization.name}"

    def depending(self, operation) -> list[str]:
        return []


class UnitsForm(TaskForm):
    """Which units are behind the organization; one that is not registered yet can be added."""

    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(),
        to_field_name="uid",
        label="所在单位",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="联合党支部有两个以上单位的，全部勾选。",
    )
    name = forms.CharField(
        label="新登记单位名称", max_length=120, required=False, help_text="列表中没有的，在这里登记。"
    )
    unit_type = forms.ChoiceField(label="新登记单位类别", choices=[("", "请选择"), *UnitType.choices()], required=False)
    credit_code = forms.CharField(label="统一社会信用代码", max_length=18, required=False)

    def prepare(self) -> None:
        self.fields["units"].queryset = self._offered()
        self.initial["units"] = [
            str(uid) for uid in self._offered().filter(pk__in=self._present()).values_list("uid", flat=True)
        ]

    def _present(self) -> QuerySet:
        return self.organization.unit_links.values("unit")

    def _offered(self) -> QuerySet:
        """Those of today, and those kept by the organization or the one above it."""
        keepers = [self.organization.pk, self.organization.parent_id]
        visible = Unit.objects.visible_to(self.user)
        return (visible.filter(keeper__in=keepers) | visible.filter(pk__in=self._present())).order_by("sort_key", "id")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("name") and not cleaned.get("unit_type"):
            self.add_error("unit_type", "请选择新登记单位的类别。")
        if cleaned.get("unit_type") and not cleaned.get("name"):
            self.add_error("name", "请填写新登记单位的名称。")
        return cleaned


class SetUnits(Task):
    """联合党支部所在单位."""

    code = "units"
    title = "变更所在单位"
    group = GROUP
    hint = "登记党组织所在的单位；单独组建的一般为一个，联合党支部有多个。单位类别决定任期年限，请如实填写。"
    form_class = UnitsForm

    def offered(self, organization: Organization) -> bool:
        return organization.kind in WITH_MEMBERS and organization.closed_on is None

    def run(self, request: Request, watch: Watch) -> None:
        units = list(request.data["units"])
        if request.data["name"]:
            unit = register_unit(
                keeper=request.organization,
                name=request.data["name"],
                unit_type=request.data["unit_type"],
                credit_code=request.data["credit_code"],
                by=request.by,
            )
            units.append(unit)
        set_units(request.organization, units=units, by=request.by)

    def warnings(self, request: Request) -> list[str]:
        kept = {unit.pk for unit in request.data["units"]}
        lost = Affiliation.objects.visible_to(request.by).filter(
            organization=request.organization, until__isnull=True, unit__isnull=False
        )
        number = lost.exclude(unit__in=kept).count()
        return [f"{number} 名党员登记在不再勾选的单位，请随后重新登记他们的所在单位。"] if number else []


class UnitForm(PersonForm):
    """Which unit a member comes from."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), to_field_name="uid", label="所在单位", required=False, empty_label="未填"
    )
    on = None
    document_no = None
    basis = None

    def prepare(self) -> None:
        super().prepare()
        linked = self.organization.unit_links.values("unit")
        self.fields["unit"].queryset = Unit.objects.visible_to(self.user).filter(pk__in=linked)
        if self.named:
            here = Affiliation.objects.regular().filter(organization=self.organization, until__isnull=True)
            unit = (
                Unit.objects.visible_to(self.user).filter(pk__in=here.filter(member=self.named).values("unit")).first()
            )
            self.initial["unit"] = unit.uid if unit else None


class SetMemberUnit(PersonTask):
    """登记党员所在单位, in a joint branch."""

    code = "member-unit"
    title = "登记党员所在单位"
    hint = "联合党支部的党员各有所在单位；哪个单位够单独组建党支部，由此判断。"
    form_class = UnitForm

    def offered(self, organization: Organization) -> bool:
        return super().offered(organization) and organization.form == Form.JOINT

    def run(self, request: Request, watch: Watch) -> None:
        present = Affiliation.objects.regular().get(
            member=request.data["person"], organization=request.organization, until__isnull=True
        )
        services.set_unit(affiliation=present, unit=request.data["unit"], by=request.by)

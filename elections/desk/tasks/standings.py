"""外出流动、失联、停止党籍 and their end: what changes a member's rights or whereabouts for a time."""

from django import forms
from django.utils import timezone

from elections.desk.particulars import sealed_text
from elections.desk.people import PersonForm, PersonTask, on_roll_of
from elections.desk.task import DatedTaskForm, Request
from elections.desk.tasks.guests import certificate_field, certificate_of
from elections.rules.dated import add_months
from members import services
from members.membership import LOST_MONTHS
from members.models import Member, Standing
from orgs.days import spoken
from orgs.enums import StandingKind
from orgs.models import Organization, User
from orgs.operations import Watch

# What is asked of whoever goes away, and of nobody else.
ABROAD = ("destination", "province", "floating_reason", "occupation", "contact", "has_certificate")


class BeginForm(PersonForm):
    """Whom it is about, what, since when."""

    kind = forms.ChoiceField(label="情形", choices=StandingKind.choices())
    on = forms.DateField(label="开始日期", initial=timezone.localdate)
    destination = forms.CharField(label="外出流向", max_length=100, required=False, help_text="外出流动的必填。")
    province = forms.CharField(label="流出省份", max_length=60, required=False)
    floating_reason = forms.CharField(label="流出原因", max_length=100, required=False)
    occupation = forms.CharField(label="原职业", max_length=60, required=False)
    contact = sealed_text(label="外出联系方式", max_length=60)
    has_certificate = certificate_field()
    remark = forms.CharField(label="备注", max_length=200, required=False)
    basis = None

    field_order = ("person", "kind", "on", *ABROAD, "document_no", "remark")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == StandingKind.FLOATING:
            if not cleaned.get("destination"):
                self.add_error("destination", "请填写外出流向。")
        else:
            for name in ABROAD:
                if cleaned.get(name):
                    self.add_error(name, f"只有外出流动才填写{self.fields[name].label}。")
        return cleaned


class BeginStanding(PersonTask):
    """登记外出流动、失联、停止党籍等."""

    code = "begin-standing"
    title = "登记外出流动、失联、停止党籍等"
    hint = "登记期间党员仍在本支部名册上。停止党籍的不计入党员人数，恢复后重新计入。"
    form_class = BeginForm

    def run(self, request: Request, watch: Watch) -> None:
        services.record_standing(
            member=request.data["person"],
            kind=request.data["kind"],
            since=request.on,
            by=request.by,
            **{name: request.data[name] for name in ABROAD}
            | {"has_certificate": certificate_of(request.data["has_certificate"])},
            document_no=request.data["document_no"],
            remark=request.data["remark"],
        )

    def warnings(self, request: Request) -> list[str]:
        if request.data["kind"] != StandingKind.STOPPED:
            return []
        lost = Standing.objects.filter(
            member=request.data["person"], kind=StandingKind.LOST, until__isnull=True, since__isnull=False
        ).first()
        if lost and request.on < add_months(lost.since, LOST_MONTHS):
            return [
                f"自{spoken(lost.since)}失去联系起不满 {LOST_MONTHS} 个月，"
                "因失联停止党籍的须满六个月（《中国共产党党员教育管理工作条例》第二十四条），请核对。"
            ]
        return []

    def summary(self, request: Request) -> str:
        kind = StandingKind(request.data["kind"]).label
        return f"登记{kind}：{request.data['person'].name}（{request.organization.name}）"


class StandingChoice(forms.ModelChoiceField):
    """One open standing, sent as its uid."""

    def label_from_instance(self, standing: Standing) -> str:
        since = f"（{spoken(standing.since)}起）" if standing.since else ""
        return f"{standing.member.name} {standing.get_kind_display()}{since}"


class EndForm(DatedTaskForm):
    """Which standing ends, and when."""

    standing = StandingChoice(Standing.objects.none(), to_field_name="uid", label="登记的情形", empty_label="请选择")
    on = forms.DateField(label="结束日期", initial=timezone.localdate, help_text="从这一天起不再如此。")

    field_order = ("standing", "on")

    def prepare(self) -> None:
        self.fields["standing"].queryset = open_standings(self.organization, self.user)


def open_standings(organization: Organization, user: User):
    """What lasts of the people on the roll."""
    rows = Standing.objects.filter(member__in=on_roll_of(organization, user).order_by(), until__isnull=True)
    return rows.select_related("member").order_by("member__sort_key", "member_id", "id")


class EndStanding(PersonTask):
    """返回、恢复联系、恢复党籍等."""

    code = "end-standing"
    title = "返回、恢复联系、恢复党籍等"
    hint = "结束已登记的外出流动、失联、停止党籍等情形。"
    form_class = EndForm
    from_address = ("standing",)

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if open_standings(organization, user).exists() else "没有登记外出流动、失联、停止党籍等情形的党员。"

    def people(self, request: Request) -> list[Member]:
        return [request.data["standing"].member]

    def run(self, request: Request, watch: Watch) -> None:
        services.end_standing(standing=request.data["standing"], on=request.on, by=request.by)

    def summary(self, request: Request) -> str:
        standing = request.data["standing"]
        return f"结束{standing.get_kind_display()}：{standing.member.name}（{request.organization.name}）"

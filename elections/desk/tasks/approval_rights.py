"""设定审批权限, 指定审批机关 (双重管理), 登记属地党（工）委: what the approver arranges by document."""

from django import forms
from django.db.models import Q, QuerySet

from elections.desk.choices import MOST, NOT_FOUND, OrganizationChoice
from elections.desk.task import DatedTaskForm, Request, Task
from elections.models import ApprovalRight, AssignedApprover
from elections.services.approval import assign_approver, set_approval_right
from orgs import paths
from orgs.enums import Action, Kind
from orgs.models import Organization, TerritorialLink, User
from orgs.operations import Watch
from orgs.services.territory import link_territory

GROUP = "审批与属地"
NOT_APPROVER = "由有审批权限的上级办理；需要变更的，请向组织部审批人员提出。"
BY_DEFAULT = "default"
OUT_OF_SIGHT = "现由您看不到的党组织承担，这里不能终止；请由能够查看双方的上级办理。"


class ArrangementTask(Task):
    """Something that whoever approves for the organization arranges."""

    group = GROUP

    def offered(self, organization: Organization) -> bool:
        return organization.closed_on is None

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if user.may(Action.APPROVE, organization) else NOT_APPROVER


class RightForm(DatedTaskForm):
    """Whether it has the right, and by which document."""

    field_order = ("has_right", "on", "document_no")

    has_right = forms.ChoiceField(
        label="审批权限",
        choices=[("yes", "有审批权限"), ("no", "没有审批权限"), (BY_DEFAULT, "恢复按组织类别确定")],
        widget=forms.RadioSelect,
    )
    basis = None


class SetApprovalRight(ArrangementTask):
    """设定审批权限."""

    code = "approval-right"
    title = "设定审批权限"
    hint = "党工委、区委以及直接隶属它们的党委（村、社区党委除外）有审批权限；按批复另有规定的在这里登记。"
    form_class = RightForm

    def offered(self, organization: Organization) -> bool:
        return super().offered(organization) and organization.kind != Kind.BRANCH

    def initial(self, organization: Organization) -> dict:
        now = ApprovalRight.objects.filter(organization=organization, until__isnull=True).first()
        return {"has_right": BY_DEFAULT if now is None else "yes" if now.has_right else "no"}

    def run(self, request: Request, watch: Watch) -> None:
        set_approval_right(
            organization=request.organization,
            has_right={"yes": True, "no": False}.get(request.data["has_right"]),
            document_no=request.data["document_no"],
            on=request.on,
            by=request.by,
        )


class SeenForm(DatedTaskForm):
    """One organization that the user may see, from the list or by its code; both empty to end the arrangement."""

    field_order = ("other", "other_code", "on", "document_no")

    other = OrganizationChoice(label="党组织", required=False, empty_label="（无）")
    other_code = forms.CharField(
        label="或填统一编码", max_length=40, required=False, help_text="不在列表中的，可以填它的统一编码。"
    )
    basis = None

    def choices(self) -> QuerySet:
        """What may be chosen; subclasses narrow it."""
        seen = Organization.objects.visible_to(self.user).filter(closed_on__isnull=True)
        below = paths.subtree(self.organization.path)
        return seen.exclude(below).select_related("parent").order_by("path")

    def prepare(self) -> None:
        found = self.choices()
        if found.count() > MOST:  # too long for a list: those around its superiors, others by their code
            near = Q(parent__path__in=paths.ancestors_of(self.organization.path))
            found = found.filter(near | Q(uid=self.initial["other"]) if self.initial.get("other") else near)
        self.fields["other"].queryset = found

    def clean(self):
        cleaned = super().clean()
        code = (cleaned.get("other_code") or "").strip()
        if code:
            named = self.choices().filter(code=code).first()
            if named is None:
                self.add_error("other_code", NOT_FOUND)
            elif cleaned.get("other") not in (None, named):
                self.add_error("other_code", "列表中选的和编码填的不是同一个党组织。")
            cleaned["other"] = named
        elif cleaned.get("other") is None and self._is_out_of_sight(self.initial.get("other")):
            self.add_error("other", OUT_OF_SIGHT)
        return cleaned

    def _is_out_of_sight(self, uid) -> bool:
        """Whether there is an arrangement now whose organization the list could not show: a blank says nothing then."""
        return bool(uid) and not Organization.objects.visible_to(self.user).filter(uid=uid).exists()


class ApproverForm(SeenForm):
    """Who approves: anything but a branch or 总支."""

    def choices(self) -> QuerySet:
        return super().choices().exclude(kind__in=[Kind.BRANCH, Kind.GENERAL_BRANCH])

    def prepare(self) -> None:
        super().prepare()
        self.fields["other"].label = "审批机关"
        self.fields["other"].help_text = "留空的，恢复由最近的有审批权限的上级审批。"


class AssignApprover(ArrangementTask):
    """指定审批机关."""

    code = "assign-approver"
    title = "指定审批机关（双重管理）"
    hint = "实行双重管理等、不由最近的有审批权限的上级审批的，登记由谁审批；下级没有另行指定的随同。"
    form_class = ApproverForm

    def initial(self, organization: Organization) -> dict:
        now = AssignedApprover.objects.filter(organization=organization, until__isnull=True).first()
        return {"other": now.approver.uid} if now else {}

    def run(self, request: Request, watch: Watch) -> None:
        assign_approver(
            organization=request.organization,
            approver=request.data["other"],
            document_no=request.data["document_no"],
            on=request.on,
            by=request.by,
        )


class TerritoryForm(SeenForm):
    """On whose ground it stands: a 党工委, or a 党委 above branches of its own."""

    def choices(self) -> QuerySet:
        streets = super().choices().filter(kind__in=[Kind.WORKING_COMMITTEE, Kind.COMMITTEE])
        return streets.exclude(path__in=paths.ancestors_of(self.organization.path))

    def prepare(self) -> None:
        super().prepare()
        self.fields["other"].label = "属地党（工）委"
        self.fields["other"].help_text = "留空的，终止属地查看。"


class LinkTerritory(ArrangementTask):
    """登记属地党（工）委."""

    code = "territory"
    title = "登记属地党（工）委"
    hint = "属地党（工）委可以查看本党组织及其下级的台账，不能修改，看不到党员和联系人；不计入它的各项数字。"
    form_class = TerritoryForm

    def initial(self, organization: Organization) -> dict:
        now = TerritorialLink.objects.filter(organization=organization, until__isnull=True).first()
        return {"other": now.street.uid} if now else {}

    def run(self, request: Request, watch: Watch) -> None:
        link_territory(
            organization=request.organization,
            street=request.data["other"],
            document_no=request.data["document_no"],
            on=request.on,
            by=request.by,
        )

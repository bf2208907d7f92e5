"""转入申请: another branch asks for a person who is kept here; agreeing moves them, declining tells why."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from elections.desk.people import posts_held
from elections.desk.task import DatedTaskForm, Request, Task, TaskForm
from members import services
from members.clashes import taken_since
from members.models import IntakeRequest, Member
from members.services.keeping import keeper_of
from orgs import paths
from orgs.days import spoken
from orgs.enums import Action
from orgs.models import Operation, Organization, User
from orgs.operations import Watch

GROUP = "组织关系"


def asked_of(organization: Organization, user: User, action: Action = Action.EDIT) -> QuerySet:
    """Open requests about people kept at an organization or below it where `user` may do `action`, oldest first."""
    waiting = IntakeRequest.objects.about_people_of(organization).answerable_by(user, action)
    return waiting.select_related("member", "to", "by").order_by("created_at", "id")


def asked_by(organization: Organization, user: User, action: Action = Action.EDIT) -> QuerySet:
    """Open requests of an organization or of those below it where `user` may do `action`, the oldest first."""
    waiting = IntakeRequest.objects.open().filter(paths.subtree(organization.path, "to__path"))
    return waiting.asked_by(user, action).select_related("to").order_by("created_at", "id")


class IntakeChoice(forms.ModelChoiceField):
    """One request, sent as its uid; told to the side that keeps the person: who it is, who asks, for when."""

    def __init__(self):
        super().__init__(IntakeRequest.objects.none(), to_field_name="uid", label="转入申请", empty_label="请选择")

    def label_from_instance(self, request: IntakeRequest) -> str:
        person = "，".join(filter(None, (request.member.name, request.member.masked_id_number)))
        return f"{person}，{request.to.name}申请自{spoken(request.on)}转入（{request.by.get_full_name()}）"


class OwnIntakeChoice(IntakeChoice):
    """One's own request, told by nothing but what one wrote."""

    def label_from_instance(self, request: IntakeRequest) -> str:
        return f"{request.name}，申请自{spoken(request.on)}转入“{request.to.name}”"


class GrantForm(DatedTaskForm):
    """Which request, and since when the person belongs there."""

    intake = IntakeChoice()
    on = forms.DateField(
        label="转出日期", initial=timezone.localdate, help_text="从这一天起不再计入本支部，计入申请的党支部。"
    )
    basis = None

    field_order = ("intake", "on", "document_no")

    def prepare(self) -> None:
        self.fields["intake"].queryset = asked_of(self.organization, self.user)


class AnswerIntake(Task):
    """A task of the side that keeps the person."""

    group = GROUP
    from_address = ("intake",)

    def offered(self, organization: Organization) -> bool:
        return organization.closed_on is None

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if asked_of(organization, user).exists() else "没有等待答复的组织关系转入申请。"

    def depending(self, operation: Operation) -> list[str]:
        return taken_since(operation)


class GrantIntake(AnswerIntake):
    """同意转出: the consent of the side that keeps the person."""

    code = "grant-intake"
    title = "同意其他党支部的转入申请"
    hint = "核实党员本人意愿和去向后办理，党员自转出之日起计入申请的党支部，同日不再计入本支部。"
    form_class = GrantForm

    def concerned(self, request: Request) -> list[Organization]:
        intake = request.data["intake"]
        places = {place.pk: place for place in (keeper_of(intake.member), intake.to) if place is not None}
        return [place for place in places.values() if request.by.may(Action.EDIT, place)]

    def people(self, request: Request) -> list[Member]:
        return [request.data["intake"].member]

    def run(self, request: Request, watch: Watch) -> None:
        services.grant_intake(request=request.data["intake"], on=request.on, by=request.by)

    def warnings(self, request: Request) -> list[str]:
        member = request.data["intake"].member
        keeper = keeper_of(member)
        return posts_held(member, keeper, request.by) if keeper is not None else []

    def summary(self, request: Request) -> str:
        intake = request.data["intake"]
        return f"同意转出组织关系：{intake.member.name}转入“{intake.to.name}”"


class DeclineIntakeForm(TaskForm):
    """Which request, and why not."""

    intake = IntakeChoice()
    answer = forms.CharField(
        label="不同意的理由", max_length=200, help_text="申请方可以看到；不要写明党员所在的单位和党组织。"
    )

    def prepare(self) -> None:
        self.fields["intake"].queryset = asked_of(self.organization, self.user)


class DeclineIntake(AnswerIntake):
    """不同意转入申请."""

    code = "decline-intake"
    title = "不同意其他党支部的转入申请"
    hint = "党员仍在本支部。申请方只看到所填的理由，不会看到党员现在的党组织。"
    form_class = DeclineIntakeForm

    def more_rows(self, request: Request) -> list[QuerySet]:
        return [IntakeRequest.everything.filter(pk=request.data["intake"].pk)]

    def run(self, request: Request, watch: Watch) -> None:
        services.decline_intake(request=request.data["intake"], answer=request.data["answer"], by=request.by)

    def summary(self, request: Request) -> str:
        return f"不同意转入申请：{request.data['intake'].member.name}"


class WithdrawIntakeForm(TaskForm):
    """Which of one's own requests, and why."""

    intake = OwnIntakeChoice()
    answer = forms.CharField(label="撤回的理由", max_length=200, required=False)

    def prepare(self) -> None:
        self.fields["intake"].queryset = asked_by(self.organization, self.user)


class WithdrawIntake(AnswerIntake):
    """撤回转入申请, by the side that asked."""

    code = "withdraw-intake"
    title = "撤回转入申请"
    hint = "对方答复之前可以撤回；组织关系没有变化。"
    form_class = WithdrawIntakeForm

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if asked_by(organization, user).exists() else "没有等待答复的转入申请。"

    def more_rows(self, request: Request) -> list[QuerySet]:
        return [IntakeRequest.everything.filter(pk=request.data["intake"].pk)]

    def run(self, request: Request, watch: Watch) -> None:
        services.withdraw_intake(request=request.data["intake"], answer=request.data["answer"], by=request.by)

    def summary(self, request: Request) -> str:
        return f"撤回转入申请：{request.data['intake'].name}"

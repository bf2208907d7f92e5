"""组织关系转接: at once in one's own part, elsewhere by a request that the other side answers, or out of it all."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from elections.desk.choices import TAKES_PEOPLE, OrganizationChoice, OtherForm
from elections.desk.people import LeavingForm, PersonTask, posts_held
from elections.desk.task import DatedTaskForm, Request, Task, TaskForm
from members import services
from members.clashes import taken_since
from members.models import Member, TransferRequest
from members.services.leaving import moved_to
from orgs import paths
from orgs.enums import Action
from orgs.models import Operation, Organization, User
from orgs.operations import Watch

GROUP = "组织关系"
STAYS = "对方接收之前，组织关系仍在本支部，计入本支部党员人数，由本支部负责联系和管理。"


class WithinForm(LeavingForm, OtherForm):
    """Who goes to which other branch of one's own part, and when."""

    on = forms.DateField(label="转接日期", initial=timezone.localdate, help_text="从这一天起计入转入的党支部。")

    field_order = ("person", "other", "other_code", "on")

    def conditions(self) -> dict:
        return TAKES_PEOPLE

    def prepare(self) -> None:
        LeavingForm.prepare(self)
        OtherForm.prepare(self)
        self.fields["other"].label = "转入的党支部"


class Transfer(PersonTask):
    """在管理范围内转接."""

    code = "transfer"
    title = "在管理范围内转接"
    group = GROUP
    hint = "把党员的组织关系转到您管理范围内的另一个党支部，转出、转入同日生效。转往其他街道（单位）的请办理转接申请。"
    form_class = WithinForm

    def concerned(self, request: Request) -> list[Organization]:
        return [request.organization, request.data["other"]]

    def run(self, request: Request, watch: Watch) -> None:
        services.transfer_within(member=request.data["person"], to=request.data["other"], on=request.on, by=request.by)

    def warnings(self, request: Request) -> list[str]:
        return posts_held(request.data["person"], request.organization, request.by)

    def summary(self, request: Request) -> str:
        return f"组织关系转接：{request.data['person'].name}转入“{request.data['other'].name}”"

    def depending(self, operation: Operation) -> list[str]:
        return taken_since(operation)


class AskForm(LeavingForm):
    """Who is to go where, in one's own words, with the letter."""

    wanted = forms.CharField(
        label="转往的党组织",
        max_length=120,
        help_text="填写全称或者统一编码，由对方接收后生效。系统不提示它是否存在，请核对准确。",
    )
    on = forms.DateField(label="介绍信开具日期", initial=timezone.localdate)
    document_no = forms.CharField(label="介绍信编号", max_length=60)
    reason = forms.CharField(label="说明", max_length=200, required=False, help_text="对方可以看到。")
    basis = None

    field_order = ("person", "wanted", "on", "document_no", "reason")


class AskTransfer(PersonTask):
    """申请转出: to another street; the person stays until the other side accepts."""

    code = "ask-transfer"
    title = "申请转往其他街道（单位）"
    group = GROUP
    hint = "转往您管理范围以外、本系统内的党组织，须经对方接收。对方只能看到姓名、打码的公民身份号码和介绍信。"
    form_class = AskForm

    def run(self, request: Request, watch: Watch) -> None:
        services.request_transfer(
            member=request.data["person"],
            wanted=request.data["wanted"],
            asked_on=request.on,
            letter_no=request.data["document_no"],
            note=request.data["reason"],
            by=request.by,
        )

    def warnings(self, request: Request) -> list[str]:
        return [STAYS, *posts_held(request.data["person"], request.organization, request.by)]

    def summary(self, request: Request) -> str:
        return f"申请转出组织关系：{request.data['person'].name}转往“{request.data['wanted']}”"

    def depending(self, operation: Operation) -> list[str]:
        return []


class RequestChoice(forms.ModelChoiceField):
    """One open request, sent as its uid; told by what the receiving side may know: name, masked number, letter."""

    def __init__(self):
        super().__init__(TransferRequest.objects.none(), to_field_name="uid", label="转接申请", empty_label="请选择")

    def label_from_instance(self, request: TransferRequest) -> str:
        number = request.member.masked_id_number
        return "，".join(filter(None, (request.member.name, number, f"介绍信{request.letter_no}")))


def arriving(organization: Organization, user: User, action: Action = Action.EDIT) -> QuerySet:
    """Open requests addressed at, above or below an organization where `user` may do `action`, the oldest first."""
    place = paths.subtree(organization.path, "to__path")
    above = TransferRequest.objects.filter(to__path__in=paths.ancestors_of(organization.path))
    waiting = TransferRequest.objects.filter(place) | above
    return waiting.open().addressed_to(user, action).select_related("member").order_by("created_at", "id")


class AcceptForm(DatedTaskForm):
    """Which request, into which branch, since when."""

    transfer = RequestChoice()
    branch = OrganizationChoice(label="编入的党支部")
    on = forms.DateField(label="接收日期", initial=timezone.localdate, help_text="从这一天起计入接收的党支部。")
    basis = None
    document_no = None

    field_order = ("transfer", "branch", "on")

    def prepare(self) -> None:
        self.fields["transfer"].queryset = arriving(self.organization, self.user)
        branches = Organization.objects.editable_by(self.user).filter(
            paths.subtree(self.organization.path), closed_on__isnull=True, **TAKES_PEOPLE
        )
        self.fields["branch"].queryset = branches.select_related("parent").order_by("path")
        self.initial.setdefault("branch", str(self.organization.uid))


class AnswerTask(Task):
    """A task of the receiving side."""

    group = GROUP
    from_address = ("transfer",)

    def offered(self, organization: Organization) -> bool:
        return organization.closed_on is None

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if arriving(organization, user).exists() else "没有等待接收的组织关系转接申请。"

    def depending(self, operation: Operation) -> list[str]:
        return taken_since(operation)


class AcceptTransfer(AnswerTask):
    """接收组织关系: the other half of the consent."""

    code = "accept-transfer"
    title = "接收转来的组织关系"
    hint = "核对介绍信无误后接收，党员自接收之日起计入所选党支部，同日不再计入转出方。"
    form_class = AcceptForm

    def concerned(self, request: Request) -> list[Organization]:
        return [request.data["branch"]]

    def people(self, request: Request) -> list[Member]:
        return [request.data["transfer"].member]

    def run(self, request: Request, watch: Watch) -> None:
        services.accept_transfer(
            request=request.data["transfer"], to=request.data["branch"], on=request.on, by=request.by
        )

    def summary(self, request: Request) -> str:
        return f"接收组织关系：{request.data['transfer'].member.name}转入“{request.data['branch'].name}”"


class DeclineForm(TaskForm):
    """Which request, and why it is sent back."""

    transfer = RequestChoice()
    answer = forms.CharField(label="退回的理由", max_length=200, help_text="转出方可以看到。")

    def prepare(self) -> None:
        self.fields["transfer"].queryset = arriving(self.organization, self.user)


class DeclineTransfer(AnswerTask):
    """退回组织关系转接申请."""

    code = "decline-transfer"
    title = "退回转来的组织关系"
    hint = "介绍信有误、转错单位的，写明理由退回；党员仍在转出方，由转出方负责。"
    form_class = DeclineForm

    def more_rows(self, request: Request) -> list[QuerySet]:
        return [TransferRequest.everything.filter(pk=request.data["transfer"].pk)]

    def run(self, request: Request, watch: Watch) -> None:
        services.decline_transfer(request=request.data["transfer"], answer=request.data["answer"], by=request.by)

    def summary(self, request: Request) -> str:
        return f"退回组织关系转接申请：{request.data['transfer'].member.name}"


class WithdrawForm(TaskForm):
    """Which of one's own requests, and why."""

    transfer = RequestChoice()
    answer = forms.CharField(label="撤回的理由", max_length=200, required=False)

    def prepare(self) -> None:
        self.fields["transfer"].queryset = departing(self.organization, self.user)


def departing(organization: Organization, user: User, action: Action = Action.EDIT) -> QuerySet:
    """Open requests sent from an organization or below it, where `user` may do `action`, the oldest first."""
    waiting = TransferRequest.objects.open().filter(paths.subtree(organization.path, "origin__path"))
    return waiting.sent_by(user, action).select_related("member", "origin").order_by("created_at", "id")


class WithdrawTransfer(AnswerTask):
    """撤回转接申请, by the side that asked."""

    code = "withdraw-transfer"
    title = "撤回转接申请"
    hint = "对方接收之前可以撤回；组织关系没有变化。"
    form_class = WithdrawForm

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if departing(organization, user).exists() else "没有等待对方接收的转接申请。"

    def people(self, request: Request) -> list[Member]:
        return [request.data["transfer"].member]

    def run(self, request: Request, watch: Watch) -> None:
        services.withdraw_transfer(request=request.data["transfer"], answer=request.data["answer"], by=request.by)

    def summary(self, request: Request) -> str:
        return f"撤回转接申请：{request.data['transfer'].member.name}"


class ReaddressForm(TaskForm):
    """Which of one's own requests, and the place in one's own words."""

    transfer = RequestChoice()
    wanted = forms.CharField(
        label="改为转往的党组织",
        max_length=120,
        help_text="填写全称或者统一编码。系统仍不提示它是否存在，请核对准确。",
    )

    def prepare(self) -> None:
        self.fields["transfer"].queryset = departing(self.organization, self.user)


class ReaddressTransfer(WithdrawTransfer):
    """更改转接去向: other words for the place, before anybody accepted."""

    code = "readdress-transfer"
    title = "更改转接去向"
    hint = "去向写错、对方一直没有收到的，在这里改正；介绍信等不变，原收到申请的一方不再能看到。"
    form_class = ReaddressForm

    def run(self, request: Request, watch: Watch) -> None:
        services.readdress_transfer(request=request.data["transfer"], wanted=request.data["wanted"], by=request.by)

    def summary(self, request: Request) -> str:
        return f"更改转接去向：{request.data['transfer'].member.name}"


class OutForm(LeavingForm):
    """Who goes where outside the district, with the letter."""

    destination = forms.CharField(label="转往", max_length=80, help_text="介绍信抬头所写的党组织。")
    on = forms.DateField(
        label="转出日期", initial=timezone.localdate, help_text="对方接收之日，从这一天起不再计入本支部。"
    )
    document_no = forms.CharField(label="介绍信编号", max_length=60)
    basis = None

    field_order = ("person", "destination", "on", "document_no")


class TransferOut(PersonTask):
    """转往区外: the affiliation ends with where to."""

    code = "transfer-out"
    title = "转往区外"
    group = GROUP
    hint = "收到对方的回执后办理；在此之前组织关系仍在本支部。历史记录保留。"
    form_class = OutForm

    def run(self, request: Request, watch: Watch) -> None:
        services.end_membership(
            member=request.data["person"],
            organization=request.organization,
            on=request.on,
            reason=moved_to(request.data["destination"]),
            by=request.by,
        )

    def warnings(self, request: Request) -> list[str]:
        return posts_held(request.data["person"], request.organization, request.by)

    def summary(self, request: Request) -> str:
        return f"转往区外：{request.data['person'].name}转往“{request.data['destination']}”"

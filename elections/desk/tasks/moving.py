"""划转: under another superior, at once or by a request to whoever may."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from elections.desk.choices import OtherForm
from elections.desk.task import Request, Task, TaskForm
from elections.desk.tasks.reorganization import GROUP
from elections.desk.watch import places_below
from elections.models import MoveRequest
from elections.services import reorganization
from orgs import tree
from orgs.days import spoken
from orgs.enums import Action, Kind
from orgs.models import Organization, User
from orgs.namesakes import namesake
from orgs.operations import Watch

NO_RIGHT = "划转须由能够维护划出、划入双方上级的单位办理；您可以“申请划转”，由上级党组织办理。"


class MoveForm(OtherForm):
    """Under which superior, and when."""

    def conditions(self) -> dict:
        return {"kind__in": [kind for kind in Kind if tree.fits(self.organization.kind, kind)]}

    def prepare(self) -> None:
        super().prepare()
        self.fields["other"].queryset = self.fields["other"].queryset.exclude(pk=self.organization.parent_id)
        self.fields["other"].label = "划入的上级党组织"


class Move(Task):
    """划转, with all that stands below."""

    code = "move"
    title = "划转"
    group = GROUP
    hint = "本党组织及其下级一并改变隶属关系，可以划到本系统内其他区；届次、党员、授权随之转移，原上级不再能查看。"
    form_class = MoveForm

    def offered(self, organization: Organization) -> bool:
        return organization.parent_id is not None and organization.closed_on is None

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if user.may(Action.EDIT, organization.parent) else NO_RIGHT

    def concerned(self, request: Request) -> list[Organization]:
        return [request.organization]

    def more_rows(self, request: Request) -> list[QuerySet]:
        # The new superior is held with the others, so that two moves the other way round do not wait for each other.
        return [*places_below([request.organization]), Organization.everything.filter(pk=request.data["other"].pk)]

    def run(self, request: Request, watch: Watch) -> None:
        reorganization.move_organization(
            organization=request.organization,
            to=request.data["other"],
            on=request.on,
            by=request.by,
            document_no=request.data["document_no"],
        )

    def warnings(self, request: Request) -> list[str]:
        moved, to = request.organization, request.data["other"]
        if namesake(moved.name, under=to, but=moved) is None:
            return []
        return [f"“{to.name}”之下已有“{moved.name}”，划入后两个党组织同名，请随后更名。"]

    def summary(self, request: Request) -> str:
        return f"划转：“{request.organization.name}”划入“{request.data['other'].name}”"


class AskForm(TaskForm):
    """Where to, in one's own words."""

    wanted = forms.CharField(
        label="拟划入的上级党组织",
        max_length=120,
        help_text="写明全称，可加统一编码。系统不核对它是否存在，由上级党组织核定。",
    )
    reason = forms.CharField(label="理由", max_length=200)
    wanted_on = forms.DateField(label="拟生效日期", initial=timezone.localdate)
    document_no = forms.CharField(label="批复文号", max_length=60, required=False)


class AskToMove(Task):
    """申请划转: for those who may not change both sides."""

    code = "ask_move"
    title = "申请划转"
    group = GROUP
    hint = "请上级党组织把本党组织划到另一个上级之下；同意之前隶属关系不变。"
    form_class = AskForm

    def offered(self, organization: Organization) -> bool:
        return organization.parent_id is not None and organization.closed_on is None

    def refusal(self, organization: Organization, user: User) -> str:
        if MoveRequest.objects.open().filter(organization=organization).exists():
            return "已有一项划转申请等待答复；需要更改的，请先在“答复划转申请”中撤回。"
        return ""

    def run(self, request: Request, watch: Watch) -> None:
        reorganization.request_move(
            organization=request.organization,
            wanted=request.data["wanted"],
            on=request.data["wanted_on"],
            reason=request.data["reason"],
            document_no=request.data["document_no"],
            by=request.by,
        )

    def summary(self, request: Request) -> str:
        return f"申请划转：“{request.organization.name}”"


class AnswerForm(TaskForm):
    """What was asked for, and why it is not done."""

    asked = forms.CharField(label="申请内容", required=False, disabled=True, widget=forms.Textarea(attrs={"rows": 3}))
    answer = forms.CharField(label="不同意或撤回的理由", max_length=200)

    def prepare(self) -> None:
        found = MoveRequest.objects.open().filter(organization=self.organization).select_related("by").first()
        self.request = found
        if found is not None:
            self.initial["asked"] = (
                f"{found.by.get_full_name()}申请自{spoken(found.on)}起划入“{found.wanted}”。理由：{found.reason}"
            )


class AnswerMove(Task):
    """答复划转申请: declined by the superior, or taken back by who asked; 划转 itself is the yes."""

    code = "answer_move"
    title = "答复划转申请"
    group = GROUP
    hint = "同意的，请直接办理“划转”，申请随之办结；不同意或撤回的，在这里写明理由。"
    form_class = AnswerForm

    def offered(self, organization: Organization) -> bool:
        return organization.parent_id is not None and organization.closed_on is None

    def refusal(self, organization: Organization, user: User) -> str:
        open_request = MoveRequest.objects.open().filter(organization=organization).first()
        if open_request is None:
            return "没有等待答复的划转申请。"
        if open_request.by_id != user.pk and not user.may(Action.EDIT, organization.parent):
            return "划转申请由上级党组织答复，或由申请人撤回。"
        return ""

    def run(self, request: Request, watch: Watch) -> None:
        found = MoveRequest.objects.open().get(organization=request.organization)
        reorganization.answer_move(request=found, answer=request.data["answer"], by=request.by)

    def summary(self, request: Request) -> str:
        return f"不同意或撤回划转申请：“{request.organization.name}”"

"""登记延期批复, 登记指派班子, 宣布选举无效: what the superior decided about a term, entered by hand."""

from django import forms
from django.utils import timezone

from elections.desk.task import DatedTaskForm, Request, TaskForm
from elections.desk.tasks.terms import TermTask, sitting
from elections.services import terms
from orgs.days import spoken
from orgs.enums import ApprovalLevel, ExtensionKind
from orgs.models import Organization, User
from orgs.operations import Watch


class ExtensionForm(TaskForm):
    """One approval of prolonging the sitting term."""

    ends_on = forms.DateField(label="延期至", help_text="含当日。一般不超过原届满日期后一年。")
    approved_on = forms.DateField(label="批复日期", help_text="从这一天起延期生效；届满以后才批复的，此前仍为逾期。")
    document_no = forms.CharField(label="批复文号", max_length=60)
    approved_by = forms.CharField(label="批准机关", max_length=120)
    level = forms.ChoiceField(label="批准层级", choices=ApprovalLevel.choices())
    kind = forms.ChoiceField(label="延期类别", choices=ExtensionKind.choices())
    reason = forms.CharField(label="延期理由", max_length=200)

    def clean_approved_on(self):
        on = self.cleaned_data["approved_on"]
        if on > timezone.localdate():
            raise forms.ValidationError("批复日期不能晚于今天。")
        return on

    def clean(self):
        cleaned = super().clean()
        term = sitting(self.organization)
        if term is not None and cleaned.get("ends_on") and cleaned["ends_on"] <= term.expires_on:
            self.add_error("ends_on", f"须晚于届满日期（{spoken(term.expires_on)}）。")
        return cleaned


class RecordExtension(TermTask):
    """登记延期批复."""

    code = "extension"
    title = "登记延期批复"
    hint = "登记上级对延期换届的批复。延期从原届满日期起算，一般不超过一年；超过的部分须有更高一级党组织的批复。"
    form_class = ExtensionForm

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if sitting(organization) else "没有现任届次，无从延期。请先登记已完成的换届。"

    def run(self, request: Request, watch: Watch) -> None:
        terms.record_extension(term=sitting(request.organization), is_approved=True, by=request.by, **request.data)

    def summary(self, request: Request) -> str:
        return f"登记延期：{request.organization.name}延期至{spoken(request.data['ends_on'])}"


class AppointmentForm(DatedTaskForm):
    """When and by which document the committee was appointed."""

    on = forms.DateField(label="指派日期", help_text="批复或者任命文件的日期，不能晚于今天。")
    document_no = forms.CharField(label="指派文号", max_length=60)
    basis = None


class RecordAppointment(TermTask):
    """登记指派: the superior appoints the committee; no term, not a 届."""

    code = "appointment"
    title = "登记指派班子"
    hint = "登记上级指派班子的文件。指派的班子没有任期，不算一届；条件成熟时应当召开党员大会选举。"
    form_class = AppointmentForm

    def run(self, request: Request, watch: Watch) -> None:
        terms.record_appointment(
            organization=request.organization,
            on=request.on,
            document_no=request.data["document_no"],
            by=request.by,
        )

    def summary(self, request: Request) -> str:
        return f"登记指派：{request.organization.name}（{request.data['document_no']}）"


class VoidForm(TaskForm):
    """Which document declares the sitting term's election void."""

    document_no = forms.CharField(label="宣布无效的文号", max_length=60)
    reason = forms.CharField(label="理由", max_length=150)


class VoidElection(TermTask):
    """宣布选举无效: the term before sits again."""

    code = "void-election"
    title = "宣布选举无效"
    hint = "上级党组织宣布本届选举无效的，本届作废并保留痕迹，上一届恢复为现任；班子成员请随后核对。"
    form_class = VoidForm

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if sitting(organization) else "没有现任届次。"

    def run(self, request: Request, watch: Watch) -> None:
        reason = f"{request.data['document_no']}宣布选举无效：{request.data['reason']}"
        terms.void_term(term=sitting(request.organization), reason=reason, by=request.by)

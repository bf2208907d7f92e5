"""更正届次、延期、任职, and their 复核: wrong facts are put right with a reason, the weighty ones by two people."""

from django import forms
from django.apps import apps
from django.utils import timezone

from elections.desk.holders import NAME_HELP, holder
from elections.desk.task import Request, Task, TaskForm
from elections.models import Correction, Extension, Post, Term
from elections.services.corrections import VOID, correct, decide
from orgs.days import spoken
from orgs.enums import ApprovalLevel, ElectionMethod, Title
from orgs.models import Organization, User
from orgs.operations import Watch
from orgs.wording import change_words

GROUP = "更正"
UNCHANGED = "（不改）"
ONLY = "只填写需要更正的项目，其余留空。"
SECOND = "须由另一个账号复核后才生效；已经发布、结账的数字不改，另出更正说明。"


class RecordChoice(forms.ModelChoiceField):
    """One record of the organization, sent as its uid."""

    def __init__(self, words, **kwargs):
        super().__init__(None, to_field_name="uid", **kwargs)
        self.words = words
        self.error_messages["invalid_choice"] = "请从列表中选择。"

    def label_from_instance(self, record) -> str:
        return self.words(record)


class CorrectionForm(TaskForm):
    """Which record, what of it is wrong, and why."""

    reason = forms.CharField(label="更正理由", max_length=200, help_text="写明错在哪里、依据什么材料。")
    void = forms.BooleanField(label="这条记录是误录的，整条作废", required=False)

    def clean(self):
        cleaned = super().clean()
        names = [name for name in self.fields if name not in ("record", "reason", "void")]
        changes = {name: cleaned[name] for name in names if cleaned.get(name) not in (None, "")}
        if cleaned.get("void"):
            changes = {VOID: True}
        if not changes and not self.errors:
            self.add_error(None, "请填写需要更正的项目，或者勾选整条作废。")
        cleaned["changes"] = changes
        return cleaned


class CorrectionTask(Task):
    """A task that corrects one record of an organization."""

    group = GROUP

    def refusal(self, organization: Organization, user: User) -> str:
        if Correction.objects.waiting().filter(organization=organization).exists():
            return "已有一项更正等待复核，请先办理“复核更正”。"
        records = self.form_class(organization=organization, user=user).fields["record"].queryset
        return "" if records.exists() else "没有可以更正的记录。"

    def run(self, request: Request, watch: Watch) -> None:
        data = request.data
        correct(record=data["record"], changes=data["changes"], reason=data["reason"], by=request.by)

    def summary(self, request: Request) -> str:
        return f"{self.title}：{request.organization.name}"


class CorrectTermForm(CorrectionForm):
    """What may be wrong with a term."""

    field_order = ("record", "elected_on")

    record = RecordChoice(lambda term: f"{spoken(term.elected_on, term.elected_on_precision)}换届的一届", label="届次")
    elected_on = forms.DateField(label="选举日期", required=False, help_text="届满日期随之重新计算。")
    ordinal = forms.IntegerField(label="届次（第几届）", required=False, min_value=1, max_value=99)
    method = forms.ChoiceField(label="选举方式", required=False, choices=[("", UNCHANGED), *ElectionMethod.choices()])
    stated_years = forms.IntegerField(label="任期（年）", required=False, min_value=1, max_value=9)
    document_no = forms.CharField(label="批复文号", max_length=60, required=False)
    early_approved_on = forms.DateField(label="提前换届批复日期", required=False)
    early_document_no = forms.CharField(label="提前换届批复文号", max_length=60, required=False)

    def prepare(self) -> None:
        terms = Term.objects.visible_to(self.user).of_committees().filter(organization=self.organization)
        self.fields["record"].queryset = terms.order_by("-elected_on")


class CorrectTerm(CorrectionTask):
    """更正届次."""

    code = "correct-term"
    title = "更正届次"
    hint = f"{ONLY}更正选举日期或者整条作废的，{SECOND}"
    form_class = CorrectTermForm


class CorrectExtensionForm(CorrectionForm):
    """What may be wrong with an extension."""

    field_order = ("record", "ends_on")

    record = RecordChoice(lambda each: f"延期至{spoken(each.ends_on)}（{each.document_no or '无文号'}）", label="延期")
    ends_on = forms.DateField(label="延期至", required=False)
    approved_on = forms.DateField(label="批复日期", required=False)
    document_no = forms.CharField(label="批复文号", max_length=60, required=False)
    approved_by = forms.CharField(label="批准机关", max_length=120, required=False)
    level = forms.ChoiceField(label="批准层级", required=False, choices=[("", UNCHANGED), *ApprovalLevel.choices()])

    def prepare(self) -> None:
        extensions = Extension.objects.visible_to(self.user).filter(term__organization=self.organization)
        self.fields["record"].queryset = extensions.filter(term__voided_at__isnull=True).order_by("-ends_on", "id")


class CorrectExtension(CorrectionTask):
    """更正延期."""

    code = "correct-extension"
    title = "更正延期"
    hint = f"{ONLY}延期的更正{SECOND}"
    form_class = CorrectExtensionForm


class CorrectPostForm(CorrectionForm):
    """What may be wrong with a post."""

    field_order = ("record", "title")

    record = RecordChoice(lambda post: f"{post.get_title_display()} {post.holder_name}", label="任职")
    title = forms.ChoiceField(label="职务", required=False, choices=[("", UNCHANGED), *Title.choices()])
    holder_name = forms.CharField(label="姓名", max_length=70, required=False, help_text=NAME_HELP)
    since = forms.DateField(label="任职日期", required=False)
    until = forms.DateField(label="免职日期", required=False, help_text="从这一天起不再任职。")

    def prepare(self) -> None:
        posts = Post.objects.visible_to(self.user).filter(organization=self.organization)
        self.fields["record"].queryset = posts.order_by("-since", "id")

    def clean(self):
        cleaned = super().clean()
        if "holder_name" in cleaned["changes"]:
            record = cleaned.get("record")
            began = record.since if record is not None else None
            person = holder(self, "holder_name", on=began or timezone.localdate())
            if person is not None:
                cleaned["changes"] |= {"holder_name": person[0], "member": person[1]}
        return cleaned


class CorrectPost(CorrectionTask):
    """更正任职."""

    code = "correct-post"
    title = "更正班子成员任职"
    hint = f"{ONLY}立即生效，原值保留在办理记录中。"
    form_class = CorrectPostForm


class DecisionForm(TaskForm):
    """What is to be corrected, and the answer of the second person."""

    asked = forms.CharField(label="更正内容", required=False, disabled=True, widget=forms.Textarea(attrs={"rows": 4}))
    is_granted = forms.TypedChoiceField(
        label="复核结果",
        choices=[("yes", "同意，更正生效"), ("no", "不同意，或者撤回")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label="复核意见", max_length=200, required=False, help_text="不同意或者撤回的，写明理由。")

    def prepare(self) -> None:
        found = waiting(self.organization, self.user)
        if found is not None:
            self.initial["asked"] = "\n".join(asked_words(found))

    def clean(self):
        cleaned = super().clean()
        found = waiting(self.organization, self.user)
        granted = cleaned.get("is_granted")
        if granted is False and not cleaned.get("answer"):
            self.add_error("answer", "请写明不同意或者撤回的理由。")
        if granted and found is not None and found.by_id == self.user.pk:
            self.add_error("is_granted", "这项更正是您提出的，须由另一个账号复核；您可以撤回。")
        return cleaned


class DecideCorrection(Task):
    """复核更正."""

    code = "decide-correction"
    title = "复核更正"
    group = GROUP
    hint = "选举日期、延期的更正由提出人以外的账号复核；同意后立即生效，不同意的写明理由。"
    form_class = DecisionForm

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if waiting(organization, user) else "没有等待复核的更正。"

    def run(self, request: Request, watch: Watch) -> None:
        decide(
            correction=waiting(request.organization, request.by),
            is_granted=request.data["is_granted"],
            answer=request.data["answer"],
            by=request.by,
        )

    def summary(self, request: Request) -> str:
        return f"复核更正：{request.organization.name}（{'同意' if request.data['is_granted'] else '不同意或撤回'}）"


def waiting(organization: Organization, user: User) -> Correction | None:
    """The correction of an organization that waits for a second person, where the user may see it."""
    found = Correction.objects.waiting().visible_to(user).filter(organization=organization)
    return found.select_related("by").first()


def asked_words(correction: Correction) -> list[str]:
    """What a correction would change, and who asked for it why."""
    return [
        f"{correction.subject}：",
        *words(correction),
        f"理由：{correction.reason}（{correction.by.get_full_name()}提出）",
    ]


def words(correction: Correction) -> list[str]:
    """What a correction changes, one line per field: old → new."""
    lines = []
    fields = {field.name: field for field in apps.get_model(correction.table)._meta.concrete_fields}
    for name, value in correction.after.items():
        if name == VOID:
            lines.append("整条作废")
            continue
        if fields[name].is_relation:
            continue  # told by the name beside it
        lines.append(change_words(fields[name], correction.before[name], value))
    return lines

"""One thing an official can do at an organization, and the form that asks for what it needs."""

from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from elections.desk.watch import rows_of
from members.models import Member
from orgs.days import FIRST_DAY
from orgs.models import Organization, User
from orgs.operations import Watch


class TaskForm(forms.Form):
    """What a task asks for at `organization`; `user` limits every choice to what they may see or change."""

    def __init__(self, *args, organization: Organization, user: User, **kwargs):
        super().__init__(*args, **kwargs)
        self.organization, self.user = organization, user
        self.prepare()
        for each in self.fields.values():
            widget = each.widget
            if isinstance(widget, forms.Select) and not isinstance(widget, forms.RadioSelect):
                widget.attrs.setdefault("class", "form-select")
            elif isinstance(widget, forms.DateInput):
                # As an attribute it would stand behind type="text", and the browser takes the first.
                widget.input_type = "date"
                widget.attrs["class"] = "form-control"
                widget.format = "%Y-%m-%d"
            elif isinstance(widget, forms.TextInput | forms.Textarea | forms.NumberInput):
                widget.attrs.setdefault("class", "form-control")

    def prepare(self) -> None:
        """Limit choices and set first values; for subclasses."""


class DatedTaskForm(TaskForm):
    """A task with a day from which it holds and the document it rests on."""

    on = forms.DateField(label="生效日期", initial=timezone.localdate, help_text="一般是批复日期，不能晚于今天。")
    document_no = forms.CharField(label="批复文号", max_length=60, required=False)
    basis = forms.CharField(label="依据说明", max_length=200, required=False)

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("生效日期不能晚于今天，请到那一天再办理。")
        if on < FIRST_DAY:
            raise forms.ValidationError("生效日期有误，请核对年份。")
        return on


@dataclass(frozen=True)
class Request:
    """A task asked for at an organization: by whom, with which cleaned form."""

    organization: Organization
    by: User
    data: dict = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The day from which it holds: the form's, else today."""
        return self.data.get("on") or timezone.localdate()


class Task:
    """One thing that can be done at an organization; subclasses say how, one instance stands in the registry."""

    # In the address and in Operation.kind; never changed once used.
    code: ClassVar[str]
    title: ClassVar[str]
    # The heading in the menu 「办理」.
    group: ClassVar[str]
    # One sentence above the form: what it does, and what it does not.
    hint: ClassVar[str] = ""
    form_class: ClassVar[type[TaskForm]]
    # Fields whose first value the address may give, so that a list can lead here for one of its rows.
    from_address: ClassVar[tuple[str, ...]] = ()

    def refusal(self, organization: Organization, user: User) -> str:
        """Why it cannot be done at this organization, as a sentence; empty when it can. Asked for every menu."""
        return ""

    def offered(self, organization: Organization) -> bool:
        """Whether it makes sense for this kind of organization at all; else it stands in no menu."""
        return True

    def initial(self, organization: Organization) -> dict:
        """First values of the form."""
        return {}

    def concerned(self, request: Request) -> list[Organization]:
        """The organizations whose ledger the check page shows before and after, besides those that are founded."""
        return [request.organization]

    def people(self, request: Request) -> list[Member]:
        """The people whose rows may be written."""
        return []

    def more_rows(self, request: Request) -> list[QuerySet]:
        """Rows that may be written beyond those of the organizations concerned and the people."""
        return []

    def watch(self, request: Request) -> Watch:
        """All rows that may be written."""
        rows = rows_of(organizations=self.concerned(request), members=self.people(request))
        return Watch([*rows, *self.more_rows(request)])

    def run(self, request: Request, watch: Watch) -> None:
        """Call the services; what it founds is told to `watch`. ValidationError where it cannot be done."""
        raise NotImplementedError

    def summary(self, request: Request) -> str:
        """One sentence for lists: what was done to which organization."""
        return f"{self.title}：{request.organization.name}"

    def warnings(self, request: Request) -> list[str]:
        """Sentences to heed before confirming that no rule of the ledger says."""
        return []

    def depending(self, operation) -> list[str]:
        """What depends on the operation as a whole and not on one of its rows, one sentence each."""
        return []

"""填写换届计划, 启动换届, 确定选举日: the case of a general election in its smallest form."""

from datetime import date

from django import forms
from django.utils import timezone

from elections.desk.task import DatedTaskForm, Request, TaskForm
from elections.desk.tasks.terms import TermTask, open_elections, sitting
from elections.rules.dated import add_years
from elections.services.election import open_election, set_election_day
from elections.services.terms import plan_election
from orgs.days import FIRST_DAY, spoken
from orgs.models import Organization, User
from orgs.operations import Watch

# A day of the vote further away is a slip.
FARTHEST_YEARS = 5


def checked_day(day: date) -> date:
    """The day of a vote; ValidationError for one that can only be a slip."""
    if not FIRST_DAY <= day <= add_years(timezone.localdate(), FARTHEST_YEARS):
        raise forms.ValidationError("选举日有误，请核对年份。")
    return day


class OpenForm(DatedTaskForm):
    """The start of a general election."""

    field_order = ("on", "election_day")

    on = forms.DateField(label="启动日期", initial=timezone.localdate)
    election_day = forms.DateField(label="选举日", required=False, help_text="尚未确定的可以不填，确定后再补。")
    document_no = basis = None

    def clean_election_day(self):
        day = self.cleaned_data["election_day"]
        return checked_day(day) if day is not None else None


class OpenElection(TermTask):
    """启动换届."""

    code = "open-election"
    title = "启动换届"
    hint = "启动后、选举日以前且未过届满（延期）日期的，台账状态为“换届中”；已经逾期的仍为逾期，注明“已启动”。"
    form_class = OpenForm

    def refusal(self, organization: Organization, user: User) -> str:
        running = open_elections(organization).first()
        if running is None:
            return ""
        return f"已有一项{spoken(running.opened_on)}启动的换届选举正在进行，请先办结，或者“确定选举日”。"

    def run(self, request: Request, watch: Watch) -> None:
        open_election(
            organization=request.organization,
            opened_on=request.on,
            election_day=request.data["election_day"],
            by=request.by,
        )


class DayForm(TaskForm):
    """The day of the vote."""

    election_day = forms.DateField(label="选举日", help_text="召开党员大会或者党员代表大会选举的日期。")

    def clean_election_day(self):
        return checked_day(self.cleaned_data["election_day"])


class FixElectionDay(TermTask):
    """确定选举日."""

    code = "election-day"
    title = "确定选举日"
    hint = "确定或者更改正在进行的换届的选举日。选举日过后请登记结果，否则台账提示“结果待录”。"
    form_class = DayForm

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if open_elections(organization).exists() else "没有正在进行的换届选举，请先启动换届。"

    def initial(self, organization: Organization) -> dict:
        running = open_elections(organization).first()
        return {"election_day": running.election_day} if running else {}

    def run(self, request: Request, watch: Watch) -> None:
        running = open_elections(request.organization).get()
        set_election_day(election=running, election_day=request.data["election_day"], by=request.by)


class PlanForm(TaskForm):
    """When the election is planned, and why it is late."""

    planned_on = forms.DateField(label="计划换届时间", required=False)
    overdue_reason = forms.CharField(label="未换届原因", max_length=200, required=False)

    def clean_planned_on(self):
        day = self.cleaned_data["planned_on"]
        return checked_day(day) if day is not None else None


class PlanElection(TermTask):
    """填写换届计划 of the sitting term (TERM-22)."""

    code = "plan"
    title = "填写换届计划"
    hint = "填写计划换届时间和未换届原因，供上级掌握进度；不改变台账状态。"
    form_class = PlanForm

    def refusal(self, organization: Organization, user: User) -> str:
        return "" if sitting(organization) else "没有现任届次，请先登记已完成的换届。"

    def initial(self, organization: Organization) -> dict:
        term = sitting(organization)
        return {name: getattr(term, name) for name in ("planned_on", "overdue_reason")} if term else {}

    def run(self, request: Request, watch: Watch) -> None:
        plan_election(
            term=sitting(request.organization),
            planned_on=request.data["planned_on"],
            overdue_reason=request.data["overdue_reason"],
            by=request.by,
        )

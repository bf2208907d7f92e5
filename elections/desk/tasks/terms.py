"""登记已完成的换届, 补录历届: elections that have taken place, entered by hand."""

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from elections.desk.dependents import later_rows
from elections.desk.holders import add_seat_fields, seated, strangers
from elections.desk.task import DatedTaskForm, Request, Task
from elections.models import Election, Term
from elections.rules.state import has_no_term
from elections.services import terms
from elections.services.election import close_election
from elections.services.posts import seat_committee
from orgs.days import spoken
from orgs.enums import Body, ElectionMethod, ElectionStage, Form, Kind
from orgs.models import Organization
from orgs.operations import Watch

GROUP = "届次与换届"


def has_terms(organization: Organization) -> bool:
    """Whether it exists and is of a kind and form that hold term elections at all (rules: 不适用)."""
    kind, form = Kind(organization.kind), Form(organization.form)
    without = has_no_term(kind, form, holds_affiliations=organization.holds_affiliations)
    return not without and organization.closed_on is None


def sitting(organization: Organization) -> Term | None:
    """The sitting term of the committee today."""
    current = Term.objects.of_committees().current(timezone.localdate())
    return current.filter(organization=organization).first()


class TermTask(Task):
    """A task about the terms of an organization that has some."""

    group = GROUP

    def offered(self, organization: Organization) -> bool:
        return has_terms(organization)

    def depending(self, operation) -> list[str]:
        return later_rows(operation)


class ElectedForm(DatedTaskForm):
    """An election that has taken place: the day, how, by which 批复, and who was elected."""

    field_order = ("on", "ordinal", "method", "years", "document_no")

    on = forms.DateField(label="选举日期", help_text="党员大会或者党员代表大会选举产生委员会的日期，不是批复日期。")
    ordinal = forms.IntegerField(label="届次", required=False, min_value=1, max_value=99, help_text="第几届，可不填。")
    method = forms.ChoiceField(
        label="选举方式", required=False, choices=[("", "（不清楚）"), *ElectionMethod.choices()]
    )
    years = forms.IntegerField(
        label="任期（年）",
        required=False,
        min_value=1,
        max_value=9,
        help_text="不填按规定计算；与规定不同的，须有批复文号。",
    )
    document_no = forms.CharField(label="批复文号", max_length=60, required=False)
    early_approved_on = forms.DateField(label="提前换届批复日期", required=False, help_text="没有提前换届的不填。")
    early_document_no = forms.CharField(label="提前换届批复文号", max_length=60, required=False)

    def prepare(self) -> None:
        add_seat_fields(self)

    def clean(self):
        cleaned = super().clean()
        if (on := cleaned.get("on")) is not None:
            cleaned["people"] = seated(self, on=on)
            taken = Term.objects.of_committees().filter(organization=self.organization, elected_on=on).exists()
            if taken:
                self.add_error("on", f"{spoken(on)}的换届选举已登记，请核对日期。")
        return cleaned


class Elected(TermTask):
    """What registering an election has in common, the latest one or one of the past."""

    form_class = ElectedForm

    def run(self, request: Request, watch: Watch) -> None:
        data = request.data
        term = terms.record_term(
            organization=request.organization,
            elected_on=request.on,
            ordinal=data["ordinal"],
            stated_years=data["years"],
            document_no=data["document_no"],
            early_approved_on=data["early_approved_on"],
            early_document_no=data["early_document_no"],
            method=data["method"],
            is_backfilled=True,
            by=request.by,
        )
        if data["people"]:
            seat_committee(
                organization=request.organization, on=request.on, until=term.until, people=data["people"], by=request.by
            )

    def warnings(self, request: Request) -> list[str]:
        return strangers(request.data["people"])


class RegisterElection(Elected):
    """登记已完成的换届: the latest election, held on paper."""

    code = "register-election"
    title = "登记已完成的换届"
    hint = "线下已经选举完毕的，登记选举日期、批复和班子；正在进行的换届随之办结为“线下完成”，原班子成员卸任。"

    def initial(self, organization: Organization) -> dict:
        now = sitting(organization)
        return {"ordinal": now.ordinal + 1} if now and now.ordinal else {}

    def run(self, request: Request, watch: Watch) -> None:
        super().run(request, watch)
        for election in open_elections(request.organization):
            if election.opened_on < request.on:
                close_election(election=election, closed_on=request.on, by=request.by, stage=ElectionStage.OFFLINE)

    def warnings(self, request: Request) -> list[str]:
        early = [each for each in open_elections(request.organization) if each.opened_on >= request.on]
        lines = [f"{spoken(each.opened_on)}启动的换届选举晚于这次选举，不会随之办结，请核对。" for each in early]
        if not request.data["people"]:
            lines.append("没有填写班子成员：原班子成员仍列为现任，请随后任免或者导入班子成员名册。")
        return [*lines, *super().warnings(request)]

    def summary(self, request: Request) -> str:
        return f"登记换届：{request.organization.name}于{spoken(request.on)}选举"


class PastForm(ElectedForm):
    """An election before the sitting term's."""

    def clean(self):
        cleaned = super().clean()
        now = sitting(self.organization)
        if now is None:
            self.add_error(None, "还没有登记现任的届次，请先办理“登记已完成的换届”。")
        elif cleaned.get("on") and now.elected_on <= cleaned["on"]:
            self.add_error("on", f"补录历届只能早于现任一届的选举日期（{spoken(now.elected_on)}）。")
        return cleaned


class RecordPastTerm(Elected):
    """补录历届: an earlier term, so that the history of being on time is whole."""

    code = "past-term"
    title = "补录历届"
    hint = "补录现任以前的届次，用于核对历次换届是否按期；现任一届和今天的状态不变。"
    form_class = PastForm

    def summary(self, request: Request) -> str:
        return f"补录历届：{request.organization.name}于{spoken(request.on)}选举"


def open_elections(organization: Organization) -> QuerySet:
    """General elections of the committee that were never closed."""
    return Election.objects.general().filter(organization=organization, closed_on__isnull=True, body=Body.COMMITTEE)

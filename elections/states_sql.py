"""The state of every organization on a day as one SQL expression: `elections/rules/state.py` a second time.

It exists so that millions of organizations can be filtered, sorted and counted in the database, and decides
nothing of its own: it compares stored days with cut-off days computed in Python from the same parameters.
tests/elections/test_states_sql.py keeps both equal; change neither alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Abs, Coalesce
from django.db.models.lookups import Exact, IsNull, LessThan

from elections.models import Appointment, Election, Extension, Term
from elections.rules.dated import (
    earliest_within_months,
    latest_expired_longer_than,
    latest_with_lead_reached,
    period_start,
)
from elections.rules.parameters import Law
from elections.rules.state import FORMS_WITHOUT_TERM, KINDS_WITHOUT_TERM
from orgs.enums import Body, ElectionKind, Form, Mark, Precision, State
from orgs.models import OrganizationChange
from orgs.prepared import Prepared
from orgs.timespans import DaysBetween

DATED_FIELDS = ("kind", "form", "unit_type")

MARK_FIELDS = {
    "is_new": Mark.NEW,
    "is_started": Mark.STARTED,
    "is_result_missing": Mark.RESULT_MISSING,
    "is_day_uncertain": Mark.DAY_UNCERTAIN,
}
"""The annotated booleans and the marks they stand for."""

FIELDS = ("state", "days", "expires_on", "extended_to", "inspection", *MARK_FIELDS)
"""What `with_state` can add."""

STATE_VALUES = {each: Value(each.value, CharField()) for each in State}


@dataclass(frozen=True)
class Cutoffs:
    """The days that stored days are compared with, for the ledger of one day."""

    on: date
    law: Law = field(default_factory=Law.builtin)

    @property
    def due_soon(self) -> date:
        """The latest expiry whose reminder day is reached."""
        return latest_with_lead_reached(self.on, self.law.reminder_lead_months.on(self.on).value)

    @property
    def inspection(self) -> date:
        """The latest expiry that the special inspection counts as not on time."""
        return latest_expired_longer_than(self.on, self.law.inspection_years.on(self.on).value)

    @property
    def first_election(self) -> date:
        """The earliest founding or conversion that leaves time for the first election."""
        return earliest_within_months(self.on, self.law.first_election_months.on(self.on).value)


def with_state(
    organizations: QuerySet, *, on: date, law: Law | None = None, fields: Iterable[str] = FIELDS
) -> QuerySet:
    """Organizations annotated with their state on a day; exactly one row each, in one query.

    Adds those of FIELDS that are asked for (each costs time to put into words): `state`, `days`, `expires_on`,
    `extended_to`, `inspection` and the booleans of MARK_FIELDS, which mean what the fields of `rules.state.StateOn`
    mean; and always `kind_on`, `form_on` and `unit_type_on`, which are the values of that day. A later filter on
    `expires_on` uses the index of that column.
    """
    expressions = _Expressions(Cutoffs(on, law or Law.builtin()))
    organizations = _with_values_of_the_day(organizations, on).annotate(sitting=_sitting_term(on))
    return organizations.annotate(**{name: getattr(expressions, name)() for name in fields})


class _Expressions:
    """The expression of each of FIELDS over organizations with their sitting term."""

    def __init__(self, cutoffs: Cutoffs):
        self.cutoffs = cutoffs
        self.on = cutoffs.on

    def state(self):
        return _state(self.cutoffs)

    def days(self):
        return Abs(DaysBetween(end_of_term(self.on), Value(self.on, DateField())))

    def expires_on(self):
        return F("sitting__expires_on")

    def extended_to(self):
        return _extended_to(self.on)

    def inspection(self):
        return flag(Q(sitting__expires_on__lte=self.cutoffs.inspection))

    def is_new(self):
        return flag(Q(sitting__ordinal=1, sitting__expires_on__gte=self.on))

    def is_started(self):
        return flag(Q(LessThan(end_of_term(self.on), self.on)) & any_of(undecided_elections(self.on)))

    def is_result_missing(self):
        return flag(~_not_existing(self.on) & ~no_term() & result_missing(self.on))

    def is_day_uncertain(self):
        has_term = Q(sitting__isnull=False)
        return flag(
            (has_term & ~Q(sitting__elected_on_precision=Precision.DAY))
            | (has_term & ~Q(sitting__expires_on_precision=Precision.DAY))
        )


def overdue(organizations: QuerySet, *, on: date) -> QuerySet:
    """Those of the organizations that are overdue on the day: what `in_states` finds for that state, in fewer words.

    The organizations must exist on the day.
    """
    organizations = _with_values_of_the_day(organizations, on).annotate(sitting=_sitting_term(on))
    return organizations.filter(Q(LessThan(end_of_term(on), on)), sitting__expires_on__lt=on)


def in_states(organizations: QuerySet, states, *, on: date, law: Law | None = None) -> QuerySet:
    """Those of the organizations annotated by `with_state` (same day, same law) that are in one of the states.

    Where all of them lie in one range of expiry days, says so as well: the index of that day then finds the rows.
    """
    states = list(states)
    ranges = [_expiry_range(State(each), Cutoffs(on, law or Law.builtin())) for each in states]
    organizations = organizations.filter(state__in=states)
    if ranges and None not in ranges:
        condition = Q()
        for each in ranges:
            condition |= each
        organizations = organizations.filter(condition)
    return organizations


def state_rank(order: Sequence[State], *, on: date, law: Law | None = None) -> Case:
    """The place of the state in `order`, others last, to sort organizations annotated by `with_state` (same day)."""
    places = {each: place for place, each in enumerate(order)}
    ranks = {each: Value(places.get(each, len(places)), IntegerField()) for each in State}
    return _state(Cutoffs(on, law or Law.builtin()), ranks)


def end_of_term(on: date) -> Coalesce:
    """The end of the extension in force, without one the expiry, of organizations annotated by `with_state`."""
    return Coalesce(_extended_to(on), F("sitting__expires_on"))


def marks_of(organization) -> frozenset[Mark]:
    """The marks of one row that `with_state` annotated."""
    return frozenset(mark for name, mark in MARK_FIELDS.items() if getattr(organization, name))


def _with_values_of_the_day(organizations: QuerySet, on: date) -> QuerySet:
    """Annotate `kind_on` …: what stood before the first change after the day, where there is such a change at all.

    And `converted_by`: the day of the latest conversion up to the day.
    """
    later = OrganizationChange.objects.filter(on__gt=on)
    changed = {name for (name,) in CHANGED_LATER.rows(on=on)}
    values = {}
    for name in DATED_FIELDS:
        today = F(name)
        before = later.filter(organization=OuterRef("pk"), field=name).order_by("on", "id").values("before")[:1]
        values[f"{name}_on"] = Coalesce(Subquery(before), today, output_field=CharField()) if name in changed else today
    return organizations.annotate(**values, converted_by=_converted_by(on, "converted_on" in changed))


def _changed_later(on: date) -> QuerySet:
    noted = OrganizationChange.objects.filter(on__gt=on, field__in=[*DATED_FIELDS, "converted_on"])
    return noted.order_by().values_list("field").distinct()


# Which of the dated fields changed anywhere after a day: asked before each state is put into words.
CHANGED_LATER = Prepared(_changed_later, on=date.min)


def _converted_by(on: date, several: bool) -> Case:
    """The day of the latest conversion up to the day; an earlier one is asked for only where a later one may be."""
    latest = When(converted_on__lte=on, then=F("converted_on"))
    if not several:
        return Case(latest, output_field=DateField())
    earlier = OrganizationChange.objects.filter(organization=OuterRef("pk"), field="converted_on", on__lte=on)
    return Case(latest, default=Subquery(earlier.order_by("-on").values("on")[:1]), output_field=DateField())


def _not_existing(on: date) -> Q:
    return Q(founded_on__gt=on) | Q(closed_on__lte=on)


def no_term() -> Q:
    """The condition that an organization annotated by `with_state` has no term by its kind or form of the day."""
    return (
        Q(kind_on__in=KINDS_WITHOUT_TERM)
        | Q(form_on__in=FORMS_WITHOUT_TERM)
        | Q(form_on=Form.MOBILE, holds_affiliations=False)
    )


def _sitting_term(on: date) -> FilteredRelation:
    """The term of an organization that exists and has terms; at most one, as each ends where the next begins."""
    return FilteredRelation(
        "terms",
        condition=Q(terms__voided_at__isnull=True, terms__body=Body.COMMITTEE, terms__elected_on__lte=on)
        & (Q(terms__until__isnull=True) | Q(terms__until__gt=on))
        & ~_not_existing(on)
        & ~no_term(),
    )


def _extended_to(on: date) -> Case:
    """End of the extension in force: the one stored on the term once it works, before that the step of that day."""
    steps = (
        Extension.objects.filter(term=OuterRef("sitting__id"), effective_on__lte=on)
        .order_by("-effective_on", "-counts_until")
        .values("counts_until")[:1]
    )
    return Case(
        When(sitting__extension_effective_on__lte=on, then=F("sitting__extended_until")),
        When(sitting__extension_effective_on__gt=on, then=Subquery(steps)),
        output_field=DateField(),
    )


def undecided_elections(on: date) -> QuerySet:
    """Open general elections of the organization (the outer query's row) whose new term is not there yet."""
    result = Term.objects.filter(
        organization=OuterRef("organization"),
        body=Body.COMMITTEE,
        elected_on__gte=OuterRef("opened_on"),
        elected_on__lte=on,
    )
    return Election.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gt=on),
        ~Exists(result),
        organization=OuterRef("pk"),
        kind=ElectionKind.GENERAL,
        body=Body.COMMITTEE,
        opened_on__lte=on,
    )


def election_to_come(on: date) -> Q:
    """The condition that an open general election has its day before it; with no overdue term that is 换届中."""
    return any_of(undecided_elections(on).filter(Q(election_day__isnull=True) | Q(election_day__gt=on)))


def result_missing(on: date) -> Q:
    """The condition that the day of an open general election has passed without a result (P-08)."""
    return any_of(undecided_elections(on).filter(election_day__lt=on))


def valid_appointments(on: date) -> QuerySet:
    """The appointments of the organization (the outer query's row) that count on the day."""
    # An appointment from before a conversion that has happened concerned the former body.
    return (
        Appointment.objects.filter(organization=OuterRef("pk"), on__lte=on, document_no__gt="")
        .alias(converted_by=ExpressionWrapper(OuterRef("converted_by"), DateField()))
        .filter(Q(converted_by__isnull=True) | Q(on__gte=F("converted_by")))
    )


def may_await_first(cutoffs: Cutoffs) -> Q:
    """The condition that an organization without a term may still wait for its first election."""
    on, earliest = cutoffs.on, cutoffs.first_election
    founded = Q()
    for precision in Precision:
        founded |= Q(founded_on_precision=precision, founded_on__gte=period_start(earliest, precision))
    return founded | Q(converted_by__gte=earliest) | any_of(valid_appointments(on))


def _state(cutoffs: Cutoffs, values: Mapping[State, Value] = STATE_VALUES) -> Case:
    """The value of the state: that of `rules.state`, in an order in which each question is asked once.

    An end before the day can only be that of a sitting term, so OVERDUE may stand before the question of elections;
    what is not overdue is in election when one is open, with or without a term.
    """
    on = cutoffs.on
    without_term = Q(sitting__isnull=True)
    return Case(
        When(_not_existing(on), then=values[State.NOT_EXISTING]),
        When(no_term(), then=values[State.NO_TERM]),
        When(LessThan(end_of_term(on), on), then=values[State.OVERDUE]),
        When(election_to_come(on), then=values[State.IN_ELECTION]),
        When(without_term & may_await_first(cutoffs), then=values[State.AWAITING_FIRST]),
        When(without_term, then=values[State.NO_DATA]),
        When(sitting__expires_on__lt=on, then=values[State.EXTENDED]),
        When(sitting__expires_on__lte=cutoffs.due_soon, then=values[State.DUE_SOON]),
        default=values[State.IN_TERM],
    )


def _expiry_range(state: State, cutoffs: Cutoffs) -> Q | None:
    """The expiry days that a state implies; None where it implies none."""
    if state in (State.OVERDUE, State.EXTENDED):
        return Q(expires_on__lt=cutoffs.on)
    if state == State.DUE_SOON:
        return Q(expires_on__gte=cutoffs.on, expires_on__lte=cutoffs.due_soon)
    if state == State.IN_TERM:
        return Q(expires_on__gt=cutoffs.due_soon)
    return None


def any_of(queryset: QuerySet) -> Q:
    """The condition that a correlated queryset has a row.

    Not EXISTS: PostgreSQL may turn that into a hash of the rows of the whole country, even for a page of fifty.
    """
    return Q(IsNull(Subquery(queryset.order_by().values("pk")[:1]), False))


def flag(condition: Q) -> Case:
    """A condition as a boolean that is never null."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def opposite(condition: Q) -> Q:
    """A condition turned round, also where its columns are null.

    Written so that Django does not ask for the columns of the sitting term in a query of their own, as it would for ~Q.
    """
    return Q(Exact(flag(condition), False))

"""Findings on the sitting term as SQL: `rules/tenure.py` a second time.

What needs calendar arithmetic between two columns (early, late, over the cap …) was judged when it was recorded and
stands on the rows (`rules.approvals`, `services.terms.derive`); the rest compares stored days with cut-offs.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import F, OuterRef, Q
from django.db.models.lookups import LessThan

from elections.findings_sql import lengths
from elections.findings_sql.scope import Found, Scope
from elections.models import Extension, Term
from elections.rules.dated import latest_reaching
from elections.states_sql import (
    Cutoffs,
    any_of,
    election_to_come,
    end_of_term,
    may_await_first,
    opposite,
    result_missing,
    undecided_elections,
    valid_appointments,
)
from orgs.enums import Form, Kind, Precision, Severity, Timing

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
INEXACT = tuple(each for each in Precision if each != Precision.DAY)
EARLY = (Timing.EARLY, Timing.TOO_EARLY)


def tenure(scope: Scope) -> Iterator[Found]:
    """Findings that follow from terms, extensions, elections and appointments alone."""
    yield from _should_not_elect(scope)
    yield scope.found("P-08", "result_missing", WARNING, result_missing(scope.on))
    yield from _first_election(scope)
    yield from _deadline(scope)
    yield from _extensions(scope)
    yield from _length(scope)
    yield from _days(scope)
    yield from _follows(scope)


def _should_not_elect(scope: Scope) -> Iterator[Found]:
    on = scope.on
    # `sitting` is there for organizations that have terms; these should have none.
    terms = Term.objects.filter(organization=OuterRef("pk")).of_committees().current(on)
    recorded = any_of(terms) | any_of(undecided_elections(on))
    by_kind = {"ORG-24": Kind.WORKING_COMMITTEE, "TERM-24": Kind.LOCAL_COMMITTEE}
    for rule_id, kind in by_kind.items():
        yield scope.found_without_term(rule_id, "term_recorded", WARNING, Q(kind_on=kind) & recorded)
    temporary = Q(form_on=Form.TEMPORARY) & ~Q(kind_on__in=by_kind.values())
    yield scope.found_without_term("ORG-06", "term_recorded", WARNING, temporary & recorded)


def _first_election(scope: Scope) -> Iterator[Found]:
    on, law = scope.on, scope.law
    without_term = Q(sitting__isnull=True)
    appointed_until = latest_reaching(on - timedelta(days=1), law.first_election_months.on(on).value)
    long_appointed = any_of(valid_appointments(on).filter(on__lte=appointed_until))
    yield scope.found("P-01", "appointed", WARNING, without_term & long_appointed)
    awaiting = without_term & ~election_to_come(on) & may_await_first(Cutoffs(on, law))
    yield scope.found_in_books("ORG-07", "awaiting_first", INFO, Q(kind_on=Kind.BRANCH) & awaiting & ~long_appointed)


def _deadline(scope: Scope) -> Iterator[Found]:
    on, cutoffs = scope.on, Cutoffs(scope.on, scope.law)
    yield scope.found_in_term("TERM-12", "overdue", ERROR, Q(LessThan(end_of_term(on), on)))
    yield scope.found_in_term("TERM-20", "inspection", ERROR, Q(sitting__expires_on__lte=cutoffs.inspection))
    # An extension only ever makes the end later, so what expires from the day on is not overdue.
    due_soon = Q(sitting__expires_on__gte=on, sitting__expires_on__lte=cutoffs.due_soon)
    due_soon &= scope.in_the_books & ~election_to_come(on)
    yield scope.found_in_term("TERM-15", "due_soon", WARNING, Q(kind_on=Kind.BRANCH) & due_soon)
    yield scope.found_in_term("TERM-16", "due_soon", WARNING, ~Q(kind_on=Kind.BRANCH) & due_soon)


def _extensions(scope: Scope) -> Iterator[Found]:
    on = scope.on
    of_term = Extension.objects.filter(term=OuterRef("sitting__id"))
    working = of_term.filter(works_on__lte=on)
    late = working.filter(works_on__gt=OuterRef("sitting__expires_on"))
    most = scope.law.extensions_most.on(on).value
    yield scope.found_in_term("TERM-12", "unapproved", WARNING, any_of(of_term.filter(works_on__isnull=True)))
    yield scope.found_in_term("P-02", "too_late", ERROR, any_of(late.filter(is_too_late=True)))
    yield scope.found_in_term("P-02", "approved_late", WARNING, any_of(late.filter(is_too_late=False)))
    yield scope.found_in_term("TERM-12", "over_cap", ERROR, any_of(working.filter(is_over_cap=True)))
    yield scope.found_in_term("TERM-21", "again", WARNING, any_of(working.filter(turn__gt=most)))


def _length(scope: Scope) -> Iterator[Found]:
    stated = Q(sitting__stated_expires_on__lt=F("sitting__expires_on"))
    stated |= Q(sitting__stated_expires_on__gt=F("sitting__expires_on"))
    yield scope.found_in_term("P-10", "expiry", WARNING, stated)
    differs = lengths.differs(scope)
    yield scope.found_in_term("P-10", "years", WARNING, differs)
    yield scope.found_in_term("TERM-01", "outside", ERROR, lengths.outside_frame(scope.law) & opposite(differs))


def _days(scope: Scope) -> Iterator[Found]:
    inexact = Q(sitting__elected_on_precision__in=INEXACT) | Q(sitting__expires_on_precision__in=INEXACT)
    yield scope.found_in_term("P-07", "term", WARNING, inexact)
    undated = Extension.objects.filter(term=OuterRef("sitting__id"), works_on__isnull=False, approved_on__isnull=True)
    yield scope.found_in_term("P-07", "extension", WARNING, any_of(undated))
    early = Q(sitting__early_document_no__gt="", sitting__early_approved_on__isnull=True)
    yield scope.found_in_term("P-07", "early", WARNING, early)


def _follows(scope: Scope) -> Iterator[Found]:
    early = Q(sitting__timing__in=EARLY)
    approved_late = early & Q(sitting__early_approved_on__gte=F("sitting__elected_on"))
    unapproved = early & Q(sitting__early_approved_on__isnull=True, sitting__early_document_no="")
    yield scope.found_in_term("TERM-12", "elected_late", INFO, Q(sitting__timing=Timing.LATE))
    yield scope.found_in_term("TERM-13", "approved_late", ERROR, approved_late)
    yield scope.found_in_term("TERM-13", "unapproved", ERROR, unapproved)
    yield scope.found_in_term("TERM-13", "too_early", WARNING, Q(sitting__timing=Timing.TOO_EARLY))

"""Findings on the sitting term as SQL: `rules/tenure.py` a second time."""

from collections.abc import Iterator

from django.db.models import Q
from django.db.models.lookups import LessThan

from elections.findings_sql.scope import Found, Scope
from elections.states_sql import end_of_term
from orgs.enums import Severity


def tenure(scope: Scope) -> Iterator[Found]:
    """Findings that follow from terms, extensions, elections and appointments alone."""
    yield scope.found("TERM-12", "overdue", Severity.ERROR, Q(LessThan(end_of_term(scope.on), scope.on)))

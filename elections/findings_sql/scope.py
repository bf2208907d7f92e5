"""What the findings in SQL are asked about, and what one of them is: a condition on organizations."""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Q, QuerySet

from elections.rules.parameters import Law
from elections.states_sql import no_term, with_state
from members.headcount_sql import HeadCounts
from orgs import paths
from orgs.enums import Severity
from orgs.opening import in_the_books


@dataclass(frozen=True)
class Scope:
    """The organizations asked about, all existing on the day and annotated by `with_state` (same day, same law).

    A condition may use their columns, what `with_state` always adds, and `sitting__…`, the columns of the term that
    sits on the day (all null without one). `path` is the subtree that holds all of them (empty: anywhere); what reads
    other tables narrows them with `within`, so that a district's findings read a district's rows.
    """

    organizations: QuerySet
    on: date
    law: Law = field(default_factory=Law.builtin)
    path: str = ""

    @classmethod
    def of(cls, organizations: QuerySet, *, on: date, law: Law | None = None, path: str = "") -> "Scope":
        """The scope of organizations that are not annotated yet; those that do not exist on the day are left out."""
        law = law or Law.builtin()
        return cls(with_state(organizations.existing(on), on=on, law=law, fields=()), on, law, path)

    def within(self, path_field: str = "organization__path") -> Q:
        """The condition that a row of another table lies in the subtree of the scope."""
        return paths.subtree(self.path, path_field) if self.path else Q()

    @cached_property
    def heads(self) -> HeadCounts:
        """The head counts of those that have to have a term: counted once, when the first condition asks for them."""
        return HeadCounts(self.organizations.filter(~no_term()), self.on)

    def found(self, rule_id: str, aspect: str, severity: Severity, condition: Q) -> "Found":
        """A finding on the organizations that have to have a term and meet the condition."""
        return Found(rule_id, aspect, severity, self, condition & ~no_term())

    def found_in_term(self, rule_id: str, aspect: str, severity: Severity, condition: Q) -> "Found":
        """As `found`, for a condition that only a sitting term can meet: then there is no need to ask for the kind."""
        return Found(rule_id, aspect, severity, self, condition)

    def found_without_term(self, rule_id: str, aspect: str, severity: Severity, condition: Q) -> "Found":
        """A finding on the organizations whose kind or form has no term and that meet the condition."""
        return Found(rule_id, aspect, severity, self, condition & no_term())

    def found_in_books(self, rule_id: str, aspect: str, severity: Severity, condition: Q) -> "Found":
        """As `found`, from the 建账日 on: for people, comparisons and reminders (structure, committees, posts …)."""
        return self.found(rule_id, aspect, severity, condition & self.in_the_books)

    @cached_property
    def in_the_books(self) -> Q:
        """The condition that the day is not before the 建账日; one query, asked once for all findings of the scope."""
        return in_the_books(self.on, path=self.path)


@dataclass(frozen=True)
class Found:
    """One (rule, aspect, severity) as SQL: where `rules.evaluate` gives this finding.

    `condition` holds on exactly those organizations of the scope. To find them through other tables write
    `Q(pk__in=rows.values("organization"))` with rows narrowed by `scope.within`: the database reads such a set once.
    """

    rule_id: str
    aspect: str
    severity: Severity
    scope: Scope
    condition: Q

    @property
    def key(self) -> tuple[str, str, Severity]:
        """What tells it apart."""
        return self.rule_id, self.aspect, self.severity

    @property
    def organizations(self) -> QuerySet:
        """The organizations of the scope that have the finding, each once."""
        return self.scope.organizations.filter(self.condition)

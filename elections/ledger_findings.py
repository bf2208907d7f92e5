"""The ledger by finding: the condition its rows are filtered by, and how many organizations have which finding."""

from collections import Counter
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from elections.findings_sql import Scope, findings
from elections.findings_sql.tenure import tenure
from elections.groups import grouped
from elections.states_sql import flag, opposite
from orgs.enums import Severity

# What is never true, to begin a list of alternatives with.
NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class FindingCounts:
    """How many organizations have which findings; one that has several is in the number of each.

    `groups` are the organizations with exactly these (rule id, severity), none left out, so everything else is a sum.
    """

    groups: dict[frozenset[tuple[str, Severity]], int]

    @property
    def none(self) -> int:
        """Organizations without any finding."""
        return self.groups.get(frozenset(), 0)

    def rules(self, severities: tuple[Severity, ...] = ()) -> dict[str, int]:
        """{rule id: organizations with it}, of these severities (empty: any); rules nobody has are left out."""
        return self._numbers(lambda rule_id, severity: rule_id if not severities or severity in severities else None)

    def severities(self, rules: tuple[str, ...] = ()) -> dict[Severity, int]:
        """{severity: organizations with at least one}, by these rules (empty: any); every severity is there."""
        found = self._numbers(lambda rule_id, severity: severity if not rules or rule_id in rules else None)
        return {severity: found.get(severity, 0) for severity in Severity}

    def by_rule(self) -> dict[tuple[str, Severity], int]:
        """{(rule id, severity): organizations with it}."""
        return self._numbers(lambda rule_id, severity: (rule_id, severity))

    def _numbers(self, name) -> dict:
        counted = Counter()
        for keys, number in self.groups.items():
            for each in {name(*key) for key in keys} - {None}:
                counted[each] += number
        return dict(counted)


def condition(
    scope: Scope, *, rules: tuple[str, ...] = (), severities: tuple[Severity, ...] = (), without: bool = False
) -> Q:
    """That an organization has a finding by one of the rules and of one of the severities (empty: any).

    `without` lets through those that have none at all as well. Asks for something only where an argument does.
    """
    if not (rules or severities or without):
        return Q()
    every = list(findings(scope))
    wanted = NOTHING
    if rules or severities:
        wanted = _any_of(
            each
            for each in every
            if (not rules or each.rule_id in rules) and (not severities or each.severity in severities)
        )
    return wanted | opposite(_any_of(every)) if without else wanted


def term_errors(scope: Scope) -> Q:
    """That an organization has an error of its terms, which the term's own columns tell."""
    return _any_of(each for each in tenure(scope) if each.severity is Severity.ERROR)


def counted(scope: Scope) -> FindingCounts:
    """The counts of the scope: one query, after those that count the members."""
    every = list(findings(scope))
    names = [f"finding_{number}" for number in range(len(every))]
    flags = {name: flag(each.condition) for name, each in zip(names, every, strict=True)}
    counts = Counter()
    for group in grouped(scope.organizations.values(**flags)):
        keys = frozenset((each.rule_id, each.severity) for name, each in zip(names, every, strict=True) if group[name])
        counts[keys] += group["number"]
    return FindingCounts(dict(counts))


def _any_of(found) -> Q:
    return reduce(or_, (each.condition for each in found), NOTHING)

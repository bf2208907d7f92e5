"""The findings about people as SQL equal those of the rules, read from the same rows, for a random district."""

from collections import Counter
from datetime import date

import pytest

from elections import books
from elections.findings_sql.committees import committees
from elections.findings_sql.contradictions import contradictions
from elections.findings_sql.heads import heads_differ, heads_unknown
from elections.findings_sql.posts import posts
from elections.findings_sql.scope import Scope
from elections.findings_sql.structure import structure
from elections.rules.evaluate import evaluate
from members.headcount import headcount
from orgs.enums import Severity
from orgs.models import Organization
from tests.elections.random_people import DAYS, RandomDistrict
from tests.factories import UserFactory
from tests.upkeep import analyze

pytestmark = pytest.mark.django_db

NODES = 620
LEAST = 30
# The findings on the terms themselves and on the age of the books have a test of their own.
ELSEWHERE = ("ORG-06", "ORG-07", "ORG-24", "P-01", "P-02", "P-03", "P-06", "P-07", "P-08", "P-09", "P-10", "P-11")


def of_heads(scope: Scope):
    yield scope.found_in_books("P-05", "unknown", Severity.WARNING, heads_unknown(scope))
    yield scope.found_in_books("P-04", "differs", Severity.WARNING, heads_differ(scope))


PARTS = (structure, committees, posts, of_heads, contradictions)


def is_about_people(rule_id: str) -> bool:
    return rule_id == "TERM-25" or not rule_id.startswith("TERM-") and rule_id not in ELSEWHERE


def found_by_rules(on: date) -> dict[tuple, set[int]]:
    """{(rule id, aspect, severity): ids} as the pages of the organizations show them."""
    organizations = list(Organization.objects.existing(on))
    read = books.read(organizations, on=on, headcounts=headcount(organizations, on))
    found = {}
    for pk, each in read.items():
        for finding in evaluate(each.facts, on=on):
            if is_about_people(finding.rule_id):
                found.setdefault((finding.rule_id, finding.aspect, finding.severity), set()).add(pk)
    return found


def found_by_sql(scope: Scope) -> dict[tuple, set[int]]:
    found = {}
    for each in (each for part in PARTS for each in part(scope)):
        ids = list(each.organizations.order_by().values_list("pk", flat=True))
        assert len(ids) == len(set(ids)), each.key
        if is_about_people(each.rule_id):
            found[each.key] = set(ids)
    return found


def test_sql_and_rules_find_the_same_in_every_organization_on_every_day():
    RandomDistrict(UserFactory(), seed=20261122).write(NODES)
    analyze()
    seen = Counter()

    for on in DAYS:
        by_sql, by_rules = found_by_sql(Scope.of(Organization.objects.all(), on=on)), found_by_rules(on)
        differing = {
            (on, *key): (sorted(by_rules.get(key, set()) - ids)[:5], sorted(ids - by_rules.get(key, set()))[:5])
            for key, ids in {**dict.fromkeys(by_rules, set()), **by_sql}.items()
            if ids != by_rules.get(key, set())
        }
        assert differing == {}
        seen.update({key: len(ids) for key, ids in by_sql.items()})

    assert {key: number for key, number in seen.items() if number < LEAST} == {}

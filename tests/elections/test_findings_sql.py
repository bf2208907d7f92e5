"""The findings as SQL equal those of the rule, for thousands of organizations at once: terms and books."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest

from elections import books
from elections.findings_sql import Scope
from elections.findings_sql.contradictions import contradictions
from elections.findings_sql.records import records
from elections.findings_sql.tenure import tenure
from elections.models import Post, Term
from elections.rules.evaluate import evaluate
from members.headcount import headcount
from members.models import RosterConfirmation
from orgs import paths
from orgs.enums import Body, Kind, Severity, Title
from orgs.models import Organization
from tests.elections.random_district import District
from tests.elections.random_facts import DAYS, RandomFacts
from tests.factories import UserFactory
from tests.upkeep import analyze

COUNT = 3000
ERROR, WARNING, INFO = Severity
# Everything that hangs on terms and books but for P-03, which has its own test, and P-04, P-05 and the contradictions
# among people, which are compared with the findings about people.
EVERY_FINDING = {
    ("ORG-06", "term_recorded", WARNING),
    ("ORG-07", "awaiting_first", INFO),
    ("ORG-24", "term_recorded", WARNING),
    ("P-01", "appointed", WARNING),
    ("P-02", "approved_late", WARNING),
    ("P-02", "too_late", ERROR),
    ("P-06", "stale", WARNING),
    ("P-07", "early", WARNING),
    ("P-07", "extension", WARNING),
    ("P-07", "term", WARNING),
    ("P-08", "result_missing", WARNING),
    ("P-09", "no_posts", WARNING),
    ("P-10", "expiry", WARNING),
    ("P-10", "years", WARNING),
    ("P-11", "missing", WARNING),
    ("TERM-01", "outside", ERROR),
    ("TERM-12", "elected_late", INFO),
    ("TERM-12", "over_cap", ERROR),
    ("TERM-12", "overdue", ERROR),
    ("TERM-12", "unapproved", WARNING),
    ("TERM-13", "approved_late", ERROR),
    ("TERM-13", "too_early", WARNING),
    ("TERM-13", "unapproved", ERROR),
    ("TERM-15", "due_soon", WARNING),
    ("TERM-16", "due_soon", WARNING),
    ("TERM-20", "inspection", ERROR),
    ("TERM-21", "again", WARNING),
    ("TERM-24", "term_recorded", WARNING),
}


@pytest.fixture
def root(db):
    return Organization.objects.create(
        pk=COUNT + 1, path=paths.segment(0), name="虚构区委", sort_key="0", kind=Kind.LOCAL_COMMITTEE
    )


@pytest.fixture
def district(root):
    return District(UserFactory(), above=root.path)


def write_books(facts: RandomFacts, organizations: int) -> None:
    """Posts and confirmed rosters of a part of the organizations, around the days that matter."""
    chance, days = facts.random, (-1, 0, 1, 400)
    posts, rosters = [], {}
    for pk in range(1, organizations + 1):
        for _ in range(chance.choice((0, 1, 1, 2))):
            since = facts.day() if facts.chance(0.6) else None
            begun = since or date(2016, 1, 1)
            posts.append(
                Post(
                    organization_id=pk,
                    body=chance.choice((Body.COMMITTEE, Body.COMMITTEE, Body.DISCIPLINE)),
                    title=chance.choice(tuple(Title)),
                    holder_name="王建国",
                    since=since,
                    until=begun + timedelta(days=chance.randint(1, 2000)) if facts.chance(0.6) else None,
                )
            )
        for _ in range(chance.choice((0, 0, 1, 2))):
            on = facts.day() + timedelta(days=chance.choice(days))
            rosters[pk, on] = RosterConfirmation(organization_id=pk, on=on)
    Post.objects.bulk_create(posts, batch_size=500)
    RosterConfirmation.objects.bulk_create(rosters.values(), batch_size=500)


def found_by_rule(on: date) -> dict[int, set]:
    """{organization id: what the rule finds in the rows as they are read for the page}."""
    organizations = list(Organization.objects.order_by("pk"))
    read = books.read(organizations, on=on, headcounts=headcount(organizations, on))
    return {
        pk: {(each.rule_id, each.aspect, each.severity) for each in evaluate(of.facts, on=on)} & EVERY_FINDING
        for pk, of in read.items()
    }


def found_by_sql(on: date) -> dict[int, set]:
    """The same by a query for each finding."""
    scope = Scope.of(Organization.objects.order_by("pk"), on=on, path=paths.segment(0))
    found = defaultdict(set)
    for part in (tenure, records, contradictions):
        # The head counts are compared with those about people.
        for each in (each for each in part(scope) if each.key in EVERY_FINDING):
            keys = list(each.organizations.values_list("pk", flat=True))
            assert len(keys) == len(set(keys)), each.key
            for pk in keys:
                found[pk].add(each.key)
    return found


def test_sql_and_rule_find_the_same_on_every_organization_and_day(district):
    facts = RandomFacts(seed=20261122)
    district.write(facts.organizations(COUNT))
    write_books(facts, COUNT)
    # Where neither the term nor the organization tells the type of the unit, which is rare among random ones.
    Term.objects.filter(organization__lte=COUNT // 10).update(unit_type_at_election="")
    Organization.objects.filter(pk__lte=COUNT // 10).update(unit_type="")
    analyze()
    seen = Counter()

    for on in DAYS:
        by_rule, by_sql = found_by_rule(on), found_by_sql(on)
        differing = [
            (on, pk, by_sql[pk] - found, found - by_sql[pk]) for pk, found in by_rule.items() if by_sql[pk] != found
        ]
        assert differing[:3] == []
        seen.update(key for found in by_rule.values() for key in found)

    assert {key: seen[key] for key in EVERY_FINDING if seen[key] < 30} == {}

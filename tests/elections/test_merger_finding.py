"""P-03 「合并后班子待调整」: found by the rule on the page and by SQL in counts, for the same organizations."""

import datetime

import pytest

from elections.findings_sql import Scope, findings
from elections.ledger import Ledger
from elections.models import Succession
from orgs.enums import Form, SuccessionKind
from orgs.models import Organization
from tests.factories import OrganizationFactory, PostFactory, RootFactory, StreetFactory, TermFactory, user_at

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 21)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


def merged(street, name, *days, kind=SuccessionKind.ABSORBED, **fields):
    """A branch elected on 1 June 2024 that took in another one on each of the days."""
    branch = OrganizationFactory(parent=street, name=name, **fields)
    TermFactory(organization=branch)
    for each in days:
        former = OrganizationFactory(parent=street, name=f"{name}之前", closed_on=day(each))
        Succession.objects.create(organization=branch, former=former, kind=kind, on=day(each))
    return branch


def test_rule_and_sql_find_the_same_organizations(street):
    merged(street, "未调整", "2026-05-01")
    PostFactory(organization=merged(street, "已调整", "2026-05-01"), since=day("2026-05-01"))
    PostFactory(organization=merged(street, "又并入一个", "2026-05-01", "2026-09-01"), since=day("2026-06-01"))
    PostFactory(organization=merged(street, "以后才调整", "2026-05-01"), since=day("2026-11-22"))
    merged(street, "换届在后", "2024-06-01")
    merged(street, "明天并入", "2026-11-22")
    merged(street, "拆分而来", "2026-05-01", kind=SuccessionKind.SPLIT)
    merged(street, "临时党支部", "2026-05-01", form=Form.TEMPORARY)
    OrganizationFactory(parent=street, name="没有届次")
    ledger = Ledger(user=user_at(street), node=street, on=TODAY)

    by_rule = {row.name for row in ledger.rows() if "P-03" in {each.rule_id for each in row.findings}}
    (by_sql,) = (
        each for each in findings(Scope.of(Organization.objects.under(street), on=TODAY)) if each.rule_id == "P-03"
    )

    assert by_rule == {"未调整", "又并入一个", "以后才调整"}
    assert set(by_sql.organizations.values_list("name", flat=True)) == by_rule

"""Every conversion (升格, 改建) of an organization is kept, since each ended a term."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from elections.ledger import Ledger
from elections.models import Term
from elections.services import terms
from elections.services.reorganization import convert
from orgs import history, tree
from orgs.enums import Kind, State
from orgs.models import Organization, OrganizationChange
from tests.factories import OrganizationFactory, RootFactory, StreetFactory, user_at

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory())


@pytest.fixture
def clerk(street):
    return user_at(street)


@pytest.fixture
def general(street):
    return OrganizationFactory(parent=street, name="石桥社区党总支", kind=Kind.GENERAL_BRANCH)


def raised(organization, kind, on, by):
    return convert(organization=Organization.objects.get(pk=organization.pk), kind=kind, on=day(on), by=by)


def test_both_conversions_end_the_terms_before_them_and_past_days_stay_as_they_were(general, clerk):
    first = terms.record_term(organization=general, elected_on=day("2012-03-01"), by=clerk)
    raised(general, Kind.COMMITTEE, "2014-05-01", clerk)
    on = day("2014-08-01")
    before = Ledger(user=clerk, node=general, on=on).row_of(Organization.objects.get(pk=general.pk)).state

    terms.record_term(organization=Organization.objects.get(pk=general.pk), elected_on=day("2015-02-01"), by=clerk)
    raised(general, Kind.GENERAL_BRANCH, "2020-06-01", clerk)

    assert history.conversions([general.pk]) == {general.pk: (day("2014-05-01"), day("2020-06-01"))}
    assert list(Term.objects.order_by("elected_on").values_list("elected_on", "until")) == [
        (first.elected_on, day("2014-05-01")),
        (day("2015-02-01"), day("2020-06-01")),
    ]
    ledger = Ledger(user=clerk, node=general, on=on)
    after = ledger.row_of(Organization.objects.get(pk=general.pk))
    assert (before, after.state, after.kind) == (State.AWAITING_FIRST, State.AWAITING_FIRST, Kind.COMMITTEE)
    assert ledger.summary().states[State.AWAITING_FIRST] == 1


def test_correcting_the_day_of_a_conversion_leaves_one(general, clerk):
    raised(general, Kind.COMMITTEE, "2014-05-01", clerk)

    tree.reshape(
        Organization.objects.get(pk=general.pk), on=day("2026-01-01"), converted_on=day("2014-06-01"), by=clerk
    )

    assert history.conversions([general.pk]) == {general.pk: (day("2014-06-01"),)}
    assert list(OrganizationChange.objects.filter(field="converted_on").values_list("on", "before", "after")) == [
        (day("2014-06-01"), "", "2014-06-01")
    ]


def test_a_change_cannot_be_put_before_a_later_one(general, street, clerk):
    tree.reshape(general, on=day("2026-05-01"), name="石桥社区第一党总支", by=clerk)

    with pytest.raises(ValidationError) as refused:
        tree.reshape(Organization.objects.get(pk=general.pk), on=day("2026-04-30"), name="石桥社区第二党总支", by=clerk)

    assert refused.value.messages == [
        "“石桥社区第一党总支”的党组织名称已于2026-05-01变更，生效日期不能早于那一天；登记有误的请先更正。"
    ]
    assert Organization.objects.get(pk=general.pk).name == "石桥社区第一党总支"

"""What is worked out once for a term and its extensions, for new rows and for those from before it was kept."""

import datetime
import importlib

import pytest
from django.apps import apps
from django.db import connection

from elections.models import Extension, Term
from elections.services import terms
from orgs.enums import ApprovalLevel, Timing
from tests.factories import ExtensionFactory, OrganizationFactory, RootFactory, TermFactory

pytestmark = pytest.mark.django_db


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def branch():
    return OrganizationFactory(parent=RootFactory())


def elect(branch, elected_on: str, expires_on: str) -> Term:
    return TermFactory(organization=branch, elected_on=day(elected_on), expires_on=day(expires_on))


def timings() -> list[str]:
    return list(Term.objects.order_by("elected_on").values_list("timing", flat=True))


@pytest.mark.parametrize(
    ("elected_on", "expected"),
    [
        ("2024-05-31", Timing.TOO_EARLY),  # a year before 2025-06-01 begins on 2024-06-01
        ("2024-06-01", Timing.EARLY),
        ("2024-11-30", Timing.EARLY),
        ("2024-12-01", Timing.ON_TIME),
        ("2025-06-01", Timing.ON_TIME),
        ("2025-06-02", Timing.LATE),
    ],
)
def test_an_election_is_judged_by_the_end_of_the_term_before(branch, elected_on, expected):
    elect(branch, "2022-06-01", "2025-06-01")
    elect(branch, elected_on, "2028-01-01")

    terms.refresh([branch.pk])

    assert timings() == [Timing.FIRST, expected]


def test_an_extension_approved_by_the_election_makes_it_timely_and_a_later_one_does_not(branch):
    term = elect(branch, "2022-06-01", "2025-06-01")
    elect(branch, "2025-09-01", "2028-09-01")
    extension = ExtensionFactory(term=term, ends_on=day("2025-12-01"), approved_on=day("2025-09-01"))
    terms.refresh([branch.pk])
    in_time = timings()

    extension.approved_on = day("2025-09-02")
    extension.save()
    terms.refresh([branch.pk])

    assert (in_time, timings()) == ([Timing.FIRST, Timing.ON_TIME], [Timing.FIRST, Timing.LATE])


@pytest.mark.parametrize("converted_on", ["2024-03-01", "2025-09-01"])
def test_the_first_term_after_a_conversion_follows_nothing(branch, converted_on):
    branch.converted_on = day(converted_on)
    branch.save()
    elect(branch, "2022-06-01", "2025-06-01")
    elect(branch, "2025-09-01", "2028-09-01")

    terms.refresh([branch.pk])

    assert timings() == [Timing.FIRST, Timing.FIRST]


def standings() -> list[tuple]:
    return list(Extension.objects.order_by("id").values_list("works_on", "turn", "is_too_late", "is_over_cap"))


def test_extensions_know_their_turn_and_what_is_wrong_with_them(branch):
    term = elect(branch, "2022-06-01", "2025-06-01")
    number = {"document_no": "云组〔2025〕1号"}
    ExtensionFactory(term=term, ends_on=day("2025-12-01"), approved_on=day("2025-05-01"), **number)
    ExtensionFactory(term=term, ends_on=day("2025-12-01"), approved_on=day("2025-05-01"), **number)
    ExtensionFactory(term=term, ends_on=day("2026-06-02"), approved_on=day("2025-06-02"), document_no="云组〔2025〕2号")
    ExtensionFactory(
        term=term,
        ends_on=day("2026-06-02"),
        approved_on=day("2025-07-01"),
        document_no="云委〔2025〕3号",
        level=ApprovalLevel.HIGHER,
    )
    ExtensionFactory(term=term, ends_on=day("2027-06-01"), approved_on=day("2026-06-02"), document_no="云组〔2026〕4号")
    ExtensionFactory(term=term, ends_on=day("2025-12-01"), is_approved=False, approved_on=None, document_no="")
    ExtensionFactory(term=term, ends_on=day("2025-11-01"), is_approved=True, approved_on=None, document_no="")

    terms.refresh([branch.pk])

    assert standings() == [
        (day("2025-05-01"), 2, False, False),
        (day("2025-05-01"), 2, False, False),
        (day("2025-06-02"), 3, False, True),
        (day("2025-07-01"), 4, False, False),
        (day("2026-06-02"), 5, True, False),
        (None, None, False, False),
        (day("2022-06-01"), 1, False, False),
    ]


def test_rows_from_before_get_the_same_values(branch):
    term = elect(branch, "2022-06-01", "2025-06-01")
    elect(branch, "2025-06-02", "2028-06-02")
    ExtensionFactory(term=term, ends_on=day("2026-06-02"), approved_on=day("2025-06-03"), document_no="云组〔2025〕2号")
    terms.refresh([branch.pk])
    expected = timings(), standings()
    Term.objects.update(timing=Timing.FIRST)
    Extension.objects.update(works_on=None, turn=None, is_too_late=False, is_over_cap=False)
    migration = importlib.import_module("elections.migrations.0006_derive_standing_of_terms")

    migration.work_out(apps, connection.schema_editor())

    assert (timings(), standings()) == expected
    assert expected == (
        [Timing.FIRST, Timing.LATE],
        [(day("2025-06-03"), 1, False, True)],
    )

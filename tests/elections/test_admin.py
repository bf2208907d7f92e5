"""The admin of terms: recorded, prolonged and voided by the services, within the user's part of the tree."""

import datetime

import pytest
from django.urls import reverse

from elections.models import Extension, Term
from orgs.enums import Role
from tests.factories import ExtensionFactory, OrganizationFactory, RootFactory, StreetFactory, TermFactory, user_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def streets():
    root = RootFactory()
    return StreetFactory(parent=root, name="云岭东街道党工委"), StreetFactory(parent=root, name="云岭西街道党工委")


@pytest.fixture
def branch(streets):
    return OrganizationFactory(parent=streets[0], name="东村党支部", unit_type="village")


@pytest.fixture
def page(client, streets):
    client.force_login(user_at(streets[0], is_staff=True))
    return client


def address(page, *args):
    return reverse(f"admin:elections_term_{page}", args=args)


def inline(count=0, **values):
    data = {"extensions-TOTAL_FORMS": str(count), "extensions-INITIAL_FORMS": "0"}
    return {**data, **{f"extensions-0-{name}": value for name, value in values.items()}}


def test_a_term_is_recorded_with_the_length_of_the_law(page, branch):
    response = page.post(
        address("add"),
        {"organization": str(branch.uid), "body": "committee", "ordinal": "3", "elected_on": "2024-06-15",
         "elected_on_precision": "day"},
    )  # fmt: skip

    term = Term.objects.get()
    assert response.status_code == 302
    assert (term.organization, term.years, term.expires_on) == (branch, 5, datetime.date(2029, 6, 15))


def test_a_month_counts_to_its_last_day(page, branch):
    page.post(
        address("add"),
        {"organization": str(branch.uid), "body": "committee", "elected_on": "2024-06-03",
         "elected_on_precision": "month"},
    )  # fmt: skip

    assert Term.objects.get().elected_on == datetime.date(2024, 6, 30)


def test_what_the_service_refuses_is_shown(page, branch):
    TermFactory(organization=branch, elected_on=datetime.date(2024, 6, 15))

    response = page.post(
        address("add"),
        {"organization": str(branch.uid), "body": "committee", "elected_on": "2024-06-15",
         "elected_on_precision": "day"},
    )  # fmt: skip

    assert "该班子当日的换届选举已登记。" in response.content.decode()
    assert Term.objects.count() == 1


def test_extension_is_recorded_and_moves_the_term(page, branch):
    term = TermFactory(organization=branch, elected_on=datetime.date(2021, 6, 1), expires_on=datetime.date(2026, 6, 1))
    row = inline(
        1, kind="individual", level="superior", ends_on="2026-12-01", document_no="云组〔2026〕5号",
        is_approved="on", approved_by="云岭东街道党工委", approved_on="2026-05-20", term=str(term.uid),
    )  # fmt: skip

    response = page.post(address("change", term.uid), {"seen_version": term.version, **row})

    term.refresh_from_db()
    assert response.status_code == 302
    assert (term.extended_until, term.extension_effective_on) == (
        datetime.date(2026, 12, 1),
        datetime.date(2026, 5, 20),
    )


def test_extension_before_the_expiry_is_refused_in_words(page, branch):
    term = TermFactory(organization=branch)
    row = inline(1, kind="individual", level="superior", ends_on="2028-01-01", term=str(term.uid))

    response = page.post(address("change", term.uid), {"seen_version": term.version, **row})

    assert "延期至的日期须晚于届满日期（2029-06-01）。" in response.content.decode()
    assert not Extension.objects.exists()


def test_extension_cannot_be_hung_on_another_term(page, branch, streets):
    term = TermFactory(organization=branch)
    foreign = TermFactory(organization=OrganizationFactory(parent=streets[1]))
    row = inline(1, kind="individual", level="superior", ends_on="2030-01-01", term=str(foreign.uid))

    page.post(address("change", term.uid), {"seen_version": term.version, **row})

    assert not Extension.objects.exists()


def test_recorded_extensions_are_told(page, branch):
    term = TermFactory(organization=branch)
    ExtensionFactory(term=term, ends_on=datetime.date(2029, 12, 1), approved_on=datetime.date(2029, 5, 1))

    body = page.get(address("change", term.uid)).content.decode()

    assert "延期至 2029-12-01（个案批准，上级党组织 云组〔2026〕1号，2029-05-01 批复，不改变届满状态）" in body


def test_voiding_makes_the_term_before_sit_again(page, branch):
    earlier = TermFactory(
        organization=branch, elected_on=datetime.date(2019, 6, 1), expires_on=datetime.date(2024, 6, 1),
        until=datetime.date(2024, 6, 1),
    )  # fmt: skip
    term = TermFactory(organization=branch)

    page.post(
        address("change", term.uid), {"seen_version": "1", "void_reason": "云组〔2026〕9号认定选举无效", **inline()}
    )

    earlier.refresh_from_db()
    assert list(Term.objects.all()) == [earlier]
    assert earlier.until is None


def test_foreign_terms_are_not_found_and_not_listed(page, streets):
    foreign = TermFactory(organization=OrganizationFactory(parent=streets[1]))

    assert page.get(address("change", foreign.uid)).status_code == 404
    assert list(page.get(address("changelist")).context["cl"].result_list) == []


def test_sitting_terms_can_be_listed_alone(page, branch):
    TermFactory(
        organization=branch, elected_on=datetime.date(2019, 6, 1), expires_on=datetime.date(2024, 6, 1),
        until=datetime.date(2024, 6, 1),
    )  # fmt: skip
    sitting = TermFactory(organization=branch)

    response = page.get(address("changelist"), {"sitting": "1"})

    assert list(response.context["cl"].result_list) == [sitting]


def test_viewer_reads_a_term_without_a_form(client, streets, branch):
    term = TermFactory(organization=branch)
    client.force_login(user_at(streets[0], Role.VIEWER, is_staff=True))

    response = client.get(address("change", term.uid))

    assert response.status_code == 200
    assert 'name="void_reason"' not in response.content.decode()
    assert client.post(address("change", term.uid), {"void_reason": "不应写入"}).status_code == 403

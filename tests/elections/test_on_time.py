"""按期换届率: the rule and its SQL over the same organizations, and what closing and converting cannot polish."""

import datetime

import pytest
from django.urls import reverse

from elections import books
from elections.models import Extension, Term
from elections.on_time import Rate, ended_terms, rate
from elections.rules.on_time import outcomes
from elections.services.closing import close_organization
from elections.services.reorganization import convert
from elections.services.terms import refresh
from members.headcount import headcount
from orgs.enums import Form, Kind, UnitType
from orgs.models import Organization, OrganizationChange
from tests.factories import ExtensionFactory, OrganizationFactory, RootFactory, StreetFactory, TermFactory, user_at

pytestmark = pytest.mark.django_db
FIRST, LAST, TODAY = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31), datetime.date(2026, 11, 21)
END = datetime.date(2026, 6, 1)


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 10, tzinfo=datetime.UTC))


@pytest.fixture
def street():
    return StreetFactory(parent=RootFactory(), name="东湖街道党工委")


@pytest.fixture
def clerk(street):
    return user_at(street)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def branch(street, *elected: str, **fields):
    """A branch with terms of five years that began on these days."""
    made = OrganizationFactory(parent=street, **fields)
    for each in elected:
        start = day(each)
        TermFactory(organization=made, elected_on=start, expires_on=start.replace(year=start.year + 5))
    refresh([made.pk])
    return made


def told(street, clerk, on=TODAY) -> dict[str, list[tuple]]:
    """{name: [(elected, end, renewed, in time)]} by the SQL, after the rule has said the same."""
    by_sql: dict[str, list[tuple]] = {}
    asked = {"first": FIRST, "last": LAST, "on": on}
    for term in ended_terms(user=clerk, node=street, **asked).order_by("elected_on"):
        line = (str(term.elected_on), str(term.end), term.renewed_on and str(term.renewed_on), term.is_on_time)
        by_sql.setdefault(term.organization.name, []).append(line)
    organizations = list(Organization.objects.under(street))
    read = books.read(organizations, on=on, headcounts=headcount(organizations, on))
    by_rule = {
        each.name: [
            (str(found.elected_on), str(found.end), found.renewed_on and str(found.renewed_on), found.is_on_time)
            for found in outcomes(read[each.pk].facts, **asked)
        ]
        for each in organizations
    }
    assert by_sql == {name: lines for name, lines in by_rule.items() if lines}
    return by_sql


def test_terms_that_ended_in_the_year_and_what_came_of_them(street, clerk):
    branch(street, "2021-06-01", "2026-05-20", name="按期")
    branch(street, "2021-06-01", "2026-06-01", name="当日")
    branch(street, "2021-06-01", "2026-06-02", name="迟一天")
    branch(street, "2021-06-01", name="没有换届")
    branch(street, "2021-11-21", name="今天届满")
    branch(street, "2020-06-01", name="去年届满")
    branch(street, "2021-06-01", "2024-01-05", name="早已改选")

    assert told(street, clerk) == {
        "按期": [("2021-06-01", "2026-06-01", "2026-05-20", True)],
        "当日": [("2021-06-01", "2026-06-01", "2026-06-01", True)],
        "迟一天": [("2021-06-01", "2026-06-01", "2026-06-02", False)],
        "没有换届": [("2021-06-01", "2026-06-01", None, False)],
        "早已改选": [("2021-06-01", "2026-06-01", "2024-01-05", True)],
    }
    assert rate(ended_terms(user=clerk, node=street, first=FIRST, last=LAST, on=TODAY)) == Rate(5, 3)
    # As known on an earlier day: the later election had not been held, and the end had not passed.
    assert told(street, clerk, on=day("2026-06-02"))["迟一天"] == [("2021-06-01", "2026-06-01", "2026-06-02", False)]
    assert told(street, clerk, on=day("2026-06-01")) == {}


def test_the_approved_end_is_that_of_the_extensions_known_on_the_day(street, clerk):
    made = branch(street, "2021-06-01", "2026-09-20", name="延期")
    first = Term.objects.get(organization=made, elected_on="2021-06-01")
    ExtensionFactory(term=first, ends_on=day("2026-07-31"), approved_on=day("2026-05-01"))
    ExtensionFactory(term=first, ends_on=day("2026-09-30"), approved_on=day("2026-07-01"))
    refresh([made.pk])

    assert told(street, clerk) == {"延期": [("2021-06-01", "2026-09-30", "2026-09-20", True)]}
    assert told(street, clerk, on=day("2026-06-20")) == {}
    Extension.objects.filter(ends_on="2026-09-30").update(voided_at=None, approved_on=None, is_approved=False)
    Extension.objects.filter(ends_on="2026-09-30").update(document_no="")
    refresh([made.pk])
    assert told(street, clerk) == {"延期": [("2021-06-01", "2026-07-31", "2026-09-20", False)]}


@pytest.mark.parametrize(("on", "expected"), [("2026-06-01", []), ("2026-06-02", [False]), ("2026-11-01", [False])])
def test_closing_after_the_end_polishes_nothing(street, clerk, on, expected):
    made = branch(street, "2021-06-01", name="撤销")

    close_organization(organization=made, on=day(on), by=clerk)

    assert [line[3] for line in told(street, clerk).get("撤销", [])] == expected


@pytest.mark.parametrize(("on", "expected"), [("2026-06-01", []), ("2026-06-02", [False]), ("2026-11-01", [False])])
def test_converting_after_the_end_polishes_nothing(street, clerk, on, expected):
    made = branch(street, "2021-06-01", name="升格", unit_type=UnitType.COMMUNITY)

    convert(organization=made, kind=Kind.GENERAL_BRANCH, on=day(on), by=clerk)

    assert [line[3] for line in told(street, clerk).get("升格", [])] == expected


def test_becoming_temporary_after_the_end_polishes_nothing(street, clerk):
    late = branch(street, "2021-06-01", name="后改临时")
    before = branch(street, "2021-06-01", name="先改临时")
    for made, on in ((late, "2026-07-01"), (before, "2026-05-01")):
        Organization.objects.filter(pk=made.pk).update(form=Form.TEMPORARY)
        OrganizationChange.objects.create(
            organization=made, field="form", on=day(on), before="ordinary", after="temporary", by=clerk
        )

    assert told(street, clerk) == {"后改临时": [("2021-06-01", "2026-06-01", None, False)]}


@pytest.mark.parametrize(
    ("due", "in_time", "words"), [(0, 0, "—"), (8, 7, "87.5%"), (3, 3, "100%"), (1001, 1000, "99.9%"), (2, 0, "0%")]
)
def test_the_rate_in_words(due, in_time, words):
    assert Rate(due, in_time).percent == words


def test_every_number_of_the_dashboard_opens_its_rows(client, street, clerk):
    branch(street, "2021-06-01", "2026-05-20", name="按期")
    branch(street, "2021-06-01", "2026-08-20", name="迟到")
    closed = branch(street, "2021-06-01", name="撤销")
    close_organization(organization=closed, on=day("2026-10-01"), by=clerk)
    client.force_login(clerk)

    line = client.get(reverse("dashboard")).context["rate"]

    assert (line["year"], line["percent"], line["due"], line["on_time"], line["late"]) == (2026, "33.3%", 3, 1, 2)
    rows = {name: client.get(line[f"{name}_url"]).context["lines"] for name in ("due", "on_time", "late")}
    assert [(each["name"], each["words"]) for each in rows["due"]] == [
        ("撤销", "逾期未换届，2026-10-01 撤销"),
        ("迟到", "逾期 80 天换届"),
        ("按期", "按期换届"),
    ]
    assert [each["name"] for each in rows["on_time"]] == ["按期"]
    assert [each["name"] for each in rows["late"]] == ["撤销", "迟到"]


def test_another_street_is_in_no_number(client, street, clerk):
    branch(street, "2021-06-01", name="没有换届")
    other = StreetFactory(parent=street.parent)
    client.force_login(user_at(other))

    page = client.get(reverse("on_time"))

    assert page.context["numbers"]["percent"] == "—"
    assert client.get(reverse("on_time"), {"node": str(street.uid)}).status_code == 404

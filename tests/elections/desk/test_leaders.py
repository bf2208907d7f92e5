"""联系领导: named, followed by another, ended; seen by those who see people."""

import datetime
import io

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from elections.ledger import Ledger
from elections.ledger_file import xlsx
from elections.models import Leader
from elections.services.leaders import set_leader
from orgs.enums import Role
from orgs.models import Organization
from tests.desk import done, undone
from tests.factories import StreetFactory, user_at
from tests.snapshots import books

pytestmark = pytest.mark.django_db
ZHOU = {"name": "周文斌", "post": "街道党工委副书记", "phone": "0119-5550009"}


def rows(branch) -> list[tuple]:
    found = Leader.objects.filter(organization=branch).order_by("id")
    return [(each.name, each.post, each.phone, each.since.isoformat(), each.until) for each in found]


def test_a_leader_is_followed_by_another_from_a_day_on(branch, clerk):
    before = books()
    first = done("leader", branch, clerk, on="2026-10-01", **ZHOU)
    second = done("leader", branch, clerk, on="2026-11-01", name="孙志强", post="区委常委", phone="")

    assert rows(branch) == [
        ("周文斌", "街道党工委副书记", "0119-5550009", "2026-10-01", datetime.date(2026, 11, 1)),
        ("孙志强", "区委常委", "", "2026-11-01", None),
    ]
    undone(second, clerk)
    undone(first, clerk)
    assert books() == before


def test_a_new_phone_of_the_same_leader_is_written_over(branch, clerk):
    done("leader", branch, clerk, on="2026-10-01", **ZHOU)

    done("leader", branch, clerk, on="2026-11-01", **{**ZHOU, "phone": "0119-5550010"})

    assert rows(branch) == [("周文斌", "街道党工委副书记", "0119-5550010", "2026-10-01", None)]


def test_without_a_name_nobody_is_in_charge_any_more(branch, clerk):
    done("leader", branch, clerk, on="2026-10-01", **ZHOU)

    done("leader", branch, clerk, on="2026-11-01", name="", post="", phone="")

    assert [(name, until) for name, *_, until in rows(branch)] == [("周文斌", datetime.date(2026, 11, 1))]


def test_nobody_comes_before_who_is_registered_from_a_later_day(branch, clerk):
    done("leader", branch, clerk, on="2026-11-01", **ZHOU)

    with pytest.raises(ValidationError, match="已登记自2026年11月1日起的"):
        set_leader(organization=branch, name="孙志强", post="区委常委", on=datetime.date(2026, 10, 1), by=clerk)


def test_another_one_on_the_same_day_takes_the_place_of_the_first(branch, clerk):
    done("leader", branch, clerk, on="2026-11-01", **ZHOU)

    done("leader", branch, clerk, on="2026-11-01", name="孙志强", post="区委常委", phone="")

    assert [(name, since, until) for name, _, _, since, until in rows(branch)] == [("孙志强", "2026-11-01", None)]
    assert Leader.everything.filter(organization=branch, voided_reason="同日重新登记").count() == 1


def test_closing_ends_it_and_the_undo_brings_it_back(branch, clerk):
    done("leader", branch, clerk, on="2026-10-01", **ZHOU)
    before = books()

    operation = done("close", branch, clerk, on="2026-11-10")

    assert [until for *_, until in rows(branch)] == [datetime.date(2026, 11, 10)]
    undone(operation, clerk)
    assert books() == before


def test_the_page_shows_it_as_of_its_day_to_those_who_see_people(client, branch, street, clerk):
    done("leader", branch, clerk, on="2026-11-01", **ZHOU)
    address = reverse("organization", args=[branch.uid])

    def facts(user, on=""):
        client.force_login(user)
        return dict(client.get(address, {"on": on} if on else {}).context["facts"]).get("联系领导")

    assert facts(clerk) == "周文斌（街道党工委副书记，0119-5550009）"
    assert facts(clerk, "2026-10-31") is None
    assert facts(user_at(street, Role.ACCOUNT_ADMIN)) is None
    history = client.get(reverse("history", args=[branch.uid])).content.decode()
    assert "周文斌" not in history


def test_only_who_may_change_the_organization_names_a_leader(branch, street):
    for user in (user_at(street, Role.VIEWER), user_at(StreetFactory(parent=street.parent))):
        with pytest.raises(PermissionDenied):
            set_leader(organization=branch, on=datetime.date(2026, 11, 1), by=user, **ZHOU)
    assert Organization.objects.get(pk=branch.pk).version == 1


def test_the_ledgers_file_names_it_to_those_who_see_people(branch, street, clerk):
    done("leader", branch, clerk, on="2026-11-01", **ZHOU)

    def named(user):
        ledger = Ledger(user=user, node=branch, on=datetime.date(2026, 11, 21))
        _, titles, row = openpyxl.load_workbook(io.BytesIO(xlsx(ledger)))["换届台账"].iter_rows(values_only=True)
        return dict(zip(titles, row, strict=True))["联系领导"]

    assert named(clerk) == "周文斌（街道党工委副书记）"
    assert named(user_at(street, Role.ACCOUNT_ADMIN)) is None

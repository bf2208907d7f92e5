"""The numbers of members of an organization ledger: full and probationary, or the total of the exchange standard."""

import datetime

import pytest
from django.urls import reverse

from elections import imports
from members.models import DeclaredCount
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)


@pytest.fixture
def clerk():
    street = factories.StreetFactory(parent=factories.RootFactory(), code="YL")
    branch = factories.OrganizationFactory(parent=street, code="YL01", name="虚构社区第一党支部")
    factories.TermFactory(organization=branch)
    return factories.user_at(street)


def upload(clerk, on=ON, **numbers):
    header = ["党组织编码", "党组织名称", "组织类别", "所在单位类别", *numbers]
    row = ["YL01", "虚构社区第一党支部", "党支部", "社区", *numbers.values()]
    data = workbooks.xlsx(("台账", [header, row]))
    return imports.upload(
        data=data, file_name="台账.xlsx", kind="organizations", organization=clerk.organization, on=on, by=clerk
    )


def declared() -> list[tuple]:
    return list(DeclaredCount.objects.order_by("on").values_list("on", "full", "probationary"))


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"正式党员数": "12", "预备党员数": "1"}, (12, 1)),
        ({"正式党员数": "12"}, (12, 0)),
        ({"党组织党员人数": "13", "正式党员数": "12"}, (12, 1)),
        ({"党组织党员人数": "13", "预备党员数": "1"}, (12, 1)),
        ({"党员总数": "13", "正式党员数": "12", "预备党员数": "1"}, (12, 1)),
        ({"党员人数": "12", "正式党员数": "12"}, (12, 0)),
    ],
)
def test_a_total_fills_in_what_is_missing(clerk, numbers, expected):
    batch = imports.confirm(batch=upload(clerk, **numbers), partial=False, by=clerk)

    assert (declared(), [each.message for each in imports.preview(batch).issues]) == ([(ON, *expected)], [])
    assert DeclaredCount.objects.get().batch == batch
    assert [row.step for row in imports.preview(upload(clerk, **numbers)).rows] == ["unchanged"]


@pytest.mark.parametrize(
    ("numbers", "stored", "message"),
    [
        (
            {"党组织党员人数": "13"},
            [],
            "「党组织党员人数」13名，没有同时填写正式党员数或预备党员数，分不出正式和预备，人数没有导入，请补填。",
        ),
        (
            {"党员总数": "13", "正式党员数": "12", "预备党员数": "2"},
            [(ON, 12, 2)],
            "「党员总数」13名，与正式党员数、预备党员数不符，没有采用，请核对。",
        ),
        (
            {"党员总数": "13", "正式党员数": "14"},
            [(ON, 14, 0)],
            "「党员总数」13名，与正式党员数、预备党员数不符，没有采用，请核对。",
        ),
        (
            {"党员总数": "1", "预备党员数": "2"},
            [],
            "「党员总数」1名，与正式党员数、预备党员数不符，没有采用，请核对。",
        ),
    ],
)
def test_a_total_that_tells_nothing_certain_is_named(clerk, numbers, stored, message):
    batch = imports.confirm(batch=upload(clerk, **numbers), partial=False, by=clerk)

    assert (declared(), [each.message for each in imports.preview(batch).issues]) == (stored, [message])


def test_every_ledger_keeps_its_day(clerk):
    imports.confirm(batch=upload(clerk, 正式党员数="12"), partial=False, by=clerk)
    later = datetime.date(2026, 12, 1)
    imports.confirm(batch=upload(clerk, on=later, 党员总数="14", 正式党员数="12"), partial=False, by=clerk)

    assert declared() == [(ON, 12, 0), (later, 12, 2)]


def test_the_preview_shows_what_the_total_gave(client, clerk):
    client.force_login(clerk)
    batch = upload(clerk, 党组织党员人数="13", 正式党员数="12")

    page = client.get(reverse("import_batch", args=[batch.uid]))

    assert page.status_code == 200
    assert imports.preview(batch).rows[0].changes == {"formal": ("", "12"), "probationary": ("", "1")}

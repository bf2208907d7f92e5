"""「沿革」 tells mergers and splits from both sides, and names nobody outside the user's part."""

import datetime

import pytest
from django.urls import reverse

from elections.models import Succession
from tests.factories import OrganizationFactory

pytestmark = pytest.mark.django_db


def note(organization, former, kind, on="2026-11-01"):
    Succession.objects.create(
        organization=organization, former=former, kind=kind, on=datetime.date.fromisoformat(on), document_no="云组1号"
    )


def lines(client, organization) -> list[str]:
    page = client.get(reverse("organization", args=[organization.uid]))
    return [each["words"] for each in page.context["changes"]]


def test_both_sides_tell_the_other(as_clerk, district):
    new = OrganizationFactory(parent=district.street_a, name="石桥社区第五党支部")
    note(district.late, district.running, "absorbed")
    note(new, district.late, "split", on="2026-11-05")
    note(new, district.running, "merged", on="2026-12-01")

    assert lines(as_clerk, district.late) == [
        "2026年11月5日，拆分出“石桥社区第五党支部”。",
        "2026年11月1日，“石桥社区第二党支部”并入。",
    ]
    assert lines(as_clerk, district.running) == ["2026年11月1日，并入“石桥社区第一党支部”。"]
    assert lines(as_clerk, new) == ["2026年11月5日，由“石桥社区第一党支部”拆分新设。"]


def test_who_lies_outside_is_not_named(as_clerk, district):
    note(district.late, district.foreign, "absorbed")

    assert lines(as_clerk, district.late) == ["2026年11月1日，管理范围之外的党组织并入。"]

"""The page 疑似重复党员: pairs side by side, the way to the merge, and the word that they are two."""

import pytest
from django.urls import reverse

from members.models import Identity
from members.services import record_member
from orgs.enums import Role
from tests.factories import user_at
from tests.pages import Page
from tests.workbooks import id_number

ONE, OTHER = id_number(birth="19850412", order="001"), id_number(birth="19850412", order="003")


@pytest.fixture
def pair(district):
    return [
        record_member(organization=place, name="王建国", id_number=number, by=district.clerk)
        for place, number in ((district.late, ONE), (district.running, OTHER))
    ]


def url_of(node) -> str:
    return f"{reverse('duplicates')}?node={node.uid}"


def test_a_pair_is_shown_with_masked_numbers_and_leads_to_the_merge_either_way(as_clerk, district, pair):
    first, second = pair
    url = url_of(district.street_a)

    text = as_clerk.get(url).content.decode()

    assert "公民身份号码只差一位" in text
    assert ONE not in text and OTHER not in text
    merges = [link for link in Page(url, text).links if "merge-people" in link]
    assert merges == [
        f"{reverse('task', args=[district.late.uid, 'merge-people'])}?pair={first.uid}.{second.uid}",
        f"{reverse('task', args=[district.running.uid, 'merge-people'])}?pair={second.uid}.{first.uid}",
    ]
    assert as_clerk.get(merges[1]).content.decode().count('<option value="' + str(second.uid)) == 1


def test_two_people_are_noted_with_a_reason_and_leave_the_page(as_clerk, district, pair):
    first, second = pair
    url = url_of(district.street_a)

    refused = as_clerk.post(url, {"first": first.uid, "second": second.uid, "reason": " "}, follow=True)
    assert "请填写核实情况" in refused.content.decode()
    assert Identity.objects.count() == 0

    noted = as_clerk.post(url, {"first": first.uid, "second": second.uid, "reason": "已核对"}, follow=True)

    assert "没有疑似重复的党员" in noted.content.decode()
    assert Identity.objects.get().by == district.clerk


def test_who_may_not_edit_there_gets_no_page(client, district, pair):
    for user, status in ((user_at(district.street_a, Role.VIEWER), 403), (district.stranger, 404)):
        client.force_login(user)
        assert client.get(url_of(district.street_a)).status_code == status


def test_a_stranger_cannot_note_anything_about_people_of_another_street(client, district, pair):
    first, second = pair
    client.force_login(district.stranger)

    answer = client.post(url_of(district.street_b), {"first": first.uid, "second": second.uid, "reason": "x"})

    assert answer.status_code == 404
    assert Identity.objects.count() == 0

"""Lists of a district and rules compared with their text: by who approves at the root, for its own tree only."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError

from elections.law import law_for, lists_for
from elections.models import CheckedProvision, LocalList
from elections.rules.parameters.lists import ListName
from elections.services.law import add_local_list, check_provision, void_local, withdraw_check
from orgs.enums import Role
from orgs.models import AuditEvent
from tests.factories import RootFactory, user_at

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2026, 11, 21)
FIRST = datetime.date(2026, 12, 1)
EVE = datetime.date(2026, 11, 30)
REGULATION = "《中国共产党支部工作条例（试行）》"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(datetime.datetime(2026, 11, 21, 9, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def district():
    return RootFactory(name="中共云岭区委员会")


@pytest.fixture
def approver(district):
    return user_at(district, Role.APPROVER, name="李审批")


# ---- Rules compared with their text ---------------------------------------------------------------------------------


def checked(root, by, **changed) -> CheckedProvision:
    values = {"rule_id": "CAND-08", "document": REGULATION, "article": "第二十三条", "on": TODAY, **changed}
    return check_provision(root=root, by=by, **values)


def test_compared_rule_is_read_with_article_name_and_day_in_its_tree_only(district, approver):
    neighbor = RootFactory(name="中共邻川区委员会")
    checked(district, approver)

    here, there = (law_for(root).secretary_party_age_years.on(TODAY) for root in (district, neighbor))

    assert (here.standing, here.citation, here.checked_by, here.checked_on) == (
        "已核原文",
        f"{REGULATION}第二十三条",
        "李审批",
        TODAY,
    )
    assert (there.standing, there.checked_by) == ("依据待核", "")


def test_wrong_comparison_is_withdrawn(district, approver):
    row = checked(district, approver)

    withdraw_check(row, reason="看错版本", by=approver)

    assert law_for(district).secretary_party_age_years.on(TODAY).standing == "依据待核"


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"article": ""}, "article", "请填写原文所在的条号。"),
        ({"article": "23"}, "article", "请按“第二十二条”的样式填写条号。"),
        ({"on": datetime.date(2026, 11, 22)}, "on", "核对日期不能晚于今天。"),
        ({"rule_id": "P-05", "document": "台账数据核对"}, "rule_id", "这一项没有可以核对的原文。"),
        ({"document": "《关于党的基层组织任期的意见》"}, "rule_id", "这一项没有可以核对的原文。"),
        ({"rule_id": "TERM-25", "document": "工作惯例"}, "rule_id", "这一项没有可以核对的原文。"),
    ],
)
def test_refused_comparison_names_its_field(district, approver, changed, field, words):
    with pytest.raises(ValidationError) as refused:
        checked(district, approver, **changed)

    assert refused.value.message_dict == {field: [words]}


# ---- Lists ----------------------------------------------------------------------------------------------------------


def published(root, by, **changed) -> LocalList:
    values = {
        "name": "disqualifications",
        "since": FIRST,
        "items": " 甲\n\n乙 ",
        "basis": "云组〔2026〕11号",
        **changed,
    }
    return add_local_list(root=root, by=by, **values)


def test_list_holds_from_its_day_in_its_tree_only(district, approver):
    neighbor = RootFactory(name="中共邻川区委员会")
    published(district, approver)

    found = {root.name: next(each for each in lists_for(root) if each.is_open) for root in (district, neighbor)}

    assert [found["中共云岭区委员会"].on(day).lines for day in (EVE, FIRST)] == [(), ("甲", "乙")]
    assert found["中共邻川区委员会"].on(FIRST).lines == ()


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"name": ListName.EXCLUSIONS}, "name", "这一清单全国统一，不能另行发布。"),
        ({"since": datetime.date(2026, 11, 20)}, "since", "清单只能从今天或者以后的日期起施行，不能改变以前的认定。"),
        ({"basis": ""}, "basis", "请填写清单依据的文件名称和文号。"),
        ({"items": " \n"}, "items", "还没有发布过这一清单，请填写各项内容。"),
        ({"items": "长" * 4001}, "items", "清单内容不能超过4000字。"),
    ],
)
def test_refused_list_names_its_field(district, approver, changed, field, words):
    with pytest.raises(ValidationError) as refused:
        published(district, approver, **changed)

    assert refused.value.message_dict == {field: [words]}


def test_published_list_is_replaced_only_from_a_later_day(district, approver):
    published(district, approver)

    with pytest.raises(ValidationError) as refused:
        published(district, approver, items="丙")
    assert refused.value.message_dict == {"since": ["施行日期须晚于已发布的清单；已发布的清单不能更改。"]}
    published(district, approver, since=datetime.date(2027, 1, 1), items="")
    assert next(each for each in lists_for(district) if each.is_open).on(datetime.date(2027, 1, 1)).lines == ()


# ---- Who may, and the log -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.APPROVER])
def test_only_who_approves_at_the_root_adds(district, role):
    user = user_at(district, role)

    with pytest.raises(PermissionDenied):
        published(district, user)
    with pytest.raises(PermissionDenied):
        checked(district, user)


def test_only_who_approves_at_the_root_takes_back(district, approver):
    user = user_at(district, Role.OPERATOR)

    with pytest.raises(PermissionDenied):
        void_local(published(district, approver), reason="误", by=user)
    with pytest.raises(PermissionDenied):
        withdraw_check(checked(district, approver), reason="误", by=user)


def test_future_list_is_taken_back_and_one_in_force_is_not(district, approver):
    void_local(published(district, approver), reason="录错", by=approver)
    row = published(district, approver, since=TODAY)

    with pytest.raises(ValidationError, match="已经施行的不能作废"):
        void_local(row, reason="录错", by=approver)
    assert LocalList.objects.get() == row


def test_each_addition_is_one_event_of_the_tree(district, approver):
    checked(district, approver)
    published(district, approver)

    events = AuditEvent.objects.order_by("id").values_list("kind", "target_type", "root", "actor")

    assert list(events) == [
        ("provision.check", "elections.checkedprovision", district.pk, approver.pk),
        ("local_list.add", "elections.locallist", district.pk, approver.pk),
    ]

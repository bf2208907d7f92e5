"""The admin of a district's law: added by who approves at the root, shown to the whole tree, never edited."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from elections.models import CheckedProvision, LocalList, LocalValue
from orgs.enums import Role
from tests.factories import RootFactory, StreetFactory, user_at

pytestmark = pytest.mark.django_db

FUTURE = datetime.date(2026, 12, 1)
REGULATION = "《中国共产党支部工作条例（试行）》"


@pytest.fixture(autouse=True)
def today(time_machine):
    time_machine.move_to(datetime.datetime(2026, 11, 21, 9, tzinfo=datetime.UTC), tick=False)


@pytest.fixture
def district():
    return RootFactory(name="中共云岭区委员会")


@pytest.fixture
def approver(district):
    return user_at(district, Role.APPROVER, name="李审批", is_staff=True)


@pytest.fixture
def page(client, approver):
    client.force_login(approver)
    return client


def address(model, page, *args):
    return reverse(f"admin:elections_{model}_{page}", args=args)


def value_of(root, by, **changed) -> LocalValue:
    values = {"parameter": "reminder_lead_months", "since": FUTURE, "value": 9, "basis": "云组〔2026〕10号"}
    return LocalValue.objects.create(root=root, by=by, **{**values, **changed})


def sent(root, **changed) -> dict:
    values = {"parameter": "reminder_lead_months", "value": "9", "since": "2026-12-01", "basis": "云组〔2026〕10号"}
    return {"root": str(root.uid), **values, **changed}


def test_value_is_added(page, district, approver):
    response = page.post(address("localvalue", "add"), sent(district))

    row = LocalValue.objects.get()
    assert response.status_code == 302
    assert (row.root, row.parameter, row.value, row.since, row.by) == (
        district,
        "reminder_lead_months",
        9,
        FUTURE,
        approver,
    )


def test_form_names_each_open_number_with_the_national_value_and_the_stricter_direction(page, district):
    form = page.get(address("localvalue", "add")).context["adminform"].form

    assert [words for _, words in form.fields["parameter"].choices] == [
        "请选择",
        "届满提醒提前量（全国6个月，只能更大）",
        "成立或者改建后首次选举期限（全国12个月，只能更小）",
        "党员名册有效期（全国6个月，只能更小）",
        "正式党员不足3名保留期限（全国6个月，只能更小）",
        "候选人预备人选公示天数（全国未统一，单位为天）",
    ]
    assert form.initial["root"] == str(district.uid)


def test_refused_value_is_told_beside_its_field(page, district):
    response = page.post(address("localvalue", "add"), sent(district, value="6"))

    assert response.context["adminform"].form.errors == {"value": ["“届满提醒提前量”的地方值须大于全国的6个月。"]}
    assert not LocalValue.objects.exists()


def test_root_of_another_district_is_not_found(page):
    response = page.post(address("localvalue", "add"), sent(RootFactory(name="中共邻川区委员会")))

    assert list(response.context["adminform"].form.errors) == ["root"]
    assert not LocalValue.objects.exists()


@pytest.mark.parametrize("model", ["localvalue", "locallist", "checkedprovision"])
@pytest.mark.parametrize("role", [Role.OPERATOR, Role.VIEWER, Role.ACCOUNT_ADMIN])
def test_others_of_the_district_read_but_do_not_add(client, district, model, role):
    client.force_login(user_at(district, role, is_staff=True))

    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "add"), sent(district)).status_code == 403


def test_approver_of_a_street_reads_the_values_of_the_district_without_its_name(client, district, approver):
    row = value_of(district, approver)
    client.force_login(user_at(StreetFactory(parent=district), Role.APPROVER, is_staff=True))

    listed = client.get(address("localvalue", "changelist")).content.decode()

    assert "云组〔2026〕10号" in listed and "所在区" in listed
    assert "中共云岭区委员会" not in listed
    assert client.get(address("localvalue", "add")).status_code == 403
    assert client.post(address("localvalue", "change", row.uid), {"void_reason": "误"}).status_code == 403


@pytest.mark.parametrize("model", ["localvalue", "locallist", "checkedprovision"])
def test_another_district_sees_nothing(client, district, approver, model):
    rows = {
        "localvalue": value_of(district, approver),
        "locallist": LocalList.objects.create(
            root=district, by=approver, name="disqualifications", since=FUTURE, items="甲", basis="云组〔2026〕11号"
        ),
        "checkedprovision": CheckedProvision.objects.create(
            root=district, by=approver, rule_id="CAND-08", document=REGULATION, article="第二十三条", on=FUTURE
        ),
    }
    client.force_login(user_at(RootFactory(name="中共邻川区委员会"), Role.APPROVER, is_staff=True))

    assert list(client.get(address(model, "changelist")).context["cl"].result_list) == []
    for name in ("change", "history", "delete"):
        assert client.get(address(model, name, rows[model].uid)).status_code in (403, 404)


def test_future_value_is_taken_back_with_a_reason(page, district, approver):
    row = value_of(district, approver)

    refused = page.post(address("localvalue", "change", row.uid), {"void_reason": "", "seen_version": row.version})
    done = page.post(
        address("localvalue", "change", row.uid),
        {"void_reason": "录错", "seen_version": row.version, "_continue": "1"},
    )

    assert (refused.status_code, done.status_code) == (200, 302)
    assert page.get(done.headers["Location"]).status_code == 200
    assert not LocalValue.objects.exists()
    assert LocalValue.everything.get().voided_reason == "录错"


def test_value_in_force_has_no_form_and_no_row_can_be_deleted(page, district, approver):
    row = value_of(district, approver, since=datetime.date(2026, 11, 21))

    shown = page.get(address("localvalue", "change", row.uid))

    assert shown.status_code == 200
    assert 'name="void_reason"' not in shown.content.decode()
    assert page.post(address("localvalue", "change", row.uid), {"void_reason": "录错"}).status_code == 403
    assert page.post(address("localvalue", "delete", row.uid), {"post": "yes"}).status_code == 403
    assert LocalValue.objects.get() == row


def test_history_tells_the_value_in_words(page, district, approver):
    page.post(address("localvalue", "add"), sent(district))

    text = page.get(address("localvalue", "history", LocalValue.objects.get().uid)).content.decode()

    assert "设定地方值" in text
    assert "项目：（空） → 届满提醒提前量" in text


def test_comparison_is_recorded_and_withdrawn(page, district, approver):
    values = {"root": str(district.uid), "text": f"CAND-08|{REGULATION}", "article": "第二十三条", "on": "2026-11-20"}

    page.post(address("checkedprovision", "add"), values)

    row = CheckedProvision.objects.get()
    assert (row.rule_id, row.document, row.article, row.by) == ("CAND-08", REGULATION, "第二十三条", approver)
    page.post(address("checkedprovision", "change", row.uid), {"void_reason": "版本不对", "seen_version": row.version})
    assert not CheckedProvision.objects.exists()


def test_rules_to_compare_stand_under_their_documents_once(page):
    form = page.get(address("checkedprovision", "add")).context["adminform"].form
    groups = dict(form.fields["text"].choices[1:])

    found = {value: words for group in groups.values() for value, words in group}
    assert found[f"CAND-08|{REGULATION}"] == "第二十三条（条号待核） 党支部书记党龄下限"
    assert sorted(value for value in found if value.startswith("TERM-12|")) == [
        "TERM-12|《中国共产党基层组织选举工作暂行条例》",
        "TERM-12|《中国共产党基层组织选举工作条例》",
        "TERM-12|《关于党的基层组织任期的意见》",
    ]
    assert not {"工作惯例", "台账数据核对"} & groups.keys()


def test_list_is_published(page, district):
    values = {"root": str(district.uid), "name": "disqualifications", "items": "甲\r\n\r\n乙", "since": "2026-12-01"}

    page.post(address("locallist", "add"), {**values, "basis": "云组〔2026〕11号"})

    assert LocalList.objects.get().lines == ("甲", "乙")


def test_number_of_queries_of_the_list_does_not_depend_on_rows(page, district, approver):
    counted = []
    for year in (2027, 2028, 2029):
        value_of(district, approver, since=datetime.date(year, 1, 1))
        with CaptureQueriesContext(connection) as captured:
            page.get(address("localvalue", "changelist"))
        counted.append(len(captured))

    assert counted[1:] == [counted[1]] * 2

"""清空: what is recorded of a person by mistake, and has no right value, is taken out with the reason."""

import datetime

import pytest

from elections.desk.registry import BY_CODE
from members import services
from members.models import Member
from tests.desk import checked, done, undone
from tests.factories import OrganizationFactory
from tests.snapshots import books
from tests.workbooks import id_number

pytestmark = pytest.mark.django_db
NUMBER = id_number(birth="19900102", order="002")
WHY = "登记时误抄他人信息，正确内容待查"


@pytest.fixture
def member(branch, clerk):
    return services.record_member(
        organization=branch,
        name="单小红",
        by=clerk,
        id_number=NUMBER,
        phone="15400001234",
        education="大学本科",
        work_unit="云岭虚构制造有限公司",
        joined_on=datetime.date(2010, 7, 1),
        formal_on=datetime.date(2011, 7, 1),
    )


def errors(member, branch, clerk, **sent) -> dict:
    task = BY_CODE["change-member"]
    form = task.form_class({"person": str(member.uid), **sent}, initial={}, organization=branch, user=clerk)
    return form.errors


def test_chosen_fields_are_emptied_with_the_reason_and_come_back_with_the_undo(branch, clerk, member):
    before = books()
    sent = {"person": str(member.uid), "clear": ["id_number", "phone", "work_unit", "formal_on"], "basis": WHY}

    operation = done("change-member", branch, clerk, **sent, education="大学专科")

    kept = Member.objects.get()
    assert (kept.reveal_id_number(), kept.id_number_index, kept.reveal_phone(), kept.work_unit, kept.formal_on) == (
        "",
        None,
        "",
        "",
        None,
    )
    # What the number told stays, and so does whatever was left blank.
    assert (kept.birth, kept.education, kept.joined_on) == (
        datetime.date(1990, 1, 2),
        "大学专科",
        datetime.date(2010, 7, 1),
    )
    assert operation.basis == WHY
    undone(operation, clerk)
    assert books() == before


def test_the_check_page_names_what_is_emptied(branch, clerk, member):
    sent = {"person": str(member.uid), "clear": ["work_unit", "id_number"], "basis": WHY, "education": "大学专科"}

    assert checked("change-member", branch, clerk, **sent).consequences == [
        "单小红的学历变更，公民身份号码、工作单位清空。"
    ]


def test_nothing_is_emptied_without_a_reason_or_beside_a_new_value(branch, clerk, member):
    assert errors(member, branch, clerk, clear=["phone"]) == {"basis": ["清空项目的，请写明理由。"]}
    assert errors(member, branch, clerk, clear=["work_unit"], work_unit="别处", basis=WHY) == {
        "work_unit": ["已选择清空，不要再填写新的内容。"]
    }


def test_a_number_taken_out_is_free_for_its_holder(branch, clerk, member):
    done("change-member", branch, clerk, person=str(member.uid), clear=["id_number"], basis=WHY)

    other = services.record_member(
        organization=OrganizationFactory(parent=branch.parent), name="何丽华", by=clerk, id_number=NUMBER
    )

    assert other.reveal_id_number() == NUMBER


def test_a_probationary_member_whose_formal_day_was_a_slip_becomes_one_again(branch, clerk, member):
    sent = {"person": str(member.uid), "kind": "probationary"}
    assert errors(member, branch, clerk, **sent) == {"kind": ["预备党员没有转正日期，请核对人员类别。"]}

    done("change-member", branch, clerk, **sent, clear=["formal_on"], basis=WHY)

    assert (Member.objects.get().kind, Member.objects.get().formal_on) == ("probationary", None)

"""合并重复党员: one person afterwards, counted once on every day, with all that was recorded; and back again."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from elections.desk.changes import changes_of
from elections.desk.registry import BY_CODE
from elections.models import Post
from elections.services.merging import merge_people
from members import services
from members.headcount import headcount
from members.models import Affiliation, Identity, Member, Standing
from orgs.enums import StandingKind, Title
from tests.desk import checked, done, undone
from tests.elections.desk.branches import with_roster
from tests.factories import (
    AffiliationFactory,
    PostFactory,
    StandingFactory,
    StreetFactory,
    user_at,
)
from tests.snapshots import books
from tests.workbooks import id_number

pytestmark = pytest.mark.django_db
RIGHT, WRONG = id_number(birth="19850412", order="001"), id_number(birth="19850412", order="003")
TODAY = date(2026, 11, 21)
CHECKED = "已核对身份证原件"


@pytest.fixture
def branch(street):
    return with_roster(street, "石桥社区党支部")


@pytest.fixture
def sibling(street):
    return with_roster(street, "柳林社区党支部")


@pytest.fixture
def right(branch, clerk):
    return services.record_member(organization=branch, name="王建国", id_number=RIGHT, by=clerk, education="大学本科")


@pytest.fixture
def wrong(sibling, clerk):
    return services.record_member(
        organization=sibling,
        name="王建国",
        id_number=WRONG,
        by=clerk,
        since=date(2025, 3, 1),
        work_unit="石桥学校",
        phone="15400000001",
    )


def sent(keep, drop, **changed) -> dict:
    return {"pair": f"{keep.uid}.{drop.uid}", "stays": "kept", "on": "2026-11-21", "basis": CHECKED, **changed}


def places(member) -> list[tuple]:
    rows = [(row.organization.name, row.since, row.until) for row in Affiliation.objects.filter(member=member)]
    return sorted(rows, key=lambda row: row[1] or date.min)


def test_the_kept_entry_takes_over_what_it_lacks_and_the_other_counts_nowhere(right, wrong, branch, sibling, clerk):
    done("merge-people", branch, clerk, **sent(right, wrong))

    kept = Member.objects.get(name="王建国")
    assert (kept.pk, kept.reveal_id_number(), kept.reveal_phone()) == (right.pk, RIGHT, "15400000001")
    assert (kept.education, kept.work_unit) == ("大学本科", "石桥学校")
    gone = Member.everything.get(pk=wrong.pk)
    assert (gone.voided_by, gone.voided_reason) == (clerk, f"重复登记，已合并：{CHECKED}")
    assert [(each.first, each.second, each.is_same) for each in Identity.objects.all()] == [(kept, gone, True)]
    assert {pk: count.total for pk, count in headcount([branch, sibling], TODAY).items()} == {
        branch.pk: 1,
        sibling.pk: 0,
    }


def test_the_place_that_goes_on_is_the_one_that_is_named(right, wrong, branch, sibling, clerk):
    done("merge-people", branch, clerk, **sent(right, wrong, stays="merged"))

    assert places(right) == [
        ("石桥社区党支部", None, date(2025, 3, 1)),
        ("柳林社区党支部", date(2025, 3, 1), None),
    ]


def test_where_the_kept_place_began_first_the_other_one_was_recorded_twice(right, wrong, branch, clerk):
    done("merge-people", branch, clerk, **sent(right, wrong))

    assert places(right) == [("石桥社区党支部", None, None)]
    assert Affiliation.everything.filter(member=wrong, voided_at__isnull=False).count() == 1


def test_earlier_periods_standings_and_posts_come_along_and_doubles_are_voided(right, wrong, branch, sibling, clerk):
    earlier = AffiliationFactory(member=wrong, organization=branch, since=date(2012, 1, 1), until=date(2014, 1, 1))
    Affiliation.objects.filter(member=right).update(since=date(2020, 1, 1))
    StandingFactory(member=right, kind=StandingKind.FLOATING, since=date(2026, 1, 1))
    StandingFactory(member=wrong, kind=StandingKind.FLOATING, since=date(2026, 2, 1))
    lost = StandingFactory(member=wrong, kind=StandingKind.LOST, since=date(2013, 1, 1), until=date(2013, 6, 1))
    post = {"holder_name": "王建国", "organization": branch, "since": date(2022, 1, 10)}
    PostFactory(member=right, title=Title.SECRETARY, **post)
    PostFactory(member=wrong, title=Title.SECRETARY, **post)
    second = PostFactory(member=wrong, title=Title.ORGANIZATION, **post)

    done("merge-people", branch, clerk, **sent(right, wrong))

    assert places(right) == [
        ("石桥社区党支部", earlier.since, earlier.until),
        ("石桥社区党支部", date(2020, 1, 1), None),
    ]
    assert list(Standing.objects.filter(member=right).order_by("since").values_list("kind", "since")) == [
        (StandingKind.LOST, lost.since),
        (StandingKind.FLOATING, date(2026, 1, 1)),
    ]
    assert list(Post.objects.filter(member=right).order_by("pk").values_list("title", flat=True)) == [
        Title.SECRETARY,
        second.title,
    ]
    assert not Post.objects.filter(member=wrong).exists()
    assert not Standing.objects.filter(member=wrong).exists()


def test_the_page_of_the_operation_tells_every_row_it_wrote(right, wrong, branch, clerk):
    operation = done("merge-people", branch, clerk, **sent(right, wrong))

    changes = changes_of(operation, user=clerk)

    assert changes.hidden == 0
    assert sorted((each.done, each.table, each.row) for each in changes.shown) == [
        ("修改", "党员", "王建国"),
        ("修改", "党员", "王建国"),
        ("修改", "组织关系", "王建国 · 柳林社区党支部"),
        ("新增", "疑似重复核实", ""),
    ]


def test_undo_makes_two_of_one_again(right, wrong, branch, sibling, clerk):
    PostFactory(member=wrong, organization=sibling, holder_name="王建国", since=date(2025, 4, 1))
    before = books()

    undone(done("merge-people", branch, clerk, **sent(right, wrong, stays="merged")), clerk)

    assert books() == before


def test_undo_is_refused_once_the_wrong_number_is_somebody_elses(right, wrong, branch, clerk):
    operation = done("merge-people", branch, clerk, **sent(right, wrong))
    Member.everything.filter(pk=wrong.pk).update(id_number_index=None, id_number_sealed="")
    other = services.record_member(organization=branch, name="赵建国", id_number=WRONG, by=clerk)
    Member.everything.filter(pk=wrong.pk).update(id_number_index=other.id_number_index, id_number_sealed="x")

    assert BY_CODE["merge-people"].depending(operation) == ["原公民身份号码已登记给其他党员"]


def test_the_number_that_was_a_slip_is_not_registered_again(right, wrong, branch, clerk):
    done("merge-people", branch, clerk, **sent(right, wrong))

    with pytest.raises(ValidationError, match="已认定有误"):
        services.record_member(organization=branch, name="王建国", id_number=WRONG, by=clerk)
    kept = services.change_member(Member.objects.get(pk=right.pk), by=clerk, id_number=RIGHT, work_unit="石桥社区")
    assert kept.work_unit == "石桥社区"


def test_a_number_taken_over_by_the_kept_entry_stays_in_use(wrong, branch, clerk):
    numberless = services.record_member(
        organization=branch, name="王建国", by=clerk, birth=wrong.birth, phone="15400000001"
    )

    done("merge-people", branch, clerk, **sent(numberless, wrong))

    kept = services.change_member(Member.objects.get(pk=numberless.pk), by=clerk, id_number=WRONG, education="大专")
    assert (kept.reveal_id_number(), kept.education) == (WRONG, "大专")


def test_a_number_taken_over_goes_back_with_the_undo(wrong, branch, clerk):
    numberless = services.record_member(
        organization=branch, name="王建国", by=clerk, birth=wrong.birth, phone="15400000001"
    )
    before = books()

    undone(done("merge-people", branch, clerk, **sent(numberless, wrong)), clerk)

    assert books() == before


def test_the_check_page_says_what_becomes_of_the_posts(right, wrong, branch, sibling, clerk):
    PostFactory(member=wrong, organization=sibling, holder_name="王建国", since=date(2025, 4, 1))

    outlook = checked("merge-people", branch, clerk, **sent(right, wrong))

    assert outlook.warnings == [
        "保留 119901********0010（石桥社区党支部），并入 119901********0037（柳林社区党支部），"
        "并入的登记作废，留有记录。",
        "并入的登记所任1项职务转到保留的登记名下。",
        "合并之后，两处以往各算一人的时点人数改按一人计算。",
    ]


def test_only_suspected_pairs_of_ones_own_part_can_be_merged(right, branch, clerk, street):
    namesake = services.record_member(
        organization=branch, name="李文斌", id_number=id_number(birth="19700101", order="555"), by=clerk
    )
    task = BY_CODE["merge-people"]

    form = task.form_class(sent(right, namesake), organization=branch, user=clerk)

    assert not form.is_valid()
    assert form.errors == {"pair": ["这两条登记已经处理，或者不再是疑似重复。"]}


def test_a_person_in_transit_is_not_merged(right, wrong, branch, clerk):
    services.request_transfer(
        member=right, wanted="和平街道", asked_on=TODAY, letter_no="介〔2026〕1号", note="", by=clerk
    )

    with pytest.raises(ValidationError, match="正在转接"):
        merge_people(keep=right, drop=wrong, stays_with=right, on=TODAY, reason=CHECKED, by=clerk)
    assert Member.objects.filter(name="王建国").count() == 2


def test_a_stranger_cannot_merge(right, wrong, street):
    stranger = user_at(StreetFactory(parent=street.parent))

    with pytest.raises(PermissionDenied):
        merge_people(keep=right, drop=wrong, stays_with=right, on=TODAY, reason=CHECKED, by=stranger)

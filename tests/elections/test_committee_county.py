"""The committees of an invented county with 1,406 seats in one file, and everything that is wrong with it by name."""

import datetime

import pytest

from elections import imports
from elections.models import Post
from members.models import Affiliation, Member
from orgs import tree
from orgs.enums import Kind, MemberKind, UnitType
from orgs.models import Organization
from orgs.sortkey import sort_key
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
HEADER = ["党组织编码", "党组织名称", "职务", "姓名", "公民身份号码", "任职日期"]
BRANCHES = 281
POSTS = ("书记", "副书记", "组织委员", "宣传委员", "纪检委员")
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许", "明红丽强伟静敏杰芳军"


def name_of(seat):
    return SURNAMES[seat % 20] + GIVEN[seat // 20 % 10] + GIVEN[seat // 200 % 10]


def number_of(seat):
    return workbooks.id_number(birth=f"19{70 + seat % 25}0101", order=f"{seat // 25 + 1:03d}")


@pytest.fixture
def county():
    """281 village branches with 1,406 members, of whom one is probationary; a clerk of the county."""
    root = factories.RootFactory(code="XY", name="中共虚源县委员会")
    branches = [
        Organization(
            parent=root, path=path, code=f"XY{number:04d}", name=f"虚构{number}村党支部", kind=Kind.BRANCH,
            unit_type=UnitType.VILLAGE, sort_key=sort_key(f"虚构{number}村党支部"),
        )
        for number, path in enumerate(tree.next_paths(root, BRANCHES))
    ]  # fmt: skip
    Organization.objects.bulk_create(branches)
    people = []
    for seat in range(BRANCHES * 5 + 1):
        person = Member(name=name_of(seat), sort_key="x")
        person.set_id_number(number_of(seat))
        people.append(person)
    people[7].kind = MemberKind.PROBATIONARY
    Member.objects.bulk_create(people)
    Affiliation.objects.bulk_create(
        Affiliation(member=person, organization=branches[min(seat // 5, BRANCHES - 1)])
        for seat, person in enumerate(people)
    )
    return factories.user_at(root)


def seats():
    """One row per seat; the last branch has a sixth."""
    rows = []
    for seat in range(BRANCHES * 5 + 1):
        branch = min(seat // 5, BRANCHES - 1)
        post = POSTS[seat % 5] if seat < BRANCHES * 5 else "青年委员"
        rows.append([f"XY{branch:04d}", f"虚构{branch}村党支部", post, name_of(seat), number_of(seat), "2026-03-01"])
    return rows


def test_county_of_1406_seats(county):
    rows = seats()
    rows[3][3], rows[3][4] = "空缺", None  # a vacancy
    rows[11][2] = "党支部书记"  # a second secretary beside row 10
    rows[20][3], rows[20][4] = "何来", workbooks.id_number(order="999")  # nobody of the member roster
    data = workbooks.xlsx(("班子", [HEADER, *rows]))

    batch = imports.upload(
        data=data, file_name="全县班子.xlsx", kind="auto", organization=county.organization, on=ON, by=county
    )

    counts = {name: batch.counts[name] for name in ("rows", "good", "bad", "skipped", "new")}
    assert counts == {"rows": 1406, "good": 1402, "bad": 3, "skipped": 1, "new": 1402}
    preview = imports.preview(batch)
    assert [(each.row, each.code.value) for each in preview.issues] == [
        (9, "COMMITTEE_PROBATIONARY"),
        (13, "COMMITTEE_TWO_SECRETARIES"),
        (22, "COMMITTEE_PERSON_UNKNOWN"),
    ]
    assert [(row.number, row.skipped) for row in preview.rows if row.skipped] == [(5, "职务空缺，没有登记人员")]
    imports.confirm(batch=batch, partial=True, by=county)
    assert Post.objects.filter(member__isnull=False).count() == 1402

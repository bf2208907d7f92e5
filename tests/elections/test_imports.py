"""The organization ledger: tree in any order, the current term, numbers and secretary; row by row and back again."""

import datetime

import pytest

from elections import imports
from elections.models import Post, Term
from members.models import DeclaredCount
from orgs.enums import BatchState
from orgs.models import Organization, OrganizationChange
from tests import factories, workbooks

pytestmark = pytest.mark.django_db

ON = datetime.date(2026, 11, 21)
HEADER = [
    "党组织编码", "党组织名称", "党组织简称", "上级党组织编码", "上级党组织名称", "组织类别", "所在单位类别",
    "成立日期", "届次", "换届日期", "任期(年)", "届满日期", "换届批复文号", "书记", "正式党员数", "预备党员数",
]  # fmt: skip
TABLES = (Organization, OrganizationChange, Term, DeclaredCount, Post)


@pytest.fixture
def root():
    return factories.RootFactory(code="YL")


@pytest.fixture
def clerk(root):
    return factories.user_at(root)


def line(code, name, parent="", **cells):
    row = {"党组织编码": code, "党组织名称": name, "上级党组织编码": parent, **cells}
    return [row.get(title) or None for title in HEADER]


STREET = line("YL01", "虚构街道党工委", "YL", 组织类别="党工委")
COMMUNITY = line("YL0101", "虚构社区党总支", "YL01", 组织类别="党总支", 所在单位类别="社区", 换届日期="2024-06-01")
BRANCH = line(
    "YL010101",
    "虚构社区第一党支部",
    "YL0101",
    组织类别="党支部",
    所在单位类别="社区",
    换届日期="2022-03-15",
    届次="第三届",
    书记="李明",
    正式党员数="12",
    预备党员数="1",
)


def upload(clerk, organization, *rows, on=ON):
    data = workbooks.xlsx(("台账", [HEADER, *rows]))
    return imports.upload(data=data, file_name="台账.xlsx", kind="auto", organization=organization, on=on, by=clerk)


def confirmed(clerk, organization, *rows, on=ON, partial=False):
    return imports.confirm(batch=upload(clerk, organization, *rows, on=on), partial=partial, by=clerk)


def outcome(batch):
    return [(row.number, row.status.value, row.step) for row in imports.preview(batch).rows]


def codes(batch):
    return [(each.row, each.header, each.code.value) for each in imports.preview(batch).issues]


def tree():
    return list(Organization.objects.order_by("path").values_list("code", "path", "kind", "unit_type"))


def books():
    """Every row of the tables written, without versions, which go on counting."""
    found = {}
    for model in TABLES:
        columns = [field.attname for field in model._meta.concrete_fields if field.attname != "version"]
        found[model.__name__] = list(model._base_manager.order_by("pk").values_list(*columns))
    return found


def test_children_may_stand_before_their_parents(root, clerk):
    batch = confirmed(clerk, root, BRANCH, COMMUNITY, STREET)

    assert batch.state == BatchState.APPLIED
    assert outcome(batch) == [(2, "ok", "new"), (3, "ok", "new"), (4, "ok", "new")]
    assert tree() == [
        ("YL", "0000", "local_committee", ""),
        ("YL01", "00000000", "working_committee", ""),
        ("YL0101", "000000000000", "general_branch", "community"),
        ("YL010101", "0000000000000000", "branch", "community"),
    ]


def test_term_numbers_and_secretary_are_recorded(root, clerk):
    confirmed(clerk, root, STREET, COMMUNITY, BRANCH)

    branch = Organization.objects.get(code="YL010101")
    term = Term.objects.get(organization=branch)
    assert (term.elected_on, term.years, term.years_basis, term.expires_on, term.ordinal, term.until) == (
        datetime.date(2022, 3, 15), 5, "TERM-04", datetime.date(2027, 3, 15), 3, None
    )  # fmt: skip
    assert (term.kind_at_election, term.unit_type_at_election) == ("branch", "community")
    declared = DeclaredCount.objects.get(organization=branch)
    assert (declared.on, declared.full, declared.probationary) == (ON, 12, 1)
    post = Post.objects.get(organization=branch)
    assert (post.holder_name, post.title, post.seat, post.since) == (
        "李明", "secretary", "elected", datetime.date(2022, 3, 15)
    )  # fmt: skip


def test_same_file_twice_writes_nothing(root, clerk):
    confirmed(clerk, root, STREET, COMMUNITY, BRANCH)
    before = books()

    again = confirmed(clerk, root, STREET, COMMUNITY, BRANCH, on=datetime.date(2026, 12, 5))

    assert [step for _, _, step in outcome(again)] == ["unchanged"] * 3
    assert again.effects.count() == 0
    assert books() == before


def test_tree_by_names_without_codes(root, clerk):
    confirmed(
        clerk,
        root,
        line(
            None,
            "虚构社区党总支",
            上级党组织名称="虚构街道党工委",
            组织类别="党总支",
            所在单位类别="社区",
            换届日期="2024-06-01",
        ),
        line(None, "虚构街道党工委", 上级党组织名称="云岭区委员会"),
        line(None, "第一党支部", 上级党组织名称="虚构社区党总支", 所在单位类别="社区", 换届日期="2024-06-01"),
    )

    names = Organization.objects.order_by("path").values_list("name", "kind", "parent__name")
    assert list(names) == [
        ("中共云岭区委员会", "local_committee", None),
        ("虚构街道党工委", "working_committee", "中共云岭区委员会"),
        ("虚构社区党总支", "general_branch", "虚构街道党工委"),
        ("第一党支部", "branch", "虚构社区党总支"),
    ]


def test_mistakes_of_the_tree(root, clerk):
    batch = upload(
        clerk,
        root,
        line("A", "甲党总支", "A", 组织类别="党总支"),
        line("B", "乙党总支", "C", 组织类别="党总支"),
        line("C", "丙党总支", "B", 组织类别="党总支"),
        line("D", "丁党总支", "XX", 组织类别="党总支"),
        line("E", "戊党支部", "YL", 组织类别="党支部", 换届日期="2024-06-01", 所在单位类别="机关"),
        line("F", "己党支部", "E", 组织类别="党支部", 换届日期="2024-06-01", 所在单位类别="机关"),
        line("E", "庚党支部", "YL", 组织类别="党支部"),
        line("H", "辛党支部", "D", 组织类别="党支部", 换届日期="2024-06-01", 所在单位类别="机关"),
        line("I", "戊党支部", "YL", 组织类别="党支部", 换届日期="2024-06-01", 所在单位类别="机关"),
        line("J", "壬小组", "YL"),
        line(None, "癸党支部", "YL", 组织类别="党支部"),
        line("L", "子党支部", 组织类别="党支部", 换届日期="2024-06-01", 所在单位类别="机关"),
        line("M", "丑党支部", 组织类别="党支部", 换届日期="2024-06-01", 所在单位类别="机关"),
    )

    issues = imports.preview(batch).issues
    assert [(each.row, each.header, each.code.value) for each in issues if each.severity == "error"] == [
        (2, "上级党组织编码", "ORG_SELF_PARENT"),
        (3, "上级党组织名称", "ORG_CYCLE"),
        (4, "上级党组织名称", "ORG_CYCLE"),
        (5, "上级党组织编码", "ORG_PARENT_MISSING"),
        (7, "组织类别", "ORG_LEVEL_INVERSION"),
        (8, "党组织编码", "ORG_CODE_DUP"),
        (9, "上级党组织编码", "ORG_PARENT_BAD"),
        (10, "党组织名称", "ORG_NAME_DUP"),
        (11, "组织类别", "ORG_KIND_UNKNOWN"),
        (12, "党组织编码", "ORG_CODE_EMPTY"),
        (14, "上级党组织名称", "ORG_MULTI_ROOT"),
    ]


def test_code_of_an_organization_elsewhere_is_refused_without_saying_whose(root):
    street, other = factories.StreetFactory(parent=root), factories.StreetFactory(parent=root)
    factories.OrganizationFactory(parent=other, code="X1", name="别处党支部")

    batch = upload(factories.user_at(street), street, line("X1", "新党支部", street.code, 组织类别="党支部"))

    issue = next(each for each in imports.preview(batch).issues if each.severity == "error")
    assert (issue.code.value, issue.message) == ("ORG_CODE_DUP", "党组织编码「X1」已被使用，请核对。")


def test_unit_type_is_proposed_from_the_name_and_shown(root, clerk):
    batch = confirmed(
        clerk, root, STREET, line("YL0102", "虚构村党支部", "YL01", 组织类别="党支部", 换届日期="2024-06-01")
    )

    assert [(each.row, each.code.value, each.value) for each in imports.preview(batch).issues] == [
        (3, "ENUM_UNKNOWN", "村")
    ]
    assert Organization.objects.get(code="YL0102").unit_type == "village"
    assert Term.objects.get().expires_on == datetime.date(2029, 6, 1)


def test_unit_type_that_nothing_tells_leaves_the_term_out(root, clerk):
    batch = confirmed(
        clerk, root, STREET, line("YL0102", "第二党支部", "YL01", 组织类别="党支部", 换届日期="2024-06-01")
    )

    assert codes(batch) == [(3, "所在单位类别", "ENUM_UNKNOWN"), (3, "所在单位类别", "TERM_MISSING")]
    assert Term.objects.count() == 0


def test_stated_expiry_replaces_the_computed_one_only_with_a_document(root, clerk):
    common = {
        "组织类别": "党支部",
        "所在单位类别": "机关",
        "换届日期": "2024-06-01",
        "届满日期": "2029-06-01",
        "任期(年)": "5",
    }
    batch = confirmed(
        clerk,
        root,
        STREET,
        line("A1", "甲党支部", "YL01", **common),
        line("A2", "乙党支部", "YL01", **common, 换届批复文号="云组〔2024〕9号"),
    )

    assert codes(batch) == [(3, "任期(年)", "TERM_MISMATCH"), (3, "届满日期", "TERM_MISMATCH")]
    rows = Term.objects.order_by("organization__code").values_list(
        "years", "years_basis", "expires_on", "stated_expires_on"
    )
    assert list(rows) == [
        (3, "TERM-03", datetime.date(2027, 6, 1), datetime.date(2029, 6, 1)),
        (5, "stated", datetime.date(2029, 6, 1), None),
    ]


def test_month_only_election_counts_from_the_last_day(root, clerk):
    batch = confirmed(clerk, root, STREET, [*COMMUNITY[:9], "2023年2月", *COMMUNITY[10:]])

    assert codes(batch) == [(3, "换届日期", "DATE_MONTH_ONLY")]
    term = Term.objects.get()
    assert (term.elected_on, term.elected_on_precision, term.expires_on, term.expires_on_precision) == (
        datetime.date(2023, 2, 28), "month", datetime.date(2028, 2, 29), "month"
    )  # fmt: skip
    assert imports.preview(batch).rows[1].record["elected"] == "2023-02"


def test_new_election_day_is_a_new_term_and_ends_the_one_before(root, clerk):
    confirmed(clerk, root, STREET, COMMUNITY, BRANCH, on=datetime.date(2026, 1, 5))

    later = [*BRANCH[:8], "4", "2026-10-01", *BRANCH[10:13], "王强", "13", "0"]
    batch = confirmed(clerk, root, STREET, COMMUNITY, later)

    assert imports.preview(batch).rows[2].changes == {
        "term_no": ("3", "4"),
        "elected": ("2022-03-15", "2026-10-01"),
        "expires": ("2027-03-15", "2031-10-01"),
        "formal": ("12", "13"),
        "probationary": ("1", "0"),
        "secretary": ("李明", "王强"),
    }
    branch = Organization.objects.get(code="YL010101")
    terms = Term.objects.filter(organization=branch).order_by("elected_on").values_list("elected_on", "until")
    assert list(terms) == [
        (datetime.date(2022, 3, 15), datetime.date(2026, 10, 1)),
        (datetime.date(2026, 10, 1), None),
    ]
    posts = Post.objects.filter(organization=branch).order_by("pk").values_list("holder_name", "until")
    assert list(posts) == [("李明", datetime.date(2026, 10, 1)), ("王强", None)]


def test_changes_are_dated_and_moves_take_the_subtree_along(root, clerk):
    other = line("YL02", "虚构二街道党工委", "YL", 组织类别="党工委")
    confirmed(clerk, root, STREET, other, COMMUNITY, BRANCH)

    moved = ["YL0101", "虚构新社区党总支", None, "YL02", *COMMUNITY[4:]]
    batch = confirmed(clerk, root, STREET, other, moved, BRANCH)

    assert imports.preview(batch).rows[2].changes == {
        "org_name": ("虚构社区党总支", "虚构新社区党总支"),
        "parent_name": ("虚构街道党工委", "虚构二街道党工委"),
    }
    assert [row[:2] for row in tree()] == [
        ("YL", "0000"),
        ("YL01", "00000000"),
        ("YL02", "00000001"),
        ("YL0101", "000000010000"),
        ("YL010101", "0000000100000000"),
    ]
    changes = OrganizationChange.objects.order_by("id").values_list("field", "on", "before", "after")
    street, second = Organization.objects.get(code="YL01"), Organization.objects.get(code="YL02")
    assert list(changes) == [
        ("name", ON, "虚构社区党总支", "虚构新社区党总支"),
        ("parent", ON, str(street.uid), str(second.uid)),
    ]


def test_undo_brings_back_every_row(root, clerk):
    other = line("YL02", "虚构二街道党工委", "YL", 组织类别="党工委")
    confirmed(clerk, root, STREET, other, COMMUNITY, BRANCH, on=datetime.date(2026, 1, 5))
    before = books()
    moved = ["YL0101", "虚构新社区党总支", None, "YL02", *COMMUNITY[4:]]
    later = [*BRANCH[:8], "4", "2026-10-01", *BRANCH[10:13], "王强", "13", "0"]
    batch = confirmed(
        clerk,
        root,
        moved,
        later,
        line("YL03", "新街道党工委", "YL"),
        line("YL0301", "新党支部", "YL03", 所在单位类别="机关"),
    )
    assert books() != before

    imports.undo(batch=batch, by=clerk)

    assert books() == before


def test_undo_takes_back_a_new_superior_together_with_what_moved_under_it(root, clerk):
    confirmed(clerk, root, STREET, COMMUNITY, BRANCH)
    before = books()
    second = line("YL02", "虚构二街道党工委", "YL", 组织类别="党工委")
    batch = confirmed(clerk, root, second, line("YL0101", "虚构社区党总支", "YL02", 组织类别="党总支"))
    assert Organization.objects.get(code="YL0101").parent.code == "YL02"

    imports.undo(batch=batch, by=clerk)

    assert books() == before


def test_new_organization_under_one_that_moves_in_the_same_file(root, clerk):
    other = line("YL02", "虚构二街道党工委", "YL", 组织类别="党工委")
    confirmed(clerk, root, STREET, other, COMMUNITY, on=datetime.date(2026, 1, 5))
    before = books()

    batch = confirmed(clerk, root, [*COMMUNITY[:3], "YL02", *COMMUNITY[4:]], BRANCH)

    assert [row[:2] for row in tree()][-2:] == [("YL0101", "000000010000"), ("YL010101", "0000000100000000")]
    imports.undo(batch=batch, by=clerk)
    assert books() == before


def test_undo_refuses_while_organizations_were_added_below(root, clerk):
    batch = confirmed(clerk, root, STREET)
    confirmed(clerk, root, COMMUNITY)

    with pytest.raises(imports.UndoBlocked) as refused:
        imports.undo(batch=batch, by=clerk)

    assert refused.value.reasons == ["党组织“虚构社区党总支”依赖本批次新增的党组织“虚构街道党工委”"]


def test_row_in_error_holds_back_what_stands_under_it_and_nothing_else(root, clerk):
    wrong = [*COMMUNITY[:9], "2024-13-01", *COMMUNITY[10:]]
    batch = upload(clerk, root, STREET, wrong, BRANCH)
    assert codes(batch) == [(3, "换届日期", "DATE_NOT_EXIST"), (4, "上级党组织编码", "ORG_PARENT_BAD")]

    imports.confirm(batch=batch, partial=True, by=clerk)

    assert [row[0] for row in tree()] == ["YL", "YL01"]


def test_export_comes_back_as_unchanged(root, clerk):
    confirmed(clerk, root, STREET, COMMUNITY, BRANCH)
    roster = imports.OrganizationRoster()
    scope = imports.Scope(clerk, root, ON)
    titles, rows = roster.table(roster.export_records(scope))
    data = workbooks.xlsx(("台账", [titles, *([cell or None for cell in row] for row in rows)]))

    batch = imports.upload(data=data, file_name="a.xlsx", kind="auto", organization=root, on=ON, by=clerk)

    assert outcome(batch) == [(number, "ok", "unchanged") for number in range(2, 6)]


def test_export_of_a_tree_with_codes_here_and_there_comes_back_as_unchanged(root, clerk):
    factories.OrganizationFactory(parent=root, code="", name="虚构社区第一党支部")
    exported = imports.export(kind="organizations", organization=root, on=ON, by=clerk)

    batch = imports.upload(data=exported, file_name="导出.xlsx", kind="auto", organization=root, on=ON, by=clerk)

    assert outcome(batch) == [(2, "ok", "unchanged"), (3, "warning", "unchanged")]
    assert codes(batch) == [(3, "换届日期", "TERM_MISSING")]


def test_the_second_without_a_parent_is_refused_again_when_the_first_is_on_the_books(root, clerk):
    rows = [line("YL01", "甲党工委", 组织类别="党工委"), line("YL02", "乙党工委", 组织类别="党工委")]
    confirmed(clerk, root, *rows, partial=True)

    again = upload(clerk, root, *rows)

    assert outcome(again) == [(2, "ok", "unchanged"), (3, "error", "")]

"""Values of the member roster that only a row as a whole, or the books, can judge."""

import pytest

from elections import imports
from orgs.importing.codes import Code
from tests import factories, workbooks
from tests.members.rosters import LI, codes, li, outcome, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch(root):
    return factories.OrganizationFactory(parent=root, code="020100", name="虚构社区第一党支部")


def found(batch):
    """Row by row what is said, without the sentences."""
    return [(code, row, column) for row, column, code in codes(batch)]


def line(**changes):
    return li(**{"党组织编码": "020100", **changes})


@pytest.mark.parametrize("birth", ["20261122", "19051231"])
def test_a_number_of_someone_not_born_yet_or_too_old_is_told_at_the_number(root, branch, clerk, birth):
    batch = upload(clerk, root, line(公民身份号码=workbooks.id_number(birth=birth)))

    assert found(batch) == [("ID_BIRTH_INVALID", 2, 4)]
    assert imports.preview(batch).issues[0].message == (
        "身份证号中的出生日期晚于名册日期，或者距今超过120年，请对照证件改正。"
    )


def test_a_code_that_lost_its_zero_in_a_number_cell_is_found_and_said(root, branch, clerk):
    batch = upload(clerk, root, line(党组织编码=20100, 所在党支部=None))

    assert outcome(batch) == [(2, "ok", "new")]
    assert [(each.code, each.column, each.message) for each in imports.preview(batch).issues] == [
        (
            Code.ORG_FUZZY,
            1,
            "「20100」已按「虚构社区第一党支部（编码020100）」处理，请核对是否为同一党组织。",
        )
    ]


def test_with_its_name_beside_it_nothing_needs_to_be_said(root, branch, clerk):
    assert found(upload(clerk, root, line(党组织编码=20100))) == []


def test_a_number_that_fits_two_codes_fits_none(root, branch, clerk):
    factories.OrganizationFactory(parent=root, code="0020100", name="虚构社区第二党支部")

    assert found(upload(clerk, root, line(党组织编码=20100, 所在党支部=None))) == [("ORG_UNKNOWN", 2, 1)]


def test_the_exact_code_wins_over_one_with_zeros(root, branch, clerk):
    other = factories.OrganizationFactory(parent=root, code="20100", name="虚构社区第二党支部")

    batch = upload(clerk, root, line(党组织编码=20100, 所在党支部=None))

    assert found(batch) == []
    assert imports.preview(batch).rows[0].organizations == (other.pk,)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("虚构社区（第一）党支部", []),
        ("虚构社区(第一)党支部", []),
        ("虚构社区 （第一）\u3000党支部", []),
        ("虚构社区（第一）\n党支部", []),
        ("中共虚构社区（第一）党支部", [("ORG_FUZZY", 2, 2)]),
        ("虚构一支部", [("ORG_FUZZY", 2, 2)]),
        ("虚构社区第一党支部", [("ORG_UNKNOWN", 2, 2)]),
    ],
)
def test_an_organization_is_found_in_every_writing_of_its_name(root, clerk, name, said):
    factories.OrganizationFactory(parent=root, code="", name="虚构社区（第一）党支部", short_name="虚构一支部")

    assert found(upload(clerk, root, li(党组织编码=None, 所在党支部=name))) == said


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("无", "无", [("ORG_EMPTY", 2, 2)]),
        ("—", None, [("ORG_EMPTY", 2, 2)]),
        ("\u200b", None, [("ORG_EMPTY", 2, 2)]),
        (None, "长" * 121, [("ENUM_UNKNOWN", 2, 2), ("ORG_UNKNOWN", 2, 2)]),
        ("#REF!", None, [("CELL_ERROR", 2, 1)]),
    ],
)
def test_a_row_that_names_no_organization_is_an_error_whatever_stands_there(root, branch, clerk, code, name, expected):
    batch = upload(clerk, root, li(党组织编码=code, 所在党支部=name))

    assert found(batch) == expected
    assert outcome(batch) == [(2, "error", "")]


def test_whoever_is_said_to_be_no_member_is_not_made_one(root, branch, clerk):
    batch = upload(clerk, root, line(人员类别="群众"))

    assert found(batch) == [("KIND_INCONSISTENT", 2, 7)]
    assert imports.preview(batch).issues[0].message == (
        "「群众」不是党员，党员花名册只登记正式党员和预备党员。请删去这一行，或改正人员类别。"
    )


@pytest.mark.parametrize("sex", ["1", 1, "男", "M"])
def test_the_number_decides_on_the_sex_whatever_list_the_codes_are_from(root, branch, clerk, sex):
    assert found(upload(clerk, root, line(性别=sex))) == []


@pytest.mark.parametrize("sex", ["0", 0, "2", 2, "女"])
def test_a_code_for_the_other_sex_is_a_warning(root, branch, clerk, sex):
    batch = upload(clerk, root, line(性别=sex))

    assert found(batch) == [("ID_SEX_MISMATCH", 2, 5)]
    assert imports.preview(batch).rows[0].record["sex"] == "男"


@pytest.mark.parametrize(
    "number", [int(LI), float(LI), f"{float(LI):.5E}", 119901198005060110], ids=["int", "float", "text", "zeros"]
)
def test_a_number_cell_is_refused_even_where_the_check_digit_fits(root, branch, clerk, number):
    assert found(upload(clerk, root, line(公民身份号码=number))) == [("ID_PRECISION_LOST", 2, 4)]


def test_a_month_stays_a_month_on_the_books(root, branch, clerk):
    batch = upload(clerk, root, line(入党日期="2005.07", 转正日期="2006年7月"))

    assert found(batch) == [("DATE_MONTH_ONLY", 2, 8), ("DATE_MONTH_ONLY", 2, 9)]
    record = imports.preview(batch).rows[0].record
    assert (record["joined"], record["formal_on"]) == ("2005-07", "2006-07")


def test_no_sentence_repeats_a_phone(root, branch, clerk):
    batch = upload(clerk, root, line(联系电话="1540000000"))

    assert found(batch) == [("ENUM_UNKNOWN", 2, 10)]
    assert "1540000000" not in imports.preview(batch).issues[0].message

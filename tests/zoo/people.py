"""The invented street of the zoo, its branches and people, and what a roster of members says of them."""

from collections.abc import Sequence

from orgs.models import Organization
from tests import factories
from tests.workbooks import id_number

FIRST, SECOND = "虚构社区第一党支部", "虚构社区第二党支部"
CODES = {FIRST: "YL01", SECOND: "YL02"}
SHEET = "花名册"

TITLES = ["所在党支部", "姓名", "性别", "民族", "公民身份号码", "人员类别", "入党日期", "转正日期", "联系电话"]
FIELDS = ["org_name", "name", "sex", "ethnicity", "id_number", "kind", "joined", "formal_on", "phone"]
BRANCH, NAME, SEX, ETHNICITY, ID, KIND, JOINED, FORMAL, PHONE = range(9)

LI_ID = id_number(birth="19800506", order="011")
ZHAO_ID = id_number(birth="19851212", order="024")
WANG_ID = id_number(birth="19791001", order="035")

LI = [FIRST, "李明", "男", "汉族", LI_ID, "正式党员", "2005-07-01", "2006-07-01", "15400000001"]
ZHAO = [FIRST, "赵芳", "女", "满族", ZHAO_ID, "正式党员", "2010-06-18", "2011-06-18", "15400000002"]
WANG = [SECOND, "王䶮", "男", "汉族", WANG_ID, "预备党员", "2026-03-05", None, "15400000003"]
EVERYBODY = [LI, ZHAO, WANG]
BIRTHS = {LI_ID: "1980-05-06", ZHAO_ID: "1985-12-12", WANG_ID: "1979-10-01"}


def but(person: Sequence, **changes) -> list:
    """A person's row with other cells: `but(LI, NAME="李鸣")`."""
    row = list(person)
    for column, cell in changes.items():
        row[globals()[column]] = cell
    return row


def record(person: Sequence, **changes) -> dict:
    """What the report says of a good row: the fields of the contract."""
    values = {field: cell for field, cell in zip(FIELDS, person, strict=True) if cell is not None}
    values["birth"] = BIRTHS.get(values.get("id_number"), "")
    values.update(changes)
    return {field: value for field, value in values.items() if value}


def street() -> Organization:
    """The root with its two branches."""
    root = factories.RootFactory()
    for name, code in CODES.items():
        factories.OrganizationFactory(parent=root, code=code, name=name)
    return root

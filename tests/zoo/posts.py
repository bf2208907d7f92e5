"""Rosters of committees and ledgers of floating members."""

from functools import partial

from tests.workbooks import drawn_xlsx, xlsx
from tests.zoo.animals import Animal, Expected, error
from tests.zoo.district import STREET, peopled, row
from tests.zoo.layouts import renamed
from tests.zoo.people import FIRST, LI_ID, SECOND, SHEET, WANG_ID, ZHAO_ID

TITLES = ["班子名称", "姓名", "职务（留空默认为委员）", "公民身份号码", "任职日期"]
FIELDS = ["org_name", "name", "post", "id_number", "started"]
PLACE, NAME, POST, ID, STARTED = range(5)
LI = [FIRST, "李明", "书记", LI_ID, "2024-06-01"]
ZHAO = [FIRST, "赵芳", "副书记", ZHAO_ID, "2024-06-01"]
BY_NUMBER = {LI_ID: {"sex": "男", "birth": "1980-05-06"}, ZHAO_ID: {"sex": "女", "birth": "1985-12-12"}}

# As the national forms have them: no numbers.
OUT_TITLES = (
    "姓名 所在党委 所在党支部 原职业 外出流向 流出时间 流出省份 流出原因 是否持有《流动党员活动证》 组织关系状态"
).split()
IN_TITLES = "姓名 所在党委 所在党支部 原职业 流入前所在省份 流入时间 流入原因 入党时间 组织关系所在地".split()
OUT_FIELDS = (
    "name parent_name org_name occupation destination out_on province reason certificate affiliation_status".split()
)
IN_FIELDS = "name parent_name org_name occupation province out_on reason joined place_of_affiliation".split()
AWAY = ["李明", STREET, FIRST, "工人", "虚构省虚构市", "2025-03-01", "虚构省", "务工", "是", "正常"]
GUEST = ["孙丽", STREET, SECOND, "教师", "虚构省", "2025-06-01", "随迁", "2010-07-01", "虚构省虚构县虚构村党支部"]


def but(cells: list, changes: dict[int, object]) -> list:
    """A row with other cells, by column from 0."""
    return [changes.get(place, cell) for place, cell in enumerate(cells)]


def sits(number: int, cells: list, *codes: str, status: str = "ok", **changes) -> Expected:
    """A good row of a committee; sex and birth as the number has them."""
    return row(number, FIELDS, cells, codes, status, **{**BY_NUMBER.get(cells[ID], {}), **changes})


def committee(*rows) -> bytes:
    """A roster of a committee."""
    return xlsx((SHEET, [TITLES, *rows]))


def merged() -> bytes:
    """The committee's name merged over its seats, a vacant one among them."""

    def draw(book, sheet):
        sheet.write_row(0, 0, TITLES)
        for number, cells in enumerate((LI, [None, "空缺", "宣传委员", None, None], ZHAO), start=1):
            sheet.write_row(number, 1, cells[1:])
        sheet.merge_range(1, 0, 3, 0, FIRST)

    return renamed(drawn_xlsx(draw))


def vacant(number: int, *codes: str) -> Expected:
    """A row that names a seat and nobody in it, or no seat at all: skipped with its reason."""
    return Expected(number, "skipped", codes, None)


def out(*rows, titles=OUT_TITLES, sheet: str = "流出") -> tuple[str, list]:
    """The sheet of those who went away."""
    return sheet, [titles, *rows]


def came(*rows, titles=IN_TITLES, sheet: str = "流入") -> tuple[str, list]:
    """The sheet of those who came."""
    return sheet, [titles, *rows]


away = partial(row, fields=OUT_FIELDS, sheet="流出", direction="流出")
guest = partial(row, fields=IN_FIELDS, sheet="流入", direction="流入")
# A form without directions: neither its sheet nor its titles say one.
NEUTRAL = ["姓名", "所在党支部", "省份", "流动日期"]


def animal(trap: str, make, rows) -> Animal:
    """An animal of the district with its three members."""
    return Animal(trap, "名册.xlsx", make, rows, world=peopled)


COMMITTEES = [
    animal(
        "blank post of a committee",
        lambda: committee(LI, but(ZHAO, {POST: None})),
        [sits(2, LI), sits(3, but(ZHAO, {POST: None}))],
    ),
    animal(
        "vacant seats",
        lambda: committee(LI, [FIRST, "空缺", "宣传委员", None, None], [FIRST, "暂缺", "组织委员", None, None]),
        [sits(2, LI), vacant(3), vacant(4)],
    ),
    animal(
        "two secretaries",
        lambda: committee(LI, but(ZHAO, {POST: "支部书记"})),
        [sits(2, LI), error(3, "COMMITTEE_TWO_SECRETARIES")],
    ),
    animal(
        "name of the committee merged", merged, [sits(2, LI), vacant(3, "MERGED_FILL"), sits(4, ZHAO, "MERGED_FILL")]
    ),
    animal(
        "who may not sit",
        lambda: committee(
            [SECOND, "王䶮", "书记", WANG_ID, "2026-06-01"],
            [SECOND, "何伟", "组织委员", None, None],
            [SECOND, "周强", "第一书记", None, "2026-01-05"],
            but(LI, {NAME: "李鸣"}),
        ),
        [
            error(2, "COMMITTEE_PROBATIONARY"),
            error(3, "COMMITTEE_PERSON_UNKNOWN"),
            sits(4, [SECOND, "周强", "第一书记", None, "2026-01-05"], "COMMITTEE_PERSON_UNKNOWN", status="warning"),
            error(5, "ID_DUP_NAME_DIFF"),
        ],
    ),
    animal(
        "several posts, and one twice",
        lambda: committee(
            but(ZHAO, {POST: "副书记、组织委员"}), but(ZHAO, {POST: "组织委员"}), but(LI, {POST: "书记兼居委会主任"})
        ),
        [
            sits(2, but(ZHAO, {POST: "副书记、组织委员"})),
            error(3, "ID_DUP_IN_FILE"),
            sits(4, but(LI, {POST: "书记兼居委会主任"})),
        ],
    ),
    animal(
        "post that is none of the Party's",
        lambda: committee(LI, but(ZHAO, {POST: "保洁员"})),
        [sits(2, LI), vacant(3, "ENUM_UNKNOWN")],
    ),
    animal(
        "months and days of a post",
        lambda: committee(but(LI, {STARTED: "2024.06"}), but(ZHAO, {STARTED: "2031-06-01"})),
        [sits(2, but(LI, {STARTED: "2024-06"}), "DATE_MONTH_ONLY", status="warning"), error(3, "DATE_FUTURE")],
    ),
]

FLOATING = [
    animal(
        "both national forms",
        lambda: xlsx(out(AWAY), came(GUEST)),
        [away(2, cells=AWAY), guest(2, cells=GUEST, codes=("ID_EMPTY",), status="warning")],
    ),
    animal(
        "month and year of leaving",
        lambda: xlsx(out(but(AWAY, {5: "2025.03"}), but(AWAY, {0: "赵芳", 5: "2025年", 8: "×"}))),
        [
            away(2, cells=but(AWAY, {5: "2025-03"}), codes=("DATE_MONTH_ONLY",), status="warning"),
            away(
                3, cells=but(AWAY, {0: "赵芳", 5: "2025", 8: "否"}), codes=("DATE_YEAR_ONLY_MEMBER",), status="warning"
            ),
        ],
    ),
    animal(
        "who cannot be away",
        lambda: xlsx(
            out(
                but(AWAY, {0: "何伟"}),
                but(AWAY, {2: SECOND}),
                but(AWAY, {4: None, 6: None, 7: "无"}),
                AWAY,
                AWAY,
            )
        ),
        [
            error(2, "COMMITTEE_PERSON_UNKNOWN", sheet="流出"),
            error(3, "COMMITTEE_PERSON_UNKNOWN", sheet="流出"),
            error(4, "ENUM_UNKNOWN", sheet="流出"),
            error(5, "ID_DUP_IN_FILE", sheet="流出"),
            error(6, "ID_DUP_IN_FILE", sheet="流出"),
        ],
    ),
    animal(
        "guests with numbers",
        lambda: xlsx(
            came(
                [LI_ID, *but(GUEST, {0: "李明", 2: FIRST})],
                [LI_ID, *but(GUEST, {0: "李鸣"})],
                [LI_ID[:17], *GUEST],
                [ZHAO_ID, *but(GUEST, {0: "赵芳", 2: STREET})],
                titles=["公民身份号码", *IN_TITLES],
            )
        ),
        [
            error(2, "KIND_INCONSISTENT", sheet="流入"),
            error(3, "ID_DUP_NAME_DIFF", sheet="流入"),
            error(4, "ID_LENGTH", sheet="流入"),
            error(5, "ORG_NOT_BRANCH", sheet="流入"),
        ],
    ),
    animal(
        "neither out nor in",
        lambda: xlsx((SHEET, [NEUTRAL, ["李明", FIRST, "虚构省", "2025-03-01"]])),
        [error(2, "ENUM_UNKNOWN")],
    ),
    animal(
        "a column that says out or in, but not of everybody",
        lambda: xlsx(
            (
                SHEET,
                [
                    ["方向", *OUT_TITLES],
                    ["流出", *AWAY],
                    [None, *but(AWAY, {0: "赵芳"})],
                    ["东南", *but(AWAY, {0: "赵芳"})],
                ],
            )
        ),
        [
            row(2, OUT_FIELDS, AWAY, direction="流出"),
            error(3, "ENUM_UNKNOWN"),
            error(4, "ENUM_UNKNOWN"),
        ],
    ),
]

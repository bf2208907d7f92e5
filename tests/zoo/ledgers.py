"""Ledgers of organizations and of terms: trees, months, extensions."""

from functools import partial

from tests.workbooks import drawn_xlsx, xlsx
from tests.zoo.animals import Animal, error
from tests.zoo.district import FIFTH, FOURTH, STREET, THIRD, district, row
from tests.zoo.layouts import renamed
from tests.zoo.people import FIRST, SECOND, SHEET

TITLES = ["编号", "名称", "简称", "成立时间", "所属分党委编码", "组织类别", "所在单位属性", "实际换届时间", "书记"]
FIELDS = ["org_code", "org_name", "org_short", "founded", "parent_code", "kind", "unit", "elected", "secretary"]
CODE, NAME, SHORT, FOUNDED, PARENT, KIND, UNIT, ELECTED, SECRETARY = range(9)
HILL = ["YL10", "虚构新村党总支", "新村党总支", "1998-07-01", "YL", "党总支", "村", "2021-06-15", "李明"]
NORTH = ["YL1001", "虚构新村北片党支部", None, "2010-05-20", "YL10", "党支部", "村", "2021-06-20", "赵芳"]
SOUTH = ["YL1002", "虚构新村南片党支部", None, "2010-05-21", "YL10", "党支部", "村", "2021-06-21", "周强"]

TERM_TITLES = ["党组织名称", "届次", "上届换届时间", "任期届满时间", "本届任期"]
TERM_FIELDS = ["org_name", "term_no", "elected", "expires", "term_years"]
TERM = [FIRST, "3", "2021-06-15", "2026-06-15", "5"]
LONGER_TITLES = [*TERM_TITLES, "延期至", "是否批准延期", "延期批复日期", "延期批复文号", "批准层级"]
LONGER_FIELDS = [
    *TERM_FIELDS,
    "extension_until",
    "extension_approved",
    "extension_approved_on",
    "extension_document_no",
    "extension_level",
]
LONGER = [*TERM, "2027-03-31", "是", "2026-05-20", "云组〔2026〕12号", "上级党组织"]

good, term, longer = partial(row, fields=FIELDS), partial(row, fields=TERM_FIELDS), partial(row, fields=LONGER_FIELDS)
warned, term_warned, longer_warned = (partial(each, status="warning") for each in (good, term, longer))


def but(cells: list, changes: dict[int, object]) -> list:
    """A row with other cells, by column from 0."""
    return [changes.get(place, cell) for place, cell in enumerate(cells)]


def ledger(*rows) -> bytes:
    """A ledger of organizations."""
    return xlsx((SHEET, [TITLES, *rows]))


def terms(*rows) -> bytes:
    """A ledger of terms, with the columns of extensions where the rows have them."""
    return xlsx((SHEET, [LONGER_TITLES[: len(rows[0])], *rows]))


def two_row_header() -> bytes:
    """延期 over its end, its day and its number; the branch merged over two terms."""

    def draw(book, sheet):
        for column, title in enumerate(TERM_TITLES):
            sheet.merge_range(0, column, 1, column, title)
        sheet.merge_range(0, 5, 0, 7, "延期")
        sheet.write_row(1, 5, ["截止日期", "批复日期", "批复文号"])
        sheet.write_row(2, 1, ["2", "2018-06-15", "2021-06-15", "3"])
        sheet.write_row(3, 1, [*TERM[1:], "2027-03-31", "2026-05-20", "云组〔2026〕12号"])
        sheet.merge_range(2, 0, 3, 0, FIRST)

    return renamed(drawn_xlsx(draw))


def animal(trap: str, make, rows, kind: str = "auto") -> Animal:
    """An animal of the district."""
    return Animal(trap, "台账.xlsx", make, rows, kind=kind, world=district)


ORGANIZATIONS = [
    animal("tree in any order", lambda: ledger(NORTH, HILL), [good(2, cells=NORTH), good(3, cells=HILL)]),
    animal(
        "codes with a space in front",
        lambda: ledger(but(HILL, {CODE: " YL10"}), but(NORTH, {CODE: " YL1001", PARENT: " YL10"})),
        [good(2, cells=HILL), good(3, cells=NORTH)],
    ),
    animal(
        "founded in 1969.01",
        lambda: ledger(but(HILL, {FOUNDED: "1969.01"}), but(NORTH, {FOUNDED: 1969.01}), but(SOUTH, {FOUNDED: 1969.1})),
        [
            warned(2, cells=HILL, codes=("DATE_MONTH_ONLY",), founded="1969-01"),
            warned(3, cells=NORTH, codes=("DATE_MONTH_ONLY",), founded="1969-01"),
            error(4, "DATE_AMBIGUOUS"),
        ],
    ),
    animal(
        "circle of parents",
        lambda: ledger(
            but(HILL, {PARENT: "YL20"}), but(HILL, {CODE: "YL20", NAME: "虚构老村党总支", PARENT: "YL10"}), NORTH
        ),
        [error(2, "ORG_CYCLE"), error(3, "ORG_CYCLE"), error(4, "ORG_PARENT_BAD")],
    ),
    animal(
        "two roots",
        lambda: ledger(but(HILL, {PARENT: None}), but(SOUTH, {PARENT: None}), NORTH),
        [good(2, cells=but(HILL, {PARENT: None})), error(3, "ORG_MULTI_ROOT"), good(4, cells=NORTH)],
    ),
    animal(
        "parents that are none",
        lambda: ledger(HILL, but(NORTH, {PARENT: "YL1001"}), but(SOUTH, {PARENT: "YL99"})),
        [good(2, cells=HILL), error(3, "ORG_SELF_PARENT"), error(4, "ORG_PARENT_MISSING")],
    ),
    animal(
        "committee under a branch",
        lambda: ledger(HILL, NORTH, but(SOUTH, {PARENT: "YL1001", KIND: "党委"})),
        [good(2, cells=HILL), good(3, cells=NORTH), error(4, "ORG_LEVEL_INVERSION")],
    ),
    animal(
        "row in error holds back what stands under it",
        lambda: ledger(but(HILL, {KIND: "领导小组"}), NORTH, but(SOUTH, {PARENT: "YL"})),
        [error(2, "ORG_KIND_UNKNOWN"), error(3, "ORG_PARENT_BAD"), good(4, cells=but(SOUTH, {PARENT: "YL"}))],
    ),
    animal(
        "code twice and code left out",
        lambda: ledger(NORTH, but(SOUTH, {CODE: "YL1001"}), but(HILL, {CODE: None}), HILL),
        [good(2, cells=NORTH), error(3, "ORG_CODE_DUP"), error(4, "ORG_CODE_EMPTY"), good(5, cells=HILL)],
    ),
    animal(
        "numbers that only count, parents by name",
        lambda: xlsx(
            (
                SHEET,
                [
                    but(TITLES, {PARENT: "上级党组织名称"}),
                    but(HILL, {CODE: "1", PARENT: STREET}),
                    but(NORTH, {CODE: "2", PARENT: HILL[NAME]}),
                ],
            )
        ),
        [
            good(2, cells=but(HILL, {CODE: None, PARENT: None}), parent_name=STREET),
            good(3, cells=but(NORTH, {CODE: None, PARENT: None}), parent_name=HILL[NAME]),
        ],
    ),
    animal(
        "elected in a month, a year, never",
        lambda: ledger(but(HILL, {ELECTED: "2021年6月"}), but(NORTH, {ELECTED: "2021年"}), but(SOUTH, {ELECTED: None})),
        [
            warned(2, cells=HILL, codes=("DATE_MONTH_ONLY",), elected="2021-06"),
            error(3, "DATE_YEAR_ONLY"),
            warned(4, cells=but(SOUTH, {ELECTED: None}), codes=("TERM_MISSING",)),
        ],
    ),
    animal(
        "those that have no term",
        lambda: ledger(
            but(NORTH, {KIND: "临时党支部", PARENT: "YL", ELECTED: None}),
            but(SOUTH, {KIND: "党支部", PARENT: "YL", SECRETARY: "空缺"}),
        ),
        [
            good(2, cells=but(NORTH, {KIND: "党支部", PARENT: "YL", ELECTED: None})),
            good(3, cells=but(SOUTH, {PARENT: "YL", SECRETARY: None})),
        ],
    ),
    animal(
        "unit by the name",
        lambda: ledger(but(HILL, {UNIT: None}), but(NORTH, {UNIT: "火星"})),
        [
            warned(2, cells=HILL, codes=("ENUM_UNKNOWN",)),
            # 「北片」 tells nothing, so nobody knows how long the term is.
            warned(3, cells=but(NORTH, {UNIT: None}), codes=("ENUM_UNKNOWN", "TERM_MISSING")),
        ],
    ),
]

TERMS = [
    animal(
        "term of a month",
        lambda: terms(
            but(TERM, {2: "2021.06", 3: None}),
            [SECOND, "3", "2021-06-15", "2026年6月", "5"],
            [THIRD, "3", "2021年", None, "5"],
        ),
        [
            term_warned(2, cells=but(TERM, {2: "2021-06", 3: None}), codes=("DATE_MONTH_ONLY",)),
            term_warned(3, cells=[SECOND, "3", "2021-06-15", "2026-06", "5"], codes=("DATE_MONTH_ONLY",)),
            error(4, "DATE_YEAR_ONLY"),
        ],
    ),
    animal(
        "extensions of every kind",
        lambda: terms(
            LONGER,
            but(LONGER, {0: SECOND, 6: None, 7: None}),
            but(LONGER, {0: THIRD, 6: "√", 7: None, 8: None}),
            but(LONGER, {0: FOURTH, 6: "否", 7: None, 8: "—"}),
            but(LONGER, {0: FIFTH, 5: "2028-01-01"}),
        ),
        [
            longer(2, cells=LONGER),
            longer_warned(3, cells=but(LONGER, {0: SECOND, 6: None, 7: None}), codes=("EXT_DAY_MISSING",)),
            longer_warned(4, cells=but(LONGER, {0: THIRD, 7: None, 8: None}), codes=("EXT_DAY_MISSING",)),
            longer_warned(5, cells=but(LONGER, {0: FOURTH, 6: "否", 7: None, 8: None}), codes=("EXT_UNAPPROVED",)),
            longer_warned(6, cells=but(LONGER, {0: FIFTH, 5: "2028-01-01"}), codes=("EXT_TOO_LONG",)),
        ],
    ),
    animal(
        "extensions by a higher level, of a month, before the expiry",
        lambda: terms(
            but(LONGER, {5: "2028-01-01", 9: "更高一级党组织"}),
            but(LONGER, {0: SECOND, 5: "2027.3"}),
            but(LONGER, {0: THIRD, 5: "2026-06-15"}),
        ),
        [
            longer(2, cells=but(LONGER, {5: "2028-01-01", 9: "更高一级党组织"})),
            longer_warned(3, cells=but(LONGER, {0: SECOND, 5: "2027-03"}), codes=("DATE_MONTH_ONLY",)),
            error(4, "DATE_ORDER"),
        ],
    ),
    animal(
        "lengths and expiries that are not the law's",
        lambda: terms(
            but(TERM, {3: "2027-06-15"}),
            [SECOND, "3", "2021-06-15", None, "三年"],
            [THIRD, "3", "2021-06-15", "2021-06-15", "5"],
            [FOURTH, "第三届", "2021-06-15", None, "50"],
        ),
        [
            term_warned(2, cells=but(TERM, {3: "2027-06-15"}), codes=("TERM_MISMATCH",)),
            term_warned(3, cells=[SECOND, "3", "2021-06-15", None, "3"], codes=("TERM_MISMATCH",)),
            error(4, "TERM_ORDER"),
            error(5, "TERM_YEARS_BAD"),
        ],
    ),
    animal(
        "everything that is wrong with a term at once",
        lambda: terms(["虚构社区第九党支部", "3", "2031-06-15", None, "50"], TERM),
        [error(2, "ORG_UNKNOWN", "DATE_FUTURE", "TERM_YEARS_BAD"), term(3, cells=TERM)],
    ),
    animal(
        "extension under a title of its own, the branch merged",
        two_row_header,
        [
            row(3, TERM_FIELDS, [FIRST, "2", "2018-06-15", "2021-06-15", "3"]),
            row(
                4,
                TERM_FIELDS,
                TERM,
                ("MERGED_FILL",),
                extension_until="2027-03-31",
                extension_approved_on="2026-05-20",
                extension_document_no="云组〔2026〕12号",
            ),
        ],
    ),
]

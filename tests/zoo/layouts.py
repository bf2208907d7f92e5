"""Tables as clerks lay them out: where the data are, what is no data, what a cell takes from its neighbors."""

import struct

import xlwt

from orgs.workbook import EXAMPLE_MARK
from tests.workbooks import drawn_xls, drawn_xlsx, id_number, with_part, xlsx
from tests.zoo.animals import Animal, Expected, error, ok, skipped
from tests.zoo.people import BRANCH, EVERYBODY, FIRST, LI, SECOND, SHEET, TITLES, WANG, ZHAO, but

ROWS_FROM_4 = [ok(4, LI), ok(5, ZHAO), ok(6, WANG)]
WILD_TITLES = [
    "所在\n党支部",
    "姓 名",
    "姓别",
    "名族",
    "*公民身份证号码（18位）",
    "党籍状态",
    "入党时间 (年月日)",
    "转为正式党员日期",
    "联系方式",
]
NUMBERED = ["序号", *TITLES]
STARRED = [f"*{title}" for title in TITLES]
ZHANG = but(LI, NAME="张三", ID=id_number(birth="19810203", order="077"))
WITHOUT_BRANCH = TITLES[1:]


def renamed(data: bytes) -> bytes:
    """The sheet of `drawn_xlsx` under the zoo's name."""
    return with_part(
        data, "xl/workbook.xml", lambda xml: xml.replace('name="名册"'.encode(), f'name="{SHEET}"'.encode())
    )


def with_heads() -> bytes:
    """A title merged over the columns, and who filled the form in."""

    def draw(book, sheet):
        sheet.merge_range(0, 0, 0, 8, "虚构街道党员花名册")
        sheet.write_row(1, 0, ["填报单位：虚构街道党工委", None, None, "填表日期：2026年11月20日"])
        for number, row in enumerate([TITLES, *EVERYBODY], start=2):
            sheet.write_row(number, 0, row)

    return renamed(drawn_xlsx(draw))


def two_row_header() -> bytes:
    """入党 and 转正 with 时间 below each; the other titles merged over both rows."""

    def draw(book, sheet):
        for column, title in enumerate(TITLES):
            if title in ("入党日期", "转正日期"):
                sheet.write(0, column, title[:2])
                sheet.write(1, column, "时间")
            else:
                sheet.merge_range(0, column, 1, column, title)
        for number, row in enumerate(EVERYBODY, start=2):
            sheet.write_row(number, 0, row)

    return renamed(drawn_xlsx(draw))


def note_inside() -> bytes:
    """A merged note between two rows."""

    def draw(book, sheet):
        for number, row in zip((0, 1, 3, 4), [TITLES, *EVERYBODY], strict=True):
            sheet.write_row(number, 0, row)
        sheet.merge_range(2, 0, 2, 8, "以下为新转入党员，导入前请删除本行")

    return renamed(drawn_xlsx(draw))


def merged_xlsx() -> bytes:
    """The branch merged over two rows; below the merge it is blank."""

    def draw(book, sheet):
        for number, row in enumerate([TITLES, LI, but(ZHAO, BRANCH=None), but(WANG, BRANCH=None)]):
            sheet.write_row(number, 0, row)
        sheet.merge_range(1, 0, 2, 0, FIRST)

    return renamed(drawn_xlsx(draw))


def merged_xls() -> bytes:
    """The same in an .xls."""

    def draw(book, sheet):
        sheet.name = SHEET
        for number, row in enumerate([TITLES, LI, ZHAO, WANG]):
            for column, cell in enumerate(row):
                if column != BRANCH or number == 0:
                    sheet.write(number, column, cell)
        sheet.write_merge(1, 2, 0, 0, FIRST)

    return drawn_xls(draw)


def merged_page() -> bytes:
    """The same in a web page."""
    lines = ["".join(f"<th>{title}</th>" for title in TITLES)]
    lines += ["".join(f"<td>{cell or ''}</td>" for cell in row[1:]) for row in EVERYBODY]
    lines[1] = f"<td rowspan=2>{FIRST}</td>{lines[1]}"
    lines[3] = f"<td></td>{lines[3]}"
    return f"<table>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>".encode()


def hidden_row(old: bool) -> bytes:
    """The second person's row is hidden, by a filter perhaps."""

    def draw(book, sheet):
        for number, row in enumerate([TITLES, *EVERYBODY]):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell)
        if old:
            sheet.name = SHEET
            sheet.row(2).hidden = True
        else:
            sheet.set_row(2, None, None, {"hidden": True})

    return drawn_xls(draw) if old else renamed(drawn_xlsx(draw))


def sheet_per_branch() -> bytes:
    """The branch stands in the title of each sheet; a summary and a hidden list beside them."""
    return xlsx(
        ("一支部", [[f"{FIRST}党员花名册"], WITHOUT_BRANCH, LI[1:], ZHAO[1:]]),
        ("二支部", [[f"{SECOND}党员花名册"], WITHOUT_BRANCH, WANG[1:]]),
        ("汇总", [["支部", "人数"], ["一支部", 2], ["二支部", 1]]),
        ("字典", [["男"], ["女"]]),
        hidden=["字典"],
    )


def two_tables() -> list[list]:
    """The people of one branch with its name in each row; below, those of another with fewer columns and a title."""
    _, name, _, ethnicity, number, kind, joined, _, _ = WANG
    return [
        TITLES,
        LI,
        ZHAO,
        [],
        [f"{SECOND}党员花名册"],
        ["姓名", "公民身份号码", "民族", "人员类别", "入党日期"],
        [name, number, ethnicity, kind, joined],
    ]


def formulas(kept: bool) -> bytes:
    """The sex worked out from the number, its result stored or not."""

    def draw(book, sheet):
        for number, row in enumerate([TITLES, *EVERYBODY]):
            sheet.write_row(number, 0, row)
        sheet.write_formula(2, 2, '=IF(MOD(MID(E3,17,1),2)=1,"男","女")', None, "女" if kept else "")

    return renamed(drawn_xlsx(draw))


def formula_in_xls() -> bytes:
    """A name that a formula joins, in an .xls whose program never worked it out."""

    def draw(book, sheet):
        sheet.name = SHEET
        for number, row in enumerate([TITLES, LI, but(ZHAO, NAME=None), WANG]):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell)
        sheet.write(2, 1, xlwt.Formula('"a"&"b"'))

    # xlwt does not set the mark of a formula that is to be worked out on opening.
    no_result = 0xFFFF000000000003
    return drawn_xls(draw).replace(struct.pack("<QH", no_result, 0), struct.pack("<QH", no_result, 1))


LAYOUTS = [
    Animal("title and form head", "花名册.xlsx", with_heads, ROWS_FROM_4),
    Animal("header of two rows", "花名册.xlsx", two_row_header, [ok(3, LI), ok(4, ZHAO), ok(5, WANG)]),
    Animal(
        "wild titles",
        "花名册.xlsx",
        lambda: xlsx((SHEET, [WILD_TITLES, *EVERYBODY])),
        [ok(2, LI), ok(3, ZHAO), ok(4, WANG)],
    ),
    Animal(
        "running numbers, blank rows, sums and a header again",
        "花名册.xlsx",
        lambda: xlsx(
            (
                SHEET,
                [
                    NUMBERED,
                    ["1", *LI],
                    [],
                    [3, *ZHAO],
                    ["小计", None, "2人"],
                    NUMBERED,
                    [None, *WANG],
                    ["合计", None, "3人"],
                ],
            )
        ),
        [ok(2, LI), ok(4, ZHAO), skipped(5), skipped(6), ok(7, WANG), skipped(8)],
    ),
    Animal(
        "notes and signatures below",
        "花名册.xlsx",
        lambda: xlsx(
            (
                SHEET,
                [TITLES, *EVERYBODY, [], ["填表说明：本表一式两份。"], ["填表人：李四", None, None, "审核人：王五"]],
            )
        ),
        [ok(2, LI), ok(3, ZHAO), ok(4, WANG), skipped(6), skipped(7)],
    ),
    Animal("note between the rows", "花名册.xlsx", note_inside, [ok(2, LI), skipped(3), ok(4, ZHAO), ok(5, WANG)]),
    Animal(
        "example row of the template",
        "花名册.xlsx",
        lambda: xlsx((SHEET, [NUMBERED, [EXAMPLE_MARK, *LI], ["1", *ZHAO]])),
        [skipped(2), ok(3, ZHAO)],
    ),
    Animal(
        "example rows of somebody's template with numbers that could be",
        "花名册.xlsx",
        lambda: xlsx((SHEET, [STARRED, but(LI, NAME="张三"), but(ZHAO, NAME="李四"), *EVERYBODY])),
        [skipped(2), skipped(3), ok(4, LI), ok(5, ZHAO), ok(6, WANG)],
    ),
    Animal(
        "a row whose remark says that it is an example",
        "花名册.xlsx",
        lambda: xlsx((SHEET, [[*TITLES, "备注"], LI, ZHAO, WANG, [*but(LI, NAME="李鸣"), "示例"]])),
        [ok(2, LI), ok(3, ZHAO), ok(4, WANG), skipped(5)],
    ),
    Animal(
        "people who are called as in an example, below others",
        "花名册.xlsx",
        lambda: xlsx((SHEET, [STARRED, LI, ZHAO, WANG, ZHANG])),
        [ok(2, LI), ok(3, ZHAO), ok(4, WANG), ok(5, ZHANG, birth="1981-02-03")],
    ),
    Animal(
        "two tables of other columns in one sheet",
        "花名册.xlsx",
        lambda: xlsx((SHEET, two_tables())),
        [
            ok(2, LI),
            ok(3, ZHAO),
            skipped(5),
            Expected(6, "skipped", ("ORG_FUZZY",), {}),
            ok(7, WANG, org_name=SECOND, phone=""),
        ],
    ),
    Animal(
        "a table of something else below",
        "花名册.xlsx",
        lambda: xlsx((SHEET, [TITLES, LI, [], ["党组织名称", "书记", "换届日期", "届满日期"], [FIRST, "李明"]])),
        [ok(2, LI), Expected(4, "skipped", ("SHEET_SKIPPED",), {}), skipped(5)],
    ),
    Animal("merged branch", "花名册.xlsx", merged_xlsx, [ok(2, LI), ok(3, ZHAO, "MERGED_FILL"), error(4, "ORG_EMPTY")]),
    Animal(
        "merged branch in an xls",
        "花名册.xls",
        merged_xls,
        [ok(2, LI), ok(3, ZHAO, "MERGED_FILL"), error(4, "ORG_EMPTY")],
    ),
    Animal(
        "merged branch in a web page",
        "花名册.xls",
        merged_page,
        [ok(2, LI), ok(3, ZHAO, "MERGED_FILL"), error(4, "ORG_EMPTY")],
    ),
    Animal(
        "ditto",
        "花名册.xlsx",
        lambda: xlsx((SHEET, [TITLES, LI, but(ZHAO, BRANCH="同上"), WANG])),
        [ok(2, LI), ok(3, ZHAO, "DITTO"), ok(4, WANG)],
    ),
    Animal("hidden row", "花名册.xlsx", lambda: hidden_row(old=False), [ok(2, LI), ok(3, ZHAO), ok(4, WANG)]),
    Animal("hidden row in an xls", "花名册.xls", lambda: hidden_row(old=True), [ok(2, LI), ok(3, ZHAO), ok(4, WANG)]),
    Animal(
        "a sheet for each branch",
        "花名册.xlsx",
        sheet_per_branch,
        [ok(3, LI, sheet="一支部"), ok(4, ZHAO, sheet="一支部"), ok(3, WANG, sheet="二支部")],
        issues=("ORG_FUZZY", "ORG_FUZZY", "SHEET_SKIPPED", "SHEET_SKIPPED"),
    ),
    Animal(
        "formula with its result", "花名册.xlsx", lambda: formulas(kept=True), [ok(2, LI), ok(3, ZHAO), ok(4, WANG)]
    ),
    Animal(
        "formula without a result",
        "花名册.xlsx",
        lambda: formulas(kept=False),
        [ok(2, LI), error(3, "FORMULA_NO_VALUE"), ok(4, WANG)],
    ),
    Animal(
        "formula without a result in an xls",
        "花名册.xls",
        formula_in_xls,
        [ok(2, LI), error(3, "FORMULA_NO_VALUE"), ok(4, WANG)],
    ),
    Animal(
        "error in a cell",
        "花名册.xlsx",
        lambda: xlsx((SHEET, [TITLES, LI, but(ZHAO, NAME="#N/A"), WANG])),
        [ok(2, LI), error(3, "CELL_ERROR"), ok(4, WANG)],
    ),
]

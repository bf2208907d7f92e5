"""Very large files: rows come one at a time, and are the same that `read` gives and that calamine finds."""

import datetime
import io
import random

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from orgs.workbook import CellError, FileRejected, Format, Limits, Merge, MonthCell, NoValue, Reason, Row, read, stream
from tests.workbooks import SHEET, csv_bytes, drawn_xlsx, raw_xlsx, with_part, xls, xlsx

TEXTS = [
    "张三",
    "王䶮",
    " 李 四 ",
    "a&b<c>\"d'",
    "第一行\n第二行",
    "\u3000",
    "#N/A",
    "x" * 5000,
    "",
    "_x0041_",
    "1",
    "=1+1",
]
OTHERS = [None, True, False, 0, 1, -1.5, 1e300, 119901199001010013.0, 0.1 + 0.2, datetime.date(2021, 3, 5)]


def same(data: bytes, name: str = "名册.xlsx") -> None:
    """`stream` gives what `read` gives, twice over."""
    streamed, whole = stream(data, name), read(data, name)
    assert streamed.format is whole.format
    assert [(sheet.title, sheet.hidden) for sheet in streamed.sheets] == [
        (sheet.title, sheet.hidden) for sheet in whole.sheets
    ]
    for ours, theirs in zip(streamed.sheets, whole.sheets, strict=True):
        for _ in range(2):
            assert [(row.number, trimmed(row)) for row in ours.rows] == [
                (row.number, trimmed(row)) for row in theirs.rows
            ]
        assert {len(row.cells) for row in ours.rows} <= {ours.width}
        assert bool(ours.rows) == bool(theirs.rows)
        assert ours.merges == theirs.merges
        assert ours.hidden_rows >= theirs.hidden_rows


def same_as_calamine(data: bytes) -> None:
    """As `same`, and every cell is what another reader finds; it tells neither errors nor whole numbers."""
    same(data)
    theirs = CalamineWorkbook.from_filelike(io.BytesIO(data))
    for ours in read(data, "名册.xlsx").sheets:
        sheet = theirs.get_sheet_by_name(ours.title)
        top, left = sheet.start or (0, 0)
        rows = ((number, [None] * left + cells) for number, cells in enumerate(sheet.iter_rows(), start=1))
        found = [Row(number, [known(cell) for cell in cells]) for number, cells in rows]
        assert [(row.number, trimmed(row)) for row in ours.rows] == [
            (row.number, trimmed(row)) for row in found if any(cell is not None for cell in row.cells)
        ]


def known(cell):
    """A cell of calamine as one of ours."""
    if isinstance(cell, str):
        return CellError("#N/A") if cell == "#N/A" else cell if cell.strip() else None
    whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e18
    return int(cell) if whole else cell


def trimmed(row: Row) -> list:
    cells = list(row.cells)
    while cells and cells[-1] is None:
        cells.pop()
    return [(type(cell), cell) for cell in cells]


@pytest.mark.parametrize("seed", range(6))
def test_any_workbook_reads_the_same(seed):
    chance = random.Random(seed)
    rows = [
        [chance.choice(TEXTS if chance.random() < 0.6 else OTHERS) for _ in range(chance.randrange(30))]
        for _ in range(300)
    ]

    same_as_calamine(xlsx(("名册", rows), ("字典", [["男"]]), ("空", []), hidden=["字典"]))
    same(xlsx(("名册", rows[:40]), month_format='yyyy"年"m"月"'))


@pytest.mark.parametrize("seed", range(2))
def test_texts_inside_the_cells_read_the_same(seed):
    chance = random.Random(seed)

    def draw(book, sheet):
        for row in range(200):
            for column in range(chance.randrange(12)):
                sheet.write_string(row, column, chance.choice(TEXTS))

    same_as_calamine(drawn_xlsx(draw, constant_memory=True))


@pytest.mark.parametrize("seed", range(2))
def test_workbooks_of_another_program_read_the_same(seed):
    chance, buffer = random.Random(seed), io.BytesIO()
    book = openpyxl.Workbook()
    for _ in range(200):
        book.active.append([chance.choice([*TEXTS, *OTHERS]) for _ in range(chance.randrange(12))])
    book.active.merge_cells("C3:D9")
    book.active["K1"] = datetime.time(12, 30)
    book.active["K2"] = datetime.timedelta(hours=30)
    book.active["K3"] = datetime.datetime.fromisoformat("2021-03-05 12:30")
    book.save(buffer)

    same(buffer.getvalue())


def test_formulas_errors_rich_text_and_months():
    data = with_part(
        raw_xlsx(
            '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="e"><v>#DIV/0!</v></c><c r="C1"><f>A2</f></c></row>'
            '<row r="2" hidden="1"><c r="A2" t="str"><f>A1</f><v>张&amp;三</v></c><c r="B2" t="b"><v>1</v></c></row>'
            '<row r="4"><c r="A4" t="inlineStr"><is><r><t>张</t></r><r><t>三</t></r>'
            '<rPh sb="0" eb="1"><t>zhang</t></rPh></is></c><c r="B4"><f>1</f><v>2</v></c></row>'
        ),
        "xl/sharedStrings.xml",
        lambda xml: xml.replace(
            b"<si><t>x</t></si>",
            "<si><r><t>李</t></r><r><t>四</t></r><rPh sb='0' eb='1'><t>li</t></rPh></si>".encode(),
        ),
    )

    sheet = stream(data, "x").sheets[0]

    assert list(sheet.rows) == [
        Row(1, ["李四", CellError("#DIV/0!"), NoValue()]),
        Row(2, ["张&三", True, None]),
        Row(4, ["张三", 2, None]),
    ]
    assert sheet.hidden_rows == {2}
    same(data)
    assert list(
        stream(xlsx(("a", [[datetime.date(2021, 3, 1)]]), month_format="yyyy.mm"), "x").sheets[0].rows
    ) == [Row(1, [MonthCell(2021, 3)])]  # fmt: skip


def test_rows_far_below_are_read_and_merges_known():
    def draw(book, sheet):
        sheet.merge_range("A1:C1", "名册")
        sheet.write(900, 2, "李四")
        sheet.write(1000, 500, "太远")

    sheet = stream(drawn_xlsx(draw), "x").sheets[0]

    assert [(row.number, [cell for cell in row.cells if cell]) for row in sheet.rows] == [
        (1, ["名册"]),
        (901, ["李四"]),
    ]
    assert (sheet.width, sheet.merges, sheet.stopped_after) == (256, [Merge(1, 1, 1, 3)], None)


@pytest.mark.parametrize(
    "sheet_data",
    [
        '<row><c t="inlineStr"><is><t>姓名</t></is></c><c><v>3</v></c></row>',
        '<row r="1"><c s="0" r="A1"><v>3</v></c></row><row r="2"><c r="B2"><v>4</v></c></row>',
        '<row r="1"><c r="A1"><v>3</v></c></row><row r="2"><c s="0" r="B2"><v>4</v></c></row>',
    ],
)
def test_unusual_sheets_are_read_another_way(sheet_data):
    same(raw_xlsx(sheet_data))


def test_a_prefix_before_all_tags_does_not_matter():
    def prefixed(xml: bytes) -> bytes:
        head, body = xml.split(b"?>", 1)
        body = body.replace(b"<", b"<x:").replace(b"<x:/", b"</x:").replace(b"xmlns=", b"xmlns:x=")
        return head + b"?>" + body

    plain = xlsx(("名册", [["姓名", "序号", "备注"], *([f"姓名{row}", row, "x" * 300] for row in range(2000))]))
    data = with_part(with_part(plain, "xl/sharedStrings.xml", prefixed), SHEET, prefixed)

    same(data)
    assert read(data, "x").sheets[0].rows == read(plain, "x").sheets[0].rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t"])
def test_text_reads_the_same(encoding, separator):
    chance = random.Random(1)
    rows = [["姓名", "备注"], *([chance.choice(TEXTS) for _ in range(chance.randrange(1, 6))] for _ in range(50))]

    same(csv_bytes(rows, encoding, separator), "名册.csv")


def test_of_a_text_only_the_packed_form_stays_in_memory():
    released = []

    class Data(bytes):
        def __del__(self):
            released.append(self.decode())

    data = Data(csv_bytes([["姓名"], ["张三"]]))
    book = stream(data, "名册.csv")
    assert released == []
    del data

    assert released == ["姓名\r\n张三\r\n"]
    assert list(book.sheets[0].rows) == [Row(1, ["姓名"]), Row(2, ["张三"])]


def test_other_formats_are_read_as_ever():
    book = stream(xls(("名册", [["姓名"]])), "名册.xls")

    assert (book.format, list(book.sheets[0].rows)) == (Format.XLS, [Row(1, ["姓名"])])


GOOD = xlsx(("名册", [[f"姓名{row}", row] for row in range(300)]))


@pytest.mark.parametrize(
    ("data", "limits", "reason"),
    [
        (GOOD, Limits(upload=1000), Reason.TOO_LARGE),
        (GOOD, Limits(cells=10), Reason.TOO_MANY_CELLS),
        (csv_bytes([["a"]] * 9), Limits(rows=8), Reason.TOO_MANY_ROWS),
        (b",,\n,,\n", Limits(), Reason.EMPTY),
        (xlsx(("名册", [])), Limits(), Reason.EMPTY),
        ('a\n"张三,男\n'.encode(), Limits(), Reason.QUOTES),
        (GOOD[:2000], Limits(), Reason.TRUNCATED),
        (with_part(GOOD, SHEET, lambda xml: xml[: xml.rfind(b"</row>") + 6]), Limits(), Reason.DAMAGED),
        (with_part(GOOD, "xl/sharedStrings.xml", lambda xml: xml[:-20]), Limits(), Reason.DAMAGED),
        (raw_xlsx("", before="<!DOCTYPE x>"), Limits(), Reason.ENTITIES),
    ],
)
def test_what_cannot_be_read_is_refused_before_the_first_row(data, limits, reason):
    with pytest.raises(FileRejected) as caught:
        stream(data, "名册", limits)

    assert caught.value.reason is reason


def test_a_text_that_is_not_in_the_table_is_damage():
    data = with_part(GOOD, SHEET, lambda xml: xml.replace(b"<v>299</v>", b"<v>999</v>", 1))

    with pytest.raises(FileRejected) as caught:
        list(stream(data, "名册").sheets[0].rows)

    assert caught.value.reason is Reason.DAMAGED

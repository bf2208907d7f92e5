"""XML Spreadsheet 2003 that calls itself .xls."""

import datetime

import pytest

from orgs.workbook import CellError, FileRejected, Format, Limits, Merge, MonthCell, NoValue, Reason, Row, read
from tests.workbooks import spreadsheetml


def cell(kind: str, value: str, **attributes: object) -> str:
    given = "".join(f' ss:{name}="{each}"' for name, each in attributes.items())
    return f'<Cell{given}><Data ss:Type="{kind}">{value}</Data></Cell>'


def sheet_of(table: str, **options):
    return read(spreadsheetml(table, **options).encode(), "导出.xls").sheets[0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings(encoding):
    text = spreadsheetml(f"<Row>{cell('String', '王䶮')}</Row>").replace("UTF-8", encoding)

    book = read(text.encode(encoding), "导出.xls")

    assert (book.format, book.sheets[0].title, book.sheets[0].rows) == (Format.XML2003, "名册", [Row(1, ["王䶮"])])


def test_values_by_their_types():
    row = "".join(
        (
            cell("String", "119901199001010013"),
            cell("Number", "119901199001010000"),
            cell("DateTime", "2021-03-05T00:00:00.000"),
            cell("DateTime", "2021-03-01T00:00:00.000", StyleID="m"),
            cell("Boolean", "1"),
            cell("Error", "#N/A"),
            '<Cell ss:Formula="=1+1"/>',
            cell("Number", "2", Formula="=1+1"),
            '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><Font>张</Font>三</ss:Data>'
            "<Comment><ss:Data>批注</ss:Data></Comment><PhoneticText>zhang</PhoneticText></Cell>",
        )
    )
    styles = '<Style ss:ID="m"><NumberFormat ss:Format="yyyy&quot;年&quot;m&quot;月&quot;"/></Style>'

    assert sheet_of(f"<Row>{row}</Row>", styles=styles).rows[0].cells == [
        "119901199001010013",
        119901199001010000,
        datetime.date(2021, 3, 5),
        MonthCell(2021, 3),
        True,
        CellError("#N/A"),
        NoValue(),
        2,
        "张三",
    ]


def test_places_merges_and_hidden_rows():
    sheet = sheet_of(
        f"<Row>{cell('String', '花名册', MergeAcross=2)}{cell('String', 'D1')}</Row>"
        f"<Row ss:Index='4' ss:Hidden='1'>{cell('String', 'A4', MergeDown=1)}"
        f"{cell('String', 'C4', Index=3)}</Row><Row>{cell('String', 'B5', Index=2)}</Row>"
    )

    assert sheet.rows == [
        Row(1, ["花名册", None, None, "D1"]),
        Row(4, ["A4", None, "C4", None]),
        Row(5, [None, "B5", None, None]),
    ]
    assert (sheet.merges, sheet.hidden_rows) == ([Merge(1, 1, 1, 3), Merge(4, 1, 5, 1)], {4})


def test_several_and_hidden_sheets():
    hidden = (
        '<Worksheet ss:Name="字典"><Table/><WorksheetOptions xmlns="urn:schemas-microsoft-com:office:excel">'
        "<Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>"
    )
    data = spreadsheetml(f"<Row>{cell('String', '姓名')}</Row>", after=hidden).encode()

    assert [(sheet.title, sheet.hidden) for sheet in read(data, "x.xls").sheets] == [("名册", False), ("字典", True)]


def test_places_far_away_cost_nothing():
    sheet = sheet_of(
        f"<Row>{cell('String', '姓名')}{cell('String', 'x', Index=999999999)}"
        f"{cell('String', 'y', Index=16384)}</Row><Row ss:Index='99999999'>{cell('String', 'z')}</Row>"
    )

    assert (sheet.rows, sheet.stopped_after) == ([Row(1, ["姓名", "x"])], 1)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(rows=1), Reason.TOO_MANY_ROWS),
        (Limits(cells=2), Reason.FOREIGN_TOO_LARGE),
        (Limits(merges=0), Reason.BOMB),
    ],
)
def test_limits(limits, reason):
    row = f"<Row>{cell('String', 'a', MergeDown=1)}{cell('String', 'b')}</Row>"

    with pytest.raises(FileRejected) as caught:
        read(spreadsheetml(row * 2).encode(), "x.xls", limits)

    assert caught.value.reason is reason

"""Files that would cost out of all proportion are refused by what is counted in them, before the work is done."""

import struct

import pytest

from orgs.workbook import FileRejected, Limits, Merge, Reason, Row, read
from tests.workbooks import biff, csv_bytes, raw_xlsx, spreadsheetml, with_part, xls, xlsx

TEXT = "李" * 32_768
TABLE = "<table><tr><td>姓名</td></tr></table>"
WEB = (
    "这份文件是网页、XML 或其他程序写成的表格，这类文件最多读取200000个单元格。"
    "请用 WPS 或 Excel 打开，另存为 .xlsx 后重新上传，或按党（工）委拆成几个文件。"
)
UNSAFE = "文件内部结构异常（压缩比例或条目数过大），出于安全不予接收。请新建工作簿，把内容粘贴过去后重新上传。"


def page(inside: str) -> bytes:
    """A web page with one table."""
    return f"<table>{inside}</table>".encode()


def xml(inside: str, after: str = "") -> bytes:
    """An XML 2003 workbook of one sheet."""
    return spreadsheetml(inside, after=after).encode()


def many_texts() -> bytes:
    """An .xls that claims five hundred thousand and one texts."""
    begin = struct.pack("<HHHH", 0x0600, 5, 0, 0)
    table = (0xFC, struct.pack("<II", 0, 500_001) + b"\0" * 8000)
    return biff((0x0809, begin), table, *[(0x3C, b"\0" * 8000)] * 400, (0x0A, b""))


def message_of(data: bytes, limits: Limits | None = None) -> tuple[Reason, str]:
    """The reason and the sentence with which a file is refused."""
    with pytest.raises(FileRejected) as caught:
        read(data, "名册.xls", *([limits] if limits else []))
    return caught.value.reason, caught.value.message


@pytest.mark.parametrize(
    ("data", "reason", "message"),
    [
        (page("<tr>" + "<td>" * 200_001), Reason.FOREIGN_TOO_LARGE, WEB),
        (page("<tr><td>" + "<b>" * 400_001), Reason.FOREIGN_TOO_LARGE, WEB),
        (page("<tr><td>" + "&amp;" * 400_001), Reason.FOREIGN_TOO_LARGE, WEB),
        (xml("<Row>" + "<Cell/>" * 200_001 + "</Row>"), Reason.FOREIGN_TOO_LARGE, WEB),
        (xml("<Row>" * 450_001), Reason.FOREIGN_TOO_LARGE, WEB),
        (
            b"," * 2_000_001,
            Reason.TOO_MANY_CELLS,
            "文件里填了内容的单元格超过2000000个，请按党（工）委拆成几个文件分别上传。",
        ),
        (
            many_texts(),
            Reason.TOO_MANY_CELLS,
            "文件里填了内容的单元格超过500000个，请按党（工）委拆成几个文件分别上传。",
        ),
        (
            biff((0x0809, struct.pack("<HHHH", 0x0600, 5, 0, 0)), *[(0xE0, b"\0" * 20)] * 65_491, (0x0A, b"")),
            Reason.BOMB,
            UNSAFE,
        ),
        (spreadsheetml("", styles="<Style ss:ID='s1'/>" * 65_491).encode(), Reason.BOMB, UNSAFE),
        (page("<tr><td " + "a=b " * 1000 + ">") * 1001, Reason.BOMB, UNSAFE),
        (page("<tr><td rowspan=9 colspan=250>" * 8001), Reason.BOMB, UNSAFE),
        (page("<tr><td colspan=2>" * 30_001), Reason.BOMB, UNSAFE),
        (xml("<Row><Cell ss:MergeDown='9'/></Row>" * 30_001), Reason.BOMB, UNSAFE),
        (page("<tr>" + "<td rowspan=65535>" * 200 + "<tr><td>" * 11_000), Reason.BOMB, UNSAFE),
    ],
    ids=[
        "cells of a page",
        "tags",
        "escapes",
        "cells of XML",
        "tags of XML",
        "separators",
        "texts",
        "cell formats",
        "cell formats of XML",
        "attributes",
        "cells that reach down and to the right",
        "cells that reach to the right",
        "cells of XML that reach down",
        "cells under cells that reach down",
    ],
)
def test_floods_are_refused_before_they_are_taken_apart(data, reason, message):
    assert message_of(data) == (reason, message)


@pytest.mark.parametrize(
    "data",
    [
        (TABLE * 501).encode(),
        xml("", "<Worksheet ss:Name='x'/>" * 500),
        xls(*((f"名册{number}", []) for number in range(501))),
        xlsx(*((f"名册{number}", []) for number in range(501))),
    ],
    ids=["page", "XML 2003", "xls", "xlsx"],
)
def test_five_hundred_sheets_are_enough(data):
    sentence = "文件里的工作表超过500张，请删去与名册无关的工作表，或拆成几个文件分别上传。"

    assert message_of(data) == (Reason.TOO_MANY_SHEETS, sentence)


def test_tables_by_which_a_page_is_laid_out_are_no_sheets():
    blank = "<table><tr><td> </td></tr></table>"

    assert [sheet.rows for sheet in read((blank * 1000 + TABLE).encode(), "x.xls").sheets] == [[Row(1, ["姓名"])]]
    assert message_of((blank * 2000 + TABLE).encode())[0] is Reason.TOO_MANY_SHEETS


@pytest.mark.parametrize(
    "data",
    [
        page(f"<tr><td>姓名<tr><td>{TEXT}"),
        xml(f"<Row><Cell><Data>姓名</Data></Cell></Row><Row><Cell><Data>{TEXT}</Data></Cell></Row>"),
    ],
    ids=["page", "XML 2003"],
)
def test_a_cell_holds_no_more_than_in_a_spreadsheet(data):
    reason, sentence = message_of(data)

    assert reason is Reason.LONG_TEXT
    assert sentence.endswith("」第2行有一个单元格超过32767个字，不是名册内容。请删去这个单元格的内容后重新上传。")


def test_the_longest_text_of_a_cell_is_read():
    for data in (xlsx(("名册", [["姓名"], [TEXT[1:]]])), page(f"<tr><td>姓名<tr><td>{TEXT[1:]}")):
        assert read(data, "x.xls").sheets[0].rows == [Row(1, ["姓名"]), Row(2, [TEXT[1:]])]


@pytest.mark.parametrize(
    "before",
    [
        "<!---->" * 500,
        "<!--" + " 名册 " * 2000 + "-->",
        "<html>" + "<!DOCTYPE" * 100_000 + ">",
        "<style>td{color:red}</style>",
        "<div>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0">\n<html><body>',
    ],
    ids=["comments", "a long comment", "document types", "style", "div", "XHTML"],
)
def test_what_stands_before_the_table_of_a_page_does_not_matter(before):
    assert read((before + TABLE).encode(), "x.xls").sheets[0].rows == [Row(1, ["姓名"])]


def test_cells_that_reach_down_cost_what_they_cover():
    row = "<tr><td rowspan=3>甲</td><td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr>"

    sheet = read(page(row * 1000), "x.xls").sheets[0]

    assert sheet.rows[:3] == [Row(1, ["甲", "1"]), Row(2, [None, "2"]), Row(3, [None, "3"])]
    assert (len(sheet.rows), sheet.merges[-1]) == (3000, Merge(2998, 1, 3000, 1))


def test_a_separated_text_of_a_long_quote_keeps_its_own_sentence():
    reason, _ = message_of(csv_bytes([["姓名"], [TEXT]]))

    assert reason is Reason.QUOTES


FIRST = '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>'


def texts(claim: bytes) -> bytes:
    """A table of texts that claims to hold as many as this."""
    return with_part(
        xlsx(("名册", [["姓名"], ["李明"]])),
        "xl/sharedStrings.xml",
        lambda content: content.replace(b'ount="2"', b'ount="%s"' % claim),
    )


@pytest.mark.parametrize("claim", [b"9999999999", b"99999999999999999999999", b"-1", b"x"])
def test_how_many_texts_a_file_claims_to_have_does_not_matter(claim):
    assert read(texts(claim), "x").sheets[0].rows == [Row(1, ["姓名"]), Row(2, ["李明"])]


@pytest.mark.parametrize(
    "inside",
    [
        '<row r="2"><c x="' + "<c " * 100_000 + '" r="A2"><v>1</v></c></row>',
        "<row " * 100_000,
        '<row r="2">' + '<c r="A2" t="e"><f>' * 50_000 + "</row>",
        '<row r="2">' + '<c r="A2"><is>' + "<rPh>" * 100_000 + "</is></c></row>",
        "<mergeCell " * 50_000,
        '<row hidden="1" ' * 50_000,
    ],
    ids=["cells", "rows", "formulas", "pinyin", "merges", "hidden rows"],
)
def test_tags_without_an_end_cost_no_more_than_their_length(inside):
    data = raw_xlsx(FIRST + inside)

    try:
        assert read(data, "x").sheets[0].rows[0].cells[0] == "姓名"
    except FileRejected as rejected:
        assert rejected.reason in (Reason.DAMAGED, Reason.BOMB, Reason.FOREIGN_TOO_LARGE)


def test_texts_without_an_end_that_no_cell_uses_do_not_matter():
    def flooded(content: bytes) -> bytes:
        return content.replace(b"</sst>", b"<si>" + b"<rPh><t" * 100_000 + b"</si></sst>")

    data = with_part(xlsx(("名册", [["姓名"]])), "xl/sharedStrings.xml", flooded)

    assert read(data, "x").sheets[0].rows == [Row(1, ["姓名"])]


def test_a_sheet_in_an_unusual_form_may_be_only_so_large():
    def rows(count: int) -> bytes:
        lines = ("".join(f"<c><v>{row * column * 7919}</v></c>" for column in range(9)) for row in range(count))
        return raw_xlsx("".join(f"<row>{line}</row>" for line in lines))

    small, large = rows(700), rows(8001)

    assert len(read(small, "x").sheets[0].rows) == 700
    assert message_of(large) == (Reason.FOREIGN_TOO_LARGE, WEB.replace("200000", "80000"))


def test_a_sheet_that_is_listed_many_times_is_refused():
    def listed(content: bytes) -> bytes:
        more = b"".join(b'<sheet name="b%d" sheetId="%d" r:id="rId1"/>' % (number, number) for number in (2, 3))
        return content.replace(b"</sheets>", more + b"</sheets>")

    assert message_of(with_part(xlsx(("名册", [["姓名"]])), "xl/workbook.xml", listed)) == (Reason.BOMB, UNSAFE)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ('<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>', Reason.DAMAGED),
        ('<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>', Reason.DAMAGED),
        ('<row r="-5"><c r="A-5"><v>1</v></c></row>', Reason.DAMAGED),
        ('<row r="0"><c r="A0"><v>1</v></c></row>', Reason.DAMAGED),
        ('<row r="99999999999"><c r="A99999999999"><v>1</v></c></row>', [Row(1, ["姓名"])]),
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', [Row(1, ["姓名"])]),
        ('<row r="2"><c r="ZZZ2"><v>1</v></c></row>', [Row(1, ["姓名"] + [None] * 255)]),
    ],
    ids=["backwards", "twice", "negative", "zero", "beyond", "last", "far to the right"],
)
def test_rows_and_columns_that_cannot_be(rows, found):
    data = raw_xlsx(FIRST + rows)

    if isinstance(found, Reason):
        assert message_of(data)[0] is found
    else:
        assert [row.cells[0] for row in read(data, "x").sheets[0].rows] == [row.cells[0] for row in found]


def test_a_duration_that_is_no_number_stays_what_it_is():
    book = biff(
        (0x0809, struct.pack("<HHHH", 0x0600, 0x10, 0, 0)),
        (0x00E0, struct.pack("<HH", 0, 46) + b"\0" * 16),
        (0x0203, struct.pack("<HHHd", 0, 0, 0, float("nan"))),
        (0x0A, b""),
    )

    assert [str(cell) for row in read(book, "x.xls").sheets[0].rows for cell in row.cells] == ["nan"]

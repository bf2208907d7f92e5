"""The same three people in every form that a file can have."""

import io
import struct

import openpyxl

from tests.workbooks import SHEET as SHEET_PART
from tests.workbooks import biff, csv_bytes, drawn_xlsx, spreadsheetml, with_part, xls, xlsx
from tests.zoo.animals import Animal, ok
from tests.zoo.people import EVERYBODY, LI, SHEET, TITLES, WANG, ZHAO

TABLE = [TITLES, *EVERYBODY]
ROWS = [ok(2, LI), ok(3, ZHAO), ok(4, WANG)]


def inline() -> bytes:
    """Texts inside the cells instead of a table of texts."""

    def draw(book, sheet):
        for number, row in enumerate(TABLE):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write_string(number, column, cell)

    return with_part(
        drawn_xlsx(draw, constant_memory=True),
        "xl/workbook.xml",
        lambda xml: xml.replace('name="名册"'.encode(), f'name="{SHEET}"'.encode()),
    )


def by_openpyxl() -> bytes:
    """As another library writes it."""
    buffer, book = io.BytesIO(), openpyxl.Workbook()
    book.active.title = SHEET
    for row in TABLE:
        book.active.append(row)
    book.save(buffer)
    return buffer.getvalue()


def labels(encoding: str) -> list[tuple[int, bytes]]:
    """One record for each cell, as programs write that know little of the format."""
    cells = []
    for number, row in enumerate(TABLE):
        for column, cell in enumerate(row):
            if cell is not None:
                text = cell.encode(encoding)
                cells.append((0x0204, struct.pack("<HHHH", number, column, 0, len(text)) + text))
    return cells


def bare_records() -> bytes:
    """BIFF without a container, in GBK without saying so."""
    return biff((0x0809, struct.pack("<HHHH", 0, 0x10, 0, 0)), *labels("gb18030"), (0x0A, b""))


def biff5() -> bytes:
    """Excel 95 with code page 936."""
    title = SHEET.encode("gbk")

    def head(start: int) -> bytes:
        listed = struct.pack("<IBBB", start, 0, 0, len(title)) + title
        begin = (0x0809, struct.pack("<HHHH", 0x0500, 5, 0, 0))
        return biff(begin, (0x42, struct.pack("<H", 936)), (0x85, listed), (0x0A, b""))

    begin = (0x0809, struct.pack("<HHHH", 0x0500, 16, 0, 0))
    return head(len(head(0))) + biff(begin, *labels("gb18030"), (0x0A, b""))


def page(rows=TABLE, tag: str = "td") -> str:
    """A web page with a table of these rows."""
    lines = ("".join(f"<{tag}>{cell or '&nbsp;'}</{tag}>" for cell in row) for row in rows)
    return "<html><body><table border=1>" + "".join(f"<tr>{line}</tr>\n" for line in lines) + "</table></body></html>"


def xml_2003() -> bytes:
    """XML Spreadsheet 2003; a blank cell is left out by an index."""
    rows = []
    for row in TABLE:
        cells = (
            f'<Cell ss:Index="{column}"><Data ss:Type="String">{cell}</Data></Cell>'
            for column, cell in enumerate(row, start=1)
            if cell is not None
        )
        rows.append(f"<Row>{''.join(cells)}</Row>")
    return spreadsheetml("".join(rows)).replace("名册", SHEET).encode()


def wrong_dimension() -> bytes:
    """WPS says that the sheet is the cell A1."""

    def shrink(xml: bytes) -> bytes:
        start = xml.index(b'<dimension ref="') + 16
        return xml[:start] + b"A1" + xml[xml.index(b'"', start) :]

    return with_part(xlsx((SHEET, TABLE)), SHEET_PART, shrink)


def rich_text() -> bytes:
    """A name in two fonts with its pinyin."""
    runs = "<si><r><t>李</t></r><r><t>明</t></r><rPh sb='0' eb='1'><t>li</t></rPh><phoneticPr fontId='1'/></si>"
    return with_part(
        xlsx((SHEET, TABLE)),
        "xl/sharedStrings.xml",
        lambda xml: xml.replace("<si><t>李明</t></si>".encode(), runs.encode()),
    )


def formatted_far_away() -> bytes:
    """A format in the last cell of the sheet, and a stray space."""
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row></sheetData>'
    return with_part(xlsx((SHEET, TABLE)), SHEET_PART, lambda xml: xml.replace(b"</sheetData>", far.encode()))


FORMATS = [
    Animal("xlsx", "花名册.xlsx", lambda: xlsx((SHEET, TABLE)), ROWS),
    Animal("xlsx with texts inside the cells", "花名册.xlsx", inline, ROWS),
    Animal("xlsx of another program", "花名册.xlsx", by_openpyxl, ROWS),
    Animal("xlsx named xls", "花名册.xls", lambda: xlsx((SHEET, TABLE)), ROWS),
    Animal("xls", "花名册.xls", lambda: xls((SHEET, TABLE)), ROWS),
    Animal("et", "花名册.et", lambda: xls((SHEET, TABLE)), ROWS),
    Animal("xls named xlsx", "花名册.xlsx", lambda: xls((SHEET, TABLE)), ROWS),
    Animal("xls without a container", "花名册.xls", bare_records, ROWS),
    Animal("xls of Excel 95", "花名册.xls", biff5, ROWS),
    Animal("web page", "花名册.xls", lambda: page().encode(), ROWS),
    Animal("web page in GBK", "花名册.xls", lambda: page(tag="TH").replace("<table", "<TABLE").encode("gb18030"), ROWS),
    Animal("XML 2003", "花名册.xls", xml_2003, ROWS),
    Animal("tab text named xls", "花名册.xls", lambda: csv_bytes(TABLE, "gb18030", "\t"), ROWS),
    Animal("csv", "花名册.csv", lambda: csv_bytes(TABLE), ROWS),
    Animal("csv with a mark", "花名册.csv", lambda: csv_bytes(TABLE, "utf-8-sig"), ROWS),
    Animal("csv in GB18030 with a rare name", "花名册.csv", lambda: csv_bytes(TABLE, "gb18030"), ROWS),
    Animal("tab text in UTF-16", "花名册.txt", lambda: csv_bytes(TABLE, "utf-16", "\t"), ROWS),
    Animal("csv in UTF-16 without a mark", "花名册.csv", lambda: csv_bytes(TABLE, "utf-16-be"), ROWS),
    Animal("wrong dimension", "花名册.xlsx", wrong_dimension, ROWS),
    Animal("rich text with pinyin", "花名册.xlsx", rich_text, ROWS),
    Animal("formats to the last cell of the sheet", "花名册.xlsx", formatted_far_away, ROWS, issues=("SHEET_SKIPPED",)),
]

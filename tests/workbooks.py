"""Files for tests, made in memory: tables in every form that clerks send, and the harmful ones.

Nothing here is committed as a binary, and every person is invented (area code 1199xx).
"""

import csv
import datetime
import io
import struct
import zipfile
from collections.abc import Callable, Sequence

import xlsxwriter
import xlwt

SHEET = "xl/worksheets/sheet1.xml"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def xlsx(*sheets: tuple[str, Sequence[Sequence]], hidden: Sequence[str] = (), month_format: str = "") -> bytes:
    """An .xlsx of `(title, rows)`; texts stay texts, dates become date cells, None an empty cell."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    day_format = book.add_format({"num_format": month_format or "yyyy-mm-dd"})
    for title, rows in sheets:
        sheet = book.add_worksheet(title)
        if title in hidden:
            sheet.hide()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime.date):
                    sheet.write_datetime(row, column, cell, day_format)
                elif cell is not None:
                    sheet.write(row, column, cell)
    book.close()
    return buffer.getvalue()


def drawn_xlsx(draw: Callable, **options) -> bytes:
    """An .xlsx of one sheet that `draw(book, sheet)` fills by XlsxWriter's own means."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
    draw(book, book.add_worksheet("名册"))
    book.close()
    return buffer.getvalue()


def raw_xlsx(sheet_data: str, *, before: str = "", root: str = "worksheet") -> bytes:
    """An .xlsx whose only sheet has exactly this XML inside <sheetData>."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<?xml version="1.0"?>{before}<{root} xmlns="{namespace}"><sheetData>{sheet_data}</sheetData></{root}>'
    return with_part(xlsx(("名册", [["x"]])), SHEET, lambda _: sheet.encode())


def with_part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one part changed, or added where it is missing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry == name else content)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return buffer.getvalue()


def archive(**parts: bytes) -> bytes:
    """A zip of these parts; `__` in a name stands for `/`, a single `_` before the ending for the dot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            folder, _, file = name.replace("__", "/").rpartition("/")
            stem, _, ending = file.rpartition("_")
            new.writestr(f"{folder}/{stem}.{ending}".lstrip("/"), content)
    return buffer.getvalue()


def xls(*sheets: tuple[str, Sequence[Sequence]], hidden: Sequence[str] = (), month_format: str = "") -> bytes:
    """An .xls (BIFF8) of `(title, rows)`, with the same rules as `xlsx`; an xlwt.Formula becomes a formula."""
    book = xlwt.Workbook(encoding="utf-8")
    day_format = xlwt.easyxf(num_format_str=month_format or "yyyy-mm-dd")
    for title, rows in sheets:
        sheet = book.add_sheet(title)
        sheet.visibility = int(title in hidden)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime.date):
                    sheet.write(row, column, cell, day_format)
                elif cell is not None:
                    sheet.write(row, column, cell)
    return saved_xls(book)


def drawn_xls(draw: Callable) -> bytes:
    """An .xls of one sheet that `draw(book, sheet)` fills by xlwt's own means."""
    book = xlwt.Workbook(encoding="utf-8")
    draw(book, book.add_sheet("名册"))
    return saved_xls(book)


def saved_xls(book: xlwt.Workbook) -> bytes:
    """The bytes of a workbook of xlwt."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def biff(*records: tuple[int, bytes]) -> bytes:
    """The records `(code, content)` of an .xls, without a container: as simple export programs write them."""
    return b"".join(struct.pack("<HH", code, len(content)) + content for code, content in records)


def spreadsheetml(table: str, *, styles: str = "", after: str = "") -> str:
    """An XML Spreadsheet 2003 whose only sheet 「名册」 has exactly this inside <Table>."""
    namespace = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{namespace}" xmlns:ss="{namespace}" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<Styles>{styles}</Styles><Worksheet ss:Name="名册"><Table>{table}</Table></Worksheet>{after}</Workbook>'
    )


def csv_bytes(rows: Sequence[Sequence[str]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    """The rows as separated text."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator).writerows(rows)
    return buffer.getvalue().encode(encoding)


def compound(*streams: str) -> bytes:
    """An old compound container (D0CF11E0) with empty streams of these names."""
    free, end, table_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    struct.pack_into("<HHHHH", header, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIII", header, 44, 1, 1, 0, 4096, end, 0, end, 0)
    struct.pack_into("<109I", header, 76, 0, *([free] * 108))
    entries = b""
    for number, name in enumerate(("Root Entry", *streams)):
        encoded = name.encode("utf-16-le")
        entry = bytearray(encoded.ljust(128, b"\0"))
        struct.pack_into("<HBB", entry, 64, len(encoded) + 2, 2 if number else 5, 1)
        sequel = number + 1 if number < len(streams) else free  # each stream's right neighbour is the next one
        struct.pack_into("<III", entry, 68, free, sequel if number else free, free if number else 1)
        struct.pack_into("<I", entry, 116, end)
        entries += bytes(entry)
    sectors = -(-len(entries) // 512)
    chain = [table_mark, *range(2, sectors + 1), end]
    table = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))
    return bytes(header) + table + entries.ljust(sectors * 512, b"\0")


def id_number(area: str = "119901", birth: str = "19900101", order: str = "001") -> str:
    """An invented ID number with a true check digit (GB 11643): 17 digits weighted, modulo 11."""
    digits = area + birth + order
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]

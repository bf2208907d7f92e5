"""Files that are refused as a whole, each with its own sentence."""

import io
import struct
import zipfile

from tests.workbooks import SHEET as SHEET_PART
from tests.workbooks import archive, compound, csv_bytes, with_part, xls, xlsx
from tests.zoo.animals import Animal
from tests.zoo.formats import TABLE, page, xml_2003
from tests.zoo.people import SHEET, TITLES

GOOD = xlsx((SHEET, TABLE))
OLD = xls((SHEET, TABLE))
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def damaged() -> bytes:
    """A byte flipped inside the packed sheet."""
    data = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as package:
        entry = package.getinfo(SHEET_PART)
    data[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 0xFF
    return bytes(data)


def overlapping() -> bytes:
    """A hundred entries of the directory that all unpack the same piece of the file."""
    data = GOOD
    directory = data.rfind(b"PK\x05\x06")
    (start,) = struct.unpack_from("<I", data, directory + 16)
    place = data.index(SHEET_PART.encode(), start) - 46
    (name, extra, comment) = struct.unpack_from("<HHH", data, place + 28)
    entry = data[place : place + 46 + name + extra + comment]
    copies = b"".join(entry.replace(b"sheet1", b"sht%03d" % number) for number in range(1, 100))
    tail = bytearray(data[directory:])
    count, size = struct.unpack_from("<H", tail, 10)[0] + 99, directory - start + len(copies)
    struct.pack_into("<HHI", tail, 8, count, count, size)
    return data[:directory] + copies + bytes(tail)


def with_filepass() -> bytes:
    """An .xls whose records are encrypted."""
    return OLD.replace(struct.pack("<HH", 0x5C, 0x70), struct.pack("<HH", 0x2F, 0x70), 1)


def with_macro_sheet() -> bytes:
    """An .xls whose sheet is a macro sheet of Excel 4."""
    place = OLD.index(struct.pack("<H", 0x85), OLD.index(b"\x09\x08\x10\0\0\x06\5\0"))
    return OLD[: place + 9] + b"\1" + OLD[place + 10 :]


REFUSED = [
    Animal("nothing", "花名册.xlsx", lambda: b"", rejected="FILE_EMPTY"),
    Animal("no filled cell", "花名册.xlsx", lambda: xlsx((SHEET, [])), rejected="FILE_EMPTY"),
    Animal("header only", "花名册.xlsx", lambda: xlsx((SHEET, [TITLES])), rejected="FILE_EMPTY"),
    Animal("header only in an xls", "花名册.xls", lambda: xls((SHEET, [TITLES])), rejected="FILE_EMPTY"),
    Animal("no header", "花名册.xlsx", lambda: xlsx((SHEET, TABLE[1:])), rejected="SHEET_UNRECOGNISED"),
    Animal("of another kind", "花名册.xlsx", lambda: GOOD, rejected="WRONG_KIND", kind="terms"),
    Animal("password", "花名册.xlsx", lambda: compound("EncryptionInfo", "EncryptedPackage"), rejected="FILE_PASSWORD"),
    Animal("password of an xls", "花名册.xls", with_filepass, rejected="FILE_PASSWORD"),
    Animal("macro", "花名册.xlsm", lambda: with_part(GOOD, "xl/vbaProject.bin", lambda _: b"x"), rejected="FILE_MACRO"),
    Animal("macro in an xls", "花名册.xls", lambda: compound("Workbook", "_VBA_PROJECT_CUR"), rejected="FILE_MACRO"),
    Animal("macro sheet in an xls", "花名册.xls", with_macro_sheet, rejected="FILE_MACRO"),
    Animal("xlsb", "花名册.xlsb", lambda: archive(xl__workbook_bin=b"x"), rejected="FILE_TYPE"),
    Animal("cut off", "花名册.xlsx", lambda: GOOD[: len(GOOD) // 2], rejected="FILE_CORRUPT"),
    Animal("xls cut off", "花名册.xls", lambda: OLD[: len(OLD) // 2], rejected="FILE_CORRUPT"),
    Animal("web page cut off", "花名册.xls", lambda: page().encode()[:-40], rejected="FILE_CORRUPT"),
    Animal("XML 2003 cut off", "花名册.xls", lambda: xml_2003()[:-40], rejected="FILE_CORRUPT"),
    Animal("damaged in the middle", "花名册.xlsx", damaged, rejected="FILE_CORRUPT"),
    Animal(
        "bomb",
        "花名册.xlsx",
        lambda: with_part(GOOD, SHEET_PART, lambda xml: xml + b" " * 9_000_000),
        rejected="FILE_UNSAFE",
    ),
    Animal("entries that overlap", "花名册.xlsx", overlapping, rejected="FILE_UNSAFE"),
    Animal(
        "entities",
        "花名册.xlsx",
        lambda: with_part(GOOD, SHEET_PART, lambda xml: xml.replace(b"<worksheet", ENTITIES + b"<worksheet")),
        rejected="FILE_UNSAFE",
    ),
    Animal(
        "entities in XML 2003",
        "花名册.xls",
        lambda: xml_2003().replace(b"<Workbook", ENTITIES + b"<Workbook"),
        rejected="FILE_UNSAFE",
    ),
    Animal(
        "entities in a web page",
        "花名册.xls",
        lambda: ENTITIES.replace(b"x", b"html", 1) + page().encode(),
        rejected="FILE_UNSAFE",
    ),
    Animal("Word", "花名册.xlsx", lambda: archive(word__document_xml=b"<x/>"), rejected="FILE_TYPE"),
    Animal("old Word", "花名册.xls", lambda: compound("1Table", "WordDocument"), rejected="FILE_TYPE"),
    Animal("PDF", "花名册.xlsx", lambda: b"%PDF-1.7\n", rejected="FILE_TYPE"),
    Animal("picture", "花名册.xlsx", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", rejected="FILE_TYPE"),
    Animal("ods", "花名册.xlsx", lambda: archive(content_xml=b"<x/>"), rejected="FILE_TYPE"),
    Animal("zip of files", "花名册.xlsx", lambda: archive(花名册_xlsx=GOOD), rejected="FILE_TYPE"),
    Animal("page to sign in", "花名册.xls", lambda: b"<html><form>x</form></html>", rejected="FILE_TYPE"),
    Animal(
        "quote never closed", "花名册.csv", lambda: csv_bytes(TABLE).replace(b",", b',"', 12), rejected="FILE_CORRUPT"
    ),
    Animal("neither UTF-8 nor GB18030", "花名册.csv", lambda: csv_bytes(TABLE) + b"\xff\xff", rejected="FILE_CORRUPT"),
]

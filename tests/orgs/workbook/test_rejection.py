"""Each file that cannot be read has its own code and sentence, and is refused before it does harm."""

import io
import random
import struct
import zipfile

import pytest

from orgs.workbook import FileRejected, Limits, Reason, read
from tests.workbooks import archive, biff, compound, csv_bytes, raw_xlsx, spreadsheetml, with_part, xls, xlsx

GOOD = xlsx(("名册", [["姓名", "性别"], ["张三", "男"]]))
OLD = xls(("名册", [["姓名", "性别"], ["张三", "男"], *([number, number / 7] for number in range(200))]))
SPREADSHEET = spreadsheetml("<Row><Cell><Data ss:Type='String'>姓名</Data></Cell></Row>")
DOCTYPE = (
    b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]><sst>&b;</sst>'
)


def bomb() -> bytes:
    """12 MB of spaces in a part of some 12 KB."""
    return with_part(GOOD, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 12_000_000)


def lying_directory() -> bytes:
    """The directory declares 100 bytes of a sheet that unpacks to many more."""
    data = bytearray(raw_xlsx('<row r="1"><c r="A1"><v>1</v></c></row>' * 1000))
    name = b"xl/worksheets/sheet1.xml"
    place = data.rfind(name) - 46
    struct.pack_into("<I", data, place + 24, 100)
    return bytes(data)


def damaged_in_the_middle() -> bytes:
    """A bit flipped inside the packed sheet; the directory is whole."""
    data = bytearray(xlsx(("名册", [[f"姓名{row}", row] for row in range(2000)])))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as package:
        entry = package.getinfo("xl/worksheets/sheet1.xml")
    data[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 0xFF
    return bytes(data)


def changed_xls(code: bytes, place: int, content: bytes) -> bytes:
    """The old workbook with these bytes at a place of the first record of a kind (0: where its content begins)."""
    data = bytearray(OLD)
    position = data.index(b"\x09\x08\x10\0\0\x06\5\0")
    while data[position : position + 2] != code:
        position += 4 + struct.unpack_from("<H", data, position + 2)[0]
    data[position + 4 + place : position + 4 + place + len(content)] = content
    return bytes(data)


def circle() -> bytes:
    """The chain of sectors of the old workbook's stream leads back to its beginning."""
    data = bytearray(OLD)
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<I", data, (table + 1) * 512 + 4 * 3, 0)
    return bytes(data)


def many_times() -> bytes:
    """Two hundred sheets that all lie at the same place."""
    bof, end = struct.pack("<HHHH", 0x0600, 5, 0, 0), (10, b"")
    names = [struct.pack("<IBBBB", 0xFFFF, 0, 0, 1, 0) + b"S"] * 200
    head = biff((0x0809, bof), *((0x85, name) for name in names), end)
    names = [struct.pack("<I", len(head)) + name[4:] for name in names]
    head = biff((0x0809, bof), *((0x85, name) for name in names), end)
    cells = [(0x0203, struct.pack("<HHHd", row, 0, 0, 1.0)) for row in range(1000)]
    return head + biff((0x0809, struct.pack("<HHHH", 0x0600, 16, 0, 0)), *cells, end)


def endless_pinyin() -> bytes:
    """A text whose pinyin claims two thousand million bytes, in a table that claims as many texts."""
    texts = struct.pack("<II", 0xFFFF, 0x7FFFFFFF) + struct.pack("<HBi", 1, 4, -15) + b"x" * 64
    return biff((0x0809, struct.pack("<HHHH", 0x0600, 5, 0, 0)), (0xFC, texts), (10, b""))


FILES = {
    "nothing": (b"", Reason.EMPTY),
    "only blanks": (b"\r\n  \r\n", Reason.EMPTY),
    "a workbook without a filled cell": (xlsx(("名册", []), ("Sheet2", [])), Reason.EMPTY),
    "a csv of separators": (b",,,\r\n,,,\r\n", Reason.EMPTY),
    "cut off": (GOOD[: len(GOOD) // 2], Reason.TRUNCATED),
    "damaged in the middle": (damaged_in_the_middle(), Reason.DAMAGED),
    "sheet is no XML": (with_part(GOOD, "xl/worksheets/sheet1.xml", lambda _: b"garbage"), Reason.DAMAGED),
    "list of sheets is no XML": (with_part(GOOD, "xl/workbook.xml", lambda _: b"<workbook"), Reason.DAMAGED),
    "sheet is missing": (
        with_part(GOOD, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"sheet1", b"sheet9")),
        Reason.DAMAGED,
    ),
    "texts are cut off": (with_part(GOOD, "xl/sharedStrings.xml", lambda xml: xml[:90]), Reason.DAMAGED),
    "sheet ends after a row": (
        with_part(GOOD, "xl/worksheets/sheet1.xml", lambda xml: xml[: xml.find(b"</row>") + 6]),
        Reason.DAMAGED,
    ),
    "texts end after a text": (
        with_part(GOOD, "xl/sharedStrings.xml", lambda xml: xml[: xml.find(b"</si>") + 5]),
        Reason.DAMAGED,
    ),
    "bomb": (bomb(), Reason.BOMB),
    "directory lies": (lying_directory(), Reason.DAMAGED),
    "entities": (with_part(GOOD, "xl/sharedStrings.xml", lambda _: DOCTYPE), Reason.ENTITIES),
    "document type in a sheet": (raw_xlsx("", before='<!DOCTYPE x SYSTEM "file:///etc/hostname">'), Reason.ENTITIES),
    "document type behind a long comment": (
        raw_xlsx("", before=f"<!--{'x' * 9000}--><!DOCTYPE x>"),
        Reason.ENTITIES,
    ),
    "macro": (with_part(GOOD, "xl/vbaProject.bin", lambda _: b"x"), Reason.MACRO),
    "old macro sheet": (with_part(GOOD, "xl/macrosheets/sheet1.xml", lambda _: b"<x/>"), Reason.MACRO),
    "old workbook with a macro": (compound("Workbook", "_VBA_PROJECT_CUR", "VBA"), Reason.MACRO),
    "password": (compound("EncryptionInfo", "EncryptedPackage"), Reason.PASSWORD),
    "old workbook without content": (compound("Workbook"), Reason.DAMAGED),
    "old macro sheet of an old workbook": (changed_xls(b"\x85\0", 5, b"\1"), Reason.MACRO),
    "old workbook with a password": (changed_xls(b"\x5c\0", -4, b"\x2f"), Reason.PASSWORD),
    "old workbook cut off": (OLD[: len(OLD) // 2], Reason.TRUNCATED),
    "old workbook whose texts end too early": (changed_xls(b"\xfc\0", 4, b"\xff\xff"), Reason.DAMAGED),
    "old workbook that points nowhere": (changed_xls(b"\x85\0", 0, b"\xff\xff\xff\x0f"), Reason.DAMAGED),
    "old workbook in a circle": (circle(), Reason.DAMAGED),
    "old workbook that reads one sheet many times": (many_times(), Reason.BOMB),
    "old workbook whose pinyin is longer than the file": (endless_pinyin(), Reason.DAMAGED),
    "old Word": (compound("1Table", "WordDocument"), Reason.WORD),
    "old slides": (compound("PowerPoint Document"), Reason.SLIDES),
    "container cut off": (compound("Workbook")[:600], Reason.TRUNCATED),
    "Word renamed": (archive(word__document_xml=b"<x/>"), Reason.WORD),
    "slides renamed": (archive(ppt__presentation_xml=b"<x/>"), Reason.SLIDES),
    "ods": (archive(content_xml=b"<x/>", mimetype_txt=b"x"), Reason.OPEN_DOCUMENT),
    "xlsb": (archive(xl__workbook_bin=b"x"), Reason.BINARY_WORKBOOK),
    "zip of files": (archive(名册_xlsx=GOOD), Reason.ARCHIVE),
    "PDF renamed": (b"%PDF-1.7\n...", Reason.PDF),
    "picture renamed": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Reason.PICTURE),
    "web page without a table": (b"<html><body>Please sign in</body></html>", Reason.PAGE_WITHOUT_TABLE),
    "web page cut off": ("<table><tr><td>姓名</td></tr><tr><td>张三</td>".encode("gbk"), Reason.TRUNCATED),
    "web page with entities": (
        b'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><table><tr><td>&b;</td></tr></table>',
        Reason.ENTITIES,
    ),
    "web page of a tag without end": (b"<html><table " + b"a=b " * 40_000 + b"></table>", Reason.BOMB),
    "XML 2003 cut off": (SPREADSHEET[:-30].encode(), Reason.TRUNCATED),
    "XML 2003 damaged in the middle": (SPREADSHEET.replace("</Cell>", "</Row>", 1).encode(), Reason.DAMAGED),
    "XML 2003 with entities": (
        SPREADSHEET.replace("<Workbook", '<!DOCTYPE x [<!ENTITY a "aaaa">]><Workbook').encode(),
        Reason.ENTITIES,
    ),
    "other XML": (b'<?xml version="1.0"?><data><name>x</name></data>', Reason.OTHER_XML),
    "Word as XML": (
        b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>',
        Reason.WORD,
    ),
    "a program": (b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0" * 20, Reason.ENCODING),
    "neither UTF-8 nor GB18030": (b"\xff\xff,\xff\n", Reason.ENCODING),
    "control characters": (b"abc\x01\x02\x03", Reason.UNKNOWN),
    "a record wider than any table": (b"x," * 20_000, Reason.WIDE_RECORD),
    "a quote never closed": ('姓名,性别\n"张三,男\n李四,女\n'.encode(), Reason.QUOTES),
}


@pytest.mark.parametrize("name", FILES)
def test_each_has_its_reason(name):
    data, reason = FILES[name]

    with pytest.raises(FileRejected) as caught:
        read(data, "名册.xlsx")

    assert caught.value.reason is reason
    assert caught.value.code == reason.code


def test_every_reason_is_tried_here_or_below():
    tried = {reason for _, reason in FILES.values()}

    assert set(Reason) - tried == {
        Reason.TOO_LARGE,
        Reason.TOO_MANY_ROWS,
        Reason.TOO_MANY_CELLS,
        Reason.TOO_MANY_SHEETS,
        Reason.TOO_WIDE,
        Reason.LONG_TEXT,
        Reason.UNPACKED_TOO_LARGE,
        Reason.FOREIGN_TOO_LARGE,
    }


@pytest.mark.parametrize(
    ("limits", "reason", "message"),
    [
        (Limits(upload=1024), Reason.TOO_LARGE, None),
        (Limits(unpacked=2000), Reason.UNPACKED_TOO_LARGE, None),
        (Limits(strings=10), Reason.UNPACKED_TOO_LARGE, None),
        (Limits(entries=3), Reason.BOMB, None),
        (Limits(cells=3), Reason.TOO_MANY_CELLS, "文件里填了内容的单元格超过3个，请按党（工）委拆成几个文件分别上传。"),
        (Limits(area=3), Reason.TOO_WIDE, "工作表「名册」占用的列太多，请删去名册右侧多余的列，保存后重新上传。"),
        (Limits(rows=1), Reason.TOO_MANY_ROWS, "工作表「名册」超过1行，请按党（工）委拆成几个文件分别上传。"),
    ],
)
def test_limits(limits, reason, message):
    with pytest.raises(FileRejected) as caught:
        read(GOOD, "名册.xlsx", limits)

    assert caught.value.reason is reason
    assert message is None or caught.value.message == message


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(upload=1024), Reason.TOO_LARGE),
        (Limits(cells=3), Reason.TOO_MANY_CELLS),
        (Limits(area=3), Reason.TOO_WIDE),
        (Limits(rows=1), Reason.TOO_MANY_ROWS),
    ],
)
def test_limits_of_an_old_workbook(limits, reason):
    with pytest.raises(FileRejected) as caught:
        read(OLD, "名册.xls", limits)

    assert caught.value.reason is reason


def test_limits_of_a_csv():
    data = csv_bytes([["姓名", "性别"], ["张三", "男"]])

    for limits, reason in ((Limits(cells=3), Reason.TOO_MANY_CELLS), (Limits(rows=1), Reason.TOO_MANY_ROWS)):
        with pytest.raises(FileRejected) as caught:
            read(data, "名册.csv", limits)
        assert caught.value.reason is reason


def test_the_sentence_names_the_line_of_the_open_quote():
    with pytest.raises(FileRejected) as caught:
        read('姓名,性别\n张三,男\n"李四"四,女\n'.encode(), "名册.csv")

    assert caught.value.message == "第3行的双引号不成对，后面的内容无法分列。请改正该行，或另存为 .xlsx 后重新上传。"


def test_the_exception_tells_nothing_of_the_content():
    with pytest.raises(FileRejected) as caught:
        read(with_part(GOOD, "xl/workbook.xml", lambda _: "<张三".encode()), "张三.xlsx")

    assert str(caught.value) == "FILE_CORRUPT"


def test_two_parts_of_one_name_are_refused():
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a") as package:
        package.writestr("XL\\worksheets/Sheet1.xml", b"<worksheet/>")

    with pytest.raises(FileRejected) as caught:
        read(buffer.getvalue(), "名册.xlsx")

    assert caught.value.reason is Reason.BOMB


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_damaged_there_is_one_kind_of_answer(seed):
    chance = random.Random(seed)
    names = zipfile.ZipFile(io.BytesIO(GOOD)).namelist()

    def damage(content: bytes) -> bytes:
        changed = bytearray(content)
        for _ in range(chance.choice((1, 2, 20))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        cut = chance.randrange(len(changed))
        del changed[cut : cut + chance.choice((0, 1, 40))]
        return bytes(changed)

    for number in range(60):
        if number % 3 == 0:
            data = damage(OLD)
        else:
            data = damage(GOOD) if chance.random() < 0.3 else with_part(GOOD, chance.choice(names), damage)
        try:
            read(data, "名册.xlsx")
        except FileRejected as rejected:
            assert rejected.message

"""Floods inside an .xlsx that no cell shows: texts, formats, merged ranges. Counted before the work they would make."""

import pytest

from orgs.workbook import FileRejected, Limits, Merge, Reason, Row, read, stream
from orgs.workbook.styles import format_kind, shows_month_only
from orgs.workbook.xlsx import UNUSED_TEXTS
from tests.workbooks import drawn_xls, raw_xlsx, with_part, xlsx

TEXTS, STYLES = "xl/sharedStrings.xml", "xl/styles.xml"
UNSAFE = "文件内部结构异常（压缩比例或条目数过大），出于安全不予接收。请新建工作簿，把内容粘贴过去后重新上传。"
SMALL = [("甲", [["姓名"], ["李明"]]), ("乙", [["姓名"], ["赵芳"]])]


def refused(data: bytes, limits: Limits | None = None) -> tuple[Reason, str]:
    with pytest.raises(FileRejected) as caught:
        read(data, "名册.xlsx", *([limits] if limits else []))
    return caught.value.reason, caught.value.message


def with_texts(more: int) -> bytes:
    """Two sheets of four cells and three texts, and `more` texts that no cell shows."""
    texts = b"".join(b"<si><t>%x</t></si>" % (number * 7919) for number in range(more))
    return with_part(xlsx(*SMALL), TEXTS, lambda table: table.replace(b"</sst>", texts + b"</sst>"))


def test_a_few_more_texts_than_cells_are_read():
    sheets = read(with_texts(UNUSED_TEXTS), "x").sheets

    assert [sheet.rows for sheet in sheets] == [
        [Row(1, ["姓名"]), Row(2, ["李明"])],
        [Row(1, ["姓名"]), Row(2, ["赵芳"])],
    ]


def test_far_more_texts_than_cells_are_not_taken_apart():
    assert refused(with_texts(UNUSED_TEXTS + 2)) == (Reason.BOMB, UNSAFE)


def test_a_part_of_too_many_elements_is_not_parsed():
    def flooded(styles: bytes) -> bytes:
        return styles.replace(b"</cellXfs>", b"<xf/>" * 400_001 + b"</cellXfs>")

    assert refused(with_part(xlsx(*SMALL), STYLES, flooded)) == (Reason.BOMB, UNSAFE)


def test_as_many_cell_formats_as_a_workbook_can_have_are_read():
    forms = b"".join(
        b'<xf numFmtId="%d"><alignment wrapText="1"/><protection locked="0"/></xf>' % (number * 7919)
        for number in range(65_490)
    )

    data = with_part(xlsx(*SMALL), STYLES, lambda styles: styles.replace(b"</cellXfs>", forms + b"</cellXfs>"))

    assert [sheet.title for sheet in read(data, "x").sheets] == ["甲", "乙"]


@pytest.mark.parametrize("length", [249, 250])
def test_a_number_format_longer_than_any_is_none(length):
    code = "yyyy-m" + '"' + "x" * (length - 2) + '"'

    assert len(code) == length + 6
    assert shows_month_only(code) is (length == 249)
    assert format_kind(170, {170: code}) == ("month" if length == 249 else "")


def test_merged_ranges_are_counted_over_all_sheets():
    def merged(content: bytes) -> bytes:
        return content.replace(
            b"</worksheet>",
            b"<mergeCells>" + b"".join(b'<mergeCell ref="A%d:B%d"/>' % (row, row) for row in (3, 4)) + b"</mergeCells>"
            b"</worksheet>",
        )

    data = xlsx(*SMALL)
    for number in (1, 2):
        data = with_part(data, f"xl/worksheets/sheet{number}.xml", merged)

    assert refused(data, Limits(merges=3)) == (Reason.BOMB, UNSAFE)
    with pytest.raises(FileRejected):
        stream(data, "x", Limits(merges=3))
    assert len(read(data, "x", Limits(merges=4)).sheets) == 2


def test_merged_ranges_of_an_old_workbook_are_counted_over_all_sheets():
    def draw(book, sheet):
        for each in (sheet, book.add_sheet("乙")):
            for row in range(2):
                each.write_merge(row, row, 0, 1, "姓名")

    data = drawn_xls(draw)

    assert refused(data, Limits(merges=3)) == (Reason.BOMB, UNSAFE)
    assert [sheet.merges for sheet in read(data, "x", Limits(merges=4)).sheets] == [
        [Merge(1, 1, 1, 2), Merge(2, 1, 2, 2)]
    ] * 2


def test_blank_cells_between_others_are_passed_over():
    blank = '<c r="B{0}" s="1"/><c r="C{0}"/>'
    name = '<c r="A{0}" t="inlineStr"><is><t>李明</t></is></c>'
    rich = '<c r="D{0}" t="inlineStr"><is><r><t>正式</t></r><r><t>党员</t></r></is></c><c r="E{0}" s="2" />'

    data = raw_xlsx("".join(f'<row r="{row}">{(name + blank + rich).format(row)}</row>' for row in (1, 2)))

    assert read(data, "x").sheets[0].rows == [Row(row, ["李明", None, None, "正式党员"]) for row in (1, 2)]


@pytest.mark.parametrize("end", ["", " "])
def test_much_below_the_last_row_is_no_damage(end):
    below = "".join(
        f'<conditionalFormatting sqref="A{number}"><cfRule type="x"/></conditionalFormatting>'
        for number in range(14_500)
    )
    data = with_part(
        raw_xlsx('<row r="1"><c r="A1"><v>1</v></c></row>'),
        "xl/worksheets/sheet1.xml",
        lambda sheet: sheet.replace(b"</sheetData>", f"</sheetData>{below}{end}".encode()),
    )

    assert read(data, "x").sheets[0].rows == [Row(1, [1])]


def test_hidden_rows_without_cells_are_not_kept():
    hidden = "".join(f'<row r="{row}" hidden="1"/>' for row in range(2, 9))
    data = raw_xlsx(
        f'<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>{hidden}<row r="9" hidden="1"><c r="A9"><v>2</v></c></row>'
    )

    assert stream(data, "x").sheets[0].hidden_rows == {1, 9}


def test_blank_rows_with_an_end_of_their_own_are_passed_over():
    blank = "".join(f'<row r="{row}"></row>' for row in range(2, 30_000))
    cell = '<row r="{0}"><c r="A{0}"><v>{0}</v></c></row>'

    data = raw_xlsx(cell.format(1) + blank + cell.format(30_000) + cell.format(30_001))

    assert [*stream(data, "x").sheets[0].rows] == [Row(1, [1]), Row(30_000, [30_000]), Row(30_001, [30_001])]


def test_rows_that_go_back_behind_blank_ones_are_damage():
    blank = "".join(f'<row r="{row}"></row>' for row in range(2, 30_000))
    data = raw_xlsx(f'{blank}<row r="7"><c r="A7"><v>1</v></c></row>')

    assert refused(data)[0] is Reason.DAMAGED


RUN = "<r><t>{}</t></r>"


def test_more_pieces_of_text_than_any_roster_has_are_not_joined():
    cells = '<c r="A1" t="inlineStr"><is>' + "".join(RUN.format(number) for number in range(300_002)) + "</is></c>"

    assert refused(raw_xlsx(f'<row r="1">{cells}</row>')) == (Reason.BOMB, UNSAFE)


def test_more_pieces_of_shared_texts_than_any_roster_has_are_not_joined():
    def flooded(table: bytes) -> bytes:
        runs = "".join(RUN.format(number) for number in range(10_000))
        return table.replace(b"</sst>", f"<si>{runs}</si>".encode() * 31 + b"</sst>")

    assert refused(with_part(xlsx(*SMALL), TEXTS, flooded)) == (Reason.BOMB, UNSAFE)

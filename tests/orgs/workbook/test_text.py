"""Tables in text: separators, encodings, record numbers."""

import pytest

from orgs.workbook import FileRejected, Format, Row, read
from tests.workbooks import csv_bytes

ROWS = [["姓名", "身份证号"], ["张三", "119901199001010013"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(encoding):
    book = read(csv_bytes(ROWS, encoding), "一支部.csv")

    assert book.format is Format.CSV
    assert (book.sheets[0].title, book.sheets[0].hidden, book.sheets[0].width) == ("一支部", False, 2)
    assert book.sheets[0].rows == [Row(1, ROWS[0]), Row(2, ROWS[1])]


def test_rare_characters_of_gb18030():
    rows = [["姓名", "性别"], ["王䶮", "男"], ["李𬱖", "女"]]

    assert [row.cells for row in read(csv_bytes(rows, "gb18030"), "x.csv").sheets[0].rows] == rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_tab_separated_text(encoding):
    book = read(csv_bytes(ROWS, encoding, "\t"), "导出.xls")

    assert (book.format, book.sheets[0].title, book.sheets[0].rows[1].cells) == (Format.TSV, "导出", ROWS[1])


def test_a_title_line_does_not_hide_the_separator():
    book = read("某街道党员花名册\n姓名\t性别\n张三\t男\n".encode(), "x.txt")

    assert book.sheets[0].rows[2].cells == ["张三", "男"]


def test_blank_lines_and_line_breaks_in_a_cell_keep_record_numbers():
    data = '姓名,备注\r\n\r\n张三,"第一行\n第二行"\r\n李四,\r\n'.encode()

    assert read(data, "x.csv").sheets[0].rows == [
        Row(1, ["姓名", "备注"]),
        Row(3, ["张三", "第一行\n第二行"]),
        Row(4, ["李四", None]),
    ]


def test_rows_of_different_length_are_filled_up():
    assert [row.cells for row in read(b"a,b\nc\nd,e,f\n", "x.csv").sheets[0].rows] == [
        ["a", "b", None],
        ["c", None, None],
        ["d", "e", "f"],
    ]


def test_formula_texts_around_an_id_number_stay_as_they_are():
    data = b'a,b\n="119901199001010013","=""119901199001010013"""\n'

    assert read(data, "x.csv").sheets[0].rows[1].cells == ['="119901199001010013"', '="119901199001010013"']


@pytest.mark.parametrize("record", ["甲," * 16_385, '甲,"乙\n",' * 9_000], ids=["one line", "many lines"])
def test_a_record_has_no_more_cells_than_a_row_of_a_spreadsheet(record):
    with pytest.raises(FileRejected) as caught:
        read(f"姓名,性别\n李明,男\n{record}\n".encode(), "x.csv")

    assert caught.value.message == "第3行超过16384列，不是名册。请删去名册右侧多余的列，保存后重新上传。"


def test_a_record_as_wide_as_a_row_of_a_spreadsheet_is_read():
    rows = read(f"姓名,性别\n{'甲,' * 16_384}\n李明,男\n".encode(), "x.csv").sheets[0].rows

    assert [row.cells[0] for row in rows] == ["姓名", "甲", "李明"]

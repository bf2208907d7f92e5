"""What we write can be opened, read back, and never calculates."""

import datetime
import io

import openpyxl
import pytest

from orgs.exporting import Column, SheetSpec, harmless, template_xlsx, write_csv, write_xlsx
from orgs.importing.values import clean_name, clean_phone
from orgs.workbook import EXAMPLE_MARK, TEMPLATE_SHEETS, find_header, is_example, read

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1+1"]


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_texts_stay_texts_whatever_they_begin_with():
    rows = [[text] for text in (*DANGEROUS, "http://example.invalid", "0012", "1E5", "TRUE", "119901199001010017")]

    sheet = opened(write_xlsx([SheetSpec("名册", [Column("备注")], rows)])).active

    cells = [sheet.cell(row, 1) for row in range(2, 2 + len(rows))]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    assert [cell.hyperlink for cell in cells] == [None] * len(rows)
    # A carriage return is stored escaped, as the format wants it; Excel shows it as typed.
    assert [cell.value.replace("_x000D_", "\r") for cell in cells] == [text for (text,) in rows]


def test_values_read_back_as_they_were():
    rows = [
        ["张三", 12, 1.5, datetime.date(2021, 3, 5), None],
        ["李四", 0, -2, datetime.date(1969, 12, 31), "备注"],
    ]

    sheet = read(write_xlsx([SheetSpec("名册", [Column(title) for title in "甲乙丙丁戊"], rows)]), "x").sheets[0]

    assert [row.cells for row in sheet.rows] == [list("甲乙丙丁戊"), *rows]


def test_yes_no_and_moments():
    moment = datetime.datetime(2021, 3, 5, 8, 30)  # noqa: DTZ001 a date cell has no zone
    sheet = read(
        write_xlsx([SheetSpec("x", [Column("甲"), Column("乙")], [[True, moment], [False, None]])]), "x"
    ).sheets[0]

    assert [row.cells for row in sheet.rows[1:]] == [["是", moment], ["否", None]]


def test_heading_header_and_frozen_rows():
    spec = SheetSpec("台账", [Column("编码", 20, note="十二位"), Column("名称")], [["01", "甲"]], heading="换届台账")

    sheet = opened(write_xlsx([spec])).active

    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["换届台账", None],
        ["编码", "名称"],
        ["01", "甲"],
    ]
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:B3"
    assert sheet.column_dimensions["A"].width == pytest.approx(20.7, abs=0.1)
    assert sheet["A2"].comment.text == "十二位"


def test_titles_that_excel_would_refuse():
    data = write_xlsx([SheetSpec(title, [Column("甲")]) for title in ("一/二[三]", "长" * 40, "长" * 40, "", "A", "a")])

    assert opened(data).sheetnames == ["一／二［三］", "长" * 31, "长" * 28 + "（2）", "Sheet", "A", "a（2）"]


def test_a_workbook_needs_a_sheet():
    with pytest.raises(ValueError):
        write_xlsx([])


def test_a_text_too_long_for_a_cell_is_cut():
    sheet = opened(write_xlsx([SheetSpec("x", [Column("甲")], [["长" * 40_000]])])).active

    assert len(sheet["A2"].value) == 32_767


def test_short_lists_stand_in_the_rule_and_long_ones_on_a_hidden_sheet():
    long = [f"第{number}社区党支部委员会" for number in range(40)]
    spec = SheetSpec("x", [Column("性别", choices=["男", "女"]), Column("党组织", choices=long)], form_rows=100)

    book = opened(write_xlsx([spec]))

    rules = {str(rule.sqref): rule.formula1 for rule in book["x"].data_validations.dataValidation}
    assert rules == {"A2:A101": '"男,女"', "B2:B101": "选项!$A$2:$A$41"}
    assert book["选项"].sheet_state == "hidden"
    assert [cell.value for cell in book["选项"]["A"]] == ["党组织", *long]


def template() -> bytes:
    columns = [
        Column("姓名", required=True),
        Column("性别", choices=["男", "女"]),
        Column("身份证号", 22, required=True, note="18位"),
    ]
    return template_xlsx("党员花名册", columns, ["带 * 的必填。", "一行一人。"], ["张三", "男", "119901199001010017"])


def test_a_template_is_found_by_the_import_and_its_example_skipped():
    book = read(template(), "模板.xlsx")

    synonyms = {"序号": "seq", "姓名": "name", "性别": "sex", "身份证号": "id_number"}
    form, instructions = book.sheets
    header = find_header(form, synonyms)
    assert (header.first, header.columns, header.unknown) == (1, {"seq": 1, "name": 2, "sex": 3, "id_number": 4}, ())
    assert [is_example(row.cells) for row in form.rows] == [False, True]
    assert form.rows[1].cells == [EXAMPLE_MARK, "张三", "男", "119901199001010017"]
    assert instructions.title in TEMPLATE_SHEETS
    assert [row.cells for row in instructions.rows] == [["填表说明"], ["1. 带 * 的必填。"], ["2. 一行一人。"]]


def test_the_columns_of_a_template_are_text_down_to_the_end():
    sheet = opened(template())["党员花名册"]

    formats = [(columns.min, columns.max, columns.number_format) for columns in sheet.column_dimensions.values()]
    assert formats == [(1, 1, "@"), (2, 3, "@"), (4, 4, "@")]
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["C2:C5002"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_dangerous_texts_get_an_apostrophe_in_a_csv(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["张三", "1-2", "", None, -1, 1.5, datetime.date(2021, 3, 5)])
def test_harmless_values_stay(value):
    assert harmless(value) == value


def test_csv():
    data = write_csv(["姓名", "在岗", "日期"], [["张三", True, datetime.date(2021, 3, 5)], ["=1", False, None]])

    assert data == "\ufeff姓名,在岗,日期\r\n张三,是,2021-03-05\r\n'=1,否,\r\n".encode()


def test_what_a_csv_protects_comes_back_unchanged_but_no_formula_becomes_a_name():
    rows = read(write_csv(["姓名", "电话"], [["张三", "+86-15400000000"], ["=1", ""]]), "x.csv").sheets[0].rows

    assert clean_phone(rows[1].cells[1]).value == "+86-15400000000"
    assert [problem.code for problem in clean_name(rows[2].cells[0]).problems] == ["NAME_INVALID"]

"""Finding the header of a sheet in clean form."""

from orgs.workbook import EXAMPLE_MARK, Header, find_header, is_example, read, title_key
from tests.workbooks import csv_bytes

SYNONYMS = {"姓名": "name", "身份证号码": "id_number", "身份证号": "id_number", "党内职务": "party_post", "序号": "seq"}


def header_of(rows: list[list[str]]) -> Header | None:
    return find_header(read(csv_bytes(rows), "x.csv").sheets[0], SYNONYMS)


def test_header_in_the_first_row():
    assert header_of([["序号", "姓名", "身份证号码"], ["1", "张三", ""]]) == Header(
        first=1,
        last=1,
        columns={"seq": 1, "name": 2, "id_number": 3},
        titles={1: "序号", 2: "姓名", 3: "身份证号码"},
    )


def test_title_and_reporting_unit_may_stand_above():
    header = header_of([["某街道党员花名册"], ["填报单位：某街道 姓名"], [], ["姓 名", "*身份证\n号码"]])

    assert (header.first, header.last, header.columns) == (4, 4, {"name": 1, "id_number": 2})


def test_full_width_stars_spaces_notes_and_colons_do_not_matter():
    header = header_of([["＊姓　名：", "身份证号（18位）", "党内职务(留空默认为委员)（必填）"], ["张三"]])

    assert header.columns == {"name": 1, "id_number": 2, "party_post": 3}
    assert header.title("party_post") == "党内职务(留空默认为委员)（必填）"
    assert header.title("seq") == ""


def test_unknown_and_repeated_columns_are_told():
    header = header_of([["姓名", "血型", "身份证号", "身份证号码"], ["张三"]])

    assert header.columns == {"name": 1, "id_number": 3}
    assert (header.unknown, header.duplicates) == ((2,), (4,))


def test_one_known_word_is_no_header():
    assert header_of([["姓名"], ["张三"]]) is None


def test_the_upper_of_two_equal_rows_is_the_header():
    assert header_of([["姓名", "身份证号"], ["张三"], ["姓名", "身份证号"]]).first == 1


def test_a_header_below_the_fifteenth_row_is_not_looked_for():
    assert header_of([["说明"]] * 14 + [["姓名", "身份证号"]]).first == 15
    assert header_of([["说明"]] * 15 + [["姓名", "身份证号"]]) is None


def test_title_key():
    assert title_key(" 身份证\u00a0号\n（ＩＤ）：") == "身份证号(id)"


def test_the_example_row_of_a_template():
    assert is_example([None, EXAMPLE_MARK, "张三"]) is True
    assert is_example(["张三", EXAMPLE_MARK]) is False
    assert is_example([1, None]) is False
    assert is_example([None, None]) is False

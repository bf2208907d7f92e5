"""Tables of web pages that call themselves .xls."""

import pytest

from orgs.workbook import CellError, FileRejected, Format, Limits, Merge, Reason, Row, read

PAGE = "<html><head><meta charset='{charset}'><style>td {{ x: y }}</style></head><body>{body}</body></html>"
TABLE = "<table><tr><th>姓名</th><th>性别</th></tr><tr><td>王䶮</td><td>男</td></tr></table>"


def sheets_of(body: str, name: str = "导出.xls"):
    return read(PAGE.format(charset="utf-8", body=body).encode(), name).sheets


def rows_of(body: str) -> list[Row]:
    return sheets_of(body)[0].rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding):
    book = read(PAGE.format(charset="gb2312", body=TABLE).encode(encoding), "导出.xls")

    assert (book.format, book.sheets[0].title) == (Format.HTML, "导出")
    assert book.sheets[0].rows == [Row(1, ["姓名", "性别"]), Row(2, ["王䶮", "男"])]


@pytest.mark.parametrize(
    "before",
    [
        f"<!-- {'导出系统版本 ' * 5000} -->",
        "<!-- 导出 -->\r\n" * 5000,
        "<!---->" * 2857,
        f"<?xml version='1.0'?><!--[if gte mso 9]><xml>{'<o:p/>' * 4000}</xml><![endif]-->",
    ],
    ids=["a long one", "many", "one that ends where the head does", "settings of Office behind an XML line"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_behind_any_length_of_comments_is_a_page(before, encoding):
    page = before + PAGE.format(charset="gb2312", body=TABLE.replace("䶮", "芳"))

    book = read(page.encode(encoding), "导出.xls")

    assert book.format == Format.HTML
    assert book.sheets[0].rows == [Row(1, ["姓名", "性别"]), Row(2, ["王芳", "男"])]


def test_a_flood_of_comments_is_refused():
    with pytest.raises(FileRejected) as refused:
        read(b"<!---->" * 200_000 + TABLE.encode(), "导出.xls")

    assert refused.value.reason == Reason.BOMB


def test_a_comment_without_end_is_a_page_that_was_cut_off():
    with pytest.raises(FileRejected) as refused:
        read(f"<!-- {'导出系统版本 ' * 5000}{TABLE}".encode(), "导出.xls")

    assert refused.value.reason == Reason.TRUNCATED


def test_a_bare_table_behind_blank_lines():
    assert read(f"\r\n\r\n{TABLE.upper()}".encode("gbk", "replace"), "x.xls").sheets[0].rows[0] == Row(
        1, ["姓名", "性别"]
    )


def test_spans_are_merges_and_move_the_cells_behind_them():
    sheet = sheets_of(
        "<table><tr><td colspan=3>花名册</td></tr><tr><td rowspan='2'>支部</td><td colspan='2'>入党</td></tr>"
        "<tr><td>时间</td><td>介绍人</td></tr><tr><td rowspan=9>一支部</td><td>2005</td><td>李四</td></tr>"
        "<tr><td>2006</td></tr></table>"
    )[0]

    assert [row.cells for row in sheet.rows] == [
        ["花名册", None, None],
        ["支部", "入党", None],
        [None, "时间", "介绍人"],
        ["一支部", "2005", "李四"],
        [None, "2006", None],
    ]
    assert sheet.merges == [Merge(1, 1, 1, 3), Merge(2, 1, 3, 1), Merge(2, 2, 2, 3), Merge(4, 1, 5, 1)]


def test_an_id_number_keeps_its_digits_and_a_number_of_excel_is_a_number():
    assert rows_of(
        "<table><tr><td>119901199001010013</td>"
        "<td style='mso-number-format:\"\\@\"' x:str>119901199001010013</td>"
        "<td x:num='119901199001010000'>1.19901E+17</td><td x:num>1,234.5</td><td x:num='44260'>2021/3/5</td>"
        "<td x:err='#N/A'>#N/A</td><td>#REF!</td></tr></table>"
    )[0].cells == [
        "119901199001010013",
        "119901199001010013",
        119901199001010000,
        1234.5,
        "2021/3/5",
        CellError("#N/A"),
        CellError("#REF!"),
    ]


def test_text_of_a_cell_is_what_the_page_shows():
    assert rows_of(
        "<table><tr><td> 张 \n <b>三</b>&nbsp;</td><td>一<br>二<!-- x --></td><td>&lt;a&gt;&amp;&#x9FAE;</td>"
        "<td>&nbsp;</td><td><script>x</script>y</td></tr></table>"
    )[0].cells == ["张 三", "一\n二", "<a>&龮", None, "y"]


def test_rows_and_cells_left_open_and_hidden_rows():
    sheet = sheets_of("<table><tr><td>姓名<td>性别<tr style='display:none'><td>张三<td>男</table>")[0]

    assert sheet.rows == [Row(1, ["姓名", "性别"]), Row(2, ["张三", "男"])]
    assert sheet.hidden_rows == {2}


def test_several_and_nested_tables_are_sheets():
    body = f"<table><tr><td>{TABLE}</td><td></td></tr></table>{TABLE}"

    assert [(sheet.title, len(sheet.rows)) for sheet in sheets_of(body)] == [("导出（1）", 2), ("导出（2）", 2)]


def test_the_sheet_has_the_name_that_excel_gave_it():
    comment = "<!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>花名册</x:Name></x:ExcelWorksheet></xml><![endif]-->"

    assert [sheet.title for sheet in sheets_of(comment + TABLE)] == ["花名册"]


def test_a_page_of_layout_only_is_empty():
    with pytest.raises(FileRejected) as caught:
        read(b"<table><tr><td> &nbsp; </td></tr></table>", "x.xls")

    assert caught.value.reason is Reason.EMPTY


def test_a_span_without_bounds_costs_nothing():
    sheet = sheets_of("<table><tr><td colspan=99999999 rowspan=65000>姓名</td><td rowspan='-1'>x</td></tr></table>")[0]

    assert (sheet.rows, sheet.merges) == ([Row(1, ["姓名"])], [Merge(1, 1, 1, 256)])


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(rows=1), Reason.TOO_MANY_ROWS),
        (Limits(area=3), Reason.TOO_WIDE),
        (Limits(merges=0), Reason.BOMB),
    ],
)
def test_limits(limits, reason):
    body = "<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>"

    with pytest.raises(FileRejected) as caught:
        read(body.encode(), "x.xls", limits)

    assert caught.value.reason is reason

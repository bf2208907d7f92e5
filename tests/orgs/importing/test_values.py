"""Texts, names, numbers and phones."""

import datetime

import pytest

from orgs.importing.cleaned import Cleaned, Problem, folded, text_of
from orgs.importing.codes import Code
from orgs.importing.values import clean_integer, clean_name, clean_phone, clean_text, clean_words, whole_number
from orgs.workbook import CellError, NoValue

CELL_ERROR = Cleaned(None, (Problem(Code.CELL_ERROR),))
NO_VALUE = Cleaned(None, (Problem(Code.FORMULA_NO_VALUE),))


def no_name(reason: str) -> Cleaned:
    return Cleaned(None, (Problem(Code.NAME_INVALID, {"reason": reason}),))


@pytest.mark.parametrize("clean", [clean_text, clean_words, clean_name, clean_integer, clean_phone])
def test_error_cells_and_formulas_without_result_are_named(clean):
    assert clean(CellError("#REF!")) == CELL_ERROR
    assert clean(NoValue()) == NO_VALUE


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("　测试 街道\u00a0", "测试 街道"),
        ("测\u200b试\ufeff街道", "测试街道"),
        ("ＡＢＣ１２３", "ABC123"),
        ("中共测试村（社区）支部委员会：第一", "中共测试村（社区）支部委员会：第一"),
        ("'0012", "0012"),
        ('="0012"', "0012"),
        (" 020100", "020100"),
        ("=A1", "=A1"),
    ],
)
def test_texts_in_one_form(raw, expected):
    assert folded(raw) == expected


def test_cells_of_other_types_as_texts():
    assert [text_of(cell) for cell in (None, 12, 1.5, True, datetime.date(2021, 3, 5))] == [
        "",
        "12",
        "1.5",
        "TRUE",
        "2021-03-05",
    ]


@pytest.mark.parametrize(
    "blank",
    [
        None,
        "",
        "空",
        "无",
        "—",
        ";",
        "；",
        "/",
        "-",
        "--",
        "——",
        "暂无",
        "不涉及",
        "空缺",
        " 无 ",
        "不详",
        "NULL",
        "//",
    ],
)
def test_blank_words(blank):
    assert clean_text(blank) == Cleaned(None)
    assert clean_phone(blank) == Cleaned(None)
    assert clean_integer(blank) == Cleaned(None)
    assert clean_name(blank) == Cleaned(None, (Problem(Code.NAME_EMPTY),))


def test_free_text_keeps_single_spaces():
    assert clean_text("测试公司\n  经理") == Cleaned("测试公司 经理")
    assert clean_words("中共 测试 街道 A 区") == Cleaned("中共测试街道 A 区")
    assert clean_words(20100) == Cleaned("20100")
    assert clean_words(20100.0) == Cleaned("20100")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("张三", "张三"),
        ("张 三", "张三"),
        ("张　三\u00a0", "张三"),
        ("欧\n阳", "欧阳"),
        ("张\t三", "张三"),
        ("张三\ufe00", "张三"),
        ("葛\U000e0100优", "葛优"),
        ("张⺟", "张母"),
        ("买买提●阿不都", "买买提·阿不都"),
        ("买买提。阿不都", "买买提·阿不都"),
        ("买买提·阿不都", "买买提·阿不都"),
        ("买买提•阿不都", "买买提·阿不都"),
        ("买买提 ． 阿不都", "买买提·阿不都"),
        ("买买提・阿不都‧热依木", "买买提·阿不都·热依木"),
        ("王䶮", "王䶮"),
        ("王\ue863", "王䶮"),
        ("李𬱖", "李𬱖"),
        ("周〇", "周〇"),
        ("Anna Test", "Anna Test"),
        ("'张三", "张三"),
    ],
)
def test_names(raw, expected):
    assert clean_name(raw) == Cleaned(expected)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("=张三", "开头有表格软件会当作公式的字符"),
        ("'=张三", "开头有表格软件会当作公式的字符"),
        ("＝张三", "开头有表格软件会当作公式的字符"),
        ("+张三", "开头有表格软件会当作公式的字符"),
        ("-张三", "开头有表格软件会当作公式的字符"),
        ("@张三", "开头有表格软件会当作公式的字符"),
        ("\t张三", "开头有表格软件会当作公式的字符"),
        ("\r张三", "开头有表格软件会当作公式的字符"),
        ("张三2", "含有数字"),
        ("张３", "含有数字"),
        (12, "含有数字"),
        (True, "不是文字"),
        (datetime.date(2021, 3, 5), "不是文字"),
        ("张三\n李四", "分成了两行，像是两个姓名"),
        ("张?三", "有字没有显示出来，请改用能显示该字的文件重新填写"),
        ("张□", "有字没有显示出来，请改用能显示该字的文件重新填写"),
        ("张\ufffd", "有字没有显示出来，请改用能显示该字的文件重新填写"),
        ("张三（女）", "含有姓名中不应有的符号"),
        ("张三/李四", "含有姓名中不应有的符号"),
        ("张三A", "含有姓名中不应有的符号"),
        ("张", "只有一个字"),
        ("虚构社区第一党支部", "不像人名，可能填错了列"),
        ("正式党员", "不像人名，可能填错了列"),
        ("书记", "不像人名，可能填错了列"),
        ("张\ue000", "含有无法通用的自造字"),
        ("张" * 51, "超过50个字"),
    ],
)
def test_what_is_no_name(raw, reason):
    assert clean_name(raw) == no_name(reason)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (5, 5),
        ("12", 12),
        ("１２人", 12),
        ("3年", 3),
        ("三年", 3),
        ("第十二届", 12),
        ("12.0", 12),
        (12.0, 12),
        ("两年", 2),
        ("每届五年", 5),
        ("五年一届", 5),
        ("3年（含延期）", 3),
        ("0", 0),
    ],
)
def test_whole_numbers(raw, expected):
    assert clean_integer(raw) == Cleaned(expected)


@pytest.mark.parametrize("raw", ["三五", "-1", "1.5", 1.5, True, "约12人", "1234567890", datetime.date(2021, 3, 5)])
def test_what_is_no_whole_number(raw):
    words = {"choices": "0至1000000之间的整数"}

    assert clean_integer(raw) == Cleaned(None, (Problem(Code.ENUM_UNKNOWN, words),))


def test_the_bounds_and_the_code_are_the_callers():
    words = {"choices": "1至10之间的整数"}

    assert clean_integer("11", code=Code.TERM_YEARS_BAD, least=1, most=10) == Cleaned(
        None, (Problem(Code.TERM_YEARS_BAD, words),)
    )


def test_han_numbers():
    numbers = {
        "零": 0,
        "九": 9,
        "十": 10,
        "十五": 15,
        "二十": 20,
        "二十三": 23,
        "一百": 100,
        "一百零三": 103,
        "一百二十": 120,
    }

    assert {word: whole_number(word) for word in numbers} == numbers
    assert whole_number("二三") is None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (15400000000, "15400000000"),
        (15400000000.0, "15400000000"),
        ("15400000000.0", "15400000000"),
        ("154 0000 0000", "15400000000"),
        ("154-0000-0000", "154-0000-0000"),
        ("+86-15400000000", "+86-15400000000"),
        ("'+86-15400000000", "+86-15400000000"),
        ("+86 15400000000", "+8615400000000"),
        ("008615400000000", "008615400000000"),
        ("１５４００００００００", "15400000000"),
        ("010-00000000转8", "010-00000000转8"),
        ("0100 1234567", "0100-1234567"),
        ("（0100）1234567", "（0100）1234567"),
        ("1234567", "1234567"),
        ("400-800-1234", "400-800-1234"),
        ("668888", "668888"),
        ("电话：15400000000", "15400000000"),
        ("15400000000(家)", "15400000000"),
        ("15400000000/15400000001", "15400000000、15400000001"),
        ("15400000000；0100-1234567", "15400000000、0100-1234567"),
        ("15400000000 15400000001", "15400000000、15400000001"),
        ("15400000000\n15400000001", "15400000000、15400000001"),
    ],
)
def test_phones(raw, expected):
    assert clean_phone(raw) == Cleaned(expected)


@pytest.mark.parametrize(
    "raw",
    [
        "1.54E+10",
        1.54e22,
        "1540000000",
        "154000000000",
        "=15400000000",
        "@15400000000",
        '=HYPERLINK("x")',
        "154****0000",
    ]
    + ["李四15400000000", "15400000000O", "同上", True, 0, "15400000000、张三"],
)
def test_what_is_no_phone_is_said_without_the_number(raw):
    sentence = "电话号码不完整或含有其他内容，该项未导入。请填写11位手机号，或区号加电话号码，几个号码用顿号隔开。"

    assert clean_phone(raw) == Cleaned(None, (Problem(Code.ENUM_UNKNOWN, {"message": sentence}),))

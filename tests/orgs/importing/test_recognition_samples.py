"""Examples of templates are left out, people who are only called like one are not."""

import pytest

from tests import workbooks
from tests.orgs.importing.recognizing import read, skipped, told

HEADER = ["序号", "所在党支部", "姓名", "身份证号", "民族", "联系电话", "备注"]
STARRED = ["序号", "*所在党支部", "*姓名", "*身份证号（18位）", "民族", "联系电话", "备注"]
ONE = "虚构社区第一党支部"
LI, ZHAO, SUN, WU, ZHENG = (workbooks.id_number(order=order) for order in ("011", "022", "033", "044", "055"))
EXAMPLE = "模板中的示例行"
MOVE = "姓名「{}」且在第一行，按模板中的示例行跳过；如确有其人，请把这一行移到其他人之后重新上传"


def person(number, name, identity, phone="15400000001", remark=None, place=ONE):
    return [number, place, name, identity, "汉族", phone, remark]


@pytest.mark.parametrize(
    "row",
    [
        person("示例", "张三", LI),
        person("例：", "赵芳", LI),
        person(1, "张三", "110101199001011234"),
        person(1, "张三", "119901199001010025"),
        person(1, "某某某", None),
        person(1, "李四（示例）", LI),
        person(1, "赵芳", LI, remark="示例"),
        person(1, "赵芳", LI, remark="填写样例，仅供参考"),
    ],
)
def test_the_example_of_a_template_is_skipped(row):
    rows = read(HEADER, row, person(1, "李明", ZHAO))

    assert skipped(rows) == {2: EXAMPLE}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (STARRED, person(1, "张三", LI)),
        (HEADER, person(1, "张三", LI, phone="13800000000")),
        (HEADER, person(1, "张三", LI, phone="13812345678")),
        (HEADER, person(1, "张三", LI, place="某某街道某某党支部")),
    ],
)
def test_who_is_called_so_in_the_first_row_of_a_template_is_an_example_though_the_number_is_valid(header, row):
    rows = read(header, row, person(2, "李明", ZHAO))

    assert skipped(rows) == {2: MOVE.format("张三")}
    assert told(rows) == []


def test_examples_may_be_two_or_three():
    rows = read(STARRED, person(1, "张三", LI), person(2, "李四", ZHAO), person(3, "李明", SUN))

    assert skipped(rows) == {2: MOVE.format("张三"), 3: MOVE.format("李四")}


def test_the_words_count_wherever_they_stand():
    people = [person(number, "李明", each) for number, each in enumerate((LI, ZHAO, SUN), start=1)]
    rows = read(HEADER, *people, person(4, "赵芳", WU, remark="示例"), person("示例", "赵芳", ZHENG))

    assert skipped(rows) == {5: EXAMPLE, 6: EXAMPLE}


@pytest.mark.parametrize("remark", ["例行谈话", "按例缴纳党费", "示范岗", "先进示例支部成员"])
def test_other_remarks_are_remarks(remark):
    assert skipped(read(STARRED, person(1, "李明", LI, remark=remark))) == {}


def test_a_person_who_is_called_so_is_asked_about_among_the_first_and_nobody_further_down():
    named = [("张三", LI), ("李明", ZHAO), ("李四", SUN), ("王五", WU)]
    rows = read(HEADER, *(person(number, *each) for number, each in enumerate(named, start=1)))

    assert skipped(rows) == {}
    sentence = "「{}」像是模板中的示例，请核对是否确有其人；不是的请删去这一行。"
    assert told(rows) == [
        (2, 3, "NAME_INVALID", "warning", sentence.format("张三")),
        (4, 3, "NAME_INVALID", "warning", sentence.format("李四")),
    ]


def test_below_somebody_else_a_template_has_no_examples():
    rows = read(STARRED, person(1, "李明", LI), person(2, "孙伟", ZHAO), person(3, "赵芳", SUN), person(4, "张三", WU))

    assert (skipped(rows), told(rows)) == ({}, [])

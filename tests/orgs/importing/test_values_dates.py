"""Dates in every spelling, and how exactly each is known."""

import datetime

import pytest

from orgs.enums import Precision
from orgs.importing.cleaned import Cleaned, Problem
from orgs.importing.codes import Code
from orgs.importing.dates import Dated, clean_date
from orgs.workbook import CellError, MonthCell, NoValue

FIFTH = Dated(datetime.date(2021, 3, 5))
MARCH = Dated(datetime.date(2021, 3, 1), Precision.MONTH)
YEAR = Dated(datetime.date(2021, 1, 1), Precision.YEAR)


@pytest.mark.parametrize(
    "raw",
    [
        datetime.date(2021, 3, 5),
        datetime.datetime(2021, 3, 5, 8, 30),  # noqa: DTZ001 a date cell has no zone
        44260,
        44260.5,
        20210305,
        "44260",
        "20210305",
        "2021-3-5",
        "2021-03-05",
        "2021/3/5",
        "2021.3.5",
        "2021．０３．０５",
        "2021、3、5",
        "2021，3，5",
        "2021年3月5日",
        "2021年3月5",
        "2021 年 3 月 5 日",
        "２０２１－０３－０５",
        "2021—3—5",
        "2021.03.05.",
        "2021年3月5号",
        "2021-03-05 00:00:00",
        "2021-03-05T08:30:00",
        "2021/3/5 8:30",
        "二〇二一年三月五日",
        "二○二一年三月五日",
        "二零二一年3月5日",
        "'2021-03-05",
        '="2021-03-05"',
        "\u200e2021-03-05",
        "2021 3 5",
        "2021 03 05",
        "2021 0305",
        "2021-3 5",
        "2021. 3. 5",
        "2021。3。5",
        "2021_3_5",
        "2021\\3\\5",
        "2021.3.5日",
        "2021.3.5。",
        "2021年03月05日 星期五",
        "2021-03-05（周五）",
        "2021年3月5日上午",
        "2021年3月5日 8时30分",
        "2021/3/5 上午 8:30",
        "2021-03-05 08:30:00 AM",
        "2021-03-05T00:00:00+08:00",
        "2021-03-04T16:00:00.000Z",  # midnight in Beijing
        "二〇二一、三、五",
        "5-Mar-2021",
        "05 March 2021",
        "March 5, 2021",
        "2021-Mar-05",
        20210305.0,
        44260.0,
        "20210305.0",
    ],
)
def test_the_fifth_of_march(raw):
    assert clean_date(raw) == Cleaned(FIFTH)


def test_a_space_between_two_digits_never_joins_them():
    assert clean_date("2021 1 1") == Cleaned(Dated(datetime.date(2021, 1, 1)))
    assert clean_date("2021-1 1") == Cleaned(Dated(datetime.date(2021, 1, 1)))


def test_tens_in_han_digits():
    assert clean_date("二〇二一年三月廿五日") == Cleaned(Dated(datetime.date(2021, 3, 25)))
    assert clean_date("二〇二一年三月卅日") == Cleaned(Dated(datetime.date(2021, 3, 30)))
    assert clean_date("二〇二一年十二月三十一日") == Cleaned(Dated(datetime.date(2021, 12, 31)))
    assert clean_date("二〇二一年十月二十日") == Cleaned(Dated(datetime.date(2021, 10, 20)))


@pytest.mark.parametrize(
    "raw",
    [
        MonthCell(2021, 3),
        202103,
        2021.03,
        2021.3,
        "202103",
        "2021.03",
        "2021.3",
        "2021-3",
        "2021/03",
        "2021年3月",
        "2021年03月",
        "二〇二一年三月",
        "二〇二一.三",
        "2021年3月份",
        "2021.03.",
        "2021 03",
        "Mar-2021",
        202103.0,
        "202103.0",
    ],
)
def test_march_without_a_day(raw):
    assert clean_date(raw) == Cleaned(MARCH, (Problem(Code.DATE_MONTH_ONLY),))
    assert clean_date(raw, month=None) == Cleaned(MARCH)


def test_january_and_october():
    january = Dated(datetime.date(2012, 1, 1), Precision.MONTH)
    october = Dated(datetime.date(2012, 10, 1), Precision.MONTH)

    assert clean_date("2012.1", month=None) == Cleaned(january)
    assert clean_date("2012年元月", month=None) == Cleaned(january)
    assert clean_date("2012.10", month=None) == Cleaned(october)
    assert clean_date(2012.12, month=None) == Cleaned(Dated(datetime.date(2012, 12, 1), Precision.MONTH))
    assert clean_date(2012.1) == Cleaned(None, (Problem(Code.DATE_AMBIGUOUS, {"reason": "可能是1月，也可能是10月"}),))


@pytest.mark.parametrize("raw", [2021, "2021", "2021年", "二〇二一年", 2021.0])
def test_a_year_alone(raw):
    raw = int(raw) if isinstance(raw, float) else raw  # as the readers hand over whole numbers

    assert clean_date(raw) == Cleaned(None, (Problem(Code.DATE_YEAR_ONLY),))
    assert clean_date(raw, year=Code.DATE_YEAR_ONLY_MEMBER) == Cleaned(YEAR, (Problem(Code.DATE_YEAR_ONLY_MEMBER),))
    assert clean_date(raw, year=None) == Cleaned(YEAR)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("21.3.5", "年份只有两位"),
        ("21-03", "年份只有两位"),
        ("85年6月", "年份只有两位"),
        ("八五年六月", "年份只有两位"),
        ("850601", "年份只有两位"),
        (850601, "年份只有两位"),
        ("8506", "年份只有两位"),
        (85.06, "年份只有两位"),
        ("5-Mar-21", "年份只有两位"),
        ("Mar-21", "年份只有两位"),
        ("2021.3-5", "可能是某月某日，也可能是几月至几月"),
        ("2021年3-5月", "可能是某月某日，也可能是几月至几月"),
        ("3/5/2021", "分不清日和月"),
        ("03-05-2021", "分不清日和月"),
    ],
)
def test_what_can_be_read_in_two_ways(raw, reason):
    assert clean_date(raw) == Cleaned(None, (Problem(Code.DATE_AMBIGUOUS, {"reason": reason}),))


@pytest.mark.parametrize(
    "raw",
    [
        "2021-02-29",
        "2021-13-01",
        "2021.13",
        2021.13,
        "2021-4-31",
        "20210230",
        "202113",
        "2021-0-5",
        "1021-03-05",
        "3021年",
        "2021-03-00",
        "20210300",
        "2021.00",
        "2021/13/5",
        "31-Apr-2021",
    ],
)
def test_days_that_do_not_exist(raw):
    assert clean_date(raw) == Cleaned(None, (Problem(Code.DATE_NOT_EXIST),))


@pytest.mark.parametrize(
    "raw",
    [
        "2021年底",
        "2021年3月上旬",
        "2019.12-2022.12",
        "约2021年",
        "2021035",
        "三月五日",
        "12345678901",
        "2021-03-05\n2021-03-06",
        "2021-03-0 5",
        "2 021-03-05",
        "2021年正月",
        "2021-03-05（农历）",
        "5-Marz-2021",
        "199O-01-01",
        "长期",
        "待查",
        5,
        2021.123,
        -44260,
        float("inf"),
        True,
        datetime.time(8, 30),
        datetime.timedelta(days=3),
    ],
)
def test_what_is_no_date(raw):
    assert clean_date(raw) == Cleaned(None, (Problem(Code.DATE_UNPARSABLE),))


@pytest.mark.parametrize("blank", [None, "", "无", "—", "暂无", "/", "不详", "未知", "null", "N/A"])
def test_blank(blank):
    assert clean_date(blank) == Cleaned(None)


def test_broken_cells():
    assert clean_date(CellError("#N/A")) == Cleaned(None, (Problem(Code.CELL_ERROR),))
    assert clean_date(NoValue()) == Cleaned(None, (Problem(Code.FORMULA_NO_VALUE),))


def test_the_leap_day_exists_every_fourth_year():
    assert clean_date("2020-02-29") == Cleaned(Dated(datetime.date(2020, 2, 29)))
    assert clean_date("1900-02-29") == Cleaned(None, (Problem(Code.DATE_NOT_EXIST),))


def test_last_day_and_text_of_a_date():
    february = Dated(datetime.date(2024, 2, 1), Precision.MONTH)

    assert (FIFTH.last_day, str(FIFTH)) == (datetime.date(2021, 3, 5), "2021-03-05")
    assert (february.last_day, str(february)) == (datetime.date(2024, 2, 29), "2024-02")
    assert (YEAR.last_day, str(YEAR)) == (datetime.date(2021, 12, 31), "2021")


def test_the_last_day_number_is_the_end_of_2100():
    assert clean_date(73415) == Cleaned(Dated(datetime.date(2100, 12, 31)))
    assert clean_date(73416) == Cleaned(None, (Problem(Code.DATE_UNPARSABLE),))

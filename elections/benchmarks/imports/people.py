"""A roster of people, invented: as many as asked for, the same in every run."""

import csv
import datetime
import random
from collections.abc import Iterator
from pathlib import Path

from members.idcard import check_character

TITLES = (
    "党组织编码",
    "姓名",
    "性别",
    "民族",
    "公民身份号码",
    "学历",
    "人员类别",
    "入党日期",
    "转正日期",
    "工作单位",
    "联系电话",
)
SEED = 20261122
FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国庆红梅志海燕春玲文斌鹏辉雪峰琳云飞鑫龙倩宇婷"
EDUCATION = ("研究生", "大学本科", "大学专科", "中专", "高中", "初中")
UNITS = ("虚构纺织有限公司", "虚构区第一中学", "虚构街道办事处", "虚构村民委员会", "虚构人民医院", "虚构物业中心")
FIRST_BIRTH = datetime.date(1945, 1, 1)
BIRTHS = 18_000
# People of an ordinary branch.
BRANCH = 30


def rows(people: int, codes: list[str], first: int = 0) -> Iterator[tuple[str, ...]]:
    """One row for each of `people` persons from the `first` on: as many in each organization, a branch's at least."""
    chance = random.Random(SEED)
    each = max(BRANCH, -(-people // len(codes)))
    for number in range(first, first + people):
        order, day = divmod(number, BIRTHS)
        birth = FIRST_BIRTH + datetime.timedelta(days=day)
        first_17 = f"1199{1 + chance.randrange(20):02d}{birth:%Y%m%d}{order + 1:03d}"
        joined = birth + datetime.timedelta(days=7000 + chance.randrange(3000))
        yield (
            codes[(number - first) // each],
            chance.choice(FAMILIES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2)))),
            "男" if (order + 1) % 2 else "女",
            "汉族",
            first_17 + check_character(first_17),
            chance.choice(EDUCATION),
            "正式党员",
            joined.isoformat(),
            (joined + datetime.timedelta(days=366)).isoformat(),
            chance.choice(UNITS),
            f"154{number:08d}",
        )


def write_roster(path: Path, people: int, codes: list[str], first: int = 0) -> None:
    """The roster as a CSV file in UTF-8, as a program saves it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(TITLES)
        writer.writerows(rows(people, codes, first))

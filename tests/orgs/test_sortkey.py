"""The order in which an official expects names."""

import pytest

from orgs.models import Organization
from orgs.sortkey import LENGTH, number_of, person_sort_key, sort_key


def test_numbers_in_names_sort_by_value():
    names = ["第十一党支部", "第二党支部", "第一党支部", "第十党支部", "第二十党支部", "第3党支部", "第一百零二党支部"]

    assert sorted(names, key=sort_key) == [
        "第一党支部",
        "第二党支部",
        "第3党支部",
        "第十党支部",
        "第十一党支部",
        "第二十党支部",
        "第一百零二党支部",
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("十二", 12), ("二十三", 23), ("一百零五", 105), ("二〇", 20), ("007", 7), ("三千", 3000)],
)
def test_chinese_and_arabic_numerals(text, number):
    assert number_of(text) == number


def test_names_sort_by_their_reading_and_not_by_their_code_points():
    names = ["张家湾社区", "安宁社区", "李村", "白云社区"]

    assert sorted(names, key=sort_key) == ["安宁社区", "白云社区", "李村", "张家湾社区"]


def test_a_key_is_plain_lower_case_ascii_of_limited_length():
    assert sort_key("云岭区“虚构”（科技）ABC 公司") == "yun ling qu xu gou ke ji abc gong si"
    assert len(sort_key("云" * 400)) == LENGTH


@pytest.mark.parametrize(
    ("name", "key"),
    [("单小红", "shan xiao hong"), ("曾国强", "zeng guo qiang"), ("尉迟明", "yuchi ming"), ("王建国", "wang jian guo")],
)
def test_the_first_character_of_a_person_is_read_as_a_surname(name, key):
    assert person_sort_key(name) == key


@pytest.mark.django_db
def test_the_database_orders_keys_and_codes_byte_by_byte():
    """A cluster's own collation would skip the punctuation and mix the cases; both databases must agree."""
    codes = ["A 1", "A-2", "A1", "AB", "B", "a", "ab"]
    for number, code in enumerate(reversed(codes)):
        Organization.objects.create(
            name="虚构党支部", kind="branch", path=f"{number:04d}", code=code, sort_key=code.lower()
        )

    assert list(Organization.objects.order_by("code").values_list("code", flat=True)) == codes
    assert list(Organization.objects.order_by("sort_key").values_list("sort_key", flat=True)) == sorted(
        code.lower() for code in codes
    )


@pytest.mark.django_db
def test_the_database_orders_paths_as_python_does():
    paths = ["0000", "00000000", "00000009", "0000000A", "0000000Z", "0001", "000A", "0010"]
    for path in reversed(paths):
        Organization.objects.create(name="虚构党支部", kind="branch", path=path)

    assert list(Organization.objects.order_by("path").values_list("path", flat=True)) == paths
    assert list(Organization.objects.filter(path__gte="0000", path__lt="0001").order_by("path")) == list(
        Organization.objects.order_by("path")[:5]
    )

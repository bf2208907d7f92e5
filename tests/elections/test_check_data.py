"""`manage.py check_data`: silent for whole books, a line for each contradiction otherwise."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.checking import lines
from tests.factories import MemberFactory, OrganizationFactory, RootFactory, StreetFactory, TermFactory

pytestmark = pytest.mark.django_db


def test_whole_books_print_nothing():
    out = StringIO()

    call_command("check_data", stdout=out)

    assert out.getvalue() == ""


def test_a_contradiction_is_a_line_and_the_exit_says_so():
    first, second = MemberFactory(), MemberFactory()
    out = StringIO()

    with pytest.raises(CommandError) as stopped:
        call_command("check_data", stdout=out)

    assert out.getvalue() == "".join(
        f"党员（标识 {each.uid}）：没有任何组织关系，谁也看不到。处理：登记组织关系，或将这名党员作废。\n"
        for each in (first, second)
    )
    assert stopped.value.returncode == 1
    assert str(stopped.value) == "共 2 处矛盾。"


def test_the_number_of_queries_does_not_depend_on_the_rows():
    street = StreetFactory(parent=RootFactory())

    def cost(more):
        for _ in range(more):
            TermFactory(organization=OrganizationFactory(parent=street))
        with CaptureQueriesContext(connection) as captured:
            assert lines() == []
        return len(captured)

    assert cost(1) == cost(5)

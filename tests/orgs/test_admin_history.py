"""The history of a row reads in words, and every kind of event that the code writes has words."""

import ast
import re
from pathlib import Path

import pytest

from orgs.admin.history import KINDS

ROOT = Path(__file__).resolve().parents[2]
# A kind is `<thing>.<what>`; only these three writers also take kinds of one word.
DOTTED = re.compile(r"[a-z_]+\.[a-z_]+")
WRITERS = {"record_event", "save_changes", "record_own_event"}


def kinds_in(path):
    """The kinds of events that a file writes: texts given as `kind=…`, and texts given to a writer of events."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        named = [keyword.value for keyword in node.keywords if keyword.arg == "kind"]
        given = [*named, *(node.args if called in WRITERS or called.startswith("_") else ())]
        for each in given:
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                if DOTTED.fullmatch(each.value) or called in WRITERS:
                    yield each.value


@pytest.mark.parametrize("app", ["orgs", "members", "elections"])
def test_every_kind_of_event_has_words(app):
    written = {kind for path in (ROOT / app).rglob("*.py") for kind in kinds_in(path)}

    assert written - KINDS.keys() == set()

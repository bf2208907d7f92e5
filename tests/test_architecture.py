"""The house rules that a tool can check: direction of imports, the clock, the tree's paths, pins, page policy."""

import ast
import functools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

pytestmark = pytest.mark.once
ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("orgs", "members", "elections")  # from the lowest
SOURCES = sorted(
    path
    for app in (*LAYERS, "config")
    for path in (ROOT / app).rglob("*.py")
    if not {"migrations", "node_modules"} & set(path.parts)
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def once_per_file(read):
    """A generator over what a file holds as a function that reads each file once for all tests."""
    return functools.cache(lambda path: list(read(path)))


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@once_per_file
def imported_modules(path):
    """Full names of everything a file imports; `from a import b` counts as a.b, since b may be a module."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join([*package, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


@once_per_file
def calls(path):
    """(line, what is called as source text, keyword names) of every call in a file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), [keyword.arg for keyword in node.keywords if keyword.arg]


@once_per_file
def literals(path):
    """(line, text) of every string of a file that is not a docstring."""
    tree = parsed(path)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.lineno, node.value


def named(path, line):
    return f"{path.relative_to(ROOT)}:{line}"


# ---- Direction of imports -------------------------------------------------------------------------------------------


def test_imports_keep_their_direction():
    # In a process of its own: the linter sets up logging anew and so switches off every logger it does not know.
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    linted = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)

    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize("path", sorted((ROOT / "elections" / "rules").glob("*.py")), ids=lambda path: path.name)
def test_rules_import_nothing_but_the_standard_library_themselves_and_enums(path):
    foreign = [
        name
        for name in imported_modules(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not name.startswith("elections.rules")
        and not re.match(r"orgs\.enums(\.|$)", name)
        and name != "orgs.enums"
    ]

    assert foreign == []


def test_enums_that_the_rules_use_are_free_of_django():
    foreign = [
        name
        for name in imported_modules(ROOT / "orgs" / "enums.py")
        if name.split(".")[0] not in sys.stdlib_module_names
    ]

    assert foreign == []


def relations():
    """(owner's app, field, target's app) of every relation between our own models."""
    for app in LAYERS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                if field.is_relation and not field.auto_created and field.related_model:
                    yield app, field, field.related_model._meta.app_label


def test_no_foreign_key_points_upward():
    upward = [
        str(field)
        for app, field, target in relations()
        if target in LAYERS and LAYERS.index(target) > LAYERS.index(app)
    ]

    assert upward == []


def test_no_lower_model_gets_an_accessor_to_an_upper_one():
    accessors = [
        str(field)
        for app, field, target in relations()
        if target in LAYERS and LAYERS.index(target) < LAYERS.index(app) and not field.remote_field.hidden
    ]

    assert accessors == []


def test_nothing_listens_to_signals():
    listeners = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if any(re.match(r"django\.(.+\.signals|dispatch)(\.|$)", name) for name in imported_modules(path))
    ]

    assert listeners == []


# ---- The clock: only timezone.now() for instants and timezone.localdate() for days -----------------------------------

WRONG_CLOCK = re.compile(r"(^|\.)(date|datetime)\.(today|now|utcnow)$|timezone\.now\(\)\.(date|today)$|(^|\.)Now$")


def test_no_day_is_taken_from_the_wrong_clock():
    found = [named(path, line) for path in SOURCES for line, call, _ in calls(path) if WRONG_CLOCK.search(call)]

    assert found == []


def test_rules_do_not_look_at_the_clock():
    found = [
        named(path, line)
        for path in (ROOT / "elections" / "rules").glob("*.py")
        for line, call, _ in calls(path)
        if re.search(r"(^|\.)(now|today|localdate|time)$", call)
    ]

    assert found == []


def test_no_query_asks_the_database_for_the_day():
    wrong = re.compile(r"\b(CURRENT_(DATE|TIMESTAMP|TIME)|LOCALTIMESTAMP|NOW\(\))|'now'", re.I)

    found = [named(path, line) for path in SOURCES for line, text in literals(path) if wrong.search(text)]

    assert found == []


# ---- The tree: subtrees are ranges of paths, made in one place -------------------------------------------------------


def test_no_subtree_is_found_by_the_beginning_of_a_path():
    lookup = re.compile(r"(^|__)path__i?(startswith|contains|regex)$")
    method = re.compile(r"(?<!request)\.path\.startswith$")
    ours = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in LAYERS]

    keywords = [named(path, line) for path in ours for line, _, keys in calls(path) if any(map(lookup.search, keys))]
    methods = [named(path, line) for path in ours for line, call, _ in calls(path) if method.search(call)]
    strings = [named(path, line) for path in ours for line, text in literals(path) if lookup.search(text)]

    assert keywords + methods + strings == []


# ---- Pages keep to the policy of the browser ------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_keeps_to_the_strict_policy(path):
    banned = {
        "inline style": r"\sstyle\s*=|<style\b",
        "inline script": r"<script(?![^>]*\bsrc=)[^>]*>",
        "event attribute": r"<[^>]*\son[a-z]+\s*=",
        "evaluated htmx attribute": r"\bhx-on[:=-]|\bhx-vals\s*=\s*['\"]\s*js:",
        "foreign host": r"(src|href|action)\s*=\s*['\"](https?:)?//",
        "unescaped text": r"\|\s*safe\b|\{%\s*autoescape\s+off",
    }
    text = path.read_text(encoding="utf-8")

    assert [name for name, pattern in banned.items() if re.search(pattern, text)] == []


# ---- Pins: complete, hashed, and silent about where packages came from ----------------------------------------------


@pytest.mark.parametrize("pin", ["config/requirements.txt", "config/assets/requirements.txt"])
def test_pin_holds_exact_versions_with_hashes_and_no_address(pin):
    entries = (ROOT / pin).read_text().replace("\\\n", "").splitlines()
    shape = re.compile(r"[a-z0-9-]+==[\w.]+( ; [^#]*?)?( +--hash=sha256:[0-9a-f]{64})+")

    assert [entry for entry in entries if not shape.fullmatch(entry)] == []


def test_every_declared_dependency_is_pinned_and_explained():
    project = (ROOT / "pyproject.toml").read_text().partition("[tool.")[0]
    declared = re.findall(r'^    "([a-z0-9-]+)(?:\[\w+\])?[^"]*",(.*)$', project, re.M)
    pinned = set(re.findall(r"^([a-z0-9-]+)==", (ROOT / "config/requirements.txt").read_text(), re.M))

    assert len(declared) > 25
    assert [name for name, _ in declared if name not in pinned] == []
    assert [name for name, reason in declared if not re.match(r"  # \w", reason)] == []


def test_front_end_pin_is_exact_and_names_no_registry():
    package = json.loads((ROOT / "config/assets/package.json").read_text())
    lock = json.loads((ROOT / "config/assets/package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}

    assert [v for v in package["dependencies"].values() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []
    assert [name for name, entry in packages.items() if "resolved" in entry or "integrity" not in entry] == []


# ---- Where things are -----------------------------------------------------------------------------------------------


def test_no_file_is_a_drawer_for_everything():
    names = {"utils", "helpers", "common", "misc"}

    assert [str(path.relative_to(ROOT)) for path in SOURCES if path.stem in names] == []


def test_no_file_is_longer_than_four_hundred_lines():
    long = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}

    assert {name: lines for name, lines in long.items() if lines > 400} == {}

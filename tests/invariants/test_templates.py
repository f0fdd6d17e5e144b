"""Every template compiles, has a title where it is a page, asks the database nothing, and is used."""

import re

import pytest
from flask import Flask
from jinja2 import Environment, meta, nodes

from config import PROJECT

FOLDER = PROJECT / "templates"
_SYNTAX = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
TEMPLATES = {path.relative_to(FOLDER).as_posix(): _SYNTAX.parse(path.read_text()) for path in FOLDER.rglob("*.html")}
LAYOUTS = {
    name: next((each.template.value for each in tree.find_all(nodes.Extends)), None) for name, tree in TEMPLATES.items()
}
PAGES = sorted(name for name, layout in LAYOUTS.items() if layout and name not in LAYOUTS.values())

#: Names without which nobody asks the database.
QUERIES = {"db", "execute", "filter", "filter_by", "query", "scalar", "scalars", "select", "session"}


@pytest.fixture
def dialect() -> str:
    """Run on SQLite alone: templates know no database."""
    return "sqlite"


def test_they_compile(app: Flask) -> None:
    for name in TEMPLATES:
        app.jinja_env.get_template(name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fills_the_title(name: str) -> None:
    assert any(_says_something(block) for block in _blocks(name) if block.name == "title")


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_template_asks_the_database_nothing(name: str) -> None:
    tree = TEMPLATES[name]
    own = {macro.name for macro in tree.find_all(nodes.Macro)} | _imported(tree)
    used = {each.name for each in tree.find_all(nodes.Name)} | {each.attr for each in tree.find_all(nodes.Getattr)}
    assert (used - own) & QUERIES == set()


def test_every_template_is_used_and_there() -> None:
    code = "".join(path.read_text() for path in [PROJECT / "config.py", *(PROJECT / "tracker").rglob("*.py")])
    used = set(re.findall(r'"([\w/]+\.html)"', code))
    for tree in TEMPLATES.values():
        used |= set(meta.find_referenced_templates(tree))
    assert used == TEMPLATES.keys()


def _blocks(name: str) -> list[nodes.Block]:
    """Return the blocks that a page and its layouts fill; those of the last layout are there to be filled."""
    layout = LAYOUTS[name]
    return [*TEMPLATES[name].find_all(nodes.Block), *_blocks(layout)] if layout else []


def _says_something(block: nodes.Block) -> bool:
    said = [part for output in block.find_all(nodes.Output) for part in output.nodes]
    return any(not isinstance(part, nodes.TemplateData) or part.data.strip() for part in said)


def _imported(tree: nodes.Template) -> set[str]:
    names = [name for each in tree.find_all(nodes.FromImport) for name in each.names]
    return {name[1] if isinstance(name, tuple) else name for name in names}

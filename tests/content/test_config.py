"""The settings of the book. Jupyter Book says nothing about unknown and repeated keys, so these tests do."""

from __future__ import annotations

import copy
import re

import pytest
import reading
import yaml
from data_checks import check_contents, check_contents_keys, check_settings, listed_pages, sphinx_value_names
from jupyter_book.config import get_final_config, validate_yaml, yaml_to_sphinx
from sphinx_external_toc.parsing import MalformedError

import tools
from tools.content import BOOK, ROOT

CONFIG = ROOT / "_config.yml"
TOC = ROOT / "_toc.yml"

# Pages of book/ that are no page of the site.
LEFT_OUT = ("book/_*",)


def settings(text: str) -> list[str]:
    extensions = tuple(yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["sphinx"]["config"]["extensions"])
    known = sphinx_value_names(extensions)
    found = check_settings("_config.yml", text, lambda data: yaml_to_sphinx(copy.deepcopy(data)), known)
    return [str(finding) for finding in found]


@pytest.fixture(scope="module")
def final() -> dict:
    """What Sphinx gets in the end."""
    config, _ = get_final_config(
        user_yaml=yaml.safe_load(CONFIG.read_text(encoding="utf-8")),
        cli_config={"latex_individualpages": False},
        sourcedir=ROOT,
        raise_on_invalid=True,
    )
    return config


def test_every_setting_does_something() -> None:
    assert settings(CONFIG.read_text(encoding="utf-8")) == []


def test_jupyter_book_accepts_the_settings() -> None:
    validate_yaml(yaml.safe_load(CONFIG.read_text(encoding="utf-8")), raise_on_errors=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: A\nauthor: B\ntitle: C\n", "line 3: The key 'title' stands twice"),
        ("sphinx:\n  config:\n    nitpicky: true\nsphinx:\n  config: {}\n", "line 4: The key 'sphinx' stands twice"),
        ("title: A\nanalytics: true\n", "line 2: 'analytics' does nothing"),
        ("parse:\n  myst_links_external_new_tab: true\n", "line 2: 'parse: myst_links_external_new_tab' does nothing"),
        # In Jupyter Book's own schema, and yet read by nothing.
        ("parse:\n  myst_dmath_double_inline: true\n", "line 2: 'parse: myst_dmath_double_inline' does nothing"),
        ("execute:\n  time_out: 3\n", "line 2: 'execute: time_out' does nothing"),
        ("sphinx:\n  config:\n    nit_picky: true\n", "line 3: Sphinx knows no value 'nit_picky'"),
        ("title: [A\n", "This is not YAML"),
    ],
)
def test_a_bad_setting_is_found(text: str, message: str) -> None:
    found = settings(text)
    assert len(found) == 1, found
    assert message in found[0]


def test_good_settings_pass() -> None:
    sphinx = "sphinx:\n  config:\n    nitpicky: true\n    comments_config: {}\n"
    assert settings("title: A\nlogo: ''\nexecute: {timeout: 3}\n" + sphinx) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("html_theme", "furo"),
        ("nitpicky", True),
        ("language", "en"),
        ("nb_execution_raise_on_error", True),
        ("nb_execution_allow_errors", False),
        ("nb_execution_mode", "cache"),
        ("external_toc_exclude_missing", True),
        ("bibtex_bibfiles", ["book/references.bib"]),
        ("html_copy_source", False),
        ("html_show_sourcelink", False),
        ("html_show_sphinx", False),
        ("gettext_compact", False),
        ("locale_dirs", ["book/locale"]),
        ("comments_config", {"hypothesis": False, "utterances": False}),
    ],
)
def test_the_final_value_is_the_one_meant(final: dict, name: str, value: object) -> None:
    assert final[name] == value


def test_our_list_of_extensions_wins(final: dict) -> None:
    """Jupyter Book's own list brings Thebe, comments and copy buttons with their inline scripts."""
    assert "tools.sphinxext" in final["extensions"]
    unwanted = {"sphinx_togglebutton", "sphinx_copybutton", "sphinx_thebe", "sphinx_comments", "sphinx_book_theme"}
    assert not unwanted & set(final["extensions"])


def test_only_the_options_of_our_theme_are_passed(final: dict) -> None:
    mine = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))["sphinx"]["config"]["html_theme_options"]
    assert final["html_theme_options"] == mine


def test_the_text_checks_read_pages_as_the_book_does(final: dict) -> None:
    assert set(final["myst_enable_extensions"]) == reading.MYST_EXTENSIONS


def _pages_present() -> list[str]:
    return [path.relative_to(ROOT).with_suffix("").as_posix() for path in BOOK.rglob("*.md")]


def test_the_contents_list_every_page(none_found) -> None:
    none_found(list(check_contents("_toc.yml", listed_pages(TOC), _pages_present(), LEFT_OUT)))


def test_a_page_missing_from_disk_or_contents_is_found() -> None:
    present = ["book/a", "book/c", "book/_x"]
    found = check_contents("_toc.yml", ["book/a", "book/b"], present, LEFT_OUT)
    assert list(map(str, found)) == [
        "_toc.yml: The contents list 'book/b', which does not exist. Correct it, or write the page.",
        "book/c.md: The page is not in the contents. Add it to _toc.yml.",
    ]


def test_complete_contents_pass() -> None:
    assert list(check_contents("_toc.yml", ["book/a"], ["book/a", "book/_x"], LEFT_OUT)) == []


def test_every_key_of_the_contents_is_known(none_found) -> None:
    none_found(list(check_contents_keys("_toc.yml", TOC.read_text(encoding="utf-8"))))


def test_an_unknown_or_repeated_key_of_the_contents_is_found() -> None:
    text = "root: book/index\nparts:\n  - captoin: Start\n    chapters: [{file: book/a}]\n"
    found = [str(f) for f in check_contents_keys("_toc.yml", text)]
    assert found == ["_toc.yml, line 3: 'captoin' is not a key of the contents. Correct it, or remove it."]
    found = [str(f) for f in check_contents_keys("_toc.yml", "root: a\nroot: b\n")]
    assert found == ["_toc.yml, line 2: The key 'root' stands twice. Remove one of the two."]


@pytest.mark.parametrize(
    "text",
    [
        "format: jb-book\nroot: book/index\nchapters: [{file: book/a}, {file: book/a}]\n",
        "format: jb-book\nchapters: [{file: book/a}]\n",
    ],
    ids=["page listed twice", "no root"],
)
def test_bad_contents_are_refused(tmp_path, text: str) -> None:
    (tmp_path / "_toc.yml").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedError):
        listed_pages(tmp_path / "_toc.yml")


def test_every_file_names_the_same_version() -> None:
    places = {
        "pyproject.toml": r'^version = "(.+)"$',
        "CITATION.cff": r"^version: (\S+)$",
        "_config.yml": r'^ +release: "(.+)"$',
        "CHANGELOG.md": r"^## (\S+), ",
        "book/reference/about.md": r"version (\d\S+)\.$",
    }
    found = {}
    for name, pattern in places.items():
        match = re.search(pattern, (ROOT / name).read_text(encoding="utf-8"), re.M)
        assert match, name
        found[name] = match[1]
    assert set(found.values()) == {tools.__version__}, found

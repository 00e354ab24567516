"""The form object of notebooks and shells: answers in and out, without a notebook."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pytest
from cases import vectors

import tools
from tools.errors import Problem
from tools.instruments import library
from tools.instruments.record import Record, of
from tools.surfaces import html, widget
from tools.surfaces.widget import Form

ELEMENTS = "identification/elements-of-the-definition"
CHILD = {"age_group": "child", "recruited": "yes", "forced_labour": "yes"}


@pytest.fixture
def form() -> Form:
    return tools.load(ELEMENTS)


def test_loading_a_form_needs_no_notebook_library() -> None:
    code = (
        f"import sys, tools; form = tools.load({ELEMENTS!r}); form.record = {CHILD!r}; repr(form); form.summary;"
        "print(sorted({'IPython', 'ipywidgets', 'anywidget', 'traitlets', 'pandas', 'sphinx'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_answers_are_set_as_plain_values_or_as_a_record_and_cleared(form) -> None:
    assert form.record == Record(form.instrument.id, form.instrument.version)
    form.record = CHILD
    assert form.assessment.outcome is not None
    assert form.assessment.outcome.id == "all_elements"
    assert form.assessment.outcome.title in form.summary
    form.record = of(form.instrument, {"age_group": "adult"})
    assert dict(form.record.answers) == {"age_group": "adult"}
    form.record = None
    assert dict(form.record.answers) == {}


@pytest.mark.promise("input-messages", "input-nothing-lost")
@pytest.mark.parametrize("shown", [False, True])
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"age_group": "old"}, "REC_004"),
        ({"age": "adult"}, "REC_005"),
        ("adult", "WID_001"),
        ([("age_group", "adult")], "WID_001"),
        (Record("identification/other", "1.0"), "REC_002"),
        (Record(ELEMENTS, "0.9"), "REC_003"),
        (Record(ELEMENTS, library.load(ELEMENTS).version, {"age_group": "old"}), "REC_004"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(form, given, code, shown) -> None:
    form.record = CHILD
    if shown:
        assert form.widget.record == CHILD
    with pytest.raises(Problem) as refused:
        form.record = given
    assert refused.value.code == code
    assert dict(form.record.answers) == CHILD
    if shown:
        assert form.widget.record == CHILD


def test_the_widget_and_the_form_hold_the_same_answers() -> None:
    form = Form(vectors.fixture("everything.yml"), {"case_code": "A-1", "hours": "8"})
    assert form.widget.record == {"case_code": "A-1", "hours": "8"}
    form.widget.record = {"hours": "9.5", "signs": ["papers"], "place": "land", "periods": [{"due": "100"}]}
    assert form.record.answers["hours"] == Decimal("9.5")
    assert form.record.answers["signs"] == frozenset({"papers"})
    assert form.record.answers["periods"] == ({"due": Decimal("100")},)
    form.record = {"hours": 7}
    assert form.widget.record == {"hours": "7"}
    form.widget.record = {"hours": "many"}  # the form never sends this
    assert form.record.answers["hours"] == Decimal("7")
    assert form.widget.record == {"hours": "7"}


@pytest.mark.promise("privacy-memory-only")
def test_the_file_of_a_notebook_keeps_no_answers(form, monkeypatch) -> None:
    form.record = CHILD | {"person_agreed": "yes"}
    monkeypatch.delenv(widget.STATIC_ENVIRONMENT, raising=False)
    monkeypatch.setattr(widget, "in_notebook", lambda: True)
    data, _metadata = form._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == form.widget.model_id
    assert data["text/plain"] == f"Form('{ELEMENTS}'): 4 answered"
    assert data["text/html"] == "<p>Act, means and purpose. Run this cell again to fill in the form.</p>"


def test_in_the_book_and_in_a_shell_the_form_is_complete_and_static(form, monkeypatch) -> None:
    form.record = CHILD
    for kernel, static in ((True, "1"), (False, "")):
        monkeypatch.setattr(widget, "in_notebook", lambda kernel=kernel: kernel)
        monkeypatch.setenv(widget.STATIC_ENVIRONMENT, static)
        data = form._repr_mimebundle_()
        assert set(data) == {"text/plain", "text/html"}
        assert data["text/html"] == html.render(form.instrument, prefix=form._prefix)
    assert form._widget is None


def test_a_missing_library_is_named_and_the_form_shows_all_the_same(form, monkeypatch) -> None:
    widget._widget_class.cache_clear()
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delenv(widget.STATIC_ENVIRONMENT, raising=False)
    monkeypatch.setattr(widget, "in_notebook", lambda: True)
    with pytest.raises(Problem, match="anywidget") as missing:
        _ = form.widget
    assert missing.value.code == "WID_002"
    data = form._repr_mimebundle_()
    assert "WID_002" in data["text/html"]
    assert "ct-form" in data["text/html"]


def test_the_styles_hold_inside_the_form_only() -> None:
    css = widget.sheet()
    assert "body" not in css.replace("ct-result-body", "").replace("ct-iv-body", "")
    assert ":root" not in css
    assert css.count(":host([data-theme") == 1
    assert css.count(":host(:not([data-theme") == 1


def test_the_module_is_the_page_script_with_one_export() -> None:
    module = widget.script()
    assert module.startswith(html.script())
    assert module.count("export ") == 1
    assert module.endswith("export default { render: globalThis.ctInstruments.render };\n")


def test_two_forms_of_one_instrument_have_names_of_their_own() -> None:
    one, other = tools.load(ELEMENTS), tools.load(ELEMENTS)
    assert one._prefix != other._prefix
    with pytest.raises(Problem) as missing:
        tools.load("identification/elements")
    assert missing.value.code == "INS_001"

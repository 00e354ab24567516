"""An instrument in a notebook: the same form as in the page, and its answers as Python objects.

Typing in the form changes ``form.record``; setting ``form.record`` changes the form. ``form.assessment`` follows.
Nothing heavy is imported before the form is shown.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from html import escape
from itertools import count
from typing import Any, Final

from tools.errors import Problem
from tools.instruments import library
from tools.instruments import record as records
from tools.instruments.assessment import Assessment, assess
from tools.instruments.model import Instrument
from tools.instruments.record import Record
from tools.surfaces import html, text
from tools.surfaces.words import words

#: Set when chapters are run for the book: a form then shows itself complete, as on paper, and starts no widget.
STATIC_ENVIRONMENT: Final = "CT_STATIC_FORMS"

#: What the page's sheets say of the document and its body holds of the element that hosts the form.
_SCOPES: Final = {
    'body[data-theme="dark"]': ':host([data-theme="dark"])',
    'body:not([data-theme="light"])': ':host(:not([data-theme="light"]))',
    ":root": ":host",
}
_numbers = count(1)


def script() -> str:
    """Return the module that a notebook loads: the page's script, and one line that exports it."""
    own = html.minified((html.STATIC / "widget.js").read_text(encoding="utf-8"))
    return f"{html.script()}{own}export default {{ render: globalThis.ctInstruments.render }};\n"


def sheet() -> str:
    """Return the style sheet of a form in a notebook: every rule holds inside its shadow root only."""
    css = (html.STATIC / "widget.css").read_text(encoding="utf-8") + html.tokens() + html.sheet()
    for page, host in _SCOPES.items():
        css = css.replace(page, host)
    return css


@cache
def _widget_class() -> type:
    try:
        import anywidget
        import traitlets
    except ImportError as missing:
        raise Problem("WID_002", library=missing.name) from missing

    class FormWidget(anywidget.AnyWidget):  # type: ignore[misc]
        _esm = script()
        sheet = traitlets.Unicode(sheet()).tag(sync=True)
        markup = traitlets.Unicode().tag(sync=True)
        record = traitlets.Dict().tag(sync=True)

    return FormWidget


class Form:
    """One instrument with its answers, shown as a live form in a notebook.

    Parameters
    ----------
    instrument : Instrument
    record : Record or mapping, optional
        Answers to start with.

    Examples
    --------
    >>> form = Form(library.load("identification/elements-of-the-definition"))
    >>> form.record = {"age_group": "child", "recruited": "yes", "forced_labour": "yes"}
    >>> form.assessment.outcome.title
    'The elements are there: protect and refer now'
    """

    def __init__(self, instrument: Instrument, record: Record | Mapping[str, Any] | None = None) -> None:
        self.instrument = instrument
        self._record = self._checked(record)
        self._widget: Any = None
        self._prefix = f"form{next(_numbers)}-"

    def _checked(self, given: Any) -> Record:
        wanted = self.instrument
        if given is None:
            return Record(wanted.id, wanted.version)
        if isinstance(given, Record):
            if given.instrument != wanted.id:
                raise Problem("REC_002", found=given.instrument, wanted=wanted.id)
            if given.version != wanted.version:
                advice = "Save it with `record.dumps` and open it with `record.loads`, which carries answers over."
                raise Problem("REC_003", found=given.version, wanted=wanted.version, advice=advice)
            given = {name: records.plain(value) for name, value in given.answers.items()}
        if not isinstance(given, Mapping):
            item = next(item for item in wanted.items.values() if item.answerable)
            answer = item.choices[0].code if item.choices else "…"
            raise Problem("WID_001", kind=type(given).__name__, item=item.id, answer=answer)
        return records.of(wanted, given)

    @property
    def record(self) -> Record:
        """The answers. Set them from a :class:`Record`, from plain values, or from ``None`` to clear the form.

        Raises
        ------
        Problem
            ``REC_002`` to ``REC_005``, ``REC_007``, ``WID_001``; the answers are then as they were.
        """
        return self._record

    @record.setter
    def record(self, given: Record | Mapping[str, Any] | None) -> None:
        self._record = self._checked(given)
        if self._widget is not None:
            self._widget.record = self._plain()

    @property
    def assessment(self) -> Assessment:
        """Values, outcome, reasons and what is missing, as the answers are now."""
        return assess(self.instrument, self._record)

    @property
    def summary(self) -> str:
        """The summary as plain text: facts, and what was not asked."""
        return text.summary(self.instrument, self._record)

    def _plain(self) -> dict[str, Any]:
        return {name: records.plain(value) for name, value in self._record.answers.items()}

    # --- showing

    @property
    def widget(self) -> Any:
        """The form as a widget, to put beside others (an ``anywidget.AnyWidget``).

        Raises
        ------
        Problem
            ``WID_002`` when anywidget is not there.
        """
        if self._widget is None:
            note = words(self.instrument.locale)["widget_note"]
            markup = html.render(self.instrument, prefix=self._prefix, note=note)
            self._widget = _widget_class()(markup=markup, record=self._plain())
            self._widget.observe(self._take, "record")
        return self._widget

    def _take(self, change: Any) -> None:
        """Take over what was typed. The form sends only what it has checked itself."""
        try:
            self._record = records.of(self.instrument, change["new"])
        except Problem:  # another program wrote to the widget: the answers stay as they were
            self._widget.record = self._plain()

    def __repr__(self) -> str:
        # Notebooks keep this text in their file, so it says how much is answered and never what.
        return f"Form({self.instrument.id!r}): {self.assessment.answered} answered"

    def _repr_mimebundle_(self, **_options: object) -> dict[str, Any] | tuple[dict[str, Any], dict[str, Any]]:
        static = {"text/plain": repr(self), "text/html": html.render(self.instrument, prefix=self._prefix)}
        if os.environ.get(STATIC_ENVIRONMENT) or not in_notebook():
            return static
        try:
            data, metadata = self.widget._repr_mimebundle_()
        except Problem as problem:
            return static | {"text/html": f"<p>{escape(str(problem))}</p>{static['text/html']}"}
        # The file of the notebook keeps this instead of the form.
        idle = f"{self.instrument.title}. {words(self.instrument.locale)['widget_idle']}"
        return {**data, **static, "text/html": f"<p>{escape(idle)}</p>"}, metadata


def in_notebook() -> bool:
    """Return whether a notebook kernel runs this, and not a shell or a script."""
    import sys

    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


def load(instrument_id: str, locale: str = "") -> Form:
    """Return an instrument of the library as a form.

    Parameters
    ----------
    instrument_id : str
        Guide and name, for example ``"identification/elements-of-the-definition"``.
    locale : str
        Language of its words; English where a translation is missing.

    Raises
    ------
    Problem
        ``INS_001`` when there is no such instrument.
    """
    return Form(library.load(instrument_id, locale=locale))

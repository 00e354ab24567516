"""What an instrument is. Built by :mod:`tools.instruments.library`; nothing here reads files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from tools.instruments.expressions import Expression

KINDS: Final = ("checklist", "screening", "assessment", "plan", "worksheet", "form", "quiz", "path")
STATUSES: Final = ("published list", "adapted", "our proposal")
TYPES: Final = ("yes-no-unknown", "choice", "choices", "number", "money", "date", "text", "note")
LEVELS: Final = ("urgent", "act", "ask", "calm")


@dataclass(frozen=True)
class Choice:
    """One answer that can be picked."""

    code: str
    label: str


@dataclass(frozen=True)
class Item:
    """One question, prompt, field or note.

    Attributes
    ----------
    id : str
        Stable for ever.
    type : str
        One of :data:`TYPES`.
    label, hint, about : str
        The words; a short hint under them; why it is asked or where it comes from, on request.
    choices : tuple of Choice
    relevant : Expression or None
        When it is asked; always, if ``None``.
    code : str
        The code of the published list, where there is one.
    tags : mapping of str to str
        For ``count``, for example ``strength``.
    contested : str
        What is disputed about this row, in words; empty when nothing is.
    decimals : int
        Decimals of a number (0 to 4).
    minimum, maximum : str
        Bounds of a number or date, as written; empty for none.
    currency : str
        ISO 4217 code, or the id of the item that holds it.
    long : bool
        A text of several lines.
    """

    id: str
    type: str
    label: str
    hint: str = ""
    about: str = ""
    choices: tuple[Choice, ...] = ()
    relevant: Expression | None = None
    code: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    contested: str = ""
    decimals: int = 0
    minimum: str = ""
    maximum: str = ""
    currency: str = ""
    long: bool = False
    unit: str = ""

    @property
    def is_year(self) -> bool:
        """Whether its numbers are years, by their bounds: they are written without a comma."""
        return (
            self.type == "number"
            and not self.decimals
            and 1000 <= float(self.minimum or 0) <= float(self.maximum or 0) < 3000
        )

    @property
    def answerable(self) -> bool:
        """Whether it takes an answer (a note does not)."""
        return self.type != "note"

    def choice_label(self, code: str) -> str:
        """Return the words of an answer code."""
        return next(choice.label for choice in self.choices if choice.code == code)


@dataclass(frozen=True)
class Computed:
    """A value worked out from answers.

    Attributes
    ----------
    choices : tuple of Choice
        The words for a computed code; a computed condition is stored as ``yes`` or ``no``.
    show : bool
        Whether people see it; helpers stay hidden.
    decimals : int
        How many decimals are shown.
    """

    id: str
    label: str
    expression: Expression
    choices: tuple[Choice, ...] = ()
    show: bool = True
    decimals: int = 2
    currency: str = ""
    hint: str = ""

    @property
    def kind(self) -> str:
        """``condition``, ``number``, ``money``, ``date`` or ``code``."""
        return self.expression.type.kind


@dataclass(frozen=True)
class Repeat:
    """A table of rows: pay periods, goals, people."""

    id: str
    title: str
    row: str
    items: tuple[Item, ...]
    computed: tuple[Computed, ...] = ()
    max_rows: int = 20
    print_rows: int = 3
    relevant: Expression | None = None
    hint: str = ""


@dataclass(frozen=True)
class Section:
    """A group of items under one heading."""

    id: str
    title: str
    members: tuple[Item | Repeat, ...]
    intro: str = ""
    relevant: Expression | None = None

    @property
    def items(self) -> tuple[Item, ...]:
        """Its items outside repeats."""
        return tuple(member for member in self.members if isinstance(member, Item))

    @property
    def repeats(self) -> tuple[Repeat, ...]:
        """Its repeats."""
        return tuple(member for member in self.members if isinstance(member, Repeat))


@dataclass(frozen=True)
class Outcome:
    """What to do next. The first whose condition holds is given; the last holds always."""

    id: str
    title: str
    text: str
    when: Expression | None = None
    next: tuple[str, ...] = ()
    level: str = "ask"


@dataclass(frozen=True)
class Notice:
    """A remark beside the outcome; all whose condition holds are given."""

    id: str
    text: str
    when: Expression
    level: str = "ask"


@dataclass(frozen=True)
class Migration:
    """How a record of an older version is read: one step, from one version to the next.

    Attributes
    ----------
    since : str
        The last version before the change (``from`` in the definition). Records of this version and
        of older ones take the step.
    renamed : mapping of str to str
        Old id -> new id, of an item, a row item or a repeat.
    answers : mapping of str to mapping of str to str
        Item (by its new id) -> old answer code -> new answer code.
    dropped : tuple of str
        Ids that are no longer asked.
    added : tuple of str
        Ids that are asked anew.
    """

    since: str
    renamed: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def version_key(version: str) -> tuple[int, int]:
    """Return a version for comparing.

    >>> version_key("1.10") > version_key("1.9")
    True
    """
    major, _, minor = version.partition(".")
    return int(major), int(minor)


PICTURES: Final = ("wheel", "bars", "grid")
"""What a picture of answers may be."""


@dataclass(frozen=True)
class Picture:
    """A picture of answers that the page draws beside the result; its figures stand in a table as well.

    Attributes
    ----------
    kind : str
        ``wheel``: a spoke a value; ``bars``: a bar a value; ``grid``: a line for each row of a table.
    title : str
    values : tuple of str
        Ids of items or computed values; in a grid, items of its rows.
    top : int
        The end of the scale of a wheel and of bars, which begins at zero.
    levels : Mapping
        Code of a choice -> its place on the scale. In a grid, below zero is a need, above zero a strength. A code that is
        not named is drawn nowhere.
    rows, name : str
        In a grid, the repeat, and the item that names a row.
    """

    kind: str
    title: str
    values: tuple[str, ...]
    top: int
    levels: Mapping[str, int]
    rows: str = ""
    name: str = ""


@dataclass(frozen=True)
class Instrument:
    """One reviewed definition, from which every form is made.

    Attributes
    ----------
    id : str
        ``guide/name``.
    version : str
        ``major.minor``; the major number changes when a saved record can no longer be read.
    reviewed, review_due : date
    sources : tuple of str
        Bibliography keys.
    status : str
        One of :data:`STATUSES`.
    status_note : str
        What has to be said of the status on every output; may be empty.
    limits : tuple of str
        What it must not be used for.
    always : tuple of str
        Steps that are shown whatever the result.
    paper : str
        How to reach the same result by hand, for the printed form.
    migrations : tuple of Migration
        How records of older versions are read, oldest first.
    picture : Picture or None
        What the page draws beside the result.
    locale : str
        The language of its words; empty for English, in which definitions are written.
    """

    id: str
    title: str
    kind: str
    purpose: str
    version: str
    reviewed: dt.date
    review_due: dt.date
    status: str
    sources: tuple[str, ...]
    limits: tuple[str, ...]
    sections: tuple[Section, ...]
    computed: tuple[Computed, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    notices: tuple[Notice, ...] = ()
    status_note: str = ""
    roles: tuple[str, ...] = ()
    minutes: int = 0
    always: tuple[str, ...] = ()
    paper: str = ""
    migrations: tuple[Migration, ...] = ()
    picture: Picture | None = None
    file: str = ""
    locale: str = ""

    @property
    def guide(self) -> str:
        """The guide it belongs to."""
        return self.id.split("/")[0]

    @property
    def name(self) -> str:
        """Its name inside the guide."""
        return self.id.split("/")[1]

    @property
    def slug(self) -> str:
        """Its id as one word, for anchors and file names."""
        return self.id.replace("/", "--")

    def walk(self) -> Iterator[tuple[Section, Repeat | None, Item]]:
        """Yield every item with the section and the repeat it stands in, in order."""
        for section in self.sections:
            for member in section.members:
                if isinstance(member, Item):
                    yield section, None, member
                else:
                    for item in member.items:
                        yield section, member, item

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item outside repeats, by id, in order."""
        return {item.id: item for _, repeat, item in self.walk() if repeat is None}

    @cached_property
    def repeats(self) -> Mapping[str, Repeat]:
        """Every repeat, by id, in order."""
        return {repeat.id: repeat for section in self.sections for repeat in section.repeats}

    @cached_property
    def everything(self) -> Mapping[str, Item | Computed]:
        """Every item and computed value, those of repeats included, by id, in order."""
        found: dict[str, Item | Computed] = {}
        for _, _, item in self.walk():
            found[item.id] = item
        for repeat in self.repeats.values():
            found.update({computed.id: computed for computed in repeat.computed})
        found.update({computed.id: computed for computed in self.computed})
        return found

    @cached_property
    def repeat_of(self) -> Mapping[str, str]:
        """Row items and row computed values -> their repeat."""
        found: dict[str, str] = {}
        for repeat in self.repeats.values():
            found.update(dict.fromkeys((item.id for item in repeat.items), repeat.id))
            found.update(dict.fromkeys((computed.id for computed in repeat.computed), repeat.id))
        return found

    @cached_property
    def conditions_of(self) -> Mapping[str, tuple[Expression, ...]]:
        """Item or repeat id -> the conditions that all have to hold for it to be relevant."""
        found: dict[str, tuple[Expression, ...]] = {}
        for section in self.sections:
            outer = (section.relevant,) if section.relevant else ()
            for member in section.members:
                own = outer + ((member.relevant,) if member.relevant else ())
                found[member.id] = own
                if isinstance(member, Repeat):
                    for item in member.items:
                        found[item.id] = (item.relevant,) if item.relevant else ()
        return found

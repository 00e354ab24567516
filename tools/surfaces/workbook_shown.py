"""The formulas that people see on the sheet of a workbook: the result, its reasons, remarks beside answers.

They read the hidden workings (:mod:`tools.surfaces.workbook_formulas`) and show words from the hidden lists.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from tools.instruments.contribution import outcome_owner
from tools.instruments.expressions import DATE_MAX, DATE_MIN, NUMBER_MAX, Tree, round_half_away
from tools.instruments.model import Computed, Item, Repeat
from tools.surfaces.text import asked, currency_of, value_words
from tools.surfaces.words import condition
from tools.surfaces.workbook_formulas import Formula, Operand, Part, Program, rounded, stored
from tools.surfaces.workbook_layout import REASONS_SHOWN, WORKINGS, Cell, Line

NOTHING: Final = "–"
#: The states of an answer, as they stand in the hidden columns after the grid.
UNREADABLE, OFF, REASON, ON = "error", "off", "reason", "on"
_FAULTS: Final = ("division by zero", "too large", "date out of range")


def _always(value: Any) -> Callable[[int], Any]:
    return lambda _: value


class Shown:
    """What the sheet shows, as formulas.

    Parameters
    ----------
    program : Program
    """

    def __init__(self, program: Program) -> None:
        self.program, self.known = program, program.known
        self.instrument, self.said, self.lists = program.instrument, program.said, program.lists
        for name, member in self.instrument.everything.items():
            if isinstance(member, Computed):
                program.value(name)
            else:
                program.relevant(name)
        self.outcome = self._outcome()
        self.why = self._why()
        self.noticed = [program.tree(notice.when.tree) for notice in self.instrument.notices]
        self.notice_ranks = self._ranks("notice", self.noticed)
        self.reason_ranks = self._ranks("reason", list(self.why.values()))
        # All words first: to say an amount needs lines of its own, and the lines picked from stand without a gap.
        reasons = [(name, *self._reason_words(name)) for name in self.why]
        self.reason_lines = [
            program.line(f"{name}: words", "", Operand(text).at, _always(value)) for name, text, value in reasons
        ]

    # -- names on the sheet

    def on(self, operand: Operand, row: int = -1) -> str:
        """Return how a formula of the sheet names an operand."""
        text = operand.at(row)
        return text if operand.text or text == '""' else f"{WORKINGS}!{text}"

    def down(self, operands: Sequence[Operand]) -> str:
        """Return the cells of lines that stand one below the other."""
        lines = [operand.line for operand in operands]
        if lines != list(range(lines[0], lines[0] + len(lines))):
            raise ValueError(f"the lines {lines} do not stand one below the other")
        return f"{WORKINGS}!B{operands[0].line + 1}:B{operands[-1].line + 1}"

    @property
    def answered(self) -> bool:
        """Whether the record that is written holds any answer."""
        return bool(self.known.record.answers)

    # -- outcome

    def _outcome(self) -> Operand:
        """Return the line with the number of the outcome, counted from 1."""
        program, outcomes = self.program, self.instrument.outcomes
        found = Operand(str(len(outcomes)), sure=True)
        first = len(outcomes)
        for number in range(len(outcomes) - 1, 0, -1):
            when = outcomes[number - 1].when
            assert when is not None  # noqa: S101 - only the last outcome holds always
            test, first = program.tree(when.tree), number if self.known.value(when.tree, -1) else first
            formula = Operand(f'IF({test.at(-1)}="yes",{number},{found.at(-1)})')
            name = f"outcome from {outcomes[number - 1].id} on"
            found = program.line(name, "", formula.at, _always(Decimal(first)), sure=True)
        return found

    def outcome_text(self, texts: Sequence[str], blank: str = "") -> Formula:
        """Return the text that belongs to the outcome, once there is an answer."""
        given = self.known.assessment.outcome
        before = self.lists.text(blank) if blank else '""'
        text = f'INDEX({self.lists.texts(texts)},{self.on(self.outcome)})&""'
        value = texts[self.instrument.outcomes.index(given)] if given and self.answered else blank
        return Formula(f'IF({self.on(self.program.any_answer())}="yes",{text},{before})', value)

    def follow(self) -> Formula:
        """Return the line that stays in view: the title of the outcome."""
        titles = [self.said["result_now"].format(title=outcome.title) for outcome in self.instrument.outcomes]
        return self.outcome_text(titles, self.said["no_answers"])

    def steps(self) -> list[str]:
        """Return the next steps of each outcome as one text."""
        return [
            "\n".join(f"{number}. {step}" for number, step in enumerate(outcome.next, start=1))
            for outcome in self.instrument.outcomes
        ]

    def any_answer(self) -> Formula:
        """Return the state of a line that shows a part of the result."""
        return Formula(f'IF({self.on(self.program.any_answer())}="yes","{ON}","")', ON if self.answered else "")

    def level(self) -> Formula:
        """Return the level of the outcome."""
        return self.outcome_text([outcome.level for outcome in self.instrument.outcomes])

    # -- notices and reasons: the ones that hold, one below the other

    def _ranks(self, name: str, holding: Sequence[Operand]) -> list[Operand]:
        """Return lines, one below the other, that count up at each of some conditions that holds."""
        made: list[Operand] = []
        for place, one in enumerate(holding):
            before = made[-1].at(-1) if made else "0"
            count = sum(bool(self._holds(name, at)) for at in range(place + 1))
            made.append(
                self.program.line(
                    f"{name} {place + 1}", "", Operand(f'{before}+({one.at(-1)}="yes")').at,
                    _always(Decimal(count)), sure=True,
                )
            )  # fmt: skip
        return made

    def _holds(self, name: str, place: int) -> bool:
        if name == "notice":
            return self.instrument.notices[place] in self.known.assessment.notices
        return list(self.why)[place] in self.known.assessment.reasons

    def _slot(self, ranks: Sequence[Operand], texts: str, place: int, value: str) -> Formula:
        """Return the text of the condition that holds as the ``place``-th; nothing when fewer hold."""
        picked = f'IFERROR(INDEX({texts},MATCH({place + 1},{self.down(ranks)},0)),"")'
        return Formula(f'IF({self.on(self.program.any_answer())}="yes",{picked},"")', value if self.answered else "")

    def notice(self, place: int, level: bool = False) -> Formula:
        """Return one of the notices that hold, or its level."""
        notices, held = self.instrument.notices, self.known.assessment.notices
        texts = [notice.level if level else notice.text for notice in notices]
        shown = [notice.level if level else notice.text for notice in held]
        value = shown[place] if place < len(shown) else ""
        return self._slot(self.notice_ranks, self.lists.texts(texts), place, value)

    def _why(self) -> dict[str, Operand]:
        """Return, for every item that can be a reason for an outcome, the line that says whether it is one now."""
        found: dict[str, list[tuple[int, Operand]]] = {}
        for number, outcome in enumerate(self.instrument.outcomes, start=1):
            for name, tree in self.program.contributions.get(outcome_owner(outcome.id), {}).items():
                found.setdefault(name, []).append((number, self.program.tree(tree)))
        order = [*self.instrument.items, *self.instrument.repeats, *self.instrument.repeat_of]
        made: dict[str, Operand] = {}
        for name in sorted(found, key=order.index):
            tests: list[Part] = [
                Operand(f'AND({self.outcome.at(-1)}={number},{one.at(-1)}="yes")').at for number, one in found[name]
            ]
            led = name in self.known.assessment.reasons
            made[name] = self.program.some(tests, f"{name}: reason", "", _always(led))
        return made

    def _reason_words(self, name: str) -> tuple[str, str]:
        """Return the words of a reason, the question and its answer: as a formula, and for the record."""
        found = self.instrument.repeats.get(name) or self.instrument.everything[name]
        if isinstance(found, Repeat) or name in self.instrument.repeat_of or found.label == "":
            label = found.title if isinstance(found, Repeat) else found.label
            return self.lists.text(label), label
        assert isinstance(found, Item)  # noqa: S101 - a computed value is never a reason
        said = f"{asked(found.label)} "
        text = f"{self.lists.text(asked(found.label))}&{self._spaced(found)}"
        value = said + value_words(found, self.known.sheet.get(name, -1), lambda n: self.known.sheet.get(n, -1))
        return text, value

    def _spaced(self, item: Item) -> str:
        return f'" "&{self._words(item, self.program.value(item.id).at(-1))}'

    def _words(self, member: Item | Computed, value: str) -> str:
        """Return a value of one cell in words, as part of a formula of the workings."""
        if isinstance(member, Item) and member.type == "choices":
            picked = [self.program.value(member.id, choice.code) for choice in member.choices]
            texts = [self.lists.text("; " + choice.label) for choice in member.choices]
            parts = [f'IF({one.at(-1)}="yes",{text},"")' for one, text in zip(picked, texts, strict=True)]
            return f"MID({'&'.join(parts)},3,32000)"
        if isinstance(member, Item) and member.type == "text":
            return self.program.places[member.id, ""][0]
        if member.choices:
            return f'IF({value}="","",{self._label(member, value)})'
        if (member.type if isinstance(member, Item) else member.kind) == "date":
            return (
                f'IF({value}="","",YEAR({value})&"-"&RIGHT("0"&MONTH({value}),2)&"-"&RIGHT("0"&DAY({value}),2))'
            )  # fmt: skip
        suffix = self.unit(member)
        unit = f"&{self.lists.text(' ' + suffix)}" if suffix else ""
        if member.currency and not suffix:
            currency = self.program.value(member.currency).at(-1)
            unit = f'&IF({currency}="",""," "&UPPER({currency}))'
        bare = ",TRUE" if isinstance(member, Item) and member.is_year else ""
        return f'IF({value}="","",FIXED({value},{member.decimals}{bare}){unit})'

    def _label(self, member: Item | Computed, code: str) -> str:
        texts = self.lists.texts([choice.label for choice in member.choices])
        return f"INDEX({texts},MATCH({code},{self.lists.codes(member.choices)},0))"

    def unit(self, member: Item | Computed) -> str:
        """Return what always stands behind a number: its unit, or a currency that does not change."""
        if member.currency:
            return member.currency if member.currency.isupper() else ""
        return member.unit if isinstance(member, Item) else ""

    def reason(self, place: int) -> Formula:
        """Return the words of one of the reasons."""
        led = self.known.assessment.reasons
        value = ""
        if place < len(led):
            value = str(self.program.lines[self.reason_lines[list(self.why).index(led[place])].line].cells[0].value)
        return self._slot(self.reason_ranks, self.down(self.reason_lines), place, value)

    def because(self) -> Formula:
        """Return the heading of the reasons, once there is one."""
        text = self.said["workbook_because"]
        count = self.on(self.reason_ranks[-1])
        shown = text if self.answered and self.known.assessment.reasons else ""
        test = f'AND({self.on(self.program.any_answer())}="yes",{count}>0)'
        return Formula(f'IF({test},{self.lists.text(text)},"")', shown)

    def more_reasons(self) -> Formula:
        """Return how many reasons are not named, in words."""
        before, _, after = self.said["more_missing"].partition("{count}")
        count = self.on(self.reason_ranks[-1])
        number = len(self.known.assessment.reasons)
        more = f"{before}{number - REASONS_SHOWN}{after}" if self.answered and number > REASONS_SHOWN else ""
        text = f"{self._piece(before)}({count}-{REASONS_SHOWN}){self._piece(after, last=True)}"
        test = f'AND({self.on(self.program.any_answer())}="yes",{count}>{REASONS_SHOWN})'
        return Formula(f'IF({test},{text},"")', more)

    def _piece(self, text: str, last: bool = False) -> str:
        if not text:
            return '&""' if last else ""
        return f"&{self.lists.text(text)}" if last else f"{self.lists.text(text)}&"

    # -- computed values

    def computed(self, computed: Computed, row: int = -1) -> Formula:
        """Return a computed value as it is shown: rounded to its decimals, a code in words, or why there is none."""
        value, known = self.program.value(computed.id), self.known.sheet
        cell = self.on(value, row)
        beyond = row >= 0 and row >= known.row_count(self.instrument.repeat_of[computed.id])
        given = None if beyond else known.get(computed.id, row)
        none = '""' if row < 0 else f'IF({self._row_counts(computed, row)},"{NOTHING}","")'
        shown: Any = "" if beyond else NOTHING
        if computed.choices:
            text = self._label(computed, cell)
            if given is not None:
                shown = next(choice.label for choice in computed.choices if choice.code == given)
        elif computed.kind == "date":
            text = cell
            shown = stored(given) if given is not None else shown
        else:
            text = rounded(cell, computed.decimals)
            if isinstance(given, Decimal):
                shown = float(round_half_away(given, computed.decimals))
        if row >= 0:
            return Formula(f'IF({cell}="",{none},{text})', shown)
        fault = self.fault(computed)
        reason = self.known.assessment.faults.get(computed.id)
        if fault is None:
            return Formula(f'IF({cell}="","{NOTHING}",{text})', shown)
        words = f"INDEX({self.lists.texts(self._fault_words())},{self.on(fault)})"
        if reason:
            shown = self._fault_words()[list(_FAULTS).index(reason)]
        return Formula(f'IF({self.on(fault)}>0,{words},IF({cell}="","{NOTHING}",{text}))', shown)

    def _row_counts(self, computed: Computed, row: int) -> str:
        return f"{self.on(self.program.rows(self.instrument.repeat_of[computed.id]))}>={row + 1}"

    def _fault_words(self) -> list[str]:
        return [self.said["fault"].format(reason=self.said[f"fault_{name}"]) for name in _FAULTS]

    def currency(self, computed: Computed, row: int = -1) -> Formula | None:
        """Return the currency of an amount where an answer names it."""
        if not computed.currency or computed.currency.isupper():
            return None
        known = self.known.sheet
        cell = self.on(self.program.value(computed.currency), row)
        return Formula(f"UPPER({cell})", currency_of(computed, lambda name: known.get(name, row)))

    def row(self, cell: Cell, row: int) -> str | Formula:
        """Return the number of a row; in a later part of a wide table with the answer that names the row."""
        item = cell.member
        if not isinstance(item, Item):
            return str(row + 1)
        place, given = self.program.places[item.id, ""][row], self.known.raw(item.id, row)
        text = item.choice_label(given) if item.choices and given else given
        shown = f"{row + 1}. {text[:40]}" if isinstance(text, str) else str(row + 1)
        return Formula(f'{row + 1}&IF(ISTEXT({place}),". "&LEFT({place},40),"")', shown)

    # -- why a value is missing

    def fault(self, computed: Computed) -> Operand | None:
        """Return the line with the number of the fault that a value met first; nothing when it can meet none."""
        inner = self._fault(computed.expression.tree)
        body = self.program.tree(computed.expression.tree)
        reason = self.known.assessment.faults.get(computed.id)
        if computed.kind in {"number", "money"} and not body.text:
            large = f'IF({body.at(-1)}="",0,IF(ABS({body.at(-1)})>{NUMBER_MAX:f},{_FAULTS.index("too large") + 1},0))'
            inner = large if inner is None else f"IF({inner}>0,{inner},{large})"
        if inner is None:
            return None
        number = Decimal(_FAULTS.index(reason) + 1 if reason else 0)
        return self.program.line(f"{computed.id}: fault", "", Operand(inner).at, _always(number), sure=True)

    def _fault(self, tree: Tree) -> str | None:
        """Return the cell with the number of the fault that a tree meets first, in the order of evaluation."""
        op = tree[0]
        if op == "count":
            return None
        parts = [part for part in tree[1:] if isinstance(part, tuple)]
        found = [self._fault(part) for part in parts]
        if op == "if":
            test = self.program.tree(tree[1]).at(-1)
            taken = f'IF({test}="yes",{found[1] or 0},{found[2] or 0})' if found[1] or found[2] else None
            return self._first_fault([found[0], taken])
        if op in {"and", "or"}:
            # What stands after the part that decides is not looked at.
            rest: str | None = None
            for part, fault in reversed(list(zip(parts, found, strict=True))):
                going = "yes" if op == "and" else "no"
                after = f'IF({self.program.tree(part).at(-1)}="{going}",{rest},0)' if rest else None
                rest = self._first_fault([fault, after])
            return rest
        if op in {"/", "add_days"}:
            a, b = (self.program.tree(part).at(-1) for part in parts)
            value = self.program.tree(tree)
            number = _FAULTS.index("division by zero" if op == "/" else "date out of range") + 1
            own = f'IF(OR({a}="",{b}=""),0,IF({value.at(-1)}="",{number},0))'
            found.append(own)
        return self._first_fault(found)

    def _first_fault(self, found: Sequence[str | None]) -> str | None:
        """Return a cell with the first fault of some, so that no formula grows long."""
        known = [one for one in found if one]
        if not known:
            return None
        text = known[-1]
        for one in reversed(known[:-1]):
            text = f"IF({one}>0,{one},{text})"
        # What stands here before a recalculation does not matter: the fault that is shown is written beside it.
        return self.program.line("fault", "", Operand(text).at, _always(Decimal(0)), sure=True).at(-1)

    # -- beside the answers

    def state(self, cell: Cell, row: int) -> Formula:
        """Return the state of an answer: it cannot be read, does not apply, or is a reason for the result."""
        item = cell.member
        assert isinstance(item, Item)  # noqa: S101 - only items are answered
        program = self.program
        fault, applies = program.fault_in(item, cell.code), program.relevant(item.id)
        off = f'{self.on(applies, row)}="no"'
        known, value = self.known, ""
        if row >= 0:
            repeat = self.instrument.repeat_of[item.id]
            whole = program.relevant(repeat)
            # A row that is still empty shows what can be asked in it.
            off = f'OR({self.on(whole)}="no",AND({self.on(program.rows(repeat))}>={row + 1},{off}))'
            counts = row < known.sheet.row_count(repeat)
            if not known.sheet.is_relevant(repeat) or (counts and not known.sheet.is_relevant(item.id, row)):
                value = OFF
            last = '""'
        else:
            led = self.why.get(item.id)
            value = "" if known.sheet.is_relevant(item.id) else OFF
            if item.id in known.assessment.reasons and self.answered:
                value = REASON
            last = f'IF({self.on(led)}="yes","{REASON}","")' if led else '""'
        return Formula(f'IF({self.on(fault, row)}="yes","{UNREADABLE}",IF({off},"{OFF}",{last}))', value)

    def applies(self, name: str) -> Formula:
        """Return the state of a line that takes no answer."""
        off = "" if self.known.sheet.is_relevant(name) else OFF
        return Formula(f'IF({self.on(self.program.relevant(name))}="no","{OFF}","")', off)

    def section_applies(self, line: Line) -> Formula:
        """Return the state of the heading of a section."""
        when = line.part[1].relevant if line.kind == "section" else line.part.relevant
        test = self.program.tree(when.tree)
        off = "" if self.known.value(when.tree, -1) else OFF
        return Formula(f'IF({self.on(test)}="no","{OFF}","")', off)

    def wanted(self, item: Item) -> str:
        """Return what an answer has to look like, for the remark beside one that cannot be read."""
        said = self.said
        low, high = item.minimum, item.maximum
        if item.type == "date":
            parts, low, high = [said["workbook_date"]], low or str(DATE_MIN), high or str(DATE_MAX)
        elif item.type in {"number", "money"}:
            parts = [said["workbook_number" if item.decimals else "workbook_whole"]]
            parts += [said["workbook_decimals"].format(decimals=item.decimals)] if item.decimals else []
        else:
            parts = [said["workbook_text" if item.type == "text" else "workbook_choice"]]
        parts += [said["workbook_range"].format(low=low or "…", high=high or "…")] if low or high else []
        return " ".join(parts)

    def hint(self, item: Item) -> str:
        """Return what stands beside a question: when it is asked, its hint, how strong a sign it is, what is disputed."""
        parts = [f"{self.said['only_if']}: {condition(item.relevant.tree, self.instrument)}."] if item.relevant else []
        parts += [item.hint] if item.hint else []
        strength = item.tags.get("strength")
        if strength:
            parts.append(f"{self.said['strength']}: {self.said.get(f'strength_{strength}', strength)}.")
        if item.contested:
            parts.append(f"{self.said['contested']}: {item.contested}")
        return "\n".join(parts)

    def note(self, cell: Cell, hint: str) -> Formula:
        """Return the remark beside a question: what is wrong with the answer, else the hint."""
        item = cell.member
        assert isinstance(item, Item)  # noqa: S101 - only items are answered
        fault = self.on(self.program.fault_in(item, cell.code))
        return Formula(f'IF({fault}="yes",{self.lists.text(self.wanted(item))},{self._maybe(hint)})', hint)

    def _maybe(self, text: str) -> str:
        return self.lists.text(text) if text else '""'

    def message(self, repeat: Repeat) -> Formula:
        """Return what is wrong in a table: the first answer that cannot be read, by row."""
        before, _, after = self.said["row"].format(row=repeat.row, number="{number}").partition("{number}")
        found = Operand('""')
        for item in reversed([item for item in repeat.items if item.answerable]):
            for code in reversed(self.program.cells_of(item)):
                row = f'MATCH("yes",{self.program.fault_in(item, code).across(repeat.max_rows)},0)'
                said = self.lists.text(f"{after}, {item.label}: {self.wanted(item)}")
                text = f"IF(ISNUMBER({row}),{self._piece(before)}{row}&{said},{found.at(-1)})"
                found = self.program.line(f"{repeat.id}: message", "", Operand(text).at, _always(""))
        return Formula(self.on(found), "")

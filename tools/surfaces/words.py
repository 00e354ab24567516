"""The words that surfaces add to an instrument, in one place so that they can be translated.

Python and the page's script use the same ones: the page gets them in its data block.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from tools.instruments import expressions as ex
from tools.instruments.model import Instrument
from tools.instruments.translation import catalogue

DOMAIN: Final = "tools"

WORDS: Final[dict[str, str]] = {
    "about": "Why, and source",
    "cond_always": "always",
    "cond_and": "and",
    "cond_answered": "{label} is answered",
    "cond_at_least": "is at least",
    "cond_at_most": "is at most",
    "cond_count": "the number of answers {answer}",
    "cond_has": "{label} has {answer}",
    "cond_is": "is",
    "cond_is_not": "is not",
    "cond_less": "is less than",
    "cond_more": "is more than",
    "cond_never": "never",
    "cond_not": "not: {condition}",
    "cond_or": "or",
    "cond_rows": "the number of rows in {label}",
    "cond_value": "the value",
    "act": "Act",
    "add_another": "Add another {row}",
    "add_row": "Add {row}",
    "all_times": "Always, whatever the result",
    "answers": "Answers",
    "back": "Back",
    "because": "Because of these answers",
    "calendar": "Review dates for a calendar",
    "calendar_entry": "Review",
    "calendar_none": "There is no date of a review yet. Fill in the date of the next look together.",
    "calendar_saved": "Saved as reviews.ics. Its entries say “Review” and the day, and nothing else.",
    "card_done": "Done",
    "cancel": "Cancel",
    "changes": "What would change this result",
    "changes_item": "If “{label}” were “{answer}”: {outcome}",
    "changes_none": "No single answer would change it.",
    "clear": "Clear all answers",
    "clear_sure": "Clear all answers of this form? This cannot be undone.",
    "cleared": "All answers are cleared.",
    "close_interview": "Back to the form",
    "contested": "Contested",
    "copied": "Copied.",
    "copy": "Copy the summary",
    "fault": "cannot be worked out: {reason}",
    "fault_division by zero": "division by zero",
    "fault_too large": "the number is too large",
    "fault_date out of range": "the date is out of range",
    "form_any_number": "Write a number. Decimals: at most {decimals}.",
    "form_any_whole": "Write a whole number.",
    "form_date": "Choose a date from {low} to {high}.",
    "form_number": "Write a number from {low} to {high}. Decimals: at most {decimals}.",
    "form_rows": "How many entries in “{title}”? (0 to {limit})",
    "form_whole": "Write a whole number from {low} to {high}.",
    "go_on": "Go on",
    "guard_address": "“{text}” looks like an address. Write the kind of place and the district.",
    "guard_birth": "“{text}” looks like a date of birth. Write an age or an age band.",
    "guard_document": "“{text}” looks like a document number. Write which document was seen, and leave the number out.",
    "guard_email": "“{text}” looks like an e-mail address or account. Leave it out.",
    "guard_fine": "This is fine",
    "guard_first": "Write what was seen and said; no names.",
    "guard_name": "“{text}” may be a name. Write a role instead, such as “the recruiter” or “a cousin”.",
    "guard_opinion": "“{text}” may be an opinion. Write what was seen or said, and by whom.",
    "guard_phone": "“{text}” looks like a phone number. Leave it out.",
    "interview": "Interview mode",
    "file_name": "Name of the file",
    "file_name_hint": "A case code and a date, never a person's name.",
    "in_months": "In {count} months",
    "keep_until": "Keep until",
    "leave": "Leave this page",
    "leave_does_not": "It does not remove the pages you opened before from the browser’s history, it does not delete"
    " files you saved, and it does not hide you from somebody who watches this device or this network.",
    "leave_file": "“Leave this page” hides this form at once, clears what was typed and shows an empty page. It works"
    " without a network. Pressing the Shift key three times does the same.",
    "leave_file_not": "It does not delete this file or files you saved. The device may list the file among recent files."
    " It does not hide you from somebody who watches this device.",
    "leave_help": "What leaving does and does not do",
    "leave_title": "New tab",
    "limits": "What this must not be used for",
    "locked": "This file is locked with a passphrase",
    "locking": "Locking the file…",
    "minutes": "about {minutes} minutes",
    "missing": "Not asked or not answered",
    "more_missing": "and {count} more",
    "next": "What to do next",
    "next_step": "Next",
    "no_answers": "No answers yet. The result appears here as you answer.",
    "none": "none",
    "not_finding": "This is a summary of answers. It is not a finding on anyone's status.",
    "not_said": "Not filled in: {fields}. You can save without.",
    "notes": "Take note",
    "number_wrong": "Write digits only, with a point before decimals. Your entry stays, but does not count yet.",
    "range_wrong": "This is out of range: {range}. Your entry stays, but does not count yet.",
    "date_wrong": "Write a date as year-month-day. Your entry stays, but does not count yet.",
    "only_if": "Only if",
    "open": "Open a saved record",
    "open_failed": "The file was not opened, and your answers are unchanged.",
    "open_now": "Open",
    "open_sure": "Replace the answers in this form with those in the file?",
    "opened": "The record is open.",
    "opened_partly": "Look over these points:",
    "optional_note": "Nothing is sent anywhere. Answers stay in this page until you save them or leave.",
    "paper": "By hand",
    "paper_result": "Result and next step",
    "pass_fair": "Harder to guess. Another word makes it stronger.",
    "pass_good": "Hard to guess, if the words have nothing to do with each other or with you.",
    "pass_weak": "Easy to guess. Use four or more words that have nothing to do with each other.",
    "passphrase": "Passphrase, to lock the file (may be left empty)",
    "passphrase_again": "The same passphrase again",
    "passphrase_differs": "The two passphrases are not the same. Type the second one again.",
    "passphrase_hint": "Nobody can recover a forgotten passphrase. If the browser offers to store it, refuse.",
    "passphrase_open": "Passphrase",
    "print": "Print",
    "progress": "{answered} of {all} answered",
    "purpose": "Purpose",
    "purposes": "Case file; Referral; Handover to a colleague; Claim or complaint; Supervision",
    "question": "Question",
    "question_of": "Question {number} of about {all}",
    "receiver": "Receiver",
    "receiver_hint": "An office or a role, not a person's name.",
    "remove_row": "Remove {row}",
    "result": "Result",
    "result_now": "Result: {title}",
    "reviewed": "reviewed {date}",
    "row": "{row} {number}",
    "save": "Save to a file",
    "save_now": "Save",
    "saved": "Saved. The file holds the answers: keep it where only those who need it can open it.",
    "saved_locked": "Saved, and locked with the passphrase. Tell the passphrase by another way than the file.",
    "sections": "Parts of this form",
    "show_card": "Show card",
    "skip": "Skip this question",
    "shift_label": "Shift three times leaves the page",
    "shift_one": "Press Shift once more to leave this page.",
    "shift_two": "Press Shift two more times to leave this page.",
    "single_from": "From the {project}, edition {version}.",
    "single_licence": "The words of this form: Creative Commons Attribution 4.0 (CC BY 4.0), the contributors. The"
    " program in it: MIT licence, the contributors.",
    "single_neutral": "Form",
    "single_safe": "This form works without a network and sends nothing. Use a device that only you can open. Write no"
    " names: a case code is enough. When you finish, save or print what you need, then clear the answers.",
    "single_script": "Without JavaScript this page reads and prints, but gives no result and saves no file.",
    "project": "Counter-trafficking practitioner guides",
    "source": "Source",
    "status_adapted": "adapted from a published list",
    "status_our proposal": "our proposal",
    "status_published list": "published list",
    "strength": "Strength",
    "strength_medium": "medium",
    "strength_strong": "strong",
    "strength_weak": "weak",
    "summary": "Summary as text",
    "too_many_rows": "No more rows can be added.",
    "unknown": "Not known",
    "unlocking": "Opening the file…",
    "unsaved": "Answers are not saved.",
    "values": "Worked out",
    "workbook_answer": "Answer",
    "workbook_because": "Because of these answers, marked ● in the form",
    "workbook_choice": "Not counted: choose from the list.",
    "workbook_codes": "Write no name, address, phone number or document number. A case code is enough. This file holds"
    " the answers: keep it where only those who need it can open it.",
    "workbook_date": "Not counted: write a date.",
    "workbook_decimals": "At most {decimals} decimals.",
    "workbook_hint": "Hint",
    "workbook_how": "Fill in the white cells; where there is a list, choose from it. What does not apply turns grey."
    " The result stands at the end, and its title stays in view at the top.",
    "workbook_number": "Not counted: write a number.",
    "workbook_page": "Page {page} of {pages}",
    "workbook_range": "From {low} to {high}.",
    "workbook_sheet": "Form",
    "workbook_text": "Not counted: write a text.",
    "workbook_whole": "Not counted: write a whole number.",
    "yes": "Yes",
    "no": "No",
    "version": "version {version}",
    "widget_idle": "Run this cell again to fill in the form.",
    "widget_note": "Answers go to the memory of this notebook and nowhere else. The notebook file holds none of them,"
    " unless you print them in a cell or save the state of widgets.",
    "REC_001": "This file is not a saved record. Choose a file that was saved from one of these tools.",
    "REC_002": "This record belongs to another tool: {found}. Open it there.",
    "REC_003": "This record was saved with version {found}; this is version {wanted}. Open it with the edition it was"
    " saved from, or copy the answers by hand.",
    "REC_004": "“{item}” has an answer that this form does not know.",
    "REC_005": "There is no question “{item}” in this form.",
    "REC_006": "This file is larger than a record can be. Choose a file that was saved from one of these tools.",
    "REC_007": "“{item}” has too many rows.",
    "REC_008": "What the file says under “{key}” cannot be read.",
    "REC_009": "The file has a part that this edition does not know: {key}. It is not kept when you save again.",
    "REC_010": "This record was to be kept until {date}. It is kept beyond its date: delete it, or decide anew.",
    "REC_011": "Saved with version {found}; this is version {wanted}. Answers carried over unchanged: {count}.",
    "REC_012": "“{to}” was another question before ({item}). Its answer came along: see whether it still fits.",
    "REC_013": "“{item}”: the answer {old} is now “{new}”. See whether it still fits.",
    "REC_014": "“{item}” is no longer asked. Its answer was left out; write it down if it is needed: {value}",
    "REC_015": "“{item}” is new in this version. Ask it if it applies.",
    "REC_016": "“{item}” does not take this answer. It was left out; write it down if it is needed: {value}",
    "SEA_001": "The passphrase is wrong, or the file was changed. Type it again, with the same capitals and spaces.",
    "SEA_002": "This file is locked in a way that this edition does not know. Open it with the edition it was saved from.",
    "SEA_003": "This locked file is damaged or not complete. Copy it again from where it was kept.",
    "SEA_004": "This locked file was not written by one of these tools, or it was changed. Ask for a new copy.",
    "SEA_005": "Type the passphrase that the file was saved with.",
    "SEA_006": "This file is larger than a locked record can be. Choose a file that was saved from one of these tools.",
    "SEA_007": "Here the browser cannot lock or unlock files: it can on pages that come by https or from disk."
    " Saving without a passphrase works.",
}


def words(locale: str = "", english: Mapping[str, str] = WORDS) -> Mapping[str, str]:
    """Return the words in a language; what its catalogue lacks stays in English.

    Parameters
    ----------
    locale : str
    english : mapping
        Which words; those of one surface alone lie beside its code, so that no page has to carry them.
    """
    found = catalogue(locale, DOMAIN)
    return {key: found.get(text, text) for key, text in english.items()} if found else english


@cache
def direction(language: str) -> str:
    """Return ``ltr`` or ``rtl`` for a language code.

    >>> direction("en"), direction("ar"), direction("pt_BR")
    ('ltr', 'rtl', 'ltr')
    """
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(language.replace("-", "_")).text_direction)
    except (UnknownLocaleError, ValueError):
        return "ltr"


_COMPARE: Final = {"==": "is", "!=": "is_not", "<": "less", "<=": "at_most", ">": "more", ">=": "at_least"}


def condition(tree: ex.Tree, instrument: Instrument) -> str:
    """Return a condition in words, for paper and for a page without scripts.

    Parameters
    ----------
    tree : tuple
        The tree of a condition.
    instrument : Instrument

    Returns
    -------
    str
        For example ``"“How old is the person?” is “Adult, 18 or over”"``.
    """
    said = words(instrument.locale)
    op = tree[0]
    if op in {"and", "or"}:
        parts = [(part[0], condition(part, instrument)) for part in tree[1:]]
        # Without brackets, "a and b or c" could be read in two ways.
        return f" {said[f'cond_{op}']} ".join(f"({text})" if inner in {"and", "or"} else text for inner, text in parts)
    if op == "not":
        return said["cond_not"].format(condition=condition(tree[1], instrument))
    if op == "cmp":
        left, right = _term(tree[2], instrument, tree[3]), _term(tree[3], instrument, tree[2])
        return f"{left} {said[f'cond_{_COMPARE[tree[1]]}']} {right}"
    if op == "answered":
        return said["cond_answered"].format(label=_label(tree[1], instrument))
    if op == "selected":
        answer = _answer(tree[1], tree[2], instrument)
        return said["cond_has"].format(label=_label(tree[1], instrument), answer=answer)
    return said["cond_always"] if tree == ("bool", True) else said["cond_never"]


def _label(name: str, instrument: Instrument) -> str:
    member = instrument.everything.get(name)
    text = instrument.repeats[name].title if member is None else member.label
    return f"“{text.rstrip('.')}”"


def _answer(name: str, code: str, instrument: Instrument) -> str:
    member = instrument.everything[name]
    return next((f"“{choice.label}”" for choice in member.choices if choice.code == code), code)


def _term(tree: ex.Tree, instrument: Instrument, other: ex.Tree) -> str:
    said = words(instrument.locale)
    op = tree[0]
    if op in {"ref", "prev"}:
        return _label(tree[1], instrument)
    if op == "str":
        return _answer(other[1], tree[1], instrument) if other[0] in {"ref", "prev"} else str(tree[1])
    if op in {"num", "date"}:
        return str(tree[1])
    if op == "count":
        return said["cond_count"].format(answer=_answer(tree[1][0], tree[2], instrument))
    if op == "rows":
        return said["cond_rows"].format(label=_label(tree[1], instrument))
    return said["cond_value"]

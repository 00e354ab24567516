"""The sheets of a country pack: what each column asks, how it is checked, an example.

The sheets are those a lawyer and a coordinator of the country can fill in a day. Every row says when it was checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tools.services.codes import folded
from tools.services.columns import Column

#: What may stand in a column that takes codes, with the words a reader sees, by the name of the list.
LISTS: Final[Mapping[str, Mapping[str, str]]] = {
    "yes-no": {"yes": "Yes", "no": "No"},
    "topics": {
        "main-law": "Main law", "identification": "Who identifies", "guidelines": "Guidelines and referral",
        "help": "Help in law", "stay": "Time to recover and stay", "not-punished": "Not punished",
        "compensation": "Compensation", "witnesses": "Witnesses and legal aid", "children": "Children",
        "labour": "Work and wages", "privacy": "Privacy", "return": "Return", "coordination": "Coordination",
        "other": "Other",
    },
    "tasks": {
        "identifies": "Identifies", "refers": "Refers and leads cases", "child-protection": "Protects children",
        "guardian": "Appoints guardians", "labour-inspection": "Inspects work", "police": "Police unit",
        "prosecution": "Prosecutes", "stay": "Decides on stay", "legal-aid": "Gives legal aid",
        "fund": "Pays from a fund", "health": "Leads on health", "consular": "Helps nationals abroad",
        "at-sea": "Acts at sea", "coordination": "Coordinates", "rapporteur": "Reports independently",
        "data-protection": "Protects data",
    },
    "periods": {
        "recovery": "Time to recover", "no-removal": "No removal", "permit": "Permit to stay",
        "first-help": "First help", "identification": "Decision on identification", "appeal": "Appeal against a decision",
        "criminal-claim": "Claim in criminal proceedings", "civil-claim": "Civil claim", "wage-claim": "Claim for wages",
        "fund-claim": "Application to a fund", "complaint": "Complaint about an offence", "guardian": "Appointment of a guardian",
        "child-interview": "First interview of a child", "data": "Keeping personal data",
    },
    "units": {"hours": "hours", "days": "days", "months": "months", "years": "years"},
    "limits": {"at-least": "at least", "usual": "usually", "at-most": "at most"},
    "ages": {
        "child": "A child is anyone under", "work": "Work", "light-work": "Light work", "hazardous-work": "Hazardous work",
        "marriage": "Marriage", "criminal": "Criminal responsibility", "medical": "Own consent to treatment",
        "statement": "Statement without a guardian",
    },
    "callers": {
        "anyone": "Anyone", "emergency": "Anyone in danger", "children": "Children", "women": "Women", "men": "Men",
        "workers": "Workers", "migrants": "Migrants", "crews": "Crews of vessels",
    },
    "spans": {"hour": "an hour", "day": "a day", "week": "a week", "month": "a month"},
}  # fmt: skip

_CHECKED: Final = Column("checked", "Checked on", "date", "When somebody last checked this row.", "2026-11-02", required=True)  # fmt: skip
_LAW: Final = Column("law", "Law and article", "text", "Where it stands.", "Labour Act, section 12", required=True)

COUNTRY: Final = (
    Column("name", "Country", "text", "Its name.", "Examplia", required=True),
    Column("code", "Country code", "country", "Two letters (ISO 3166). XA to XZ are free for exercises.", "XA", required=True),
    Column("currency", "Currency", "currency", "Three letters (ISO 4217).", "USD", required=True),
    Column("languages", "Languages", "languages", "Names or codes, with ; between them.", "English"),
    Column("publisher", "Prepared by", "text", "An office. Never a person's name.", "Example network", required=True),
    Column("prepared", "Prepared on", "date", "The day the pack was finished.", "2026-11-02", required=True),
    Column("due", "Next review", "date", "After this day the whole pack counts as old.", "2027-05-02", required=True),
    Column("fresh_days", "Fresh for (days)", "whole", "Hotlines last called longer ago are flagged. 180 if left empty.", "180"),
    Column("fictional", "Fictional", "code", "Yes for an exercise: every page then says so.", "No", "yes-no"),
    Column("note", "Note", "text", "One sentence for readers.", ""),
)  # fmt: skip

LAWS: Final = (
    Column("topic", "Topic", "code", "Choose from the list.", "Main law", "topics", required=True),
    Column("name", "Law", "text", "Its short name, with the year.", "Trafficking Act 2019", required=True),
    Column("article", "Article", "text", "As people quote it.", "section 4"),
    Column("words", "What it says", "text", "One or two short sentences of your own.", "Help starts on reasonable grounds.", required=True),
    Column("in_force", "In force since", "date", "The day it came into force.", "2019-07-01"),
    Column("source", "Where to read it", "text", "A web address, or the gazette.", "https://example.org/act", required=True),
    _CHECKED,
)  # fmt: skip

AUTHORITIES: Final = (
    Column("task", "Task", "code", "Choose from the list. One row for each task.", "Identifies", "tasks", required=True),
    Column("name", "Office", "text", "Its name, and the unit. Never a person's name.", "Anti-Trafficking Office", required=True),
    Column("area", "Area", "text", "Whole country, or the districts.", "Whole country"),
    Column("phone", "Phone", "phone", "An office line. Hotlines have a sheet of their own.", "+999 10 000 001"),
    Column("website", "Website", "url", "With https:// in front.", "https://example.org/office"),
    Column("note", "Note", "text", "When, how, with which form.", "Weekdays; asks for a referral slip."),
    _CHECKED,
)  # fmt: skip

PERIODS: Final = (
    Column("subject", "Which period", "code", "Choose from the list.", "Time to recover", "periods", required=True),
    Column("limit", "Kind", "code", "Choose from the list.", "at least", "limits", required=True),
    Column("amount", "How many", "whole", "A whole number.", "30", required=True),
    Column("unit", "Unit", "code", "Choose from the list.", "days", "units", required=True),
    Column("starts", "Counted from", "text", "What starts the clock.", "the decision on reasonable grounds", required=True),
    _LAW,
    Column("note", "Note", "text", "Exceptions.", ""),
    _CHECKED,
)  # fmt: skip

AGES: Final = (
    Column("subject", "Which age", "code", "Choose from the list.", "Work", "ages", required=True),
    Column("years", "Years", "age", "A whole number.", "15", required=True),
    _LAW,
    Column("note", "Note", "text", "Exceptions.", ""),
    _CHECKED,
)  # fmt: skip

HOTLINES: Final = (
    Column("name", "Hotline", "text", "As people know it.", "Example Line", required=True),
    Column("number", "Number", "phone", "As it is dialled inside the country.", "0999", required=True),
    Column("callers", "For whom", "code", "Choose from the list.", "Anyone", "callers", required=True),
    Column("languages", "Languages", "languages", "Spoken by staff; names or codes with ; between them.", "English", required=True),
    Column("hours", "When", "text", "Day and night, or the hours.", "Day and night", required=True),
    Column("free", "Free", "code", "Free from a mobile phone without credit?", "Yes", "yes-no", required=True),
    Column("nameless", "Without a name", "code", "Can people call without saying who they are?", "Yes", "yes-no"),
    Column("from_abroad", "From abroad", "phone", "The number from another country, if there is one.", "+999 10 000 999"),
    Column("note", "Note", "text", "What a caller should know. Who listens in, and whom they tell.", "The police do not listen in."),
    Column("checked", "Called on", "date", "When somebody last called it, and it was answered.", "2026-11-02", required=True),
)  # fmt: skip

WAGES: Final = (
    Column("area", "Where", "text", "Whole country, or the district.", "Whole country", required=True),
    Column("workers", "For whom", "text", "All workers, or the kind of work.", "All workers", required=True),
    Column("amount", "Amount", "amount", "Digits, with a point.", "2.50", required=True),
    Column("span", "Per", "code", "Choose from the list.", "an hour", "spans", required=True),
    Column("currency", "Currency", "currency", "Empty: that of the country.", ""),
    Column("hours", "Hours a week", "whole", "The hours the amount is for.", "48"),
    Column("since", "From", "date", "First day it holds.", "2026-01-01", required=True),
    Column("until", "Until", "date", "Last day; empty if it still holds.", ""),
    _LAW,
    _CHECKED,
)  # fmt: skip

PRESETS: Final = (
    Column("instrument", "Instrument", "text", "Its id, as in `python -m tools list`.", "coordination/action-plan", required=True),
    Column("item", "Item", "text", "Its id. In a table: table.1.item for row 1.", "cur", required=True),
    Column("answer", "Answer", "text", "A code, a number, a date or words. Several codes with ; between them.", "usd", required=True),
    Column("note", "Note", "text", "Why.", ""),
    _CHECKED,
)  # fmt: skip

SHEETS: Final = {
    "Country": COUNTRY, "Laws": LAWS, "Authorities": AUTHORITIES, "Periods": PERIODS, "Ages": AGES,
    "Hotlines": HOTLINES, "Wages": WAGES, "Presets": PRESETS,
}  # fmt: skip
"""The sheets, in their order. The first holds one value a line, the others one entry a row."""

HELP: Final = (
    ("What this is", "A country pack: one workbook with the laws, offices, periods and numbers of one country. It needs nothing but a spreadsheet program."),
    ("Who fills it in", "A lawyer of the country and a coordinator, together. One day is enough to begin."),
    ("Country", "Fill in the sheet Country first. Nothing else counts without it."),
    ("The other sheets", "One entry a row. A sheet you cannot fill stays empty: the pages then say that nothing is known."),
    ("Stars", "Columns with a star have to be filled. The grey rows below the heading explain, and show an example."),
    ("Checked on", "The day somebody read the law, or called the office. Do not copy an old date."),
    ("Hotlines", "Call each number first. Ask which languages, when, who listens in. An old number is flagged on every page."),
    ("Names", "Write offices, never the names of persons. No address of a shelter belongs here."),
    ("Presets", "Answers that are the same for everyone in the country, such as the currency. They become records that people open."),
    ("Check it", "python -m tools country check FILE lists what is wrong: sheet, row, column and what to do."),
    ("Use it", "COUNTRY_PACK=FILE make book puts the facts into the guides. python -m tools country records FILE writes the presets."),
)  # fmt: skip


def code(name: str, typed: str) -> str | None:
    """Return the code that somebody meant by a code or by its words, or nothing.

    >>> code("units", " Days "), code("periods", "Time to recover"), code("units", "weeks")
    ('days', 'recovery', None)
    """
    asked = folded(typed)
    return next((key for key, words in LISTS[name].items() if asked in (key, folded(words))), None)

"""The columns of the sheets that people fill in: what each asks, how it is checked, an example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tools.services.codes import folded


@dataclass(frozen=True)
class Column:
    """One column of a sheet.

    Attributes
    ----------
    key : str
        Its name in programs and in CSV files.
    label : str
        What stands above it.
    kind : str
        ``text``, ``code``, ``codes``, ``answer``, ``date``, ``age``, ``phone``, ``email``, ``url``, ``hours``,
        ``languages``, ``areas``, ``country`` or ``coordinate``.
    help : str
        What to write.
    example : str
    codes : str
        The code list, for ``code`` and ``codes``.
    required : bool
    """

    key: str
    label: str
    kind: str
    help: str
    example: str = ""
    codes: str = ""
    required: bool = False


def _answer(key: str, label: str, help: str, example: str = "Yes", *, required: bool = False) -> Column:
    return Column(key, label, "answer", help, example, "answers", required)


DAY_COLUMNS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

ORGANISATIONS: Final = (
    Column("name", "Name", "text", "The full name.", "Example Legal Aid", required=True),
    Column("other_name", "Other name", "text", "A short name or a name in another language.", "ELA"),
    Column("kind", "Kind", "code", "Choose from the list.", "Non-governmental organisation", "organisation-types"),
    Column("description", "What it does", "text", "One or two short sentences.", "Free lawyers for workers.", required=True),
    Column("email", "Email", "email", "An office address, not a person's.", "help@example.org"),
    Column("website", "Website", "url", "With https:// in front.", "https://example.org"),
)  # fmt: skip

SERVICES: Final = (
    Column("id", "Id", "text", "Leave empty. If there is one, keep it.", ""),
    Column("organisation", "Organisation", "text", "As on the sheet Organisations.", "Example Legal Aid", required=True),
    Column("name", "Service", "text", "A plain name.", "Help to get your wages", required=True),
    Column("types", "Kind of help", "code", "Choose from the list.", "Legal help", "types", required=True),
    Column("more_types", "More kinds of help", "codes", "Others from the list, with ; between them.", "Help with work and wages", "types"),
    Column("description", "What people get", "text", "Short sentences in plain words.", "A lawyer writes to the employer with you.", required=True),
    Column("status", "Status", "code", "Choose from the list.", "Open", "status", required=True),
    _answer("women", "Women", "Does it take women?", required=True),
    _answer("men", "Men", "Does it take men?", required=True),
    _answer("children", "Children", "Does it take children?", "No", required=True),
    _answer("families", "Families", "Can families stay or come together?"),
    _answer("lgbtiq", "LGBTIQ+ people", "Is it known to be safe for them?", "Not known"),
    _answer("foreigners", "Foreign nationals", "Does it take people from other countries?"),
    Column("minimum_age", "Lowest age", "age", "A whole number, or empty.", "18"),
    Column("maximum_age", "Highest age", "age", "A whole number, or empty.", ""),
    Column("eligibility", "Who can use it", "text", "One sentence.", "Anyone who works here, with or without papers.", required=True),
    Column("languages", "Languages", "languages", "Spoken by staff; names or codes with ; between them.", "English; Khmer", required=True),
    Column("interpreter", "Interpreter", "text", "Which languages, and how long it takes.", "By telephone, same day."),
    Column("areas", "Areas served", "areas", "Districts as on the sheet Areas, with ; between them; or All.", "All", required=True),
    Column("phone", "Phone", "phone", "With the code of the country.", "+999 10 000 000"),
    Column("phone_kind", "Kind of phone", "code", "Choose from the list.", "Telephone", "phone-types"),
    Column("phone_note", "Phone note", "text", "When, which languages, free or not.", "Free from mobile phones."),
    Column("phone2", "Phone 2", "phone", "A second number.", ""),
    Column("phone2_kind", "Kind of phone 2", "code", "Choose from the list.", "", "phone-types"),
    Column("phone2_note", "Phone 2 note", "text", "When, which languages, free or not.", ""),
    Column("email", "Email", "email", "An office address, not a person's.", "wages@example.org"),
    Column("website", "Website", "url", "With https:// in front.", "https://example.org/wages"),
    _answer("always", "Open day and night", "Yes fills all days.", "No"),
    *(
        Column(day, day.capitalize(), "hours", "09:00-17:00; two spans with ; between them; empty if closed.", "" if day[0] == "s" else "09:00-12:00; 13:00-17:00")
        for day in DAY_COLUMNS
    ),
    Column("hours_note", "Hours note", "text", "Holidays and the like.", "Closed on public holidays."),
    Column("cost", "Cost", "code", "Choose from the list.", "Free", "cost", required=True),
    Column("cost_note", "Cost note", "text", "What has to be paid.", ""),
    _answer("status_needed", "Victim status required", "Must the person be recognised as a victim?", "No"),
    _answer("id_needed", "Identification needed", "Must the person show papers?", "No"),
    Column("documents", "Papers to bring", "text", "Only what is needed.", "Payslips, if there are any."),
    _answer("referral_needed", "Referral needed", "Must another service send the person?", "No"),
    _answer("walk_in", "Come without an appointment", "Can people just come?"),
    Column("apply", "How to get it", "text", "The first step, in one sentence.", "Call, or come on a weekday.", required=True),
    _answer("step_free", "Step-free access", "From the street to the room."),
    _answer("sign_language", "Sign language", "Is there an interpreter?", "No"),
    Column("accessibility", "Access note", "text", "Toilets, lifts, transport.", "Ramp at the side door."),
    Column("setting", "Open or closed place", "code", "For places to stay: choose from the list.", "", "settings"),
    Column("alert", "Alert", "text", "Something that changes soon.", ""),
    Column("contact_role", "Ask for (a role)", "text", "A role such as duty lawyer. Never a name.", "Duty lawyer"),
    _answer("confidential", "Confidential location", "Yes: then leave the address empty.", "No", required=True),
    _answer("do_not_publish", "Do not publish", "Yes keeps the whole row out of everything.", "No"),
    Column("place_name", "Name of the place", "text", "A building people know.", "Market House"),
    Column("address", "Address", "text", "Street and number. Empty if confidential.", "1 Example Street"),
    Column("town", "Town", "text", "", "Exampleton"),
    Column("region", "Region or province", "text", "", ""),
    Column("postal_code", "Postal code", "text", "As text: zeros in front stay.", "00100"),
    Column("country", "Country", "country", "Two letters (ISO 3166), such as KH.", ""),
    Column("latitude", "Latitude", "coordinate", "Empty if not known or confidential.", ""),
    Column("longitude", "Longitude", "coordinate", "Empty if not known or confidential.", ""),
    Column("transport", "How to get there", "text", "Bus lines, landmarks.", "Bus 4 to Market House."),
    Column("assured_date", "Checked on", "date", "When the service itself confirmed the row.", "2026-11-02", required=True),
    Column("assurer", "Checked by (a role)", "text", "A role or an office. Never a name.", "Directory editor"),
    Column("note", "Note for editors", "text", "Never published.", "Called twice."),
)  # fmt: skip

ABOUT: Final = (
    Column("title", "Title", "text", "The name of the directory.", "Help in Examplia", required=True),
    Column("country", "Country", "text", "Its name.", "Examplia", required=True),
    Column("country_code", "Country code", "country", "Two letters (ISO 3166).", ""),
    Column("publisher", "Publisher", "text", "Who answers for it.", "Example network", required=True),
    Column("corrections", "Corrections to", "email", "Where people write when something is wrong.", "directory@example.org"),
    Column("language", "Language", "text", "The code of the language it is written in.", "en"),
    Column("note", "Note", "text", "One sentence for readers.", ""),
    _answer("fictional", "Fictional", "Yes for an exercise: every output then says so.", "No"),
)  # fmt: skip

AREAS: Final = (Column("name", "District", "text", "One district a row.", "North", required=True),)

#: Attributes of a service, by the key of their column.
TERMS: Final = {
    key: key.replace("_", "-")
    for key in (
        "women", "men", "children", "families", "lgbtiq", "foreigners", "status_needed", "id_needed",
        "referral_needed", "walk_in", "step_free", "sign_language", "confidential", "do_not_publish",
    )
}  # fmt: skip

SHEETS: Final = {"About": ABOUT, "Organisations": ORGANISATIONS, "Services": SERVICES, "Areas": AREAS}


def by_heading(columns: tuple[Column, ...], heading: str) -> Column | None:
    """Return the column that a heading means: its label, with or without the star, or its key.

    >>> by_heading(SERVICES, "  phone 2 *").key, by_heading(SERVICES, "hours_note").key
    ('phone2', 'hours_note')
    """
    asked = folded(heading.replace("*", " "))
    return next((c for c in columns if asked in (folded(c.label), c.key)), None)

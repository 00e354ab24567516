"""Every message a user can get: a code, plain words, where it is, and what to do next.

A message is a template. Code raises ``Problem("REC_002", name=value)``; tests compare codes and
fields, so that wording can improve without breaking them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Message:
    """One thing that can go wrong, in words for the person who meets it.

    Attributes
    ----------
    what : str
        What is wrong, as a template; ``{fields}`` are filled when it is raised.
    todo : str
        What to do next.
    """

    what: str
    todo: str


MESSAGES: Final[dict[str, Message]] = {
    # Instruments: finding and reading a definition
    "INS_001": Message(
        "There is no instrument called '{id}'.",
        "Check the spelling{near}. `python -m tools list` shows all of them.",
    ),
    "INS_002": Message(
        "This file cannot be read as YAML: {detail}.",
        "Look at the line named, and at the line before it: a missing colon, quote or indent is the usual cause.",
    ),
    "INS_003": Message("'{key}' is not a word the definition language knows{where}.", "Use one of: {known}."),
    "INS_004": Message("'{key}' is missing{where}.", "Add the line `{key}: …`."),
    "INS_005": Message("'{key}' has the wrong kind of value{where}: {detail}.", "Write {wanted}."),
    "INS_006": Message(
        "The id '{id}' is used more than once.",
        "Give each section, item, repeat, computed value and outcome an id of its own.",
    ),
    "INS_007": Message(
        "'{id}' cannot be an id: {detail}.",
        "Use lower-case letters, digits and underscores, starting with a letter, and not the name of a spreadsheet cell or of a function.",
    ),
    "INS_008": Message("The key '{key}' stands twice in the same place.", "Remove one of the two."),
    "INS_009": Message(
        "The field '{id}' asks for something that identifies a person ({detail}).",
        "Leave it out. A case code is enough.",
    ),
    "INS_010": Message("The id in the file, '{id}', does not match its place, '{place}'.", "Make the two the same."),
    # Expressions
    "EXP_001": Message(
        "The expression {text} cannot be read: {detail}.", "Correct it; docs: Reference, The definition language."
    ),
    "EXP_002": Message("{text} uses '{name}', which the expression language does not have.", "Use one of: {known}."),
    "EXP_003": Message(
        "{text} names '{name}', which is not an item or computed value here{near}.",
        "Correct the name, or define the value above the place where it is used.",
    ),
    "EXP_004": Message("{text} mixes kinds of values: {detail}.", "{wanted}."),
    "EXP_005": Message("{text} compares with '{code}', which is not an answer of '{name}'.", "Use one of: {known}."),
    "EXP_006": Message(
        "{text} puts `not` before a comparison with an answer; a question left out would then count as an answer.",
        'Write `== "no"`, or `not answered(…)`.',
    ),
    "EXP_007": Message("The values {chain} depend on each other in a circle.", "Break the circle."),
    "EXP_008": Message(
        "{text} compares a calculated number without rounding it; engines differ in the last digits.",
        "Write `round(…, 2)` around the calculation.",
    ),
    "EXP_009": Message(
        "{text} adds or compares amounts in different currencies ({detail}).",
        "Convert first: `convert(amount, rate)` in a computed value that names its currency.",
    ),
    "EXP_010": Message(
        "{text} uses '{name}' of the repeat '{repeat}' outside it.", "Use sum, min, max or count over it."
    ),
    # Records
    "REC_001": Message(
        "This file is not a saved record: {detail}.", "Choose a file that was saved from one of these tools."
    ),
    "REC_002": Message(
        "This record belongs to '{found}', not to '{wanted}'.", "Open it with the tool it was saved from: '{found}'."
    ),
    "REC_003": Message(
        "This record was saved with version {found}; this is version {wanted}.",
        "{advice}",
    ),
    "REC_004": Message("'{item}' cannot be '{value}': {detail}.", "{wanted}."),
    "REC_005": Message("There is no item '{item}' in '{instrument}'.", "Check the name{near}."),
    "REC_006": Message(
        "This file is larger than a record can be ({size}; the limit is {limit}).",
        "Choose a file that was saved from one of these tools.",
    ),
    "REC_007": Message("'{repeat}' has {rows} rows; at most {limit} are allowed.", "Use a second record for the rest."),
    "REC_008": Message("'{key}' of a saved file cannot be '{value}': {detail}.", "{wanted}."),
    "REC_009": Message(
        "The file has a part that this edition does not know: '{key}'.",
        "It is not kept when the record is saved again; keep the old file if you need it.",
    ),
    "REC_010": Message(
        "This record was to be kept until {date}: it is kept beyond its date.",
        "Delete it, or decide anew how long it is needed, and save it with that date.",
    ),
    "REC_011": Message(
        "This record was saved with version {found}; this is version {wanted}. Unchanged answers: {count}.",
        "Look over what is listed with it.",
    ),
    "REC_012": Message(
        "'{item}' is called '{to}' in this version; its answer came along.", "See whether it still fits."
    ),
    "REC_013": Message(
        "The answer '{old}' to '{item}' is '{new}' in this version.", "See whether it still fits what was said."
    ),
    "REC_014": Message(
        "'{item}' is no longer asked; its answer was left out: '{value}'.", "Write it down elsewhere if it is needed."
    ),
    "REC_015": Message("'{item}' is new in this version.", "Ask it if it applies."),
    "REC_016": Message(
        "The answer to '{item}' was left out: '{value}' ({detail}).", "Write it down elsewhere if it is needed."
    ),
    # Sealed files
    "SEA_001": Message(
        "The passphrase is wrong, or the file was changed.",
        "Type the passphrase again, with the same capitals and spaces. Nobody can recover a forgotten one.",
    ),
    "SEA_002": Message(
        "This file is not locked in a way that this edition knows: {detail}.",
        "Choose a file that was saved from one of these tools, or open it with the edition it was saved from.",
    ),
    "SEA_003": Message(
        "This locked file is damaged or not complete.",
        "Copy it again from where it was kept; sending it may have cut it off.",
    ),
    "SEA_004": Message(
        "This file asks for {found} rounds of work; from {low} to {high} are accepted.",
        "It was not written by one of these tools, or it was changed. Ask for a new copy.",
    ),
    "SEA_005": Message("The file is locked, and there is no passphrase.", "Give the passphrase it was saved with."),
    "SEA_006": Message(
        "This file is larger than a locked record can be ({size}; the limit is {limit}).",
        "Choose a file that was saved from one of these tools.",
    ),
    "SEA_007": Message(
        "Locked files need the library cryptography, which is not installed.",
        "Install it: `python -m pip install cryptography`.",
    ),
    # Evidence
    "EVI_001": Message(
        "There is no source with the key '{key}'{near}.", "Add it to book/references.bib, or correct the key."
    ),
    "EVI_002": Message("There is no statistic '{id}' in data/statistics/{near}.", "Add the file, or correct the name."),
    "EVI_003": Message("{detail}.", "Correct the row; every figure needs unit, population, place, year and source."),
    "EVI_004": Message("{detail}.", "Correct the row; the words a column takes stand in tools/catalogue.py."),
    "PRE_001": Message("{detail}.", "Correct the row; the words a column takes stand in tools/prevention.py."),
    # The library: the catalogue of publications
    "LIB_001": Message(
        "{detail}.", "Correct the row; the words a column takes stand in data/publications-vocabulary.csv."
    ),
    "LIB_002": Message("The library has no filter '{facet}'{near}.", "Use one of: {known}."),
    "LIB_003": Message(
        "No publication has '{value}' under {facet}{near}.", "`python -m tools library values` lists what there is."
    ),
    "LIB_004": Message(
        "'{choice}' is not a filter and a value.", "Write it as topics=shelter; known filters: {known}."
    ),
    "LIB_005": Message("A list of publications is not written as '{kind}'{near}.", "Use one or more of: {known}."),
    # Files that come in
    "FIL_001": Message(
        "This file is too large ({size}; the limit is {limit}).",
        "Choose a file that was saved from one of these tools.",
    ),
    "FIL_002": Message(
        "This file is not an Excel workbook: {detail}.",
        "Choose the workbook that was filled, saved as Excel (.xlsx).",
    ),
    "FIL_003": Message(
        "This workbook unpacks to far more than a filled form needs ({detail}), so it was not opened.",
        "Do not open it elsewhere unless you know who made it. Ask for the form again, or fill a fresh copy.",
    ),
    "FIL_004": Message(
        "This {name} holds {found}, which a filled form never does, so it was not opened.",
        "Do not open it elsewhere unless you know who made it. Copy the answers into a fresh copy of the form.",
    ),
    "FIL_005": Message(
        "This {name} is locked with a password, so it cannot be read.",
        "Open it in the program that locked it, and save a copy without the password. Delete that copy afterwards.",
    ),
    "FIL_006": Message(
        "This is {found}, which cannot be read.", "Open it, choose 'Save as', and save it as Excel workbook (.xlsx)."
    ),
    "FIL_007": Message(
        "This {name} is damaged, or was changed by hand.",
        "Open it in the program that made it, save it again, and choose the new file; or ask for it again.",
    ),
    "FIL_008": Message(
        "This PDF holds far more than a filled form needs ({detail}), so it was not read.",
        "Choose the form that was filled, saved from a PDF reader.",
    ),
    "FIL_009": Message(
        "'{id}' was filled in more than one place of this file.",
        "Keep the answers in one of the places, empty the others, save it, and open it again.",
    ),
    "FIL_010": Message(
        "The file is damaged or was changed: fields are missing from it, {count} in all ({names}).",
        "Compare the answers with the paper or with what the PDF reader shows.",
    ),
    "FIL_011": Message(
        "There is nothing in this PDF that can be read as an answer: it has no fields.",
        "A scan, a photo and 'print to PDF' keep only a picture. Open the form you filled and choose 'Save'; or type the answers in.",
    ),
    "FIL_012": Message(
        "This PDF has fields, but it is not one of our forms.",
        "Choose the PDF that was downloaded here and filled.",
    ),
    "FIL_013": Message(
        "This PDF holds {count} forms: {ids}.",
        "Say which of them to read, by its id; or fill the PDF of one form alone.",
    ),
    "FIL_014": Message(
        "'{value}' was not taken over: this edition has no field '{name}'.", "See whether it is asked elsewhere."
    ),
    "FIL_015": Message(
        "The result written by hand is not an answer, so it was not taken over: '{value}'.",
        "Keep the paper, or write it into the summary.",
    ),
    "FIL_016": Message("'{id}' was filled in the same file, and was not read.", "Read the file again for that form."),
    "FIL_017": Message("'{value}' was not taken over at '{where}': {detail}.", "{todo}"),
    "FIL_018": Message(
        "The file does not say in which version of the form it was filled; it was read as version {version}.",
        "Compare the answers with the file.",
    ),
    # XLSForm
    "XLF_001": Message(
        "Whether '{item}' applies depends on a value that in turn depends on '{item}' in the row before; KoboCollect cannot do that.",
        "Write the condition without that value, or without `prev`.",
    ),
    "XLF_002": Message(
        "The form for KoboToolbox and ODK has a fault: {detail}.",
        "Correct the definition where the message points; if it says that Java is missing, install it (Debian and Ubuntu: `sudo apt-get install default-jdk-headless`).",
    ),
    "FIL_019": Message(
        "This file is not a saved record, a filled workbook (.xlsx) or a filled PDF form.",
        "Choose a file that was saved from one of these tools, or a form that was downloaded here and filled.",
    ),
    # Estimates, linkage, bias and surveys
    "EST_001": Message(
        "{lists} lists cannot be used, or two of them have the same name.",
        "Give from 2 to {most} lists, each with a name of its own.",
    ),
    "EST_002": Message("'{history}' is no set of the lists that were named.", "Name lists of the table, at least one."),
    "EST_003": Message("'{value}' cannot be a count of people ({history}).", "Give a whole number of zero or more."),
    "EST_004": Message("Nobody stands on any list.", "Give the counts of people for each combination of lists."),
    "EST_005": Message(
        "The table has no column '{column}'.", "Give one column for each list (1 or 0), and the column '{column}'."
    ),
    "EST_006": Message(
        "Column '{column}': '{value}' cannot be used.",
        "Write 1 or 0 for a list, and a whole number of people. Rows for people on no list are left out.",
    ),
    "EST_007": Message("The table cannot be read as CSV: {detail}.", "Save it again as CSV, UTF-8."),
    "EST_008": Message(
        "{both} people on both lists cannot be right for lists of {first} and {second}.",
        "The overlap is at most the smaller list.",
    ),
    "EST_009": Message("'{level}' cannot be a confidence level.", "Give a number from 0.5 to below 1, such as 0.95."),
    "EST_010": Message("'{pair}' is no pair of lists of this table.", "Use two of: {known}."),
    "EST_011": Message(
        "{pairs} pairs of lists make {models} models; all of them are tried only up to {most}.",
        "Use the stepwise choice, or merge lists that belong to one chain of referral.",
    ),
    "EST_012": Message(
        "No model of these lists has an estimate.", "Publish the table of overlaps itself; it shows coordination."
    ),
    "EST_013": Message("'{value}' is no sex of the linkage key.", "Use one of: {known}."),
    "EST_014": Message(
        "The secret has {bytes} bytes; anybody could try them all.", "Make one of {least} bytes with `new_secret()`."
    ),
    "EST_015": Message("Key and project must not be empty.", "Name the project and its year, as in 'overlap 2026'."),
    "EST_016": Message(
        "{records} records and {keys} keys cannot be counted with.", "Give whole numbers; at least one key."
    ),
    "EST_017": Message("The records cannot be linked: {detail}.", "{todo}"),
    "EST_018": Message("'{name}' cannot be {value}.", "Give {wanted}."),
    # Case data
    "CAS_001": Message(
        "This is not the matrix of indicators: its first line is another.", "The first line must be {columns}."
    ),
    "CAS_002": Message("This row of the matrix cannot be used: {detail}.", "Correct the row."),
    "CAS_003": Message("There is no {column} '{value}'{near}.", "Use one of: {known}."),
    "CAS_004": Message(
        "'{value}' cannot be the threshold for small numbers.",
        "Give a whole number of 3 or more; 5 is what these tools use by themselves.",
    ),
    "CAS_005": Message(
        "Row {row} of the counts cannot be used: {detail}.", "Give whole numbers, rows of equal length."
    ),
    # Case data: trackers
    "CAS_010": Message(
        "This is not a table that can be read: {kind}.",
        "Give a frame of pandas, Polars, PyArrow or another that narwhals takes, or the name of a CSV or Excel file.",
    ),
    "CAS_011": Message(
        "The column '{column}' is missing{near}.", "Add it. The columns are: {known}; areas may be left out."
    ),
    "CAS_012": Message(
        "The column '{column}' is not one of a tracker{near}.",
        "Take it out, or correct its name. A tracker holds no names, addresses or notes.",
    ),
    "CAS_013": Message("Row {row}, column '{column}': nothing is filled in.", "Write {wanted}."),
    "CAS_014": Message("Row {row}, column '{column}': '{value}' cannot be used, because {detail}.", "Write {wanted}."),
    "CAS_015": Message(
        "Row {row}: this case, date and view stand already in row {other}.", "Keep one of the two rows."
    ),
    "CAS_016": Message(
        "Row {row}, column '{column}': '{value}' differs from '{other}' in row {other_row} of the same case.",
        "Correct one of the two; it is one fact about one case.",
    ),
    "CAS_017": Message("The table has no rows.", "Write one row for each review of each case."),
    "CAS_018": Message(
        "The column '{column}' stands twice.", "Keep one of the two, or rename the other and take it out."
    ),
    "CAS_020": Message(
        "Row {row}, column '{column}' holds a formula.", "Replace it with what it shows: copy, then paste as values."
    ),
    "CAS_030": Message(
        "This record holds no date of a review.", "Fill in the date of the next look together, and save it again."
    ),
    "CAS_031": Message("This record holds no {what}, so there is nothing to draw.", "Fill one in, and save it again."),
    "CAS_019": Message("The tracker has {rows} rows; at most {limit} are read.", "Split it by year or by office."),
    # The services directory
    "SLI_001": Message("There is no guide with chapters called '{guide}'.", "Use one of: {known}, or all."),
    "PAT_001": Message("{where}: {what}", "Correct the entry; CONTRIBUTING says how a role is added."),
    "STO_001": Message("{where}: {what}", "Correct the step; the head of the file says what a step holds."),
    "STO_002": Message(
        "There is no storyboard '{found}'{near}.", "The ids stand in data/storyboards.yml, behind 'id'."
    ),
    "QUI_001": Message(
        "'{item}' of {instrument} has {count} answers that count.", "Let exactly one choice add one to 'correct'."
    ),
    "SCO_001": Message(
        "The guide '{guide}' has no quiz.", "Write one in data/instruments/training/; CONTRIBUTING says how."
    ),
    "DIR_001": Message("'{label}' is empty.", "Fill it in: {help}"),
    "DIR_002": Message("'{value}' is not in the list of '{label}'{near}.", "Choose one of: {known}."),
    "DIR_003": Message("'{value}' in '{label}' is not a date.", "Write year-month-day, such as 2026-11-02."),
    "DIR_004": Message("The row was checked on {date}, which is after {as_of}.", "Correct the date."),
    "DIR_005": Message(
        "'{value}' in '{label}' is not an age.", "Write a whole number from 0 to 120, or leave it empty."
    ),
    "DIR_006": Message("The lowest age ({low}) is above the highest ({high}).", "Correct one of the two."),
    "DIR_007": Message(
        "'{value}' in '{label}' is not a telephone number.",
        "Write the code of the country and digits, such as +999 10 000 000; or a short number such as 117.",
    ),
    "DIR_008": Message(
        "'{value}' in '{label}' cannot be read as opening hours.",
        "Write 09:00-17:00; two spans with ; between them; 24h for day and night; nothing if closed.",
    ),
    "DIR_009": Message(
        "'{value}' in '{label}' is not an email address.", "Write one address, such as help@example.org."
    ),
    "DIR_010": Message(
        "'{value}' in '{label}' is not the address of a web page.", "Write it with https:// in front, without spaces."
    ),
    "DIR_011": Message(
        "'{value}' is not a language with a code{near}.",
        "Check the spelling. If it is right, leave it: it is kept by its name.",
    ),
    "DIR_012": Message(
        "'{value}' is not on the sheet Areas.", "Add the district there, or correct it here; All means every district."
    ),
    "DIR_013": Message(
        "'{name}' is not on the sheet Organisations, or has an error there.", "Add or correct it there."
    ),
    "DIR_014": Message(
        "The location is confidential, and '{label}' says where it is.",
        "Empty the cell. Keep the address somewhere safe, never in this file.",
    ),
    "DIR_015": Message(
        "'{label}' seems to hold a person's name.", "Write a role or an office instead, such as duty lawyer."
    ),
    "DIR_016": Message(
        "There is no telephone number and no email.", "Add one of them; nobody can use the row without."
    ),
    "DIR_017": Message(
        "The row was checked on {date}: more than six months before {as_of}.",
        "Call the service, and enter the new date.",
    ),
    "DIR_018": Message("It is not known when the row was checked.", "Call the service, and enter the date."),
    "DIR_019": Message(
        "This may be the same service as {other}: {why}.", "Compare the two. Delete one, or tell them apart by name."
    ),
    "DIR_020": Message("There is no hotline that is open.", "Add a number that people can call first."),
    "DIR_021": Message(
        "No open service of the kind '{kind}' says that it takes men.", "Ask the services, or look for one that does."
    ),
    "DIR_022": Message(
        "No open service serves the district '{area}'.", "Add one, or say on the page what to do there."
    ),
    "DIR_023": Message("No open service says that it takes men.", "Ask the services; men are trafficked, too."),
    "DIR_024": Message(
        "People cannot leave this place freely.",
        "Ask whether that is lawful and needed, and say so in the description.",
    ),
    "DIR_025": Message("The sheet '{sheet}' is missing.", "Start again from the template, and copy the rows into it."),
    "DIR_026": Message(
        "The column '{heading}' is not one of the template{near}, so it was not read.",
        "Correct the heading, or leave it: it stays in your file.",
    ),
    "DIR_027": Message("The column '{heading}' stands twice.", "Keep one of the two."),
    "DIR_028": Message("The column '{label}' is missing.", "Start again from the template, and copy the rows into it."),
    "DIR_029": Message("The id '{id}' is that of row {row}, too.", "Empty the id of the newer row."),
    "DIR_030": Message("The text in '{label}' is longer than {limit} signs.", "Shorten it."),
    "DIR_031": Message("'{value}' in '{label}' is not a coordinate.", "Write degrees, such as 11.55, or nothing."),
    "DIR_032": Message("'{value}' in '{label}' is not a country code.", "Write two letters, such as KH."),
    "DIR_033": Message("There are no services in this file.", "Fill in the sheet Services, one service a row."),
    "DIR_034": Message("The organisation '{name}' stands twice.", "Keep one of the two rows."),
    "DIR_035": Message("'{label}' holds a formula.", "Replace it with what it shows: copy, then paste as values."),
    "DIR_036": Message(
        "The location is confidential, and an address came with it.",
        "It is left out of everything that is published. Keep such a file for staff only, and locked.",
    ),
    "DIR_040": Message(
        "This holds no services directory that can be read.",
        "Choose a filled template (.xlsx), a table of services (.csv), or a package of the Human Services Data Specification (.json, .zip, or its folder).",
    ),
    "DIR_041": Message(
        "The package names the file '{path}', which is not in it.", "Add the file, if it should be there."
    ),
    "DIR_042": Message(
        "The package does not name this table '{path}'; it was read all the same.", "Name it in datapackage.json."
    ),
    "DIR_043": Message("'{column}' is empty, and the specification asks for it.", "Fill it in."),
    "DIR_044": Message("The id '{id}' is used twice in this table.", "Give one of the rows an id of its own."),
    "DIR_045": Message(
        "'{column}' leads to '{id}', which is not in the table {table}.", "Correct the id, or add the row."
    ),
    "DIR_046": Message("The id '{id}' is not a UUID.", "Keep it if others use it; new ids should be UUIDs."),
    "DIR_047": Message(
        "This cannot be read as JSON: {detail}.", "Ask for the file again, or save it again where it was made."
    ),
    "DIR_048": Message("'{value}' is not a word of the specification{near}.", "Use one of: {known}."),
    "DIR_049": Message(
        "The table '{table}' is from an older version of the specification.",
        "It is kept as it is. Since version 3.0 this stands in {instead}.",
    ),
    "DIR_050": Message("'{value}' is not {wanted}.", "Correct it; until then it is kept as it is."),
    "DIR_051": Message(
        "This table cannot be read: {detail}.", "Open it where it was made, and save it again as CSV (UTF-8)."
    ),
    "DIR_052": Message(
        "This package holds {found}, so it was not opened.", "Ask for the package again, from somebody you know."
    ),
    "DIR_053": Message("This package is too large ({detail}).", "Split it, or ask for a smaller one."),
    "DIR_060": Message(
        "Nothing was published: the file has {count} with errors.",
        "Mend what is listed above; or add --anyway to publish without those rows.",
    ),
    "DIR_061": Message("There is nothing that can be published.", "Mend what is listed above, then try again."),
    "DIR_062": Message(
        "The address of a confidential place stands in a text that would be published ({where}). Nothing was written.",
        "Take it out of that text.",
    ),
    "DIR_063": Message("There is no district '{area}'{near}.", "Use one of: {known}."),
    "DIR_065": Message(
        "The template holds less than a data package: columns and tables of its own, third numbers and the like are not in it.",
        "Keep the package, too.",
    ),
    "DIR_066": Message(
        "Left out, since they are confidential or not to be published: {count}.",
        "Ask for --with-confidential only for staff, and only as hsds-json or hsds-package.",
    ),
    "DIR_067": Message(
        "There is no {what} '{found}' in this directory{near}.",
        "Kinds stand in data/codelists/service-types.csv; districts and groups stand in the directory itself.",
    ),
    "DIR_064": Message(
        "The booklet would have {count} services; a PDF of that is not made.",
        "Choose a district with --area for its booklet as PDF, or print the web booklet.",
    ),
    # Charts
    "CHA_001": Message(
        "The chart '{slug}' does not state its {field}.", "Say it where the chart is made, in tools/charts/."
    ),
    # Treaties
    "LAW_001": Message("{detail}.", "Correct the cell; the words of each column stand in `tools/treaties.py`."),
    # Country packs
    "CTY_001": Message("'{label}' is empty.", "Fill it in: {help}"),
    "CTY_002": Message("'{value}' is not in the list of '{label}'{near}.", "Choose one of: {known}."),
    "CTY_003": Message("'{value}' in '{label}' is not a whole number.", "Write digits only, such as 30."),
    "CTY_004": Message(
        "'{value}' in '{label}' is not an amount.",
        "Write digits with a point and without spaces or commas, such as 1250.50.",
    ),
    "CTY_005": Message("'{value}' in '{label}' is not a currency.", "Write three letters (ISO 4217), such as USD."),
    "CTY_006": Message("The date {date} lies after {as_of}, the day that counts as today.", "Correct the date."),
    "CTY_007": Message("The review of the pack was due on {due}.", "Go through all rows, then set the next date."),
    "CTY_008": Message(
        "This number stands in row {row} already, for the same callers.",
        "Keep one of the two rows, with the later date.",
    ),
    "CTY_009": Message("It ends before it begins ({since}).", "Correct one of the two dates."),
    "CTY_010": Message(
        "The hotline was last called {days} days ago; after {limit} days it is flagged on every page.",
        "Call it, and enter today's date.",
    ),
    "CTY_011": Message(
        "This is no country pack that can be used: {detail}",
        "Fill in the sheet Country first. `python -m tools country template` writes an empty pack.",
    ),
    "CTY_012": Message(
        "There is no hotline in the pack.", "Add one that was called, or leave it: the pages then show no number."
    ),
    "CTY_013": Message(
        "Two amounts hold on the same days for the same workers; the other is in row {row}.",
        "Give the older one a last day.",
    ),
    "CTY_014": Message(
        "A child is said to be anyone under {years}; in the Trafficking Protocol it is 18.",
        "Keep it if the law says so. The guides go on treating everyone under 18 as a child.",
    ),
    "CTY_015": Message("The sheet '{sheet}' is missing.", "Start again from the template, and copy the rows into it."),
    "CTY_016": Message("The country pack has errors in {count}.", "Run `python -m tools country check {name}`."),
    "CTY_017": Message("A country pack has no '{what}'{near}.", "Use one of: {known}."),
    "CTY_018": Message("There are no presets in this pack.", "Fill in the sheet Presets, one answer a row."),
    # The command line
    "CLI_001": Message(
        "There is no file '{name}'.", "Check the name; `ls` shows what is in this folder. Put quotes around spaces."
    ),
    "CLI_002": Message("The file '{name}' cannot be read: {detail}.", "Choose another file, or allow reading it."),
    "CLI_003": Message(
        "'{name}' is there already{more}; nothing was written.",
        "Add --force to replace it, or choose another folder with --out.",
    ),
    "CLI_004": Message(
        "'{name}' cannot be written: {detail}. Nothing was written.", "Choose another place with --out."
    ),
    "CLI_005": Message(
        "The PDF of '{id}' has not been made on this machine.",
        "Run `make book` first, or leave pdf out of --to.",
    ),
    "CLI_006": Message(
        "The PDF of '{id}' comes from the built book and speaks its language.", "Leave out --lang, or pdf."
    ),
    "CLI_007": Message(
        "A passphrase is needed.",
        "Start the command in a terminal, or name the file that holds it with --passphrase-file.",
    ),
    "CLI_008": Message(
        "This needs the Python library '{library}', which is not installed.",
        "Run `make setup`, or `pip install -r requirements.txt`.",
    ),
    "CLI_009": Message(
        "The answers ended before the form did, and no file was named to keep them in; nothing was written.",
        "Name a file with --out: what was answered is then kept when the command stops.",
    ),
    "CLI_010": Message(
        "There is no form of the kind '{kind}'{near}.", "Use one or more of: {known}; with commas between them."
    ),
    # Forms in notebooks
    "WID_001": Message(
        "A record cannot be set from {kind}.",
        "Give a Record, or a mapping of item to answer, for example {{'{item}': '{answer}'}}.",
    ),
    "WID_002": Message(
        "The live form needs the library {library}, which was not found.",
        "Install it with `pip install anywidget`. Without it, `record`, `assessment` and `summary` work all the same.",
    ),
    # Workbooks
    "WBK_001": Message(
        "The answer to '{item}' cannot stand in a workbook: {detail}.", "Shorten it, or save a record instead."
    ),
    "WBK_002": Message("This workbook was not made by one of these tools: {detail}.", "Choose a workbook that was."),
    "WBK_003": Message(
        "The form in this workbook was changed: {detail}.",
        "Get a new workbook and copy the answers into it by hand.",
    ),
    "WBK_004": Message(
        "The answer to '{item}' ({place}) is '{value}' and was left out: {detail}.",
        "Look at the workbook, and answer it in the form.",
    ),
    # Building the book
    "BLD_001": Message(
        "The PDF editions need the library {library}, which was not found on this machine.",
        "On Debian or Ubuntu: `sudo apt-get install {packages}`. Elsewhere install Pango; then run `make book` again.",
    ),
    "BLD_002": Message(
        "The browser tests need Chromium, which was not found.",
        "On Debian or Ubuntu: `sudo apt-get install chromium`; or set CHROMIUM to the path of a Chrome or Chromium program.",
    ),
    "BLD_003": Message(
        "The font file {font} was not found.", "On Debian or Ubuntu: `sudo apt-get install {packages}`."
    ),
    "BLD_004": Message("The website was not found in {folder}.", "Run `make book` first."),
    "BLD_005": Message(
        "The tests of spreadsheets need LibreOffice Calc, which was not found.",
        "On Debian or Ubuntu: `sudo apt-get install libreoffice-calc`.",
    ),
    # Pages of the website
    "DAT_001": Message(
        "There is no data set '{name}'{near}.", "Use one of: {known}; or the name of a file that ends in .json."
    ),
    "DAT_002": Message(
        "The schema cannot be used: {detail}.",
        "Start from one of the files in data/schemas; they are Frictionless Table Schemas.",
    ),
    "DAT_003": Message(
        "This is no table that can be checked: {detail}.",
        "Give a pandas, Polars, DuckDB or Spark table; one without order needs the key of the schema.",
    ),
    "DAT_004": Message(
        "None of the columns belongs to the data set '{schema}'.",
        "Name the columns as the template does, such as {known}; or choose another data set with --schema.",
    ),
    "DAT_005": Message(
        "The file cannot be read beyond line {row}: {detail}.",
        "Look at this line in a text editor, or open the file in a spreadsheet and save it again as CSV (UTF-8).",
    ),
    "DAT_006": Message(
        "The file has no rows.", "Write the names of the columns in the first row, and one record in each row below."
    ),
    "DAT_007": Message("The file has more than {limit} {what}.", "Split it by year or by office, and check each part."),
    "DAT_008": Message("The workbook has no sheet '{sheet}'.", "Use one of: {known}."),
    "DAT_010": Message(
        "Row {row} has {found} cells, the head has {wanted}.",
        "Put quotation marks around cells that hold the separator; fill or remove what is too many.",
    ),
    "DAT_011": Message(
        "The column '{column}' is there more than once.",
        "Give each column its own name; only the first one was checked as '{column}'.",
    ),
    "DAT_012": Message(
        "Some lines are not in UTF-8; they were read as Windows letters (cp1252).",
        "Save the file again as CSV UTF-8, and look whether names of places are right.",
    ),
    "DAT_013": Message(
        "The file holds two encodings: most lines with accents are UTF-8, others are not.",
        "Parts of it came from different programs. Save each part as CSV UTF-8 before you join them.",
    ),
    "DAT_014": Message(
        "The cell begins like a formula: '{value}'.",
        "Write the value itself. A formula could run in the spreadsheet of whoever opens the file.",
    ),
    "DAT_015": Message("Column {number} has no name.", "Write a name into the first row, or remove the column."),
    "DAT_016": Message(
        "A cell is longer than {limit} characters; it was cut for this check.",
        "A field of a record is short. Look whether a quotation mark is missing in this row.",
    ),
    "DAT_020": Message(
        "The column '{column}' is needed and is not there.",
        "Add it; write 'unknown', 'refused' or 'not-asked' where there is no answer.",
    ),
    "DAT_021": Message(
        "The column '{column}' is not part of this data set{near}.",
        "Remove it if nobody needs it; it was only searched for what points to a person.",
    ),
    "DAT_022": Message("'{column}' is empty.", "Write {wanted}."),
    "DAT_023": Message(
        "'{column}' is not unique: values stand in more than one row ({values} of them), such as '{example}'.",
        "Look whether a record was entered twice; else give each record its own number.",
    ),
    "DAT_024": Message("'{value}' is no code of '{column}'{hint}{many}.", "Write {wanted}."),
    "DAT_025": Message(
        "'{value}' in '{column}' is a date in another order: {orders}{many}.",
        "Write year-month-day, such as 2026-11-02. Ask whoever typed it; do not guess the order.",
    ),
    "DAT_026": Message("'{value}' in '{column}' is no number{many}.", "Write {wanted}."),
    "DAT_027": Message("'{value}' in '{column}' is out of range{many}.", "Write {wanted}."),
    "DAT_028": Message("'{value}' in '{column}' does not have the right form{many}.", "Write {wanted}."),
    "DAT_029": Message("'{value}' in '{column}' names a code twice{many}.", "Name each code once."),
    "DAT_030": Message("'{value}' in '{column}' is no date{many}.", "Write {wanted}."),
    "DAT_031": Message("'{column}' is earlier than '{other}'.", "Correct the date that is wrong."),
    "DAT_032": Message("'{column}' is lower than '{other}'.", "Correct the number that is wrong."),
    "DAT_033": Message("'{column}' lies in the future (after {today}).", "Correct the date."),
    "DAT_034": Message("'{column}' is before the year in '{other}'.", "Correct the date or the year."),
    "DAT_035": Message(
        "'{column}' does not fit '{other}' and '{on}'.", "Correct the age, the year of birth or the date."
    ),
    "DAT_036": Message("'{column}' is empty although {because}.", "Write {wanted}."),
    "DAT_037": Message("'{column}' is filled in although {because}.", "Empty it, or correct the other field."),
    "DAT_038": Message("'{column}' is not among '{lists}'.", "Correct one of them, so that they agree."),
    "DAT_039": Message("'{value}' in '{column}' joins codes that exclude each other.", "Keep the one that is true."),
    "DAT_040": Message(
        "The column '{column}' seems to name a person directly.",
        "Remove it before the file leaves the case file. A record number is enough.",
    ),
    "DAT_041": Message(
        "Cells of '{column}' seem to hold {found}.",
        "Take it out. Free text is where names and numbers leak most often.",
    ),
    "DAT_042": Message(
        "'{parts}' come to another number than '{column}' allows.",
        "Count again; parts cannot be more than their whole.",
    ),
    "DAT_043": Message(
        "{count} values of '{column}' stand for records that differ in '{fields}'.",
        "A person must look: the key is wrong, the field is wrong, or these are two persons.",
    ),
    "DAT_050": Message("There is no column '{column}'{near}.", "Use a column of the file; `data check` lists them."),
    "DAT_051": Message(
        "No quasi-identifier is named, and the schema proposes none that is there.",
        "Name them with --quasi, with commas between.",
    ),
    "DAT_052": Message(
        "The columns cannot be used together.",
        "Name at most {limit} quasi-identifiers, and keep the sensitive column out of them.",
    ),
    "DAT_053": Message("'{value}' cannot be used for {what}.", "Write {wanted}."),
    "DAT_054": Message(
        "The data set has {rows} records; groups of {k} cannot be made.",
        "Use a smaller k, or publish counts instead of records.",
    ),
    "DAT_055": Message(
        "The data set was not made: counted anew, a group is smaller than {k}.",
        "Leave out one of the columns, or publish counts instead. Please tell us; this should not happen.",
    ),
    "DAT_060": Message(
        "The table cannot be attacked: {detail}.",
        "Look at its numbers; a total is the sum of its parts. Split a large table.",
    ),
    "DAT_061": Message(
        "The table would have {rows} rows and {columns} columns; at most {limit} cells are made.",
        "Make a column coarser, such as citizenship:region, age:band or registered_on:year.",
    ),
    "DAT_062": Message(
        "The table was not made: an attack on it still finds a hidden number.",
        "Make a column coarser, such as age:band, or ask for the totals only. Please tell us; this should not happen.",
    ),
    "DAT_070": Message(
        "The data set '{schema}' has no crosswalk to the public file.",
        "Only victim-centred data can be turned into it.",
    ),
    "DAT_071": Message("None of the columns has a place in the public file.", "It takes {known}."),
    "DAT_072": Message(
        "None of the columns is one of the public file of CTDC.",
        "Check that the first line names columns such as {known}.",
    ),
    "AGR_001": Message(
        "{raters} raters and {cases} cases that all of them rated are too few.",
        "Let at least two people rate the same two cases or more.",
    ),
    "AGR_002": Message(
        "Rater {rater} rated the case {case} twice.", "Keep one line for each case and rater; delete the other."
    ),
    "AGR_003": Message(
        "{sign}: {found} is no vote of a room.",
        "Give three whole numbers from 0 to {most}: groups that say yes, no, and not known.",
    ),
    "AGR_004": Message(
        "'{sign}' is no question of '{form}' that a room can vote on{near}.",
        "Take the id of a question whose answers are yes, no and not known.",
    ),
    "AGR_005": Message(
        "There is no composite case '{case}'{near}.", "The ids stand in data/composite-cases.yml, behind 'id'."
    ),
    "AGR_006": Message(
        "The case '{case}' is for the form '{form}', which has nothing to vote on.",
        "Choose a case whose form asks for yes, no and not known, such as 'trawler-debt'.",
    ),
    "CMP_001": Message(
        "data/composite-cases.yml, case {case}: {detail}.",
        "Write it with the keys and the words of the cases beside it.",
    ),
    "DAT_073": Message(
        "{records} records are too few to make others after them; at least {least} are needed.",
        "Publish a table instead: python -m tools data table.",
    ),
    "DAT_074": Message(
        "{column} cannot be in made-up records: {why}.",
        "Choose other columns, or make it coarser, such as registered_on:year, age:band, citizenship:region.",
    ),
    "DAT_075": Message(
        "An epsilon of {epsilon} with {length} columns together is no bound that can be used.",
        "Take an epsilon above 0, at most {most}, and 2 to 4 columns together.",
    ),
    "DAT_076": Message(
        "The library pac-synth is missing.", "Run `make setup`, or install it: pip install pac-synth==0.0.8."
    ),
    "PAG_001": Message(
        "The page '{page}' holds a script or a style of its own, which the site's policy refuses: {detail}.",
        "Take it out. What a page does belongs into a file beside the code that needs it, in a folder called static.",
    ),
    "PAG_002": Message(
        "The page '{page}' loads '{address}' from another site.",
        "Put the file into book/figures and name it there; or link to it instead of showing it.",
    ),
    "PAG_003": Message(
        "The line `{field}: {value}` at the top of the page cannot be read: {detail}.", "Write {wanted}."
    ),
    # Remedies: working out loss
    "REM_001": Message(
        "{row}: '{found}' is not a number or a day.", "Write digits with a point, and days as 2026-11-25."
    ),
    "REM_002": Message("{row}: {name} is below nothing ({found}).", "Write amounts and hours from 0 upwards."),
    "REM_003": Message("{row} ends on {end}, before it starts on {start}.", "Correct one of the two days."),
    "REM_004": Message("{row}: the currency '{found}' is not known here.", "Use one of {known}."),
    "REM_005": Message(
        "{one} and {two} share a day ({day}).", "Let the later one begin on the day after; pay for a day counts once."
    ),
    "REM_006": Message("{row}: {found} hours are more than {unit} has ({most}).", "Correct the hours."),
    "REM_007": Message(
        "{row}: there is no rate from {code} to {base}.",
        "Write how many units of {code} one unit of {base} cost on that day, with the source; it is never taken as 1.",
    ),
    "REM_008": Message("There is no method '{found}'.", "Use one of {known}."),
    "REM_009": Message(
        "'{found}' is no schedule of loss and no loss worksheet.",
        "Open the form remedies/loss-schedule, fill it in, and save it.",
    ),
    "REM_010": Message(
        "No schedule is made: {title}.", "Open the form, mend the rows that say Wrong, and save it again."
    ),
    "REM_011": Message("{count} forms were named, and one file to write.", "Name one form, or leave out --out."),
    "REM_012": Message(
        "data/loss-methods.yml, {where}: {detail}.",
        "Write it as the sums beside it; the first lines of the file say how.",
    ),
}


class Problem(Exception):  # noqa: N818 - the word the messages use
    """A fault the user can mend, with its place and its remedy.

    Parameters
    ----------
    code : str
        A key of :data:`MESSAGES`.
    file, line : str, int, optional
        Where the fault lies.
    **fields
        Values for the template.
    """

    def __init__(self, code: str, /, *, file: str | None = None, line: int | None = None, **fields: object) -> None:
        self.code = code
        self.file = file
        self.line = line
        self.fields = fields
        super().__init__(str(self))

    @property
    def what(self) -> str:
        """What is wrong, in one sentence."""
        return MESSAGES[self.code].what.format(**self.fields)

    @property
    def todo(self) -> str:
        """What to do next."""
        return MESSAGES[self.code].todo.format(**self.fields)

    def __str__(self) -> str:
        place = "" if self.file is None else self.file + (f", line {self.line}" if self.line else "") + ": "
        return f"{place}{self.what} {self.todo} [{self.code}]"


@contextmanager
def in_file(name: str) -> Iterator[None]:
    """Let a fault inside say the file it lies in, unless it names one already."""
    try:
        yield
    except Problem as problem:
        problem.file = problem.file or name
        raise


def near(word: str, known: object) -> str:
    """Return a hint such as ``" (did you mean 'wages'?)"``, or nothing.

    >>> near("wagse", ["wages", "hours"])
    " (did you mean 'wages'?)"
    >>> near("xyz", ["wages", "hours"])
    ''
    """
    from difflib import get_close_matches

    found = get_close_matches(word, [str(k) for k in known], n=1)  # type: ignore[attr-defined]
    return f" (did you mean '{found[0]}'?)" if found else ""

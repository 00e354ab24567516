"""The words around a directory of services, in one place so that they can be translated.

People who were trafficked read them, on a phone or on paper: short words, short sentences, reading grade 6 or lower. A
test holds the grade.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from tools.instruments.translation import catalogue

DOMAIN: Final = "directory"

WORDS: Final[dict[str, str]] = {
    "access": "Getting in",
    "access_sign": "They can sign.",
    "access_steps": "There are steps.",
    "access_step_free": "No steps.",
    "age_both": "Age {low} to {high}.",
    "age_from": "Age {low} and over.",
    "age_to": "Up to age {high}.",
    "alert": "Please note",
    "all_areas": "Every district",
    "any": "Any",
    "any_area": "Any place",
    "ask_for": "Ask for: {role}.",
    "bring": "What to bring",
    "call_first": "Help lines: call first",
    "card_fictional": "Practice card. These numbers are made up.",
    "card_outside": "Notes",
    "checked": "Checked on {date}.",
    "clear": "Show all",
    "closed_for_now": "Closed for now.",
    "closed_now": "Closed now",
    "contents": "What is in this book",
    "corrections": "Is something wrong here? Write to {email}.",
    "cost": "Cost",
    "count_none": "Nothing fits. Take one choice away, or call a help line.",
    "count_one": "1 service fits.",
    "count": "{count} services fit.",
    "every_day": "Every day, day and night.",
    "fictional": "This is a practice copy. The country, the offices and the phone numbers are made up. Do not call them.",
    "filter": "Find help near you",
    "how": "How to get it",
    "languages": "Languages",
    "legend_clock": "“Open now” goes by the clock of this device.",
    "made_by": "Made by {publisher}, {date}.",
    "need": "What do you need?",
    "no_names": "Nothing you choose here is saved or sent.",
    "no_script": "Scripts are off, so the choices do not show. All services are listed below.",
    "not_checked": "Not checked for six months. Call before you go.",
    "open": "Open",
    "open_now": "Open now",
    "open_only": "Only what is open now",
    "phone": "Phone",
    "email": "Email",
    "place": "Where do you live or stay?",
    "questions": "Questions and answers",
    "rights": "Your rights",
    "search": "Search for a word",
    "secret_place": "The place is secret, so that all are safe. Call first. They tell you how to come.",
    "services": "Services",
    "services_in": "Help in {area}",
    "services_everywhere": "Help in every district",
    "speak": "Which language do you speak?",
    "thanks": "These words follow the definition in the United Nations Protocol of 2000.",
    "website": "Website",
    "what": "What is trafficking?",
    "where": "Where",
    "who": "Who is it for?",
    "who_for": "For",
    "mo": "Monday", "tu": "Tuesday", "we": "Wednesday", "th": "Thursday", "fr": "Friday", "sa": "Saturday", "su": "Sunday",
    "day_to_day": "{first} to {last}",
    "and": "and",
}  # fmt: skip

#: What the booklet says before it lists services. Each part: its title, then paragraphs; ``-`` begins a point of a list.
WHAT: Final[tuple[str, ...]] = (
    "Trafficking is a crime. It means that someone uses you to make money.",
    "They may find you a job, move you, hide you or keep you. They may use force, lies, threats or debt.",
    "Then they make you work, beg, steal, fight, marry or have sex.",
    "It happens to women, men and children. It happens in farms, on boats, in homes, in factories and in hotels.",
    "It can happen in your own country. You do not have to cross a border.",
    "A child does not need to be forced or lied to. It is always a crime.",
    "Some signs are:",
    "- Someone keeps your papers or your phone.",
    "- You get no pay, or much less than you were told.",
    "- You must pay off a debt that never ends.",
    "- You cannot leave, or you are watched.",
    "- Someone hits you, or says they will hurt you or your family.",
    "It is not your fault.",
)
RIGHTS: Final[tuple[str, ...]] = (
    "The law is not the same in each country. A lawyer can tell you about the law here.",
    "You can ask for these things:",
    "- A safe place to stay, food and clothes.",
    "- A doctor, and someone to talk to.",
    "- A lawyer, and someone who speaks your language.",
    "- Time to rest and think before you decide.",
    "- Your pay, and money for the harm done to you.",
    "- That your name and your story stay private.",
    "- Help to go home safely, if you want to go.",
    "You can say no to any help. You can change your mind and come back.",
    "You can ask who will see what you say. You can ask them to stop.",
    "If you are under 18, you can ask for a guardian. A guardian is an adult who looks out for you.",
)
QUESTIONS: Final[tuple[tuple[str, str], ...]] = (
    ("I said yes to the job. Can I still get help?", "Yes. You did not say yes to being used or cheated."),
    ("I have no papers. Can I still call?", "Yes. You do not need papers to call a help line. You do not have to say your name."),
    ("Do I have to talk to the police?", "Ask the service before you tell your story. A lawyer can tell you what the police must do, and what you can choose."),
    ("Will they tell my family or my boss?", "Tell them who must not know. Ask what they will keep private."),
    ("I broke a rule or a law while I was there. What now?", "Talk to a lawyer first. In many lands the law can protect people who were forced."),
    ("I am a man. Is there help for me?", "Yes. Look for services that take men. A help line can find one."),
    ("My child was used, too. Who helps?", "Call the help line for children, or any service that takes children."),
    ("Will they send me home?", "Ask a lawyer. In many lands you can ask for time to stay. Do not sign a paper that you cannot read."),
    ("What if I am in danger now?", "Go to a place with other people if you can. Call the police or a help line. Say where you are."),
)  # fmt: skip


def texts() -> tuple[str, ...]:
    """Return every text of this module, for those who translate."""
    return tuple(dict.fromkeys((*WORDS.values(), *(text.removeprefix("- ") for text in (*WHAT, *RIGHTS)), *(text for pair in QUESTIONS for text in pair))))  # fmt: skip


@cache
def words(locale: str = "") -> Mapping[str, str]:
    """Return the words in a language; what is not translated stays in English."""
    known = catalogue(locale, DOMAIN) if locale not in ("", "en") else {}
    return {key: known.get(text, text) for key, text in WORDS.items()}


def translated(text: str, locale: str = "") -> str:
    """Return one of the texts of the booklet in a language, or as it is."""
    return catalogue(locale, DOMAIN).get(text, text) if locale not in ("", "en") else text

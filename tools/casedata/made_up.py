"""Made-up cases for teaching and for tests. No real person stands behind any of them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from tools.casedata.schema import Schema

COUNTRIES: Final = ("AL", "BD", "BR", "GH", "ID", "KE", "MD", "MM", "NG", "NP", "PH", "RO", "RS", "TH", "UA", "VN")
_START: Final = dt.date(2021, 1, 1)
_DAYS: Final = 365 * 5


def _pick(dice: random.Random, choices: Mapping[str, float]) -> str:
    return dice.choices(list(choices), weights=list(choices.values()))[0]


def victim(dice: random.Random, number: int) -> dict[str, str]:
    """Return one made-up record of the victim-centred data set that keeps every rule.

    Parameters
    ----------
    dice : random.Random
    number : int
        Makes the number of the record.
    """
    noticed = _START + dt.timedelta(days=int(_DAYS * dice.random() ** 0.9))
    entered = noticed + dt.timedelta(days=min(400, int(dice.expovariate(1 / 6))))
    age = min(75, max(6, int(dice.gauss(27, 10))))
    form = _pick(dice, {"labour": 46, "sexual": 34, "criminal": 9, "begging": 5, "marriage": 3, "servitude": 3})
    sex = _pick(dice, {"female": 88, "male": 11, "other": 1} if form in ("sexual", "marriage") else {"female": 38, "male": 61, "other": 1})  # fmt: skip
    sector = (
        _pick(dice, {"a": 24, "c": 16, "f": 22, "i": 13, "t": 20, "s": 5}) if form in ("labour", "servitude") else ""
    )
    citizen = dice.choice(COUNTRIES[:6] if dice.random() < 0.55 else COUNTRIES)
    cross = dice.random() < 0.6
    country = dice.choice([one for one in ("GB", "IT", "MY", "RS", "TH", "AE") if one != citizen]) if cross else citizen
    months = 1 + int(dice.expovariate(1 / 14))
    begun = noticed - dt.timedelta(days=30 * months + dice.randrange(30))
    status = _pick(dice, {"identified": 55, "presumed": 25, "potential": 14, "declined": 6})
    helped = noticed + dt.timedelta(days=1 + int(dice.expovariate(1 / 8)))
    closed = helped + dt.timedelta(days=90 + dice.randrange(500))
    is_closed = closed < _START + dt.timedelta(days=_DAYS)
    control = dice.sample(["debt-bondage", "takes-earnings", "threats", "restricts-movement", "withholds-documents",
                           "false-promises", "physical-abuse", "excessive-working-hours"], dice.randrange(1, 4))  # fmt: skip
    offered = dice.sample(["shelter", "medical", "psychosocial", "legal", "economic"], dice.randrange(1, 5))
    birth = entered.year - age - (dice.random() < 0.5)
    return {
        "record_id": f"SYNTHETIC-{number:07d}", "organisation": f"ORG-{1 + int(6 * dice.random() ** 1.6)}",
        "organisation_type": dice.choice(["ngo", "ngo", "social-health", "police"]),
        "registered_on": entered.isoformat(), "information_source": dice.choice(["told", "told", "document", "inferred"]),
        "consent": dice.choice(["service", "service;referral", "service;referral;research"]),
        "sex": sex, "birth_year": str(birth), "age": str(age), "age_basis": dice.choice(["document", "stated"]),
        "citizenship": citizen, "education": dice.choice(["isced-1", "isced-2", "isced-3", "unknown", ""]),
        "age_recruited": str(max(0, age - months // 12 - dice.randrange(2))), "recruitment_country": citizen,
        "recruiter_relationship": _pick(dice, {"acquaintance": 30, "stranger": 28, "friend": 16, "family": 12, "intimate-partner": 9, "unknown": 5}),
        "act": "recruit", "means": dice.choice(["deception", "deception;vulnerability", "fraud", "coercion"]),
        "movement": "cross-border" if cross else "domestic", "exploitation_country": country,
        "exploitation_start": f"{begun:%Y-%m}", "exploitation_end": f"{noticed:%Y-%m}", "forms": form, "main_form": form,
        "sector": sector, "control": ";".join(control), "exit": dice.choice(["escape", "raid", "ngo", "family", "inspection"]),
        "status": status, "status_body": "police" if status == "identified" else "",
        "status_on": entered.isoformat() if status == "identified" else "", "identified_on": noticed.isoformat(),
        "assisted_on": helped.isoformat(), "services_offered": ";".join(offered), "services_accepted": offered[0],
        "guardian": "appointed" if age < 18 else "not-needed", "closed_on": closed.isoformat() if is_closed else "",
        "closure_reason": dice.choice(["goals-reached", "moved", "lost-contact", "withdrew"]) if is_closed else "",
    }  # fmt: skip


def defendant(dice: random.Random, number: int) -> dict[str, str]:
    """Return one made-up record of the criminal-justice data set that keeps every rule."""
    opened = _START + dt.timedelta(days=dice.randrange(_DAYS - 700))
    entered = opened + dt.timedelta(days=dice.randrange(30))
    women, men = dice.randrange(5), dice.randrange(5)
    stage = _pick(dice, {"suspected": 45, "prosecuted": 25, "convicted": 24, "acquitted": 6})
    charged = opened + dt.timedelta(days=30 + dice.randrange(200))
    brought = charged + dt.timedelta(days=20 + dice.randrange(120))
    judged = brought + dt.timedelta(days=60 + dice.randrange(300))
    tried = stage in ("convicted", "acquitted")
    convicted = stage == "convicted"
    return {
        "defendant_id": f"SYNTHETIC-{number:07d}", "case_id": f"C{number // 2:06d}", "organisation": f"AGY-{1 + dice.randrange(4)}",
        "organisation_type": "court" if tried else "police", "registered_on": entered.isoformat(),
        "opened_on": opened.isoformat(), "trigger": dice.choice(["complaint", "proactive", "referral", "foreign-request"]),
        "victims": str(women + men), "victims_female": str(women), "victims_male": str(men),
        "victims_children": str(dice.randrange(women + men + 1) // 2), "offence": "trafficking", "article": "100",
        "forms": dice.choice(["labour", "sexual", "criminal", "labour;servitude"]), "offence_country": dice.choice(COUNTRIES),
        "sex": _pick(dice, {"male": 62, "female": 38}), "age": str(min(80, max(16, int(dice.gauss(38, 11))))),
        "citizenship": dice.choice(COUNTRIES[:5] if dice.random() < 0.6 else COUNTRIES), "kind": "person",
        "roles": dice.choice(["recruiter", "exploiter", "transporter;harbourer", "recruiter;exploiter"]),
        "organised": dice.choice(["alone", "with-others", "group", "unknown"]),
        "investigated_from": opened.isoformat(), "financial_investigation": dice.choice(["yes", "no", "no", "unknown"]),
        "investigation_outcome": "ongoing" if stage == "suspected" else "charged",
        "charged_on": "" if stage == "suspected" else charged.isoformat(),
        "prosecuted_on": "" if stage == "suspected" else brought.isoformat(), "stage": stage,
        "judged_on": judged.isoformat() if tried else "", "verdict": stage if tried else "",
        "sanctions": "custodial" if convicted else "", "prison_months": str(12 + dice.randrange(120)) if convicted else "",
        "compensation_ordered": str(dice.choice([0, 0, 2000, 5000])) if convicted else "",
        "compensation_paid": "0" if convicted else "",
    }  # fmt: skip


_MAKERS: Final[Mapping[str, Callable[[random.Random, int], dict[str, str]]]] = MappingProxyType(
    {"victim-centred": victim, "criminal-justice": defendant}
)


def rows(schema: Schema, size: int, seed: int = 1) -> list[dict[str, str]]:
    """Return made-up records; the same seed gives the same ones.

    >>> from tools.casedata.schema import load
    >>> len(rows(load("victim-centred"), 3)), rows(load("victim-centred"), 1)[0]["record_id"]
    (3, 'SYNTHETIC-0000001')
    """
    dice = random.Random(seed)  # noqa: S311 - made-up cases, no secret
    return [_MAKERS[schema.name](dice, number) for number in range(1, size + 1)]


def columns(schema: Schema, made: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the columns that made-up records fill, in the order of the schema."""
    return tuple(one.name for one in schema.fields if one.name in made[0])

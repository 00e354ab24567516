"""The tables of the Human Services Data Specification 3.0: names, files, keys, and what each has to say.

Names of fields and files are facts; every word here is ours. Specification: Human Services Data Specification, an
Open Referral resource, https://openreferral.org/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Spec:
    """One table.

    Attributes
    ----------
    name, plural : str
        The table; the property that holds a list of it in nested JSON.
    file : str
    required : tuple of str
        What every row of a data package has to fill.
    parents : tuple of str
        Tables its rows may belong to; the key is the name of the table with ``_id``.
    one_of : tuple of str
        Tables a row points to; nested in it as one object.
    nested_required : tuple of str
        What every object of nested JSON has to fill.
    """

    name: str
    plural: str
    file: str
    required: tuple[str, ...]
    parents: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    nested_required: tuple[str, ...] = ("id",)


_ANY: Final = ("service_at_location", "service", "location", "organization")
_SPECS: Final = (
    Spec("organization", "organizations", "organizations.csv", ("id", "name", "description"), nested_required=("id", "name", "description")),
    Spec("program", "programs", "programs.csv", ("id", "organization_id", "name", "description"), ("organization",), nested_required=("id", "name", "description")),
    Spec("service", "services", "services.csv", ("id", "organization_id", "name", "status"), ("organization",), ("organization", "program"), ("id", "name", "status")),
    Spec("service_at_location", "service_at_locations", "service_at_location.csv", ("id", "service_id", "location_id"), ("service",), ("service", "location")),
    Spec("location", "locations", "locations.csv", ("id", "location_type"), ("organization",), nested_required=("id", "location_type")),
    Spec("address", "addresses", "addresses.csv", ("id", "address_1", "city", "state_province", "postal_code", "country", "address_type"), ("location",), nested_required=("id", "address_1", "city", "state_province", "postal_code", "country", "address_type")),
    Spec("phone", "phones", "phones.csv", ("id", "number"), ("contact", *_ANY), nested_required=("id", "number")),
    Spec("contact", "contacts", "contacts.csv", ("id",), _ANY),
    Spec("schedule", "schedules", "schedules.csv", ("id",), ("service_at_location", "service", "location")),
    Spec("language", "languages", "languages.csv", ("id",), ("phone", "service", "location")),
    Spec("accessibility", "accessibility", "accessibility.csv", ("id",), ("location",)),
    Spec("required_document", "required_documents", "required_documents.csv", ("id",), ("service",)),
    Spec("cost_option", "cost_options", "cost_options.csv", ("id", "service_id"), ("service",)),
    Spec("service_area", "service_areas", "service_areas.csv", ("id",), ("service_at_location", "service")),
    Spec("funding", "funding", "funding.csv", ("id",), ("service", "organization")),
    Spec("organization_identifier", "organization_identifiers", "organization_identifiers.csv", ("id", "organization_id", "identifier_type", "identifier"), ("organization",), nested_required=("id", "identifier_type", "identifier")),
    Spec("taxonomy", "taxonomies", "taxonomies.csv", ("id", "name", "description"), nested_required=("id", "name", "description")),
    Spec("taxonomy_term", "taxonomy_terms", "taxonomy_terms.csv", ("id", "name", "description"), (), ("taxonomy",), ("id", "name", "description")),
    Spec("attribute", "attributes", "attributes.csv", ("id", "link_id", "taxonomy_term_id", "link_entity"), (), ("taxonomy_term",)),
    Spec("metadata", "metadata", "metadata.csv", ("id", "resource_id", "resource_type", "last_action_date", "last_action_type", "field_name", "previous_value", "replacement_value", "updated_by")),
    Spec("meta_table_description", "meta_table_descriptions", "meta_table_descriptions.csv", ("id",)),
    # From the development version 3.1, which packages already use.
    Spec("url", "urls", "urls.csv", ("id",), ("service", "organization")),
    Spec("service_capacity", "service_capacities", "service_capacities.csv", ("id",), ("service",), ("unit",)),
    Spec("unit", "units", "units.csv", ("id",)),
)  # fmt: skip

TABLES: Final = {spec.name: spec for spec in _SPECS}

#: Names under which a table is found in files and in JSON.
NAMES: Final = {
    name: spec.name
    for spec in _SPECS
    for name in (spec.name, spec.plural, spec.file.removesuffix(".csv"))
} | {"additional_urls": "url", "additional_websites": "url", "capacities": "service_capacity", "taxonomy_detail": "taxonomy"}  # fmt: skip

#: Properties that hold a list or an object under a name of their own, by owner and table.
PROPERTIES: Final = {
    ("service", "url"): "additional_urls",
    ("organization", "url"): "additional_websites",
    ("service", "service_capacity"): "capacities",
    ("taxonomy_term", "taxonomy"): "taxonomy_detail",
}

#: Tables that hang on any other by a pair of columns: whose row, of which table.
LINKS: Final = {"attribute": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type")}

#: What older versions had, and what took its place in 3.0.
REMOVED: Final = {
    "eligibility": "service.eligibility_description, minimum_age and maximum_age",
    "payment_accepted": "cost_option",
    "physical_address": "address",
    "postal_address": "address",
    "accessibility_for_disabilities": "accessibility",
    "service_attribute": "attribute",
    "other_attribute": "attribute",
    "regular_schedule": "schedule",
    "holiday_schedule": "schedule",
}

ENUMS: Final = {
    ("service", "status"): ("active", "inactive", "defunct", "temporarily closed"),
    ("location", "location_type"): ("physical", "postal", "virtual"),
    ("address", "address_type"): ("physical", "postal", "virtual"),
    ("schedule", "freq"): ("WEEKLY", "MONTHLY"),
    ("schedule", "wkst"): ("MO", "TU", "WE", "TH", "FR", "SA", "SU"),
}
NUMBERS: Final = frozenset({
    ("service", "minimum_age"), ("service", "maximum_age"), ("organization", "year_incorporated"),
    ("location", "latitude"), ("location", "longitude"), ("phone", "extension"), ("schedule", "timezone"),
    ("schedule", "count"), ("schedule", "interval"), ("cost_option", "amount"),
})  # fmt: skip
DATES: Final = frozenset({
    ("service", "assured_date"), ("schedule", "valid_from"), ("schedule", "valid_to"), ("schedule", "dtstart"),
    ("schedule", "until"), ("cost_option", "valid_from"), ("cost_option", "valid_to"), ("metadata", "last_action_date"),
})  # fmt: skip
TIMES: Final = frozenset({("schedule", "opens_at"), ("schedule", "closes_at")})


def property_of(owner: str, table: str, *, many: bool) -> str:
    """Return the property of an object that holds rows of another table.

    >>> property_of("service", "phone", many=True), property_of("service", "organization", many=False)
    ('phones', 'organization')
    """
    return PROPERTIES.get((owner, table), TABLES[table].plural if many else table)

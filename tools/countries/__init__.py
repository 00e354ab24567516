"""Country packs: what a country's own laws, offices, periods and numbers are, from one spreadsheet."""

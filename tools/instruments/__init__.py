"""Instruments: one reviewed definition of a checklist, screening form, plan or worksheet.

``data/instruments/*.yml`` -> :func:`library.load` -> :class:`model.Instrument`
-> (+ :class:`record.Record`) -> :func:`assessment.assess` -> :class:`assessment.Assessment`.
Needs neither Sphinx nor pandas, so that a checklist opens in a blink.
"""

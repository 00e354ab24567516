"""Working out loss: pay, fees, debts, interest, currencies, awards. Decimal arithmetic, no float anywhere.

:mod:`tools.remedies.money` rounds and checks, :mod:`tools.remedies.methods` holds every method by name, and
:mod:`tools.remedies.schedule` makes the one page for a lawyer from a saved schedule of loss.
"""

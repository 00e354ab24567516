"""Surfaces: the forms people work with, all made from one instrument."""

"""pyxform and ODK Validate, which stands on KoboCollect's engine, take every form without a warning."""

from __future__ import annotations

import shutil

import pytest
from cases import vectors

from tools.instruments.model import Instrument
from tools.surfaces import xlsform


@pytest.mark.parametrize("instrument", vectors.instruments(), ids=lambda i: i.id)
def test_pyxform_and_odk_validate_take_every_form_without_a_warning(instrument: Instrument) -> None:
    if not shutil.which("java"):
        pytest.fail("Java is missing. Run `make setup`, or install default-jdk-headless.")
    assert xlsform.xform(instrument, validate=True).startswith("<?xml")

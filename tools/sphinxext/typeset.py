"""Set one edition with WeasyPrint, in a process of its own.

Fonts come only from the files named here: the process sees no font of the machine, so that pages break alike everywhere
and a character without a font is noticed.
"""

from __future__ import annotations

import logging
import os
import resource
import time
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tools.errors import Problem

#: Family in ``print.css`` -> its files, each with weight and style; later families fill what the first lacks.
FONTS = {
    "Book Sans": [("NotoSans-Regular.ttf", "normal", "normal"), ("NotoSans-Italic.ttf", "normal", "italic"),
                  ("NotoSans-Bold.ttf", "bold", "normal"), ("NotoSans-BoldItalic.ttf", "bold", "italic")],
    "Book Signs": [("NotoSansSymbols2-Regular.ttf", "normal", "normal")],
    "Book Maths": [("NotoSansMath-Regular.ttf", "normal", "normal")],
    "Book Mono": [("LiberationMono-Regular.ttf", "normal", "normal"), ("LiberationMono-Bold.ttf", "bold", "normal")],
    "Book Fields": [("LiberationSans-Regular.ttf", "normal", "normal")],
}  # fmt: skip
PACKAGES = {"Noto": "fonts-noto-core", "Liberation": "fonts-liberation2"}
FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts",
           "~/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
#: No folder of fonts; and a drawing that names a font of its own gets ours.
NO_FONTS = (
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
    '<match target="pattern"><edit name="family" mode="append_last" binding="strong"><string>Book Sans</string></edit>'
    "</match></fontconfig>\n"
)


@dataclass(frozen=True)
class Job:
    """What one process needs to set one edition."""

    name: str
    html: Path
    pdf: Path
    styles: tuple[str, ...]
    base: Path
    legends: dict[str, str] = field(default_factory=dict)
    forms: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Result:
    """What came of it: pages, seconds, peak memory of the process in MB, and everything WeasyPrint said."""

    name: str
    pages: int
    seconds: float
    megabytes: float
    messages: tuple[str, ...]


@cache
def font_files(folders: tuple[str, ...] = FOLDERS) -> dict[str, Path]:
    """Return where each needed font file lies; ``BOOK_FONTS`` names a folder that is searched first.

    Raises
    ------
    Problem
        ``BLD_003`` for the first file that is missing.
    """
    places = [os.environ.get("BOOK_FONTS", ""), *folders]
    wanted = {name for files in FONTS.values() for name, _weight, _style in files}
    found: dict[str, Path] = {}
    for place in (Path(place).expanduser() for place in places if place):
        for path in sorted(place.rglob("*.ttf")) if place.is_dir() else ():
            if path.name in wanted:
                found.setdefault(path.name, path)
    for name in sorted(wanted - set(found)):
        package = next(package for start, package in PACKAGES.items() if name.startswith(start))
        raise Problem("BLD_003", font=name, packages=package)
    return found


def font_faces() -> str:
    """Return the ``@font-face`` rules."""
    files = font_files()
    return "\n".join(
        f"@font-face {{ font-family: '{family}'; src: url('{files[name].as_uri()}'); "
        f"font-weight: {weight}; font-style: {style} }}"
        for family, faces in FONTS.items()
        for name, weight, style in faces
    )


def check_libraries() -> None:
    """Raise ``BLD_001`` if WeasyPrint cannot find the libraries it needs."""
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        library = str(error).split("'")[1] if "'" in str(error) else "Pango"
        packages = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        raise Problem("BLD_001", library=library, packages=packages) from None


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def typeset(job: Job) -> Result:
    """Set and finish one edition."""
    start = time.perf_counter()
    nothing = job.base / "no-fonts.conf"
    os.environ["FONTCONFIG_FILE"] = str(nothing)
    os.environ.pop("FONTCONFIG_PATH", None)
    warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")  # on purpose
    import weasyprint

    from tools.sphinxext.pdf_finish import finish

    listener = _Listener()
    logger = logging.getLogger("weasyprint")
    logger.handlers = [listener]
    logger.propagate = False
    html = weasyprint.HTML(string=job.html.read_text(encoding="utf-8"), base_url=f"{job.base.as_uri()}/")
    fonts = weasyprint.text.fonts.FontConfiguration()
    styles = [weasyprint.CSS(string=style, font_config=fonts, base_url=f"{job.base.as_uri()}/") for style in job.styles]
    html.write_pdf(
        job.pdf, stylesheets=styles, font_config=fonts, pdf_variant="pdf/ua-1", pdf_forms=False,
        pdf_identifier=job.name.encode(),
    )  # fmt: skip
    pages = finish(job.pdf, job.legends, job.forms)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Result(job.name, pages, time.perf_counter() - start, peak, tuple(unique(listener.said)))


def unique(messages: Iterable[str]) -> list[str]:
    """Return messages without repeats, in order."""
    return list(dict.fromkeys(messages))

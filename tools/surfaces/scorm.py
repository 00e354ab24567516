"""A course for the learning platforms that offices have: SCORM 1.2, one package for each guide.

A package holds the key points of a guide and its quizzes. The platform hears two things, the score and that all is
answered; no answer is told. Everything lies in the package, and nothing is fetched.
"""

from __future__ import annotations

import io
import json
import zipfile
from html import escape
from pathlib import Path
from typing import Final

from tools import __version__, chapters, quizzes
from tools.chapters import Chapter
from tools.errors import Problem
from tools.instruments import library
from tools.surfaces import bundle, html, single

MANIFEST: Final = "imsmanifest.xml"
POINTS: Final = "key-points.html"
#: Every file says the same time, so that two packages of the same sources are the same bytes.
_TIME: Final = (2026, 1, 1, 0, 0, 0)


def package(guide: str) -> bytes:
    """Return the package of a guide as a zip file.

    Parameters
    ----------
    guide : str
        Name of its folder in ``book/``.

    Raises
    ------
    Problem
        ``SLI_001`` if there is no such guide; ``SCO_001`` if it has no quiz.
    """
    made = files(guide)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in made.items():
            archive.writestr(zipfile.ZipInfo(name, _TIME), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write(guide: str, path: Path) -> None:
    """Write the package of a guide."""
    data = package(guide)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def files(guide: str) -> dict[str, str]:
    """Return the files of a package by name; the manifest is the first."""
    pages = chapters.of_guide(guide)
    names = quizzes.of_guide(guide)
    if not names:
        raise Problem("SCO_001", guide=guide)
    quiz_files = {f"{name.partition('/')[2]}.html": name for name in names}
    titles = {file: library.load(name).title for file, name in quiz_files.items()}
    return {
        MANIFEST: _manifest(guide, pages[0].title, titles),
        POINTS: _points(pages),
        **{file: _quiz(name) for file, name in quiz_files.items()},
    }


def _manifest(guide: str, title: str, quiz_titles: dict[str, str]) -> str:
    items = [("points", POINTS, "Key points", "asset")]
    items += [(file.removesuffix(".html"), file, said, "sco") for file, said in quiz_titles.items()]
    listed = "\n".join(
        f'      <item identifier="item-{key}" identifierref="res-{key}">\n        <title>{escape(said)}</title>\n      </item>'
        for key, _, said, _ in items
    )
    resources = "\n".join(
        f'    <resource identifier="res-{key}" type="webcontent" href="{file}" adlcp:scormtype="{kind}">\n'
        f'      <file href="{file}"/>\n    </resource>'
        for key, file, _, kind in items
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="guides-{guide}" version="{__version__}" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
  </metadata>
  <organizations default="course">
    <organization identifier="course">
      <title>{escape(title)}</title>
{listed}
    </organization>
  </organizations>
  <resources>
{resources}
  </resources>
</manifest>
"""


def _quiz(name: str) -> str:
    instrument = library.load(name)
    right = {one.id: one.right for one in quizzes.questions(instrument)}
    source = (html.STATIC / "scorm.js").read_text(encoding="utf-8").replace("CT_RIGHT", json.dumps(right))
    told = (
        '<p class="single-safe">On a learning platform your office may see your name, how many answers were right and that you '
        "are done. Your answers are not told.</p>"
    )
    page = single.page(instrument, more=html.minified(source))
    return page.replace('<main id="main">\n', f'<main id="main">\n{told}\n', 1)


def _points(pages: tuple[Chapter, ...]) -> str:
    style = bundle.minify(html.tokens() + (html.STATIC / "single.css").read_text(encoding="utf-8"))
    policy = f"default-src 'none'; style-src {single.digest(style)}; base-uri 'none'; form-action 'none'"
    parts = "".join(_chapter(one) for one in pages if one.is_taught)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>Key points: {escape(pages[0].title)}</title>
<style>{style}</style>
</head>
<body data-theme="auto">
<main id="main">
<h1>{escape(pages[0].title)}</h1>
<p>What each chapter says at a glance. The chapters, with their sources and tools, are in the book.</p>
{parts}
</main>
</body>
</html>
"""


def _chapter(one: Chapter) -> str:
    points = "".join(f"<li>{escape(point)}</li>" for point in one.points)
    wrong = "".join(f"<li><strong>{escape(a)}</strong>: {escape(b)}</li>" for a, b in one.mistakes)
    more = f"<h3>Watch out</h3><ul>{wrong}</ul>" if wrong else ""
    return f"<h2>{escape(one.title)}</h2><ul>{points}</ul>{more}"

"""A course on a learning platform: an independent SCORM 1.2 run-time hears the score and the end, and no answer."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tools import quizzes
from tools.content import ROOT
from tools.instruments import library
from tools.surfaces import scorm

pytestmark = pytest.mark.browser

GUIDE, QUIZ = "identification", "training/quiz-identification"
RUN_TIME = ROOT / "tests/node/node_modules/scorm-again/dist/scorm12.min.js"
#: A platform: it holds the interface of the standard, keeps every call, and shows the course in a frame.
PLATFORM = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Platform</title>
<script src="run-time.js"></script><script>
window.told = [];
window.API = new window.Scorm12API({autocommit: false, logLevel: 5});
["LMSSetValue", "LMSCommit", "LMSFinish", "LMSInitialize"].forEach(function (name) {
  var own = window.API[name].bind(window.API);
  window.API[name] = function () { window.told.push([name].concat([].slice.call(arguments))); return own.apply(null, arguments); };
});
</script></head><body><iframe src="course/FILE" style="width:1000px;height:800px"></iframe></body></html>
"""


@pytest.fixture
def course(page: Page, tmp_path: Path) -> Any:
    """The quiz of a package, unpacked from its zip and shown by a platform."""
    scorm.write(GUIDE, tmp_path / "course.zip")
    with zipfile.ZipFile(tmp_path / "course.zip") as archive:
        archive.extractall(tmp_path / "course")
    (tmp_path / "run-time.js").write_bytes(RUN_TIME.read_bytes())
    (tmp_path / "platform.html").write_text(PLATFORM.replace("FILE", "quiz-identification.html"), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/*", lambda route: serve(route, tmp_path))
    page.goto("http://platform.test/platform.html")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".ct-form")).to_be_visible()
    page.asked = asked  # type: ignore[attr-defined]
    return frame


def serve(route: Any, folder: Path) -> None:
    """Answer from a folder, so that page and course share an origin, as on a platform."""
    path = folder / route.request.url.removeprefix("http://platform.test/").split("?")[0]
    if path.is_file():
        route.fulfill(path=path)
    else:
        route.abort()


def value(page: Page, name: str) -> str:
    return page.evaluate("name => window.API.LMSGetValue('cmi.core.' + name)", name)


def answer(frame: Any, item: str, code: str) -> None:
    frame.locator(f'[data-ct-item="{item}"] input[value="{code}"]').check()


def test_the_platform_hears_a_score_when_all_is_answered_and_a_better_one_later(page: Page, course: Any) -> None:
    asked = quizzes.questions(library.load(QUIZ))
    assert value(page, "lesson_status") == "incomplete"
    first, *rest = asked
    for one in rest:
        answer(course, one.id, one.right)
    assert value(page, "lesson_status") == "incomplete"
    answer(course, first.id, next(code for code, _ in first.choices if code != first.right))
    assert value(page, "lesson_status") == "completed"
    assert value(page, "score.raw") == str(round(100 * len(rest) / len(asked)))
    answer(course, first.id, first.right)
    assert value(page, "score.raw") == "100"
    assert (value(page, "score.min"), value(page, "score.max")) == ("0", "100")


def test_no_answer_is_told_and_nothing_is_fetched_or_kept(page: Page, course: Any) -> None:
    for one in quizzes.questions(library.load(QUIZ)):
        answer(course, one.id, one.right)
    page.evaluate("document.querySelector('iframe').src = 'about:blank'")
    page.wait_for_function("window.told.some(call => call[0] === 'LMSFinish')")
    told = page.evaluate("window.told")
    names = {call[1] for call in told if call[0] == "LMSSetValue"}
    assert names == {
        f"cmi.core.{name}" for name in ("lesson_status", "score.min", "score.max", "score.raw", "session_time")
    }
    kept = json.dumps(told)
    for one in quizzes.questions(library.load(QUIZ)):
        assert one.id not in kept
        assert all(words not in kept for _, words in one.choices)
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {"platform.test"}
    assert page.evaluate("[document.cookie, localStorage.length, sessionStorage.length]") == ["", 0, 0]


def test_a_score_that_was_given_once_is_not_lost_when_the_course_is_opened_again(page: Page, course: Any) -> None:
    page.evaluate("window.API.LMSSetValue('cmi.core.lesson_status', 'completed')")
    page.evaluate("window.API.LMSFinish('')")
    data = page.evaluate("JSON.stringify(window.API.renderCMIToJSONObject())")
    page.evaluate(
        """data => {
          window.API = new window.Scorm12API({autocommit: false, logLevel: 5});
          window.API.loadFromJSON(JSON.parse(data).cmi, 'cmi');
          document.querySelector('iframe').src = 'course/quiz-identification.html?again';
        }""",
        data,
    )
    expect(course.locator(".ct-form")).to_be_visible()
    page.wait_for_function("window.API.isInitialized()")
    assert value(page, "lesson_status") == "completed"


def test_without_a_platform_the_quiz_works_and_says_nothing(page: Page, tmp_path: Path) -> None:
    path = tmp_path / "quiz.html"
    path.write_text(scorm.files(GUIDE)["quiz-identification.html"], encoding="utf-8")
    page.goto(path.as_uri())
    for one in quizzes.questions(library.load(QUIZ)):
        page.locator(f'[data-ct-item="{one.id}"] input[value="{one.right}"]').check()
    expect(page.locator(".ct-result-body")).to_contain_text("All ten are right")
    expect(page.locator("main")).to_contain_text("Your answers are not told.")


@pytest.mark.promise("access-axe")
@pytest.mark.parametrize("file", ["quiz-identification.html", scorm.POINTS])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_of_a_course_are_accessible(page: Page, tmp_path: Path, axe_source: str, file: str, scheme: Any) -> None:
    path = tmp_path / file
    text = scorm.files(GUIDE)[file].replace('http-equiv="Content-Security-Policy"', 'name="policy"', 1)
    path.write_text(text, encoding="utf-8")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(path.as_uri())
    page.evaluate(axe_source)
    found = page.evaluate("axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes[0].html))")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

"""Words that are text in a terminal and lists and tables on a page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from tools.charts import Table
from tools.surfaces import loss_page, room_vote, training
from tools.surfaces.told import Told, wrapped

GRID = Table("Beds", ("Town", "Free"), (("A", "1"), ("B <c>", "0")))


def test_lines_lists_and_tables_become_what_they_are() -> None:
    said = Told(["Found:", "- one", "  more of it", "- two", "", "  without a: 1", "  without b: 2", GRID, "End."])
    page = html.fragment_fromstring(said.html())
    assert [child.tag for child in page] == ["p", "ul", "ul", "div", "p"]
    assert [item.text_content() for item in page.xpath("./ul[1]/li")] == ["onemore of it", "two"]
    assert page.xpath("./ul[1]/li[1]/br")
    assert [item.text_content() for item in page.xpath("./ul[2]/li")] == ["without a: 1", "without b: 2"]
    (grid,) = page.xpath(".//table")
    assert grid.xpath("string(caption)") == "Beds"
    assert page.xpath("string(./div/@aria-label)") == "Beds"
    assert page.xpath("string(./div/@tabindex)") == "0"


def test_printed_it_is_plain_text_as_before() -> None:
    said = Told(["Found:", "- " + "word " * 20, GRID])
    assert isinstance(said, str)
    assert said.startswith("Found:\n- word")
    assert max(map(len, said.splitlines())) <= 72
    assert said.endswith("Town   Free\nA         1\nB <c>     0\n")
    assert said._repr_mimebundle_()["text/plain"] == str(said)


def test_a_plain_text_of_its_own_is_kept() -> None:
    assert Told([GRID], "As it was.\n") == "As it was.\n"
    assert "<table" in Told([GRID], "As it was.\n").html()


@given(st.lists(st.text(alphabet="ab<>&\"'- \u00e9", max_size=30), max_size=6))
def test_signs_never_become_markup(lines: list[str]) -> None:
    page = html.fragment_fromstring(Told(lines).html())
    assert {element.tag for element in page.iter()} <= {"div", "p", "ul", "li", "br"}
    assert Told(lines) == wrapped(lines) or not lines


def test_what_a_room_reads_has_the_same_words_in_both() -> None:
    form_less = [room_vote.facts(), room_vote.text(room_vote.example())]
    for said in form_less:
        words = html.fragment_fromstring(said.html()).text_content().replace(" ", "")
        assert sorted(words) == sorted(said.replace("- ", "").replace(" ", "").replace("\n", ""))


def test_a_schedule_is_a_table_with_its_total_and_its_limits() -> None:
    from tools.instruments import library
    from tools.remedies import schedule

    made = schedule.of_record(library.load("remedies/loss-worksheet"), training.saved("loss-worksheet"))
    said = loss_page.told(made)
    assert said == loss_page.text(made)
    page = html.fragment_fromstring(said.html())
    rows = [[cell.text_content() for cell in row] for row in page.xpath(".//tbody/tr")]
    assert rows[-2][0] == "Total, central"
    assert rows[-2][2] == made.said(made.central)
    assert "no legal advice" in page.text_content()

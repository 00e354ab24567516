"""The trees, pages and finishing steps of the PDF editions, without a book."""

from __future__ import annotations

import pikepdf
import pytest
from docutils import nodes
from docutils.utils import new_document
from pikepdf import Array, Dictionary, Name
from sphinx import addnodes

from tools.errors import Problem
from tools.sphinxext import downloads, edition_page, pdf_finish, typeset
from tools.sphinxext import edition_tree as trees
from tools.sphinxext.edition_html import prepare


def section(name: str, *children: nodes.Node) -> nodes.section:
    found = nodes.section(ids=[name])
    found += nodes.title(name, name)
    found.extend(children)
    return found


def toctree(*names: str, caption: str = "") -> nodes.compound:
    wrapper = nodes.compound(classes=["toctree-wrapper"])
    wrapper += addnodes.toctree(includefiles=list(names), caption=caption)
    return wrapper


def book() -> dict[str, nodes.document]:
    pages = {
        "book/index": section("top", toctree("book/a/index", caption="Guides")),
        "book/a/index": section("intro", toctree("book/a/one")),
        "book/a/one": section("intro", nodes.reference("", "x", refuri="#document-book/a/index#intro")),
    }
    made = {}
    for name, page in pages.items():
        made[name] = new_document(name)
        made[name] += page
    return made


def gathered() -> nodes.document:
    made = book()
    return trees.gather(lambda name: made[name].deepcopy(), "book/index")


def test_a_part_stands_beside_the_first_page_and_pages_inside_their_guide():
    tree = gathered()
    assert trees.docnames(tree) == ["book/index", "book/a/index", "book/a/one"]
    assert [child["classes"] for child in tree.children[1:]] == [["pdf-part"]]
    assert not list(tree.findall(addnodes.toctree))


def test_equal_ids_of_two_pages_do_not_meet_and_links_follow():
    tree = gathered()
    trees.prefix_ids(tree)
    ids = [name for node in tree.findall(nodes.section) for name in node["ids"]]
    assert ids == ["index--top", "part-guides", "a-index--intro", "a-one--intro"]
    assert next(iter(tree.findall(nodes.reference)))["refuri"] == "#a-index--intro"


def test_dissolving_leaves_classes_and_the_contents_follow_the_sections():
    tree = gathered()
    trees.prefix_ids(tree)
    trees.dissolve(tree)
    assert not list(tree.findall(addnodes.start_of_file))
    assert (
        "pdf-guide" in next(node for node in tree.findall(nodes.section) if "a-index--intro" in node["ids"])["classes"]
    )
    assert [level for level, _id, _title in trees.contents(tree, 3)] == [1, 1, 2, 3]
    assert trees.contents(tree, 1)[-1][2] == "Guides"


def test_only_works_that_are_used_are_kept_and_those_that_terms_use():
    tree = new_document("x")
    tree += nodes.paragraph("", "", nodes.reference("", "term", refuri="#term"))
    glossary = addnodes.glossary()
    entries = nodes.definition_list()
    for name, target in (("term", "work-1"), ("other", "work-2")):
        item = nodes.definition_list_item("", nodes.term(name, name, ids=[name]))
        item += nodes.definition("", nodes.paragraph("", "", nodes.reference("", "work", refid=target)))
        entries += item
    glossary += entries
    tree += glossary
    tree.extend(nodes.citation("", nodes.label("", name), ids=[name]) for name in ("work-1", "work-2", "work-3"))
    assert trees.keep_used(tree, ["work-3"]) == 2
    assert [node["ids"] for node in tree.findall(nodes.citation)] == [["work-1"], ["work-3"]]


FORM = """<form class="ct-form"><fieldset><legend>Paid? <span class="ct-tag">weak</span></legend>
<span class="ct-option"><input type="radio" name="q" id="q1" title="Paid? – Yes"><label for="q1">Yes</label></span>
<span class="ct-option"><input type="radio" name="q" id="q2" title="Paid? – No"><label for="q2">No</label></span>
</fieldset><input name="day" type="date" title="Day"><div class="ct-toolbar"><button>Save</button></div></form>"""


def paper(body: str, fillable: bool = True):
    return prepare(f"<html lang=en><body>{body}</body></html>", fillable=fillable, baseurl="https://example.org/")


def test_a_field_is_named_by_its_question_and_its_answer():
    made = paper(FORM)
    assert made.faults == []
    assert made.legends == {"q": "Paid? (weak)"}
    assert "<label" not in made.html
    assert "Save" not in made.html
    assert 'title="Day (year-month-day)"' in made.html


def test_the_complete_edition_prints_boxes():
    made = paper(FORM, fillable=False)
    assert "<input" not in made.html
    assert made.html.count("pdf-box-radio") == 2


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<form class="ct-form"><input name="a"></form>', "has no title"),
        (
            '<form class="ct-form"><input name="a" title="A"><input name="a" title="B"></form>',
            "field name a stands twice",
        ),
        ('<p id="x"></p><p id="x"></p>', "id x stands twice"),
        ('<a href="#nowhere">x</a>', "leads nowhere"),
        ('<a href="file:///home">x</a>', "cannot stand in a PDF"),
        ('<img src="x.svg" alt="">', "no text alternative"),
    ],
)
def test_faults_are_named(body, fault):
    assert any(fault in found for found in paper(body).faults)


def test_a_chart_becomes_a_picture_with_words_and_its_table_opens():
    made = paper(
        '<figure class="ct-chart" data-alt="Two lines"><svg viewBox="0 0 1 1" role="img"><title>x</title></svg>'
        '<details class="ct-chart-table"><summary>Data</summary><table></table></details>'
        '<script type="application/json">{}</script><button hidden>Explore</button></figure>'
    )
    assert 'alt="Two lines"' in made.html
    assert "<svg" not in made.html
    assert "<details" not in made.html
    assert "Explore" not in made.html
    assert "Data</p>" in made.html


def test_a_link_out_of_the_edition_leads_to_the_website():
    assert 'href="https://example.org/x.html"' in paper('<a href="x.html">x</a>').html


def test_a_table_with_a_caption_keeps_its_id_and_its_box_has_none():
    ready = paper('<div class="table-wrapper docutils" id="t1"><table id="t1"><tr><td>1</td></tr></table></div>')
    assert ready.faults == []
    assert ready.html.count('id="t1"') == 1
    assert '<table id="t1"' in ready.html


def test_a_space_stays_with_the_link_behind_it():
    assert (
        "<p>See<span> <a>one</a></span> and<span> <b>two</b></span>.</p>"
        in paper("<p>See <a>one</a> and <b>two</b>.</p>").html
    )


def test_the_contents_nest():
    text = edition_page.contents_list([(1, "a", "A"), (2, "b", "B & b"), (1, "c", "C")])
    assert text.count("<ul>") == text.count("</ul>") == 2
    assert text.count("<li") == text.count("</li>") == 3
    assert "B &amp; b" in text
    assert r"say \"x\"" in edition_page.footer('say "x"')


def test_a_missing_font_is_named_with_its_package(tmp_path, monkeypatch):
    monkeypatch.delenv("BOOK_FONTS", raising=False)
    with pytest.raises(Problem) as caught:
        typeset.font_files((str(tmp_path),))
    assert caught.value.code == "BLD_003"
    assert "fonts-liberation2" in str(caught.value)


def test_lists_headers_and_radios_are_mended():
    pdf = pikepdf.new()
    root = pdf.make_indirect(
        Dictionary(Type=Name.StructTreeRoot, ParentTree=Dictionary(Nums=Array([0, Array(), 4, 1])))
    )
    pdf.Root.StructTreeRoot = root
    label, words = (pdf.make_indirect(Dictionary(S=kind)) for kind in (Name.Lbl, Name.P))
    item = pdf.make_indirect(Dictionary(S=Name.LI, K=Array([label, words])))
    row = pdf.make_indirect(Dictionary(S=Name.TR, P=pdf.make_indirect(Dictionary(S=Name.THead))))
    header = pdf.make_indirect(Dictionary(S=Name.TH, P=row, ID=pikepdf.String("h1")))
    root.K = Array([item, header])
    group = pdf.make_indirect(Dictionary(T="q", TU="Paid? – Yes", Kids=Array()))
    kid = pdf.make_indirect(Dictionary(T="q", TU="Paid? – Yes", Parent=group))
    pdf.Root.AcroForm = Dictionary(Fields=Array([group, kid]))
    pdf_finish.mend_lists(pdf)
    pdf_finish.mend_tables(pdf)
    pdf_finish.mend_radios(pdf, {"q": "Paid?"})
    assert [str(part.S) for part in item.K] == ["/Lbl", "/LBody"]
    assert header.A.Scope == Name.Column
    assert root.ParentTreeNextKey == 5
    assert len(pdf.Root.AcroForm.Fields) == 1
    assert str(group.TU) == "Paid?"
    assert "/T" not in kid


@pytest.mark.parametrize("target", ["complete", "guide:identification", "instrument:identification/elements"])
def test_places_are_filled_once_and_emptied_when_the_file_is_gone(target):
    empty = downloads.links(target, (), "")
    found = {downloads.file_stem(target): [downloads.Download("x.pdf", "Title", "PDF, 3 pages, 20 kB")]}
    page = f"<main><p>a</p>{empty}<p>b</p></main>"
    filled = downloads.fill(page, found, "../")
    assert 'href="../downloads/x.pdf"' in filled
    assert "hidden>" not in filled.split("<p>b")[0].replace("ct-hidden", "")
    assert downloads.fill(filled, found, "../") == filled
    assert downloads.fill(filled, {}, "../") == page


def test_downloads_without_a_site_say_what_to_do(tmp_path, capsys):
    assert downloads.main([str(tmp_path), str(tmp_path)]) == 1
    assert "make book" in capsys.readouterr().out

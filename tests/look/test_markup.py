"""The reader that the template tests rely on."""

from tests.look.markup import elements


def test_the_same_expression_reads_as_the_same_word() -> None:
    source = '<a href="{{ url_for("x") }}" hx-get="{{ url_for("x") }}"><a href="{{ y }}">'
    [link, other] = elements(source)
    assert link.attributes["href"] == link.attributes["hx-get"] != other.attributes["href"]


def test_statements_are_left_out_and_their_branches_kept() -> None:
    [item] = elements('<li class="a"{% if x %} style="b"{% endif %}>{# <b onclick="c"> #}')
    assert item.attributes == {"class": "a", "style": "b"}


def test_lines_are_counted_across_what_is_left_out() -> None:
    [item] = elements("{#\n#}\n{{ f(\n1) }}<p>")
    assert item.line == 4


def test_a_control_inside_its_label_is_known() -> None:
    inside, outside = (e for e in elements("<label>a <input></label><input>") if e.tag == "input")
    assert (inside.in_label, outside.in_label) == (True, False)

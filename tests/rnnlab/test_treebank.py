"""The reader of the Stanford Sentiment Treebank's format."""

import pytest

from rnnlab import treebank
from rnnlab.treebank import Phrase

TREE = "(3 (2 (2 a) (2 film)) (4 (3 so) (4 (4 good) (2 .))))"


def test_phrases_come_with_the_sentence_first():
    """Every bracket is a phrase with its words and its label."""
    assert treebank.read_tree(TREE) == [
        Phrase(("a", "film", "so", "good", "."), 3),
        Phrase(("a", "film"), 2),
        Phrase(("a",), 2),
        Phrase(("film",), 2),
        Phrase(("so", "good", "."), 4),
        Phrase(("so",), 3),
        Phrase(("good", "."), 4),
        Phrase(("good",), 4),
        Phrase((".",), 2),
    ]


def test_escaped_brackets_and_slashes_are_words():
    """-LRB- is a bracket, and a backslash goes."""
    line = r"(2 (2 -LRB-) (2 (2 and\/or) (2 -RRB-)))"
    assert treebank.read_tree(line)[0].words == ("(", "and/or", ")")


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ("(3 (2 a)", "do not match"),
        ("", "do not match"),
        ("(3 a))", "not inside"),
        ("a", "not inside"),
        ("(3 a) (2 b)", "more than one"),
        ("(5 a)", "label"),
        ("(good)", "label"),
        ("(", "label"),
        ("(3 )", "without words"),
    ],
)
def test_what_is_no_tree_gets_a_sentence(line, match):
    """The message says what is wrong and shows the line."""
    with pytest.raises(ValueError, match=match):
        treebank.read_tree(line)


def test_a_file_is_read_line_by_line(tmp_path):
    """Empty lines are passed over; letters beyond ASCII are kept."""
    file = tmp_path / "train.txt"
    file.write_text(f"{TREE}\n\n(1 (2 caf\u00e9) (1 noir))\n", "utf-8")
    first, second = treebank.load_sst(file)
    assert first == treebank.read_tree(TREE)
    assert second[0] == Phrase(("caf\u00e9", "noir"), 1)


def test_the_message_names_the_line(tmp_path):
    """So that a broken file can be mended."""
    file = tmp_path / "train.txt"
    file.write_text(f"{TREE}\n(3 (2 a)\n", "utf-8")
    with pytest.raises(ValueError, match="line 2: the brackets"):
        treebank.load_sst(file)

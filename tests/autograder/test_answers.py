"""A solution is found and put together, wherever an editor left its pieces."""

import time

import pytest
from two_tasks import MINE, STUB, code, make, submitted

from autograder.mend import mend
from autograder.piece import Piece
from autograder.rebuild import rebuild
from autograder.submission import SubmittedCell

ID = "f-solution"
HEAD = "# solution: f\ndef f(x):\n    y = x + 1"
BARE = pytest.mark.parametrize("grade_id", ["", ID], ids=["bare", "copied"])


@pytest.fixture
def master():
    """Return an instructor's notebook."""
    return make()


def handed_in(master, *sources, instead=True):
    """Return cells with some of the learner's after or in place of f's.

    Args:
        master: The instructor's notebook.
        *sources: A text, or a text and a grade_id.
        instead: Whether f's own cell gives way to them.
    """
    cells = submitted(master)
    place = next(i for i, c in enumerate(cells) if c.grade_id == ID)
    pairs = [s if isinstance(s, tuple) else (s, "") for s in sources]
    made = [SubmittedCell("code", *pair) for pair in pairs]
    cells[place + (not instead) : place + 1] = made
    return cells


def asked(master, *sources, instead=True):
    """Return the code above the check of f, and the notes."""
    cells = handed_in(master, *sources, instead=instead)
    built = rebuild(master, cells)
    above = code(built)
    end = above.index("# grade: f\nchecks.f(f)")
    return above[1:end], built.notes


@BARE
def test_halves_of_a_function_are_one_again(master, grade_id):
    """The lower half may have no metadata, or a copy of it."""
    lower = ("    return y", grade_id)
    assert asked(master, (HEAD, ID), lower) == ([f"{HEAD}\n    return y"], ())


def test_three_pieces_are_one_again(master):
    """Of which neither the first two nor the last two are Python."""
    pieces = ["def f(x):", "    for i in x:", "        return i"]
    assert asked(master, (pieces[0], ID), *pieces[1:])[0] == [
        "\n".join(pieces)
    ]


def test_a_line_is_one_again(master):
    """Split at a cursor behind the indent, or within an expression."""
    for upper, lower in (
        (f"{HEAD}\n    ", "return y"),
        (f"{HEAD}\n    return y +", " x"),
    ):
        assert asked(master, (upper, ID), lower) == ([upper + lower], ())


def test_it_does_not_matter_which_half_kept_the_metadata(master):
    """The id of the lower half is that of the whole."""
    cells = asked(master, HEAD, ("    return y", ID))
    assert cells == ([f"{HEAD}\n    return y"], ())


def test_halves_that_do_not_fit_are_told_to_the_learner(master):
    """An indent that was lost cannot be guessed."""
    cells, notes = asked(master, (HEAD, ID), "y = y * 2\nreturn y")
    assert cells == [HEAD]
    [note] = notes
    assert "The cell for f seems to have been split in the middle" in note
    assert note.endswith("Put its pieces into one cell and hand in again.")


@pytest.mark.parametrize("below", ["print(f 3)", "%timeit f(3)", "f(3)", "("])
def test_other_cells_below_are_not_taken_for_halves(master, below):
    """A trial that is no Python has nothing to do with the function."""
    assert asked(master, (MINE, ID), below) == ([MINE], ())


def test_a_check_is_never_part_of_a_solution(master):
    """Even where the solution ends in the middle of a line."""
    open_end = "def f(x): "
    check = "# grade: f\nchecks.f(f)"
    assert mend([Piece("code", open_end), Piece("code", check)])[1].source == (
        check
    )
    assert asked(master, (open_end, ID))[0] == [open_end]


@BARE
def test_a_helper_that_was_split_off_comes_along(master, grade_id):
    """Above or below, the function finds it."""
    helper = "# solution: f\ndef helper(x):\n    return x"
    function = "def f(x):\n    return helper(x)"
    for pieces in (
        [(helper, ID), (function, grade_id)],
        [(function, ID), (helper, grade_id)],
    ):
        assert asked(master, *pieces) == ([helper, function], ())


def test_a_part_may_do_more_than_define_names(master):
    """It was part of a solution, which may; and stands just above it."""
    part = "table = {}\nfor i in range(3):\n    table[i] = i"
    function = "def f(x):\n    return table[x]"
    assert asked(master, (part, ID), (function, ID)) == ([part, function], ())
    cells = submitted(master)
    moved = [SubmittedCell("code", s, "g-solution") for s in (part, "g = f")]
    moved[1] = moved[1]._replace(source="def g(x):\n    return table[x]")
    cells[4:5] = moved
    above = code(rebuild(master, cells))
    assert above[3:5] == [part, moved[1].source]


def test_what_was_tried_out_in_a_copy_does_not_count(master):
    """A copy that does not define the function is no newer version of it."""
    assert asked(master, (MINE, ID), ("x = 3\nf(x)", ID)) == ([MINE], ())


def test_a_solution_below_its_stub_counts(master):
    """The stub does not, where another cell does what it asks for."""
    own = "def f(x):\n    return x"
    assert asked(master, own, instead=False) == ([own], ())
    other = STUB.format("f")
    assert asked(master, (other, ID), (MINE, ID), (other, ID))[0] == [MINE]


def test_a_draft_does_not_count_where_the_cell_is_filled(master):
    """A function of that name in a cell of their own changes nothing."""
    draft = "def f(x):\n    return 0"
    assert asked(master, (MINE, ID), draft)[0] == [MINE]


def test_a_renamed_function_is_taken_as_it_is(master):
    """What the cell holds counts, if nothing fits better."""
    renamed = MINE.replace("def f", "def h")
    assert asked(master, (renamed, ID)) == ([renamed], ())
    below = "f = h"
    assert asked(master, (renamed, ID), below) == ([renamed, below], ())


def test_a_magic_does_not_hide_a_function(master):
    """What IPython alone reads is passed over."""
    timed = "%%time\n!ls\n%matplotlib inline\ndef f(x):\n    return helper(x)"
    helper = "def helper(x):\n    return x"
    assert asked(master, (timed, ID), helper) == ([helper, timed], ())
    assert not Piece("code", "%%bash\nf=1").whole


def test_a_name_from_a_cell_that_did_not_run_is_told(master):
    """The learner reads why a solution misses something."""
    function = "def f(x):\n    return table[x] + max(x, default)"
    own = "table = {}\nmax = default = 3\nprint(table)"
    cells, notes = asked(master, (function, ID), own)
    assert cells == [function]
    assert [note.split(".")[0] for note in notes] == [
        "Your solutions use default",
        "Your solutions use table",
    ]
    local = "def f(table, default=1):\n    return [table, default]"
    assert asked(master, (local, ID), own) == ([local], ())


def test_a_solution_turned_into_text_is_code_all_the_same(master):
    """One key in Jupyter makes a cell Markdown."""
    cells = submitted(master, f=MINE)
    cells = [
        c._replace(kind="markdown") if c.grade_id == ID else c for c in cells
    ]
    assert code(rebuild(master, cells))[1] == MINE


def test_an_untouched_cell_is_the_instructors_to_the_byte(master):
    """White space that an editor added does not make an answer."""
    cells = submitted(master)
    cells = [c._replace(source=f"\n{c.source} \n\n") for c in cells]
    assert rebuild(master, cells).notebook.cells == master.cells


ANSWER = "<!-- solution: why -->\nIt shrinks."


def answered(master, *cells):
    """Return the written answer that some cells are rebuilt to."""
    given = submitted(master)
    place = next(i for i, c in enumerate(given) if c.grade_id == "why")
    made = [SubmittedCell("markdown", *cell) for cell in cells]
    given[place : place + 1] = made
    return rebuild(master, given).notebook.cells[6].source


@pytest.mark.parametrize("grade_id", ["", "why"], ids=["bare", "copied"])
def test_a_written_answer_is_whole_for_who_reads_it(master, grade_id):
    """Split, its second paragraph is still of it."""
    more = ("It grows, too.", grade_id)
    whole = f"{ANSWER}\n\nIt grows, too."
    assert answered(master, (ANSWER, "why"), more) == whole
    assert answered(master, (ANSWER, ""), ("It grows, too.", "")) == whole


def test_an_answer_below_its_cell_is_read(master):
    """The instructor's next text is not of it, nor is nothing."""
    stub = "<!-- solution: why -->\nYOUR ANSWER HERE"
    made = answered(master, (stub, "why"), ("It shrinks.", ""))
    assert made == "It shrinks."
    assert answered(master, (stub, "why"), ("  ", "")) == stub


def test_much_of_nothing_is_read_in_no_time():
    """Cells made to be joined for ever, and one too long to be read."""
    start = time.process_time()
    master = make()
    for source in ("    return (", "def f(:", "'''"):
        cells = [SubmittedCell("code", source, "")] * 5_000
        rebuild(master, cells)
        rebuild(master, cells[:2_000])
    piece = Piece("code", "x = 1\n" * 100_000)
    assert not piece.defines
    assert time.process_time() - start < 20

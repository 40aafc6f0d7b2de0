"""Of a submission only solutions count; the rest is the instructor's."""

import copy

import pytest
from two_tasks import MINE, STUB, code, make, submitted

from autograder.rebuild import rebuild
from autograder.submission import SubmittedCell


@pytest.fixture
def master():
    """Return an instructor's notebook."""
    return make()


def test_solutions_are_taken_by_id(master):
    """The learner's source goes where the instructor's stub was."""
    built = rebuild(master, submitted(master, f=MINE))
    assert code(built)[1] == MINE
    assert built.notes == ()


def test_the_master_itself_is_left_alone(master):
    """Rebuilding one submission changes nothing for the next."""
    before = copy.deepcopy(master)
    rebuild(master, submitted(master, f=MINE))
    assert master == before


def test_edited_tests_points_and_tags_count_for_nothing(master):
    """A submission's graded cells are not even looked at."""
    cells = [
        SubmittedCell(c.kind, "print('all passed')", c.grade_id)
        if c.grade_id in {"f", "g"}
        else c
        for c in submitted(master, f=MINE)
    ]
    built = rebuild(master, cells)
    assert [c.source for c in built.notebook.cells[3::2]] == [
        c.source for c in master.cells[3::2]
    ]
    assert built.notebook.cells[3].metadata == master.cells[3].metadata


def test_order_does_not_matter(master):
    """Cells that were moved are found all the same."""
    built = rebuild(master, submitted(master, f=MINE)[::-1])
    assert code(built)[1] == MINE


def test_without_metadata_the_marker_finds_the_cell(master):
    """A notebook pasted together anew still grades."""
    cells = [c._replace(grade_id="") for c in submitted(master, f=MINE)]
    assert code(rebuild(master, cells))[1] == MINE


def test_without_metadata_and_marker_the_name_finds_the_cell(master):
    """Where the marker line went too, the name it defines tells."""
    bare = MINE.partition("\n")[2]
    cells = [
        c._replace(grade_id="") for c in submitted(master, f=bare, g="g = 1")
    ]
    built = rebuild(master, cells)
    assert code(built)[1] == bare
    assert code(built)[3] == "g = 1"


def test_deleted_solutions_are_stubs_with_a_note(master):
    """A cell that is not there is not attempted, and the learner is told."""
    cells = [c for c in submitted(master) if c.grade_id != "f-solution"]
    built = rebuild(master, cells)
    assert code(built)[1] == STUB.format("f")
    assert "f is not in your notebook" in built.notes[0]


def test_of_duplicates_the_last_changed_one_counts(master):
    """A copy left as the stub does not undo the work; a later answer does."""
    cells = submitted(master, f=MINE)
    stub = SubmittedCell("code", STUB.format("f"), "f-solution")
    built = rebuild(master, [*cells, stub])
    assert code(built)[1] == MINE
    assert built.notes == ()
    other = stub._replace(source="# solution: f\nf = abs")
    built = rebuild(master, [*cells, other, stub])
    assert code(built)[1] == other.source
    assert "2 cells for f; the last one counts" in built.notes[0]


def test_helpers_that_solutions_need_are_kept_above_them(master):
    """A learner's own definitions come along, what they need as well."""
    cells = submitted(master, f="def f(x):\n    return helper(x)")
    own = [
        SubmittedCell("code", "def helper(x):\n    return x * factor", ""),
        SubmittedCell("code", "import math\nfactor = math.pi", ""),
        SubmittedCell("code", "unused = 3", ""),
        SubmittedCell("code", "print(helper)", ""),
        SubmittedCell("code", "factor = 2\nprint('ran')", ""),
    ]
    built = rebuild(master, [*cells, *own])
    assert code(built)[1:3] == [own[0].source, own[1].source]
    assert len(code(built)) == len(code(rebuild(master, cells))) + 2


def test_helpers_cannot_pose_as_graded_cells(master):
    """A definition under the id of a graded cell is no helper."""
    cells = submitted(master, f="def f(x):\n    return helper(x)")
    fake = SubmittedCell("code", "def helper(x):\n    return x", "g")
    assert fake.source not in code(rebuild(master, [*cells, fake]))


@pytest.mark.parametrize(
    "source", ["def f(:", "\0", "(" * 5000, "f = 1\n\t x"]
)
def test_solutions_that_do_not_parse_are_rebuilt_as_they_are(master, source):
    """It is the run that tells what is wrong with them."""
    assert code(rebuild(master, submitted(master, f=source)))[1] == source

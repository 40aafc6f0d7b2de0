"""Grades go out to who they came in from; the page counts what is there."""

import csv
import functools
import io
import re
import shutil
from pathlib import Path

import lms
import pytest
from nbgrader.plugins import CsvExportPlugin

from autograder import cli, collect, sandbox
from autograder.batch import Batch
from autograder.collect import lines
from autograder.course import Course
from autograder.errors import UsageError
from autograder.report import gather, tables
from autograder.report.write import write

LIMITS = sandbox.Limits(cell_seconds=10)
WALLS = sandbox.walls(trust=True)
ANSWERS = {
    "jdoe": "def double(x):\n    return 2 * x",
    "obrien": "def double(x):\n    return x + x",
    "jose": "def double(x):\n    raise ValueError",
}


def grade(course):
    """Grade the course's one assignment."""
    runs = functools.partial(cli.open_run, LIMITS, walls=WALLS)
    Batch(course, "ps1", LIMITS, runs).run(1)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course: three collected from Canvas and graded, one read.

    O'Brien was two hours late, which costs a point; Wei Li handed in what
    is no notebook; a stranger's file came with theirs.
    """
    root = tmp_path_factory.mktemp("made")
    course = lms.make_course(root / "course")
    (course.path / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "from nbgrader.plugins import LateSubmissionPlugin\n"
        "class Late(LateSubmissionPlugin):\n"
        "    def late_submission_penalty(self, student, score, seconds):\n"
        "        return 1.0\n"
        "c.AssignLatePenalties.plugin_class = Late\n"
    )
    course = Course(course.path)
    files = [
        (lms.canvas_name(student, "p.ipynb"), lms.notebook(course, answer))
        for student, answer in ANSWERS.items()
    ]
    files.append((lms.canvas_name("liwei", "p.ipynb"), b"{"))
    files.append(("strangerann_4799_1_p.ipynb", lms.notebook(course)))
    source = lms.zipped(root / "all.zip", files)
    roster = lms.canvas_roster(root / "roster.csv")
    collect.run(course, "ps1", source, roster=roster)
    with course.gradebook() as gradebook:
        due = "2026-03-05 12:00:00 UTC"
        gradebook.update_or_create_assignment("ps1", duedate=due)
    late = course.folder("submitted", "ps1", "obrien") / "timestamp.txt"
    late.write_text("2026-03-05 14:00:00 UTC")
    grade(course)
    with course.gradebook() as gradebook:
        for student, points in (("jdoe", 1.0), ("obrien", 0.5)):
            given = gradebook.find_grade("why", "p", "ps1", student)
            given.manual_score, given.needs_manual_grade = points, False
        gradebook.db.commit()
    grade(course)
    return course


@pytest.fixture
def course(made, tmp_path):
    """Return a fresh copy of that course."""
    shutil.copytree(made.path, tmp_path / "course")
    return Course(tmp_path / "course")


def read(path):
    """Return the rows of a CSV as lists."""
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_canvas_gets_back_who_it_sent(course, tmp_path):
    """Names, numbers and sections as exported; only grades are new."""
    roster = lms.canvas_roster(tmp_path / "roster.csv")
    write(course, ["ps1"], tmp_path / "out", roster)
    before, after = read(roster), read(tmp_path / "out" / "canvas.csv")
    assert after[0] == [*before[0][:5], "ps1"]
    assert after[1] == ["    Points Possible", "", "", "", "", "3"]
    assert [row[:5] for row in after[2:]] == [row[:5] for row in before[2:]]
    # 2 + 1; 2 + 0.5 less a point; a person has yet to read; rejected.
    assert [row[5] for row in after[2:]] == ["3", "1.5", "", "0"]


def test_canvas_keeps_its_column_and_what_it_has(course, tmp_path):
    """The column with Canvas's number; a grade that stands there stays."""
    roster = lms.canvas_roster(tmp_path / "roster.csv")
    text = roster.read_text("utf-8-sig").replace(
        "Section,p", "Section,ps1 (77)"
    )
    rows = list(csv.reader(io.StringIO(text)))
    rows[1][5], rows[4][5] = "10", "2.5"
    tables.write(roster, rows)
    write(course, ["ps1"], tmp_path / "out", roster)
    after = read(tmp_path / "out" / "canvas.csv")
    assert after[0][5] == "ps1 (77)"
    assert [row[5] for row in after[1:]] == ["10", "3", "1.5", "2.5", "0"]


def test_without_a_roster_canvas_gets_logins_alone(course, tmp_path):
    """The gradebook's number may be another LMS's: it stays at home."""
    write(course, ["ps1"], tmp_path / "out")
    head, _, *rows = read(tmp_path / "out" / "canvas.csv")
    assert head == [
        "Student",
        "ID",
        "SIS User ID",
        "SIS Login ID",
        "Section",
        "ps1",
    ]
    assert [row[3] for row in rows] == ["jdoe", "liwei", "obrien"]
    assert {row[1] for row in rows} == {""}
    assert rows[2][0] == "O'Brien, Sinead"


def test_moodle_gets_grades_that_stand_alone(course, tmp_path):
    """An empty cell would take a grade away, so who has none is left out."""
    write(course, ["ps1"], tmp_path / "out")
    assert read(tmp_path / "out" / "moodle.csv") == [
        ["ID number", "First name", "Last name", "Email address", "ps1"],
        ["jdoe", "Jane", "Doe", "", "3"],
        ["liwei", "Wei", "Li", "", "0"],
        ["obrien", "Sinead", "O'Brien", "", "1.5"],
    ]


def test_moodles_worksheet_comes_back_filled_in(course, tmp_path):
    """Every cell but the grades is the one that Moodle wrote."""
    sheet = lms.worksheet(tmp_path / "sheet.csv")
    write(course, ["ps1"], tmp_path / "out", sheet)
    before = read(sheet)
    after = read(tmp_path / "out" / "moodle-worksheet.csv")
    grades = before[0].index("Grade")
    for row, known in zip(after, before, strict=True):
        assert row[:grades] == known[:grades]
        assert row[grades + 1 :] == known[grades + 1 :]
    assert [row[grades] for row in after[1:]] == ["3", "1.5", "", "0"]


def test_a_worksheet_is_of_one_assignment(course, tmp_path):
    """With two it cannot be told whose grades it is to have."""
    sheet = lms.worksheet(tmp_path / "sheet.csv")
    with pytest.raises(UsageError, match=r"belongs to one.*ASSIGNMENT"):
        write(course, ["ps1", "ps1"], tmp_path / "out", sheet)
    assert not (tmp_path / "out").exists()


def test_a_roster_says_who_is_who_as_it_does_to_collect(tmp_path):
    """Every row under the id that ``collect`` enrols it with."""
    sheet = lms.worksheet(tmp_path / "sheet.csv")
    rows = tables.Roster(sheet).rows
    assert [student for _, student in rows] == [p[0] for p in lms.CLASS]
    canvas = lms.canvas_roster(tmp_path / "canvas.csv")
    rows = tables.Roster(canvas).rows
    assert [student for _, student in rows][1:] == [p[0] for p in lms.CLASS]
    assert rows[0][1] == ""


@pytest.mark.filterwarnings("ignore")  # nbgrader's own
def test_scores_and_penalties_are_those_nbgrader_exports(course, tmp_path):
    """Raw score, penalty, score and maximum, student by student."""
    write(course, ["ps1"], tmp_path / "out")
    plugin = CsvExportPlugin()
    plugin.to = str(tmp_path / "stock.csv")
    with course.gradebook() as gradebook:
        plugin.export(gradebook)
    with (tmp_path / "stock.csv").open() as file:
        stock = {row["student_id"]: row for row in csv.DictReader(file)}
    head, *rows = read(tmp_path / "out" / "grades.csv")
    ours = {row[1]: dict(zip(head, row, strict=True)) for row in rows}
    assert ours.keys() == stock.keys()
    for name in ("raw_score", "late_submission_penalty", "score", "max_score"):
        for student, row in ours.items():
            assert float(row[name]) == float(stock[student][name]), student
    assert ours["obrien"]["late_submission_penalty"] == "1"
    assert ours["jose"]["waiting"] == "1"
    assert ours["liwei"]["outcome"] == "rejected"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1|cmd",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "-",
        "-2.5",
        "",
        "O'Brien",
        "    Points Possible",
    ],
)
def test_no_cell_begins_a_formula(text, tmp_path):
    """What would is behind an apostrophe; numbers and a dash are not."""
    tables.write(tmp_path / "a.csv", [[text, "1"]])
    [[cell, number]] = read(tmp_path / "a.csv")
    harmless = not re.match(r"\s*[=+@-]|[\t\r\n]", text)
    if harmless or text in {"-", "-2.5"}:
        assert cell == text
    else:
        assert cell == f"'{text}"
    assert number == "1"


def test_a_hostile_name_reaches_no_spreadsheet(course, tmp_path):
    """Neither from the gradebook nor from the roster."""
    with course.gradebook() as gradebook:
        person = gradebook.find_student("jdoe")
        person.last_name, person.first_name = "=HYPERLINK(1)", "@a"
        person.email = "+cmd"
        gradebook.db.commit()
    write(course, ["ps1"], tmp_path / "out")
    for file in (tmp_path / "out").glob("*.csv"):
        for row in read(file):
            assert not any(
                cell[:1] in set("=+@\t\r") - {""} for cell in row if cell
            )


def test_the_page_counts_what_there_is(course):
    """Attempted, passed, waiting, rejected: as the class did."""
    found = gather.picture(course, "ps1")
    double, why = found.tasks
    assert (double.passed, double.nothing, double.some) == (2, 2, 0)
    assert (double.attempted, double.waiting) == (3, 0)
    assert (why.passed, why.some, why.nothing, why.waiting) == (1, 1, 1, 1)
    assert found.works["liwei"].outcome == "rejected"
    assert {line.outcome for line in found.trouble} <= {
        lines.UNKNOWN,
        lines.REFUSED,
        lines.BROKEN,
    }
    assert any("4799" in line.name for line in found.trouble)
    assert sorted(found.scores) == [0, 0, 1.5, 3]


def test_the_page_says_so_in_words(course, tmp_path):
    """Why each was refused, what waits, and no mark-up of theirs."""
    lines.keep(
        course,
        "ps1",
        [lines.Line("<script>x</script>", lines.REFUSED, "", "no")],
    )
    *_, index = write(course, ["ps1"], tmp_path / "out")
    text = index.read_text("utf-8")
    assert "p.ipynb is not a notebook" in text
    assert "strangerann_4799_1_p.ipynb" in text
    assert "Doubling (why): 1 of 4" in text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "http:" not in text
    assert "https:" not in text


def test_what_was_mended_later_is_no_trouble(course):
    """A file that was refused once and then taken is not listed."""
    bad = lines.Line("old.ipynb", lines.REFUSED, "jose", "an empty file.")
    lines.keep(course, "ps1", [bad])
    assert bad in gather.picture(course, "ps1").trouble
    lines.keep(course, "ps1", [lines.Line("new.ipynb", lines.TAKEN, "jose")])
    assert bad not in gather.picture(course, "ps1").trouble


def test_mistakes_are_told_in_the_learners_words():
    """By the sentence of the catalogue; unknown ones by their name."""
    assert "sigmoid" in gather.sentence("rnn_step", "sigmoid-for-tanh")
    assert gather.sentence("rnn_step", "nothing") == "nothing"
    assert gather.sentence("rnn_step", "delegates").startswith("Leaves")


def test_points_possible_are_known_before_anybody_is_graded(tmp_path):
    """The notebook says them, not the grades."""
    course = lms.make_course(tmp_path / "course")
    folder = course.folder("submitted", "ps1", "jdoe")
    folder.mkdir(parents=True)
    (folder / "p.ipynb").write_bytes(lms.notebook(course))
    roster = lms.canvas_roster(tmp_path / "roster.csv")
    write(course, [], tmp_path / "out", roster)
    _, points, *rows = read(tmp_path / "out" / "canvas.csv")
    assert points[5] == "3"
    assert {row[5] for row in rows} == {""}


def test_who_waits_for_the_grader_is_told(course, tmp_path):
    """A submission that came after the last run has no grade, no zero."""
    new = course.folder("submitted", "ps1", "new")
    shutil.copytree(course.folder("submitted", "ps1", "jdoe"), new)
    *_, index = write(course, ["ps1"], tmp_path / "out")
    assert "not graded yet" in index.read_text("utf-8")
    assert "Run autograder grade." in index.read_text("utf-8")


def test_the_command_says_where_it_wrote(course, capsys):
    """All assignments that were handed in, into the course's report/."""
    assert cli.main(["report", "--course", str(course.path)]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    paths = [Path(line) for line in said.out.splitlines()]
    names = ["grades.csv", "canvas.csv", "moodle.csv", "index.html"]
    assert paths == [course.path / "report" / name for name in names]
    assert all(path.is_file() for path in paths)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--course", "none"], "There is no course"),
        (["ps9"], "has no assignment 'ps9'"),
        (["--roster", "none.csv"], "cannot be read"),
    ],
)
def test_wrong_usage_is_one_line(words, said, course, capsys, monkeypatch):
    """What is missing, and what to do."""
    monkeypatch.chdir(course.path)
    assert cli.main(["report", *words]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1
    assert not (course.path / "report").exists()


def test_a_class_without_submissions_has_no_report(tmp_path):
    """It says what to run first."""
    empty = lms.make_course(tmp_path / "empty")
    with pytest.raises(UsageError, match="autograder collect"):
        write(empty, [], tmp_path / "out")

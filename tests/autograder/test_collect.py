"""What an LMS or an exchange holds comes into the course, whole."""

import datetime as dt
import json
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import lms
import pytest

from autograder import collect
from autograder.collect import forms, lines, names, people, shelf
from autograder.errors import UsageError
from autograder.ledger import Ledger

UTC = dt.UTC


@pytest.fixture
def course(tmp_path):
    """Return a course with one assignment, ps1, of one notebook, p."""
    return lms.make_course(tmp_path / "course")


@pytest.fixture
def roster(tmp_path):
    """Return the path of Canvas's roster."""
    return lms.canvas_roster(tmp_path / "roster.csv")


def submitted(course, student):
    """Return what lies in a student's submitted folder."""
    return lms.tree(course.folder("submitted", "ps1", student))


def by_name(found):
    """Return lines by the name of what they are about."""
    return {line.name: line for line in found}


def test_a_canvas_zip_is_laid_out(course, roster, tmp_path):
    """Late, renamed, resubmitted, with accents: each under its own id."""
    works = {
        student: lms.notebook(course, f"def double(x):\n    return {n} * x")
        for n, (student, *_) in enumerate(lms.CLASS)
    }
    files = [
        (lms.canvas_name("jdoe", "p.ipynb"), works["jdoe"]),
        (lms.canvas_name("obrien", "p.ipynb", late=True), works["obrien"]),
        (lms.canvas_name("jose", "p-2.ipynb"), works["jose"]),
        (lms.canvas_name("liwei", "Copy of p (1).ipynb"), works["liwei"]),
    ]
    source = lms.zipped(tmp_path / "submissions.zip", files)
    found = collect.run(course, "ps1", source, roster=roster)
    assert [line.outcome for line in found] == [lines.TAKEN] * 4
    for student, work in works.items():
        assert submitted(course, student) == {"p.ipynb": work}


def test_a_moodle_zip_brings_its_times(course, tmp_path):
    """Folders with accents and apostrophes; times of the worksheet."""
    work = lms.notebook(course)
    sheet = lms.worksheet(
        tmp_path / "sheet.csv",
        {
            "jdoe": "Thursday, 5 March 2026, 11:05 PM",
            "jose": "Friday, March 6, 2026, 9:00 AM",
        },
    )
    files = [
        (lms.moodle_name(student, "p.ipynb"), work)
        for student in ("jdoe", "obrien", "jose")
    ]
    text = "Wei Li_804_assignsubmission_onlinetext_/onlinetext.html"
    source = lms.zipped(tmp_path / "moodle.zip", [*files, (text, b"<p>")])
    found = collect.run(
        course, "ps1", source, roster=sheet, zone="Europe/Berlin"
    )
    assert [line.outcome for line in found] == [lines.TAKEN] * 3
    stamp = submitted(course, "jdoe")["timestamp.txt"]
    assert stamp == b"2026-03-05 22:05:00 UTC\n"
    folder = str(course.folder("submitted", "ps1", "jose"))
    stamp = course.directory.get_existing_timestamp(folder)
    assert stamp.isoformat() == "2026-03-06T08:00:00"
    assert "timestamp.txt" not in submitted(course, "obrien")


def test_a_plain_folder_goes_by_the_roster(course, tmp_path):
    """Files by id, by id and notebook, by folder, and by a column file."""
    table = tmp_path / "class.csv"
    table.write_text(
        "id;first_name;last_name;file\nada;Ada;L;\nbob;Bob;M;\ncem;Cem;N;\n"
        "dot;Dot;O;final version.ipynb\neve;Eve;Pál;\n",
        "utf-8",
    )
    work = lms.notebook(course)
    source = lms.laid_out(
        tmp_path / "in",
        [
            ("ada.ipynb", work),
            ("bob_p.ipynb", work),
            ("cem/my notebook.ipynb", work),
            ("cem/data/table.csv", b"1,2"),
            ("final version.ipynb", work),
            ("eve_pál.ipynb", work),
            ("stranger.ipynb", work),
        ],
    )
    found = by_name(collect.run(course, "ps1", source, roster=table))
    assert found.pop("stranger.ipynb").outcome == lines.UNKNOWN
    assert {line.outcome for line in found.values()} == {lines.TAKEN}
    for student in ("ada", "bob", "cem", "dot", "eve"):
        assert submitted(course, student)["p.ipynb"] == work
    assert submitted(course, "cem")["data/table.csv"] == b"1,2"


def test_an_exchange_is_read_by_its_folders_names(course, roster, tmp_path):
    """The folder says who and when; the file inside it is not asked."""
    early, late = lms.notebook(course, "a = 1"), lms.notebook(course, "a = 2")
    inbound = "course/inbound"
    source = lms.laid_out(
        tmp_path / "exchange",
        [
            (f"{inbound}/jdoe+ps1+2026-03-05 10:00:00 UTC+x/p.ipynb", early),
            (f"{inbound}/jdoe+ps1+2026-03-06 10:00:00 UTC+y/p.ipynb", late),
            (
                f"{inbound}/jdoe+ps1+2026-03-06 10:00:00 UTC+y/timestamp.txt",
                b"1999-01-01 00:00:00 UTC",
            ),
            (f"{inbound}/jdoe+ps2+2026-03-07 10:00:00 UTC+z/p.ipynb", early),
        ],
    )
    found = collect.run(course, "ps1", source, roster=roster)
    assert [line.outcome for line in found] == [lines.KEPT, lines.TAKEN]
    assert submitted(course, "jdoe") == {
        "p.ipynb": late,
        "timestamp.txt": b"2026-03-06 10:00:00 UTC\n",
    }


def test_every_attempt_is_kept_and_the_rule_chooses(course, roster, tmp_path):
    """The last before the deadline, or the last of all; no byte is lost."""
    course.api().gradebook.__enter__().update_or_create_assignment(
        "ps1", duedate="2026-03-05 12:00:00 UTC"
    )
    works = [lms.notebook(course, f"a = {n}") for n in range(3)]
    stamps = ("2026-03-05 10:00:00", "2026-03-05 11:00:00", "2026-03-06 09:00")
    source = lms.laid_out(
        tmp_path / "exchange",
        [
            (f"jdoe+ps1+{stamp} UTC+x/p.ipynb", work)
            for stamp, work in zip(stamps, works, strict=True)
        ],
    )
    collect.run(course, "ps1", source, roster=roster, rule="on-time")
    assert submitted(course, "jdoe")["p.ipynb"] == works[1]
    collect.run(course, "ps1", source, roster=roster)
    assert submitted(course, "jdoe")["p.ipynb"] == works[2]
    kept = shelf.Shelf(course, "ps1", "jdoe").attempts()
    assert [a.files["p.ipynb"].read_bytes() for a in kept] == works


def test_canvas_s_late_mark_counts_where_no_time_is_told(
    course, roster, tmp_path
):
    """A late resubmission does not replace what came in time."""
    first, second = (
        lms.notebook(course, "a = 1"),
        lms.notebook(course, "a = 2"),
    )
    for name, work in (
        (lms.canvas_name("jdoe", "p.ipynb"), first),
        (lms.canvas_name("jdoe", "p-1.ipynb", late=True), second),
    ):
        source = lms.zipped(tmp_path / "s.zip", [(name, work)])
        collect.run(course, "ps1", source, roster=roster, rule="on-time")
    assert submitted(course, "jdoe")["p.ipynb"] == first
    collect.run(course, "ps1", source, roster=roster)
    assert submitted(course, "jdoe")["p.ipynb"] == second


def test_what_was_put_there_by_hand_is_kept(course, roster, tmp_path):
    """It becomes an attempt before another takes its place."""
    by_hand = course.folder("submitted", "ps1", "jdoe")
    by_hand.mkdir(parents=True)
    (by_hand / "p.ipynb").write_bytes(lms.notebook(course, "by = 'hand'"))
    name = lms.canvas_name("jdoe", "p.ipynb")
    source = lms.zipped(tmp_path / "s.zip", [(name, lms.notebook(course))])
    collect.run(course, "ps1", source, roster=roster)
    kept = shelf.Shelf(course, "ps1", "jdoe").attempts()
    assert len(kept) == 2
    assert b"by = 'hand'" in kept[0].files["p.ipynb"].read_bytes()
    assert submitted(course, "jdoe") == {"p.ipynb": lms.notebook(course)}


def test_collecting_again_changes_nothing(course, roster, tmp_path):
    """The same export twice: nothing new on the shelf or in the journal."""
    files = [(lms.canvas_name("jdoe", "p.ipynb"), lms.notebook(course))]
    source = lms.zipped(tmp_path / "s.zip", files)
    collect.run(course, "ps1", source, roster=roster)
    before = lms.tree(course.path / "collected"), submitted(course, "jdoe")
    again = collect.run(course, "ps1", source, roster=roster)
    assert [line.outcome for line in again] == [lines.ALREADY]
    assert before == (
        lms.tree(course.path / "collected"),
        submitted(course, "jdoe"),
    )
    journal = lines.read(course, "ps1")
    assert [line.outcome for line in journal] == [lines.TAKEN, lines.ALREADY]
    collect.run(course, "ps1", source, roster=roster)
    assert lines.read(course, "ps1") == journal


def test_names_of_the_roster_reach_the_gradebook(course, roster, tmp_path):
    """Formgrader then shows people, not numbers."""
    files = [(lms.canvas_name("jose", "p.ipynb"), lms.notebook(course))]
    source = lms.zipped(tmp_path / "s.zip", files)
    collect.run(course, "ps1", source, roster=roster)
    with course.api().gradebook as gradebook:
        student = gradebook.find_student("jose")
        assert student.first_name == "José María"
        assert student.last_name == "García Núñez"
        assert student.lms_user_id == "4713"
    # From now on the gradebook knows Canvas's number.
    again = collect.run(course, "ps1", source)
    assert [line.outcome for line in again] == [lines.ALREADY]
    with Ledger(course, "ps1") as ledger:
        assert ledger.journal() == {}


def test_without_any_roster_the_command_says_what_to_give(course, tmp_path):
    """An empty gradebook and no CSV: one sentence and the way out."""
    source = lms.zipped(tmp_path / "s.zip", [])
    with pytest.raises(UsageError, match="--roster"):
        collect.run(course, "ps1", source)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id,name\nann,A\nann,B\n", "more than once"),
        ("mail,colour\na@b,red\n", "no column that says an id"),
        ("id\n../up\n", "no column that says an id"),
        ("", "no column that says an id"),
    ],
)
def test_a_roster_that_says_nobody_is_refused(tmp_path, text, reason):
    """Two of one id, no id, an id that is a path, nothing at all."""
    file = tmp_path / "r.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=reason):
        people.read(file, UTC)


def test_two_of_one_name_are_told_apart_or_not_at_all(tmp_path):
    """A name that two people have finds neither; their numbers find both."""
    file = tmp_path / "r.csv"
    file.write_text(
        "id,first_name,last_name,lms_user_id\nli1,Wei,Li,1\nli2,Wei,Li,2\n",
        "utf-8",
    )
    known = people.read(file, UTC)
    person, reason = known.find("Wei Li")
    assert person is None
    assert "li1, li2" in reason
    assert known.find("2")[0].id == "li2"


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("lstm.ipynb", ["lstm"], "lstm"),
        ("LSTM-3.ipynb", ["lstm"], "lstm"),
        ("Copy of lstm.ipynb", ["gru", "lstm"], "lstm"),
        ("lstm (2).ipynb", ["gru", "lstm"], "lstm"),
        ("hw-1.ipynb", ["hw-1", "hw-2"], "hw-1"),
        ("hw-2-1.ipynb", ["hw-1", "hw-2"], "hw-2"),
        (
            "exploding_gradients.ipynb",
            ["a", "exploding-gradients"],
            "exploding-gradients",
        ),
        ("something.ipynb", ["only"], "only"),
        ("something.ipynb", ["gru", "lstm"], ""),
        ("lstm.html", ["lstm"], ""),
    ],
)
def test_a_renamed_notebook_is_recognised(name, known, expected):
    """What browsers, Colab and LMSs add to a name is taken off again."""
    assert names.notebook_name(name, known) == expected


@pytest.mark.parametrize(
    ("paths", "form"),
    [
        (
            [
                ("doejane_1_2_p.ipynb",),
                ("readme.txt",),
                ("li_LATE_3_4_p.ipynb",),
            ],
            "canvas",
        ),
        ([("A B_1_assignsubmission_file_", "p.ipynb")], "moodle"),
        ([("A B_1_assignsubmission_file_p.ipynb",)], "moodle"),
        ([("a+ps1+2026-01-01 00:00:00 UTC", "p.ipynb")], "exchange"),
        ([("a.ipynb",), ("b.ipynb",)], "folder"),
        ([], "folder"),
    ],
)
def test_a_form_is_recognised_by_most_of_its_names(paths, form):
    """One stray file changes nothing."""
    assert forms.recognise(paths) == form


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thursday, 5 March 2026, 11:05 PM", "2026-03-05T23:05"),
        ("Thursday, March 5, 2026, 11:05 PM", "2026-03-05T23:05"),
        ("2026-03-05 23:05:00 UTC", "2026-03-05T23:05"),
        ("2026-03-05T23:05:00+01:00", "2026-03-05T22:05"),
        ("-", None),
        ("", None),
    ],
)
def test_times_are_read_as_they_are_written(text, expected):
    """Moodle's two orders, nbgrader's, ISO; no time is None."""
    found = forms.timestamp(text, UTC)
    assert (found and found.isoformat(timespec="minutes")) == expected


def test_the_command_reports_and_says_by_its_status(course, roster, tmp_path):
    """A line each on stdout, JSON on request, 1 where someone must look."""
    files = [
        (lms.canvas_name("jdoe", "p.ipynb"), lms.notebook(course)),
        ("ghost_9999_1_p.ipynb", lms.notebook(course)),
    ]
    source = lms.zipped(tmp_path / "s.zip", files)
    command = [Path(sys.executable).with_name("autograder"), "collect", "ps1"]
    command += [source, "--course", course.path, "--roster", roster]
    command += ["--json", tmp_path / "lines.json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "nobody on the roster is known as 9999" in done.stdout
    assert "1 unknown, 1 taken" in done.stdout
    told = json.loads((tmp_path / "lines.json").read_text())["lines"]
    assert {line["outcome"] for line in told} == {"taken", "unknown"}


def export(course, folder, count):
    """Write a roster and a zip with a submission of each of ``count``."""
    class_ = [
        (f"s{n:04d}", str(5000 + n), str(n), "A", f"Student{n}")
        for n in range(count)
    ]
    roster = lms.canvas_roster(folder / f"{count}.csv", class_)
    work = lms.notebook(course, "# " + "x" * 200_000)
    files = [(f"student_{number}_1_p.ipynb", work) for _, number, *_ in class_]
    return lms.zipped(folder / f"{count}.zip", files), roster


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_thousand_notebooks_take_less_than_a_minute(course, tmp_path):
    """In CPU seconds, since other work may share the machine."""
    source, roster = export(course, tmp_path, 1000)
    begin = time.process_time()
    found = collect.run(course, "ps1", source, roster=roster)
    assert time.process_time() - begin < 60
    assert [line.outcome for line in found] == [lines.TAKEN] * 1000


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_memory_does_not_grow_with_the_class(course, tmp_path):
    """Ten times the class needs a few bytes a student, no notebook each."""
    peaks = []
    for count in (20, 200):
        source, roster = export(course, tmp_path, count)
        tracemalloc.start()
        collect.run(course, "ps1", source, roster=roster)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 180 * 20_000

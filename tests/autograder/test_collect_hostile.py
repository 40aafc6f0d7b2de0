"""Bad exports: each thing is one line and one row, and the rest goes on."""

import json
import zipfile

import lms
import pytest

from autograder import batch, cli, collect, sandbox
from autograder.collect import lines, shelf, sources
from autograder.errors import UsageError

GOOD = "jdoe"


@pytest.fixture
def course(tmp_path):
    """Return a course with one assignment, ps1, of one notebook, p."""
    return lms.make_course(tmp_path / "course")


@pytest.fixture
def roster(tmp_path):
    """Return the path of Canvas's roster."""
    return lms.canvas_roster(tmp_path / "roster.csv")


def collected(course, roster, source, **options):
    """Collect; assert that a neighbour is there whatever else came."""
    found = collect.run(course, "ps1", source, roster=roster, **options)
    here = course.folder("submitted", "ps1", GOOD) / "p.ipynb"
    assert here.read_bytes() == lms.notebook(course)
    assert set(lines.read(course, "ps1")) >= set(found)
    others = [line for line in found if line.student != GOOD]
    for line in others:
        assert line.reason.endswith("."), line
    return others


def files_outside(course, tmp_path):
    """Return what lies beside the course; nothing may come there."""
    return {
        name
        for name in lms.tree(tmp_path)
        if not name.startswith((f"{course.path.name}/", "roster.csv"))
    }


def neighbour(course):
    """Return the entry of a submission that must always be taken."""
    return lms.canvas_name(GOOD, "p.ipynb"), lms.notebook(course)


@pytest.mark.parametrize(
    "name",
    [
        "../../escaped.ipynb",
        "/escaped.ipynb",
        "C:\\escaped.ipynb",
        "..\\..\\escaped.ipynb",
        "a/../../escaped.ipynb",
        "./x/./p.ipynb",
    ],
)
def test_a_name_that_leads_out_is_refused(course, roster, tmp_path, name):
    """Nothing is written outside, whatever the separator."""
    before = files_outside(course, tmp_path)
    source = lms.zipped(tmp_path / "s.zip", [(name, b"{}"), neighbour(course)])
    [line] = collected(course, roster, source)
    assert line.outcome == lines.REFUSED
    assert "leads out" in line.reason
    assert files_outside(course, tmp_path) - before == {"s.zip"}


def test_a_link_is_not_followed(course, roster, tmp_path):
    """Neither in a zip nor in a folder, file or folder."""
    secret = tmp_path / "secret.ipynb"
    secret.write_text("SECRET", "utf-8")
    name = lms.canvas_name("liwei", "p.ipynb")
    source = lms.zipped(tmp_path / "s.zip", [neighbour(course)])
    lms.with_link(source, name, str(secret))
    [line] = collected(course, roster, source)
    assert "link" in line.reason
    folder = lms.laid_out(tmp_path / "in", [neighbour(course)])
    (folder / name).symlink_to(secret)
    (folder / "more").symlink_to(tmp_path)
    found = collected(course, roster, folder)
    assert [line.outcome for line in found] == [lines.REFUSED] * 2
    everything = lms.tree(course.path).values()
    assert not any(b"SECRET" in content for content in everything)


def test_a_bomb_stays_packed(course, roster, tmp_path):
    """A zip in a zip of a gigabyte of nothing; memory and disk are spared."""
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            with archive.open(f"{number}.ipynb", "w") as file:
                for _ in range(45):
                    file.write(b"\0" * 1_000_000)
    name = lms.canvas_name("liwei", "p.zip")
    source = lms.zipped(
        tmp_path / "s.zip", [(name, inner.read_bytes()), neighbour(course)]
    )
    [line] = collected(course, roster, source)
    assert line.outcome == lines.REFUSED
    assert "135 MB" in line.reason
    assert sum(map(len, lms.tree(course.path).values())) < 1_000_000


def test_a_file_larger_than_allowed_is_refused(course, roster, tmp_path):
    """Read no further than the limit."""
    name = lms.canvas_name("liwei", "p.ipynb")
    large = b"[" * (sources.MAX_BYTES + 1)
    source = lms.zipped(tmp_path / "s.zip", [(name, large), neighbour(course)])
    [line] = collected(course, roster, source)
    assert "larger than 50 MB" in line.reason


def test_many_members_are_refused(course, roster, tmp_path):
    """A learner's zip holds up to 500 files."""
    members = [(f"{n}.txt", b"x") for n in range(sources.PACKED_ITEMS + 1)]
    inner = lms.zipped(tmp_path / "i.zip", members).read_bytes()
    name = lms.canvas_name("liwei", "p.zip")
    source = lms.zipped(tmp_path / "s.zip", [(name, inner), neighbour(course)])
    [line] = collected(course, roster, source)
    assert "501 files" in line.reason


def test_a_zip_of_a_folder_is_unpacked(course, roster, tmp_path):
    """Its files lie beside the notebook; a zip in it is not opened."""
    work = lms.notebook(course, "a = 1")
    inner = lms.zipped(
        tmp_path / "i.zip",
        [
            ("my work/p.ipynb", work),
            ("my work/data/d.csv", b"1"),
            ("my work/again.zip", b"PK"),
            ("__MACOSX/my work/._p.ipynb", b"x"),
            ("my work/.ipynb_checkpoints/p-checkpoint.ipynb", b"x"),
            ("my work/timestamp.txt", b"1999-01-01"),
            ("../p.ipynb", b"x"),
        ],
    ).read_bytes()
    name = lms.canvas_name("liwei", "all.zip")
    source = lms.zipped(tmp_path / "s.zip", [(name, inner), neighbour(course)])
    found = collected_with_good(course, roster, source, "liwei")
    assert [line.outcome for line in found] == [
        lines.REFUSED,
        lines.REFUSED,
        lines.TAKEN,
    ]
    here = course.folder("submitted", "ps1", "liwei")
    assert lms.tree(here) == {"p.ipynb": work, "data/d.csv": b"1"}


def collected_with_good(course, roster, source, student):
    """Collect; return the lines about one student."""
    found = collect.run(course, "ps1", source, roster=roster)
    return [line for line in found if line.student == student]


def test_two_notebooks_of_one_attempt_are_not_chosen_between(
    course, roster, tmp_path
):
    """The first is taken; the line says that a person must ask."""
    first, second = (
        lms.notebook(course, "a = 1"),
        lms.notebook(course, "a = 2"),
    )
    name = lms.canvas_name("liwei", "p.ipynb")
    other = lms.canvas_name("liwei", "p (1).ipynb")
    source = lms.zipped(
        tmp_path / "s.zip",
        [(name, first), (other, second), neighbour(course)],
    )
    found = collected_with_good(course, roster, source, "liwei")
    assert {line.outcome for line in found} == {lines.TAKEN, lines.REFUSED}
    here = course.folder("submitted", "ps1", "liwei")
    assert lms.tree(here) == {"p.ipynb": first}


def test_the_same_name_twice_in_an_archive_is_refused(
    course, roster, tmp_path
):
    """Zip allows it; which of the two was meant, nobody can say."""
    name = lms.canvas_name("liwei", "p.ipynb")
    works = [lms.notebook(course, f"a = {n}") for n in (1, 2)]
    with pytest.warns(UserWarning, match="Duplicate name"):
        source = lms.zipped(
            tmp_path / "s.zip",
            [(name, works[0]), (name, works[1]), neighbour(course)],
        )
    found = collected_with_good(course, roster, source, "")
    assert [line.outcome for line in found] == [lines.REFUSED]
    assert "another file of that name" in found[0].reason


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        (b"", lines.REFUSED),
        (b"{", lines.BROKEN),
        (b"\x00\xff", lines.BROKEN),
        (b"[]", lines.BROKEN),
        (b"[" * 100_000, lines.BROKEN),
        (b'{"cells": []}', lines.TAKEN),
    ],
)
def test_a_broken_notebook_is_kept_and_said(
    course, roster, tmp_path, content, outcome
):
    """It is laid in place, byte for byte, so that its owner is told."""
    name = lms.canvas_name("liwei", "p.ipynb")
    source = lms.zipped(
        tmp_path / "s.zip", [(name, content), neighbour(course)]
    )
    [line] = collected_with_good(course, roster, source, "liwei")
    assert line.outcome == outcome
    here = course.folder("submitted", "ps1", "liwei") / "p.ipynb"
    if outcome == lines.REFUSED:
        assert not here.exists()
    else:
        assert here.read_bytes() == content


def test_a_broken_resubmission_does_not_replace_a_good_one(
    course, roster, tmp_path
):
    """Both are kept; the one that can be read counts."""
    good = lms.notebook(course, "a = 1")
    for name, content in (("p.ipynb", good), ("p-1.ipynb", b"{")):
        entry = lms.canvas_name("liwei", name), content
        source = lms.zipped(tmp_path / "s.zip", [entry])
        found = collect.run(course, "ps1", source, roster=roster)
    assert [line.outcome for line in found] == [lines.KEPT]
    assert "cannot be read as JSON" in found[0].reason
    here = course.folder("submitted", "ps1", "liwei")
    assert lms.tree(here) == {"p.ipynb": good}
    assert len(shelf.Shelf(course, "ps1", "liwei").attempts()) == 2


def test_a_notebook_of_another_assignment_is_refused(course, roster, tmp_path):
    """The line says which one it is, and nothing is laid out."""
    other = course.path / "source" / "ps2" / "q.ipynb"
    other.parent.mkdir()
    master = course.path / "source" / "ps1" / "p.ipynb"
    text = master.read_text("utf-8").replace("double", "triple")
    other.write_text(text, "utf-8")
    work = lms.notebook(course).replace(b"double", b"triple")
    name = lms.canvas_name("liwei", "p.ipynb")
    source = lms.zipped(tmp_path / "s.zip", [(name, work), neighbour(course)])
    [line] = collected(course, roster, source)
    assert line.outcome == lines.REFUSED
    assert "it is a notebook of ps2" in line.reason
    assert not course.folder("submitted", "ps1", "liwei").exists()


def test_a_damaged_member_is_refused(course, roster, tmp_path):
    """A flipped byte fails the checksum; the neighbour is read."""
    name = lms.canvas_name("liwei", "p.ipynb")
    work = lms.notebook(course, "marker = 'FLIP ME'")
    path = tmp_path / "s.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(name, work)
        archive.writestr(*neighbour(course))
    path.write_bytes(path.read_bytes().replace(b"FLIP ME", b"FLIP IT"))
    [line] = collected(course, roster, path)
    assert "damaged" in line.reason


def test_what_is_no_source_is_one_line(course, roster, tmp_path):
    """A missing path and a file that is no zip."""
    with pytest.raises(UsageError, match="There is no"):
        collect.run(course, "ps1", tmp_path / "nowhere", roster=roster)
    text = tmp_path / "s.zip"
    text.write_text("not a zip", "utf-8")
    with pytest.raises(UsageError, match="neither a folder nor a zip"):
        collect.run(course, "ps1", text, roster=roster)


def test_an_identity_inside_a_submission_counts_for_nothing(
    course, roster, tmp_path
):
    """Neither a name in the metadata nor a file that says when or who."""
    data = json.loads(lms.notebook(course))
    data["metadata"]["authors"] = [{"name": GOOD}]
    data["metadata"]["student_id"] = GOOD
    inner = lms.zipped(
        tmp_path / "i.zip",
        [
            (f"submitted/{GOOD}/ps1/p.ipynb", json.dumps(data).encode()),
            ("submitted/TIMESTAMP.TXT", b"1999-01-01 00:00:00 UTC"),
            ("roster.csv", b"id\nliwei"),
        ],
    ).read_bytes()
    entry = lms.canvas_name("liwei", "i.zip"), inner
    source = lms.zipped(tmp_path / "s.zip", [entry, neighbour(course)])
    collect.run(course, "ps1", source, roster=roster)
    here = course.folder("submitted", "ps1", "liwei")
    assert "p.ipynb" in lms.tree(here)
    assert not any("imestamp" in n.lower() for n in lms.tree(here))
    good = course.folder("submitted", "ps1", GOOD)
    assert lms.tree(good) == {"p.ipynb": lms.notebook(course)}


@pytest.mark.slow
def test_what_was_collected_is_graded(course, roster, tmp_path):
    """From an export to grades: the broken one gets a 0 with its reason."""
    files = [
        neighbour(course),
        (lms.canvas_name("liwei", "p.ipynb"), b"{"),
        (
            lms.canvas_name("jose", "p-1.ipynb", late=True),
            lms.notebook(course, "def double(x):\n    return x"),
        ),
    ]
    source = lms.zipped(tmp_path / "s.zip", files)
    collect.run(course, "ps1", source, roster=roster)
    limits = sandbox.Limits()
    results = batch.Batch(
        course,
        "ps1",
        limits,
        lambda: cli.open_run(limits, walls=sandbox.walls(trust=True)),
    ).run()
    scores = {result.student: result.score for result in results}
    assert set(scores) == {GOOD, "liwei", "jose"}
    assert scores[GOOD] > scores["jose"] >= scores["liwei"] == 0
    broken = next(r for r in results if r.student == "liwei")
    assert "cannot be read as JSON" in broken.reason

"""Picture: what a report says of an assignment, counted from plain facts."""

import statistics
from dataclasses import dataclass, field

#: Outcome of a submission that lies there and has no grade yet.
UNGRADED = "not graded yet"


@dataclass
class Work:
    """What one student has in an assignment.

    Attributes:
        student: Id of the student.
        outcome: As ``autograder grade`` says it.
        reason: Why, where it was not simply graded.
        tasks: Dictionaries with notebook, grade_id, title, verdict, mistake,
            score (None waits for a person), max_score and attempted.
        penalty: Points taken for being late.
    """

    student: str
    outcome: str = "graded"
    reason: str = ""
    tasks: list = field(default_factory=list)
    penalty: float = 0.0

    @property
    def raw(self):
        """Points before a penalty; what waits counts as none."""
        return sum(task["score"] or 0.0 for task in self.tasks)

    @property
    def score(self):
        """Points, as nbgrader exports them."""
        return max(0.0, self.raw - self.penalty)

    @property
    def waiting(self):
        """Number of tasks that wait for a person."""
        return sum(task["score"] is None for task in self.tasks)

    @property
    def final(self):
        """Points that stand, or None: not graded, or a person has yet to."""
        done = self.outcome != UNGRADED and not self.waiting
        return self.score if done else None


@dataclass
class Task:
    """What a class did with a task.

    Attributes:
        notebook: Name of the notebook.
        grade_id: Id of the graded cell.
        title: The heading that it stands under.
        max_score: Its points.
        label: The title, told from others under the same heading.
        entries: The dictionaries of ``Work.tasks`` about it.
    """

    notebook: str
    grade_id: str
    title: str
    max_score: float
    label: str = ""
    entries: list = field(default_factory=list)

    @property
    def scores(self):
        """Points of those who have some or none, without who waits."""
        return [e["score"] for e in self.entries if e["score"] is not None]

    @property
    def attempted(self):
        """How many did something."""
        return sum(entry["attempted"] for entry in self.entries)

    @property
    def passed(self):
        """How many have full marks."""
        return sum(score >= self.max_score for score in self.scores)

    @property
    def nothing(self):
        """How many have no points."""
        return sum(score <= 0 < self.max_score for score in self.scores)

    @property
    def some(self):
        """How many have a part of the points."""
        return len(self.scores) - self.passed - self.nothing

    @property
    def waiting(self):
        """How many wait for a person."""
        return len(self.entries) - len(self.scores)

    @property
    def median(self):
        """Median of the points, None where nobody has any yet."""
        return statistics.median(self.scores) if self.scores else None


@dataclass
class Picture:
    """All that a report says of an assignment.

    Attributes:
        name: Name of the assignment.
        max_score: Its points.
        works: Works by student; only of who handed in.
        tasks: Its tasks, in the order of the notebooks.
        mistakes: (task, sentence, number of students), most common first.
        trouble: Lines of the collector that somebody has to look at.
        compared: What comparing the solutions came to, one Alike a cell.
    """

    name: str
    max_score: float
    works: dict
    tasks: list
    mistakes: list
    trouble: list
    compared: list

    @property
    def scores(self):
        """Points so far, of all who were graded."""
        graded = (w for w in self.works.values() if w.outcome != UNGRADED)
        return [work.score for work in graded]

    @property
    def median(self):
        """Median of the points so far, None where nobody was graded."""
        return statistics.median(self.scores) if self.scores else None

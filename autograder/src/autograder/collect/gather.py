"""Gather: from the items of a source to attempts, and to the course."""

import tempfile
from pathlib import Path

from autograder.collect import forms, lines, names, settle, sources
from autograder.collect.lines import Line
from autograder.collect.shelf import Attempt, place
from autograder.submission import TIME


class Gatherer:
    """Lays the submissions of a source into a course.

    Args:
        course: The course.
        assignment: Name of the assignment.
        known: People, as ``people.read`` or ``people.of_gradebook`` has them.
        rule: Which attempt counts, "last" or "on-time".
        form: How the source names its files; recognised if None.

    Raises:
        UsageError: the course has no such assignment.
    """

    def __init__(self, course, assignment, known, rule="last", form=None):
        self.course, self.assignment = course, assignment
        self.people, self.rule, self.form = known, rule, form
        self.notebooks = list(course.notebooks(assignment))

    def collect(self, source):
        """Take what a source holds.

        Args:
            source: Path of a folder or a zip.

        Returns:
            list[Line]: what became of everything, in the source's order.
        """
        self.lines, self._attempts = [], {}
        form = self.form or self._recognised(source)
        root = place(self.course, self.assignment)
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix=".in-") as draft:
            self._draft = Path(draft)
            for name, item in sources.items(source):
                self._take(name, item, form)
            self.lines += settle.settle(
                self.course,
                self.assignment,
                self.people,
                self._attempts.values(),
                self.rule,
            )
        lines.keep(self.course, self.assignment, self.lines)
        return self.lines

    def _recognised(self, source):
        found = sources.items(source)
        paths = [i.parts for _, i in found if isinstance(i, sources.Item)]
        return forms.recognise(paths)

    def _take(self, name, item, form):
        """Put an item into its attempt, or say why not."""
        if isinstance(item, sources.Refused):
            self._say(name, lines.REFUSED, reason=str(item))
            return
        if forms.is_online_text(item.parts):
            return
        if form == "exchange":
            other = forms.exchange_assignment(item.parts)
            if other and other != self.assignment:
                return
        claim = forms.FORMS[form](item.parts)
        if claim is None:
            reason = (
                f"its name is not one that {form} gives. If its files are "
                "named otherwise, say so with --from, or give the roster a "
                "column file."
            )
            self._say(name, lines.REFUSED, reason=reason)
            return
        if form == "canvas" and names.is_exactly(
            claim.path[-1], self.notebooks
        ):
            # "hw-1" is a name here, and no second attempt at "hw".
            claim = claim._replace(order=forms.canvas_order(0))
        person, reason, claim = self._whose(claim, form)
        if person is None:
            self._say(name, lines.UNKNOWN, reason=reason)
            return
        try:
            self._load(name, item, claim, person)
        except sources.Refused as refused:
            self._say(name, lines.REFUSED, person.id, str(refused))

    def _whose(self, claim, form):
        """Return the person, why there is none, and the claim."""
        person, reason = self.people.find(claim.person)
        if person is None and form == "folder":
            for notebook in self.notebooks:
                before, mark, _ = claim.person.rpartition(f"_{notebook}")
                if mark and before:
                    named = claim._replace(path=(f"{notebook}.ipynb",))
                    found, _ = self.people.find(before)
                    if found:
                        return found, "", named
        return person, reason, claim

    def _load(self, name, item, claim, person):
        if claim.path[-1].lower().endswith(".zip"):
            inner = sources.Item(claim.path, item.load)
            for packed, member in sources.unpacked(inner):
                label = f"{name}/{packed.partition('/')[2]}"
                if isinstance(member, sources.Refused):
                    self._say(label, lines.REFUSED, person.id, str(member))
                elif member.name.lower().endswith(".zip"):
                    reason = "a zip within a zip is not opened."
                    self._say(label, lines.REFUSED, person.id, reason)
                else:
                    moved = claim._replace(path=member.parts)
                    self._load(label, member, moved, person)
            return
        if claim.path[-1].lower() == TIME:
            return  # only an LMS says when
        content = item.load()
        if not content:
            raise sources.Refused(
                "it is empty. Ask for the notebook again, saved."
            )
        attempt = self._attempt(claim, person)
        target = self._target(name, claim, attempt)
        path = self._draft / person.id / "_".join(claim.order) / target
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError:  # a file where a folder must be, a name too long
            raise sources.Refused(
                "a file of that name cannot be written. Ask for it under "
                "another name."
            ) from None
        attempt.files[target] = path

    def _attempt(self, claim, person):
        key = person.id, claim.order
        if key not in self._attempts:
            time = claim.time or person.time
            stamp = time.isoformat(timespec="seconds") if time else ""
            self._attempts[key] = Attempt(
                person.id, claim.order, claim.late, stamp
            )
        return self._attempts[key]

    def _target(self, name, claim, attempt):
        """Return the name that a file gets in its attempt."""
        path = claim.path
        target = "/".join(path)
        if path[-1].lower().endswith(".ipynb"):
            notebook = names.notebook_name(path[-1], self.notebooks)
            if not notebook:
                known = ", ".join(f"{n}.ipynb" for n in self.notebooks)
                raise sources.Refused(
                    f"{self.assignment} has no notebook of that name (it "
                    f"has: {known}). Ask for it under its own name."
                )
            target = f"{notebook}.ipynb"
            if target not in attempt.files:
                attempt.label = attempt.label or name
                attempt.home = attempt.home or "/".join(path[:-1])
        if target in attempt.files:
            raise sources.Refused(
                f"this attempt has another {target}, which was taken. Ask "
                "which of the two counts."
            )
        return target

    def _say(self, name, outcome, student="", reason=""):
        self.lines.append(Line(name, outcome, student, reason))

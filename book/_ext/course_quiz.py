"""Directive ``quiz``: questions whose every answer has its feedback.

The page carries the questions as text: each answer is a ``details`` element
that opens to its feedback, so a quiz works without a kernel and without
JavaScript. ``_static/quiz.js`` turns it into radio buttons with a button.
"""

import yaml
from course_html import element
from course_html import setup as setup_html
from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def problems(questions):
    """Return what is wrong with a quiz, one sentence for each fault.

    Args:
        questions: The directive's body as YAML reads it.

    Returns:
        list[str]: empty when the quiz is complete.
    """
    if not isinstance(questions, list) or not questions:
        return ["the body must be a YAML list of questions."]
    return [
        f"question {number} {fault}"
        for number, question in enumerate(questions, start=1)
        for fault in _faults(question)
    ]


def _faults(question):
    if not isinstance(question, dict) or "question" not in question:
        yield "has no `question`."
        return
    answers = question.get("answers") or []
    if len(answers) < 2:
        yield "has fewer than two answers."
    for key in ("text", "feedback"):
        if not all(str(answer.get(key) or "").strip() for answer in answers):
            yield f"has an answer without `{key}`."
    right = sum(answer.get("correct") is True for answer in answers)
    if right != 1:
        yield f"has {right} answers with `correct: true`, not exactly one."


class Quiz(SphinxDirective):
    """A list of questions with one right answer each."""

    has_content = True

    def run(self):
        """Return the quiz as nodes."""
        try:
            questions = yaml.safe_load("\n".join(self.content))
        except yaml.YAMLError as error:
            raise self.error(f"quiz: not valid YAML: {error}") from error
        faults = problems(questions)
        if faults:
            raise self.error("quiz: " + " ".join(faults))
        box = nodes.container(classes=["quiz"])
        for number, question in enumerate(questions, start=1):
            box += self._question(number, len(questions), question)
        return [box]

    def _question(self, number, total, question):
        serial = self.env.new_serialno("quiz")
        count = element(
            "span", f"Question {number} of {total}", class_="quiz-count"
        )
        prompt = element(
            "p",
            count,
            nodes.Text(" "),
            *self._inline(question["question"]),
            class_="quiz-prompt",
        )
        answers = [self._answer(answer) for answer in question["answers"]]
        return element(
            "div",
            prompt,
            *answers,
            class_="quiz-question",
            id=f"quiz-{serial}",
        )

    def _answer(self, answer):
        right = answer.get("correct") is True
        verdict = element("strong", "Right. " if right else "Not this one. ")
        return element(
            "details",
            element("summary", *self._inline(answer["text"])),
            element(
                "p",
                verdict,
                *self._inline(answer["feedback"]),
                class_="quiz-feedback",
            ),
            class_="quiz-answer",
            data_correct="true" if right else "false",
        )

    def _inline(self, text):
        """Parse one paragraph of MyST: text, mathematics, links."""
        found, messages = self.parse_inline(
            " ".join(str(text).split()), lineno=self.lineno
        )
        return found + messages


def setup(app):
    """Register the directive."""
    setup_html(app)
    app.add_directive("quiz", Quiz)

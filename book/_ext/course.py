"""Sphinx extension of this course: one setup, one small module per concern.

==================  =====================================================
course_boxes        claim and claim-check: what the lecture says, checked
course_quiz         quiz: questions with feedback, no kernel needed
course_exercise     exercise-button: from a chapter to its notebook
course_left_out     chapters that a class leaves out say so
course_solutions    solutions: the worked exercises, folded
course_index        statements and figure-list: made from all pages
course_together     punctuation stays with the formula before it
course_figures      figures inlined as SVG, so that they follow the theme
course_fresh        pages run again when a module they import has changed
course_numbers      figures and equations numbered by chapter
course_house        addresses, MathJax, scripts: nothing from another host
==================  =====================================================
"""

import course_boxes
import course_exercise
import course_figures
import course_fresh
import course_house
import course_index
import course_left_out
import course_numbers
import course_quiz
import course_solutions
import course_together


def setup(app):
    """Register every part of the extension with Sphinx."""
    for part in (
        course_house,
        course_boxes,
        course_numbers,
        course_quiz,
        course_exercise,
        course_left_out,
        course_solutions,
        course_index,
        course_together,
        course_figures,
        course_fresh,
    ):
        part.setup(app)
    return {
        "version": "1",
        # What the parts keep in the environment; raised when that changes.
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }

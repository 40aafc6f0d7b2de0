"""nbgrader's configuration in an instructor's server, besides everybody's."""

from pathlib import Path

c = get_config()  # noqa: F821
# The course that formgrader opens; it must lie in the instructor's home.
c.CourseDirectory.root = str(Path.home() / "rnn")
# Its button for feedback makes this grader's pages.
c.GenerateFeedback.post_convert_hook = "autograder.returning.instead"

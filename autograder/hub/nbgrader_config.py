"""nbgrader's configuration in everybody's server on the class hub."""

import os

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "rnn"
c.Exchange.root = os.environ["CLASS_HUB"] + "/exchange"

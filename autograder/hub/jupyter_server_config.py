"""Everybody's JupyterLab on the class hub."""

c = get_config()  # noqa: F821
# It asks no other host for news, updates or extensions.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
# A login shell would forget where the course's commands are.
c.ServerApp.terminado_settings = {"shell_command": ["bash", "--norc"]}

"""A class's JupyterHub; `make hub` runs it on a laptop.

Everybody is one account of this machine here, and there is one password:
good for trying it out, alone. For a class, see book/about/class-hub.md.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: Holds everybody's home, the exchange and what the hub keeps.
PLACE = Path(os.environ["CLASS_HUB"])
PORT = int(os.environ.get("CLASS_HUB_PORT", "8000"))
BIN = Path(sys.executable).parent

INSTRUCTORS = {"teacher"}
STUDENTS = {"ada", "emmy"}

c = get_config()  # noqa: F821

# Who may come in. Without the next three lines, JupyterHub asks the system:
# whoever has an account and its password.
c.JupyterHub.authenticator_class = "shared-password"
password = (PLACE / "password").read_text("utf-8").strip()
c.SharedPasswordAuthenticator.user_password = password
c.Authenticator.allowed_users = INSTRUCTORS | STUDENTS

# Whose programs run as whom. Without the next two lines, each runs as the
# account of that name, in its home.
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(PLACE / "home/{username}")

c.Spawner.default_url = "/lab"
c.Spawner.environment = {
    "CLASS_HUB": str(PLACE),
    "PATH": os.pathsep.join([str(BIN), os.environ["PATH"]]),
    "PS1": "$JUPYTERHUB_USER:\\w$ ",
    "OMP_NUM_THREADS": "1",
}


def configure(spawner):
    """Say where a server finds its configuration: here, by role."""
    name = spawner.user.name
    role = "instructors" if name in INSTRUCTORS else "students"
    spawner.environment["JUPYTER_CONFIG_PATH"] = f"{HERE / role}:{HERE}"
    spawner.environment["JUPYTER_PATH"] = str(HERE / role / "share")


c.Spawner.pre_spawn_hook = configure
c.Spawner.cmd = [str(BIN / "jupyterhub-singleuser")]
if os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]

# Nobody outside this machine can reach it.
c.JupyterHub.bind_url = f"http://127.0.0.1:{PORT}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{PORT + 1}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{PORT + 2}"
# Validating runs a whole notebook before it answers.
c.ConfigurableHTTPProxy.command = [
    str(BIN / "configurable-http-proxy"),
    "--proxy-timeout=600000",
]
c.ConfigurableHTTPProxy.pid_file = str(PLACE / "proxy.pid")
c.JupyterHub.db_url = f"sqlite:///{PLACE / 'hub.sqlite'}"
c.JupyterHub.cookie_secret_file = str(PLACE / "cookie-secret")
# When the hub ends, everything it started ends.
c.JupyterHub.cleanup_servers = True
c.JupyterHub.cleanup_proxy = True

"""An instructor's JupyterLab on the class hub, besides everybody's."""

from importlib.metadata import files
from pathlib import Path

c = get_config()  # noqa: F821
# JupyterHub forbids all frames; formgrader is one, of the same server.
c.ServerApp.tornado_settings = {
    "headers": {"Content-Security-Policy": "frame-ancestors 'self'"}
}
# Formgrader's pages take MathJax from here: see share/nbconvert.
c.ServerApp.extra_static_paths = [
    str(Path(file.locate()).parent)
    for file in files("sphinx-mathjax-offline")
    if file.name == "tex-mml-chtml.js"
]

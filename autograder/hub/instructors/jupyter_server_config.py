"""An instructor's JupyterLab on the class hub, besides everybody's."""

c = get_config()  # noqa: F821
# JupyterHub forbids all frames; formgrader is one, of the same server.
c.ServerApp.tornado_settings = {
    "headers": {"Content-Security-Policy": "frame-ancestors 'self'"}
}

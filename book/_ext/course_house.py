"""The book's house: addresses, MathJax, and nothing from another host.

``pyproject.toml`` is the one place for the repository's address and branch.
MathJax comes from the package sphinx-mathjax-offline; it must not lie under
``_static``, where Jupyter Book would add its every script to every page.
"""

import importlib.metadata
import os
import re
import shutil
import tomllib
from functools import cache
from pathlib import Path

from docutils import nodes

ROOT = Path(__file__).resolve().parents[2]
MATHJAX = "tex-mml-chtml.js"

#: What a page can ask MathJax for: the program, its font, and TeX packages
#: that load on first use. Speech rules for 20 languages (17 MB) stay out.
MATHJAX_FILES = (MATHJAX, "output/chtml", "input/tex/extensions", "a11y")

_CODE = re.compile(r'(?<=<span class="pre">)[^<]+')
_BREAK = re.compile(r"(?<=[_./])(?=\w)")


@cache
def course_address():
    """Return ``[tool.course]`` of pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["tool"]["course"]


def mathjax_source():
    """Return the folder of MathJax in the installed package."""
    name = "sphinx-mathjax-offline"
    for file in importlib.metadata.files(name) or []:
        if file.name == MATHJAX:
            return Path(file.locate()).parent
    raise FileNotFoundError(
        f"{name} carries no {MATHJAX}; run: pip install {name}"
    )


def set_addresses(_app, config):
    """Fill in what Jupyter Book's file cannot know."""
    address = course_address()
    config.html_theme_options["repository_url"] = address["repository"]
    config.html_theme_options["repository_branch"] = address["branch"]
    config.course_settings = address  # when they change, all pages do
    config.mathjax_path = f"../mathjax/{MATHJAX}"


def copy_mathjax(app, error):
    """Lay MathJax beside the pages, once."""
    if error or app.builder.format != "html":
        return
    source, target = mathjax_source(), Path(app.outdir) / "mathjax"
    for name in MATHJAX_FILES:
        if (target / name).exists():
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        else:
            shutil.copy2(source / name, target / name)


def drop_foreign_scripts(_app, _page, _template, context, _doctree):
    """Take Thebe off the page: it is added twice and loads from unpkg."""
    if "script_files" not in context:
        return
    context["script_files"] = [
        script
        for script in context["script_files"]
        if "thebe" not in str(script).lower()
        and "thebe" not in str(getattr(script, "attributes", "")).lower()
    ]


def mend_body(_app, _page, _template, context, _doctree):
    """Mend what Sphinx writes: a role, and names that never break.

    ARIA 1.2 has another role for bibliography entries. On a phone a long
    name in code may break after an underscore, a dot or a slash.
    """
    if "body" in context:
        body = context["body"].replace(
            'role="doc-biblioentry"', 'role="listitem"'
        )
        context["body"] = _CODE.sub(
            lambda code: _BREAK.sub("<wbr>", code[0]), body
        )


def drop_thebe_settings(_app, doctree, _docname):
    """Take Thebe's settings out of the page, too."""
    for raw in list(doctree.findall(nodes.raw)):
        if "thebe" in raw.astext() or "kernelName" in raw.astext():
            raw.parent.remove(raw)


def set_import_path():
    """Let the kernels import ``reference`` in the cells they hide."""
    paths = [str(ROOT / "solutions"), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))


def setup(app):
    """Connect the parts."""
    set_import_path()
    app.add_config_value("course_settings", {}, "env", dict)
    app.connect("config-inited", set_addresses, priority=100)
    app.connect("doctree-resolved", drop_thebe_settings, priority=900)
    app.connect("html-page-context", drop_foreign_scripts, priority=900)
    app.connect("html-page-context", mend_body)
    app.connect("build-finished", copy_mathjax)

"""Cases: markup in whatever may end up on a page."""

import nbformat
from hostile import NOT_YET, PASSED, RAISED, find, hostile, prepend, write

#: No page may hold this as it is, and no notebook as an output of HTML.
SCRIPT = "<script>alert('planted')</script>"


@hostile(RAISED)
def script_in_an_exception(notebook):
    """Raise an error whose text and name are markup."""
    write(
        notebook,
        f"Bad = type({SCRIPT!r}, (Exception,), {{}})",
        f"def lstm_step(*_): raise Bad({SCRIPT!r})",
    )


@hostile(RAISED)
def script_in_a_name_error(notebook):
    """Leave the task undefined for a reason made of markup."""
    write(
        notebook,
        "class Undefined:",
        f"    def __getattr__(self, name): raise NameError({SCRIPT!r})",
        f"raise NameError({SCRIPT!r})",
    )


@hostile(RAISED)
def script_in_a_file_name(notebook):
    """Raise from code whose file and function have odd names."""
    write(
        notebook,
        f"code = compile('def f(): 1 / 0', {SCRIPT!r}, 'exec')",
        "exec(code)",
        f"f.__code__ = f.__code__.replace(co_name={SCRIPT!r})",
        "def lstm_step(*_): f()",
    )


@hostile(NOT_YET)
def script_in_a_type(notebook):
    """Return an object of a class with such a name."""
    write(
        notebook,
        f"Odd = type({SCRIPT!r}, (), {{}})",
        "def lstm_step(*_): return Odd()",
    )


@hostile("cannot check")
def script_in_a_helper(notebook):
    """Call a helper of such a name that is not written yet."""
    write(
        notebook,
        "def helper(): raise NotImplementedError",
        f"helper.__code__ = helper.__code__.replace(co_name={SCRIPT!r})",
        "def lstm_step(*_): helper()",
    )


@hostile(RAISED)
def error_without_a_text(notebook):
    """Raise an error that cannot be printed."""
    write(
        notebook,
        "class Silent(Exception):",
        "    def __str__(self): raise Silent",
        "    __repr__ = __str__",
        "def lstm_step(*_): raise Silent",
    )


@hostile(RAISED)
def error_of_a_book(notebook):
    """Raise an error of a million lines, with control characters."""
    write(
        notebook,
        "def lstm_step(*_): raise ValueError('\\x1b[2J\\r\\n\\u202e' * 10**6)",
    )


@hostile(PASSED)
def outputs_of_markup(notebook):
    """Show HTML, JavaScript, SVG, LaTeX and Markdown."""
    prepend(
        notebook,
        "from IPython.display import display\n"
        f"for kind in ('text/html', 'application/javascript',\n"
        "             'image/svg+xml', 'text/latex', 'text/markdown',\n"
        "             'application/vnd.jupyter.widget-view+json'):\n"
        f"    display({{kind: {SCRIPT!r}}}, raw=True)\n"
        f"    display({{kind: {SCRIPT!r}, 'text/plain': 'x'}}, raw=True)",
    )


@hostile(PASSED)
def pictures_that_are_none(notebook):
    """Show pictures and texts of wrong types."""
    prepend(
        notebook,
        "from IPython.display import display\n"
        "for value in (None, 7, {'a': []}, ['x', [1]], '\"><script>'):\n"
        "    for kind in ('image/png', 'image/jpeg', 'text/plain'):\n"
        "        display({kind: value}, raw=True)",
    )


@hostile(PASSED)
def script_in_the_written_answer(notebook):
    """Answer the question with markup of every kind."""
    cell = find(notebook, "written-forget-gate")
    cell.source = (
        f"{SCRIPT}<img src=x onerror=alert(1)><!-- --><svg onload=f()>\n"
        "[x](javascript:alert(1)) ![y](http://example.com/pixel.png)"
    )


@hostile(PASSED)
def script_in_ids(notebook):
    """Give cells, tags and the kernel such names."""
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{SCRIPT}{number}"
        cell.metadata["tags"] = [SCRIPT]
    notebook.metadata["kernelspec"] = {"name": SCRIPT, "display_name": "x"}
    made = nbformat.v4.new_code_cell("x = 1")
    made.metadata["nbgrader"] = {"grade_id": SCRIPT, "points": 9}
    notebook.cells.append(made)

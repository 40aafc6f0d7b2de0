"""Notebooks as editors and people rewrite them on the way.

All functions take a notebook as plain JSON data and return another one. What
editors write was taken from notebooks that they saved and that are public;
each docstring says what is typical.
"""

import copy
import json


def code(notebook):
    """Return the code cells of a notebook."""
    return [c for c in notebook["cells"] if c["cell_type"] == "code"]


def grade_id(cell):
    """Return a cell's grade_id or ""."""
    return cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")


def text(cell):
    """Return a cell's source as one text."""
    return "".join(cell["source"])


def lines(source):
    """Return a text as the list of lines that most editors write."""
    return source.splitlines(keepends=True)


def solutions(notebook):
    """Return the cells of solutions in code."""
    return [c for c in code(notebook) if grade_id(c).endswith("-solution")]


# Editors: what they save when nobody meant to change anything.


def colab(notebook):
    """Colab: version 4.0 without cell ids, its own keys in the metadata."""
    made = copy.deepcopy(notebook)
    made["nbformat"], made["nbformat_minor"] = 4, 0
    made["metadata"] = {
        "accelerator": "GPU",
        "colab": {"provenance": [], "gpuType": "T4", "toc_visible": True},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python"},
    }
    for number, cell in enumerate(made["cells"]):
        cell.pop("id", None)
        cell["source"] = lines(text(cell))
        cell["metadata"]["id"] = f"nWq-7cPBc{number:03d}"
        if cell["cell_type"] == "code":
            cell["execution_count"] = number
            cell["metadata"] |= {
                "colab": {"base_uri": "https://localhost:8080/"},
                "outputId": f"d1c9354e-43db-45ab-c38b-{number:012d}",
                "executionInfo": {
                    "status": "ok",
                    "timestamp": 1722608125960 + number,
                    "user_tz": -330,
                    "user": {"displayName": "Ada", "userId": "1213601"},
                    "elapsed": 5820,
                },
            }
    badge = {"id": "view-in-github", "colab_type": "text"}
    source = ['<a href="https://colab.research.google.com/">badge</a>']
    made["cells"].insert(
        0, {"cell_type": "markdown", "metadata": badge, "source": source}
    )
    return made


def colab_with_ids(notebook):
    """Colab again: a notebook of version 4.5 comes back with its ids."""
    made = colab(notebook)
    made["nbformat_minor"] = 5
    for number, cell in enumerate(made["cells"]):
        cell["id"] = f"cell-{number}"
    return made


def vs_code(notebook):
    """VS Code: the environment's name, its own key where it says so."""
    made = copy.deepcopy(notebook)
    made["metadata"] = {
        "kernelspec": {
            "display_name": ".venv (3.12.3)",
            "language": "python",
            "name": "python3",
        },
        "language_info": {
            "codemirror_mode": {"name": "ipython", "version": 3},
            "file_extension": ".py",
            "mimetype": "text/x-python",
            "name": "python",
            "nbconvert_exporter": "python",
            "pygments_lexer": "ipython3",
            "version": "3.12.3",
        },
    }
    for cell in made["cells"]:
        cell["source"] = lines(text(cell))
        if cell["cell_type"] == "code":
            cell["metadata"]["vscode"] = {"languageId": "python"}
    return made


def old_vs_code(notebook):
    """VS Code in its first years: version 4.2, no ids, ``orig_nbformat``."""
    made = vs_code(notebook)
    made["nbformat_minor"] = 2
    made["metadata"]["orig_nbformat"] = 4
    for cell in made["cells"]:
        cell.pop("id", None)
    return made


def classic(notebook):
    """Jupyter before cell ids: version 4.4, folding in the metadata."""
    made = copy.deepcopy(notebook)
    made["nbformat_minor"] = 4
    for cell in made["cells"]:
        cell.pop("id", None)
        cell["source"] = lines(text(cell))
        if cell["cell_type"] == "code":
            folded = {"collapsed": False, "scrolled": True, "trusted": True}
            cell["metadata"] |= folded
    return made


def version_3(notebook):
    """IPython's own format: worksheets, ``input``, cells for headings."""
    cells = []
    for cell in notebook["cells"]:
        source = lines(text(cell))
        made = {"metadata": copy.deepcopy(cell["metadata"])}
        if cell["cell_type"] == "code":
            made |= {"cell_type": "code", "input": source, "outputs": []}
            made |= {"language": "python", "collapsed": False}
            made |= {"prompt_number": 1}
        elif source and source[0].startswith("# ") and len(source) == 1:
            made |= {"cell_type": "heading", "level": 1, "source": source}
        else:
            made |= {"cell_type": "markdown", "source": source}
        cells.append(made)
    return {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [{"cells": cells, "metadata": {}}],
    }


def kaggle(notebook):
    """Kaggle: the source as one text, ids and times of its own."""
    cells = []
    for number, cell in enumerate(notebook["cells"]):
        made = {
            "cell_type": cell["cell_type"],
            "source": text(cell),
            "metadata": copy.deepcopy(cell["metadata"]),
        }
        made["metadata"] |= {
            "_uuid": f"8f2839f2-{number}",
            "_cell_guid": f"b1076dfc-{number}",
            "trusted": True,
        }
        if cell["cell_type"] == "code":
            made |= {"execution_count": None, "outputs": []}
            made["metadata"]["execution"] = {
                "iopub.status.busy": "2026-01-02T11:30:59.16623Z",
                "shell.execute_reply": "2026-01-02T11:30:59.213576Z",
            }
        cells.append(made)
    return {
        "metadata": {
            "kernelspec": notebook["metadata"]["kernelspec"],
            "kaggle": {"accelerator": "none", "sourceType": "notebook"},
        },
        "nbformat_minor": 4,
        "nbformat": 4,
        "cells": cells,
    }


def papermill(notebook):
    """Kaggle's saved version: run by papermill, which adds its own keys."""
    made = kaggle(notebook)
    made["metadata"]["papermill"] = {"duration": 9.1, "exception": None}
    for cell in made["cells"]:
        cell["source"] = lines(cell["source"])
        cell["metadata"]["papermill"] = {"status": "completed"}
        cell["metadata"].setdefault("tags", [])
    return made


def pycharm(notebook):
    """PyCharm and DataSpell: version 4.0, ``#%%`` names, keys reordered."""
    cells = []
    for cell in notebook["cells"]:
        is_code = cell["cell_type"] == "code"
        name = "#%%\n" if is_code else "#%% md\n"
        made = {"cell_type": cell["cell_type"]}
        if is_code:
            made |= {"execution_count": 1, "outputs": []}
        made["source"] = lines(text(cell))
        made["metadata"] = {
            **copy.deepcopy(cell["metadata"]),
            "collapsed": False,
            "pycharm": {"name": name, "is_executing": False},
        }
        cells.append(made)
    stem = {"cell_type": "raw", "metadata": {"collapsed": False}, "source": []}
    metadata = {
        "kernelspec": notebook["metadata"]["kernelspec"],
        "language_info": {"name": "python", "version": "2.7.6"},
        "pycharm": {"stem_cell": stem},
    }
    return {
        "cells": cells,
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 0,
    }


EDITORS = (
    colab,
    colab_with_ids,
    vs_code,
    old_vs_code,
    classic,
    version_3,
    kaggle,
    papermill,
    pycharm,
)

# Losses: what happens to cells without a change to any solution.


def as_it_was(notebook):
    """Nothing happens."""
    return copy.deepcopy(notebook)


def metadata_lost(notebook):
    """Everything was pasted into a new notebook."""
    made = copy.deepcopy(notebook)
    made["metadata"].pop("language_info", None)
    for cell in made["cells"]:
        cell["metadata"] = {}
    return made


def marker_moved(notebook):
    """The marker line went to the end of its cell."""
    made = copy.deepcopy(notebook)
    for cell in solutions(made):
        first, _, rest = text(cell).partition("\n")
        cell["source"] = lines(f"{rest}\n\n{first}")
    return made


def marker_and_metadata_lost(notebook):
    """Only the functions themselves were pasted."""
    made = copy.deepcopy(notebook)
    for cell in solutions(made):
        cell["source"] = lines(text(cell).partition("\n")[2])
    return metadata_lost(made)


def cells_moved(notebook):
    """The cells come the other way round."""
    made = copy.deepcopy(notebook)
    made["cells"].reverse()
    return made


def windows_lines(notebook):
    """Lines end as on Windows, in the file and in the cells."""
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        cell["source"] = lines(text(cell).replace("\n", "\r\n"))
    return made


def blanks_around(notebook):
    """Blank lines stand before and after each source."""
    made = copy.deepcopy(notebook)
    for cell in made["cells"]:
        cell["source"] = lines(f"\n{text(cell)}\n\n")
    return made


LOSSES = (
    as_it_was,
    metadata_lost,
    marker_moved,
    marker_and_metadata_lost,
    cells_moved,
    windows_lines,
    blanks_around,
)

# Edits: solutions are spread over other cells, or share one.


def _split(notebook, where, metadata):
    """Split each solution cell; the first piece keeps its metadata.

    Args:
        notebook: The notebook.
        where: Function of a source that returns where to split it.
        metadata: Function of the metadata that returns the second piece's.
    """

    def below(cell):
        source = text(cell)
        at = where(source)
        cell["source"] = lines(source[:at].strip("\n"))
        made = {**copy.deepcopy(cell), "metadata": metadata(cell["metadata"])}
        return made | {"source": lines(source[at:].strip("\n"))}

    return _beside(notebook, below, 1)


def _beside(notebook, make, offset):
    """Put a cell made from each solution cell above (0) or below (1) it."""
    made = copy.deepcopy(notebook)
    for cell in solutions(made):
        beside = make(cell)
        index = next(i for i, c in enumerate(made["cells"]) if c is cell)
        made["cells"].insert(index + offset, beside)
    return made


def with_helpers(notebook):
    """Each solution has a function that does its work, above it."""
    made = copy.deepcopy(notebook)
    for cell in solutions(made):
        name = grade_id(cell).removesuffix("-solution")
        source = text(cell).replace(f"def {name}(", f"def my_{name}(")
        source += f"\n\n\ndef {name}(*arguments, **options):\n"
        source += f"    return my_{name}(*arguments, **options)"
        cell["source"] = lines(source)
    return made


def _last_function(source):
    return source.rindex("\ndef ")


def _after_marker(source):
    return source.index("\n")


def _middle(source):
    """Return the place of a line in the middle of the last function."""
    begin = source.rindex("\ndef ")
    return source.index("\n    ", (begin + len(source)) // 2 - 20)


def split_helper_from_function(notebook):
    """VS Code and Colab: the lower half has no metadata."""
    return _split(with_helpers(notebook), _last_function, lambda _: {})


def split_with_metadata(notebook):
    """Jupyter: both halves have the metadata of the whole."""
    return _split(with_helpers(notebook), _last_function, lambda old: old)


def marker_alone(notebook):
    """The marker line stands in a cell of its own."""
    return _split(notebook, _after_marker, lambda _: {})


def torn(notebook):
    """The cell was split within the function; no metadata below."""
    return _split(notebook, _middle, lambda _: {})


def torn_with_metadata(notebook):
    """The cell was split within the function; metadata in both."""
    return _split(notebook, _middle, lambda old: old)


def merged_with_check(notebook):
    """Each solution cell was merged with the check below it."""
    made = copy.deepcopy(notebook)
    cells = []
    for cell in made["cells"]:
        name = grade_id(cell)
        above = next(
            (c for c in cells if name and grade_id(c) == f"{name}-solution"),
            None,
        )
        if above:
            above["source"] = lines(f"{text(above)}\n\n{text(cell)}")
        else:
            cells.append(cell)
    made["cells"] = cells
    return made


def timed(notebook):
    """A magic over each solution cell says how long it takes."""
    made = copy.deepcopy(notebook)
    for cell in solutions(made):
        cell["source"] = lines(f"%%time\n{text(cell)}")
    return made


def tried_out_in_a_copy(notebook):
    """Each solution cell was copied below to try something out."""

    def trial(cell):
        name = grade_id(cell).removesuffix("-solution")
        return {**copy.deepcopy(cell), "source": [f"x = 3\n{name}(x, x)"]}

    return _beside(notebook, trial, 1)


EDITS = (
    with_helpers,
    split_helper_from_function,
    split_with_metadata,
    marker_alone,
    torn,
    torn_with_metadata,
    merged_with_check,
    timed,
    tried_out_in_a_copy,
)

# Edits that leave a stub somewhere; they are given the released notebook.


def _stubs(released):
    return {grade_id(c): c["source"] for c in solutions(released)}


def solved_below(notebook, released):
    """The stub was left, the solution stands in a new cell below it."""
    stubs = _stubs(released)

    def below(cell):
        made = {**copy.deepcopy(cell), "metadata": {}}
        made["source"] = lines(text(cell).partition("\n")[2])
        cell["source"] = stubs[grade_id(cell)]
        return made

    return _beside(notebook, below, 1)


def stub_above(notebook, released):
    """Each cell was copied before it was solved, metadata and all."""
    stubs = _stubs(released)
    return _beside(
        notebook,
        lambda cell: {**copy.deepcopy(cell), "source": stubs[grade_id(cell)]},
        0,
    )


def stub_below(notebook, released):
    """The copy of each cell was solved in place of the cell itself."""
    stubs = _stubs(released)
    return _beside(
        notebook,
        lambda cell: {**copy.deepcopy(cell), "source": stubs[grade_id(cell)]},
        1,
    )


STUBBED = (solved_below, stub_above, stub_below)


def write(notebook, path):
    """Write a notebook as a file to hand in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")

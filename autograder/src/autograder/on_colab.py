"""The notebook that grades a class on Colab, from its source as text."""

from pathlib import Path

import jupytext
import nbformat

SOURCE = Path("autograder", "grade_on_colab.md")
_METADATA = {
    "colab": {"provenance": [], "toc_visible": True},
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def generate(repository, settings):
    """Return the notebook by its path in the repository.

    Args:
        repository: Path of the repository.
        settings: The course's addresses.

    Returns:
        dict[Path, bytes]: without outputs, with fixed cell ids.
    """
    notebook = jupytext.read(repository / SOURCE)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"{number:02d}-{cell.cell_type}"
        for name, address in settings.items():
            cell.source = cell.source.replace("{{" + name + "}}", address)
    notebook.metadata = nbformat.from_dict(_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    nbformat.validate(notebook)
    content = (nbformat.writes(notebook) + "\n").encode()
    return {SOURCE.with_suffix(".ipynb"): content}

"""The setup cell of the translator installs the extra, the others do not."""

from pathlib import Path

from autograder import release

ROOT = Path(__file__).resolve().parents[2]


def test_only_the_translator_asks_for_the_extra():
    """Its first code cell wants num2words and sacrebleu."""
    settings = release.read_settings(ROOT)
    for path in release.notebooks(ROOT):
        notebook = release.instructor_notebook(path, settings)
        first = next(c for c in notebook.cells if c.cell_type == "code").source
        wants = path.parent.name == "10-translation"
        assert ("rnnlab[translation] @" in first) == wants
        assert ("import num2words" in first) == wants
        assert "import rnnlab\n" in first

"""How good translations are: right to the letter, and BLEU of letters."""


def exact_match(translations, targets):
    """Return the share of translations that are right to the letter."""
    hits = [a == b for a, b in zip(translations, targets, strict=True)]
    return sum(hits) / len(hits)


def letter_bleu(translations, targets):
    """Return BLEU with letters as its words, from 0 to 100.

    A German number name is one word, however long, so BLEU of words would
    find no sequence of four of them.

    Raises:
        ModuleNotFoundError: sacrebleu is missing; says how to install it.
    """
    try:
        from sacrebleu.metrics import BLEU  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "BLEU needs sacrebleu: pip install sacrebleu"
        ) from error
    metric = BLEU(tokenize="char")
    return metric.corpus_score(list(translations), [list(targets)]).score

"""A small translator: number names in real languages, without a download.

``numbers`` makes the parallel text, ``pieces`` cuts it into tokens,
``model`` holds the weights around the learner's functions, ``training`` and
``checkpoints`` train it, ``scores`` says how good it is. The parallel text
needs the package num2words and BLEU needs sacrebleu, both in the kit's extra
"translation"; nothing else of the kit does.
"""

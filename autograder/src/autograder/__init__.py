"""The grader: exercises from solutions, classes to grades."""

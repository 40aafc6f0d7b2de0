"""What runs on the other side of the wall, next to untrusted code.

The sandbox shows this folder to the process it starts, as the package
``inside``, and nothing else of the grader. So it imports nothing of the
grader and uses relative imports only; nothing in it is a secret.
"""

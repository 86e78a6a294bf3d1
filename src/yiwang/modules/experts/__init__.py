"""The pool of evaluators and the verifiable draw."""

"""What a student gets back: a page a lab, and the notebook with a word below each answer."""

from rgteach.grading.feedback.write import Late, write_feedback

__all__ = ["Late", "write_feedback"]

"""A grader in a process of its own: `python gradebook_writer.py BOOK NUMBER COUNT`.

Each round adds a submission of a student of its own and one of a student whom all share, a mark and a change.
"""

import sys

from rgteach.grading.gradebook import adding, deciding
from rgteach.grading.gradebook.book import Book
from rgteach.grading.model import ExerciseGrade, Graded
from rgteach.grading.rubric import queue
from rgteach.grading.rubric.marks import Mark


def small(student: str, digest: str) -> Graded:
    """A submission of two exercises: one with 2.1 of 3 points, one for a person with 4."""
    exercises = (
        ExerciseGrade("loop", "partly", 2.1, 3),
        ExerciseGrade("think", "by person", 0, 4, source=f"{student} thinks"),
    )
    names = (f"{student}.ipynb", student, "02", "en", digest.ljust(64, "0"))
    return Graded(*names, 2.1, 3, 4, exercises, seed="s", edition="e", is_grade=True)


def main(where: str, number: str, count: int) -> None:
    """Write `count` rounds."""
    book = Book(where, create=True)
    for k in range(count):
        own = small(f"w{number}-{k}", "a")
        adding.add(book, [own, small("shared", f"{number}-{k}")], number)
        with book.writing() as session:
            texts = (queue.name(own, own.exercises[1]), own.student, own.lab, "think")
            assert deciding.mark(session, [Mark(*texts, (4.0,), (1.0,), "", number, "", k + 1)], number) == 1
        with book.writing() as session:
            deciding.change(session, "02", "shared", "add", 1, f"{number}-{k}", number)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))

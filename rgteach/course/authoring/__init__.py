"""Pages written in JupyterLab: a page as a notebook with marks, and back, without loss.

    notebook                                             page
    a raw cell on top                                    the front matter
    <!-- role: hint, exercise: x, lang: en -->           +++ {"role": "hint", "exercise": "x", "lang": "en"}
    #| role: answer                                      the lines between `---` of a code cell
    #| exercise: x

A mark is the first line of a Markdown cell, the first lines of a code cell; a single line may hold several
settings: `#| role: answer, exercise: x, points: 3`.  The cell's metadata under `rgteach` will do as well.

The notebook runs from top to bottom: answers are solutions, and `begin()`, which its first code cell calls,
lets cells of the roles wrong, twin, cases and race run apart, so that the names they define are gone when
they end.
"""

from rgteach.course.authoring.apart import begin

__all__ = ["begin"]

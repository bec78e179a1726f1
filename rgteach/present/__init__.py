"""Before a room: a demo or a lesson on the projector, and a lesson as one file to hand out.

show.py       what is presented, one item after the other      lessons.py    finding a lesson, reading it
serving.py    notebooks that Voilà runs, and their notes       markdown.py   text and formulas as HTML
server.py     Voilà, our page in it     gate.py   the token    handout/      the file to hand out
"""

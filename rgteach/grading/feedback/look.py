"""How a page of feedback looks, beyond what all our pages share; readable on a phone and on paper."""

from rgteach.grading.feedback import code

# Okabe-Ito colours, and beside each an icon and a word: colour alone says nothing
STRIPES = {
    "right": "#009e73",
    "public": "#009e73",
    "partly": "#e69f00",
    "wrong": "#d55e00",
    "not-tried": "#8c8c8c",
    "cannot-run": "#d55e00",
    "breach": "#cc79a7",
    "by-person": "#56b4e9",
}
ICONS = {
    "right": "✓",
    "public": "✓",
    "partly": "◐",
    "wrong": "✗",
    "not-tried": "○",
    "cannot-run": "!",
    "breach": "⚑",
    "by-person": "✎",
}
STYLE = (
    """
.bar { height: .9rem; border: 1px solid var(--dim); border-radius: 999px; overflow: hidden; max-width: 30rem;
  margin: .5rem 0; background: var(--ground); print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.bar span { display: block; height: 100%; background: #009e73; }
ul.marks { list-style: none; padding: 0; margin: .5rem 0 0; max-width: 46rem; }
ul.marks li { display: flex; flex-wrap: wrap; gap: 0 .8rem; padding: .35rem 0; max-width: none;
  border-bottom: 1px solid var(--line); }
ul.marks a { flex: 1 1 14rem; overflow-wrap: anywhere; }
ul.marks .points { min-width: 5rem; text-align: right; font-variant-numeric: tabular-nums; }
a { color: var(--mark); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--mark); outline-offset: 2px; }
h1, h2, h3, p, li { overflow-wrap: anywhere; }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .3rem; }
.outcome { border-left: 5px solid var(--stripe); padding: .15rem 0 .15rem .8rem; font-weight: 600;
  margin: .3rem 0 .6rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.icon { display: inline-block; min-width: 1.3em; }
ul.groups { list-style: none; padding: 0; margin: .3rem 0; }
.shown { display: grid; grid-template-columns: fit-content(9em) minmax(0, 1fr); gap: .2rem .9rem;
  margin: .4rem 0; }
.shown dt, .shown dd { margin: 0; font-weight: normal; max-width: none; }
.shown dt { color: var(--dim); overflow-wrap: anywhere; }
.shown pre, pre.own { margin: 0; overflow-x: auto; white-space: pre; font-size: .86rem; line-height: 1.45; }
.shown pre:focus-visible, pre.own:focus-visible { outline: 2px solid var(--mark); }
.written { background: var(--raised); border-radius: 4px; padding: .1rem .9rem; overflow-wrap: anywhere; }
.written pre { overflow-x: auto; }
@media (max-width: 32rem) { ul.marks a { flex-basis: 100%; } ul.marks a + span { flex: 1; }
  main { padding: 1.2rem .9rem 3rem; } .shown { grid-template-columns: minmax(0, 1fr); }
  h1 { font-size: 1.4rem; } }
@media print { a { color: inherit; text-decoration: none; } .shown pre, pre.own { white-space: pre-wrap;
  overflow-wrap: anywhere; } ul.marks li, .outcome { break-inside: avoid; } h3 { break-after: avoid; } }
"""
    + code.STYLE
)

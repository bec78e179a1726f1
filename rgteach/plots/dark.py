"""The same figure on a dark ground: a renderer that exchanges inks and grounds while it draws.

It stands where the paint meets the paper, so it works for whatever draws itself: our own figures, a
student's, another library's.  Images and colours that stand for values stay.  White letters on a scan stay
white, since what lies below them has stayed; letters on paper turn with the paper.  To know which it is, the
renderer looks at the pixels below, and knows turned paper by its mark: a gray with one step more of blue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection
from matplotlib.colors import ListedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.path import Path

from rgteach.plots.theme import GRAPHIC, GROUND, TEXT, contrast, is_neutral, is_tint, luminance, on_dark

_MARK = 1 / 255  # of blue, on every gray that was turned
_PAPER = 0.15  # share of turned paper below and beside a line from which the line turns too
_LETTERS, _LINES = 1.15 * TEXT, 1.15 * GRAPHIC  # a little more, for what lies below may be a tint
_VEIL = 0.6  # more seen through than this, a colour is a ground for others
_FEW = 8  # so many colours of a map are names, not values
_DATA, _KEPT = "rgteach-data", "rgteach-kept"  # groups: colours are values; a ground that is dark already
_Ask = Callable[[], np.ndarray]
_SPREAD = ((0, 0), (3, 0), (-3, 0), (0, 3), (0, -3))  # pixels looked at around a point of a line


class DarkRenderer(RendererAgg):
    """Agg, with every colour asked for what it is on a dark ground."""

    def __init__(self, width: float, height: float, dpi: float):
        self._groups: list[str | None] = []
        self._turned: set[int] = set()
        super().__init__(width, height, dpi)

    def _update_methods(self) -> None:
        """Agg's own quick ways go around the methods of the class: lead them through ours."""
        super()._update_methods()
        self._agg_markers, self._agg_collection = self.draw_markers, self.draw_path_collection
        self.draw_markers, self.draw_path_collection = self._markers, self._collection

    def open_group(self, s: str, gid: str | None = None) -> None:
        """Every artist says its name before it draws itself."""
        self._groups.append(gid)

    def close_group(self, s: str) -> None:
        """And that it has done so."""
        if self._groups:
            self._groups.pop()

    def draw_path(self, gc, path, transform, rgbFace=None) -> None:
        """A line, the outline of a patch, a ground."""
        if _KEPT not in self._groups:
            at = _Places(lambda: _points([path], transform))
            gc, rgbFace = self._dyed(gc, rgbFace, at, lambda: _within(at()))
        super().draw_path(gc, path, transform, rgbFace)

    def _markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None) -> None:
        at = _Places(lambda: trans.transform(path.vertices[:: max(1, len(path.vertices) // 16)]))

        def rims() -> np.ndarray:
            corners = marker_trans.transform(marker_path.vertices[:: max(1, len(marker_path) // 12)])
            return (at()[:, None, :] + corners).reshape(-1, 2)

        gc, rgbFace = self._dyed(gc, rgbFace, rims, rims)  # its middle may lie where lines cross
        self._agg_markers(gc, marker_path, marker_trans, path, trans, rgbFace)

    def _collection(
        self, gc, master, paths, transforms, offsets, offset_trans, faces, edges, *rest, **more
    ) -> None:
        many = len(offsets) > 1
        at = offset_trans.transform(np.asarray(offsets, float)[:64]) if many else _points(paths, master)
        on_paper = self._share(at) >= _PAPER
        if _DATA not in self._groups:
            faces, edges = self._each(faces, on_paper), self._each(edges, on_paper)
        elif many and on_paper:
            edges = _rimmed(faces, edges)
        self._agg_collection(
            gc, master, paths, transforms, offsets, offset_trans, faces, edges, *rest, **more
        )

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None) -> None:
        """Letters, in the colour that can be read where they stand."""
        wide, high, _ = self.get_text_width_height_descent(s, prop, ismath)
        below = self._below(_box(x, self.height - y, wide, high, angle))
        colour = self._letters(tuple(gc.get_rgb()[:3]), below)
        super().draw_text(self._inked(gc, colour), x, y, s, prop, angle, ismath, mtext)

    def _letters(self, rgb, below: np.ndarray) -> tuple:
        """The colour of letters: that of paper or that of pictures, and readable where there is a choice."""
        turned = self._mark(on_dark(rgb, _LETTERS), rgb)
        if not len(below):
            return turned
        paper = self._is_turned(below).mean() >= 0.5
        first, second = (turned, rgb) if paper else (rgb, turned)
        ground = np.median(below[:, :3], axis=0) / 255
        return first if contrast(first, ground) >= min(TEXT, contrast(second, ground)) else second

    def _dyed(self, gc, face, outline: _Ask, inside: _Ask):
        """A graphics context and a face with the colours they have on a dark ground.

        `outline` and `inside` give the points to look at; they are only asked where it matters.
        """
        edge, clear = tuple(gc.get_rgb()[:3]), _opacity(gc, gc.get_rgb())
        drawn, turned = gc, face
        if face is not None:
            plain, alpha = tuple(face[:3]), _opacity(gc, face)
            moved = alpha < _VEIL or not _unmoved(plain, alpha)
            if moved and self._share(inside()) >= _PAPER:
                turned = (*self._mark(on_dark(plain, _LINES, alpha), plain, alpha), *face[3:])
        if gc.get_linewidth() > 0 and not _unmoved(edge, clear) and self._turns(edge, outline()):
            drawn = self._inked(gc, self._mark(on_dark(edge, _LINES, clear), edge, clear))
        if gc.get_hatch() and (face is None or tuple(turned[:3]) != tuple(face[:3])):
            drawn = self._inked(drawn, tuple(drawn.get_rgb()[:3]))
            drawn.set_hatch_color(on_dark(to_rgb(gc.get_hatch_color())))
        return drawn, turned

    def _each(self, colours, on_paper: bool):
        """Every colour of a collection."""
        colours = np.asarray(colours, float)
        if not on_paper or colours.ndim != 2 or not len(colours):
            return colours
        changed = colours.copy()
        for row in changed:
            rgb, alpha = tuple(row[:3]), float(row[3]) if len(row) > 3 else 1.0
            row[:3] = self._mark(on_dark(rgb, _LINES, alpha), rgb, alpha)
        return changed

    def turned(self, rgb) -> tuple:
        """A colour as it is on the dark ground; from now on what lies over it turns with it."""
        return self._mark(on_dark(rgb), rgb)

    def _mark(self, rgb, before, alpha: float = 1.0) -> tuple:
        """Mark a gray as turned; a tint or a veil is remembered as it lies on the ground."""
        if is_neutral(rgb):
            return (rgb[0], rgb[1], min(rgb[2] + _MARK, 1.0))
        if is_tint(before) or alpha < _VEIL:
            seen = alpha * np.asarray(rgb) * 255 + (1 - alpha) * np.array([17, 17, 18])
            near = np.stack(np.meshgrid(*[(-1, 0, 1)] * 3), axis=-1).reshape(
                -1, 3
            )  # Agg rounds in its own way
            self._turned.update(_packed(np.rint(seen) + near).tolist())
        return rgb

    def _inked(self, gc, rgb):
        alpha, forced = gc.get_alpha(), gc.get_forced_alpha()
        changed = self.new_gc()
        changed.copy_properties(gc)
        own = gc.get_rgb()
        changed.set_foreground((*rgb, alpha if forced or len(own) < 4 else own[3]), isRGBA=True)
        return changed

    def _turns(self, rgb, points: np.ndarray) -> bool:
        """Whether a line turns: there is paper below it, or a colour on which it would be lost."""
        if self._share(points) >= _PAPER:
            return True
        below = self._below(points)
        ground = tuple(np.median(below[:, :3], axis=0) / 255) if len(below) else (0.0, 0.0, 0.0)
        return not is_neutral(ground) and float(contrast(rgb, ground)) < 2

    def _share(self, points: np.ndarray) -> float:
        """How much of what lies below and beside these points is turned paper."""
        around = (points[:, None, :] + np.array(_SPREAD, float)).reshape(-1, 2)
        below = self._below(around)
        return float(self._is_turned(below).mean()) if len(below) else 1.0

    def _is_turned(self, pixels: np.ndarray) -> np.ndarray:
        red, green, blue, alpha = pixels.astype(int).T
        marked = (red == green) & (blue == red + 1)
        if self._turned:
            marked |= np.isin(_packed(pixels[:, :3]), list(self._turned))
        return marked | (alpha < 128)

    def _below(self, points: np.ndarray) -> np.ndarray:
        """The pixels at points (x, y) counted from the lower left corner, those on the canvas."""
        pixels = np.asarray(self._renderer)
        points = points[np.isfinite(points).all(axis=1)]
        columns, rows = points[:, 0].astype(int), pixels.shape[0] - 1 - points[:, 1].astype(int)
        seen = (columns >= 0) & (columns < pixels.shape[1]) & (rows >= 0) & (rows < pixels.shape[0])
        return pixels[rows[seen], columns[seen]]


@contextmanager
def marked(fig: Figure, renderer: DarkRenderer) -> Iterator[None]:
    """Tell the renderer by the names of groups what stands for values, and which grounds are dark already.

    A map of a few pale tints is a ground with names; its tints are lowered meanwhile.
    """
    values = [one for one in fig.findobj(Collection) if one.get_array() is not None]
    grounds = [ax.patch for ax in fig.axes if luminance(ax.get_facecolor()) < 0.2]
    tinted = [one for one in (*values, *fig.findobj(AxesImage)) if _is_tinted(one.get_cmap())]
    before = [(one, one.get_gid()) for one in (*values, *grounds)]
    maps = [(one, one.get_cmap()) for one in tinted]
    for one, _ in before:
        one.set_gid(_DATA if isinstance(one, Collection) else _KEPT)
    for one, tints in maps:
        one.set_cmap(ListedColormap([renderer.turned(to_rgb(tint)) for tint in tints.colors]))
    try:
        yield
    finally:
        for one, name in before:
            one.set_gid(name)
        for one, tints in maps:
            one.set_cmap(tints)


def _is_tinted(colours) -> bool:
    if not isinstance(colours, ListedColormap) or colours.N > _FEW:
        return False
    return all(is_tint(to_rgb(colour)) for colour in colours.colors)


class _Places:
    """Points that are looked up once, and only when they are asked for."""

    def __init__(self, look: _Ask):
        self._look, self._seen = look, None

    def __call__(self) -> np.ndarray:
        if self._seen is None:
            self._seen = self._look()
        return self._seen


def _opacity(gc, rgba) -> float:
    """How opaque a colour is painted."""
    forced = gc.get_forced_alpha() or len(rgba) < 4
    return float(gc.get_alpha() if forced else rgba[3])


def _unmoved(rgb, alpha: float) -> bool:
    return not is_neutral(rgb) and on_dark(rgb, _LINES, alpha) == rgb


def _packed(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(int) @ np.array([65536, 256, 1])


def _points(paths, transform) -> np.ndarray:
    """At most some 200 points (x, y) on the outlines of paths, on the canvas."""
    found = []
    for path in list(paths)[:: max(1, len(paths) // 24)]:
        corners = path.vertices
        if path.codes is not None:
            corners = corners[path.codes != Path.CLOSEPOLY]
        if len(corners) > 12:
            corners = corners[:: len(corners) // 12]
        elif len(corners) > 1:
            along = np.linspace(0, 1, 8)[:, None, None]
            corners = (corners[:-1] * (1 - along) + corners[1:] * along).reshape(-1, 2)
        found.append(corners)
    return transform.transform(np.concatenate(found)) if found else np.zeros((0, 2))


def _within(points: np.ndarray) -> np.ndarray:
    """Points inside an outline: on the way from its middle to its edge."""
    middle = points.mean(axis=0) if len(points) else np.zeros(2)
    return np.concatenate([middle + share * (points - middle) for share in (0.3, 0.6, 0.9)])


def _box(x: float, y: float, wide: float, high: float, angle: float) -> np.ndarray:
    """Points all over a line of letters that begins at (x, y) and runs at an angle in degrees."""
    turn = np.deg2rad(angle)
    along, up = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    across, upright = np.meshgrid(np.linspace(0, wide, 9), np.linspace(0, 0.8 * high, 5))
    return np.array([x, y]) + across.reshape(-1, 1) * along + upright.reshape(-1, 1) * up


def _rimmed(faces, edges):
    """Points whose colour is a value: a gray rim around those too dark to be seen."""
    faces, edges = np.asarray(faces, float), np.asarray(edges, float)
    if not len(faces) or not len(edges):
        return edges
    rims = np.resize(edges, (max(len(faces), len(edges)), edges.shape[1])).copy()
    dim = contrast(np.resize(faces, (len(rims), faces.shape[1])), GROUND) < GRAPHIC
    rims[dim, :3] = on_dark((0.5, 0.5, 0.5))
    return rims

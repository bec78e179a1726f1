"""The painter: a picture to paint on, and levels, pairs and features that follow the stroke.

The page (page.py) draws; the numbers are counted here.  Traits carry settings, messages carry voxels: see
`_answers` for those that come, `messages.py` for those that go.
"""

from __future__ import annotations

import html

import anywidget
import numpy as np
from traitlets import Dict, Float, Int, List, Unicode, observe, validate

from rgteach.demos.kept import Rest, kept, new_key
from rgteach.demos.painter import messages, out, presets, still
from rgteach.demos.painter.given import given_masks
from rgteach.demos.painter.inbox import Inbox
from rgteach.demos.painter.live import Live, live
from rgteach.demos.painter.page import look, script, sentences
from rgteach.demos.painter.regions import NAMES, Regions
from rgteach.demos.painter.sources import Source, span_of
from rgteach.demos.panel import someone_listens
from rgteach.demos.still import Still, spoken
from rgteach.doors import one_of
from rgteach.errors import LearnerError
from rgteach.wording import say, tag

REST_S = 0.7  # then the hand rests, and what is seen is worth keeping


class Whole(Int):
    """A whole number, also where NumPy made it."""

    def validate(self, obj, value):
        """A plain int."""
        return super().validate(obj, int(value) if isinstance(value, np.integer) else value)


class Painter(Inbox, anywidget.AnyWidget):
    """A slice to paint on, as the last line of a cell.

    Made by `rg.paint`.  Indices are those of the source: `image`, `mask` and `z` count voxels in the axes of
    the file or the array; only the picture is turned, so that the patient's right is on the left.

    Attributes
    ----------
    z : int
        The slice shown.
    window : [low, high]
        Signal shown as black and as white.
    n_levels : int
        8, 16, 32 or 64 bins between the lowest and the highest intensity of the painted region.
    distance : int
        Of the two voxels of a pair, 1 to 5 voxels.
    """

    _esm = script()
    _css = look()

    key = Unicode().tag(sync=True)
    lang = Unicode().tag(sync=True)
    words = Dict().tag(sync=True)
    shape = List(Int()).tag(sync=True)
    spacing = List(Float()).tag(sync=True)
    sides = Dict().tag(sync=True)
    z = Whole().tag(sync=True)
    window = List(Float()).tag(sync=True)
    span = List(Float()).tag(sync=True)
    unit = Unicode().tag(sync=True)
    n_levels = Whole(32).tag(sync=True)
    distance = Whole(1).tag(sync=True)
    presets = List(Dict()).tag(sync=True)
    title = Unicode().tag(sync=True)
    source = Unicode().tag(sync=True)

    def __init__(self, source: Source, *, mask: object = None, n_levels: int = 32, distance: int = 1):
        self._source = source
        self._serial = 0
        self._regions = Regions(source.image.shape)
        self._kept, self._rest = None, Rest(REST_S, self._keep)
        for name, begun in given_masks(source, mask).items():
            self._regions.masks[name][:] = begun
        plane, span = source.plane, span_of(source.image)
        super().__init__(
            key=new_key(),
            lang=tag(),
            words=sentences(),
            shape=list(plane.shape(source.image.shape)),
            spacing=list(plane.spacing(source.spacing_mm)),
            sides=plane.sides,
            span=list(span),
            z=presets.first_slice(source, self._regions.masks["a"]),
            window=presets.first_window(source, span),
            unit=source.unit,
            n_levels=n_levels,
            distance=distance,
            presets=presets.offered(source),
            title=source.title,
            source=messages.seen_in_words(source),
        )
        self.on_msg(self._received)
        self._warm()

    # ------------------------------------------------------------ for who writes code

    @property
    def image(self) -> np.ndarray:
        """Intensities (z, y, x) in the axes of the source."""
        return self._source.image

    @property
    def spacing_mm(self) -> tuple[float, float, float]:
        """Voxel size (dz, dy, dx) of `image`."""
        return self._source.spacing_mm

    @property
    def masks(self) -> dict[str, np.ndarray]:
        """Both regions, copies: {"a": …, "b": …}, bool (z, y, x)."""
        return {name: mask.copy() for name, mask in self._regions.masks.items()}

    @property
    def mask(self) -> np.ndarray:
        """Region a, a copy: bool (z, y, x), as `rg.voi(p.image, p.mask, p.spacing_mm)` wants it."""
        return self._regions.masks["a"].copy()

    def live(self, region: str = "a", z: int | None = None) -> Live:
        """Levels, pairs and features of a region on one slice, the one shown if none is named."""
        z = self.z if z is None else messages.slice_number(z, len(self.image))
        turn, masks = self._source.plane.turn, self._regions.masks
        inside = turn(masks[messages.region_of(region)][z])
        how = {"spacing_mm": self.spacing, "n_levels": self.n_levels, "distance": self.distance}
        return live(turn(self.image[z]), inside, **how)

    @property
    def features(self) -> dict[str, float]:
        """Every co-occurrence feature of region a on the slice shown."""
        found = self.live("a")
        if found.trouble:
            raise LearnerError("painter-no-features", z=self.z, trouble=found.trouble)
        return found.features

    def table(self):
        """The features of both regions on the slice shown, as a DataFrame; empty where there is trouble."""
        import pandas as pd

        found = {name: self.live(name).features for name in NAMES}
        names = found["a"] or found["b"]
        return pd.DataFrame(
            found, index=pd.Index(list(names), name="feature"), columns=list(NAMES), dtype=float
        )

    def save(self, path: object, region: str = "a", overwrite: bool = False):
        """Write a region as NIfTI where its image lies; gives the path.

        Parameters
        ----------
        path : str or Path
            Ends with .nii or .nii.gz.
        region : "a" or "b"
        overwrite : bool
            Whether a file of that name may be replaced.
        """
        return out.save(
            self._source, self._regions.masks[messages.region_of(region)], path, overwrite=overwrite
        )

    def undo(self) -> None:
        """Take the last stroke back."""
        self._show_step(self._regions.undo())

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._show_step(self._regions.redo())

    def clear(self, region: str = "a") -> None:
        """Erase a region on every slice; `undo` brings it back."""
        region = messages.region_of(region)
        empty = np.zeros(self.image.shape[1:], bool)
        self._regions.replace(region, dict.fromkeys(self._regions.used(region), empty))
        self._show_region(region)

    def preset(self, name: str, region: str = "a") -> None:
        """Paint one of `presets` in place of what a region holds on the slices that it touches."""
        region = messages.region_of(region)
        one_of("preset", name, [offer["name"] for offer in self.presets])
        self._regions.replace(region, presets.preset(self._source, name, self.z))
        self._show_region(region)

    def copy(self, start: str = "a", end: str = "b") -> None:
        """Paint one region over another, on every slice."""
        start, end = messages.region_of(start), messages.region_of(end)
        self._regions.replace(end, dict(enumerate(self._regions.masks[start].copy())))
        self._show_region(end)

    # ------------------------------------------------------------ for the notebook

    def still(self):
        """The slice, the regions, the pairs and the numbers as a picture that needs no front end."""
        return still.still(self._shown())

    def _shown(self) -> still.Shown:
        turn, masks = self._source.plane.turn, self._regions.masks
        return still.Shown(
            title=self.title,
            z=self.z,
            flat=turn(self.image[self.z]),
            inside={name: turn(masks[name][self.z]) for name in NAMES},
            found={name: self.live(name) for name in NAMES},
            spacing_mm=tuple(self.spacing),
            window=tuple(self.window),
            sides=self.sides,
            distance=self.distance,
        )

    def view3d(self):
        """Image and painted region in three dimensions; needs the extra "view3d"."""
        from rgteach.demos.painter.view3d import view3d

        return view3d(self)

    def open(self) -> None:
        """Connect to the page, where a person's front end listens; a script needs no connection."""
        if someone_listens():
            super().open()

    def _ipython_display_(self) -> None:
        """The painter, and below it what a notebook without a kernel shows in its place."""
        from IPython.display import display

        display(self._repr_mimebundle_(), raw=True)
        if self.comm is not None:
            self._kept = display(self._seen(), display_id=True)

    def _keep(self) -> None:
        """Keep what is seen now."""
        if self._kept is not None:
            self._kept.update(self._seen())

    def _seen(self) -> Still:
        words = f"<p>{html.escape(say('painter-kept'))}</p>"
        return Still(kept(self.key, spoken(words + still.small(self._shown()))), "")

    def __repr__(self) -> str:
        shown = self._shown()
        return f"{self.title} · {self.source}\n{say('painter-slice', z=self.z)}: {still.in_words(shown)}"

    def _repr_mimebundle_(self, **kwargs: object) -> dict:
        if self.comm is None:
            return self.still()._repr_mimebundle_()
        bundle = super()._repr_mimebundle_(**kwargs)
        data, *_ = bundle if isinstance(bundle, tuple) else (bundle,)
        return data | {"text/plain": repr(self), "text/html": "<span></span>"}

    def _warm(self) -> None:
        """Load the compiled loops now, so that the first stroke does not wait for them."""
        kinds = {self.image.dtype, np.dtype(float)}
        for kind in kinds:
            live(np.arange(64).reshape(8, 8).astype(kind), np.ones((8, 8), bool), n_levels=8)

    @validate("z", "n_levels", "distance", "window")
    def _only_good(self, proposal) -> object:
        return self._checked(proposal["trait"].name, proposal["value"])

    @observe("z")
    def _slice_changed(self, _change) -> None:
        if self.comm is not None:
            self._show_slice()

    @observe("n_levels", "distance")
    def _setting_changed(self, _change) -> None:
        if self.comm is not None:
            for region in NAMES:
                self._show_result(region, self.z)

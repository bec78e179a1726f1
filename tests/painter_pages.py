"""A painter without a page: what it sends is kept, what a page would send is handed in."""

import numpy as np


class Page:
    """Stands for the page's side of one painter."""

    def __init__(self, painter):
        self.painter, self.heard, self._serial = painter, [], 0
        painter.send = lambda content, buffers=None: self.heard.append((content, buffers or []))

    def says(self, kind, *buffers, **content):
        """Send a message as the page does; gives the answers (content, buffers) in their order."""
        self.heard.clear()
        self._serial += 1
        message = {"kind": kind, "serial": self._serial, **content}
        self.painter._handle_custom_msg(message, [memoryview(part) for part in buffers])
        return list(self.heard)

    def strokes(self, inside, region="a", z=None, begin=True, end=True):
        """Send the mask of a slice as it is seen; gives the result and its buffers."""
        bits = np.packbits(np.asarray(inside, bool)).tobytes()
        z = self.painter.z if z is None else z
        ((content, buffers),) = self.says("stroke", bits, region=region, z=z, begin=begin, end=end)
        return content, buffers

    def is_told(self, kind, *buffers, **content):
        """The sentence that answers a message which cannot be followed."""
        (((answer, _)),) = self.says(kind, *buffers, **content)
        assert answer["kind"] == "trouble", answer
        return answer["text"]


def unpacked(buffers, painter):
    """A mask from the kernel as an array, as it is seen."""
    n_y, n_x = painter.shape[1:]
    return np.unpackbits(np.frombuffer(buffers[0], np.uint8), count=n_y * n_x).reshape(n_y, n_x).astype(bool)


def levels_and_matrix(content, buffers):
    """Levels in their box and the matrix of shares, from a result."""
    y0, y1, x0, x1 = content["box"]
    levels = np.frombuffer(buffers[0], np.uint8).reshape(y1 - y0, x1 - x0)
    n = content["n_levels"]
    return levels, np.frombuffer(buffers[1], "<f4").reshape(n, n)


def disc(shape, y, x, radius):
    """A disc on a slice."""
    rows, columns = np.indices(shape)
    return np.hypot(rows - y, columns - x) <= radius

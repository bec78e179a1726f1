// Bytes on their way: masks as packed bits, slices as 16-bit steps, matrices as floats.

function bytesOf(buffer) {
  if (buffer instanceof Uint8Array) return buffer;
  if (ArrayBuffer.isView(buffer)) return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  return new Uint8Array(buffer);
}

// A copy, as the bytes of a message seldom begin where a number may begin
function copied(buffer) {
  return bytesOf(buffer).slice().buffer;
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function numbersOf(buffer, bytes, read, Kind) {
  const copy = copied(buffer);
  if (LITTLE_ENDIAN) return new Kind(copy);
  const view = new DataView(copy);
  return Kind.from({ length: copy.byteLength / bytes }, (_, k) => view[read](k * bytes, true));
}

function shortsOf(buffer) {
  return numbersOf(buffer, 2, "getUint16", Uint16Array);
}

function floatsOf(buffer) {
  return numbersOf(buffer, 4, "getFloat32", Float32Array);
}

// As numpy.packbits: eight voxels a byte, the first in the highest bit
function pack(mask) {
  const bits = new Uint8Array(Math.ceil(mask.length / 8));
  for (let k = 0; k < mask.length; k++) if (mask[k]) bits[k >> 3] |= 128 >> (k & 7);
  return bits;
}

function unpack(buffer, count) {
  const bits = bytesOf(buffer);
  const mask = new Uint8Array(count);
  for (let k = 0; k < count; k++) mask[k] = (bits[k >> 3] >> (7 - (k & 7))) & 1;
  return mask;
}

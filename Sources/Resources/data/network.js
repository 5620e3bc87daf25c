'use strict';
// The networks of a page of bvae-script: what they compute, in plain loops. Maps lie row after row, the channels of a place
// together. Node runs this file too, for the tests.

/** Numbers of 16 bits (IEEE 754 binary16), little-endian, from base64. */
function numbersOfHalves(base64) {
  const text = atob(base64), numbers = new Float32Array(text.length >> 1);
  const powers = Float64Array.from({ length: 32 }, (_, exponent) => 2 ** (exponent - 15));
  for (let i = 0; i < numbers.length; i++) {
    const half = text.charCodeAt(2 * i) | text.charCodeAt(2 * i + 1) << 8;
    const exponent = half >> 10 & 31, fraction = (half & 1023) / 1024;
    const size = exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * powers[exponent];
    numbers[i] = half & 0x8000 ? -size : size;
  }
  return numbers;
}

/** Whole numbers of 8 bits from base64. */
const bytesOf = (base64) => Int8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** What a network gives for an input: its operations one after the other. */
function computed(operations, weights, input) {
  let values = input;
  for (const operation of operations) values = compute[operation.op](operation, weights, values);
  return values;
}

const compute = {
  dense({ in: inputs, out: outputs, w, q, scales, b, slope }, weights, x) {
    if (scales) {
      // Weights of 8 bits, with a scale for each output; they have no bias.
      const y = new Float32Array(outputs);
      addPlace(y, 0, weights.bytes, q, outputs, x, 0, inputs);
      return rectified(y.map((value, i) => value * scales[i]), slope);
    }
    const y = beginning(outputs, 1, weights, b);
    addPlace(y, 0, weights, w, outputs, x, 0, inputs);
    return rectified(y, slope);
  },

  conv({ kernel, stride, padding, from, to, w, b, slope }, weights, x) {
    const [height, width, inputs] = from, [rows, columns, outputs] = to;
    const y = beginning(outputs, rows * columns, weights, b);
    for (let row = 0; row < rows; row++) for (let column = 0; column < columns; column++) {
      const target = (row * columns + column) * outputs;
      for (let ky = 0; ky < kernel; ky++) for (let kx = 0; kx < kernel; kx++) {
        const r = row * stride - padding + ky, c = column * stride - padding + kx;
        if (r < 0 || c < 0 || r >= height || c >= width) continue;
        addPlace(y, target, weights, w + (ky * kernel + kx) * inputs * outputs, outputs, x, (r * width + c) * inputs, inputs);
      }
    }
    return rectified(y, slope);
  },

  deconv({ kernel, stride, padding, from, to, w, b, slope }, weights, x) {
    const [height, width, inputs] = from, [rows, columns, outputs] = to;
    const y = beginning(outputs, rows * columns, weights, b);
    for (let row = 0; row < height; row++) for (let column = 0; column < width; column++) {
      const source = (row * width + column) * inputs;
      for (let ky = 0; ky < kernel; ky++) for (let kx = 0; kx < kernel; kx++) {
        const r = row * stride - padding + ky, c = column * stride - padding + kx;
        if (r < 0 || c < 0 || r >= rows || c >= columns) continue;
        addPlace(y, (r * columns + c) * outputs, weights, w + (ky * kernel + kx) * inputs * outputs, outputs, x, source, inputs);
      }
    }
    return rectified(y, slope);
  },

  /** A batch norm in its trained form: a factor and a shift for each channel. */
  norm({ channels, w, b, slope }, weights, x) {
    return rectified(Float32Array.from(x, (value, i) => value * weights[w + i % channels] + weights[b + i % channels]), slope);
  },

  pool({ from: [height, width, channels], side, slope }, _, x) {
    const rows = Math.floor(height / side), columns = Math.floor(width / side);
    const y = new Float32Array(rows * columns * channels).fill(-Infinity);
    for (let row = 0; row < rows * side; row++) for (let column = 0; column < columns * side; column++) {
      const source = (row * width + column) * channels;
      const target = (Math.floor(row / side) * columns + Math.floor(column / side)) * channels;
      for (let c = 0; c < channels; c++) if (x[source + c] > y[target + c]) y[target + c] = x[source + c];
    }
    return rectified(y, slope);
  },

  upsample({ from: [height, width, channels], factor }, _, x) {
    const y = new Float32Array(x.length * factor * factor), columns = width * factor;
    for (let row = 0; row < height * factor; row++) for (let column = 0; column < columns; column++) {
      const source = (Math.floor(row / factor) * width + Math.floor(column / factor)) * channels;
      y.set(x.subarray(source, source + channels), (row * columns + column) * channels);
    }
    return y;
  },

  rectify: ({ slope }, _, x) => rectified(x, slope),
  sigmoid: (_, __, x) => x.map((value) => 1 / (1 + Math.exp(-value))),
  tanh: (_, __, x) => x.map(Math.tanh),
};

/** The biases of each place, zeros where there are none. */
function beginning(outputs, places, weights, b) {
  const y = new Float32Array(outputs * places);
  if (b !== undefined) for (let place = 0; place < places; place++) y.set(weights.subarray(b, b + outputs), place * outputs);
  return y;
}

/** Adds what one place of the input gives to one place of the output: four inputs at a time, zeros left out. */
function addPlace(y, target, weights, w, outputs, x, source, inputs) {
  let count = 0, a = 0, b = 0, c = 0, wa = 0, wb = 0, wc = 0;
  for (let i = 0; i < inputs; i++) {
    const value = x[source + i], place = w + i * outputs;
    if (value === 0) continue;
    if (count === 0) { a = value; wa = place; }
    else if (count === 1) { b = value; wb = place; }
    else if (count === 2) { c = value; wc = place; }
    else {
      for (let o = 0; o < outputs; o++) {
        y[target + o] += a * weights[wa + o] + b * weights[wb + o] + c * weights[wc + o] + value * weights[place + o];
      }
    }
    count = (count + 1) & 3;
  }
  if (count > 0) addScaled(y, target, weights, wa, outputs, a);
  if (count > 1) addScaled(y, target, weights, wb, outputs, b);
  if (count > 2) addScaled(y, target, weights, wc, outputs, c);
}

function addScaled(y, target, weights, w, count, factor) {
  for (let i = 0; i < count; i++) y[target + i] += factor * weights[w + i];
}

function rectified(y, slope) {
  if (slope !== 1) for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] *= slope;
  return y;
}

/** A model on a page. */
class Model {
  constructor(data) {
    this.data = data;
    this.weights = numbersOfHalves(data.weights);
    this.weights.bytes = bytesOf(data.bytes);
    this.codes = numbersOfHalves(data.codes);
    [this.height, this.width, this.planes] = data.image;
    this.count = this.codes.length / data.latents.length;
  }

  /** The code of an image of the map. */
  code(image) {
    const size = this.data.latents.length;
    return Array.from(this.codes.subarray(image * size, (image + 1) * size));
  }

  /** What the decoder reads: the code, of a generator noise, categories and numbers. */
  inputs(code, draw = 0) {
    const { latents, noises } = this.data;
    if (noises.length === 0) return Float32Array.from(code);
    const rest = latents.flatMap((latent, i) => latent.categories
      ? Array.from({ length: latent.categories }, (_, category) => (category === Math.round(code[i]) ? 1 : 0)) : [code[i]]);
    return Float32Array.from([...noises[draw], ...rest]);
  }

  /** The pixels of a code, 0…1. */
  decode(code, draw = 0) {
    const values = computed(this.data.decoder, this.weights, this.inputs(code, draw));
    // A hyperbolic tangent gives -1…1.
    return this.data.decoder.at(-1).op === 'tanh' ? values.map((value) => (value + 1) / 2) : values;
  }

  /** The code of pixels of 0…1. */
  encode(pixels) { return Array.from(computed(this.data.encoder, this.weights, pixels)); }
}

if (typeof module !== 'undefined') module.exports = { Model, numbersOfHalves, computed };

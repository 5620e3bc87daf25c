// Everything but products: sweeps over maps, sums over places and over images, the optimiser. Needs GROUP, the items of a
// group, a power of two.

#define ITEM (get_group_id(0) * GROUP + get_local_id(0))
#define SWEEP __kernel __attribute__((reqd_work_group_size(GROUP, 1, 1))) void

// The sum of all items' values, in a fixed order; GROUP must be a power of two.
static inline float group_sum(float value, __local float *shared) {
  const int item = get_local_id(0);
  shared[item] = value;
  for (int lanes = GROUP / 2; lanes > 0; lanes /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item < lanes) shared[item] += shared[item + lanes];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  return shared[0];
}

// Adds up the parts of sums, [parts × size].
SWEEP sum_parts(
    __global const float *parts, int count, int size, Finish f, __global float *out, __global const float *side,
    __global float *first, __global float *second) {
  const int i = ITEM;
  if (i >= size) return;
  float sum = parts[i];
  for (int part = 1; part < count; part++) sum += parts[part * size + i];
  finish(f, sum, i, f.mode == ACTIVATE ? i % f.columns : 0, out, side, first, second);
}

// A gradient that is there already, to be added, or a step to be taken with it.
SWEEP use_gradient(
    __global const float *gradient, int size, Finish f, __global float *out, __global float *first,
    __global float *second) {
  const int i = ITEM;
  if (i < size) finish(f, gradient[i], i, 0, out, gradient, first, second);
}

SWEEP scale(__global float *values, int size, float factor) {
  const int i = ITEM;
  if (i < size) values[i] *= factor;
}

SWEEP add(__global float *sum, __global const float *summand, int size) {
  const int i = ITEM;
  if (i < size) sum[i] += summand[i];
}

// The sums of squares of GROUP · each values, one for each group.
SWEEP squares(__global const float *values, int size, int each, __global float *sums) {
  __local float shared[GROUP];
  float sum = 0.0f;
  const int begin = get_group_id(0) * GROUP * each, end = min(size, begin + GROUP * each);
  for (int i = begin + (int)get_local_id(0); i < end; i += GROUP) sum = fma(values[i], values[i], sum);
  sum = group_sum(sum, shared);
  if (get_local_id(0) == 0) sums[get_group_id(0)] = sum;
}

// Functions of each value. KIND of a function: 0 rectifier, 1 sigmoid, 2 tanh.
static inline float value_of(int kind, float slope, float x) {
  return kind == 0 ? rectified(x, slope) : kind == 1 ? 1.0f / (1.0f + exp(-x)) : tanh(x);
}

SWEEP activate(__global const float *x, __global float *y, int size, int kind, float slope) {
  const int i = ITEM;
  if (i < size) y[i] = value_of(kind, slope, x[i]);
}

SWEEP activate_back(
    __global const float *x, __global const float *y, __global const float *dy, __global float *dx, int size, int kind,
    float slope, float gate) {
  const int i = ITEM;
  if (i >= size) return;
  const float v = y[i];
  const float derivative = kind == 0 ? (v > 0.0f ? 1.0f : slope) : kind == 1 ? v * (1.0f - v) : 1.0f - v * v;
  dx[i] = dy[i] * derivative * (x[i] > 0.0f ? 1.0f : gate);
}

SWEEP pass_back(__global const float *x, __global const float *dy, __global float *dx, int size, float gate) {
  const int i = ITEM;
  if (i < size) dx[i] = dy[i] * (x[i] > 0.0f ? 1.0f : gate);
}

// The place of the largest value of a square: the first of equal ones, and a NaN before all numbers.
static inline int largest(__global const float *x, int start, int width, int channels, int side) {
  int best = start;
  for (int down = 0; down < side; down++)
    for (int across = 0; across < side; across++) {
      const int place = start + (down * width + across) * channels;
      if (x[place] > x[best] || isnan(x[place])) best = place;
    }
  return best;
}

// Sizes: the map that is read, [height × width × channels].
SWEEP pool(
    __global const float *x, __global float *y, int size, int height, int width, int channels, int side, float slope) {
  const int i = ITEM;
  if (i >= size) return;
  const int rows = height / side, columns = width / side;
  const int channel = i % channels, column = i / channels % columns, row = i / channels / columns % rows;
  const int image = i / channels / columns / rows;
  const int start = ((image * height + row * side) * width + column * side) * channels + channel;
  y[i] = rectified(x[largest(x, start, width, channels, side)], slope);
}

SWEEP pool_back(
    __global const float *x, __global const float *dy, __global float *dx, int size, int height, int width, int channels,
    int side, float gate) {
  const int i = ITEM;
  if (i >= size) return;
  const int rows = height / side, columns = width / side;
  const int channel = i % channels, column = i / channels % width / side, row = i / channels / width % height / side;
  const int image = i / channels / width / height;
  float value = 0.0f;
  if (row < rows && column < columns) {
    const int start = ((image * height + row * side) * width + column * side) * channels + channel;
    if (largest(x, start, width, channels, side) == i)
      value = dy[((image * rows + row) * columns + column) * channels + channel] * (x[i] > 0.0f ? 1.0f : gate);
  }
  dx[i] = value;
}

SWEEP enlarge(__global const float *x, __global float *y, int size, int height, int width, int channels, int factor) {
  const int i = ITEM;
  if (i >= size) return;
  const int rows = height * factor, columns = width * factor;
  const int channel = i % channels, column = i / channels % columns, row = i / channels / columns % rows;
  const int image = i / channels / columns / rows;
  y[i] = x[((image * height + row / factor) * width + column / factor) * channels + channel];
}

SWEEP enlarge_back(
    __global const float *x, __global const float *dy, __global float *dx, int size, int height, int width, int channels,
    int factor, float gate) {
  const int i = ITEM;
  if (i >= size) return;
  const int rows = height * factor, columns = width * factor;
  const int channel = i % channels, column = i / channels % width, row = i / channels / width % height;
  const int image = i / channels / width / height;
  float sum = 0.0f;
  for (int down = 0; down < factor; down++)
    for (int across = 0; across < factor; across++)
      sum += dy[((image * rows + row * factor + down) * columns + column * factor + across) * channels + channel];
  dx[i] = sum * (x[i] > 0.0f ? 1.0f : gate);
}

// Sums over the places of maps, for each channel. A group takes 'span' channels, a power of two, and a block of places;
// the items that share a channel add up theirs in a fixed order. Blocks are added up by 'sum_parts' and its like.
static inline float lane_sum(float value, int span, __local float *shared) {
  const int item = get_local_id(0);
  barrier(CLK_LOCAL_MEM_FENCE);
  shared[item] = value;
  for (int lanes = GROUP / span / 2; lanes > 0; lanes /= 2) {
    barrier(CLK_LOCAL_MEM_FENCE);
    if (item / span < lanes) shared[item] += shared[item + lanes * span];
  }
  barrier(CLK_LOCAL_MEM_FENCE);
  return shared[item % span];
}

#define CHANNEL (get_group_id(0) * span + get_local_id(0) % span)
#define FOR_PLACES                                                                                       \
  for (int place = get_group_id(1) * block + get_local_id(0) / span; place < end && channel < channels; \
       place += GROUP / span)

SWEEP sum_places(__global const float *x, int places, int channels, int block, int span, __global float *sums) {
  __local float shared[GROUP];
  const int channel = CHANNEL, end = min(places, (int)(get_group_id(1) + 1) * block);
  float sum = 0.0f;
  FOR_PLACES sum += x[place * channels + channel];
  sum = lane_sum(sum, span, shared);
  if (get_local_id(0) < span && channel < channels) sums[get_group_id(1) * channels + channel] = sum;
}

// Of each block the mean, as its distance from the channel's first value, and the squares of the distances from that mean:
// [blocks × 2 × channels].
SWEEP norm_blocks(__global const float *x, int places, int channels, int block, int span, __global float *sums) {
  __local float shared[GROUP];
  const int channel = CHANNEL, end = min(places, (int)(get_group_id(1) + 1) * block);
  const float shift = channel < channels ? x[channel] : 0.0f;
  float sum = 0.0f, spread = 0.0f;
  FOR_PLACES sum += x[place * channels + channel] - shift;
  const float mean = lane_sum(sum, span, shared) / (float)(end - (int)get_group_id(1) * block);
  FOR_PLACES {
    const float away = x[place * channels + channel] - shift - mean;
    spread = fma(away, away, spread);
  }
  spread = lane_sum(spread, span, shared);
  if (get_local_id(0) < span && channel < channels) {
    sums[(get_group_id(1) * 2) * channels + channel] = mean;
    sums[(get_group_id(1) * 2 + 1) * channels + channel] = spread;
  }
}

// Of all values of two groups the squares of the distances from their mean are those within the groups and those of the
// groups' means (Chan, Golub and LeVeque 1983). statistics: mean and 1 / √(variance + ε), [2 × channels].
SWEEP norm_statistics(
    __global const float *x, __global const float *sums, int places, int channels, int block, int blocks, float epsilon,
    float momentum, __global float *runningMean, __global float *runningVariance, __global float *statistics) {
  const int channel = ITEM;
  if (channel >= channels) return;
  float sum = 0.0f, spread = 0.0f;
  for (int b = 0; b < blocks; b++)
    sum = fma((float)(min(places, (b + 1) * block) - b * block), sums[b * 2 * channels + channel], sum);
  const float away = sum / (float)places;
  for (int b = 0; b < blocks; b++) {
    const float distance = sums[b * 2 * channels + channel] - away;
    spread += fma(
        (float)(min(places, (b + 1) * block) - b * block), distance * distance, sums[(b * 2 + 1) * channels + channel]);
  }
  const float mean = x[channel] + away, variance = spread / (float)places;
  statistics[channel] = mean;
  statistics[channels + channel] = 1.0f / sqrt(variance + epsilon);
  if (places > 1) {
    const float unbiased = spread / (float)(places - 1);
    runningMean[channel] = (1.0f - momentum) * runningMean[channel] + momentum * mean;
    runningVariance[channel] = (1.0f - momentum) * runningVariance[channel] + momentum * unbiased;
  }
}

SWEEP norm_running(
    __global const float *runningMean, __global const float *runningVariance, int channels, float epsilon,
    __global float *statistics) {
  const int channel = ITEM;
  if (channel >= channels) return;
  statistics[channel] = runningMean[channel];
  statistics[channels + channel] = 1.0f / sqrt(runningVariance[channel] + epsilon);
}

SWEEP normalise(
    __global const float *x, __global float *y, int size, int channels, __global const float *statistics,
    __global const float *gamma, __global const float *beta, float slope) {
  const int i = ITEM;
  if (i >= size) return;
  const int channel = i % channels;
  const float normal = (x[i] - statistics[channel]) * statistics[channels + channel];
  y[i] = rectified(fma(normal, gamma[channel], beta[channel]), slope);
}

// Of each block Σ dy and Σ dy · (x − mean): [blocks × 2 × channels].
SWEEP norm_gradient_blocks(
    __global const float *x, __global const float *dy, int places, int channels, int block, int span,
    __global const float *statistics, __global float *sums) {
  __local float shared[GROUP];
  const int channel = CHANNEL, end = min(places, (int)(get_group_id(1) + 1) * block);
  const float mean = channel < channels ? statistics[channel] : 0.0f;
  float sum = 0.0f, products = 0.0f;
  FOR_PLACES {
    const float d = dy[place * channels + channel];
    sum += d;
    products = fma(d, x[place * channels + channel] - mean, products);
  }
  sum = lane_sum(sum, span, shared);
  products = lane_sum(products, span, shared);
  if (get_local_id(0) < span && channel < channels) {
    sums[(get_group_id(1) * 2) * channels + channel] = sum;
    sums[(get_group_id(1) * 2 + 1) * channels + channel] = products;
  }
}

// factors: of dy, of x − mean, and what is added, [3 × channels]; then the gradients of γ and β.
SWEEP norm_factors(
    __global const float *sums, int places, int channels, int blocks, __global const float *statistics,
    __global const float *gamma, __global float *factors, __global float *gammaGradient,
    __global float *betaGradient) {
  const int channel = ITEM;
  if (channel >= channels) return;
  float sum = 0.0f, products = 0.0f;
  for (int b = 0; b < blocks; b++) {
    sum += sums[b * 2 * channels + channel];
    products += sums[(b * 2 + 1) * channels + channel];
  }
  const float inverse = statistics[channels + channel], factor = gamma[channel] * inverse;
  factors[channel] = factor;
  factors[channels + channel] = -factor * products * inverse * inverse / (float)places;
  factors[2 * channels + channel] = -factor * sum / (float)places;
  gammaGradient[channel] = products * inverse;
  betaGradient[channel] = sum;
}

SWEEP normalise_back(
    __global const float *x, __global const float *dy, __global float *dx, int size, int channels,
    __global const float *statistics, __global const float *factors, float gate) {
  const int i = ITEM;
  if (i >= size) return;
  const int channel = i % channels;
  const float back = fma(
      factors[channel], dy[i],
      fma(factors[channels + channel], x[i] - statistics[channel], factors[2 * channels + channel]));
  dx[i] = back * (x[i] > 0.0f ? 1.0f : gate);
}

// Images from bytes, by the value of each byte; of images that are all here, those of these numbers.
SWEEP load_bytes(
    __global const uchar *bytes, __global const int *numbers, int areListed, __global const float *levels,
    __global float *out, int size, int imageSize) {
  const int i = ITEM;
  if (i >= size) return;
  const int row = i / imageSize, image = areListed ? numbers[row] : row;
  out[i] = levels[bytes[(size_t)image * imageSize + (i - row * imageSize)]];
}

// The error of each image, a group each, and its gradient before the sigmoid. KIND of a loss: 0 squared error, 1
// cross-entropy, 2 absolute error.
SWEEP image_loss(
    __global const float *target, __global const float *decoded, __global float *gradient, __global float *errors,
    int imageSize, int kind, float share) {
  __local float shared[GROUP];
  const int start = get_group_id(0) * imageSize;
  float sum = 0.0f;
  for (int i = start + (int)get_local_id(0); i < start + imageSize; i += GROUP) {
    const float x = target[i], y = decoded[i], away = y - x;
    float slope, error;
    if (kind == 0) {
      error = away * away;
      slope = 2.0f * away * y * (1.0f - y);
    } else if (kind == 1) {
      const float bounded = isnan(y) ? y : fmin(fmax(y, 1e-7f), 1.0f - 1e-7f);
      error = -(x * log(bounded) + (1.0f - x) * log(1.0f - bounded));
      slope = away;
    } else {
      error = fabs(away);
      slope = (y > x ? 1.0f : y < x ? -1.0f : 0.0f) * y * (1.0f - y);
    }
    gradient[i] = slope * share;
    sum += error;
  }
  sum = group_sum(sum, shared);
  if (get_local_id(0) == 0) errors[get_group_id(0)] = sum;
}

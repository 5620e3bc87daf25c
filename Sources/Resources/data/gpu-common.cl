// What all kernels share. OpenCL C 1.2; maps lie image after image, row after row, channels last, without margins.

// Division of 0 ≤ n < 2³¹ by a number that the host knows, as a multiplication (Granlund and Montgomery 1994).
typedef struct {
  uint factor, shift;
} Divisor;

static inline int over(int n, Divisor by) { return (int)((mul_hi((uint)n, by.factor) + (uint)n) >> by.shift); }

// What is done with a sum before it is written.
enum { STORE, ADD, ACTIVATE, GATE, STEP };

typedef struct {
  int mode;
  // Of ACTIVATE: values from one place to the next, of which each has its bias. The slope of the rectifier or gate.
  int columns;
  float slope;
  // Of STEP: Adam's constants, with the bias corrections folded in.
  float rate, secondCorrection, beta1, beta2, epsilon;
} Finish;

static inline float rectified(float x, float slope) { return x > 0.0f ? x : x * slope; }

// A step of Adam.
static inline float stepped(Finish f, float value, float gradient, __global float *first, __global float *second) {
  float m = f.beta1 * *first + (1.0f - f.beta1) * gradient;
  float v = f.beta2 * *second + (1.0f - f.beta2) * (gradient * gradient);
  *first = m;
  *second = v;
  return value - f.rate * (m / (sqrt(v) * f.secondCorrection + f.epsilon));
}

// side: the biases of ACTIVATE, the values before a GATE; first and second: the moments of a STEP.
static inline void finish(
    Finish f, float sum, int place, int column, __global float *out, __global const float *side, __global float *first,
    __global float *second) {
  switch (f.mode) {
  case STORE: out[place] = sum; break;
  case ADD: out[place] += sum; break;
  case ACTIVATE: out[place] = rectified(sum + side[column], f.slope); break;
  case GATE: out[place] = side[place] > 0.0f ? sum : sum * f.slope; break;
  case STEP: out[place] = stepped(f, out[place], sum, first + place, second + place); break;
  }
}

// The same for four neighbours at a place that is a multiple of four.
static inline void finish_four(
    Finish f, float4 sum, int place, int column, __global float *out, __global const float *side, __global float *first,
    __global float *second) {
  __global float4 *target = (__global float4 *)(out + place);
  switch (f.mode) {
  case STORE: *target = sum; break;
  case ADD: *target += sum; break;
  case ACTIVATE: {
    const float4 x = sum + *(__global const float4 *)(side + column);
    *target = select(x * f.slope, x, x > 0.0f);
    break;
  }
  case GATE: *target = select(sum * f.slope, sum, *(__global const float4 *)(side + place) > 0.0f); break;
  case STEP: {
    __global float4 *firsts = (__global float4 *)(first + place), *seconds = (__global float4 *)(second + place);
    const float4 m = f.beta1 * *firsts + (1.0f - f.beta1) * sum;
    const float4 v = f.beta2 * *seconds + (1.0f - f.beta2) * (sum * sum);
    *firsts = m;
    *seconds = v;
    *target -= f.rate * (m / (sqrt(v) * f.secondCorrection + f.epsilon));
    break;
  }
  }
}

// What all kernels share. OpenCL C 1.2; maps lie image after image, row after row, channels last, without margins.

// Division of 0 ≤ n < 2³¹ by a number that the host knows, as a multiplication (Granlund and Montgomery 1994).
typedef struct {
  uint factor, shift;
} Divisor;

inline int over(int n, Divisor by) { return (int)((mul_hi((uint)n, by.factor) + (uint)n) >> by.shift); }

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

inline float rectified(float x, float slope) { return x > 0.0f ? x : x * slope; }

// A step of Adam.
inline float stepped(Finish f, float value, float gradient, __global float *first, __global float *second) {
  float m = f.beta1 * *first + (1.0f - f.beta1) * gradient;
  float v = f.beta2 * *second + (1.0f - f.beta2) * (gradient * gradient);
  *first = m;
  *second = v;
  return value - f.rate * (m / (sqrt(v) * f.secondCorrection + f.epsilon));
}

// side: the biases of ACTIVATE, the values before a GATE; first and second: the moments of a STEP.
inline void finish(
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

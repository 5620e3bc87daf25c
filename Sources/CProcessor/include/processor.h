// What the processor can do, asked of the processor itself: Swift has no way to execute CPUID.
#ifndef BVAE_PROCESSOR_H
#define BVAE_PROCESSOR_H
#include <stdbool.h>

/// Whether the processor has AVX2 and fused multiply-add and the system saves their registers; false on arm64.
bool processor_has_avx2_and_fma(void);

/// The same for AVX-512 with the extensions that came with its first servers (F, VL, BW, DQ).
bool processor_has_avx512(void);

/// Sixteen floats, in Swift SIMD16<Float>.
typedef float processor_float16 __attribute__((ext_vector_type(16)));

/// The square root of each, by vector instructions: Swift's own takes them one by one.
static inline __attribute__((always_inline)) processor_float16 processor_square_root(processor_float16 values) {
  return __builtin_elementwise_sqrt(values);
}

/// Eight floats or doubles, in Swift SIMD8.
typedef float processor_float8 __attribute__((ext_vector_type(8)));
typedef double processor_double8 __attribute__((ext_vector_type(8)));

/// Floats as doubles and back, by vector instructions: Swift's own take them one by one.
static inline __attribute__((always_inline)) processor_double8 processor_doubles(processor_float8 values) {
  return __builtin_convertvector(values, processor_double8);
}
static inline __attribute__((always_inline)) processor_float8 processor_floats(processor_double8 values) {
  return __builtin_convertvector(values, processor_float8);
}

/// Begins to bring the cache line at an address near, to be written to; any address is allowed.
static inline void processor_prefetch(const void *address) { __builtin_prefetch(address, 1, 2); }

#endif

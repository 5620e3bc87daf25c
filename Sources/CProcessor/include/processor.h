// What the processor can do, asked of the processor itself: Swift has no way to execute CPUID.
#ifndef BVAE_PROCESSOR_H
#define BVAE_PROCESSOR_H
#include <stdbool.h>

/// Whether the processor has AVX2 and fused multiply-add and the system saves their registers; false on arm64.
bool processor_has_avx2_and_fma(void);

/// The same for AVX-512 with the extensions that came with its first servers (F, VL, BW, DQ).
bool processor_has_avx512(void);

/// Begins to bring the cache line at an address near, to be written to; any address is allowed.
static inline void processor_prefetch(const void *address) { __builtin_prefetch(address, 1, 2); }

#endif

#include "processor.h"

#if defined(__x86_64__)
#define HAS(feature) __builtin_cpu_supports(feature)
#else
#define __builtin_cpu_init()
#define HAS(feature) false
#endif

bool processor_has_avx2_and_fma(void) {
  __builtin_cpu_init();
  return HAS("avx2") && HAS("fma");
}

bool processor_has_avx512(void) {
  __builtin_cpu_init();
  return HAS("fma") && HAS("avx512f") && HAS("avx512vl") && HAS("avx512bw") && HAS("avx512dq");
}

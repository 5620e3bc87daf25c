#include "allocations.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

static atomic_bool is_counting;
static atomic_long live, peak;

// More than any machine has, and small enough to be added to.
static const size_t most = (size_t)1 << 60;

static void note(size_t bytes) {
  long now = atomic_load_explicit(&live, memory_order_relaxed) + (long)(bytes < most ? bytes : most);
  long before = atomic_load_explicit(&peak, memory_order_relaxed);
  while (now > before &&
         !atomic_compare_exchange_weak_explicit(&peak, &before, now, memory_order_relaxed, memory_order_relaxed)) {
  }
}

static void add(void *block) {
  if (block) atomic_fetch_add_explicit(&live, (long)malloc_usable_size(block), memory_order_relaxed);
}

static void subtract(size_t bytes) { atomic_fetch_sub_explicit(&live, (long)bytes, memory_order_relaxed); }

static bool counts(void) { return atomic_load_explicit(&is_counting, memory_order_relaxed); }

void allocations_begin(void) {
  atomic_store(&live, 0);
  atomic_store(&peak, 0);
  atomic_store(&is_counting, true);
}

long allocations_peak(void) { return atomic_load(&peak); }

void *malloc(size_t size) {
  if (!counts()) return __libc_malloc(size);
  note(size);
  void *block = __libc_malloc(size);
  add(block);
  return block;
}

void *calloc(size_t count, size_t size) {
  if (!counts()) return __libc_calloc(count, size);
  size_t bytes;
  note(__builtin_mul_overflow(count, size, &bytes) ? most : bytes);
  void *block = __libc_calloc(count, size);
  add(block);
  return block;
}

void *realloc(void *old, size_t size) {
  if (!counts()) return __libc_realloc(old, size);
  size_t before = old ? malloc_usable_size(old) : 0;
  if (size > before) note(size - before);
  void *block = __libc_realloc(old, size);
  if (block || size == 0) {
    subtract(before);
    add(block);
  }
  return block;
}

static void *aligned(size_t alignment, size_t size) {
  if (!counts()) return __libc_memalign(alignment, size);
  note(size);
  void *block = __libc_memalign(alignment, size);
  add(block);
  return block;
}

void *memalign(size_t alignment, size_t size) { return aligned(alignment, size); }

void *aligned_alloc(size_t alignment, size_t size) { return aligned(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
  void *block = aligned(alignment, size);
  if (!block) return ENOMEM;
  *result = block;
  return 0;
}

void free(void *block) {
  if (block && counts()) subtract(malloc_usable_size(block));
  __libc_free(block);
}

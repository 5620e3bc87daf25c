// Files that travel inside the program, so that one executable works wherever it is copied to.
#ifndef BVAE_RESOURCES_H
#define BVAE_RESOURCES_H
#include <stddef.h>

/// The bytes of an embedded file and their number; NULL and 0 where there is no file of that name.
const unsigned char *resource_bytes(const char *name, size_t *count);

#endif

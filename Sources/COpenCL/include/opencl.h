// What this program uses of OpenCL 1.2 (Khronos Group, OpenCL specification, version 1.2), written out here so that
// nothing has to be installed to build it. The library is opened when it is asked for; see opencl_open.
#ifndef BVAE_OPENCL_H
#define BVAE_OPENCL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct opencl_platform *opencl_platform;
typedef struct opencl_device *opencl_device;
typedef struct opencl_context *opencl_context;
typedef struct opencl_queue *opencl_queue;
typedef struct opencl_buffer *opencl_buffer;
typedef struct opencl_program *opencl_program;
typedef struct opencl_kernel *opencl_kernel;
typedef struct opencl_event *opencl_event;

/// Results of calls; all others are told by their number.
enum {
  OPENCL_SUCCESS = 0,
  OPENCL_DEVICE_NOT_FOUND = -1,
  OPENCL_OBJECT_ALLOCATION_FAILURE = -4,
  OPENCL_OUT_OF_RESOURCES = -5,
  OPENCL_OUT_OF_HOST_MEMORY = -6,
  OPENCL_BUILD_PROGRAM_FAILURE = -11,
  OPENCL_INVALID_BUFFER_SIZE = -61,
  OPENCL_NO_PLATFORM = -1001,
};

/// What platforms, devices, programs and kernels are asked for.
enum {
  OPENCL_PLATFORM_VERSION = 0x0901,
  OPENCL_PLATFORM_NAME = 0x0902,
  OPENCL_PLATFORM_VENDOR = 0x0903,

  OPENCL_DEVICE_TYPE = 0x1000,
  OPENCL_DEVICE_UNITS = 0x1002,
  OPENCL_DEVICE_GROUP_SIZE = 0x1004,
  OPENCL_DEVICE_LARGEST_BUFFER = 0x1010,
  OPENCL_DEVICE_MEMORY = 0x101F,
  OPENCL_DEVICE_LOCAL_MEMORY = 0x1023,
  OPENCL_DEVICE_AVAILABLE = 0x1027,
  OPENCL_DEVICE_COMPILER_AVAILABLE = 0x1028,
  OPENCL_DEVICE_NAME = 0x102B,
  OPENCL_DEVICE_DRIVER = 0x102D,
  OPENCL_DEVICE_VERSION = 0x102F,

  OPENCL_PROGRAM_BINARY_SIZES = 0x1165,
  OPENCL_PROGRAM_BINARIES = 0x1166,
  OPENCL_PROGRAM_BUILD_LOG = 0x1183,

  OPENCL_KERNEL_GROUP_SIZE = 0x11B0,
};

enum { OPENCL_TYPE_CPU = 1 << 1, OPENCL_TYPE_GPU = 1 << 2 };

#define OPENCL_ALL_DEVICES 0xFFFFFFFFu
#define OPENCL_READ_WRITE 1u

/// The calls, with the types of the specification.
struct opencl_functions {
  int32_t (*get_platforms)(uint32_t, opencl_platform *, uint32_t *);
  int32_t (*get_platform_info)(opencl_platform, uint32_t, size_t, void *, size_t *);
  int32_t (*get_devices)(opencl_platform, uint64_t, uint32_t, opencl_device *, uint32_t *);
  int32_t (*get_device_info)(opencl_device, uint32_t, size_t, void *, size_t *);
  opencl_context (*create_context)(const intptr_t *, uint32_t, const opencl_device *,
                                   void (*)(const char *, const void *, size_t, void *), void *, int32_t *);
  int32_t (*release_context)(opencl_context);
  opencl_queue (*create_queue)(opencl_context, opencl_device, uint64_t, int32_t *);
  int32_t (*release_queue)(opencl_queue);
  opencl_buffer (*create_buffer)(opencl_context, uint64_t, size_t, void *, int32_t *);
  int32_t (*release_buffer)(opencl_buffer);
  opencl_program (*create_program)(opencl_context, uint32_t, const char **, const size_t *, int32_t *);
  opencl_program (*create_program_with_binary)(opencl_context, uint32_t, const opencl_device *, const size_t *,
                                               const unsigned char **, int32_t *, int32_t *);
  int32_t (*release_program)(opencl_program);
  int32_t (*build_program)(opencl_program, uint32_t, const opencl_device *, const char *,
                           void (*)(opencl_program, void *), void *);
  int32_t (*get_program_info)(opencl_program, uint32_t, size_t, void *, size_t *);
  int32_t (*get_build_info)(opencl_program, opencl_device, uint32_t, size_t, void *, size_t *);
  opencl_kernel (*create_kernel)(opencl_program, const char *, int32_t *);
  int32_t (*release_kernel)(opencl_kernel);
  int32_t (*set_argument)(opencl_kernel, uint32_t, size_t, const void *);
  int32_t (*get_kernel_group_info)(opencl_kernel, opencl_device, uint32_t, size_t, void *, size_t *);
  int32_t (*flush)(opencl_queue);
  int32_t (*finish)(opencl_queue);
  int32_t (*read_buffer)(opencl_queue, opencl_buffer, uint32_t, size_t, size_t, void *, uint32_t,
                         const opencl_event *, opencl_event *);
  int32_t (*write_buffer)(opencl_queue, opencl_buffer, uint32_t, size_t, size_t, const void *, uint32_t,
                          const opencl_event *, opencl_event *);
  int32_t (*copy_buffer)(opencl_queue, opencl_buffer, opencl_buffer, size_t, size_t, size_t, uint32_t,
                         const opencl_event *, opencl_event *);
  int32_t (*fill_buffer)(opencl_queue, opencl_buffer, const void *, size_t, size_t, size_t, uint32_t,
                         const opencl_event *, opencl_event *);
  int32_t (*launch)(opencl_queue, opencl_kernel, uint32_t, const size_t *, const size_t *, const size_t *, uint32_t,
                    const opencl_event *, opencl_event *);
};

/// Opens a library and finds its calls: a loader's, which serves all drivers that are registered with it, or those of one
/// driver itself, through the table that every driver keeps for loaders (cl_khr_icd, "Installable client driver").
/// - Returns: NULL, or why not, in words; the text holds until the next call of the same thread.
const char *opencl_open(const char *path, struct opencl_functions *functions);

#endif

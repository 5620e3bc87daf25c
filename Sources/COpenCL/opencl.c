#include "opencl.h"
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

// Each call: its place in opencl_functions, its name, and its place in the table of a driver, whose order cl_khr_icd fixes.
static const struct {
  size_t place;
  const char *name;
  int number;
} calls[] = {
#define CALL(member, name, number) {offsetof(struct opencl_functions, member), name, number}
    CALL(get_platforms, "clGetPlatformIDs", 0),
    CALL(get_platform_info, "clGetPlatformInfo", 1),
    CALL(get_devices, "clGetDeviceIDs", 2),
    CALL(get_device_info, "clGetDeviceInfo", 3),
    CALL(create_context, "clCreateContext", 4),
    CALL(release_context, "clReleaseContext", 7),
    CALL(create_queue, "clCreateCommandQueue", 9),
    CALL(release_queue, "clReleaseCommandQueue", 11),
    CALL(create_buffer, "clCreateBuffer", 14),
    CALL(release_buffer, "clReleaseMemObject", 18),
    CALL(create_program, "clCreateProgramWithSource", 26),
    CALL(create_program_with_binary, "clCreateProgramWithBinary", 27),
    CALL(release_program, "clReleaseProgram", 29),
    CALL(build_program, "clBuildProgram", 30),
    CALL(get_program_info, "clGetProgramInfo", 32),
    CALL(get_build_info, "clGetProgramBuildInfo", 33),
    CALL(create_kernel, "clCreateKernel", 34),
    CALL(release_kernel, "clReleaseKernel", 37),
    CALL(set_argument, "clSetKernelArg", 38),
    CALL(get_kernel_group_info, "clGetKernelWorkGroupInfo", 40),
    CALL(flush, "clFlush", 46),
    CALL(finish, "clFinish", 47),
    CALL(read_buffer, "clEnqueueReadBuffer", 48),
    CALL(write_buffer, "clEnqueueWriteBuffer", 49),
    CALL(copy_buffer, "clEnqueueCopyBuffer", 50),
    CALL(launch, "clEnqueueNDRangeKernel", 59),
    CALL(fill_buffer, "clEnqueueFillBuffer", 102),
#undef CALL
};

static const int call_count = sizeof calls / sizeof calls[0];

static _Thread_local char text[512];

static void put(struct opencl_functions *functions, int i, void *call) {
  memcpy((char *)functions + calls[i].place, &call, sizeof call);
}

/// A driver's own calls: every object of a driver begins with the address of its table.
static const char *open_driver(void *library, const char *path, struct opencl_functions *functions) {
  typedef int32_t (*list)(uint32_t, opencl_platform *, uint32_t *);
  list platforms = (list)dlsym(library, "clIcdGetPlatformIDsKHR");
  if (platforms == NULL) {
    void *(*extension)(const char *) = (void *(*)(const char *))dlsym(library, "clGetExtensionFunctionAddress");
    if (extension != NULL) platforms = (list)extension("clIcdGetPlatformIDsKHR");
  }
  if (platforms == NULL) {
    snprintf(text, sizeof text, "%s: it is neither a loader nor a driver of OpenCL 1.2", path);
    return text;
  }
  opencl_platform first = NULL;
  uint32_t count = 0;
  if (platforms(1, &first, &count) != OPENCL_SUCCESS || count == 0 || first == NULL) {
    snprintf(text, sizeof text, "%s: the driver has no device", path);
    return text;
  }
  void **table = *(void ***)first;
  for (int i = 0; i < call_count; i++) {
    if (table == NULL || table[calls[i].number] == NULL) {
      snprintf(text, sizeof text, "%s: the driver has no %s", path, calls[i].name);
      return text;
    }
    put(functions, i, table[calls[i].number]);
  }
  put(functions, 0, (void *)platforms);
  return NULL;
}

const char *opencl_open(const char *path, struct opencl_functions *functions) {
  // It stays open: drivers have threads of their own that outlive their last call.
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) {
    const char *reason = dlerror();
    snprintf(text, sizeof text, "%s", reason == NULL ? path : reason);
    return text;
  }
  for (int i = 0; i < call_count; i++) {
    void *call = dlsym(library, calls[i].name);
    if (call == NULL) return open_driver(library, path, functions);
    put(functions, i, call);
  }
  return NULL;
}

// Embeds the files of data/ with #embed. One line a file in the table at the end; nothing else to keep in step.
#include "resources.h"
#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char notice[] = {
#embed "data/README.md"
};

static const unsigned char mnist_train_images[] = {
#embed "data/mnist-train-images.gz"
};

static const unsigned char mnist_train_labels[] = {
#embed "data/mnist-train-labels.gz"
};

static const unsigned char mnist_test_images[] = {
#embed "data/mnist-test-images.gz"
};

static const unsigned char mnist_test_labels[] = {
#embed "data/mnist-test-labels.gz"
};

static const unsigned char svhn_train[] = {
#embed "data/svhn-train_32x32.mat"
};

static const unsigned char svhn_test[] = {
#embed "data/svhn-test_32x32.mat"
};

static const unsigned char svhn_notice[] = {
#embed "data/svhn.NOTICE.txt"
};

static const unsigned char dejavu_atlas[] = {
#embed "data/dejavu.atlas"
};

static const unsigned char dejavu_licence[] = {
#embed "data/dejavu.LICENSE.txt"
};

static const unsigned char page_explorer_html[] = {
#embed "data/explorer.html"
};

static const unsigned char page_explorer_css[] = {
#embed "data/explorer.css"
};

static const unsigned char page_explorer_js[] = {
#embed "data/explorer.js"
};

static const unsigned char page_network_js[] = {
#embed "data/network.js"
};

static const unsigned char gpu_common[] = {
#embed "data/gpu-common.cl"
};

static const unsigned char gpu_product[] = {
#embed "data/gpu-product.cl"
};

static const unsigned char gpu_maps[] = {
#embed "data/gpu-maps.cl"
};

static const struct {
  const char *name;
  const unsigned char *bytes;
  size_t count;
} table[] = {
    {"README.md", notice, sizeof notice},
    {"mnist-train-images.gz", mnist_train_images, sizeof mnist_train_images},
    {"mnist-train-labels.gz", mnist_train_labels, sizeof mnist_train_labels},
    {"mnist-test-images.gz", mnist_test_images, sizeof mnist_test_images},
    {"mnist-test-labels.gz", mnist_test_labels, sizeof mnist_test_labels},
    {"svhn-train_32x32.mat", svhn_train, sizeof svhn_train},
    {"svhn-test_32x32.mat", svhn_test, sizeof svhn_test},
    {"svhn.NOTICE.txt", svhn_notice, sizeof svhn_notice},
    {"dejavu.atlas", dejavu_atlas, sizeof dejavu_atlas},
    {"explorer.html", page_explorer_html, sizeof page_explorer_html},
    {"explorer.css", page_explorer_css, sizeof page_explorer_css},
    {"explorer.js", page_explorer_js, sizeof page_explorer_js},
    {"network.js", page_network_js, sizeof page_network_js},
    {"gpu-common.cl", gpu_common, sizeof gpu_common},
    {"gpu-product.cl", gpu_product, sizeof gpu_product},
    {"gpu-maps.cl", gpu_maps, sizeof gpu_maps},
    {"dejavu.LICENSE.txt", dejavu_licence, sizeof dejavu_licence},
};

const unsigned char *resource_bytes(const char *name, size_t *count) {
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
    if (strcmp(table[i].name, name) == 0) {
      *count = table[i].count;
      return table[i].bytes;
    }
  *count = 0;
  return NULL;
}

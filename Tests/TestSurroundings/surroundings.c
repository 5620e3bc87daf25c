// Gives the tests surroundings of their own before the first of them begins, so that they touch nothing of the user's,
// do not depend on what the environment or the user's folders hold, and can run twice at the same time: a temporary
// folder that is removed at the end, with the home, cache and state folders in it, no variables of bvae-script, and no
// proxy between the tests and the servers that they start. Programs that the tests start inherit all of it.

#define _GNU_SOURCE
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static char folder[PATH_MAX];
static pid_t owner;

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place) {
  (void)status, (void)kind, (void)place;
  remove(path);
  return 0;
}

static void remove_folder(void) {
  if (getpid() == owner) nftw(folder, remove_entry, 32, FTW_DEPTH | FTW_PHYS);
}

static void set_folder(const char *variable, const char *name) {
  char path[PATH_MAX + 32];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  mkdir(path, 0700);
  setenv(variable, path, 1);
}

// Variables that are meant for the tests themselves stay: BVAE_RECORD and BVAE_TEST_….
static int is_ours(const char *variable) {
  return strncmp(variable, "BVAE_", 5) == 0 && strncmp(variable, "BVAE_RECORD", 11) != 0
    && strncmp(variable, "BVAE_TEST_", 10) != 0;
}

__attribute__((constructor)) static void surround(void) {
  for (char **place = environ; *place;) {
    size_t length = strcspn(*place, "=");
    if (is_ours(*place) && length < 64) {
      char name[64] = {0};
      memcpy(name, *place, length);
      unsetenv(name);  // moves the variables behind it forward
    } else {
      place++;
    }
  }
  const char *proxies[] = {"http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"};
  for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++) unsetenv(proxies[i]);

  const char *base = getenv("TMPDIR");
  snprintf(folder, sizeof folder, "%s/bvae-script-tests-XXXXXX", base && *base ? base : "/tmp");
  if (!mkdtemp(folder)) {
    perror(folder);
    _exit(70);
  }
  owner = getpid();
  atexit(remove_folder);
  set_folder("TMPDIR", "temporary");
  set_folder("HOME", "home");
  set_folder("XDG_CACHE_HOME", "cache");
  set_folder("XDG_STATE_HOME", "state");
  set_folder("XDG_DATA_HOME", "data");
  set_folder("XDG_CONFIG_HOME", "config");
}

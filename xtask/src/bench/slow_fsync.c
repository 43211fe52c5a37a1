/* Makes every flush to the disk take 2 ms longer, as on a busy or a cheap one. Loaded in front of the C library by the
   measurement of group commit; never part of the product. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

static int late(const char *name, int file)
{
    int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    usleep(2000);
    return flush(file);
}

int fsync(int file) { return late("fsync", file); }

int fdatasync(int file) { return late("fdatasync", file); }

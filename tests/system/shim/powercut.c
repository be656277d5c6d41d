/* Writes down, in one order, what a process does to some files, and lets some of it fail. Preloaded by
 * tools/powercut.py, which also builds from the log the disk as a power cut could leave it.
 *
 *   record   op 1 | 0 1 | path length 2 | data length 4 | offset 8 | path | data      little-endian
 *   op       w write   s sync   f sync that failed   t truncate (offset: size)   r rename (data: new path)
 *            u unlink   d fsync of a folder
 *
 * A path is watched if it begins with POWERCUT_ROOT and what follows holds one of the words of POWERCUT_ONLY
 * (parted by ':'). A call is written down after it was done, and both happen under one lock; so what the log
 * calls synced is. Faults begin once the file POWERCUT_ARM exists, and end when it is gone:
 *   POWERCUT_EIO=n      every n-th sync fails       POWERCUT_ENOSPC=n   after n bytes nothing more is written
 *   POWERCUT_EXIT=n     the process ends before its n-th write
 * POWERCUT_DEAF=word    syncs of such files do nothing and say yes: a disk that lies, or `synchronous=OFF`
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

struct record { char op, zero; uint16_t path; uint32_t size; uint64_t offset; };

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
static long syncs, writes, written;

static int is_watched(const char *path) {
    const char *root = getenv("POWERCUT_ROOT"), *only = getenv("POWERCUT_ONLY");
    if (!root || !only || strncmp(path, root, strlen(root)) || strstr(path, "-shm")) return 0;
    char words[256], *rest;
    snprintf(words, sizeof words, "%s", only);
    for (char *word = strtok_r(words, ":", &rest); word; word = strtok_r(NULL, ":", &rest))
        if (strstr(path + strlen(root), word)) return 1;
    return 0;
}

static int path_of(int fd, char *path) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, PATH_MAX - 1);
    if (size <= 0) return 0;
    path[size] = 0;
    return is_watched(path);
}

static void note(char op, const char *path, uint64_t offset, const void *data, size_t size) {
    static int to = -1;
    struct record head = {op, 0, (uint16_t)strlen(path), (uint32_t)size, offset};
    size_t all = sizeof head + head.path + size;
    char *raw = malloc(all);
    if (to < 0) to = open(getenv("POWERCUT_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    memcpy(raw, &head, sizeof head);
    memcpy(raw + sizeof head, path, head.path);
    if (size) memcpy(raw + sizeof head + head.path, data, size);
    /* One write: a record of another process never stands inside it. */
    if (REAL(write)(to, raw, all) != (ssize_t)all) abort();
    free(raw);
}

static long limit(const char *name) {
    const char *arm = getenv("POWERCUT_ARM"), *text = getenv(name);
    return text && arm && !access(arm, F_OK) ? atol(text) : 0;
}

static ssize_t put(int fd, const void *data, size_t size, off64_t offset) {
    char path[PATH_MAX];
    int keeps = offset >= 0, watched = path_of(fd, path);
    if (!watched)
        return keeps ? REAL(pwrite64)(fd, data, size, offset) : REAL(write)(fd, data, size);
    pthread_mutex_lock(&one_at_a_time);
    long most = limit("POWERCUT_ENOSPC"), last = limit("POWERCUT_EXIT");
    if (last && ++writes >= last) _exit(9);
    if (most && (written += size) > most) {
        pthread_mutex_unlock(&one_at_a_time);
        errno = ENOSPC;
        return -1;
    }
    struct stat now = {0};
    if (!keeps) fstat(fd, &now);
    off64_t at = keeps ? offset : fcntl(fd, F_GETFL) & O_APPEND ? now.st_size : lseek64(fd, 0, SEEK_CUR);
    ssize_t done = keeps ? REAL(pwrite64)(fd, data, size, offset) : REAL(write)(fd, data, size);
    if (done > 0) note('w', path, (uint64_t)at, data, (size_t)done);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

static int flush(int fd, int (*real)(int)) {
    char path[PATH_MAX];
    struct stat now = {0};
    if (!path_of(fd, path) && !(fstat(fd, &now) == 0 && S_ISDIR(now.st_mode))) return real(fd);
    const char *deaf = getenv("POWERCUT_DEAF");
    if (deaf && strstr(path, deaf)) return 0;
    pthread_mutex_lock(&one_at_a_time);
    long each = limit("POWERCUT_EIO");
    int fails = each && ++syncs % each == 0;
    int done = fails ? -1 : real(fd);
    note(fails ? 'f' : S_ISDIR(now.st_mode) ? 'd' : 's', path, 0, NULL, 0);
    pthread_mutex_unlock(&one_at_a_time);
    if (fails) errno = EIO;
    return done;
}

ssize_t write(int fd, const void *data, size_t size) { return put(fd, data, size, -1); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return put(fd, data, size, at); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return put(fd, data, size, at); }
int fsync(int fd) { return flush(fd, REAL(fsync)); }
int fdatasync(int fd) { return flush(fd, REAL(fdatasync)); }

static int change(char op, const char *path, const char *other, uint64_t size, int done) {
    if (done == 0 && is_watched(path)) note(op, path, size, other, other ? strlen(other) : 0);
    pthread_mutex_unlock(&one_at_a_time);
    return done;
}

int ftruncate64(int fd, off64_t size) {
    char path[PATH_MAX] = "";
    path_of(fd, path);
    pthread_mutex_lock(&one_at_a_time);
    return change('t', path, NULL, (uint64_t)size, REAL(ftruncate64)(fd, size));
}
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int unlink(const char *path) {
    pthread_mutex_lock(&one_at_a_time);
    return change('u', path, NULL, 0, REAL(unlink)(path));
}
int rename(const char *path, const char *other) {
    pthread_mutex_lock(&one_at_a_time);
    return change('r', path, other, 0, REAL(rename)(path, other));
}

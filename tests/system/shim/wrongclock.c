/* A wall clock that is wrong: by WRONGCLOCK_SECONDS, and WRONGCLOCK_RATE times as fast from 2026 on. What measures
 * spans of waiting (CLOCK_MONOTONIC) stays. Debian's libfaketime moves absolute sleeps of that clock along with the
 * wall clock, so that a program which waits, as Python's does, ends with EINVAL. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static const double begin = 1790000000;

static double wrong(double now) {
    const char *seconds = getenv("WRONGCLOCK_SECONDS"), *rate = getenv("WRONGCLOCK_RATE");
    return begin + (now - begin) * (rate ? atof(rate) : 1) + (seconds ? atof(seconds) : 0);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int done = ((__typeof__(&clock_gettime))dlsym(RTLD_NEXT, "clock_gettime"))(clock, now);
    if (done == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        double moved = wrong((double)now->tv_sec + (double)now->tv_nsec / 1e9);
        now->tv_sec = (time_t)moved;
        now->tv_nsec = (long)((moved - (double)now->tv_sec) * 1e9);
    }
    return done;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec moved;
    (void)zone;
    int done = clock_gettime(CLOCK_REALTIME, &moved);
    now->tv_sec = moved.tv_sec;
    now->tv_usec = moved.tv_nsec / 1000;
    return done;
}

time_t time(time_t *kept) {
    struct timespec moved;
    clock_gettime(CLOCK_REALTIME, &moved);
    if (kept) *kept = moved.tv_sec;
    return moved.tv_sec;
}

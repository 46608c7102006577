// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/thread_time.h"

#include <chrono>
#include <ctime>

namespace cohelix::base {
namespace {

double wallSeconds() {
    const std::chrono::duration<double> now = std::chrono::steady_clock::now().time_since_epoch();
    return now.count();
}

#ifdef CLOCK_THREAD_CPUTIME_ID
double secondsOf(clockid_t clock) {
    timespec time{};
    if (clock_gettime(clock, &time) != 0) return wallSeconds();
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}
#endif

}  // namespace

#ifdef CLOCK_THREAD_CPUTIME_ID
double threadSeconds() { return secondsOf(CLOCK_THREAD_CPUTIME_ID); }
double processSeconds() { return secondsOf(CLOCK_PROCESS_CPUTIME_ID); }
#else
double threadSeconds() { return wallSeconds(); }
double processSeconds() { return wallSeconds(); }
#endif

}  // namespace cohelix::base

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/thread_time.h"

#include <chrono>
#include <ctime>

namespace cohelix::base {

double threadSeconds() {
#ifdef CLOCK_THREAD_CPUTIME_ID
    timespec time{};
    if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0) {
        return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
    }
#endif
    const std::chrono::duration<double> now = std::chrono::steady_clock::now().time_since_epoch();
    return now.count();
}

}  // namespace cohelix::base

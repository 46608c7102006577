// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A true front computed on a thread of its own. It touches no project file: what it finds goes to
// whoever asked, who keeps it.

#include <atomic>
#include <functional>
#include <thread>

#include "core/tables/reference_front.h"

namespace cohelix::run {

class FrontJob {
public:
    /// Called on the job's threads, at most a hundred times, and none after `done`.
    using Progress = std::function<void(double share)>;
    /// Called once, on the job's thread, as its last act.
    using Done = std::function<void(base::Result<store::ReferenceFront>)>;

    /// Starts at once. `threads` as of base::Executor. Where the system starts no thread `done` is
    /// called from here, with the error.
    FrontJob(tables::FrontRequest request, int threads, Progress progress, Done done);
    /// Cancels and waits for the end.
    ~FrontJob();
    FrontJob(const FrontJob&) = delete;
    FrontJob& operator=(const FrontJob&) = delete;

    /// Ends the computation at its next step; `done` then gets an Error. Returns at once.
    void cancel() { m_cancelled = true; }
    bool cancelled() const { return m_cancelled; }

private:
    void work(const tables::FrontRequest& request, int threads, const Progress& progress,
              const Done& done);

    std::atomic<bool> m_cancelled = false;
    std::thread m_thread;  // last: it uses all of the above
};

}  // namespace cohelix::run

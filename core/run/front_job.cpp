// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/front_job.h"

#include <system_error>

#include "core/base/platform/process.h"

namespace cohelix::run {
namespace {

/// What a library throws stops here, at the thread's edge.
base::Result<store::ReferenceFront> computed(const tables::FrontRequest& request, int threads,
                                             const tables::Watch& watch) {
    try {
        platform::lowerThreadPriority();
        base::Executor executor(threads);
        return tables::computeReference(request, executor, watch);
    } catch (const std::exception& problem) {
        return base::Error{request.table, problem.what(),
                           "Close other programs, or take a smaller accelerator space"};
    }
}

}  // namespace

FrontJob::FrontJob(tables::FrontRequest request, int threads, Progress progress, Done done) {
    try {
        m_thread = std::thread([this, request, threads, progress = std::move(progress), done] {
            work(request, threads, progress, done);
        });
    } catch (const std::system_error& problem) {
        done(base::Error{request.table,
                         std::string("no thread could be started: ") + problem.what(),
                         "Close other programs and try again"});
    }
}

FrontJob::~FrontJob() {
    cancel();
    if (m_thread.joinable()) m_thread.join();
}

void FrontJob::work(const tables::FrontRequest& request, int threads, const Progress& progress,
                    const Done& done) {
    std::atomic<int> reported = 0;
    const auto watch = [&](double share) {
        const int percent = static_cast<int>(share * 100);
        int last = reported;
        while (percent > last && !reported.compare_exchange_weak(last, percent)) {
        }
        if (percent > last) progress(share);
        return !m_cancelled;
    };
    done(computed(request, threads, watch));
}

}  // namespace cohelix::run

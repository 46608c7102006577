// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Training from scratch of several networks at once, one thread each. A network's result depends on
// its own steps alone, so it does not matter how many are trained side by side or how their steps
// interleave.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/executor.h"
#include "core/base/json.h"
#include "core/base/result.h"
#include "core/learn/learn.h"

namespace cohelix::search {

struct TrainedNetwork {
    std::size_t job = 0;
    double validationAccuracy = 0;  ///< 0..1
    double testAccuracy = 0;        ///< 0..1
    learn::TrainedWeights weights;
};

class FinalTraining {
public:
    /// Makes the trainer of one job; called when the job starts.
    using MakeTrainer =
        std::function<base::Result<std::unique_ptr<learn::Trainer>>(std::size_t job)>;

    FinalTraining(std::size_t jobs, MakeTrainer makeTrainer, base::Executor& executor);

    struct Slice {
        std::vector<TrainedNetwork> finished;
        std::int64_t steps = 0;  ///< done in this slice, over all jobs
        double loss = 0;         ///< of the last step of the first active job
    };
    /// Trains the first unfinished jobs, one per thread, for a fraction of a second.
    base::Result<Slice> advance();
    bool done() const;
    std::size_t finishedJobs() const;
    /// Steps done by the jobs that are being trained now, and the steps of one whole job.
    std::int64_t activeSteps() const;

    base::Json save() const;
    base::Result<void> restore(const base::Json& json);

private:
    struct Job {
        std::unique_ptr<learn::Trainer> trainer;  ///< only while active
        bool finished = false;
    };
    base::Result<void> start(std::size_t job);

    std::vector<Job> m_jobs;
    MakeTrainer m_makeTrainer;
    base::Executor& m_executor;
};

}  // namespace cohelix::search

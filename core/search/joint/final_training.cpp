// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/joint/final_training.h"

#include <algorithm>
#include <chrono>

namespace cohelix::search {
namespace {

constexpr std::chrono::milliseconds kSlice{250};

/// One job's part of a slice, worked off on one thread.
struct Part {
    std::size_t job = 0;
    std::int64_t steps = 0;
    double loss = 0;
    std::optional<base::Error> error;
    std::optional<TrainedNetwork> trained;
};

void trainFor(learn::Trainer& trainer, std::chrono::milliseconds time, Part& part) {
    const auto start = std::chrono::steady_clock::now();
    while (trainer.stepsDone() < trainer.steps() &&
           std::chrono::steady_clock::now() - start < time) {
        const auto result = trainer.step();
        if (!result) {
            part.error = result.error();
            return;
        }
        part.loss = result->loss;
        ++part.steps;
    }
    if (trainer.stepsDone() == trainer.steps()) {
        part.trained = TrainedNetwork{part.job, trainer.validationAccuracy(),
                                      trainer.testAccuracy(), trainer.weights()};
    }
}

}  // namespace

FinalTraining::FinalTraining(std::size_t jobs, MakeTrainer makeTrainer, base::Executor& executor)
    : m_jobs(jobs), m_makeTrainer(std::move(makeTrainer)), m_executor(executor) {}

base::Result<void> FinalTraining::start(std::size_t job) {
    if (m_jobs[job].trainer) return {};
    auto trainer = m_makeTrainer(job);
    if (!trainer) return trainer.error();
    m_jobs[job].trainer = std::move(*trainer);
    return {};
}

base::Result<FinalTraining::Slice> FinalTraining::advance() {
    std::vector<Part> parts;
    for (std::size_t job = 0; job < m_jobs.size(); ++job) {
        if (m_jobs[job].finished) continue;
        if (static_cast<int>(parts.size()) == m_executor.threads()) break;
        if (auto started = start(job); !started) return started.error();
        parts.push_back({.job = job, .error = {}, .trained = {}});
    }
    m_executor.forEach(parts.size(), [&](std::size_t i) {
        trainFor(*m_jobs[parts[i].job].trainer, kSlice, parts[i]);
    });
    Slice slice;
    for (auto& part : parts) {
        if (part.error) return *part.error;
        slice.steps += part.steps;
        if (slice.loss == 0) slice.loss = part.loss;
        if (!part.trained) continue;
        slice.finished.push_back(std::move(*part.trained));
        m_jobs[part.job] = {nullptr, true};
    }
    return slice;
}

bool FinalTraining::done() const { return finishedJobs() == m_jobs.size(); }

std::size_t FinalTraining::finishedJobs() const {
    return static_cast<std::size_t>(
        std::count_if(m_jobs.begin(), m_jobs.end(), [](const Job& job) { return job.finished; }));
}

std::int64_t FinalTraining::activeSteps() const {
    std::int64_t steps = 0;
    for (const auto& job : m_jobs) {
        if (job.trainer) steps += job.trainer->stepsDone();
    }
    return steps;
}

base::Json FinalTraining::save() const {
    base::Json json = base::Json::array();
    for (const auto& job : m_jobs) {
        base::Json entry = {{"finished", job.finished}};
        if (job.trainer) entry["trainer"] = base::Json::binary(job.trainer->save());
        json.push_back(std::move(entry));
    }
    return json;
}

base::Result<void> FinalTraining::restore(const base::Json& json) {
    for (std::size_t job = 0; job < m_jobs.size(); ++job) {
        const auto& entry = json.at(job);
        m_jobs[job].finished = entry.at("finished").get<bool>();
        m_jobs[job].trainer.reset();
        if (!entry.contains("trainer")) continue;
        if (auto started = start(job); !started) return started.error();
        const auto& bytes = entry["trainer"].get_binary();
        if (auto restored = m_jobs[job].trainer->restore(bytes); !restored) return restored;
    }
    return {};
}

}  // namespace cohelix::search

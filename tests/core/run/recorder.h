// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What tests of whole runs share: a listener that remembers, and a small search on real images.

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/units.h"
#include "core/learn/learn.h"
#include "core/run/session.h"

#include "tests/support/small_data.h"
#include "tests/support/training.h"

namespace cohelix::run {

/// Remembers what it was told.
class Recorder final : public Listener {
public:
    void progressed(const Progress& progress) override {
        const std::lock_guard lock(m_mutex);
        m_progress.push_back(progress);
        m_changed.notify_all();
    }
    void designsChanged(std::int64_t, const std::vector<store::DesignRow>& rows) override {
        const std::lock_guard lock(m_mutex);
        for (const auto& row : rows) m_rows[row.id] = row;
        m_changed.notify_all();
    }
    void runChanged(const store::RunRow& row) override {
        const std::lock_guard lock(m_mutex);
        m_states.push_back(row.state);
        m_changed.notify_all();
    }
    void logged(const store::Event& event) override {
        const std::lock_guard lock(m_mutex);
        m_log += event.kind + ": " + event.text + "\n";
        if (event.time.empty()) m_timeless += event.text + "\n";
    }
    void steered(std::int64_t, const std::vector<store::SteeringRow>& changes) override {
        const std::lock_guard lock(m_mutex);
        m_steering = changes;
        m_changed.notify_all();
    }

    template <typename Condition>
    bool waitUntil(const Condition& condition) {
        std::unique_lock lock(m_mutex);
        return m_changed.wait_for(lock, std::chrono::seconds(120),
                                  [&] { return condition(*this); });
    }

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<Progress> m_progress;
    std::map<std::int64_t, store::DesignRow> m_rows;
    std::vector<store::RunState> m_states;
    std::vector<store::SteeringRow> m_steering;
    std::string m_log;
    std::string m_timeless;  ///< texts of events without a time
};

class SessionTest : public testing::Test {
protected:
    void SetUp() override {
        COHELIX_NEEDS_TRAINING();
        auto spec = test::smallSpecification(m_folder.path());
        if (!spec) GTEST_SKIP() << "NOT CHECKED: Fashion-MNIST is not installed";
        m_spec = *spec;
    }
    std::string file(const std::string& name) const { return (m_folder / name).string(); }

    static std::vector<store::DesignRow> designsOf(Session& session,
                                                   std::optional<std::int64_t> run = {}) {
        std::vector<store::DesignRow> rows;
        session.call([&](store::Project& project) { rows = project.designs(run).value(); });
        return rows;
    }
    /// Rows as text with all digits, without what tells runs and files apart.
    static std::vector<std::string> lines(const std::vector<store::DesignRow>& rows) {
        std::vector<std::string> out;
        for (const auto& row : rows) {
            out.push_back(keyOf(row.choices) + " " + base::exact(row.accuracy) + " " +
                          base::exact(row.supernetAccuracy.value_or(-1)) + " " +
                          base::exact(row.fps) + " " + base::exact(row.energyMj) +
                          (row.within ? "" : " beyond") + (row.front ? " front" : ""));
        }
        return out;
    }
    static std::vector<store::SteeringRow> steeringOf(Session& session, std::int64_t run) {
        std::vector<store::SteeringRow> rows;
        session.call([&](store::Project& project) { rows = project.steering(run).value(); });
        return rows;
    }

    test::TemporaryFolder m_folder;
    spec::Specification m_spec;
    std::shared_ptr<Recorder> m_recorder = std::make_shared<Recorder>();
};

}  // namespace cohelix::run

// SPDX-License-Identifier: GPL-3.0-or-later
// How a running search is steered: changes wait until a step has ended, are held against what is in
// force, and are written at once. While steps are repeated that were done before, the changes made
// then come first, each before its step; what is asked for waits until they are done.
#include <algorithm>
#include <iterator>

#include "core/base/units.h"
#include "core/run/job.h"
#include "core/search/accelerator/feasibility.h"

namespace cohelix::run {

using base::Error;
using base::Result;
using store::SteeringRow;
using store::SteeringState;

Result<void> Job::steer(const spec::Change& change) {
    auto inForce = spec::asSpecified(m_specification);
    if (auto fits = spec::apply(change, inForce); !fits) return fits;
    if (auto fits = search::checkResources(inForce.specification); !fits) return fits;
    {
        const std::lock_guard lock(m_mutex);
        if (m_ended) return Error{m_row.name, "the run has ended", "Start another one"};
        m_asked.push_back(change);
    }
    m_changed.notify_all();
    return {};
}

std::vector<SteeringRow> Job::dueChanges() {
    std::vector<SteeringRow> due;
    while (!m_plan.empty() && m_plan.front().step <= m_steps) {
        due.push_back(std::move(m_plan.front()));
        m_plan.pop_front();
    }
    if (m_steps < m_reached) return due;
    const std::lock_guard lock(m_mutex);
    for (auto& change : m_asked) {
        SteeringRow row;
        row.step = m_steps;
        row.change = std::move(change);
        due.push_back(std::move(row));
    }
    m_asked.clear();
    return due;
}

void Job::settle(search::CoSearch& search, SteeringRow& row) {
    const auto text = toText(row.change, m_specification);
    const auto applied = search.steer(row.change);
    row.state = applied ? SteeringState::Applied : SteeringState::Refused;
    if (applied) return log("info", "From step " + base::grouped(m_steps) + ": " + text);
    row.message = base::toText(applied.error());
    log("warning", "Not steered (" + text + "): " + row.message);
}

Result<void> Job::repeat(search::CoSearch& search, const SteeringRow& row) {
    const auto applied = search.steer(row.change);
    if (applied) return {};
    m_stuck = true;
    return Error{"run " + std::to_string(m_row.id),
                 "the change made before step " + base::grouped(row.step) +
                     " cannot be repeated: " + applied.error().what,
                 "Start a new run"};
}

Result<void> Job::steerNow(search::CoSearch& search) {
    std::vector<SteeringRow> settled;
    for (auto& row : dueChanges()) {
        if (row.state == SteeringState::Applied) {
            if (auto repeated = repeat(search, row); !repeated) return repeated;
            continue;
        }
        settle(search, row);
        settled.push_back(std::move(row));
    }
    if (settled.empty()) return {};
    return commit(search, Saving::WhenDue, std::move(settled));
}

Result<void> Job::review() {
    std::vector<store::DesignRow> rows;
    std::vector<SteeringRow> changes;
    const auto read = inFile([&](store::Project& project) -> Result<void> {
        auto designs = project.designs(m_row.id);
        if (!designs) return designs.error();
        auto steering = project.steering(m_row.id);
        if (!steering) return steering.error();
        rows = std::move(*designs);
        changes = std::move(*steering);
        return {};
    });
    if (!read) return read;
    std::vector<store::DesignRow> moved;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i >= m_rows.size() || rows[i].within != m_rows[i].within ||
            rows[i].front != m_rows[i].front) {
            moved.push_back(rows[i]);
        }
    }
    m_rows = std::move(rows);
    if (!moved.empty()) m_listener->designsChanged(m_row.id, moved);
    m_listener->steered(m_row.id, changes);
    return {};
}

std::vector<SteeringRow> Job::unreached() {
    std::vector<SteeringRow> rows;
    std::ranges::copy_if(m_plan, std::back_inserter(rows),
                         [](const auto& row) { return row.state == SteeringState::Planned; });
    m_plan.clear();
    for (auto& row : rows) {
        row.state = SteeringState::Refused;
        row.message = "the search ended before step " + base::grouped(row.step);
        log("warning", "Not steered (" + toText(row.change, m_specification) + "): " + row.message);
    }
    return rows;
}

void Job::refuseAsked(const std::vector<spec::Change>& asked) {
    for (const auto& change : asked) {
        log("warning", "Not steered (" + toText(change, m_specification) + "): the run has ended");
    }
}

}  // namespace cohelix::run

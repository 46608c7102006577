// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/names.h"

#include <array>

#include "core/store/sql.h"

namespace cohelix::store {
namespace {

constexpr std::array<std::string_view, 6> kRunStates = {"running",     "paused",   "stopped",
                                                        "interrupted", "finished", "failed"};
constexpr std::array<std::string_view, 3> kDesignStates = {"estimated", "training", "trained"};

constexpr std::array<std::string_view, 3> kSteeringStates = {"planned", "applied", "refused"};

template <typename State, std::size_t count>
State stateFrom(const std::array<std::string_view, count>& names, const std::string& name) {
    for (std::size_t i = 0; i < count; ++i) {
        if (names[i] == name) return static_cast<State>(i);
    }
    throw Refusal{damagedError({}, "unknown state '" + name.substr(0, 40) + "'")};
}

}  // namespace

std::string_view runStateName(RunState state) {
    return kRunStates[static_cast<std::size_t>(state)];
}

std::string_view designStateName(DesignState state) {
    return kDesignStates[static_cast<std::size_t>(state)];
}

std::string_view steeringStateName(SteeringState state) {
    return kSteeringStates[static_cast<std::size_t>(state)];
}

SteeringState steeringStateFrom(const std::string& name) {
    return stateFrom<SteeringState>(kSteeringStates, name);
}

RunState runStateFrom(const std::string& name) { return stateFrom<RunState>(kRunStates, name); }

DesignState designStateFrom(const std::string& name) {
    return stateFrom<DesignState>(kDesignStates, name);
}

model::AccuracyGrade gradeFrom(const std::string& name) {
    if (const auto grade = model::gradeFromName(name)) return *grade;
    throw Refusal{damagedError({}, "unknown accuracy grade '" + name.substr(0, 40) + "'")};
}

}  // namespace cohelix::store

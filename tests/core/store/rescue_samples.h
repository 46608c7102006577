// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A project with something in every table, to be damaged, and what damage does to its bytes.

#include <optional>
#include <string>

#include "core/base/random.h"

#include "samples.h"

namespace cohelix::store::samples {

constexpr int kDesignsOfFirst = 60;      ///< of run 1
constexpr int kDesigns = 80;             ///< of both runs; design i + 1 is design(i)
constexpr int kTrained[] = {3, 17, 66};  ///< numbers of designs, not ids

// Several pages each.
constexpr std::size_t kStateBytes = 14'000;
constexpr std::size_t kWeightBytes = 9'000;

/// A cost that fits the design: the samples' own is of another network.
inline model::DesignCost fittingCost(int number) {
    const auto spec = specification();
    const auto row = design(number).row;
    const auto network = spec::buildNetwork(spec.network, row.choices.network);
    const auto allocation =
        hardware::allocateLayers(spec.accelerator, row.choices.accelerator, network);
    auto whole = cost(number);
    const auto layer = whole.layers.front();
    whole.layers.assign(network.layers.size(), layer);
    for (auto& chunk : whole.chunks) chunk.layers = 0;
    for (std::size_t i = 0; i < allocation.size(); ++i) {
        whole.layers[i].chunk = allocation[i];
        ++whole.chunks[static_cast<std::size_t>(allocation[i])].layers;
    }
    whole.model = model::costModelName(spec.accelerator.kind, spec.accelerator.fpgaModel,
                                       spec.accelerator.technology);
    return whole;
}

inline DesignRecord fittingDesign(int number) {
    auto record = design(number);
    record.cost = fittingCost(number);
    if (std::ranges::find(kTrained, number) != std::end(kTrained)) {
        record.row.state = DesignState::Trained;
        record.row.grade = model::AccuracyGrade::TrainedFromScratch;
        record.row.accuracy = 0.9;
    }
    return record;
}

inline ReferenceFront smallFront() {
    ReferenceFront front;
    front.programVersion = "0.1.0";
    front.networkSpace = "nasbench-macro";
    front.source = "a table";
    front.network = spaceText(specification().network);
    front.acceleratorSpace = "wide";
    front.accelerator = spaceText(specification().accelerator);
    front.limits.dsp = 900;
    front.limits.bram18k = 700;
    for (int i = 0; i < 5; ++i) {
        front.designs.push_back(
            {{10, 20}, std::to_string(i), {i, 1, 2}, 100.0 + i, 0.9 - 0.01 * i});
    }
    return front;
}

inline Commit commitOf(std::int64_t run, int from, int to) {
    Commit commit;
    commit.run = run;
    for (int i = from; i < to; ++i) commit.designs.push_back(fittingDesign(i));
    commit.checkpoint = Checkpoint{5, std::vector<std::uint8_t>(kStateBytes, 7)};
    for (int i = 0; i < 20; ++i) commit.events.push_back({0, 0, {}, "info", "step"});
    SteeringRow change;
    change.step = 3;
    change.change = spec::MoveLimit{spec::LimitKind::Dsp, 800};
    change.state = SteeringState::Applied;
    commit.steering = {change};
    commit.reached = 7;
    return commit;
}

/// Two runs of two specifications, with all that a project can hold.
inline void makeFullProject(const std::string& path) {
    const auto project = created(path);
    ASSERT_TRUE(project->commit(commitOf(startedRun(*project), 0, kDesignsOfFirst)));
    auto other = specification();
    other.name = "another search";
    RunRow second;
    second.revision = project->addRevision(other).value();
    second.name = "second";
    const auto run = project->addRun(second).value();
    ASSERT_TRUE(project->commit(commitOf(run, kDesignsOfFirst, kDesigns)));
    for (const int number : kTrained) {
        const Artifact weights{"weights", std::vector<std::uint8_t>(kWeightBytes, 9)};
        ASSERT_TRUE(project->putArtifact(number + 1, weights));
    }
    ASSERT_TRUE(project->putReferenceFront(smallFront()));
}

/// Two pages that have changed places, or one that stands in two places: what a copy that went
/// wrong does. `gone`: the page that is nowhere any more, or none.
struct Misplaced {
    std::string bytes;
    std::optional<std::size_t> gone;
};

inline Misplaced misplaced(std::string bytes, bool isCopy, base::Random& random) {
    constexpr std::size_t kPage = 4096;
    const auto to = random.below(bytes.size() / kPage);
    const auto from = random.below(bytes.size() / kPage);
    const auto before = bytes.substr(to * kPage, kPage);
    bytes.replace(to * kPage, kPage, bytes.substr(from * kPage, kPage));
    if (isCopy) return {bytes, from == to ? std::nullopt : std::optional(to)};
    bytes.replace(from * kPage, kPage, before);
    return {bytes, std::nullopt};
}

/// Pages of random bytes or parts of them, single bits, a cut: any of what disks and copies do.
inline std::string damaged(std::string bytes, base::Random& random) {
    const auto kind = random.below(4);
    for (auto places = 1 + random.below(kind == 0 ? 40 : 6); kind < 3 && places > 0; --places) {
        const auto at = random.below(bytes.size());
        if (kind == 0) {
            bytes[at] = static_cast<char>(bytes[at] ^ 1 << random.below(8));
            continue;
        }
        const auto from = kind == 1 ? at / 4096 * 4096 : at;
        const auto count = kind == 1 ? 4096 : 16 + random.below(64);
        for (auto i = from; i < std::min(from + count, bytes.size()); ++i) {
            bytes[i] = static_cast<char>(random.next());
        }
    }
    if (kind == 3 || random.below(5) == 0) bytes.resize(random.below(bytes.size()));
    return bytes;
}

}  // namespace cohelix::store::samples

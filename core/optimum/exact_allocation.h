// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The best accelerator of groups of chunks for a network, proven, where the allocation is searched:
// over all contiguous splits of the network's blocks into 1 to so many groups, and all
// configurations of each group's standard and depthwise chunk. Each run of blocks is a chunk's work
// of its own (chunk_table), and a path over the runs from the first block to the last is an
// allocation: paths are extended block by block, and of those to the same block with as many groups
// only those stay that no other beats in DSPs and block RAM.

#include <optional>
#include <span>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/hardware/accelerator_space.h"
#include "core/model/network.h"
#include "core/optimum/chunk_table.h"
#include "core/optimum/exact_accelerator.h"

namespace cohelix::optimum {

class ExactAllocations {
public:
    /// Prices all configurations of both chunks for the network's layers, and each run of its
    /// blocks. Errors: a space whose allocation is not searched, that is for another number of
    /// blocks, or whose DRAM is shared.
    static base::Result<ExactAllocations> create(const hardware::AcceleratorSpace& space,
                                                 const model::Network& network,
                                                 const model::Resources& limits,
                                                 base::Executor* executor = nullptr);

    /// The shortest period within the limits, of at most so many groups; of equal ones the fewest
    /// DSPs, then the least block RAM. Nothing when no accelerator keeps the limits. `rows` of the
    /// result are empty.
    std::optional<ProvenAccelerator> best(int mostGroups) const;
    /// The same with as many groups as the space allows.
    std::optional<ProvenAccelerator> best() const { return best(m_space.searched->mostGroups); }
    /// Every accelerator that no other beats in period and DSPs, by ascending period.
    std::vector<ProvenAccelerator> periodAgainstDsp() const;

    /// Configuration and layer pairs priced.
    std::int64_t evaluations() const { return m_evaluations; }

private:
    static constexpr std::size_t kRoles = 2;
    /// What is left of both chunks of a group for one run of blocks.
    struct Run {
        std::array<std::vector<ChunkOption>, kRoles> fronts;  ///< in the order of the space's pair
    };
    /// A way to give the first blocks to groups.
    struct Path : model::Resources {
        double latency = 0;
        std::size_t start = 0;   ///< block at which the last group begins
        std::size_t before = 0;  ///< index among the paths to that block with one group less
        std::array<std::size_t, kRoles> options = {};  ///< of the last group, into its run's fronts
    };
    using Paths = std::vector<Path>;

    ExactAllocations(const hardware::AcceleratorSpace& space, const model::Resources& limits);
    void price(const model::Network& network, base::Executor* executor);
    const Run& run(std::size_t first, std::size_t end) const;
    std::vector<double> periods() const;
    Paths groupsWithin(const Run& run, double period) const;
    std::optional<ProvenAccelerator> within(double period, int mostGroups) const;
    ProvenAccelerator traced(const std::vector<std::vector<Paths>>& paths, std::size_t groups,
                             std::size_t index) const;

    hardware::AcceleratorSpace m_space;
    model::Resources m_limits;
    std::size_t m_blocks = 0;
    std::vector<ChunkTable> m_tables;  ///< of both chunks
    std::vector<Run> m_runs;           ///< by first block and last block
    std::vector<double> m_periods;     ///< that a chunk can take, ascending
    std::int64_t m_evaluations = 0;
};

}  // namespace cohelix::optimum

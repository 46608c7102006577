// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The best accelerator of the multi-chunk FPGA template for a network, proven: no other choice of
// all chunks' tiles, parallelism and precision within the limits is better. It can be had because
// the space falls apart: the chunks share nothing but the DSPs and block RAM that they add up to,
// the period is that of the slowest, and what a chunk costs is a sum (time) and a maximum
// (resources) over its layers. So each chunk is searched on its own and completely (chunk_table),
// and only what is left of each is combined (combine).

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/model/network.h"
#include "core/optimum/chunk_table.h"
#include "core/optimum/combine.h"
#include "core/space/accelerator_space.h"

namespace cohelix::optimum {

/// What is to be made small. With one board power, energy is the period and EDP the period times
/// the latency.
enum class Aim : std::uint8_t { Period, Latency, PeriodTimesLatency };

struct ProvenAccelerator {
    std::vector<int> choices;  ///< canonical, of space::acceleratorChoices
    double periodCycles = 0;
    double latencyCycles = 0;
    double dsp = 0;
    double bram18k = 0;
    std::vector<std::size_t> rows;  ///< of each chunk's table; good until the next prepare()
};

class ExactAccelerators {
public:
    /// Error: a space that does not fall apart (the loop-nest template, whose chunks share a
    /// budget): only a bound could be given there. The executor, if any, is held and used by
    /// prepare() alone.
    static base::Result<ExactAccelerators> create(const space::AcceleratorSpace& space,
                                                  const ResourceLimits& limits,
                                                  base::Executor* executor = nullptr);

    /// Prices all configurations for the layers of these networks; the work is shared by all
    /// networks made of such layers. Not while best() runs on another thread.
    void prepare(std::span<const model::Network> networks);

    /// The best accelerator for the network; nothing when none keeps the limits. Of equally good
    /// ones that of the fewest DSPs and then the least block RAM. Layers not seen before are
    /// prepared first; else callable from several threads.
    std::optional<ProvenAccelerator> best(const model::Network& network, Aim aim);
    /// Every accelerator that no other beats in period and DSPs, by ascending period.
    std::vector<ProvenAccelerator> periodAgainstDsp(const model::Network& network);

    /// What the accelerator of these rows costs with another network; resources are those that
    /// this network's layers need.
    ProvenAccelerator price(const model::Network& network, std::span<const std::size_t> rows);

    /// Configuration and layer pairs priced so far.
    std::int64_t evaluations() const { return m_evaluations; }
    /// Configurations left in each chunk's table.
    std::vector<std::size_t> tableRows() const;

private:
    using Counts = std::vector<int>;          ///< layers of each column of a chunk
    using Front = std::vector<ChunkOption>;
    struct Chunk {
        std::vector<model::Layer> layers;     ///< one of each shape seen
        std::optional<ChunkTable> table;
        std::map<Counts, Front> fronts;       ///< guarded by m_mutex
    };

    ExactAccelerators(const space::AcceleratorSpace& space, const ResourceLimits& limits,
                      base::Executor* executor);
    std::vector<std::vector<model::Layer>> layersByChunk(const model::Network& network) const;
    std::vector<Counts> countsOf(const model::Network& network);
    std::vector<Front> frontsOf(const model::Network& network);
    ProvenAccelerator proven(const Combination& found, const std::vector<Front>& fronts) const;

    space::AcceleratorSpace m_space;
    ResourceLimits m_limits;
    base::Executor* m_executor = nullptr;
    std::vector<Chunk> m_chunks;
    std::int64_t m_evaluations = 0;
    std::unique_ptr<std::mutex> m_mutex = std::make_unique<std::mutex>();
};

}  // namespace cohelix::optimum

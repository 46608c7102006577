// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The best accelerator of the multi-chunk FPGA template for a network, proven: no other choice of
// all chunks' tiles, parallelism and precision within the limits is better. It can be had because
// the space falls apart: the chunks share nothing but the DSPs and block RAM that they add up to,
// the period is that of the slowest, and what a chunk costs is a sum (time) and a maximum
// (resources) over its layers. So each chunk is searched on its own and completely (chunk_table),
// and only what is left of each is combined (combine).

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/hardware/accelerator_space.h"
#include "core/model/network.h"
#include "core/optimum/chunk_table.h"
#include "core/optimum/combine.h"

namespace cohelix::optimum {

/// What is to be made small. With one board power, energy is the period and EDP the period times
/// the latency.
enum class Aim : std::uint8_t { Period, Latency, PeriodTimesLatency };

struct ProvenAccelerator : model::Resources {
    std::vector<int> choices;  ///< canonical, of hardware::acceleratorChoices
    double periodCycles = 0;
    double latencyCycles = 0;
    std::vector<std::size_t> rows;  ///< of each chunk's table; good until the next prepare()
};

/// What a network asks of each chunk: how many layers of every shape its table knows, by column.
using Load = std::vector<std::vector<int>>;

/// A network's layers on each chunk, as the space's form of the model counts them; without those
/// that cost nothing. The space allocates by rules.
std::vector<std::vector<model::Layer>> layersByChunk(const hardware::AcceleratorSpace& space,
                                                     const model::Network& network);

/// Configurations of a chunk in the place of all that the space has; every loop tile within its
/// buffer tile, every value one of the space.
using Restriction = std::function<std::vector<model::PipelineChunk>(
    const hardware::PipelineChunkSpace&, std::vector<model::PipelineChunk>)>;

class ExactAccelerators {
public:
    /// Error: a space that does not fall apart. Chunks of the loop-nest template share a budget;
    /// where chunks share DRAM, shared_dram.h gives a bound; where the allocation is searched,
    /// exact_allocation.h proves it. The executor, if any, is held and used by prepare() alone.
    static base::Result<ExactAccelerators> create(const hardware::AcceleratorSpace& space,
                                                  const model::Resources& limits,
                                                  base::Executor* executor = nullptr,
                                                  Restriction restriction = {});

    /// Prices all configurations for the layers of these networks; the work is shared by all
    /// networks made of such layers. Makes earlier loads and rows worthless. Not while another
    /// thread is in this object.
    void prepare(std::span<const model::Network> networks);
    /// The load of a network all of whose layers are prepared; else nothing.
    std::optional<Load> loadOf(const model::Network& network) const;

    /// The best accelerator for the load; nothing when none keeps the limits. Of equally good ones
    /// that of the fewest DSPs and then the least block RAM. Callable from several threads.
    std::optional<ProvenAccelerator> best(const Load& load, Aim aim) const;
    /// The same where chunk c is that of `parts[c]`, one for each chunk: spaces that differ in
    /// their chunks' options alone, with the same limits and the same networks prepared. The
    /// choices are those of each chunk's own space.
    static std::optional<ProvenAccelerator> best(std::span<const ExactAccelerators* const> parts,
                                                 const Load& load, Aim aim);
    /// The same for a network, which is prepared first if it is not. From one thread.
    std::optional<ProvenAccelerator> best(const model::Network& network, Aim aim);
    /// Every accelerator that no other beats in period and DSPs, by ascending period.
    std::vector<ProvenAccelerator> periodAgainstDsp(const Load& load) const;

    /// What a row of a chunk's table costs for a load's part on it.
    ChunkOption price(std::size_t chunk, std::size_t row, std::span<const int> counts) const {
        return m_chunks[chunk].table->price(row, counts);
    }

    /// One layer of each shape prepared, by the table's columns.
    const std::vector<model::Layer>& layersOf(std::size_t chunk) const {
        return m_chunks[chunk].layers;
    }
    const hardware::AcceleratorSpace& space() const { return m_space; }
    const model::Resources& limits() const { return m_limits; }

    /// Configuration and layer pairs priced so far.
    std::int64_t evaluations() const { return m_evaluations; }
    /// Configurations left in each chunk's table.
    std::vector<std::size_t> tableRows() const;

private:
    using Front = std::vector<ChunkOption>;
    struct Chunk {
        std::vector<model::Layer> layers;  ///< one of each shape seen
        std::optional<ChunkTable> table;
    };
    /// Fronts of the chunks by their part of a load.
    struct Memory {
        std::mutex mutex;
        std::vector<std::map<std::vector<int>, Front>> fronts;
    };

    ExactAccelerators(const hardware::AcceleratorSpace& space, const model::Resources& limits,
                      base::Executor* executor, Restriction restriction);
    Front frontOf(std::size_t chunk, const Load& load) const;
    std::vector<Front> frontsOf(const Load& load) const;
    static ProvenAccelerator proven(std::span<const ExactAccelerators* const> parts,
                                    const Combination& found, const std::vector<Front>& fronts);
    /// This object for every chunk.
    std::vector<const ExactAccelerators*> alone() const { return {m_chunks.size(), this}; }

    hardware::AcceleratorSpace m_space;
    model::Resources m_limits;
    base::Executor* m_executor = nullptr;
    Restriction m_restriction;
    std::vector<Chunk> m_chunks;
    std::int64_t m_evaluations = 0;
    std::unique_ptr<Memory> m_memory;
};

}  // namespace cohelix::optimum

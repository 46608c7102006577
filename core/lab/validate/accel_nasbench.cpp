// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "core/base/units.h"
#include "core/lab/validate/devices/devices_dpu.h"
#include "core/lab/validate/measured.h"

namespace cohelix::validate {
namespace {

using base::Result;
using validate::DpuOperation;
using validate::DpuWork;

constexpr int kBlocks = 7;
constexpr std::array<std::int64_t, kBlocks> kChannels = {16, 24, 40, 80, 112, 192, 320};
constexpr std::array<std::int64_t, kBlocks> kStrides = {1, 2, 2, 2, 1, 2, 1};
constexpr std::int64_t kImage = 224;
constexpr std::int64_t kStemChannels = 32;
constexpr std::int64_t kHeadChannels = 1280;
constexpr std::int64_t kClasses = 1000;

/// One of the seven searched blocks.
struct Block {
    std::int64_t expansion = 1;
    std::int64_t kernel = 3;
    std::int64_t layers = 1;
    bool squeezeExcite = false;
};

struct Network {
    std::vector<DpuOperation> operations;
    std::int64_t parameters = 0;
};

/// Adds layers one after the other, keeping the shape of the map between them.
class Builder {
public:
    void convolution(const std::string& name, std::int64_t channels, std::int64_t kernel,
                     std::int64_t stride) {
        m_side /= stride;
        m_network.operations.push_back(
            {name, DpuWork::Convolution, channels, m_channels, m_side, m_side, kernel});
        // Batch normalisation has two parameters a channel.
        m_network.parameters += channels * (m_channels * kernel * kernel + 2);
        m_channels = channels;
    }
    void depthwise(const std::string& name, std::int64_t kernel, std::int64_t stride) {
        m_side /= stride;
        m_network.operations.push_back(
            {name, DpuWork::Depthwise, m_channels, 1, m_side, m_side, kernel});
        m_network.parameters += m_channels * (kernel * kernel + 2);
    }
    void squeezeExcite(const std::string& name, std::int64_t squeezed) {
        m_network.operations.push_back(
            {name, DpuWork::SqueezeExcite, m_channels, squeezed, m_side, m_side, 1});
        m_network.parameters += 2 * m_channels * squeezed + m_channels + squeezed;
    }
    void classifier() {
        m_network.operations.push_back(
            {"classifier", DpuWork::Convolution, kClasses, m_channels, 1, 1, 1});
        m_network.parameters += kClasses * (m_channels + 1);
    }
    std::int64_t channels() const { return m_channels; }
    Network take() { return std::move(m_network); }

private:
    Network m_network;
    std::int64_t m_channels = 3;
    std::int64_t m_side = kImage;
};

/// An inverted bottleneck; squeezed to a quarter of the channels that come into the layer.
void addLayer(Builder& builder, const std::string& name, const Block& block, std::int64_t channels,
              std::int64_t stride) {
    const std::int64_t squeezed = std::max<std::int64_t>(1, builder.channels() / 4);
    if (block.expansion > 1) {
        builder.convolution(name + ".expand", builder.channels() * block.expansion, 1, 1);
    }
    builder.depthwise(name + ".depthwise", block.kernel, stride);
    if (block.squeezeExcite) builder.squeezeExcite(name + ".squeeze", squeezed);
    builder.convolution(name + ".project", channels, 1, 1);
}

Network networkOf(const std::array<Block, kBlocks>& blocks) {
    Builder builder;
    builder.convolution("stem", kStemChannels, 3, 2);
    for (std::size_t b = 0; b < kBlocks; ++b) {
        for (std::int64_t layer = 0; layer < blocks[b].layers; ++layer) {
            const auto name = "block" + std::to_string(b) + "." + std::to_string(layer);
            addLayer(builder, name, blocks[b], kChannels[b], layer == 0 ? kStrides[b] : 1);
        }
    }
    builder.convolution("head", kHeadChannels, 1, 1);
    builder.classifier();
    return builder.take();
}

Result<Network> networkOf(const base::CsvTable& table, std::size_t index) {
    RowReader reader(table, index);
    std::array<Block, kBlocks> blocks;
    for (std::size_t b = 0; b < kBlocks; ++b) {
        const auto column = "b" + std::to_string(b) + "_";
        blocks[b] = {reader.integer(column + "e", 1, 64), reader.integer(column + "k", 1, 31),
                     reader.integer(column + "l", 1, 64), reader.integer(column + "se", 0, 1) == 1};
    }
    if (reader.error()) return *reader.error();
    return networkOf(blocks);
}

std::vector<std::string> neededColumns() {
    std::vector<std::string> columns = {"params_M", "zcu102_ms"};
    for (int b = 0; b < kBlocks; ++b) {
        for (const char* part : {"_e", "_k", "_l", "_se"}) {
            columns.push_back("b" + std::to_string(b) + part);
        }
    }
    return columns;
}

}  // namespace

Result<Validation> accelNasbench(const std::filesystem::path& path, const validate::Dpu& device) {
    const auto begin = std::chrono::steady_clock::now();
    const auto table = base::CsvTable::read(path, neededColumns());
    if (!table) return table.error();
    Validation validation;
    validation.against = "measured networks on the ZCU102's DPU (Accel-NASBench): latency";
    validation.unit = "ms";
    validation.rows = static_cast<std::int64_t>(table->rows());
    validation.equal = 0;
    validation.flagged = 0;
    for (std::size_t i = 0; i < table->rows(); ++i) {
        const auto network = networkOf(*table, i);
        if (!network) return network.error();
        RowReader reader(*table, i);
        const double millions = reader.positive("params_M");
        const bool measured = !reader.text("zcu102_ms").empty();
        const double theirs = measured ? reader.positive("zcu102_ms") : 1;
        if (reader.error()) return *reader.error();
        const bool exactly = std::round(millions * 1e6) == static_cast<double>(network->parameters);
        *validation.equal += exactly ? 1 : 0;
        *validation.flagged += measured ? 0 : 1;
        if (!measured) continue;
        validation.comparisons.push_back(
            {table->where(i), validate::millisecondsOnDpu(network->operations, device), theirs});
    }
    validation.notes = {
        "parameters come out exactly in " + base::grouped(*validation.equal) + " of " +
            base::grouped(validation.rows) + " rows (equal)",
        base::grouped(*validation.flagged) + " rows have no latency (flagged) and are left out"};
    conclude(validation, begin);
    return validation;
}

}  // namespace cohelix::validate

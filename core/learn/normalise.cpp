// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/normalise.h"

#include <algorithm>
#include <cmath>

#include "core/learn/folding.h"

// One version a vector width, chosen when the program starts.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define COHELIX_VECTOR_WIDTHS __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define COHELIX_VECTOR_WIDTHS
#endif

namespace cohelix::learn {
namespace {

/// Maps are worked off in tiles of whole rows, long enough for vectors and small enough for the
/// innermost cache; what belongs to a channel is repeated along the tile.
constexpr std::size_t kTile = 256;
/// After so many tiles the sums in float go over into double.
constexpr std::size_t kTilesPerSum = 32;

std::size_t tileLength(std::size_t channels) {
    return channels * std::max<std::size_t>(1, kTile / channels);
}

template <typename ValueOf>
std::vector<float> alongTile(std::size_t channels, ValueOf valueOf) {
    std::vector<float> tile(tileLength(channels));
    for (std::size_t i = 0; i < tile.size(); ++i) tile[i] = static_cast<float>(valueOf(i % channels));
    return tile;
}

/// A tile of floats a quantity that becomes one double a channel.
class TileSum {
public:
    explicit TileSum(std::size_t channels) : m_tile(tileLength(channels)), m_sums(channels) {}
    float* tile() { return m_tile.data(); }
    void flush() {
        for (std::size_t i = 0; i < m_tile.size(); ++i) {
            m_sums[i % m_sums.size()] += static_cast<double>(m_tile[i]);
            m_tile[i] = 0;
        }
    }
    const std::vector<double>& sums() const { return m_sums; }

private:
    std::vector<float> m_tile;
    std::vector<double> m_sums;
};

COHELIX_VECTOR_WIDTHS
void addMoments(const float* __restrict x, const float* __restrict pivot, std::size_t count,
                float* __restrict sum, float* __restrict squares) {
    for (std::size_t i = 0; i < count; ++i) {
        const float d = x[i] - pivot[i];
        sum[i] += d;
        squares[i] += d * d;
    }
}

COHELIX_VECTOR_WIDTHS
void scaleAndShift(const float* __restrict x, const float* __restrict factor,
                   const float* __restrict offset, std::size_t count, float* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) out[i] = x[i] * factor[i] + offset[i];
}

COHELIX_VECTOR_WIDTHS
void addTo(float* __restrict out, const float* __restrict added, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] += added[i];
}

COHELIX_VECTOR_WIDTHS
void rectify(float* __restrict out, std::size_t count) {
    // Written so that a NaN stays one.
    for (std::size_t i = 0; i < count; ++i) out[i] = out[i] < 0 ? 0 : out[i];
}

/// The gradient where the output was above 0.
COHELIX_VECTOR_WIDTHS
void mask(const float* __restrict output, const float* __restrict gradient, std::size_t count,
          float* __restrict masked) {
    for (std::size_t i = 0; i < count; ++i) masked[i] = output[i] > 0 ? gradient[i] : 0;
}

COHELIX_VECTOR_WIDTHS
void addGradientMoments(const float* __restrict x, const float* __restrict mean,
                        const float* __restrict gradient, std::size_t count,
                        float* __restrict sum, float* __restrict product) {
    for (std::size_t i = 0; i < count; ++i) {
        sum[i] += gradient[i];
        product[i] += gradient[i] * (x[i] - mean[i]);
    }
}

COHELIX_VECTOR_WIDTHS
void gradientByMaps(const float* __restrict x, const float* __restrict gradient,
                    const float* __restrict factor, const float* __restrict slope,
                    const float* __restrict offset, std::size_t count, float* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = gradient[i] * factor[i] + (x[i] * slope[i] + offset[i]);
    }
}

double inverseDeviation(const NormalisedLayer& layer, std::size_t channel) {
    return 1 / std::sqrt(static_cast<double>(layer.variance[channel]) + kNormalisationEpsilon);
}

/// What a layer does to its maps, tile by tile.
class TileFormula {
public:
    explicit TileFormula(const NormalisedLayer& layer)
        : m_layer(layer),
          m_factor(alongTile(layer.mean.size(),
                             [&](std::size_t c) {
                                 return inverseDeviation(layer, c) *
                                        static_cast<double>(layer.scale[c]);
                             })),
          m_offset(alongTile(layer.mean.size(), [&](std::size_t c) {
              return static_cast<double>(layer.shift[c]) -
                     static_cast<double>(layer.mean[c]) * inverseDeviation(layer, c) *
                         static_cast<double>(layer.scale[c]);
          })) {}

    std::size_t length() const { return m_factor.size(); }
    const float* factor() const { return m_factor.data(); }

    /// Normalised, with what is added, before ReLU.
    void apply(const float* maps, std::size_t first, std::size_t count, float* out) const {
        scaleAndShift(maps + first, m_factor.data(), m_offset.data(), count, out);
        if (!m_layer.added.empty()) addTo(out, m_layer.added.data() + first, count);
    }

    /// The gradient that reaches the sum before ReLU: `byOutput` itself, or `scratch` filled.
    const float* beforeRelu(const float* maps, const float* byOutput, std::size_t first,
                            std::size_t count, std::vector<float>& scratch) const {
        if (!m_layer.relu) return byOutput + first;
        apply(maps, first, count, scratch.data());
        float* masked = scratch.data() + length();
        mask(scratch.data(), byOutput + first, count, masked);
        return masked;
    }

private:
    const NormalisedLayer& m_layer;
    std::vector<float> m_factor;
    std::vector<float> m_offset;
};

/// Calls visit(first, count) for each tile of `size` values, and flush() now and then.
template <typename Visit, typename Flush>
void overTiles(std::size_t size, std::size_t length, Visit visit, Flush flush) {
    std::size_t tiles = 0;
    for (std::size_t first = 0; first < size; first += length) {
        visit(first, std::min(length, size - first));
        if (++tiles % kTilesPerSum == 0) flush();
    }
    flush();
}

}  // namespace

ChannelStatistics channelStatistics(std::span<const float> maps, std::size_t channels) {
    // Differences from one of the values keep the squares from cancelling.
    const auto pivot = alongTile(channels, [&](std::size_t c) { return maps[c]; });
    TileSum sum(channels);
    TileSum squares(channels);
    overTiles(
        maps.size(), pivot.size(),
        [&](std::size_t first, std::size_t count) {
            addMoments(maps.data() + first, pivot.data(), count, sum.tile(), squares.tile());
        },
        [&] {
            sum.flush();
            squares.flush();
        });
    ChannelStatistics result;
    result.count = maps.size() / channels;
    const auto count = static_cast<double>(result.count);
    for (std::size_t c = 0; c < channels; ++c) {
        const double mean = sum.sums()[c] / count;
        const double variance = squares.sums()[c] / count - mean * mean;
        result.mean.push_back(static_cast<float>(static_cast<double>(pivot[c]) + mean));
        result.variance.push_back(variance < 0 ? 0 : static_cast<float>(variance));
    }
    return result;
}

void normalise(std::span<const float> maps, const NormalisedLayer& layer, std::span<float> out) {
    const TileFormula formula(layer);
    for (std::size_t first = 0; first < maps.size(); first += formula.length()) {
        const std::size_t count = std::min(formula.length(), maps.size() - first);
        formula.apply(maps.data(), first, count, out.data() + first);
        if (layer.relu) rectify(out.data() + first, count);
    }
}

void normaliseBackwards(std::span<const float> maps, const NormalisedLayer& layer,
                        std::span<const float> byOutput, std::span<float> byMaps,
                        std::span<float> byScale, std::span<float> byShift,
                        std::span<float> byAdded) {
    const std::size_t channels = layer.mean.size();
    const TileFormula formula(layer);
    const auto mean = alongTile(channels, [&](std::size_t c) { return layer.mean[c]; });
    std::vector<float> scratch(2 * formula.length());
    TileSum sum(channels);
    TileSum product(channels);
    overTiles(
        maps.size(), formula.length(),
        [&](std::size_t first, std::size_t count) {
            const float* gradient =
                formula.beforeRelu(maps.data(), byOutput.data(), first, count, scratch);
            addGradientMoments(maps.data() + first, mean.data(), gradient, count, sum.tile(),
                               product.tile());
        },
        [&] {
            sum.flush();
            product.flush();
        });

    const auto count = static_cast<double>(maps.size() / channels);
    std::vector<double> slope(channels);
    std::vector<double> offset(channels);
    for (std::size_t c = 0; c < channels; ++c) {
        const double inverse = inverseDeviation(layer, c);
        const double factor = inverse * static_cast<double>(layer.scale[c]);
        byScale[c] = static_cast<float>(product.sums()[c] * inverse);
        byShift[c] = static_cast<float>(sum.sums()[c]);
        slope[c] = -factor * inverse * inverse * product.sums()[c] / count;
        offset[c] = -factor * sum.sums()[c] / count - slope[c] * static_cast<double>(layer.mean[c]);
    }
    const auto slopes = alongTile(channels, [&](std::size_t c) { return slope[c]; });
    const auto offsets = alongTile(channels, [&](std::size_t c) { return offset[c]; });
    for (std::size_t first = 0; first < maps.size(); first += formula.length()) {
        const std::size_t part = std::min(formula.length(), maps.size() - first);
        const float* gradient =
            formula.beforeRelu(maps.data(), byOutput.data(), first, part, scratch);
        gradientByMaps(maps.data() + first, gradient, formula.factor(), slopes.data(),
                       offsets.data(), part, byMaps.data() + first);
        if (!byAdded.empty()) std::copy_n(gradient, part, byAdded.data() + first);
    }
}

}  // namespace cohelix::learn

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
constexpr std::size_t kTilesPerSum = 64;

std::size_t tileLength(std::size_t channels) {
    return channels * std::max<std::size_t>(1, kTile / channels);
}

template <typename ValueOf>
std::vector<float> alongTile(std::size_t channels, ValueOf valueOf) {
    std::vector<float> tile(tileLength(channels));
    for (std::size_t c = 0; c < channels; ++c) {
        const auto value = static_cast<float>(valueOf(c));
        for (std::size_t i = c; i < tile.size(); i += channels) tile[i] = value;
    }
    return tile;
}

/// A tile of floats a quantity that becomes one double a channel.
class TileSum {
public:
    explicit TileSum(std::size_t channels) : m_tile(tileLength(channels)), m_sums(channels) {}
    float* tile() { return m_tile.data(); }
    void flush() {
        const std::size_t channels = m_sums.size();
        for (std::size_t first = 0; first < m_tile.size(); first += channels) {
            for (std::size_t c = 0; c < channels; ++c) {
                m_sums[c] += static_cast<double>(m_tile[first + c]);
            }
        }
        std::ranges::fill(m_tile, 0.0F);
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

/// At least 0, written so that a NaN stays one.
inline float rectified(float value) { return value < 0 ? 0 : value; }

COHELIX_VECTOR_WIDTHS
void rectify(float* __restrict out, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) out[i] = rectified(out[i]);
}

COHELIX_VECTOR_WIDTHS
void scaleShiftRectify(const float* __restrict x, const float* __restrict factor,
                       const float* __restrict offset, std::size_t count, float* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) out[i] = rectified(x[i] * factor[i] + offset[i]);
}

/// What ReLU lets through of a gradient, without branches: where the output was above 0.
inline float through(float output, float gradient) { return output > 0 ? gradient : 0; }

COHELIX_VECTOR_WIDTHS
void mask(const float* __restrict output, const float* __restrict gradient, std::size_t count,
          float* __restrict masked) {
    for (std::size_t i = 0; i < count; ++i) masked[i] = through(output[i], gradient[i]);
}

COHELIX_VECTOR_WIDTHS
void addGradientMoments(const float* __restrict x, const float* __restrict mean,
                        const float* __restrict gradient, std::size_t count, float* __restrict sum,
                        float* __restrict product) {
    for (std::size_t i = 0; i < count; ++i) {
        sum[i] += gradient[i];
        product[i] += gradient[i] * (x[i] - mean[i]);
    }
}

/// The same behind a ReLU: the output is computed again.
COHELIX_VECTOR_WIDTHS
void addRectifiedMoments(const float* __restrict x, const float* __restrict mean,
                         const float* __restrict factor, const float* __restrict offset,
                         const float* __restrict gradient, std::size_t count, float* __restrict sum,
                         float* __restrict product) {
    for (std::size_t i = 0; i < count; ++i) {
        const float g = through(x[i] * factor[i] + offset[i], gradient[i]);
        sum[i] += g;
        product[i] += g * (x[i] - mean[i]);
    }
}

/// A channel's gradient by its map is gradient * factor + map * slope + offset.
struct GradientLine {
    std::vector<float> slope;
    std::vector<float> offset;
};

COHELIX_VECTOR_WIDTHS
void gradientByMaps(const float* __restrict x, const float* __restrict gradient,
                    const float* __restrict factor, const float* __restrict slope,
                    const float* __restrict line, std::size_t count, float* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = gradient[i] * factor[i] + (x[i] * slope[i] + line[i]);
    }
}

COHELIX_VECTOR_WIDTHS
void rectifiedGradientByMaps(const float* __restrict x, const float* __restrict gradient,
                             const float* __restrict factor, const float* __restrict offset,
                             const float* __restrict slope, const float* __restrict line,
                             std::size_t count, float* __restrict out) {
    for (std::size_t i = 0; i < count; ++i) {
        const float g = through(x[i] * factor[i] + offset[i], gradient[i]);
        out[i] = g * factor[i] + (x[i] * slope[i] + line[i]);
    }
}

double inverseDeviation(const NormalisedLayer& layer, std::size_t channel) {
    return 1 / std::sqrt(static_cast<double>(layer.variance[channel]) + kNormalisationEpsilon);
}

/// What a layer does to its maps and back, tile by tile.
class TileFormula {
public:
    explicit TileFormula(const NormalisedLayer& layer)
        : m_layer(layer),
          m_factor(alongTile(layer.mean.size(), [&](std::size_t c) { return factorOf(c); })),
          m_offset(alongTile(layer.mean.size(),
                             [&](std::size_t c) {
                                 return static_cast<double>(layer.shift[c]) -
                                        static_cast<double>(layer.mean[c]) * factorOf(c);
                             })),
          m_mean(alongTile(layer.mean.size(), [&](std::size_t c) { return layer.mean[c]; })),
          m_scratch(2 * m_factor.size()) {}

    std::size_t length() const { return m_factor.size(); }
    double factorOf(std::size_t channel) const {
        return inverseDeviation(m_layer, channel) * static_cast<double>(m_layer.scale[channel]);
    }

    /// Normalised, with what is added, before ReLU.
    void apply(const float* maps, std::size_t first, std::size_t count, float* out) const {
        scaleAndShift(maps + first, m_factor.data(), m_offset.data(), count, out);
        if (!m_layer.added.empty()) addTo(out, m_layer.added.data() + first, count);
    }

    void output(const float* maps, std::size_t first, std::size_t count, float* out) const {
        if (isPlainRelu()) {
            scaleShiftRectify(maps + first, m_factor.data(), m_offset.data(), count, out);
        } else {
            apply(maps, first, count, out);
            if (m_layer.relu) rectify(out, count);
        }
    }

    /// The gradient that reaches the sum before ReLU.
    const float* beforeRelu(const float* maps, const float* byOutput, std::size_t first,
                            std::size_t count) {
        if (!m_layer.relu) return byOutput + first;
        apply(maps, first, count, m_scratch.data());
        float* masked = m_scratch.data() + length();
        mask(m_scratch.data(), byOutput + first, count, masked);
        return masked;
    }

    /// Adds the gradient before ReLU, and its product with map - mean.
    void addMoments(const float* maps, const float* byOutput, std::size_t first, std::size_t count,
                    float* sum, float* product) {
        if (isPlainRelu()) {
            addRectifiedMoments(maps + first, m_mean.data(), m_factor.data(), m_offset.data(),
                                byOutput + first, count, sum, product);
        } else {
            addGradientMoments(maps + first, m_mean.data(),
                               beforeRelu(maps, byOutput, first, count), count, sum, product);
        }
    }

    void byMaps(const float* maps, const float* byOutput, const GradientLine& line,
                std::size_t first, std::size_t count, float* out) {
        if (isPlainRelu()) {
            rectifiedGradientByMaps(maps + first, byOutput + first, m_factor.data(),
                                    m_offset.data(), line.slope.data(), line.offset.data(), count,
                                    out);
        } else {
            gradientByMaps(maps + first, beforeRelu(maps, byOutput, first, count), m_factor.data(),
                           line.slope.data(), line.offset.data(), count, out);
        }
    }

private:
    bool isPlainRelu() const { return m_layer.relu && m_layer.added.empty(); }

    const NormalisedLayer& m_layer;
    std::vector<float> m_factor;
    std::vector<float> m_offset;
    std::vector<float> m_mean;
    std::vector<float> m_scratch;
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
        formula.output(maps.data(), first, count, out.data() + first);
    }
}

void normaliseBackwards(std::span<const float> maps, const NormalisedLayer& layer,
                        std::span<const float> byOutput, std::span<float> byMaps,
                        std::span<float> byScale, std::span<float> byShift,
                        std::span<float> byAdded) {
    const std::size_t channels = layer.mean.size();
    TileFormula formula(layer);
    TileSum sum(channels);
    TileSum product(channels);
    overTiles(
        maps.size(), formula.length(),
        [&](std::size_t first, std::size_t count) {
            formula.addMoments(maps.data(), byOutput.data(), first, count, sum.tile(),
                               product.tile());
        },
        [&] {
            sum.flush();
            product.flush();
        });

    const auto count = static_cast<double>(maps.size() / channels);
    const auto slopeOf = [&](std::size_t c) {
        const double inverse = inverseDeviation(layer, c);
        return -formula.factorOf(c) * inverse * inverse * product.sums()[c] / count;
    };
    const GradientLine line = {alongTile(channels, slopeOf),
                               alongTile(channels, [&](std::size_t c) {
                                   return -formula.factorOf(c) * sum.sums()[c] / count -
                                          slopeOf(c) * static_cast<double>(layer.mean[c]);
                               })};
    for (std::size_t c = 0; c < channels; ++c) {
        byScale[c] = static_cast<float>(product.sums()[c] * inverseDeviation(layer, c));
        byShift[c] = static_cast<float>(sum.sums()[c]);
    }
    for (std::size_t first = 0; first < maps.size(); first += formula.length()) {
        const std::size_t part = std::min(formula.length(), maps.size() - first);
        formula.byMaps(maps.data(), byOutput.data(), line, first, part, byMaps.data() + first);
        if (byAdded.empty()) continue;
        std::copy_n(formula.beforeRelu(maps.data(), byOutput.data(), first, part), part,
                    byAdded.data() + first);
    }
}

}  // namespace cohelix::learn

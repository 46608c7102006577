// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Adds the layers of a network one after the other, and counts its parameters. Private to
// the room.

#include <cstdint>
#include <optional>
#include <string>

#include "core/workload/workload.h"

namespace cohelix::workload {

/// What stands between two layers: square images of so many channels.
struct Feature {
    std::int64_t channels = 0;
    std::int64_t pixels = 1;  ///< on a side
};

/// What is trained beside a layer's weights.
enum class Trained : std::uint8_t { Weights, Bias, Normalisation };

struct Convolution {
    std::string name;
    std::int64_t channels = 0;  ///< of the output
    std::int64_t kernel = 1;    ///< on a side
    int stride = 1;
    int groups = 1;
    std::optional<std::int64_t> padding = {};  ///< default: half the kernel
    Trained trained = Trained::Normalisation;
    std::optional<model::LayerRole> role = {};  ///< default: by shape
};

class Builder {
public:
    Builder(std::string name, std::string source);

    Feature add(const Feature& in, const Convolution& convolution);
    /// Convolution of its own for each channel.
    Feature addDepthwise(const Feature& in, Convolution convolution);
    /// A product of `rows` vectors with a matrix of inputs x outputs; in `groups` of their own,
    /// inputs and outputs being those of all groups. Trained or, as in attention, computed.
    void addProduct(const std::string& name, std::int64_t rows, std::int64_t inputs,
                    std::int64_t outputs, std::optional<Trained> trained, int groups = 1);
    /// A linear layer with bias after the features; how many outputs it has.
    void addLinear(const std::string& name, const Feature& in, std::int64_t outputs);
    /// Parameters that belong to no layer.
    void count(std::int64_t parameters) { m_workload.parameters += parameters; }

    Workload take() { return std::move(m_workload); }

private:
    void finish(model::Layer layer, std::optional<Trained> trained,
                std::optional<model::LayerRole> role);

    Workload m_workload;
};

/// Pooling: the pixels that are left.
Feature pooled(const Feature& in, std::int64_t kernel, int stride, std::int64_t padding = 0);

}  // namespace cohelix::workload

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The supernet's steps as one plain LibTorch module does them: torch::nn convolutions and batch
// normalisations, torch::optim::SGD, LibTorch's own threads. What our steps are held against.

#include <memory>
#include <span>

#include "core/learn/learn.h"

namespace cohelix::bench {

class PlainSupernet {
public:
    struct Options {
        bool channelsLast = false;
        /// Let no gradient flow back through paths whose gate is 0, as our supernet does.
        bool cutPassivePaths = false;
        int threads = 1;
    };

    PlainSupernet(const spec::NetworkSpace& space, const spec::SgdRecipe& recipe,
                  const Options& options);
    ~PlainSupernet();

    /// The images of all further steps, ready made: reading them costs this module nothing.
    void setBatch(int images);
    /// Gradients of all gates; the loss.
    double architectureStep(const learn::ActivePaths& paths);
    /// One step of SGD on one path; the loss.
    double weightStep(std::span<const int> path);

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Bytes that LibTorch's tensors hold at most from here on, counted at its allocator.
class TensorMemory {
public:
    TensorMemory();
    std::size_t peakBytes() const;  ///< above what was held at the start

private:
    std::size_t m_before;
};

}  // namespace cohelix::bench

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What our cost model predicts for published networks, each on the proven best accelerator of a
// space within limits, to be laid beside what the authors published of the same networks. Ours are
// predicted, theirs have their grade; neither is a measurement of the other.

#include <string>
#include <string_view>
#include <vector>

#include "core/base/executor.h"
#include "core/base/result.h"
#include "core/hardware/coverage.h"
#include "core/model/network.h"
#include "core/optimum/chunk_table.h"
#include "core/published/figures.h"
#include "core/workload/workload.h"

namespace cohelix::lab {

struct PredictionSettings {
    std::vector<std::string> networks;  ///< names of core/workload
    std::vector<std::string> spaces;    ///< of predictionSpaces()
    std::vector<int> bits;              ///< of weights and activations: 16, 8, 4
    model::Resources limits;
    model::FpgaModel model = model::FpgaModel::Corrected;
    double clockMhz = 200;
};
/// The networks that the authors compare with and the usual ones beside them; both ImageNet spaces
/// of the authors and a wide one; 16 and 8 bit; 900 DSPs, 700 block RAMs.
PredictionSettings defaultPrediction();

/// Accelerator spaces for 224-pixel images: "r1-imagenet", "r2-imagenet", "wide-imagenet".
const std::vector<std::string_view>& predictionSpaces();
/// Error: another name.
base::Result<hardware::AcceleratorSpace> predictionSpace(std::string_view name);

/// The workload as a network for both rules. R2 knows five groups of 22 blocks, the stages of its
/// own network: maps of 56 pixels and more, of 28, the first and the second half of the blocks of
/// 14, and smaller ones. So a block counts as the first of its group; where layers belong to no
/// blocks, each convolution is one.
model::Network networkOf(const workload::Workload& workload);

struct Prediction : model::Resources {
    std::string network;
    std::string space;
    int bits = 16;
    double fps = 0;  ///< 0: see `known`
    double periodCycles = 0;
    hardware::Coverage coverage = {};  ///< of the network, by the form of the model

    /// The form prices something of the network, and an accelerator of the space keeps the limits.
    bool known() const { return fps > 0; }
};

/// A published figure of the same network.
struct Counterpart {
    const published::Group* group = nullptr;
    const published::Figure* figure = nullptr;
};
/// All of them; none for most networks.
std::vector<Counterpart> counterpartsOf(std::string_view network);

/// In the order of bits, networks, spaces. Blocks; uses the executor. Errors: a network or a space
/// that there is not, a bit width that the chunks do not have.
base::Result<std::vector<Prediction>> predict(const PredictionSettings& settings,
                                              base::Executor& executor);

}  // namespace cohelix::lab

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The layers of a network as a form of the multi-chunk FPGA model counts them. The authors' code
// leaves some layers out and takes others at another size (method.md 1B, "Oddities").

#include <vector>

#include "core/model/accelerator.h"
#include "core/model/network.h"

namespace cohelix::model {

/// The network's layers, index by index, at the sizes that the form prices them at. Where the
/// layers are as published, the first 1x1 convolution of a strided block has its output size (that
/// of the depthwise layer after it) and 184 channels count as 192. Of whole networks only: of a
/// part the layer that follows may be missing.
std::vector<Layer> layersAsPriced(const std::vector<Layer>& layers, FpgaModel form);

/// Whether the form leaves the layer out: where the layers are as published, stem, head, classifier
/// and shortcuts; under published formulas the classifier; else none.
bool costsNothing(const Layer& layer, FpgaModel form);

}  // namespace cohelix::model

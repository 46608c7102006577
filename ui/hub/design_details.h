// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Everything that the design views show about one design, as one value: the project's row, the
// network and accelerator that its choices stand for, what they cost, and the specification it was
// found under (for the limits and the device).

#include <string>
#include <vector>

#include "core/model/accelerator.h"
#include "core/model/design.h"
#include "core/model/network.h"
#include "core/specification/specification.h"
#include "core/store/project.h"

namespace cohelix::ui {

/// One choice of the specification as this design made it.
struct NamedChoice {
    std::string name;    ///< "block3", "chunk0.tm_buff"
    std::string option;  ///< "k3_e6", "16"
    std::string unit;
};

struct DesignDetails {
    store::DesignRow row;
    model::Network network;
    model::Accelerator accelerator;
    model::DesignCost cost;  ///< `layers` and `chunks` empty: the figures per layer are not known
    spec::Specification specification;
    std::vector<NamedChoice> choices;  ///< network first, then accelerator
};

}  // namespace cohelix::ui

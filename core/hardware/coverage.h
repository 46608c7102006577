// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How much of a network's work its figures cover. What a reader cannot count, what no chunk can
// execute and what no mapping fits stays out of them: then they are bounds, and what stays out is
// named with its share of the work. They are bounds, too, where a layer is priced as more or less
// than what it runs as.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/accelerator.h"
#include "core/model/network.h"

namespace cohelix::hardware {

/// Nodes of one operator that are left out for one reason.
struct UnpricedWork {
    std::string op;      ///< "LSTM", "depthwise convolution"
    std::string reason;  ///< a clause: "the FPGA pipeline knows no dilation"
    std::vector<std::string> names;
    std::optional<std::int64_t> macs;  ///< of them all; nothing where their count is open
    friend bool operator==(const UnpricedWork&, const UnpricedWork&) = default;
};

/// Layers that run otherwise than they are priced, for one reason.
struct BoundedWork {
    std::string op;      ///< "LSTM"
    std::string reason;  ///< a clause: "runs 40 steps, each waiting for the one before it"
    std::vector<std::string> layers;
    bool slower = false;   ///< what waits is priced as if it did not
    bool smaller = false;  ///< the work that is priced is the most that there can be
    friend bool operator==(const BoundedWork&, const BoundedWork&) = default;
};

/// Where a true figure lies, seen from the priced one.
enum class Side { Exact, AtLeast, AtMost, Either };
/// Of what falls where the other grows.
Side opposite(Side side);

/// What is priced of a network, and what is not.
struct Coverage {
    std::int64_t pricedMacs = 0;
    std::vector<UnpricedWork> unpriced;
    std::vector<BoundedWork> bounded = {};

    bool complete() const { return unpriced.empty(); }
    /// Complete, and every layer runs as it is priced.
    bool exact() const { return complete() && bounded.empty(); }
    /// Of cycles, time and energy.
    Side costSide() const;
    Side macsSide() const;
    /// The part that bounds a layer.
    Coverage ofLayer(const std::string& name) const;
    /// Priced or not, as far as it is counted; 2^63 - 1 where it is more.
    std::int64_t countedMacs() const;
    /// Nodes whose work is open.
    std::size_t openNodes() const;
    friend bool operator==(const Coverage&, const Coverage&) = default;
};

/// Adds it to what has the same operator and reason, or as another one.
void leaveOut(std::vector<UnpricedWork>& unpriced, const UnpricedWork& work);
/// Adds it to what has the same operator and reason, or as another one.
void bound(std::vector<BoundedWork>& bounded, const BoundedWork& work);
/// What is left out has no figures, and so none that are bounds.
void dropUnpricedBounds(Coverage& coverage);
/// A layer that is left out, by the kind of work that its shape says.
UnpricedWork unpricedLayer(const model::Layer& layer, const std::string& reason);

/// What a form of the FPGA model prices of a network: some leave out what their authors did.
Coverage coverageOf(const model::Network& network, model::FpgaModel form);

/// The sum; 2^63 - 1 where it is more. Neither is negative.
std::int64_t addedMacs(std::int64_t a, std::int64_t b);

}  // namespace cohelix::hardware

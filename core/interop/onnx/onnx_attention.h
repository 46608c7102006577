// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The sizes of an attention of ONNX or of onnxruntime, in whichever of their layouts. Private to
// the room.

#include <optional>

#include "core/interop/onnx/onnx_node.h"

namespace cohelix::interop {

/// Sizes are -1 where they are not known.
struct Attention {
    std::int64_t batch = -1;
    std::int64_t heads = -1;     ///< of the queries
    std::int64_t keyHeads = -1;  ///< of keys and values; each serves heads / keyHeads
    std::int64_t queries = -1;   ///< tokens that ask
    std::int64_t keys = -1;      ///< tokens that are asked, those kept from before among them
    std::int64_t headSize = -1;
    std::int64_t valueSize = -1;  ///< of one head
    std::int64_t inputSize = 0;   ///< that queries, keys and values are projected from; 0: they
                                  ///< are given
    std::int64_t projected = 0;   ///< size of all three together
    std::int64_t apart = 0;       ///< keys that a window leaves out for each query
    bool perHead = false;         ///< the result has an axis of the heads
};

/// Nothing where the operator is no attention, or its operands are not those of one.
std::optional<Attention> attentionOf(const OnnxNode& node);

}  // namespace cohelix::interop

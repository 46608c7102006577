// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Named tensors as bytes and back, for checkpoints and trained weights. Little-endian; a magic
// word, the kind of content, numbers, tensors, a CRC-32 at the end. Damage and foreign bytes are
// refused. No LibTorch.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/learn/learn.h"

namespace cohelix::learn {

/// A tensor that lies elsewhere.
struct TensorView {
    std::string name;
    std::vector<std::int64_t> shape;
    std::span<const float> values;
};

struct Archive {
    std::vector<std::int64_t> numbers;
    std::vector<NamedTensor> tensors;
};

/// `kind` says what it is ("supernet"); unpacking asks for the same.
std::vector<std::uint8_t> pack(const std::string& kind, std::span<const std::int64_t> numbers,
                               std::span<const TensorView> tensors);
base::Result<Archive> unpack(const std::string& kind, std::span<const std::uint8_t> bytes);

}  // namespace cohelix::learn

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Changes documents of JSON and CBOR as documents, where changing their bytes mostly gives what no
// parser takes.

#include <cstddef>
#include <cstdint>

namespace cohelix::fuzz {

enum class Form { Json, Cbor };

/// For LLVMFuzzerCustomMutator: changes, removes or doubles one value of the document, or, in one
/// case of four and where there is none, some bytes. Deterministic in `seed`.
std::size_t mutateDocument(Form form, std::uint8_t* data, std::size_t size, std::size_t most,
                           unsigned seed);

}  // namespace cohelix::fuzz

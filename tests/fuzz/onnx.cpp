// SPDX-License-Identifier: GPL-3.0-or-later
// A model of ONNX.
#include "core/interop/onnx/onnx_import.h"

#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    (void)cohelix::interop::onnxNetwork(cohelix::fuzz::textOf({data, size}), "input");
    return 0;
}

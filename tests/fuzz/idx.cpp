// SPDX-License-Identifier: GPL-3.0-or-later
// The four files of MNIST's form, plain or gzipped.
#include "core/learn/data_files.h"

#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    static const fuzz::ScratchFolder folder;
    const auto parts = fuzz::cut({data, size}, 4);
    folder.write("train-images-idx3-ubyte", parts[0]);
    folder.write("train-labels-idx1-ubyte", parts[1]);
    folder.write("t10k-images-idx3-ubyte", parts[2]);
    folder.write("t10k-labels-idx1-ubyte", parts[3]);
    const auto read = learn::loadIdx(folder.path(), 10);
    if (!read) return 0;
    const auto& shape = read->train.shape;
    fuzz::require(read->train.pixels.size() ==
                      read->train.size() * static_cast<std::size_t>(shape.height * shape.width),
                  "there are not as many pixels as the header says");
    return 0;
}

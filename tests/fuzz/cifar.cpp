// SPDX-License-Identifier: GPL-3.0-or-later
// CIFAR's binary files, plain or gzipped: the first byte says whether 10 or 100 classes, the rest
// is every file of the data set.
#include <filesystem>

#include "core/learn/data_files.h"

#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    static const fuzz::ScratchFolder folder;
    static const bool linked = [] {
        for (const char* name :
             {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin",
              "data_batch_5.bin", "test_batch.bin", "test.bin"}) {
            std::filesystem::create_symlink("train.bin", folder.file(name));
        }
        return true;
    }();
    if (size == 0 || !linked) return 0;
    folder.write("train.bin", {data + 1, size - 1});
    const auto read = learn::loadCifar(folder.path(), data[0] % 2 == 1);
    if (!read) return 0;
    fuzz::require(read->test.pixels.size() == read->test.size() * 3 * 32 * 32,
                  "there are not as many pixels as images");
    return 0;
}

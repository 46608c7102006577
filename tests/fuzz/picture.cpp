// SPDX-License-Identifier: GPL-3.0-or-later
// A picture of any form: the first byte says whether it is wanted in colour, the rest is the file.
#include <vector>

#include "core/learn/image_file.h"

#include "tests/fuzz/scratch_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace cohelix;
    if (size == 0) return 0;
    static const fuzz::ScratchFolder folder;
    const model::ImageShape shape{data[0] % 2 == 0 ? 3 : 1, 9, 12};
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(shape.channels) * 9 * 12);
    (void)learn::readPicture(folder.write("picture.png", {data + 1, size - 1}), shape, pixels);
    return 0;
}

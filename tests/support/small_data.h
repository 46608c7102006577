// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A data set small enough for tests of whole searches: the first images of the real Fashion-MNIST,
// written as IDX files of their own, and a specification that searches on it within seconds.

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "core/learn/dataset.h"
#include "core/specification/specification.h"

#include "tests/support/temporary_folder.h"

namespace cohelix::test {

inline void writeIdx(const std::filesystem::path& folder, const std::string& prefix,
                     const learn::ImageSet& images, std::size_t count) {
    const auto number = [](std::ofstream& out, std::size_t value) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.put(static_cast<char>((value >> shift) & 0xff));
        }
    };
    std::ofstream pixels(folder / (prefix + "-images-idx3-ubyte"), std::ios::binary);
    number(pixels, 0x803);
    number(pixels, count);
    number(pixels, static_cast<std::size_t>(images.shape.height));
    number(pixels, static_cast<std::size_t>(images.shape.width));
    const std::size_t bytes =
        count * static_cast<std::size_t>(images.shape.height * images.shape.width);
    pixels.write(reinterpret_cast<const char*>(images.pixels.data()),
                 static_cast<std::streamsize>(bytes));
    std::ofstream labels(folder / (prefix + "-labels-idx1-ubyte"), std::ios::binary);
    number(labels, 0x801);
    number(labels, count);
    for (std::size_t i = 0; i < count; ++i) labels.put(static_cast<char>(images.labels[i]));
}

/// A search of a few seconds on 1,200 real images in `folder`; nothing when Fashion-MNIST is not
/// installed.
inline std::optional<spec::Specification> smallSpecification(const std::filesystem::path& folder) {
    auto spec = spec::preset("fashion-mnist-zc706").value();
    const auto data = learn::loadDataSet(spec.dataSet, spec.network);
    if (!data) return std::nullopt;
    writeIdx(folder, "train", (*data)->train, 1200);
    writeIdx(folder, "t10k", (*data)->test, 300);
    spec.name = "small";
    spec.dataSet.path = folder.string();
    spec.network.stemStride = 2;
    spec.network.stages = {{16, 1, 1}, {24, 2, 2}};
    spec.network.operators = {*spec::parseOperator("k3_e1"), *spec::parseOperator("k3_e3"),
                              *spec::parseOperator("skip")};
    spec.objective.targets = {{1000, 4000}, {8000, 40000}};
    spec.search.batch = 32;
    spec.search.stepsPerEpoch = 6;
    spec.search.warmupEpochs = 1;
    spec.search.epochs = 2;
    spec.search.acceleratorRefreshSteps = 2;
    spec.search.acceleratorIterations = 20;
    spec.search.finalAcceleratorIterations = 60;
    spec.search.estimateImages = 100;
    spec.training.designs = 2;
    spec.training.epochs = 2;
    spec.training.batch = 32;
    return spec;
}

}  // namespace cohelix::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Data sets of labelled images, read from the files in which they are published. No LibTorch.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/model/network.h"
#include "core/specification/specification.h"

namespace cohelix::learn {

/// Images as bytes, image by image, channel by channel, row by row.
struct ImageSet {
    model::ImageShape shape;
    std::vector<std::uint8_t> pixels;   ///< size() * channels * height * width
    std::vector<std::uint16_t> labels;  ///< each below the number of classes
    std::size_t size() const { return labels.size(); }
};

struct DataSet {
    std::string name;
    std::string folder;  ///< where it was found
    int classes = 0;
    ImageSet train;
    ImageSet test;
    std::vector<float> mean;  ///< per channel, of pixels in 0..1, over the training images
    std::vector<float> deviation;
};

/// Indices into the training images, disjoint; drawn once from the seed.
struct DataSplit {
    std::vector<std::uint32_t> weights;       ///< train the supernet's weights
    std::vector<std::uint32_t> architecture;  ///< train the architecture parameters
    std::vector<std::uint32_t> validation;    ///< choose designs; never trained on
};

/// Reads the data set that a specification names:
///  - fashion-mnist, mnist: IDX files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-…,
///    plain or gzipped (.gz); usual places: /usr/share/datasets/<kind>, $COHELIX_DATASETS/<kind>,
///    ./datasets/<kind>;
///  - cifar10, cifar100: the binary version (data_batch_1.bin … test_batch.bin; train.bin,
///    test.bin with coarse and fine label bytes, fine used);
///  - image-folder: train/<class>/*.{jpg,png,…} and val/ or test/ likewise, classes in
///    alphabetical order, each image scaled so that its shorter side fits and centre-cropped to
///    the network's input.
/// Errors name the folders that were searched and how to get the data; a damaged file is named
/// with what is wrong in it (magic number, count, truncated, label out of range).
/// `network` gives the wanted image shape and number of classes; a mismatch is an error.
base::Result<std::shared_ptr<const DataSet>> loadDataSet(const spec::DataSetSpec& spec,
                                                         const spec::NetworkSpace& network);

/// Weight and architecture shares of what validation leaves; the same for the same seed.
DataSplit splitTraining(const DataSet& data, double validationFraction, double weightShare,
                        std::uint64_t seed);

}  // namespace cohelix::learn

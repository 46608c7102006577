// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/dataset.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>
#include <utility>

#include "core/base/random.h"
#include "core/learn/data_files.h"

namespace cohelix::learn {
namespace fs = std::filesystem;
namespace {

using spec::DataSetKind;

bool isThere(DataSetKind kind, const fs::path& folder) {
    switch (kind) {
        case DataSetKind::FashionMnist:
        case DataSetKind::Mnist: return hasIdx(folder);
        case DataSetKind::Cifar10: return hasCifar(folder, false);
        case DataSetKind::Cifar100: return hasCifar(folder, true);
        case DataSetKind::ImageFolder: return hasImageFolder(folder);
    }
    return false;
}

std::string howToGet(DataSetKind kind) {
    switch (kind) {
        case DataSetKind::FashionMnist:
            return "Install the package dataset-fashion-mnist, or put the four IDX files of "
                   "github.com/zalandoresearch/fashion-mnist into a folder and name it in "
                   "/data_set/path";
        case DataSetKind::Mnist:
            return "Put the four IDX files of MNIST into a folder and name it in /data_set/path";
        case DataSetKind::Cifar10:
            return "Unpack cifar-10-binary.tar.gz from www.cs.toronto.edu/~kriz/cifar.html and "
                   "name the folder in /data_set/path";
        case DataSetKind::Cifar100:
            return "Unpack cifar-100-binary.tar.gz from www.cs.toronto.edu/~kriz/cifar.html and "
                   "name the folder in /data_set/path";
        case DataSetKind::ImageFolder:
            return "Name a folder with train/<class>/ and val/<class>/ full of pictures in "
                   "/data_set/path";
    }
    return {};
}

/// The folder that the specification names. Where there is none, or it is not here (another
/// machine's path), the usual places.
std::vector<fs::path> placesOf(const spec::DataSetSpec& spec) {
    const std::string kind(word(spec.kind));
    const fs::path named(spec.path);
    std::vector<fs::path> places;
    if (!named.empty()) places.push_back(named);
    if (const char* folder = std::getenv("COHELIX_DATASETS"); folder && *folder) {
        if (named.is_relative() && !named.empty()) places.push_back(fs::path(folder) / named);
        if (named.is_absolute()) places.push_back(fs::path(folder) / named.filename());
        places.push_back(fs::path(folder) / kind);
    }
    if (!named.empty()) return places;
    places.push_back(fs::path("datasets") / kind);
    places.push_back(fs::path("/usr/share/datasets") / kind);
    return places;
}

base::Result<DataSet> readFrom(const fs::path& folder, DataSetKind kind,
                               const model::ImageShape& shape) {
    switch (kind) {
        case DataSetKind::FashionMnist:
        case DataSetKind::Mnist: return loadIdx(folder, 10);
        case DataSetKind::Cifar10: return loadCifar(folder, false);
        case DataSetKind::Cifar100: return loadCifar(folder, true);
        case DataSetKind::ImageFolder: return loadImageFolder(folder, shape);
    }
    return base::Error{"/data_set/kind", "unknown kind of data set", ""};
}

std::string sizeText(const model::ImageShape& shape) {
    return std::to_string(shape.channels) + " x " + std::to_string(shape.height) + " x " +
           std::to_string(shape.width);
}

base::Result<void> checkBoth(const DataSet& data, const spec::NetworkSpace& network) {
    if (data.train.shape != data.test.shape) {
        return base::Error{data.folder,
                           "training images are " + sizeText(data.train.shape) + ", test images " +
                               sizeText(data.test.shape),
                           "Take both from the same data set"};
    }
    return checkFits(data.train.shape, data.classes, network);
}

/// Mean and standard deviation of the training pixels, exact sums of whole numbers.
void measure(DataSet& data) {
    const auto channels = static_cast<std::size_t>(data.train.shape.channels);
    const std::size_t plane = static_cast<std::size_t>(data.train.shape.height) *
                              static_cast<std::size_t>(data.train.shape.width);
    std::vector<std::uint64_t> sum(channels);
    std::vector<std::uint64_t> squares(channels);
    const std::uint8_t* pixel = data.train.pixels.data();
    for (std::size_t i = 0; i < data.train.size(); ++i) {
        for (std::size_t c = 0; c < channels; ++c) {
            std::uint32_t planeSum = 0;
            std::uint64_t planeSquares = 0;
            for (std::size_t p = 0; p < plane; ++p, ++pixel) {
                planeSum += *pixel;
                planeSquares += std::uint32_t{*pixel} * *pixel;
            }
            sum[c] += planeSum;
            squares[c] += planeSquares;
        }
    }
    const double count = static_cast<double>(data.train.size()) * static_cast<double>(plane);
    for (std::size_t c = 0; c < channels; ++c) {
        const double mean = static_cast<double>(sum[c]) / count / 255;
        const double variance =
            static_cast<double>(squares[c]) / count / (255.0 * 255.0) - mean * mean;
        data.mean.push_back(static_cast<float>(mean));
        // Images of one colour have no deviation to divide by.
        data.deviation.push_back(variance > 1e-8 ? static_cast<float>(std::sqrt(variance)) : 1.0F);
    }
}

base::Result<std::shared_ptr<const DataSet>> load(const spec::DataSetSpec& spec,
                                                  const spec::NetworkSpace& network) {
    const auto folder = findDataSet(spec);
    if (!folder) return folder.error();
    auto data = readFrom(*folder, spec.kind, network.input);
    if (!data) return data.error();
    data->name = std::string(word(spec.kind));
    if (auto fits = checkBoth(*data, network); !fits) return fits.error();
    measure(*data);
    return std::shared_ptr<const DataSet>(std::make_shared<DataSet>(std::move(*data)));
}

}  // namespace

base::Result<fs::path> findDataSet(const spec::DataSetSpec& spec) {
    std::string searched;
    for (const auto& place : placesOf(spec)) {
        if (isThere(spec.kind, place)) return place;
        searched += (searched.empty() ? "" : ", ") + place.string();
    }
    const std::string kind(word(spec.kind));
    return base::Error{"/data_set", "the data set " + kind + " was not found in " + searched,
                       howToGet(spec.kind)};
}

base::Result<void> checkFits(const model::ImageShape& images, int classes,
                             const spec::NetworkSpace& network) {
    if (images != network.input) {
        return base::Error{"/network/input",
                           "the network expects images of " + sizeText(network.input) +
                               ", the data set's are " + sizeText(images),
                           "Change /network/input or the data set"};
    }
    if (classes != network.classes) {
        return base::Error{"/network/classes",
                           "the network has " + std::to_string(network.classes) +
                               " classes, the data set " + std::to_string(classes),
                           "Change /network/classes or the data set"};
    }
    return {};
}

base::Result<std::shared_ptr<const DataSet>> loadDataSet(const spec::DataSetSpec& spec,
                                                         const spec::NetworkSpace& network) {
    try {
        return load(spec, network);
    } catch (const std::exception& failure) {
        return base::Error{"/data_set",
                           std::string("reading the data set failed: ") + failure.what(),
                           "Check that there is enough memory and that the folder can be read"};
    }
}

DataSplit splitTraining(const DataSet& data, double validationFraction, double weightShare,
                        std::uint64_t seed) {
    const auto count = static_cast<std::uint32_t>(data.train.size());
    const auto part = [](double share, std::ptrdiff_t of) {
        const double wanted = std::round(std::clamp(share, 0.0, 1.0) * static_cast<double>(of));
        return static_cast<std::ptrdiff_t>(wanted);
    };
    const auto order = base::permutation(count, base::Random(seed, "data split"));
    const auto validationEnd = order.begin() + part(validationFraction, count);
    const auto weightsEnd = validationEnd + part(weightShare, order.end() - validationEnd);
    return {{validationEnd, weightsEnd}, {weightsEnd, order.end()}, {order.begin(), validationEnd}};
}

}  // namespace cohelix::learn

// SPDX-License-Identifier: GPL-3.0-or-later
// Image folders as ImageNet is kept: train/<class>/picture and val/<class>/picture.
#include <algorithm>
#include <string>

#include "core/learn/data_files.h"
#include "core/learn/image_file.h"

namespace cohelix::learn {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostClasses = 65'535;

/// Names in a folder that satisfy `wanted`, sorted.
template <typename Wanted>
base::Result<std::vector<fs::path>> listed(const fs::path& folder, Wanted wanted) {
    std::error_code failure;
    std::vector<fs::path> found;
    fs::directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
        if (wanted(*entry)) found.push_back(entry->path());
    }
    if (failure) {
        return base::Error{folder.string(), "the folder cannot be read: " + failure.message(), ""};
    }
    std::sort(found.begin(), found.end());
    return found;
}

base::Result<std::vector<std::string>> classesIn(const fs::path& folder) {
    const auto folders = listed(folder, [](const fs::directory_entry& entry) {
        std::error_code ignored;
        return entry.is_directory(ignored) && !entry.path().filename().string().starts_with('.');
    });
    if (!folders) return folders.error();
    std::vector<std::string> names;
    for (const auto& path : *folders) names.push_back(path.filename().string());
    if (names.empty() || names.size() > kMostClasses) {
        return base::Error{folder.string(),
                           "there are " + std::to_string(names.size()) + " class folders",
                           "Put the pictures into one folder a class"};
    }
    return names;
}

struct Picture {
    fs::path path;
    std::uint16_t label;
};

base::Result<std::vector<Picture>> picturesIn(const fs::path& folder,
                                              const std::vector<std::string>& classes) {
    std::vector<Picture> pictures;
    for (std::size_t label = 0; label < classes.size(); ++label) {
        const fs::path place = folder / classes[label];
        const auto files = listed(place, [](const fs::directory_entry& entry) {
            std::error_code ignored;
            return entry.is_regular_file(ignored) && isPicture(entry.path());
        });
        if (!files) return files.error();
        if (files->empty()) {
            return base::Error{place.string(), "the folder of this class holds no picture",
                               "Add pictures (jpg, png, bmp, ppm, pgm, tga) or remove the folder"};
        }
        for (const auto& file : *files) {
            pictures.push_back({file, static_cast<std::uint16_t>(label)});
        }
    }
    return pictures;
}

base::Result<ImageSet> load(const fs::path& folder, const std::vector<std::string>& classes,
                            const model::ImageShape& shape) {
    const auto pictures = picturesIn(folder, classes);
    if (!pictures) return pictures.error();
    const std::size_t size = static_cast<std::size_t>(shape.channels) *
                             static_cast<std::size_t>(shape.height) *
                             static_cast<std::size_t>(shape.width);
    if (pictures->size() > kMostPixelBytes / size) {
        return base::Error{folder.string(),
                           std::to_string(pictures->size()) +
                               " pictures of that size do not fit into 8 GiB of memory",
                           "Use a subset of the classes or a smaller /network/input"};
    }
    ImageSet images;
    images.shape = shape;
    images.pixels.resize(pictures->size() * size);
    for (std::size_t i = 0; i < pictures->size(); ++i) {
        const auto read = readPicture((*pictures)[i].path, shape,
                                      std::span(images.pixels).subspan(i * size, size));
        if (!read) return read.error();
        images.labels.push_back((*pictures)[i].label);
    }
    return images;
}

fs::path testFolder(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_directory(folder / "val", ignored) ? folder / "val" : folder / "test";
}

}  // namespace

bool hasImageFolder(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_directory(folder / "train", ignored);
}

base::Result<std::vector<std::string>> classFolders(const fs::path& folder) {
    return classesIn(folder / "train");
}

base::Result<DataSet> loadImageFolder(const fs::path& folder, const model::ImageShape& shape) {
    if (shape.channels != 1 && shape.channels != 3) {
        return base::Error{folder.string(),
                           "pictures have 1 or 3 channels, the network's input has " +
                               std::to_string(shape.channels),
                           "Change /network/input"};
    }
    const fs::path testPlace = testFolder(folder);
    const auto classes = classesIn(folder / "train");
    if (!classes) return classes.error();
    const auto testClasses = classesIn(testPlace);
    if (!testClasses) return testClasses.error();
    if (*testClasses != *classes) {
        return base::Error{testPlace.string(),
                           "its classes are not those of the folder train (" +
                               std::to_string(testClasses->size()) + " and " +
                               std::to_string(classes->size()) + " class folders)",
                           "Give both the same class folders"};
    }
    auto train = load(folder / "train", *classes, shape);
    if (!train) return train.error();
    auto test = load(testPlace, *classes, shape);
    if (!test) return test.error();
    DataSet data;
    data.folder = folder.string();
    data.classes = static_cast<int>(classes->size());
    data.train = std::move(*train);
    data.test = std::move(*test);
    return data;
}

}  // namespace cohelix::learn

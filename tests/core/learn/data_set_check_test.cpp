// SPDX-License-Identifier: GPL-3.0-or-later
// A network held against a data set before its images are read, and where data sets are looked for.
#include "core/learn/data_set_check.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "core/base/units.h"

#include "tests/support/small_data.h"

namespace cohelix::learn {
namespace {

namespace fs = std::filesystem;

/// The environment's folder of data sets, for as long as this lives.
class DataSetsFolder {
public:
    explicit DataSetsFolder(const fs::path& folder) {
        if (const char* before = std::getenv("COHELIX_DATASETS")) m_before = before;
        setenv("COHELIX_DATASETS", folder.c_str(), 1);
    }
    ~DataSetsFolder() {
        if (m_before.empty()) {
            unsetenv("COHELIX_DATASETS");
        } else {
            setenv("COHELIX_DATASETS", m_before.c_str(), 1);
        }
    }
    DataSetsFolder(const DataSetsFolder&) = delete;
    DataSetsFolder& operator=(const DataSetsFolder&) = delete;

private:
    std::string m_before;
};

ImageSet grey(int side, int count) {
    ImageSet images;
    images.shape = {1, side, side};
    images.pixels.assign(static_cast<std::size_t>(side * side * count), 7);
    for (int i = 0; i < count; ++i) images.labels.push_back(static_cast<std::uint16_t>(i % 10));
    return images;
}

void writeSet(const fs::path& folder, int side) {
    fs::create_directories(folder);
    test::writeIdx(folder, "train", grey(side, 20), 20);
    test::writeIdx(folder, "t10k", grey(side, 10), 10);
}

spec::Specification digits(int side) {
    auto spec = spec::preset("fashion-mnist-zc706").value();
    spec.network.input = {1, side, side};
    return spec;
}

std::string fault(const spec::Specification& spec) {
    const auto fits = checkDataSet(spec.dataSet, spec.network);
    return fits ? "fits" : fits.error().where;
}

TEST(CheckDataSet, ReadsTheHeadersOfFilesThatAreHere) {
    const test::TemporaryFolder folder;
    writeSet(folder / "mine", 12);
    auto spec = digits(12);
    spec.dataSet.path = (folder / "mine").string();
    EXPECT_EQ(fault(spec), "fits");
    EXPECT_TRUE(loadDataSet(spec.dataSet, spec.network));
    spec.network.input.height = 28;
    EXPECT_EQ(fault(spec), "/network/input");
    EXPECT_EQ(loadDataSet(spec.dataSet, spec.network).error().where, "/network/input");
    spec = digits(12);
    spec.dataSet.path = (folder / "mine").string();
    spec.network.classes = 11;
    EXPECT_EQ(fault(spec), "/network/classes");
}

TEST(CheckDataSet, GoesByWhatIsPublishedWhereNothingIsHere) {
    const test::TemporaryFolder empty;
    const DataSetsFolder nowhere(empty.path());
    auto spec = digits(28);
    spec.dataSet.kind = spec::DataSetKind::Mnist;  // of which no package exists
    EXPECT_EQ(fault(spec), "fits");
    spec.network.input.width = 32;
    EXPECT_EQ(fault(spec), "/network/input");
    spec.dataSet.path = "files of my own";
    EXPECT_EQ(fault(spec), "fits") << "whose size nobody knows yet";
}

TEST(CheckDataSet, CountsTheClassFolders) {
    const test::TemporaryFolder folder;
    for (const char* name : {"cat", "dog", "owl"}) {
        fs::create_directories(folder / "train" / name);
    }
    auto spec = spec::preset("dna-imagenet-zc706").value();
    spec.dataSet.path = folder.path().string();
    EXPECT_EQ(fault(spec), "/network/classes");
    spec.network.classes = 3;
    EXPECT_EQ(fault(spec), "fits");
    spec.dataSet.path = (folder / "elsewhere").string();
    spec.network.classes = 17;
    EXPECT_EQ(fault(spec), "fits") << "the pictures may be on another machine";
}

TEST(DataSets, AreLookedForInTheEnvironmentsFolderWhereThePathIsNotHere) {
    const test::TemporaryFolder folder;
    const DataSetsFolder here(folder.path());
    auto spec = digits(12);
    const auto foundIn = [&](const std::string& path) -> std::string {
        spec.dataSet.path = path;
        const auto data = loadDataSet(spec.dataSet, spec.network);
        return data ? (*data)->folder : data.error().what;
    };
    EXPECT_NE(foundIn("/another/machine/shapes").find("was not found in /another/machine/shapes, "),
              std::string::npos);
    writeSet(folder / "fashion-mnist", 12);
    EXPECT_EQ(foundIn("/another/machine/shapes"), (folder / "fashion-mnist").string());
    writeSet(folder / "shapes", 12);
    EXPECT_EQ(foundIn("/another/machine/shapes"), (folder / "shapes").string());
    EXPECT_EQ(foundIn("shapes"), (folder / "shapes").string());
    writeSet(folder / "given", 12);
    EXPECT_EQ(foundIn((folder / "given").string()), (folder / "given").string())
        << "what the specification says comes first";
}

}  // namespace
}  // namespace cohelix::learn

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/dataset.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "tests/core/learn/made_data.h"

namespace cohelix::learn {
namespace {

namespace fs = std::filesystem;
using spec::DataSetKind;
using test::Bytes;
using test::TemporaryFolder;
using test::writeFile;

spec::NetworkSpace expecting(model::ImageShape shape, int classes) {
    spec::NetworkSpace network;
    network.input = shape;
    network.classes = classes;
    return network;
}

spec::DataSetSpec from(DataSetKind kind, const fs::path& folder) {
    spec::DataSetSpec spec;
    spec.kind = kind;
    spec.path = folder.string();
    return spec;
}

Bytes bigEndian(std::initializer_list<std::uint32_t> numbers) {
    Bytes bytes;
    for (const auto n : numbers) {
        for (const int shift : {24, 16, 8, 0}) {
            bytes.push_back(static_cast<std::uint8_t>(n >> shift));
        }
    }
    return bytes;
}

Bytes idxImages(std::uint32_t count, std::uint32_t side) {
    Bytes bytes = bigEndian({0x803, count, side, side});
    for (std::uint32_t i = 0; i < count * side * side; ++i) {
        bytes.push_back(static_cast<std::uint8_t>(i));
    }
    return bytes;
}

Bytes idxLabels(std::uint32_t count) {
    Bytes bytes = bigEndian({0x801, count});
    for (std::uint32_t i = 0; i < count; ++i) bytes.push_back(static_cast<std::uint8_t>(i % 10));
    return bytes;
}

/// A folder of small, whole MNIST files that a test then damages.
class IdxFiles : public testing::Test {
protected:
    IdxFiles() {
        writeFile(file("train-images-idx3-ubyte"), idxImages(20, 4));
        writeFile(file("train-labels-idx1-ubyte"), idxLabels(20));
        writeFile(file("t10k-images-idx3-ubyte"), idxImages(10, 4));
        writeFile(file("t10k-labels-idx1-ubyte"), idxLabels(10));
    }
    fs::path file(const std::string& name) const { return m_folder.path() / name; }
    base::Result<std::shared_ptr<const DataSet>> load() const {
        return loadDataSet(from(DataSetKind::Mnist, m_folder.path()), expecting({1, 4, 4}, 10));
    }
    void expectRefused(const std::string& name, const std::string& reason) const {
        const auto data = load();
        ASSERT_FALSE(data.ok());
        EXPECT_NE(data.error().where.find(name), std::string::npos) << base::toText(data.error());
        EXPECT_NE(data.error().what.find(reason), std::string::npos) << base::toText(data.error());
        EXPECT_FALSE(data.error().advice.empty());
    }
    TemporaryFolder m_folder;
};

TEST_F(IdxFiles, AreReadInOrderWithMeanAndDeviation) {
    const auto data = load();
    ASSERT_TRUE(data.ok()) << base::toText(data.error());
    const DataSet& set = **data;
    EXPECT_EQ(set.train.size(), 20U);
    EXPECT_EQ(set.test.size(), 10U);
    EXPECT_EQ(set.train.pixels[17], 17);
    EXPECT_EQ(set.train.labels[13], 3);
    EXPECT_EQ(set.folder, m_folder.path().string());
    double sum = 0;
    double squares = 0;
    for (const auto p : set.train.pixels) {
        sum += p / 255.0;
        squares += p / 255.0 * (p / 255.0);
    }
    const double mean = sum / 320;
    EXPECT_NEAR(set.mean.at(0), mean, 1e-6);
    EXPECT_NEAR(set.deviation.at(0), std::sqrt(squares / 320 - mean * mean), 1e-6);
}

TEST_F(IdxFiles, WithWrongMagicAreRefused) {
    Bytes bytes = idxImages(20, 4);
    bytes[3] = 1;
    writeFile(file("train-images-idx3-ubyte"), bytes);
    expectRefused("train-images-idx3-ubyte", "magic number 2049");
}

TEST_F(IdxFiles, ThatWereNotFetchedAreNamedAsSuch) {
    const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\n";
    writeFile(file("train-images-idx3-ubyte"), Bytes(pointer.begin(), pointer.end()));
    expectRefused("train-images-idx3-ubyte", "a pointer of Git LFS");
}

TEST_F(IdxFiles, ThatEndTooSoonAreRefused) {
    Bytes bytes = idxImages(20, 4);
    bytes.resize(bytes.size() - 7);
    writeFile(file("train-images-idx3-ubyte"), bytes);
    expectRefused("train-images-idx3-ubyte", "truncated: 7 bytes");
    writeFile(file("train-images-idx3-ubyte"), bigEndian({0x803, 20}));
    expectRefused("train-images-idx3-ubyte", "truncated");
}

TEST_F(IdxFiles, LongerThanTheirHeaderSaysAreRefused) {
    Bytes bytes = idxLabels(10);
    bytes.push_back(1);
    writeFile(file("t10k-labels-idx1-ubyte"), bytes);
    expectRefused("t10k-labels-idx1-ubyte", "longer");
}

TEST_F(IdxFiles, WithAnotherNumberOfLabelsAreRefused) {
    writeFile(file("train-labels-idx1-ubyte"), idxLabels(19));
    expectRefused("train-labels-idx1-ubyte", "19 labels for 20 images");
}

TEST_F(IdxFiles, WithALabelOutOfRangeAreRefused) {
    Bytes bytes = idxLabels(20);
    bytes[8 + 5] = 10;
    writeFile(file("train-labels-idx1-ubyte"), bytes);
    expectRefused("train-labels-idx1-ubyte", "label 10 of image 5");
}

TEST_F(IdxFiles, WithHugeSizesAreRefusedWithoutReservingThem) {
    writeFile(file("train-images-idx3-ubyte"), bigEndian({0x803, 9'000'000, 4096, 4096}));
    expectRefused("train-images-idx3-ubyte", "not plausible");
    writeFile(file("train-images-idx3-ubyte"), bigEndian({0x803, 0xffffffff, 4, 4}));
    expectRefused("train-images-idx3-ubyte", "4294967295 images");
}

TEST_F(IdxFiles, ThatSayMoreThanTheyHoldTakeNoMoreMemoryThanTheyHold) {
    writeFile(file("train-images-idx3-ubyte"), bigEndian({0x803, 10'000'000, 28, 28}));
    expectRefused("train-labels-idx1-ubyte", "20 labels for 10000000 images");
    writeFile(file("train-images-idx3-ubyte"), bigEndian({0x803, 20, 4096, 4096}));
    expectRefused("train-images-idx3-ubyte", "truncated: 335544320 bytes");
    writeFile(file("train-images-idx3-ubyte"), idxImages(20, 4));
    writeFile(file("train-labels-idx1-ubyte"), bigEndian({0x801, 10'000'000}));
    expectRefused("train-labels-idx1-ubyte", "truncated: 10000000 bytes");
    writeFile(file("train-labels-idx1-ubyte"), idxLabels(20));
    rusage usage{};
    ASSERT_EQ(getrusage(RUSAGE_SELF, &usage), 0);
    EXPECT_LT(usage.ru_maxrss, 2L << 20) << "KiB, at the most so far";
}

TEST_F(IdxFiles, OfWhichOneIsMissingNameIt) {
    fs::remove(file("t10k-images-idx3-ubyte"));
    expectRefused("t10k-images-idx3-ubyte", "missing");
}

TEST_F(IdxFiles, ThatAreNoFilesOrDamagedArchivesAreRefused) {
    fs::remove(file("t10k-images-idx3-ubyte"));
    Bytes bytes = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    writeFile(file("t10k-images-idx3-ubyte.gz"), bytes);
    expectRefused("t10k-images-idx3-ubyte.gz", "cannot be read or unpacked");
}

TEST_F(IdxFiles, OfAnotherShapeOrClassCountThanTheNetworkAreRefused) {
    const auto spec = from(DataSetKind::Mnist, m_folder.path());
    const auto shape = loadDataSet(spec, expecting({1, 28, 28}, 10));
    ASSERT_FALSE(shape.ok());
    EXPECT_EQ(shape.error().where, "/network/input");
    EXPECT_NE(shape.error().what.find("1 x 28 x 28"), std::string::npos);
    const auto classes = loadDataSet(spec, expecting({1, 4, 4}, 12));
    ASSERT_FALSE(classes.ok());
    EXPECT_EQ(classes.error().where, "/network/classes");
}

TEST(DataSets, ThatAreMissingSayWhereTheyWereLookedForAndHowToGetThem) {
    const TemporaryFolder folder;
    setenv("COHELIX_DATASETS", folder.path().c_str(), 1);
    spec::DataSetSpec spec;
    for (const auto kind : {DataSetKind::Mnist, DataSetKind::Cifar10, DataSetKind::Cifar100,
                            DataSetKind::ImageFolder}) {
        spec.kind = kind;
        const auto data = loadDataSet(spec, expecting({1, 28, 28}, 10));
        ASSERT_FALSE(data.ok());
        EXPECT_NE(data.error().what.find(folder.path().string()), std::string::npos);
        EXPECT_NE(data.error().what.find("/usr/share/datasets"), std::string::npos);
        EXPECT_NE(data.error().advice.find("/data_set/path"), std::string::npos);
    }
    writeFile(folder.path() / "mnist/train-images-idx3-ubyte", idxImages(20, 4));
    writeFile(folder.path() / "mnist/train-labels-idx1-ubyte", idxLabels(20));
    writeFile(folder.path() / "mnist/t10k-images-idx3-ubyte", idxImages(10, 4));
    writeFile(folder.path() / "mnist/t10k-labels-idx1-ubyte", idxLabels(10));
    spec.kind = DataSetKind::Mnist;
    EXPECT_TRUE(loadDataSet(spec, expecting({1, 4, 4}, 10)).ok());
    unsetenv("COHELIX_DATASETS");
}

TEST(FashionMnist, OfThePackageHasItsPublishedCounts) {
    if (!fs::exists("/usr/share/datasets/fashion-mnist")) {
        GTEST_SKIP() << "NOT TESTED: the package dataset-fashion-mnist is not installed";
    }
    const auto data =
        loadDataSet(from(DataSetKind::FashionMnist, "/usr/share/datasets/fashion-mnist"),
                    expecting({1, 28, 28}, 10));
    ASSERT_TRUE(data.ok()) << base::toText(data.error());
    const DataSet& set = **data;
    EXPECT_EQ(set.train.size(), 60'000U);
    EXPECT_EQ(set.test.size(), 10'000U);
    for (std::uint16_t label = 0; label < 10; ++label) {
        EXPECT_EQ(std::ranges::count(set.train.labels, label), 6'000);
        EXPECT_EQ(std::ranges::count(set.test.labels, label), 1'000);
    }
    EXPECT_NEAR(set.mean.at(0), 0.2860, 5e-5);  // as published with the data
    EXPECT_NEAR(set.deviation.at(0), 0.3530, 5e-5);
}

Bytes cifarRecords(int count, int classes, bool hundred) {
    Bytes bytes;
    for (int i = 0; i < count; ++i) {
        if (hundred) bytes.push_back(static_cast<std::uint8_t>(i % 20));
        bytes.push_back(static_cast<std::uint8_t>(i % classes));
        for (int p = 0; p < 3072; ++p) bytes.push_back(static_cast<std::uint8_t>(p / 1024 + i));
    }
    return bytes;
}

void writeCifar10(const fs::path& folder) {
    for (int batch = 1; batch <= 5; ++batch) {
        writeFile(folder / ("data_batch_" + std::to_string(batch) + ".bin"),
                  cifarRecords(10, 10, false));
    }
    writeFile(folder / "test_batch.bin", cifarRecords(10, 10, false));
}

TEST(Cifar, TenIsReadFromItsFolderOrTheOneAround) {
    for (const std::string inside : {"", "cifar-10-batches-bin"}) {
        const TemporaryFolder folder;
        writeCifar10(folder.path() / inside);
        const auto data =
            loadDataSet(from(DataSetKind::Cifar10, folder.path()), expecting({3, 32, 32}, 10));
        ASSERT_TRUE(data.ok()) << base::toText(data.error());
        const ImageSet& train = (*data)->train;
        EXPECT_EQ(train.size(), 50U);
        EXPECT_EQ((*data)->test.size(), 10U);
        EXPECT_EQ(train.labels[17], 7);
        EXPECT_EQ(train.pixels[17 * 3072 + 2048], 2 + 7) << "the blue plane of image 17";
    }
}

TEST(Cifar, DamageIsNamed) {
    const TemporaryFolder folder;
    const auto refusal = [&] {
        const auto data =
            loadDataSet(from(DataSetKind::Cifar10, folder.path()), expecting({3, 32, 32}, 10));
        return data ? std::string("loaded") : base::toText(data.error());
    };
    EXPECT_NE(refusal().find("was not found in " + folder.path().string()), std::string::npos)
        << "an empty folder: " << refusal();
    writeCifar10(folder.path());
    Bytes cut = cifarRecords(10, 10, false);
    cut.resize(cut.size() - 100);
    writeFile(folder.path() / "data_batch_3.bin", cut);
    EXPECT_NE(refusal().find("data_batch_3.bin: the file is truncated in image 9 (byte 30630)"),
              std::string::npos)
        << refusal();
    writeFile(folder.path() / "data_batch_3.bin", cifarRecords(12, 12, false));
    EXPECT_NE(refusal().find("label 10 of image 10 is out of range (byte 30730); there are "
                             "10 classes"),
              std::string::npos)
        << refusal();
    writeFile(folder.path() / "data_batch_3.bin", {});
    EXPECT_NE(refusal().find("is empty"), std::string::npos) << refusal();
    fs::remove(folder.path() / "data_batch_3.bin");
    EXPECT_NE(refusal().find("data_batch_3.bin: the file is missing"), std::string::npos)
        << refusal();
}

TEST(Cifar, HundredUsesTheFineLabels) {
    const TemporaryFolder folder;
    writeFile(folder.path() / "cifar-100-binary/train.bin", cifarRecords(120, 100, true));
    writeFile(folder.path() / "cifar-100-binary/test.bin", cifarRecords(30, 100, true));
    const auto spec = from(DataSetKind::Cifar100, folder.path());
    const auto data = loadDataSet(spec, expecting({3, 32, 32}, 100));
    ASSERT_TRUE(data.ok()) << base::toText(data.error());
    EXPECT_EQ((*data)->train.size(), 120U);
    EXPECT_EQ((*data)->train.labels[57], 57);
    EXPECT_FALSE(loadDataSet(spec, expecting({3, 32, 32}, 10)).ok());
    Bytes bytes = cifarRecords(3, 100, true);
    bytes[0] = 20;
    writeFile(folder.path() / "cifar-100-binary/test.bin", bytes);
    const auto damaged = loadDataSet(spec, expecting({3, 32, 32}, 100));
    ASSERT_FALSE(damaged.ok());
    EXPECT_NE(damaged.error().what.find("label 20"), std::string::npos);
}

/// A binary PPM of two colours, the left and the right half.
Bytes picture(int width, int height, std::uint8_t left, std::uint8_t right) {
    const std::string header =
        "P6\n" + std::to_string(width) + " " + std::to_string(height) + "\n255\n";
    Bytes bytes(header.begin(), header.end());
    for (int i = 0; i < width * height; ++i) {
        bytes.insert(bytes.end(), 3, i % width < width / 2 ? left : right);
    }
    return bytes;
}

class ImageFolder : public testing::Test {
protected:
    ImageFolder() {
        for (const char* part : {"train", "val"}) {
            writeFile(m_folder.path() / part / "bee/1.ppm", picture(60, 40, 10, 200));
            writeFile(m_folder.path() / part / "ant/1.ppm", picture(40, 60, 90, 90));
            writeFile(m_folder.path() / part / "ant/2.PPM", picture(8, 8, 30, 30));
            writeFile(m_folder.path() / part / "ant/notes.txt", {'x'});
        }
    }
    base::Result<std::shared_ptr<const DataSet>> load(model::ImageShape shape = {3, 20, 20}) const {
        return loadDataSet(from(DataSetKind::ImageFolder, m_folder.path()), expecting(shape, 2));
    }
    TemporaryFolder m_folder;
};

TEST_F(ImageFolder, IsReadWithClassesInAlphabeticalOrder) {
    const auto data = load();
    ASSERT_TRUE(data.ok()) << base::toText(data.error());
    const ImageSet& train = (*data)->train;
    EXPECT_EQ(train.labels, (std::vector<std::uint16_t>{0, 0, 1}));
    EXPECT_TRUE(std::all_of(train.pixels.begin(), train.pixels.begin() + 1200,
                            [](int p) { return p == 90; }));
    EXPECT_TRUE(std::all_of(train.pixels.begin() + 1200, train.pixels.begin() + 2400,
                            [](int p) { return p == 30; }));
}

TEST_F(ImageFolder, ScalesTheShorterSideAndCropsTheCentre) {
    const auto data = load();
    ASSERT_TRUE(data.ok()) << base::toText(data.error());
    const auto* bee = (*data)->train.pixels.data() + 2400;  // 60 x 40 to 30 x 20, columns 5 to 24
    for (int y = 0; y < 20; ++y) {
        EXPECT_EQ(bee[y * 20 + 8], 10);
        EXPECT_EQ(bee[y * 20 + 11], 200);
        EXPECT_EQ(int(bee[y * 20 + 9]) + bee[y * 20 + 10], 210) << "the edge is in the middle";
    }
    EXPECT_TRUE(load({1, 20, 20}).ok()) << "as grey";
}

TEST_F(ImageFolder, NamesWhatIsDamaged) {
    writeFile(m_folder.path() / "val/ant/1.ppm", {'n', 'o', 'n', 'e'});
    auto data = load();
    ASSERT_FALSE(data.ok());
    EXPECT_NE(data.error().where.find("val/ant/1.ppm"), std::string::npos);
    fs::remove_all(m_folder.path() / "val/ant");
    data = load();
    ASSERT_FALSE(data.ok());
    EXPECT_NE(data.error().what.find("1 and 2 class folders"), std::string::npos)
        << base::toText(data.error());
    fs::create_directories(m_folder.path() / "val/ant");
    data = load();
    ASSERT_FALSE(data.ok());
    EXPECT_NE(data.error().what.find("no picture"), std::string::npos);
    fs::remove_all(m_folder.path() / "val");
    EXPECT_FALSE(load().ok());
}

TEST_F(ImageFolder, RefusesPicturesThatClaimHugeSizes) {
    const std::string header = "P6\n16000 16000\n255\n";
    writeFile(m_folder.path() / "train/ant/1.ppm", Bytes(header.begin(), header.end()));
    const auto data = load();
    ASSERT_FALSE(data.ok());
    EXPECT_NE(data.error().what.find("67,108,864"), std::string::npos);
}

TEST(Split, IsDisjointCompleteAndReproducible) {
    const auto data = test::stripesData({1, 4, 4}, 10, 1000, 10);
    const DataSplit split = splitTraining(*data, 0.1, 0.5, 7);
    EXPECT_EQ(split.validation.size(), 100U);
    EXPECT_EQ(split.weights.size(), 450U);
    EXPECT_EQ(split.architecture.size(), 450U);
    std::set<std::uint32_t> all;
    for (const auto* part : {&split.weights, &split.architecture, &split.validation}) {
        all.insert(part->begin(), part->end());
    }
    EXPECT_EQ(all.size(), 1000U);
    EXPECT_EQ(*all.rbegin(), 999U);
    EXPECT_EQ(splitTraining(*data, 0.1, 0.5, 7).weights, split.weights);
    EXPECT_NE(splitTraining(*data, 0.1, 0.5, 8).weights, split.weights);
    EXPECT_EQ(splitTraining(*data, 0.1, 0.8, 7).validation, split.validation);
}

}  // namespace
}  // namespace cohelix::learn

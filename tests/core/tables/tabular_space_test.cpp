// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of accuracies: what is read, and what is refused with its place.
#include "core/tables/tabular_space.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace cohelix::tables {
namespace {

/// A file with this text, removed with the object.
class TableFile {
public:
    explicit TableFile(const std::string& text) {
        std::string name = (std::filesystem::temp_directory_path() / "table-XXXXXX").string();
        close(mkstemp(name.data()));
        m_path = name;
        std::ofstream(m_path) << text;
    }
    ~TableFile() { std::filesystem::remove(m_path); }
    TableFile(const TableFile&) = delete;
    TableFile& operator=(const TableFile&) = delete;
    const std::filesystem::path& path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

std::string refusalOf(const std::string& text) {
    const TableFile file(text);
    const auto space = readNasBenchMacro(file.path());
    return space ? "" : base::toText(space.error());
}

TEST(TabularSpace, RefusesWhatIsNoWholeTable) {
    EXPECT_NE(refusalOf("arch,accuracy\n00000000,50\n").find("acc_mean"), std::string::npos);
    EXPECT_NE(refusalOf("arch,acc_mean\n00000003,50\n").find("'00000003' is no network"),
              std::string::npos);
    EXPECT_NE(refusalOf("arch,acc_mean\n00000000,150\n").find("from 0 to 100"), std::string::npos);
    EXPECT_NE(refusalOf("arch,acc_mean\n00000000,abc\n").find("line 2"), std::string::npos);
    EXPECT_NE(refusalOf("arch,acc_mean\n00000000,50\n00000000,50\n").find("twice"),
              std::string::npos);
    EXPECT_NE(
        refusalOf("arch,acc_mean\n00000000,50\n").find("6560 of the 6561 networks are missing"),
        std::string::npos);
    EXPECT_NE(refusalOf("arch,acc_mean\n00000000,nan\n"), "");
    EXPECT_FALSE(readNasBench201("/nowhere.csv", "cifar10"));
    EXPECT_FALSE(readNasBench201("/nowhere.csv", "mnist"));
}

TEST(TabularSpace, NumbersNetworksBothWays) {
    const auto path = std::filesystem::path(COHELIX_DATA) / "nasbench201.csv";
    if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
    const auto space = readNasBench201(path, "cifar100");
    ASSERT_TRUE(space) << base::toText(space.error());
    EXPECT_EQ(space->networks(), 15625u);
    for (const std::size_t i : {0u, 1u, 77u, 15624u}) {
        EXPECT_EQ(space->indexOf(space->optionsOf(i)), i);
        EXPECT_FALSE(space->network(i).layers.empty());
    }
    // The first row of the table.
    const auto first = space->indexOf({4, 2, 1, 2, 1, 1});
    EXPECT_EQ(space->nameOf(first), "|pool3x3~0|+|conv1x1~0|skip~1|+|conv1x1~0|skip~1|skip~2|");
    EXPECT_NEAR(space->accuracies[first], 52.9133, 1e-4);
}

}  // namespace
}  // namespace cohelix::tables

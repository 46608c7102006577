// SPDX-License-Identifier: GPL-3.0-or-later
// Exports follow the links that their user laid, and none that somebody else could have laid.
#include "core/interop/output_file.h"

#include "tests/core/interop/samples.h"

namespace cohelix::interop {
namespace {

namespace fs = std::filesystem;

TEST(OutputFile, GoesThroughTheUsersLinkButNoPlantedOne) {
    const samples::Folder folder;
    const auto precious = folder.file("precious");
    ASSERT_TRUE(writeFile(precious, "untouched"));
    const auto path = folder.file("design.json");
    fs::create_symlink(precious, path + ".part");
    ASSERT_TRUE(writeFile(path, "content"));
    EXPECT_EQ(samples::contentOf(path), "content");
    EXPECT_EQ(samples::contentOf(precious), "untouched");
    fs::create_symlink(path, folder.file("link"));
    ASSERT_TRUE(writeFile(folder.file("link"), "through"));
    EXPECT_TRUE(fs::is_symlink(folder.file("link")));
    EXPECT_EQ(samples::contentOf(path), "through");
}

TEST(OutputFile, LeavesNothingBesideIt) {
    const samples::Folder folder;
    ASSERT_TRUE(writeFile(folder.file("a"), std::string(100'000, 'x')));
    fs::create_directory(folder.file("taken"));
    EXPECT_FALSE(writeFile(folder.file("taken"), "x"));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 2);
}

}  // namespace
}  // namespace cohelix::interop

// SPDX-License-Identifier: GPL-3.0-or-later
// Exports go through no link: it could have been laid by somebody else.
#include "core/base/output_file.h"

#include "tests/core/interop/samples.h"

namespace cohelix::interop {
namespace {

namespace fs = std::filesystem;

TEST(OutputFile, GoesThroughNoLinkToAFile) {
    const samples::Folder folder;
    const auto precious = folder.file("precious");
    ASSERT_TRUE(base::writeFile(precious, "untouched"));
    const auto path = folder.file("design.json");
    fs::create_symlink(precious, path + ".part");
    ASSERT_TRUE(base::writeFile(path, "content"));
    EXPECT_EQ(samples::contentOf(path), "content");
    EXPECT_EQ(samples::contentOf(precious), "untouched");
    for (const auto& target : {precious, folder.file("nowhere")}) {
        const auto link = folder.file("link");
        fs::remove(link);
        fs::create_symlink(target, link);
        ASSERT_TRUE(base::writeFile(link, "instead"));
        EXPECT_FALSE(fs::is_symlink(link));
        EXPECT_EQ(samples::contentOf(link), "instead");
    }
    EXPECT_EQ(samples::contentOf(precious), "untouched");
    EXPECT_FALSE(fs::exists(folder.file("nowhere")));
    fs::create_symlink("/dev/null", folder.file("device"));
    ASSERT_TRUE(base::writeFile(folder.file("device"), "gone"));
    EXPECT_TRUE(fs::is_symlink(folder.file("device")));
}

TEST(OutputFile, LeavesNothingBesideIt) {
    const samples::Folder folder;
    ASSERT_TRUE(base::writeFile(folder.file("a"), std::string(100'000, 'x')));
    fs::create_directory(folder.file("taken"));
    EXPECT_FALSE(base::writeFile(folder.file("taken"), "x"));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 2);
}

}  // namespace
}  // namespace cohelix::interop

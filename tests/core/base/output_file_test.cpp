// SPDX-License-Identifier: GPL-3.0-or-later
// Exports go through no link: it could have been laid by somebody else.
#include "core/base/output_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/platform/file.h"

#include "tests/support/temporary_folder.h"

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;

TEST(OutputFile, GoesThroughNoLinkToAFile) {
    const test::TemporaryFolder folder;
    const auto precious = folder.file("precious");
    ASSERT_TRUE(writeFile(precious, "untouched"));
    const auto path = folder.file("design.json");
    fs::create_symlink(precious, path + ".part");
    ASSERT_TRUE(writeFile(path, "content"));
    EXPECT_EQ(test::contentOf(path), "content");
    EXPECT_EQ(test::contentOf(precious), "untouched");
    for (const auto& target : {precious, folder.file("nowhere")}) {
        const auto link = folder.file("link");
        fs::remove(link);
        fs::create_symlink(target, link);
        ASSERT_TRUE(writeFile(link, "instead"));
        EXPECT_FALSE(fs::is_symlink(link));
        EXPECT_EQ(test::contentOf(link), "instead");
    }
    EXPECT_EQ(test::contentOf(precious), "untouched");
    EXPECT_FALSE(fs::exists(folder.file("nowhere")));
    fs::create_symlink("/dev/null", folder.file("device"));
    ASSERT_TRUE(writeFile(folder.file("device"), "gone"));
    EXPECT_TRUE(fs::is_symlink(folder.file("device")));
}

TEST(OutputFile, ReplacesFilesInMemoryToo) {
    const std::string path = "/dev/shm/cohelix-output-" + std::to_string(::getpid());
    if (!platform::mayWriteInto("/dev/shm")) GTEST_SKIP() << "no file can be made in /dev/shm";
    ASSERT_TRUE(writeFile(path, "a long content"));
    ASSERT_TRUE(writeFile(path, "short"));
    EXPECT_EQ(test::contentOf(path), "short");
    fs::remove(path);
}

TEST(OutputFile, LeavesNothingBesideIt) {
    const test::TemporaryFolder folder;
    ASSERT_TRUE(writeFile(folder.file("a"), std::string(100'000, 'x')));
    fs::create_directory(folder.file("taken"));
    EXPECT_FALSE(writeFile(folder.file("taken"), "x"));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 2);
}

}  // namespace
}  // namespace cohelix::base

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/platform/file.h"

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temporary_folder.h"

namespace cohelix::platform {
namespace {

namespace fs = std::filesystem;

class PlatformFile : public testing::Test {
protected:
    fs::path at(const std::string& name) const { return m_folder.path() / name; }
    fs::path holding(const std::string& name, const std::string& text) const {
        std::ofstream(at(name)) << text;
        return at(name);
    }
    std::error_code problem;

private:
    test::TemporaryFolder m_folder;
};

TEST_F(PlatformFile, IsMadeWhereThereIsNothingNotEvenALink) {
    auto made = File::create(at("new"), problem);
    ASSERT_FALSE(problem);
    made.write("text", problem);
    ASSERT_FALSE(problem);
    made.finish(problem);
    ASSERT_FALSE(problem);
    EXPECT_FALSE(made.isOpen());
    EXPECT_EQ(test::contentOf(at("new")), "text");
    fs::create_symlink(at("nowhere"), at("link"));
    for (const char* taken : {"new", "link"}) {
        EXPECT_FALSE(File::create(at(taken), problem).isOpen());
        EXPECT_EQ(problem, std::errc::file_exists) << taken;
    }
    EXPECT_FALSE(fs::exists(at("nowhere")));
}

TEST_F(PlatformFile, TakesAnothersPlaceOrAFreeNameAlone) {
    replace(holding("a", "first"), holding("b", "second"), problem);
    EXPECT_FALSE(problem);
    EXPECT_FALSE(fs::exists(at("a")));
    EXPECT_EQ(test::contentOf(at("b")), "first");
    takeFreeName(holding("c", "third"), at("b"), problem);
    EXPECT_EQ(problem, std::errc::file_exists);
    fs::create_symlink(at("nowhere"), at("link"));
    takeFreeName(at("c"), at("link"), problem);
    EXPECT_EQ(problem, std::errc::file_exists) << "a link has the name";
    takeFreeName(at("c"), at("free"), problem);
    EXPECT_FALSE(problem);
    EXPECT_EQ(test::contentOf(at("free")), "third");
    EXPECT_EQ(test::contentOf(at("b")), "first");
}

TEST_F(PlatformFile, IsKnownByWhatItIsWhateverItsName) {
    const auto path = holding("a", "bytes");
    const auto file = File::open(path, File::For::Reading, problem);
    ASSERT_FALSE(problem);
    fs::create_symlink(path, at("link"));
    for (const char* name : {"a", "link"}) {
        const auto status = statusOf(at(name), problem);
        EXPECT_EQ(status.id, file.status(problem).id);
        EXPECT_EQ(status.size, 5u);
    }
    EXPECT_NE(statusOf(holding("other", "bytes"), problem).id, file.status(problem).id);
    fs::rename(path, at("moved"));
    ASSERT_TRUE(file.nameNow());
    EXPECT_EQ(fs::canonical(*file.nameNow()), fs::canonical(at("moved")));
    fs::remove(at("moved"));
    EXPECT_FALSE(file.nameNow());
    statusOf(at("moved"), problem);
    EXPECT_EQ(problem, std::errc::no_such_file_or_directory);
}

TEST_F(PlatformFile, TellsPipesAndFoldersFromFilesWithoutWaiting) {
    ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
    EXPECT_EQ(statusOf(at("pipe"), problem).kind, FileKind::Pipe);
    EXPECT_EQ(statusOf(at("."), problem).kind, FileKind::Folder);
    EXPECT_EQ(statusOf("/dev/null", problem).kind, FileKind::CharacterDevice);
    // Nobody writes to it.
    const auto pipe = File::open(at("pipe"), File::For::Reading, problem);
    EXPECT_TRUE(pipe.isOpen());
    EXPECT_EQ(pipe.status(problem).size, 0u);
}

TEST_F(PlatformFile, LocksAByteFarBehindItsEnd) {
    constexpr std::uint64_t kByte = std::uint64_t{1} << 61;
    const auto path = holding("a", "bytes");
    auto one = File::open(path, File::For::Changing, problem);
    auto other = File::open(path, File::For::Changing, problem);
    one.lockByte(kByte, problem);
    EXPECT_FALSE(problem);
    EXPECT_TRUE(other.byteIsLocked(kByte));
    EXPECT_FALSE(other.byteIsLocked(kByte + 1));
    other.lockByte(kByte, problem);
    EXPECT_EQ(problem, std::errc::resource_unavailable_try_again);
    one.unlockByte(kByte);
    other.lockByte(kByte, problem);
    EXPECT_FALSE(problem);
    other = File();
    EXPECT_FALSE(one.byteIsLocked(kByte)) << "gone with the file";
}

TEST_F(PlatformFile, ReadsFromAnyPlaceAndSaysWhatFails) {
    const auto path = holding("a", "0123456789");
    auto file = File::open(path, File::For::Reading, problem);
    std::string bytes(4, '?');
    EXPECT_EQ(file.readAt(8, bytes.data(), bytes.size(), problem), 2u);
    EXPECT_EQ(bytes.substr(0, 2), "89");
    EXPECT_EQ(file.readAt(10, bytes.data(), bytes.size(), problem), 0u);
    EXPECT_EQ(file.read(bytes.data(), bytes.size(), problem), 4u);
    EXPECT_EQ(bytes, "0123");
    if (fs::exists("/dev/full")) {
        auto full = File::open("/dev/full", File::For::Changing, problem);
        full.write("x", problem);
        EXPECT_EQ(problem, std::errc::no_space_on_device);
    }
    EXPECT_FALSE(File::open(at("missing"), File::For::Reading, problem).isOpen());
    EXPECT_EQ(problem, std::errc::no_such_file_or_directory);
    syncFolder(at("."), problem);
    EXPECT_FALSE(problem);
    EXPECT_TRUE(mayWriteInto(at(".")));
    EXPECT_FALSE(mayWriteInto(at("missing")));
}

}  // namespace
}  // namespace cohelix::platform

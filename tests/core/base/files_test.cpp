// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and making files by name: what is refused at once, and what a planted link cannot do.
#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/csv.h"
#include "core/base/draft_file.h"
#include "core/base/text_file.h"

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
protected:
    Files() {
        std::string name = (fs::temp_directory_path() / "cohelix-XXXXXX").string();
        m_folder = ::mkdtemp(name.data());
    }
    ~Files() override { fs::remove_all(m_folder); }

    fs::path file(const std::string& name) const { return m_folder / name; }
    fs::path written(const std::string& name, const std::string& content) const {
        std::ofstream(file(name), std::ios::binary) << content;
        return file(name);
    }
    static std::string contentOf(const fs::path& path) {
        std::ifstream stream(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(stream), {}};
    }
    static void expectRefused(const fs::path& path, const std::string& what) {
        const auto read = readText(path);
        ASSERT_FALSE(read) << path;
        EXPECT_EQ(read.error().where, path.string());
        EXPECT_NE(read.error().what.find(what), std::string::npos) << toText(read.error());
        EXPECT_FALSE(read.error().advice.empty());
    }
    std::size_t count() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(m_folder), fs::directory_iterator()));
    }

    fs::path m_folder;
};

TEST_F(Files, AreReadAsTheyAre) {
    EXPECT_EQ(readText(written("empty", "")).value(), "");
    const std::string content("a\0b\r\n\xFF", 6);
    EXPECT_EQ(readText(written("bytes", content)).value(), content);
    EXPECT_EQ(readBytes(file("bytes"), 6).value().size(), 6U);
    const std::string large(3'000'000, 'x');
    EXPECT_EQ(readText(written("large", large)).value(), large);
    fs::create_symlink(file("bytes"), file("link"));
    EXPECT_EQ(readText(file("link")).value(), content);
}

TEST_F(Files, BeyondTheLimitAreRefused) {
    written("seven", "7 bytes");
    EXPECT_TRUE(readText(file("seven"), 7));
    const auto read = readText(file("seven"), 6);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().what.find("larger than"), std::string::npos);
    fs::resize_file(written("sparse", ""), std::uintmax_t{1} << 40);
    expectRefused(file("sparse"), "larger than 64 MiB");
}

TEST_F(Files, ThatAreNoneAreRefusedAtOnce) {
    expectRefused(file("missing"), "no such file");
    expectRefused(m_folder, "folder");
    expectRefused("/dev/zero", "device");
    expectRefused("/dev/null", "device");
    ASSERT_EQ(::mkfifo(file("pipe").c_str(), 0600), 0);
    expectRefused(file("pipe"), "named pipe");  // that nobody ever writes to
    fs::create_symlink(file("pipe"), file("link"));
    expectRefused(file("link"), "named pipe");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto name = file("socket").string();
    ASSERT_LT(name.size(), sizeof address.sun_path);
    name.copy(address.sun_path, name.size());
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    ASSERT_EQ(::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    expectRefused(file("socket"), "socket");
    ::close(socket);
}

TEST_F(Files, ThatAreOpenAlreadyAreReadByTheirNumber) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    ASSERT_EQ(::write(ends[1], "from a shell", 12), 12);
    ::close(ends[1]);
    const auto name = "/dev/fd/" + std::to_string(ends[0]);
    EXPECT_EQ(readText(name).value(), "from a shell");
    ::close(ends[0]);
}

TEST_F(Files, TakeTheirPlaceAsAWholeOrNotAtAll) {
    const auto target = written("target", "old");
    {
        auto draft = DraftFile::beside(target).value();
        ASSERT_TRUE(draft.write("new"));
        EXPECT_EQ(contentOf(target), "old");
    }
    EXPECT_EQ(count(), 1U) << "a draft that was given up is gone";
    auto draft = DraftFile::beside(target).value();
    ASSERT_TRUE(draft.write("ne"));
    ASSERT_TRUE(draft.write("w"));
    ASSERT_TRUE(draft.setPermissions(fs::perms::owner_read));
    ASSERT_TRUE(draft.replace());
    EXPECT_EQ(contentOf(target), "new");
    EXPECT_EQ(fs::status(target).permissions(), fs::perms::owner_read);
    EXPECT_EQ(count(), 1U);
    EXPECT_FALSE(DraftFile::beside(file("no/folder")));
}

TEST_F(Files, ThatAreNewTakeNoNameThatIsTaken) {
    const auto target = file("target");
    auto first = DraftFile::beside(target).value();
    auto second = DraftFile::beside(target).value();
    ASSERT_TRUE(first.write("first") && second.write("second"));
    ASSERT_TRUE(first.takeFreeName());
    const auto refused = second.takeFreeName();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().what.find("already"), std::string::npos);
    EXPECT_EQ(contentOf(target), "first");
}

TEST_F(Files, DraftsHaveNamesThatCannotBeForeseen) {
    const auto first = DraftFile::beside(file("x")).value();
    const auto second = DraftFile::beside(file("x")).value();
    EXPECT_NE(first.path(), second.path());
    EXPECT_EQ(count(), 2U);
}

TEST(Tables, OfOtherCharacterSetsAreRefusedWithTheLine) {
    const auto table = CsvTable::parse("name,value\ncaf\xC3\xA9,1\ncaf\xE9,2\n", "t.csv", {"name"});
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().where, "t.csv, line 3");
    EXPECT_NE(table.error().what.find("UTF-8"), std::string::npos);
    EXPECT_TRUE(CsvTable::parse("name,value\ncaf\xC3\xA9,1\n", "t.csv", {"name"}));
}

}  // namespace
}  // namespace cohelix::base

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/program_module.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

namespace cohelix::base {
namespace {

TEST(ProgramModule, SaysThatItIsNotInstalled) {
    const auto symbol = symbolOfModule("cohelix_nowhere", "entry");
    ASSERT_FALSE(symbol.ok());
    EXPECT_EQ(symbol.error().where, "cohelix_nowhere");
    EXPECT_EQ(symbol.error().what, "this part of the program is not installed");
}

#ifdef __linux__
TEST(ProgramModule, SaysWhyItCannotBeLoaded) {
    const auto file =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "cohelix_damaged.so";
    std::ofstream(file) << "not a library";
    const auto symbol = symbolOfModule("cohelix_damaged", "entry");
    std::filesystem::remove(file);
    ASSERT_FALSE(symbol.ok());
    EXPECT_EQ(symbol.error().where, file.string());
    EXPECT_EQ(symbol.error().what.rfind("it cannot be loaded: ", 0), 0U) << symbol.error().what;
    EXPECT_EQ(symbol.error().what.find('\n'), std::string::npos);
}
#endif

}  // namespace
}  // namespace cohelix::base

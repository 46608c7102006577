// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/draft_file.h"

#include <random>
#include <utility>

namespace cohelix::base {
namespace {

namespace fs = std::filesystem;

std::string randomLetters() {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
    constexpr int kCount = 12;  // 60 bits
    std::random_device random;
    std::string letters;
    for (int i = 0; i < kCount; ++i) letters += kLetters[random() % kLetters.size()];
    return letters;
}

}  // namespace

Error writeError(const std::string& path, std::error_code code) {
    const auto is = [&](std::errc condition) { return code == condition; };
    if (is(std::errc::no_such_file_or_directory)) {
        return {path, "the folder does not exist", "Create it, or choose another one"};
    }
    if (is(std::errc::not_a_directory)) {
        return {path, "a part of the path is not a folder", "Check the path"};
    }
    if (is(std::errc::is_a_directory)) {
        return {path, "this is a folder", "Give the name of a file in it"};
    }
    if (is(std::errc::permission_denied) || is(std::errc::operation_not_permitted) ||
        is(std::errc::read_only_file_system)) {
        return {path, "the folder may not be written to", "Choose a folder of your own"};
    }
    if (is(std::errc::file_exists)) {
        return {path, "there is a file of that name already",
                "Open that file, or choose another name"};
    }
    if (is(std::errc::no_space_on_device)) {
        return {path, "the disk is full", "Free some space, or choose another disk"};
    }
    if (is(std::errc::file_too_large)) {
        return {path, "the file size limit of this session is reached",
                "Raise it (ulimit -f), or write less"};
    }
    if (is(std::errc::filename_too_long)) {
        return {path, "the name is too long", "Choose a shorter one"};
    }
    return {path, "the file could not be written: " + code.message(),
            "Check the path and the disk"};
}

Error writeError(const std::string& path, std::errc condition) {
    return writeError(path, std::make_error_code(condition));
}

std::string draftNameBeside(const fs::path& target) {
    return target.string() + "." + randomLetters() + ".part";
}

Result<DraftFile> DraftFile::beside(const fs::path& target) {
    constexpr int kTries = 100;
    for (int i = 0; i < kTries; ++i) {
        auto path = draftNameBeside(target);
        std::error_code problem;
        auto file = platform::File::create(path, problem);
        if (!problem) return DraftFile(target.string(), std::move(path), std::move(file));
        if (problem != std::errc::file_exists) return writeError(target.string(), problem);
    }
    return writeError(target.string(), std::errc::file_exists);
}

DraftFile::DraftFile(DraftFile&& other) noexcept
    : m_target(std::move(other.m_target)),
      m_path(std::exchange(other.m_path, {})),
      m_file(std::move(other.m_file)) {}

DraftFile::~DraftFile() {
    std::error_code ignored;
    if (!m_path.empty()) fs::remove(m_path, ignored);
}

Result<void> DraftFile::outcome(const std::error_code& problem) const {
    return problem ? Result<void>(writeError(m_target, problem)) : Result<void>();
}

Result<void> DraftFile::write(std::string_view bytes) {
    std::error_code problem;
    m_file.write(bytes, problem);
    return outcome(problem);
}

Result<void> DraftFile::setPermissions(fs::perms permissions) {
    std::error_code problem;
    m_file.setPermissions(permissions, problem);
    return outcome(problem);
}

Result<void> DraftFile::place(Placing placing) {
    std::error_code problem;
    m_file.finish(problem);
    if (!problem) placing(m_path, m_target, problem);
    if (problem) return outcome(problem);
    m_path.clear();
    // What has the disk's cache only is lost where the power goes.
    const auto parent = fs::path(m_target).parent_path();
    platform::syncFolder(parent.empty() ? "." : parent, problem);
    return outcome(problem);
}

Result<void> DraftFile::replace() { return place(platform::replace); }

Result<void> DraftFile::takeFreeName() { return place(platform::takeFreeName); }

}  // namespace cohelix::base

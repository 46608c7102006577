// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The one way in which the program makes or replaces a file: whole or not at all. The content is
// written beside its place under a name that nobody can foresee, so that no link can have been laid
// there, is brought onto the disk, and only then takes the name.

#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "core/base/platform/file.h"
#include "core/base/result.h"

namespace cohelix::base {

/// What a failed call of the system on a file that is to be written means.
Error writeError(const std::string& path, std::error_code code);
Error writeError(const std::string& path, std::errc condition);

/// A name beside `target` that nobody can foresee, for what is to be made there exclusively.
std::string draftNameBeside(const std::filesystem::path& target);

class DraftFile {
public:
    /// Makes an empty file beside `target`, in whose folder it must be possible to write. New files
    /// have the permissions that the process gives to them. Errors name the target.
    static Result<DraftFile> beside(const std::filesystem::path& target);
    /// Removes it unless it has taken its place.
    ~DraftFile();
    DraftFile(DraftFile&& other) noexcept;
    DraftFile& operator=(DraftFile&&) = delete;

    /// For libraries that write by name.
    const std::string& path() const { return m_path; }
    /// Appends.
    Result<void> write(std::string_view bytes);
    Result<void> setPermissions(std::filesystem::perms permissions);

    /// On the disk, takes the place of the target, whether there was one or not.
    Result<void> replace();
    /// On the disk, takes the target's name; an error where it is taken.
    Result<void> takeFreeName();

private:
    using Placing = void (*)(const std::filesystem::path&, const std::filesystem::path&,
                             std::error_code&);

    DraftFile(std::string target, std::string path, platform::File file)
        : m_target(std::move(target)), m_path(std::move(path)), m_file(std::move(file)) {}

    Result<void> outcome(const std::error_code& problem) const;
    Result<void> place(Placing placing);

    std::string m_target;
    std::string m_path;  ///< empty once it has taken its place
    platform::File m_file;
};

}  // namespace cohelix::base

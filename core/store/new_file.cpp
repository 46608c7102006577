// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/new_file.h"

#include <cerrno>
#include <filesystem>

namespace cohelix::store {

base::Result<Notices> makeFile(const std::string& path, Existing existing,
                               const std::function<base::Result<void>(base::DraftFile&)>& write) {
    const auto named = [&path](base::Error error) {
        error.where = path;
        return error;
    };
    const bool replaces = existing == Existing::Replace;
    std::error_code problem;
    if (!replaces && std::filesystem::exists(std::filesystem::symlink_status(path, problem))) {
        return base::writeError(path, std::errc::file_exists);
    }
    auto draft = base::DraftFile::beside(path);
    if (!draft) return draft.error();
    if (auto written = write(*draft); !written) return named(written.error());
    auto cleared = setAsideAll(path);
    if (!cleared) return named(cleared.error());
    auto placed = replaces ? draft->replace() : draft->takeFreeName();
    if (!placed) return placed.error();
    return cleared;
}

}  // namespace cohelix::store

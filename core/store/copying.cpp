// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <filesystem>

#include "core/store/file_project.h"
#include "core/store/header.h"
#include "core/store/new_file.h"

namespace cohelix::store {
namespace {

Refusal overwritten(const FileHold& file) {
    const auto bytes = file.size();
    const std::string what = bytes == 0             ? "it was emptied"
                             : bytes < kHeaderBytes ? "it was cut off within its header"
                                                    : "another file's content was written over it";
    return {{{},
             what + " while it was open, and what it held is gone",
             "Go back to a copy. The file that is there now was left as it is"}};
}

/// The folder, or where it is gone, the nearest one above that is there.
std::filesystem::path nearestFolder(std::filesystem::path folder) {
    std::error_code problem;
    while (!std::filesystem::is_directory(folder, problem) && folder.has_relative_path()) {
        folder = folder.parent_path();
    }
    return folder;
}

/// A copy under a free name made of the project's own; its path.
base::Result<std::string> copyInto(const std::filesystem::path& folder, Project& project) {
    const std::filesystem::path old(project.path());
    const std::string stem = (folder / old.stem()).string() + "-rescued";
    for (int i = 1;; ++i) {
        const std::string path =
            stem + (i > 1 ? "-" + std::to_string(i) : std::string()) + old.extension().string();
        std::error_code problem;
        if (std::filesystem::exists(std::filesystem::symlink_status(path, problem))) continue;
        if (auto copied = project.copyTo(path, Existing::Refuse); !copied) return copied.error();
        return path;
    }
}

}  // namespace

base::Result<void> FileProject::copyTo(const std::string& path, Existing existing) {
    return guarded(path, [&]() -> base::Result<void> {
        requireOwnContent();
        if (m_hold.isAt(path)) return base::writeError(path, std::errc::file_exists);
        const auto write = [&](base::DraftFile& draft) {
            return guarded(path, [&] { return writeCopy(draft); });
        };
        const auto made = makeFile(path, existing, write);
        if (!made) return made.error();
        m_notices.insert(m_notices.end(), made->begin(), made->end());
        return {};
    });
}

base::Result<void> FileProject::writeCopy(base::DraftFile& draft) {
    // A name that starts with "file:" would be taken for a URI.
    const bool likeUri = draft.path().starts_with("file:");
    const std::string name = likeUri ? "./" + draft.path() : draft.path();
    if (isMoved()) {
        // Between two commits the file's bytes are a whole project.
        if (auto copied = m_hold.copyTo(draft); !copied) return copied;
    } else {
        SQLite::Statement copy(*m_database, "VACUUM INTO ?1");
        Binder{copy}(name);
        copy.exec();
    }
    SQLite::Database written(name, SQLite::OPEN_READWRITE);
    giveIdentity(written);
    return {};
}

bool FileProject::isOverwritten() const {
    return !readOnly() && !hasLog(m_hold) && !m_state.canBecome(stateOf(m_hold));
}

void FileProject::requireOwnContent() const {
    if (isOverwritten()) throw overwritten(m_hold);
}

void FileProject::requireThere() const {
    requireOwnContent();
    if (!isMoved()) return;
    throw Refusal{{m_path, "the file was moved, deleted or replaced while it was open",
                   "Save the project under a new name; what was saved before is copied too"}};
}

base::Result<std::string> FileProject::copyBesideOldName() {
    const auto old = std::filesystem::path(m_path).parent_path();
    auto copied = copyInto(old, *this);
    std::error_code problem;
    for (const auto& folder : {nearestFolder(old), std::filesystem::current_path(problem)}) {
        if (copied) break;
        if (auto elsewhere = copyInto(folder, *this)) return elsewhere;
    }
    return copied;
}

}  // namespace cohelix::store

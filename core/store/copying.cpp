// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/file_project.h"
#include "core/store/new_file.h"

namespace cohelix::store {

base::Result<void> FileProject::copyTo(const std::string& path) {
    return guarded(path, [&]() -> base::Result<void> {
        return makeNewFile(path, [&](const std::string& draft) {
            return guarded(path, [&]() -> base::Result<void> {
                SQLite::Statement copy(*m_database, "VACUUM INTO ?1");
                // A name that starts with "file:" would be taken for a URI.
                Binder{copy}(draft.starts_with("file:") ? "./" + draft : draft);
                copy.exec();
                return {};
            });
        });
    });
}

}  // namespace cohelix::store

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/designs_export.h"

#include "core/interop/designs/designs_csv.h"

namespace cohelix::ui {

base::Result<std::string> designsAsCsv(store::Project& project,
                                       const std::vector<store::DesignRow>& rows) {
    const auto tables = interop::designTables(project, rows);
    if (!tables) return tables.error();
    return interop::designsCsv(*tables);
}

}  // namespace cohelix::ui

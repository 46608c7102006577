// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/designs_export.h"

#include <map>

#include "core/interop/designs_csv.h"

namespace cohelix::ui {

base::Result<std::string> designsAsCsv(store::Project& project,
                                       const std::vector<store::DesignRow>& rows) {
    std::vector<interop::DesignTable> tables;
    std::map<std::int64_t, std::size_t> places;  // of a run's table
    for (const store::DesignRow& row : rows) {
        const auto [place, isNew] = places.try_emplace(row.run, tables.size());
        if (isNew) {
            auto specification = project.specificationOf(row.run);
            if (!specification) return specification.error();
            tables.push_back({std::move(*specification), {}});
        }
        tables[place->second].rows.push_back(row);
    }
    return interop::designsCsv(tables);
}

}  // namespace cohelix::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The details of a design's cost: one row a chunk and one a layer; totals stand in its design row.

#include <SQLiteCpp/SQLiteCpp.h>

#include "core/model/design.h"

namespace cohelix::store {

/// Statements prepared once, used for every design of a commit.
class CostWriter {
public:
    explicit CostWriter(SQLite::Database& database);
    /// Replaces the chunks and layers of a design; the caller checked the figures.
    void write(std::int64_t design, const model::DesignCost& cost);

private:
    void remove(std::int64_t design);

    SQLite::Statement m_removeChunks;
    SQLite::Statement m_removeLayers;
    SQLite::Statement m_insertChunk;
    SQLite::Statement m_insertLayer;
};

}  // namespace cohelix::store

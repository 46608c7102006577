// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The PE array while it works on one layer: which loop is unrolled on its rows and columns, which
// PEs are used and which are idle.

#include <QWidget>

#include "core/model/mapping.h"

#include "ui/views/design/layer_facts.h"
#include "ui/views/design/layer_grid.h"

namespace cohelix::ui {

class MappingArray : public QWidget {
    Q_OBJECT

public:
    explicit MappingArray(QWidget* parent = nullptr);

    void setArray(const ArrayShape& shape, const model::Mapping& mapping, int chunk);
    /// "48 of 64 PEs in use: 6 × 8 of 8 × 8".
    QString caption() const;
    const PeGrid& grid() const { return m_grid; }
    QString rowsText() const { return m_rowsText; }
    QString columnsText() const { return m_columnsText; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    PeGrid m_grid;
    std::int64_t m_pes = 1;  ///< of which those in use are a share
    QString m_rowsText;
    QString m_columnsText;
    int m_chunk = 0;
};

}  // namespace cohelix::ui

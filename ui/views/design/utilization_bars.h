// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The balance of the pipeline: a bar for each chunk, its work against the period that the slowest
// one sets.

#include <QWidget>
#include <vector>

namespace cohelix::ui {

struct ChunkLoad {
    QString name;
    double cycles = 0;
    int chunk = 0;
    bool slowest = false;
};

class UtilizationBars : public QWidget {
    Q_OBJECT

public:
    explicit UtilizationBars(QWidget* parent = nullptr);

    void setLoads(std::vector<ChunkLoad> loads, double periodCycles);
    const std::vector<ChunkLoad>& loads() const { return m_loads; }
    /// "1.23 M cycles, 71 %"; the slowest one says so.
    QString textAt(std::size_t load) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    int lineHeight() const;

    std::vector<ChunkLoad> m_loads;
    double m_period = 0;
};

}  // namespace cohelix::ui

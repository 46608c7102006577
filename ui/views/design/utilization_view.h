// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How well a design's PEs are used: the balance of the pipeline, and a heat map of the layers over
// the chunks. A click on a layer's row selects it.

#include <QWidget>

#include "ui/hub/design_details.h"
#include "ui/plot/heat_map.h"

class QLabel;
class QScrollArea;

namespace cohelix::ui {

class UtilizationBars;

/// Utilization in percent of each layer on its chunk; empty cells elsewhere.
HeatMapData utilizationData(const DesignDetails& details);

class UtilizationView : public QWidget {
    Q_OBJECT

public:
    explicit UtilizationView(QWidget* parent = nullptr);

    void setDesign(const DesignDetails& details);
    /// Frames a layer's row; emits nothing.
    void setSelectedLayer(int layer);

Q_SIGNALS:
    void layerSelected(int layer);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QScrollArea* m_scroll;
    QLabel* m_summary;
    UtilizationBars* m_bars;
    HeatMap* m_map;
};

}  // namespace cohelix::ui

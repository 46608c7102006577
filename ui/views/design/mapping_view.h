// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How one layer of a design is laid out in time and space: its figures, the loop nest by memory,
// the PE array, and what moves between the memories.

#include <QWidget>

#include "ui/hub/design_details.h"

class QComboBox;
class QLabel;
class QToolButton;

namespace cohelix::ui {

class MappingArray;
class MappingNest;
class MappingTraffic;

class MappingView : public QWidget {
    Q_OBJECT

public:
    explicit MappingView(QWidget* parent = nullptr);

    void setDesign(const DesignDetails& details);
    /// Shows a layer; emits nothing. Out of range: ignored.
    void setLayer(int layer);
    int layer() const { return m_layer; }

Q_SIGNALS:
    /// The user went to another layer here.
    void layerSelected(int layer);

protected:
    void changeEvent(QEvent* event) override;

private:
    QWidget* makeContent();
    QWidget* makePictures(QWidget* content);
    QWidget* makeHeader();
    void goTo(int layer);
    void showLayer();
    void showFigures(const model::LayerCost& cost);

    DesignDetails m_details;
    int m_layer = 0;
    QComboBox* m_layers;
    QToolButton* m_previous;
    QToolButton* m_next;
    QLabel* m_figures;
    QWidget* m_pictures = nullptr;  ///< of a mapping; hidden where there is none
    MappingNest* m_nest;
    MappingArray* m_array;
    MappingTraffic* m_traffic;
};

}  // namespace cohelix::ui

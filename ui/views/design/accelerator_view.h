// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The accelerator of a design: resources against the limits, and the chunks as a block picture with
// the slowest one marked.

#include <QWidget>

#include "ui/hub/design_details.h"

class QLabel;

namespace cohelix::ui {

class AcceleratorFlow;
class ResourceBar;

/// The resource shares of a design by chunk.
void showResources(const DesignDetails& details, ResourceBar& dsp, ResourceBar& bram);

class AcceleratorView : public QWidget {
    Q_OBJECT

public:
    explicit AcceleratorView(QWidget* parent = nullptr);

    void setDesign(const DesignDetails& details);

private:
    QLabel* m_summary;
    ResourceBar* m_dsp;
    ResourceBar* m_bram;
    AcceleratorFlow* m_flow;
};

}  // namespace cohelix::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The card of one chunk: name and role, a picture of its PE array, its facts, and how much of the
// pipeline's period it works.

#include <QFrame>
#include <vector>

#include "ui/views/design/accelerator_facts.h"
#include "ui/views/design/layer_facts.h"

namespace cohelix::ui {

struct ChunkCardData {
    int chunk = 0;
    QString name;
    QString role;  ///< empty where the name says it
    ArrayShape array;
    std::vector<Fact> facts;
    double cycles = 0;
    double periodCycles = 0;  ///< 0: unknown
    bool slowest = false;
};

class ChunkCard : public QFrame {
    Q_OBJECT

public:
    explicit ChunkCard(ChunkCardData content, QWidget* parent = nullptr);

    const ChunkCardData& content() const { return m_content; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ChunkCardData m_content;
};

}  // namespace cohelix::ui

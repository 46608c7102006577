// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The block picture of an accelerator: DRAM at the left with a bus to every chunk, the chunks'
// cards in pipeline order from left to right, in as many rows as the width asks for.

#include <QWidget>
#include <vector>

namespace cohelix::ui {

class ChunkCard;

class AcceleratorFlow : public QWidget {
    Q_OBJECT

public:
    explicit AcceleratorFlow(QWidget* parent = nullptr);

    /// Takes the cards over and drops the former ones. `pipelined`: one chunk hands its results to
    /// the next; drawn as arrows.
    void setCards(std::vector<ChunkCard*> cards, bool pipelined);
    const std::vector<ChunkCard*>& cards() const { return m_cards; }

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<QRect> places(int width) const;
    void drawMemory(QPainter& painter) const;
    void drawBus(QPainter& painter) const;
    void drawArrows(QPainter& painter) const;

    std::vector<ChunkCard*> m_cards;
    bool m_pipelined = true;
};

}  // namespace cohelix::ui

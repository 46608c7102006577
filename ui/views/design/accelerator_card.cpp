// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/accelerator_card.h"

#include <QGridLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "core/base/units.h"

#include "ui/views/design/design_words.h"
#include "ui/views/design/layer_grid.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

/// The chunk's PEs as a small grid; its caption says how many there are.
class ArrayPicture : public QWidget {
public:
    ArrayPicture(const ArrayShape& shape, int chunk, QWidget* parent)
        : QWidget(parent), m_shape(shape), m_chunk(chunk) {
        setFixedHeight(66);
        setToolTip(
            DesignWords::tr("PE array: %1 rows × %2 columns").arg(shape.rows).arg(shape.columns));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const PeGrid grid{m_shape.rows, m_shape.columns, m_shape.rows, m_shape.columns};
        const auto layout = fitPeGrid(grid, QRectF(0.5, 0.5, width() * 0.5, height() - 2), 14);
        drawPeGrid(painter, grid, layout, chunkColor(m_chunk, palette()), palette());
        painter.setPen(palette().color(QPalette::Text));
        const QRectF caption(layout.area.right() + 8, 0, width() - layout.area.right() - 8,
                             height());
        painter.drawText(caption, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, text());
    }

private:
    QString text() const {
        const auto places = m_shape.rows * m_shape.columns;
        const auto text = m_shape.pes == places  ? DesignWords::tr("%1 × %2\n= %3")
                          : m_shape.pes < places ? DesignWords::tr("%1 × %2, at most %3 at once")
                                                 : DesignWords::tr("%1 × %2 of %3");
        return text.arg(m_shape.rows).arg(m_shape.columns).arg(counted(m_shape.pes, "PE", "PEs"));
    }

    ArrayShape m_shape;
    int m_chunk;
};

/// The chunk's work as a part of the period.
class LoadBar : public QWidget {
public:
    LoadBar(const ChunkCardData& card, QWidget* parent)
        : QWidget(parent),
          m_cycles(card.cycles),
          m_period(card.periodCycles),
          m_slowest(card.slowest) {
        setFixedHeight(fontMetrics().height() + 12);
        setToolTip(DesignWords::tr("%1 of a period of %2 cycles")
                       .arg(fromStd(base::fixed(m_cycles, 0)), fromStd(base::fixed(m_period, 0))));
    }

protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        const auto theme = themeOf(palette());
        const double share = m_period > 0 ? m_cycles / m_period : 0;
        painter.setPen(theme.text);
        const QRectF line(0, 0, width(), fontMetrics().height());
        painter.drawText(line, Qt::AlignLeft, quantity(m_cycles, "cycles"));
        painter.setPen(m_slowest ? theme.warning : theme.mutedText);
        painter.drawText(line, Qt::AlignRight,
                         m_slowest ? QStringLiteral("slowest") : percentText(share, 0));
        drawBar(painter, QRectF(0, fontMetrics().height() + 2, width(), 8), share,
                m_slowest ? theme.warning : theme.accent, palette());
    }

private:
    double m_cycles;
    double m_period;
    bool m_slowest;
};

QLabel* mutedLabel(const QString& text, QWidget* parent) {
    auto* label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

QGridLayout* factGrid(const std::vector<Fact>& facts, QWidget* parent) {
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(8);
    grid->setVerticalSpacing(1);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const auto& fact : facts) {
        auto* label = mutedLabel(fact.label, parent);
        auto* value = new QLabel(fact.value, parent);
        value->setTextFormat(Qt::PlainText);
        value->setAlignment(Qt::AlignRight | Qt::AlignTop);
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        label->setToolTip(fact.meaning);
        label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
        value->setToolTip(fact.meaning);
        grid->addWidget(label, row, 0);
        grid->addWidget(value, row++, 1);
    }
    return grid;
}

}  // namespace

ChunkCard::ChunkCard(ChunkCardData content, QWidget* parent)
    : QFrame(parent), m_content(std::move(content)) {
    const auto name = m_content.name.toHtmlEscaped();
    auto* title =
        new QLabel(QStringLiteral("<b>%1 · %2</b>").arg(m_content.chunk + 1).arg(name), this);
    auto* role = mutedLabel(m_content.role, this);
    auto* head = new QHBoxLayout;
    head->addWidget(title, 1);
    head->addWidget(role);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->setSpacing(5);
    layout->addLayout(head);
    layout->addWidget(new ArrayPicture(m_content.array, m_content.chunk, this));
    if (m_content.periodCycles > 0) layout->addWidget(new LoadBar(m_content, this));
    layout->addLayout(factGrid(m_content.facts, this));
    layout->addStretch(1);
    setAccessibleName(DesignWords::tr("Chunk %1 %2").arg(m_content.name, m_content.role).trimmed());
}

void ChunkCard::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto theme = themeOf(palette());
    painter.setBrush(theme.panel);
    painter.setPen(m_content.slowest ? QPen(theme.warning, 2) : QPen(theme.border, 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
}

}  // namespace cohelix::ui

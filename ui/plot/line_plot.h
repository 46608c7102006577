// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Lines that step from value to value: what came of something as it went on. One of them is what
// the plot is about and stands out by its width, its end and its bold name; the others are there to
// compare. Each is named at its end, where there is room.

#include <QString>
#include <functional>
#include <vector>

#include "ui/plot/plot.h"

namespace cohelix::ui {

struct StepLine {
    QString name;
    std::vector<QPointF> points;  ///< by ascending x; each value holds until the next
    bool emphasised = false;
    std::int64_t run = 0;  ///< whose colour it has, as in every plot; 0: of none
};

struct LinePlotData {
    QString xTitle;
    QString yTitle;
    std::vector<StepLine> lines;
};

class LinePlot : public Plot {
    Q_OBJECT

public:
    explicit LinePlot(QWidget* parent = nullptr);
    ~LinePlot() override;

    /// Replaces everything.
    void setData(LinePlotData data);
    const LinePlotData& data() const { return m_data; }
    /// What the card at a line says, rich text; `at` is the step that holds at the pointer.
    void setHoverText(std::function<QString(std::size_t line, const QPointF& at)> text);
    /// The line at a position (pixels of the canvas), the emphasised one first; nothing where there
    /// is none within reach.
    std::optional<std::size_t> lineAt(const QPointF& position) const;

Q_SIGNALS:
    void lineClicked(std::size_t line);

protected:
    std::optional<PlotRanges> dataRanges() const override;
    void applyTheme() override;
    QString hoverText(const QPointF& position) const override;
    void clickedAt(const QPointF& position, Qt::KeyboardModifiers modifiers) override;
    std::optional<Qt::CursorShape> dragCursor(const QPointF& position) const override;

private:
    class Names;
    QColor colorOf(const StepLine& line) const;
    void makeGraphs();
    void styleGraphs();

    LinePlotData m_data;
    std::function<QString(std::size_t, const QPointF&)> m_hoverText;
    Names* m_names;
};

}  // namespace cohelix::ui

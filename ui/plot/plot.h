// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What every plot has in common: colours from the palette, axis titles, hover card, zoom and pan,
// fit, the text of an empty plot, and export. A plot that grows fits itself to its data only until
// the user moves the axes; fit() (double click) hands them back.
//
// Mouse: wheel zooms at the pointer, left drag pans, Shift + left drag or right drag zooms to a
// rectangle, a click without a drag reaches clickedAt(). All calls from the UI thread.

#include <QByteArray>
#include <QPointF>
#include <QString>
#include <QWidget>
#include <optional>

#include "core/base/result.h"

#include "ui/hub/theme.h"

class QCustomPlot;
class QLabel;
class QMouseEvent;

namespace cohelix::ui {

/// What the axes show.
struct PlotRanges {
    double xLow = 0;
    double xHigh = 1;
    double yLow = 0;
    double yHigh = 1;
    friend bool operator==(const PlotRanges&, const PlotRanges&) = default;
};

struct ExportSize {
    double widthMm = 160;
    double heightMm = 100;
    int dpi = 300;  ///< of PNG; PDF and SVG are drawn as vectors
};

class Plot : public QWidget {
    Q_OBJECT

public:
    explicit Plot(QWidget* parent = nullptr);

    QCustomPlot& canvas() const { return *m_canvas; }
    const Theme& theme() const { return m_theme; }

    void setAxisTitles(const QString& x, const QString& y);
    /// Text in the middle while there is nothing to draw; empty: none.
    void setEmptyText(const QString& text);
    QString emptyText() const;

    PlotRanges ranges() const;
    /// Moves the axes as the user would: the plot no longer fits itself.
    void zoomTo(const PlotRanges& ranges);
    /// Shows all data and follows it again.
    void fit();
    bool userHasZoomed() const { return m_userZoomed; }

    /// The plot as the bytes of a file, in light colours; `format` is "svg", "pdf" or "png". Works
    /// without showing the widget. Errors: format, size (10 to 2,000 mm, 36 to 2,400 dpi).
    base::Result<QByteArray> render(const QString& format, const ExportSize& size);
    /// render() into a file, in the format of its suffix. Blocks. Errors: also folder and disk.
    base::Result<void> exportTo(const QString& path, const ExportSize& size);

    QSize minimumSizeHint() const override { return {180, 120}; }
    QSize sizeHint() const override { return {640, 420}; }

Q_SIGNALS:
    void zoomChanged(bool byUser);

protected:
    /// Ranges that show all data, margins included; nothing when there is none. The axes then keep
    /// what they show.
    virtual std::optional<PlotRanges> dataRanges() const = 0;
    /// Takes over the colours of theme(); called at every change of palette and for exports.
    virtual void applyTheme();
    /// Rich text for the card at a position (pixels of the canvas); empty: no card.
    virtual QString hoverText(const QPointF& position) const;
    virtual void clickedAt(const QPointF& position, Qt::KeyboardModifiers modifiers);
    /// A plot that has something to drag at `position` returns true and gets dragTo() until
    /// dragEnded(); `dragCursor` is the pointer to show there when nothing is pressed.
    virtual bool dragStartedAt(const QPointF& position);
    virtual void dragTo(const QPointF& position);
    virtual void dragEnded();
    virtual std::optional<Qt::CursorShape> dragCursor(const QPointF& position) const;

    /// True while render() draws: the size of the widget does not matter then.
    bool exporting() const { return m_exporting; }

    /// To be called after the data changed: fits unless the user has zoomed, draws soon.
    void dataChanged();
    /// Draws once, when the event loop is next idle, however often it is called.
    void queueReplot();

    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    enum class Gesture { None, Press, Pan, Rectangle, Drag };

    void connectMouse();
    void onPress(QMouseEvent* event);
    void onMove(QMouseEvent* event);
    void onRelease(QMouseEvent* event);
    void showHover(const QPointF& position);
    void setUserZoomed(bool zoomed);
    void applyRanges(const PlotRanges& ranges);
    void refreshTheme(const QPalette& palette);

    QCustomPlot* m_canvas;
    QLabel* m_hover;
    QLabel* m_empty;
    Theme m_theme;
    Gesture m_gesture = Gesture::None;
    QPointF m_pressedAt;
    bool m_userZoomed = false;
    bool m_exporting = false;
};

}  // namespace cohelix::ui

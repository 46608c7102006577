// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot.h"

#include <QEvent>
#include <QFileInfo>
#include <QFontInfo>
#include <QLabel>
#include <QMouseEvent>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/hub/file_write.h"
#include "ui/plot/export.h"
#include "ui/plot/qcustomplot_wrapper.h"

namespace cohelix::ui {

namespace {

/// Pixels that a press may move and still be a click.
constexpr double kClickSlack = 4;
/// Room kept between the pointer and the hover card.
constexpr int kHoverGap = 14;

/// Pixels of a plot's width for each of the labels below it, and how many stand there at most.
constexpr int kLabelPitch = 90;
constexpr int kMostLabels = 5;

/// Sizes in pixels look the same on the screen and in every export.
QFont pixelFont(const QWidget& widget, double scale = 1.0) {
    QFont font = widget.font();
    font.setPixelSize(std::max(9, qRound(QFontInfo(font).pixelSize() * scale)));
    return font;
}

void themeAxis(QCPAxis& axis, const Theme& theme, const QFont& labels, const QFont& ticks) {
    axis.setBasePen(QPen(theme.border, 1));
    axis.setTickPen(QPen(theme.border, 1));
    axis.setSubTickPen(QPen(theme.border, 1));
    axis.setLabelColor(theme.text);
    axis.setTickLabelColor(theme.mutedText);
    axis.setLabelFont(labels);
    axis.setTickLabelFont(ticks);
    axis.grid()->setPen(QPen(theme.grid, 1));
    axis.grid()->setZeroLinePen(QPen(theme.grid, 1));
    axis.grid()->setSubGridPen(QPen(theme.grid, 1, Qt::DotLine));
}

}  // namespace

Plot::Plot(QWidget* parent)
    : QWidget(parent),
      m_canvas(new QCustomPlot(this)),
      m_hover(new QLabel(this)),
      m_empty(new QLabel(this)),
      m_theme(themeOf(palette())) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_canvas);
    m_canvas->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    m_canvas->setNoAntialiasingOnDrag(false);
    m_canvas->installEventFilter(this);
    m_canvas->setFocusPolicy(Qt::StrongFocus);
    m_canvas->setMinimumSize(80, 60);

    // In a narrow plot the labels would run into each other.
    connect(m_canvas, &QCustomPlot::beforeReplot, this, [this] {
        m_canvas->xAxis->ticker()->setTickCount(
            std::clamp(m_canvas->width() / kLabelPitch, 2, kMostLabels));
    });
    m_hover->hide();
    m_hover->setTextFormat(Qt::RichText);
    m_hover->setMargin(6);
    m_hover->setAutoFillBackground(true);
    m_hover->setFrameShape(QFrame::Box);
    m_hover->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_empty->hide();
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setAttribute(Qt::WA_TransparentForMouseEvents);
    connectMouse();
    Plot::applyTheme();
}

void Plot::connectMouse() {
    connect(m_canvas, &QCustomPlot::mousePress, this, &Plot::onPress);
    connect(m_canvas, &QCustomPlot::mouseMove, this, &Plot::onMove);
    connect(m_canvas, &QCustomPlot::mouseRelease, this, &Plot::onRelease);
    connect(m_canvas, &QCustomPlot::mouseDoubleClick, this, [this] { fit(); });
    connect(m_canvas, &QCustomPlot::mouseWheel, this, [this](QWheelEvent* event) {
        if (m_canvas->axisRect()->rect().contains(event->position().toPoint())) {
            setUserZoomed(true);
        }
    });
    connect(m_canvas->selectionRect(), &QCPSelectionRect::accepted, this,
            [this] { setUserZoomed(true); });
}

void Plot::setAxisTitles(const QString& x, const QString& y) {
    m_canvas->xAxis->setLabel(x);
    m_canvas->yAxis->setLabel(y);
    queueReplot();
}

void Plot::setEmptyText(const QString& text) {
    m_empty->setText(text);
    m_empty->setVisible(!text.isEmpty());
}

QString Plot::emptyText() const { return m_empty->text(); }

PlotRanges Plot::ranges() const {
    const QCPRange x = m_canvas->xAxis->range();
    const QCPRange y = m_canvas->yAxis->range();
    return {x.lower, x.upper, y.lower, y.upper};
}

void Plot::zoomTo(const PlotRanges& wanted) {
    applyRanges(wanted);
    setUserZoomed(true);
    queueReplot();
}

void Plot::fit() {
    setUserZoomed(false);
    dataChanged();
}

void Plot::dataChanged() {
    if (!m_userZoomed) {
        if (const auto wanted = dataRanges()) applyRanges(*wanted);
    }
    m_hover->hide();
    queueReplot();
}

void Plot::queueReplot() { m_canvas->replot(QCustomPlot::rpQueuedReplot); }

void Plot::applyRanges(const PlotRanges& wanted) {
    m_canvas->xAxis->setRange(wanted.xLow, wanted.xHigh);
    m_canvas->yAxis->setRange(wanted.yLow, wanted.yHigh);
}

void Plot::setUserZoomed(bool zoomed) {
    if (m_userZoomed == zoomed) return;
    m_userZoomed = zoomed;
    Q_EMIT zoomChanged(zoomed);
}

void Plot::onPress(QMouseEvent* event) {
    m_pressedAt = event->position();
    m_hover->hide();
    const bool left = event->button() == Qt::LeftButton;
    const bool rectangle = event->button() == Qt::RightButton ||
                           (left && event->modifiers().testFlag(Qt::ShiftModifier));
    m_gesture = Gesture::Press;
    if (left && !rectangle && dragStartedAt(m_pressedAt)) m_gesture = Gesture::Drag;
    if (rectangle) m_gesture = Gesture::Rectangle;
    // QCustomPlot looks at these right after this signal.
    m_canvas->setInteraction(QCP::iRangeDrag, m_gesture == Gesture::Press && left);
    m_canvas->setSelectionRectMode(rectangle ? QCP::srmZoom : QCP::srmNone);
}

void Plot::onMove(QMouseEvent* event) {
    const QPointF position = event->position();
    if (event->buttons() == Qt::NoButton) {
        const auto cursor = dragCursor(position);
        m_canvas->setCursor(cursor.value_or(Qt::ArrowCursor));
        return showHover(position);
    }
    if (m_gesture == Gesture::Drag) return dragTo(position);
    const bool moved = (position - m_pressedAt).manhattanLength() > kClickSlack;
    if (m_gesture == Gesture::Press && moved && event->buttons().testFlag(Qt::LeftButton)) {
        m_gesture = Gesture::Pan;
        setUserZoomed(true);
    }
}

void Plot::onRelease(QMouseEvent* event) {
    const Gesture gesture = m_gesture;
    m_gesture = Gesture::None;
    if (gesture == Gesture::Drag) return dragEnded();
    const bool moved = (event->position() - m_pressedAt).manhattanLength() > kClickSlack;
    // A click with Shift begins as a rectangle of no size.
    if (moved || gesture == Gesture::None || event->button() != Qt::LeftButton) return;
    clickedAt(event->position(), event->modifiers());
}

void Plot::showHover(const QPointF& position) {
    const QString text = hoverText(position);
    m_hover->setVisible(!text.isEmpty());
    if (text.isEmpty()) return;
    m_hover->setText(text);
    m_hover->adjustSize();
    const QPoint pointer = m_canvas->mapTo(this, position.toPoint());
    QPoint corner = pointer + QPoint(kHoverGap, kHoverGap);
    if (corner.x() + m_hover->width() > width()) {
        corner.setX(pointer.x() - kHoverGap - m_hover->width());
    }
    if (corner.y() + m_hover->height() > height()) {
        corner.setY(pointer.y() - kHoverGap - m_hover->height());
    }
    m_hover->move(std::max(0, corner.x()), std::max(0, corner.y()));
    m_hover->raise();
}

bool Plot::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_canvas && event->type() == QEvent::Leave) m_hover->hide();
    return QWidget::eventFilter(watched, event);
}

void Plot::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const int margin = std::min(width() / 8, 60);
    m_empty->setGeometry(rect().adjusted(margin, 10, -margin / 2, -30));
}

void Plot::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        refreshTheme(palette());
    }
}

void Plot::refreshTheme(const QPalette& from) {
    m_theme = themeOf(from);
    applyTheme();
    queueReplot();
}

void Plot::applyTheme() {
    m_canvas->setBackground(QBrush(m_theme.background));
    const QFont labels = pixelFont(*this);
    const QFont ticks = pixelFont(*this, 0.92);
    for (QCPAxis* axis : {m_canvas->xAxis, m_canvas->yAxis, m_canvas->xAxis2, m_canvas->yAxis2}) {
        themeAxis(*axis, m_theme, labels, ticks);
    }
    m_canvas->legend->setBrush(QBrush(m_theme.panel));
    m_canvas->legend->setBorderPen(QPen(m_theme.border, 1));
    m_canvas->legend->setTextColor(m_theme.text);
    m_canvas->legend->setFont(ticks);
    m_canvas->selectionRect()->setPen(QPen(m_theme.accent, 1, Qt::DashLine));
    QPalette card = palette();
    card.setColor(QPalette::Window, m_theme.panel);
    card.setColor(QPalette::WindowText, m_theme.text);
    m_hover->setPalette(card);
    card.setColor(QPalette::WindowText, m_theme.mutedText);
    m_empty->setPalette(card);
}

base::Result<QByteArray> Plot::render(const QString& format, const ExportSize& size) {
    if (auto checked = checkExport(format, size); !checked) return checked.error();
    const Theme shown = m_theme;
    m_theme = themeOf(lightPalette());
    m_exporting = true;
    applyTheme();
    QByteArray bytes = drawnAs(*m_canvas, format, size);
    m_exporting = false;
    m_theme = shown;
    applyTheme();
    queueReplot();
    return bytes;
}

base::Result<void> Plot::exportTo(const QString& path, const ExportSize& size) {
    auto bytes = render(QFileInfo(path).suffix().toLower(), size);
    if (!bytes) return base::Error{path.toStdString(), bytes.error().what, bytes.error().advice};
    return writeFile(path, *bytes);
}

QString Plot::hoverText(const QPointF&) const { return {}; }

void Plot::clickedAt(const QPointF&, Qt::KeyboardModifiers) {}

bool Plot::dragStartedAt(const QPointF&) { return false; }

void Plot::dragTo(const QPointF&) {}

void Plot::dragEnded() {}

std::optional<Qt::CursorShape> Plot::dragCursor(const QPointF&) const { return std::nullopt; }

}  // namespace cohelix::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/pareto_legend.h"

#include <QCoreApplication>
#include <cmath>
#include <set>
#include <tuple>

#include "ui/hub/text.h"
#include "ui/plot/point_cloud.h"

namespace cohelix::ui {

namespace {

constexpr int kMarkWidth = 22;
/// Runs that are told apart in the legend; more would cover the plot.
constexpr std::size_t kMostRuns = 6;

QString say(const char* text) { return QCoreApplication::translate("ParetoPlot", text); }

class MarkEntry : public QCPAbstractLegendItem {
public:
    MarkEntry(QCPLegend* legend, MarkLook look, bool line, QString text)
        : QCPAbstractLegendItem(legend),
          m_look(std::move(look)),
          m_line(line),
          m_text(std::move(text)) {}

protected:
    void draw(QCPPainter* painter) override {
        painter->setRenderHint(QPainter::Antialiasing);
        const QPointF center(mRect.left() + kMarkWidth / 2.0, mRect.center().y() + 0.5);
        if (m_line) {
            const bool dashed = m_look.shape == Shape::Circle;
            painter->setPen(QPen(m_look.color, 1.6, dashed ? Qt::DashLine : Qt::SolidLine));
            painter->drawLine(
                QLineF(mRect.left(), center.y(), mRect.left() + kMarkWidth, center.y()));
        }
        drawMark(*painter, center, m_look);
        painter->setFont(mFont);
        painter->setPen(mTextColor);
        painter->drawText(QRectF(mRect).adjusted(kMarkWidth + 5, 0, 40, 0),
                          Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, m_text);
    }

    QSize minimumOuterSizeHint() const override {
        const QFontMetrics metrics(mFont);
        return {kMarkWidth + 8 + metrics.horizontalAdvance(m_text), metrics.height() + 4};
    }

private:
    MarkLook m_look;
    bool m_line;
    QString m_text;
};

void add(QCPLegend& legend, const MarkLook& look, bool line, const QString& text) {
    auto* entry = new MarkEntry(&legend, look, line, text);
    entry->setFont(legend.font());
    entry->setTextColor(legend.textColor());
    legend.addItem(entry);
}

QString gradeWords(model::AccuracyGrade grade) { return fromStd(model::gradeText(grade)); }

}  // namespace

void fillLegend(QCPLegend& legend, const ParetoData& data, const Theme& theme) {
    legend.clearItems();
    std::set<std::tuple<bool, model::AccuracyGrade>> kinds;  // dominated or not, grade
    std::set<std::int64_t> frontRuns;
    std::set<model::AccuracyGrade> frontGrades;
    for (const ParetoPoint& point : data.points) {
        kinds.emplace(!point.front, point.grade);
        if (!point.front) continue;
        frontRuns.insert(point.run);
        frontGrades.insert(point.grade);
    }
    const bool severalRuns = frontRuns.size() > 1;
    const bool colored = !data.colorTitle.isEmpty();
    const std::int64_t onlyRun = frontRuns.empty() ? 1 : *frontRuns.begin();
    const QColor frontColor = severalRuns || colored ? theme.text : runColor(onlyRun, theme);
    for (const auto& [dominated, grade] : kinds) {
        const MarkLook look = markLook(grade, !dominated, theme, frontColor);
        // A grade that has no front is not dominated by one: grades are not compared.
        const QString where = !dominated                    ? say("front, ")
                              : frontGrades.contains(grade) ? say("dominated, ")
                                                            : QString();
        add(legend, look, !dominated && data.joinFront, where + gradeWords(grade));
    }
    if (severalRuns && frontRuns.size() <= kMostRuns) {
        for (const std::int64_t run : frontRuns) {
            MarkLook look;
            look.shape = Shape::Disc;
            look.color = runColor(run, theme);
            add(legend, look, false, say("run %1").arg(run));
        }
    }
    legend.setVisible(!kinds.empty());
}

}  // namespace cohelix::ui

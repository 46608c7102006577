// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/front/reference_series.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

#include "core/base/units.h"

#include "ui/hub/text.h"

namespace cohelix::ui {

namespace {

/// Characters at which the sentences of a card are broken: a label wraps no rich text by itself.
constexpr int kCardWidth = 52;

QString say(const char* text) { return QCoreApplication::translate("References", text); }

/// Rich text with line breaks between words.
QString wrapped(const QString& plain) {
    QString text;
    int column = 0;
    for (const QString& word : plain.split(' ', Qt::SkipEmptyParts)) {
        const int length = static_cast<int>(word.size());
        const bool fits = column + 1 + length <= kCardWidth;
        if (column > 0) text += fits ? QStringLiteral(" ") : QStringLiteral("<br>");
        column = column > 0 && fits ? column + 1 + length : length;
        text += word.toHtmlEscaped();
    }
    return text;
}

/// A heading, figures and paragraphs below them, all but the figures plain.
QString cardOf(const QString& heading, const QString& rows, const QStringList& paragraphs) {
    QString card =
        QStringLiteral("<b>%1</b><table cellspacing='0'>%2</table>").arg(wrapped(heading), rows);
    for (qsizetype i = 0; i < paragraphs.size(); ++i) {
        card += (i > 0 ? QStringLiteral("<br>") : QString()) + wrapped(paragraphs[i]);
    }
    return card;
}

QString escaped(std::string_view text) { return fromStd(text).toHtmlEscaped(); }

QString publishedCard(const published::Group& group, const published::Figure& figure) {
    QString rows = cardLine(say("FPS"), QString::fromStdString(base::exact(figure.x)) + " 1/s");
    if (figure.accuracy) {
        rows += cardLine(say("Accuracy, top-1"),
                         QString::fromStdString(base::exact(*figure.accuracy)) + " %");
    }
    rows += cardLine(say("Data set"), escaped(group.dataSet));
    rows += cardLine(say("Precision"),
                     figure.precision.empty() ? say("not stated") : escaped(figure.precision));
    if (figure.dsp) rows += cardLine(say("DSP"), QString::number(*figure.dsp));
    QStringList below = {fromStd(group.device) + '.', fromStd(group.remark) + '.'};
    if (!figure.remark.empty()) below << fromStd(figure.remark) + '.';
    below << say("Published: %1 (%2)")
                 .arg(fromStd(published::gradeText(group.grade)), fromStd(group.source));
    return cardOf(fromStd(figure.design), rows, below);
}

QString frontCard(const store::ReferenceFront& front, const store::ReferenceDesign& design) {
    const auto row = [](Column column, double value) {
        return cardLine(columnName(column), valueText(value, column) + ' ' + columnUnit(column));
    };
    const QString rows = row(Column::Accuracy, design.accuracy * 100) +
                         row(Column::Fps, design.fps) + row(Column::Dsp, design.dsp) +
                         row(Column::Bram18k, design.bram18k);
    const QStringList below = {
        frontName(front) + '.',
        say("Accuracy: tabulated (%1).").arg(QString::fromStdString(front.source)),
        say("FPS: of the best accelerator, proven under the cost model.")};
    return cardOf(say("%1, on the true front").arg(QString::fromStdString(design.network)), rows,
                  below);
}

}  // namespace

bool referencesFit(const ParetoOptions& options) {
    return options.x == Column::Fps && options.y == Column::Accuracy;
}

bool canBeShown(const published::Group& group) {
    return group.quantity == published::Quantity::FramesPerSecond &&
           std::any_of(group.figures.begin(), group.figures.end(),
                       [](const published::Figure& figure) { return figure.accuracy.has_value(); });
}

ReferenceSeries publishedSeries(const published::Group& group) {
    constexpr std::array kShapes = {Shape::Triangle, Shape::TriangleDown, Shape::Star};
    const auto place = static_cast<std::size_t>(&group - published::groups().data());
    ReferenceSeries series;
    series.kind = ReferenceKind::Published;
    series.shape = kShapes[place % kShapes.size()];
    series.filledName = fromStd(group.authorsName);
    series.source = say("%1; published: %2")
                        .arg(fromStd(group.title), fromStd(published::gradeText(group.grade)));
    for (const published::Figure& figure : group.figures) {
        if (!figure.accuracy) continue;
        series.points.push_back({figure.x, *figure.accuracy, fromStd(figure.design),
                                 publishedCard(group, figure), figure.authors});
        if (!figure.authors) series.hollowName = say("others");
    }
    return series;
}

QString frontName(const store::ReferenceFront& front) {
    const auto count = [](double value) {
        return QString::fromStdString(base::grouped(static_cast<std::int64_t>(value)));
    };
    return say("%1 on %2, %3 DSP, %4 BRAM18K")
        .arg(QString::fromStdString(front.networkSpace),
             QString::fromStdString(front.acceleratorSpace), count(front.limits.dsp),
             count(front.limits.bram18k));
}

ReferenceSeries trueFrontSeries(const store::ReferenceFront& front,
                                const std::optional<Coverage>& coverage) {
    ReferenceSeries series;
    series.kind = ReferenceKind::TrueFront;
    series.filledName = say("true front (proven)");
    series.source = frontName(front);
    if (coverage) {
        // First, so that a narrow plot shortens the rest.
        series.source = say("run %1 reaches %2 % of its hypervolume; %3")
                            .arg(coverage->run)
                            .arg(coverage->share * 100, 0, 'f', 1)
                            .arg(frontName(front));
    }
    for (const store::ReferenceDesign& design : front.designs) {
        series.points.push_back(
            {design.fps, design.accuracy * 100, {}, frontCard(front, design), true});
    }
    return series;
}

}  // namespace cohelix::ui

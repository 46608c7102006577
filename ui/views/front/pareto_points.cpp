// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/front/pareto_points.h"

#include <QCoreApplication>
#include <array>

#include "ui/hub/text.h"

namespace cohelix::ui {

namespace {

ParetoAxis axisOf(Column column, bool logarithmic) {
    return {columnTitle(column), logarithmic, largerIsBetter(column)};
}

}  // namespace

QString cardLine(const QString& name, const QString& value) {
    return QStringLiteral("<tr><td>%1&nbsp;&nbsp;</td><td align='right'><b>%2</b></td></tr>")
        .arg(name, value);
}

ParetoData paretoData(const std::vector<store::DesignRow>& rows, const Filter& filter,
                      const ParetoOptions& options) {
    ParetoData data;
    data.x = axisOf(options.x, options.logarithmicX);
    data.y = axisOf(options.y, false);
    if (options.color) data.colorTitle = columnTitle(*options.color);
    data.joinFront = options.x == Column::Fps && options.y == Column::Accuracy;
    Filter withoutLimits = filter;
    withoutLimits.limits.clear();
    data.points.reserve(rows.size());
    for (const store::DesignRow& row : rows) {
        const auto x = columnValue(row, options.x);
        const auto y = columnValue(row, options.y);
        if (!x || !y || !accepts(withoutLimits, row)) continue;
        ParetoPoint point{row.id, row.run, *x, *y};
        if (options.color) {
            point.color =
                columnValue(row, *options.color).value_or(std::numeric_limits<double>::quiet_NaN());
        }
        point.grade = row.grade;
        point.front = row.front;
        point.within = row.within && accepts(filter, row);
        data.points.push_back(point);
    }
    return data;
}

QString designCard(const store::DesignRow& row) {
    const auto words = model::gradeText(row.grade);
    QString card = QStringLiteral("<b>%1</b>%2<table cellspacing='0'>")
                       .arg(QCoreApplication::translate("ParetoView", "Design %1, run %2")
                                .arg(row.id)
                                .arg(row.run),
                            row.front ? QCoreApplication::translate("ParetoView", " · on the front")
                            : row.within ? QString()
                                         : QCoreApplication::translate(
                                               "ParetoView", " · beyond the limits in force"));
    for (const Column column : {Column::Accuracy, Column::Fps, Column::LatencyMs, Column::EnergyMj,
                                Column::Dsp, Column::Bram18k, Column::Macs, Column::Parameters}) {
        const auto value = columnValue(row, column);
        if (!value) continue;
        card += cardLine(columnName(column), valueText(*value, column) + ' ' + columnUnit(column));
    }
    card += QStringLiteral("</table>");
    return card +
           QCoreApplication::translate("ParetoView", "Accuracy: %1; other figures: predicted")
               .arg(fromStd(words));
}

}  // namespace cohelix::ui

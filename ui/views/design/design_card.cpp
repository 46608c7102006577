// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/design_card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <array>

#include "core/base/units.h"

#include "ui/views/design/accelerator_bars.h"
#include "ui/views/design/accelerator_view.h"
#include "ui/views/design/design_words.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

QString titleOf(const store::DesignRow& row) {
    auto text = DesignWords::tr("<b>Design %1</b>").arg(row.id);
    if (row.run > 0) text += DesignWords::tr(" of run %1").arg(row.run);
    if (row.front) text += DesignWords::tr(" · on the front");
    if (row.state == store::DesignState::Training) text += DesignWords::tr(" · training");
    return text;
}

QString accuracyOf(const store::DesignRow& row) {
    if (row.grade == model::AccuracyGrade::None) return DesignWords::tr("no accuracy yet");
    auto text = DesignWords::tr("<b>%1</b> accuracy, %2")
                    .arg(percentText(row.accuracy, 2), fromStd(model::gradeText(row.grade)));
    QStringList others;
    if (row.validationAccuracy) {
        others << DesignWords::tr("%1 on the validation images")
                      .arg(percentText(*row.validationAccuracy, 2));
    }
    if (row.supernetAccuracy && row.grade != model::AccuracyGrade::SupernetEstimate) {
        others
            << DesignWords::tr("%1 supernet estimate").arg(percentText(*row.supernetAccuracy, 2));
    }
    if (!others.isEmpty()) text += QStringLiteral(" (%1)").arg(others.join(QStringLiteral(", ")));
    return text;
}

/// Four or five significant figures without losing small values: 0.0123, 4.57, 1,234.5.
QString figure(double value) {
    const double size = value < 0 ? -value : value;
    return fromStd(base::fixed(value, size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 4 : 6));
}

}  // namespace

DesignCard::DesignCard(QWidget* parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_accuracy(new QLabel(this)),
      m_figures(new QLabel(this)),
      m_dsp(new ResourceBar(QStringLiteral("DSP"), this)),
      m_bram(new ResourceBar(QStringLiteral("BRAM18K"), this)) {
    m_title->setObjectName(QStringLiteral("designTitle"));
    m_accuracy->setObjectName(QStringLiteral("designAccuracy"));
    m_dsp->setObjectName(QStringLiteral("dsp"));
    m_bram->setObjectName(QStringLiteral("bram18k"));
    m_figures->setObjectName(QStringLiteral("designFigures"));
    for (auto* label : {m_title, m_accuracy, m_figures}) {
        label->setTextFormat(Qt::RichText);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    }
    auto* bars = new QHBoxLayout;
    bars->setSpacing(12);
    bars->addWidget(m_dsp);
    bars->addWidget(m_bram);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 6, 8, 6);
    layout->setSpacing(4);
    layout->addWidget(m_title);
    layout->addWidget(m_accuracy);
    layout->addWidget(m_figures);
    layout->addLayout(bars);
}

void DesignCard::setDesign(const DesignDetails& details) {
    m_details = details;
    showTexts();
    showResources(details, *m_dsp, *m_bram);
}

void DesignCard::showTexts() {
    const auto& row = m_details.row;
    m_title->setText(titleOf(row));
    m_accuracy->setText(accuracyOf(row));
    struct Column {
        QString name;
        double value;
        const char* unit;
    };
    const std::array columns = {Column{DesignWords::tr("Throughput"), row.fps, "FPS"},
                                Column{DesignWords::tr("Latency"), row.latencyMs, "ms"},
                                Column{DesignWords::tr("Energy"), row.energyMj, "mJ"},
                                Column{DesignWords::tr("EDP"), row.edp, "mJ·ms"}};
    const auto muted = themeOf(palette()).mutedText.name();
    QString names;
    QString values;
    for (const auto& column : columns) {
        names += QStringLiteral("<td style=\"color:%1\">%2</td>").arg(muted, column.name);
        values += QStringLiteral("<td><b>%1</b> %2</td>")
                      .arg(figure(column.value), QString::fromUtf8(column.unit));
    }
    m_figures->setText(QStringLiteral("<table width=\"100%\" cellspacing=\"0\"><tr>%1</tr>"
                                      "<tr>%2</tr></table>")
                           .arg(names, values));
}

void DesignCard::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) showTexts();
}

}  // namespace cohelix::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/why_text.h"

#include <cmath>

#include "core/base/units.h"

#include "ui/views/design/design_words.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

QString html(const std::string& text) { return fromStd(text).toHtmlEscaped(); }

QString line(const QString& text) {
    return QStringLiteral("<p style=\"margin:0 0 4px 0\">%1</p>").arg(text);
}

QString colored(const QString& text, const QColor& color) {
    return QStringLiteral("<b style=\"color:%1\">%2</b>").arg(color.name(), text);
}

QString against(const DesignWhy& why, const DesignDetails& details) {
    const auto device = model::findDevice(why.device.toStdString());
    if (device) return html(device->name + " (" + device->part + ")");
    if (details.accelerator.kind == model::Template::LoopNest) {
        return DesignWords::tr("its own memories and PEs");
    }
    return DesignWords::tr("the limits of its specification");
}

/// How a sentence ends that says that a design fits by the model's count.
QString placed(const std::vector<explain::PlacedNeed>& needs) {
    if (needs.empty()) return QStringLiteral(".");
    const auto start =
        explain::anyOver(needs)
            ? DesignWords::tr(" by the model's count, but as one fixed array takes %1.")
            : DesignWords::tr(", also as one fixed array: %1.");
    return start.arg(html(explain::placedText(needs)));
}

QString cells(const QStringList& texts, const char* tag) {
    QString row;
    for (qsizetype i = 0; i < texts.size(); ++i) {
        row +=
            QStringLiteral("<%1 align=\"%2\" style=\"padding:0 %3 2px 0\">%4</%1>")
                .arg(QLatin1String(tag), i == 0 ? QStringLiteral("left") : QStringLiteral("right"),
                     i + 1 < texts.size() ? QStringLiteral("12px") : QStringLiteral("0"), texts[i]);
    }
    return QStringLiteral("<tr>%1</tr>").arg(row);
}

QString cycles(double value) { return fromStd(base::fixed(value, 0)); }

QString modelRow(const explain::ModelView& view) {
    return cells({html(view.model), cycles(view.cycles), cycles(view.computeCycles),
                  cycles(view.readCycles), cycles(view.writeCycles)},
                 "td");
}

QString differencesHtml(const QString& title,
                        const std::vector<explain::ModelDifference>& differences) {
    QString text = QStringLiteral("<p style=\"margin:8px 0 2px 0\"><b>%1</b></p>").arg(title);
    if (differences.empty()) return text + line(DesignWords::tr("No cycles change."));
    for (const auto& difference : differences) {
        const QString sign = difference.cycles < 0 ? QString(QChar(0x2212)) : QStringLiteral("+");
        text += line(DesignWords::tr("%1%2 cycles, <b>%3</b>: %4")
                         .arg(sign, cycles(std::fabs(difference.cycles)), html(difference.term),
                              html(difference.text) + QLatin1Char('.')));
    }
    return text;
}

}  // namespace

QString fitHtml(const DesignWhy& why, const DesignDetails& details, const QPalette& palette) {
    const auto theme = themeOf(palette);
    if (why.why.excesses.empty()) {
        return line(colored(DesignWords::tr("Fits"), theme.good) + QLatin1Char(' ') +
                    against(why, details) + placed(why.why.placed));
    }
    QString text = line(colored(DesignWords::tr("Does not fit"), theme.error) + QLatin1Char(' ') +
                        against(why, details) + QLatin1Char(':'));
    for (const auto& excess : why.why.excesses) {
        text += line(html(excess.text) + QLatin1Char('.'));
    }
    if (!why.why.fix) {
        return text + line(DesignWords::tr("No single change of a choice makes it fit."));
    }
    return text + line(DesignWords::tr("<b>Smallest single change that makes it fit:</b> %1 "
                                       "(%2 DSP, %3 BRAM18K then).")
                           .arg(html(why.why.fix->text), fromStd(base::fixed(why.why.fix->dsp, 0)),
                                fromStd(base::fixed(why.why.fix->bram18k, 0))));
}

QString boughtHtml(const DesignWhy& why) {
    if (!why.why.excesses.empty()) {
        return line(DesignWords::tr("First it has to fit: see above."));
    }
    QString text;
    for (const auto& one : why.why.sensitivities) {
        QString sentence = html(one.text);
        if (!sentence.isEmpty() && sentence[0] == QLatin1Char('o')) {
            sentence[0] = sentence[0].toUpper();
        }
        text += line(sentence + QLatin1Char('.'));
    }
    return text;
}

QString noModelsHtml() {
    return line(
        DesignWords::tr("The models are compared on the tiles of the FPGA pipeline; "
                        "this accelerator is a loop-nest array."));
}

QString modelsHtml(const base::Result<explain::SideBySide>& sides, const QPalette& palette) {
    if (!sides) return line(html(base::toText(sides.error())));
    const auto muted = themeOf(palette).mutedText.name();
    QString text = QStringLiteral("<table cellspacing=\"0\" cellpadding=\"0\">");
    text += QStringLiteral("<tr style=\"color:%1\">").arg(muted) +
            cells({DesignWords::tr("cycles of an image"), DesignWords::tr("all"),
                   DesignWords::tr("compute"), DesignWords::tr("reads"), DesignWords::tr("writes")},
                  "td")
                .mid(4);
    for (const auto* view : {&sides->published, &sides->corrected, &sides->loopNest}) {
        text += modelRow(*view);
    }
    return text + QStringLiteral("</table>") +
           differencesHtml(DesignWords::tr("From as published to corrected"), sides->toCorrected) +
           differencesHtml(DesignWords::tr("From corrected to the loop nest"), sides->toLoopNest);
}

}  // namespace cohelix::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plot_command.h"

#include <QCommandLineParser>
#include <QFileInfo>
#include <iostream>
#include <optional>

#include "core/base/unicode.h"
#include "core/store/project.h"

#include "ui/plot/pareto_plot.h"
#include "ui/views/front/pareto_points.h"
#include "ui/views/front/reference_series.h"

namespace cohelix::app {

namespace {

constexpr int kFailed = 1;
constexpr int kWrongUse = 2;

struct Request {
    QString project;
    QString out;
    ui::ExportSize size;
    std::optional<std::int64_t> run;
    bool logarithmicX = false;
    std::vector<const published::Group*> groups;
};

int fail(const base::Error& error) {
    std::cerr << "cohelix: " << base::visible(base::toText(error)) << '\n';
    return kFailed;
}

int refuse(const QString& reason) {
    std::cerr << "cohelix: " << base::visible(reason.toStdString()) << '\n' << plotUsage();
    return kWrongUse;
}

/// Takes a number within these limits; what the option needs otherwise.
template <typename T>
QString readNumber(const QCommandLineParser& parser, const QString& name, double least, double most,
                   T& target) {
    if (!parser.isSet(name)) return {};
    bool ok = false;
    const double value = parser.value(name).toDouble(&ok);
    if (!ok || value < least || value > most) {
        return QStringLiteral("--%1 needs a number from %2 to %3").arg(name).arg(least).arg(most);
    }
    target = static_cast<T>(value);
    return {};
}

QString shownGroupIds() {
    QStringList ids;
    for (const published::Group& group : published::groups()) {
        if (ui::canBeShown(group)) ids.push_back(QString::fromStdString(std::string(group.id)));
    }
    return ids.join(QStringLiteral(", "));
}

/// Takes the groups of --published GROUP,…; what is wrong with them otherwise.
QString readGroups(const QString& list, std::vector<const published::Group*>& target) {
    for (const QString& id : list.split(',', Qt::SkipEmptyParts)) {
        const published::Group* group = published::findGroup(id.toStdString());
        if (!group || !ui::canBeShown(*group)) {
            return QStringLiteral("--published cannot show '%1'; use some of %2")
                .arg(id, shownGroupIds());
        }
        target.push_back(group);
    }
    return {};
}

/// Fills `request`; the reason when the arguments cannot be used.
QString readArguments(const QStringList& arguments, Request& request) {
    QCommandLineParser parser;
    for (const char* name : {"out", "width", "height", "dpi", "run", "published"}) {
        parser.addOption(
            QCommandLineOption(QString::fromLatin1(name), {}, QStringLiteral("value")));
    }
    parser.addOption(QCommandLineOption(QStringLiteral("log-x")));
    if (!parser.parse(QStringList{QStringLiteral("plot")} + arguments)) return parser.errorText();
    if (parser.positionalArguments().size() != 1) return QStringLiteral("name one project file");
    request.project = parser.positionalArguments().first();
    request.out = parser.value(QStringLiteral("out"));
    if (request.out.isEmpty()) return QStringLiteral("--out FILE is missing");
    const QString suffix = QFileInfo(request.out).suffix().toLower();
    if (!QStringList{"svg", "pdf", "png"}.contains(suffix)) {
        return QStringLiteral("--out needs a name that ends in .svg, .pdf or .png");
    }
    for (const QString& wrong :
         {readNumber(parser, QStringLiteral("width"), 10, 2000, request.size.widthMm),
          readNumber(parser, QStringLiteral("height"), 10, 2000, request.size.heightMm),
          readNumber(parser, QStringLiteral("dpi"), 36, 2400, request.size.dpi)}) {
        if (!wrong.isEmpty()) return wrong;
    }
    if (parser.isSet(QStringLiteral("run"))) {
        std::int64_t run = 0;
        const QString wrong = readNumber(parser, QStringLiteral("run"), 1, 1e9, run);
        if (!wrong.isEmpty()) return wrong;
        request.run = run;
    }
    request.logarithmicX = parser.isSet(QStringLiteral("log-x"));
    return readGroups(parser.value(QStringLiteral("published")), request.groups);
}

/// The newest true front, as the window shows it, and the groups that were asked for.
base::Result<std::vector<ui::ReferenceSeries>> referencesOf(
    store::Project& project, const Request& request, const std::vector<store::DesignRow>& rows) {
    std::vector<ui::ReferenceSeries> all;
    const auto fronts = project.referenceFronts();
    const auto runs = project.runs();
    if (!fronts) return fronts.error();
    if (!runs) return runs.error();
    if (!fronts->empty()) {
        const auto& front = fronts->back();
        std::optional<ui::Coverage> coverage;
        for (const store::RunRow& run : *runs) {
            const auto specification = project.specificationOf(run.id);
            if (!specification || !tables::sameSpaces(front, *specification)) continue;
            if (const auto share = tables::coveredShare(front, run.id, rows)) {
                coverage = ui::Coverage{run.id, *share};
            }
        }
        all.push_back(ui::trueFrontSeries(front, coverage));
    }
    for (const published::Group* group : request.groups) {
        all.push_back(ui::publishedSeries(*group));
    }
    return all;
}

}  // namespace

const char* plotUsage() {
    return "Usage: cohelix plot PROJECT.cohelix --out FILE.(svg|pdf|png)\n"
           "                    [--width MM] [--height MM] [--dpi N] [--run N] [--log-x]\n"
           "                    [--published GROUP,…]   see cohelix-cli published\n";
}

int plotCommand(const QStringList& arguments) {
    if (arguments.contains(QStringLiteral("--help")) || arguments.contains(QStringLiteral("-h"))) {
        std::cout << plotUsage();
        return 0;
    }
    Request request;
    const QString wrong = readArguments(arguments, request);
    if (!wrong.isEmpty()) return refuse(wrong);
    auto project = store::Project::open(request.project.toStdString(), store::Access::ReadOnly);
    if (!project) return fail(project.error());
    const auto rows = (*project)->designs(request.run);
    if (!rows) return fail(rows.error());

    auto references = referencesOf(**project, request, *rows);
    if (!references) return fail(references.error());

    ui::ParetoPlot plot;
    ui::ParetoOptions options;
    options.logarithmicX = request.logarithmicX;
    ui::ParetoData data = ui::paretoData(*rows, {}, options);
    data.references = std::move(*references);
    const bool hasTrueFront = data.references.size() > request.groups.size();
    plot.setData(std::move(data));
    if (plot.data().points.empty() && !hasTrueFront) {
        return fail({request.project.toStdString(), "there is no design with an accuracy to draw",
                     request.run ? "Leave out --run, or name a run that has designs"
                                 : "Search first, or keep a true front in the project"});
    }
    const auto written = plot.exportTo(request.out, request.size);
    return written ? 0 : fail(written.error());
}

}  // namespace cohelix::app

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/design/mapping_lines.h"

#include <QStringList>
#include <algorithm>

#include "core/base/units.h"

#include "ui/views/design/design_words.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

NestLine memoryLine(const model::MappingLevel& level) {
    NestLine line;
    line.kind = NestLine::Kind::Memory;
    line.text = fromStd(level.memory);
    if (!line.text.isEmpty()) line.text[0] = line.text[0].toUpper();
    QStringList kept;
    for (const auto tensor : model::kAllTensors) {
        if (!level.keeps[static_cast<std::size_t>(tensor)]) continue;
        kept << fromStd(word(tensor));
    }
    line.note = kept.isEmpty() ? DesignWords::tr("keeps nothing")
                               : DesignWords::tr("keeps ") + kept.join(QStringLiteral(", "));
    if (level.loops.empty()) line.note += DesignWords::tr("; no loops");
    line.toolTip =
        DesignWords::tr("%1 %2.\nThe loops below refresh what the memories inside it hold.")
            .arg(line.text, line.note);
    return line;
}

NestLine loopLine(const model::Loop& loop) {
    NestLine line;
    line.loop = loop;
    const bool temporal = loop.kind == model::LoopKind::Temporal;
    line.kind = temporal ? NestLine::Kind::Temporal : NestLine::Kind::Spatial;
    line.text = QStringLiteral("%1 %2 in 0..%3")
                    .arg(temporal ? DesignWords::tr("for") : DesignWords::tr("parallel-for"),
                         fromStd(word(loop.dim)).toLower(), fromStd(base::grouped(loop.trips)));
    if (!temporal) {
        line.note = loop.kind == model::LoopKind::Rows ? DesignWords::tr("on PE rows")
                                                       : DesignWords::tr("on PE columns");
    }
    line.toolTip = QStringLiteral("%1: %2, %3 %4")
                       .arg(fromStd(word(loop.dim)), fromStd(model::dimMeaning(loop.dim)),
                            counted(loop.trips, "trip", "trips"),
                            temporal ? DesignWords::tr("one after the other")
                                     : DesignWords::tr("at the same time"));
    return line;
}

}  // namespace

std::vector<NestLine> nestLines(const model::Mapping& mapping) {
    std::vector<NestLine> lines;
    int depth = 0;
    for (std::size_t level = 0; level < mapping.levels.size(); ++level) {
        auto heading = memoryLine(mapping.levels[level]);
        heading.depth = depth;
        heading.level = static_cast<int>(level);
        lines.push_back(std::move(heading));
        for (const auto& loop : mapping.levels[level].loops) {
            auto line = loopLine(loop);
            line.depth = depth++;
            line.level = static_cast<int>(level);
            lines.push_back(std::move(line));
        }
    }
    if (lines.empty()) return lines;
    NestLine body;
    body.kind = NestLine::Kind::Body;
    body.depth = depth;
    body.text = DesignWords::tr("multiply-accumulate");
    body.toolTip = DesignWords::tr("What every PE in use does in a cycle");
    lines.push_back(std::move(body));
    return lines;
}

}  // namespace cohelix::ui

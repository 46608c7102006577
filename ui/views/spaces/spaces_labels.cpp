// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_labels.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/nest/technology.h"
#include "core/specification/field_help.h"
#include "core/specification/specification.h"

#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

struct Name {
    std::string_view key;
    const char* text;
};

constexpr std::array kSections = {Name{"data_set", "Data set"},
                                  Name{"network", "Network space"},
                                  Name{"accelerator", "Accelerator space"},
                                  Name{"device", "Device"},
                                  Name{"limits", "Hard limits"},
                                  Name{"objective", "Objective"},
                                  Name{"search", "Search budget"},
                                  Name{"training", "Training budget"}};

QStringList technologyNames() {
    QStringList names;
    for (const auto& technology : nest::technologies()) names << fromStd(technology.name);
    return names;
}

const spec::FieldHelp* helpOf(const std::string& pattern) {
    const auto& all = spec::fieldHelp();
    const auto found = std::find_if(all.begin(), all.end(), [&](const spec::FieldHelp& help) {
        return help.pointer == pattern;
    });
    return found == all.end() ? nullptr : &*found;
}

QString spoken(const std::string& key) {
    QString text = fromStd(key);
    return text.replace(QLatin1Char('_'), QLatin1Char(' '));
}

bool isNumber(const std::string& step) {
    return !step.empty() && std::all_of(step.begin(), step.end(),
                                        [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::vector<std::string> stepsOf(const std::string& pointer) {
    std::vector<std::string> steps;
    for (std::size_t at = pointer.find('/'); at != std::string::npos;) {
        const auto next = pointer.find('/', at + 1);
        steps.push_back(pointer.substr(at + 1, next == std::string::npos ? next : next - at - 1));
        at = next;
    }
    return steps;
}

}  // namespace

std::string pointerPattern(const std::string& pointer) {
    std::string pattern;
    for (const auto& step : stepsOf(pointer)) pattern += "/" + (isNumber(step) ? "*" : step);
    return pattern;
}

QString fieldLabel(const std::string& pointer) {
    const auto* help = helpOf(pointerPattern(pointer));
    if (help && !help->label.empty()) return fromStd(help->label);
    const auto steps = stepsOf(pointer);
    if (steps.empty()) return {};
    QString text = spoken(steps.back());
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

QString fieldPath(const std::string& pointer) {
    const auto steps = stepsOf(pointer);
    if (steps.size() < 2) return fieldLabel(pointer);
    QString text = sectionTitle(steps.front()) + QStringLiteral(": ");
    for (std::size_t i = 1; i + 1 < steps.size(); ++i) {
        text += isNumber(steps[i]) ? QString::number(std::stoi(steps[i]) + 1) : spoken(steps[i]);
        text += isNumber(steps[i + 1]) ? QStringLiteral(" ") : QStringLiteral(", ");
    }
    return text + fieldLabel(pointer).toLower();
}

bool isOptional(const std::string& pointer) {
    const auto* help = helpOf(pointerPattern(pointer));
    return help && help->optional;
}

QString fieldUnit(const std::string& pointer) {
    const auto* help = helpOf(pointerPattern(pointer));
    return help ? fromStd(help->shortUnit) : QString();
}

QString fieldToolTip(const std::string& pointer) {
    QString text;
    if (const auto* help = helpOf(pointerPattern(pointer))) {
        text = fromStd(help->meaning).toHtmlEscaped();
        if (!help->unit.empty()) text += QStringLiteral(" [%1]").arg(fromStd(help->unit));
        text += QStringLiteral("<br>");
    }
    if (isReadOnly(pointer)) {
        text += QStringLiteral(
            "Other fields depend on it: change it in the text, or take another "
            "preset.<br>");
    }
    return QStringLiteral("<qt>%1<small>%2</small></qt>").arg(text, fromStd(pointer));
}

QStringList fieldOptions(const std::string& pointer) {
    const auto pattern = pointerPattern(pointer);
    if (pattern == "/accelerator/technology") return technologyNames();
    QStringList options;
    if (const auto* help = helpOf(pattern)) {
        for (const auto& option : help->options) options << fromStd(option);
    }
    return options;
}

bool isReadOnly(const std::string& pointer) {
    const auto* help = helpOf(pointerPattern(pointer));
    return help && help->fixed;
}

QString sectionTitle(const std::string& key) {
    for (const auto& section : kSections) {
        if (section.key == key) return QString::fromUtf8(section.text);
    }
    return spoken(key);
}

}  // namespace cohelix::ui

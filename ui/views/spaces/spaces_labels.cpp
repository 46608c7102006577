// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/spaces/spaces_labels.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "core/nest/technology.h"
#include "core/model/device.h"
#include "core/specification/specification.h"
#include "ui/views/style/design_style.h"

namespace cohelix::ui {
namespace {

struct Name {
    std::string_view key;
    const char* text;
};

constexpr std::array kSections = {
    Name{"data_set", "Data set"},       Name{"network", "Network space"},
    Name{"accelerator", "Accelerator space"}, Name{"device", "Device"},
    Name{"limits", "Hard limits"},      Name{"objective", "Objective"},
    Name{"search", "Search budget"},    Name{"training", "Training budget"}};

/// Labels that do not follow from the field's name.
const std::map<std::string, QString>& labels() {
    static const std::map<std::string, QString> kLabels = {
        {"/data_set/kind", QStringLiteral("Images")},
        {"/data_set/path", QStringLiteral("Folder")},
        {"/data_set/flip", QStringLiteral("Random flip")},
        {"/accelerator/clock_mhz", QStringLiteral("Clock")},
        {kSharedDram, QStringLiteral("Shared DRAM")},
        {"/accelerator/budget/pes", QStringLiteral("PEs")},
        {"/accelerator/budget/buffer_kib", QStringLiteral("Buffer")},
        {"/accelerator/budget/register_bytes", QStringLiteral("Register file")},
        {"/accelerator/chunks/*/tm", QStringLiteral("Output channels")},
        {"/accelerator/chunks/*/tn", QStringLiteral("Input channels")},
        {"/accelerator/chunks/*/rows", QStringLiteral("Output rows")},
        {"/accelerator/chunks/*/columns", QStringLiteral("Output columns")},
        {"/accelerator/chunks/*/port_words", QStringLiteral("Port")},
        {"/device", QStringLiteral("Part")},
        {"/limits/dsp", QStringLiteral("Most DSP")},
        {"/limits/bram18k", QStringLiteral("Most BRAM18K")},
        {"/limits/least_fps", QStringLiteral("Least FPS")},
        {"/limits/most_latency_ms", QStringLiteral("Most latency")},
        {"/limits/most_energy_mj", QStringLiteral("Most energy")},
        {"/search/alpha_learning_rate", QStringLiteral("Architecture learning rate")},
        {"/search/device", QStringLiteral("Trains on")},
        {"/search/epochs", QStringLiteral("Joint epochs")},
        {"/search/warmup_epochs", QStringLiteral("Warm-up epochs")},
    };
    return kLabels;
}

template <base::Worded E>
QStringList wordsOf() {
    QStringList list;
    for (const E value : base::kValues<E>) list << fromStd(word(value));
    return list;
}

QStringList technologyNames() {
    QStringList names;
    for (const auto& technology : nest::technologies()) names << fromStd(technology.name);
    return names;
}

QStringList deviceNames() {
    QStringList names;
    for (const auto& device : model::devices()) names << fromStd(device.name);
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
    return !step.empty() && std::all_of(step.begin(), step.end(), [](unsigned char c) {
        return std::isdigit(c) != 0;
    });
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
    const auto pattern = pointerPattern(pointer);
    if (const auto found = labels().find(pattern); found != labels().end()) return found->second;
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
    return pointer.starts_with("/limits/") || pointer == kSharedDram;
}

QString fieldUnit(const std::string& pointer) {
    const auto pattern = pointerPattern(pointer);
    static const std::map<std::string, QString> kShort = {
        {"/data_set/validation_fraction", {}},
        {"/objective/initial_hardware_share", {}},
        {"/search/weight_share", {}},
        {"/training/label_smoothing", {}},
        {"/network/head_channels", {}},
        {"/limits/dsp", {}},
        {"/limits/bram18k", {}},
        {"/limits/least_fps", QStringLiteral("FPS")},
        {"/search/accelerator_iterations", QStringLiteral("evaluations")},
        {"/search/final_accelerator_iterations", QStringLiteral("evaluations")},
    };
    if (const auto found = kShort.find(pattern); found != kShort.end()) return found->second;
    const auto* help = helpOf(pattern);
    return help ? fromStd(help->unit) : QString();
}

QString fieldToolTip(const std::string& pointer) {
    QString text;
    if (const auto* help = helpOf(pointerPattern(pointer))) {
        text = fromStd(help->meaning).toHtmlEscaped();
        if (!help->unit.empty()) text += QStringLiteral(" [%1]").arg(fromStd(help->unit));
        text += QStringLiteral("<br>");
    }
    if (isReadOnly(pointer)) {
        text += QStringLiteral("Other fields depend on it: change it in the text, or take another "
                               "preset.<br>");
    }
    return QStringLiteral("<qt>%1<small>%2</small></qt>").arg(text, fromStd(pointer));
}

QStringList fieldOptions(const std::string& pointer) {
    const auto pattern = pointerPattern(pointer);
    if (pattern == "/data_set/kind") return wordsOf<spec::DataSetKind>();
    if (pattern == "/accelerator/model") return wordsOf<model::FpgaModel>();
    if (pattern == "/accelerator/technology") return technologyNames();
    if (pattern == "/device") return deviceNames();
    if (pattern == "/objective/metric") return wordsOf<spec::Metric>();
    if (pattern == "/search/level") return wordsOf<spec::Level>();
    if (pattern == "/search/device") return wordsOf<spec::Processor>();
    if (pattern == "/search/sampling") return wordsOf<spec::Sampling>();
    if (pattern == "/search/hardware_gradient") return wordsOf<spec::HardwareGradient>();
    if (pattern == "/search/layer_mapping") return wordsOf<spec::LayerMapping>();
    if (pattern == "/search/accelerator_method") return wordsOf<spec::AcceleratorMethod>();
    return {};
}

bool isReadOnly(const std::string& pointer) {
    const auto pattern = pointerPattern(pointer);
    return pattern == "/cohelix" || pattern == "/accelerator/template" ||
           pattern == "/accelerator/allocation/by" ||
           pattern == "/accelerator/chunks/*/role";
}

QString sectionTitle(const std::string& key) {
    for (const auto& section : kSections) {
        if (section.key == key) return QString::fromUtf8(section.text);
    }
    return spoken(key);
}

}  // namespace cohelix::ui

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/workload/workload.h"

#include <charconv>
#include <numeric>
#include <optional>

#include "core/base/same_name.h"
#include "core/workload/networks.h"

namespace cohelix::workload {
namespace {

using model::Dim;
using model::LayerRole;

std::optional<std::int64_t> numberFrom(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

base::Result<Workload> bertFrom(std::string_view tokens) {
    if (const auto number = numberFrom(tokens)) return bertBase(*number);
    return base::Error{"bert-base:" + std::string(tokens), "the number of tokens is no number",
                       "Write for example bert-base:384"};
}

base::Result<Workload> nasBench201From(std::string_view text) {
    const auto index = numberFrom(text);
    if (!index) return nasBench201(text);
    auto cell = nasBench201Cell(*index);
    if (!cell) return cell.error();
    return nasBench201(*cell);
}

base::Error unknown(std::string_view name) {
    std::string list;
    for (const auto& known : workloadNames()) {
        list += (list.empty() ? "" : ", ") + std::string(known.name);
        if (known.name.ends_with(':')) list += "…";
    }
    return {std::string(name), "there is no such network", "Use one of: " + list};
}

}  // namespace

std::int64_t macs(const Workload& workload) {
    return std::accumulate(
        workload.layers.begin(), workload.layers.end(), std::int64_t{0},
        [](std::int64_t sum, const model::Layer& layer) { return sum + model::macs(layer); });
}

LayerRole roleByShape(const model::Layer& layer) {
    if (layer.depthwise()) return LayerRole::Depthwise;
    if (layer.size(Dim::R) > 1 || layer.size(Dim::S) > 1) return LayerRole::Stem;
    if (layer.groups == 1 && layer.size(Dim::P) == 1 && layer.size(Dim::Q) == 1) {
        return LayerRole::Classifier;
    }
    return layer.size(Dim::K) >= layer.size(Dim::C) ? LayerRole::Expand : LayerRole::Project;
}

const std::vector<WorkloadName>& workloadNames() {
    static const std::vector<WorkloadName> kNames = {
        {"alexnet", "AlexNet, ImageNet, 227 x 227"},
        {"vgg16", "VGG-16, ImageNet, 224 x 224"},
        {"resnet18", "ResNet-18, ImageNet, 224 x 224"},
        {"resnet50", "ResNet-50 v1.5, ImageNet, 224 x 224"},
        {"mobilenetv2", "MobileNetV2, ImageNet, 224 x 224"},
        {"efficientnet-b0", "EfficientNet-B0, ImageNet, 224 x 224"},
        {"fbnet-c-like", "after FBNet-C, ImageNet, 224 x 224"},
        {"proxylessnas-mobile-like", "after ProxylessNAS, mobile, ImageNet, 224 x 224"},
        {"bert-base", "BERT-base, 128 tokens"},
        {"bert-base:", "BERT-base, then a number of tokens: bert-base:384"},
        {"nasbench201:", "NAS-Bench-201, CIFAR-10, then an index or a cell: nasbench201:0"},
        {"nasbench-macro:",
         "NAS-Bench-Macro, CIFAR-10, then eight digits: "
         "nasbench-macro:10220212"}};
    return kNames;
}

base::Result<Workload> workload(std::string_view text) {
    const auto name = base::lowerCase(text);
    if (name == "alexnet") return alexNet();
    if (name == "vgg16") return vgg16();
    if (name == "resnet18") return resNet18();
    if (name == "resnet50") return resNet50();
    if (name == "mobilenetv2") return mobileNetV2();
    if (name == "efficientnet-b0") return efficientNetB0();
    if (name == "fbnet-c-like") return fbnetCLike();
    if (name == "proxylessnas-mobile-like") return proxylessNasMobileLike();
    if (name == "bert-base") return bertBase(128);
    const auto colon = name.find(':');
    if (colon == std::string::npos) return unknown(text);
    const auto family = name.substr(0, colon);
    const auto rest = name.substr(colon + 1);
    if (family == "bert-base") return bertFrom(rest);
    if (family == "nasbench201") return nasBench201From(rest);
    if (family == "nasbench-macro") return nasBenchMacro(rest);
    return unknown(text);
}

}  // namespace cohelix::workload

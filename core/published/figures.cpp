// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/published/figures.h"

#include <algorithm>

namespace cohelix::published {
namespace {

constexpr std::string_view k16 = "16 bit";
constexpr std::string_view k8 = "8 bit";
constexpr std::string_view kMixed = "mixed, 4, 6 and 8 bit";
constexpr std::string_view kChunks = "FPGA of 900 DSPs at 200 MHz assumed, as in the authors' code";
constexpr bool kAuthors = true;
constexpr bool kOthers = false;

Group imageNetFpga() {
    return {"imagenet-fpga",
            "ImageNet on FPGA",
            "DNA",
            Quantity::FramesPerSecond,
            "ImageNet",
            kChunks,
            Grade::FigureFilesOctober2020,
            "NN-HW-predictor, dsp_tradeoff_fpga.svg, 10 October 2020",
            "Axes unlabelled, read as FPS and top-1 accuracy",
            {{"DNA (a)", kAuthors, 42.79, 75.6, k16, {}, {}, ""},
             {"DNA (b)", kAuthors, 35.0, 76.2, k16, {}, {}, ""},
             {"DNA, 8 bit", kAuthors, 78.1, 75.1, k8, {}, {}, ""},
             {"EDD-Net-3", kOthers, 40.2, 74.4, "", {}, {}, ""},
             {"FBNet-C", kOthers, 28.892, 74.9, "", {}, {}, ""},
             {"FBNet-V2 F4", kOthers, 27.022, 76.0, "", {}, {}, ""},
             {"ProxylessNAS-Mobile", kOthers, 24.612, 74.6, "", {}, {}, ""},
             {"EfficientNet-B0", kOthers, 21.874, 76.3, "", {}, {}, ""}}};
}

Group imageNetMixed() {
    return {"imagenet-fpga-mixed",
            "ImageNet on FPGA, mixed precision",
            "TRIPS (Auto-NBA)",
            Quantity::FramesPerSecond,
            "ImageNet",
            kChunks,
            Grade::FigureFilesOctober2020,
            "NN-HW-predictor, fps_acc_all_fpga.svg, 9 October 2020",
            "Networks of others on the authors' own accelerator are probably estimates of their "
            "cost model",
            {{"TRIPS (a)", kAuthors, 63.81, 75.7, kMixed, {}, {}, ""},
             {"TRIPS (b)", kAuthors, 46.27, 76.2, kMixed, {}, {}, ""},
             {"TRIPS (c)", kAuthors, 69.80, 74.9, kMixed, {}, {}, ""},
             {"TRIPS (d)", kAuthors, 82.56, 73.9, kMixed, {}, {}, ""},
             {"TRIPS (e)", kAuthors, 110.0, 72.2, kMixed, {}, {}, ""},
             {"ProxylessNAS-Mobile", kOthers, 48.02, 74.2, k8, {}, {}, "Precision by the script"},
             {"EfficientNet-B0", kOthers, 36.34, 76.3, k8, {}, {}, "Precision by the script"},
             {"FBNet-C", kOthers, 38.6, 74.9, "", {}, {}, ""},
             {"EDD-Net-3", kOthers, 40.2, 74.4, "", {}, {}, ""},
             {"HS-Co-OptHW", kOthers, 12.1, 68.0, "", {}, {}, ""},
             {"HS-Co-OptSW", kOthers, 10.5, 70.24, "", {}, {}, ""},
             {"APQ", kOthers, 25.3, 75.1, "", {}, {}, ""},
             {"MP-NAS-big", kOthers, 70.65, 71.72, "", {}, {}, ""},
             {"MP-NAS-small", kOthers, 106, 68.38, "", {}, {}, ""}}};
}

Group cifar10Asic() {
    constexpr std::string_view kOtherModel =
        "Figure of arXiv 2002.04116, another cost model: not comparable without care";
    return {"cifar10-asic",
            "CIFAR-10 on ASIC",
            "DNA",
            Quantity::EnergyDelayProduct,
            "CIFAR-10",
            "ASIC, node not stated",
            Grade::FigureFilesOctober2020,
            "NN-HW-predictor, cifar10_asic.svg, 8 October 2020",
            "Axes unlabelled; the values fit EDP in 10^6 cycle*joule. The distance between the "
            "authors' designs and the others is unverified",
            {{"DNA-ASIC (a)", kAuthors, 0.001749, 94.03, "", {}, {}, ""},
             {"DNA-ASIC (b)", kAuthors, 0.002989, 94.34, "", {}, {}, ""},
             {"DNA-ASIC (c)", kAuthors, 0.003496, 95.10, "", {}, {}, ""},
             {"DNA-ASIC (d)", kAuthors, 0.004999, 96.50, "", {}, {}, ""},
             {"NAS->ASIC", kOthers, 3.3, 94.17, "", {}, {}, kOtherModel},
             {"ASIC->HW-NAS", kOthers, 2.81, 92.53, "", {}, {}, kOtherModel},
             {"NASAIC", kOthers, 1.62, 92.62, "", {}, {}, kOtherModel}}};
}

Group dspSweep() {
    return {"dsp-sweep",
            "Sweep of DSPs on FPGA",
            "co-search",
            Quantity::FramesPerSecond,
            "not named (the range suggests CIFAR-100)",
            "FPGA at 200 MHz",
            Grade::FigureFilesMay2020,
            "autoai2c, fpga_dedicated_2/post-rf/dsp_tradeoff_fpga.py, May 2020",
            "The script sorts the accuracies before it plots them; here each stands with its own "
            "design",
            {{"140 DSP", kAuthors, 74.3, 75.95, "", 140, 2693036, ""},
             {"225 DSP", kAuthors, 101.9, 77.24, "", 225, 1962220, ""},
             {"450 DSP", kAuthors, 254.5, 76.98, "", 450, 785772, ""},
             {"580 DSP", kAuthors, 297.4, 76.22, "", 580, 672479, ""},
             {"835 DSP", kAuthors, 490.7, 76.45, "", 835, 407546, ""},
             {"VGG16, the authors' accelerator", kAuthors, 104, {}, "", 731, {}, ""},
             {"AlexNet, the authors' accelerator", kAuthors, 380.6, {}, "", 670, 525443, ""},
             {"Jiang et al.", kOthers, 35.5, {}, "", 450, {}, ""},
             {"VGG16, DNNBuilder", kOthers, 27.7, 70.48, "", 680, {}, ""},
             {"AlexNet, DNNBuilder", kOthers, 170, {}, "", 808, {}, ""}}};
}

}  // namespace

std::string_view gradeText(Grade grade) {
    switch (grade) {
        case Grade::Abstract: return "abstract";
        case Grade::FigureFilesOctober2020: return "authors' figure files, October 2020";
        case Grade::FigureFilesMay2020: return "authors' figure files, May 2020";
    }
    return "";
}

std::string_view quantityUnit(Quantity quantity) {
    return quantity == Quantity::FramesPerSecond ? "1/s" : "10^6 cycle*joule";
}

const std::vector<Group>& groups() {
    static const std::vector<Group> all = {imageNetFpga(), imageNetMixed(), cifar10Asic(),
                                           dspSweep()};
    return all;
}

const Group* findGroup(std::string_view id) {
    const auto found = std::find_if(groups().begin(), groups().end(),
                                    [id](const Group& group) { return group.id == id; });
    return found == groups().end() ? nullptr : &*found;
}

const std::vector<Claim>& claims() {
    constexpr std::string_view kPaper = "arXiv 2010.14778; DIAN, ISLPED 2021";
    constexpr std::string_view kUnnamed = "Of which baseline is not stated";
    static const std::vector<Claim> all = {
        {"FPS", 3.04, "times a baseline", "ImageNet", Grade::Abstract, kPaper, kUnnamed},
        {"top-1 accuracy", 5.46, "points above a baseline", "ImageNet", Grade::Abstract, kPaper,
         kUnnamed},
        {"search time", 1234.3, "times less than co-exploration, up to", "", Grade::Abstract,
         kPaper, kUnnamed},
        {"baselines", 10, "designs", "", Grade::Abstract, kPaper, ""},
        {"data sets", 3, "", "", Grade::Abstract, kPaper, ""}};
    return all;
}

}  // namespace cohelix::published

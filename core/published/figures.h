// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Figures that the authors of "DNA: Differentiable Network-Accelerator Co-Search" (arXiv
// 2010.14778) published, to be laid beside our own. The paper's tables are not public in
// machine-readable form: these come from its abstract and from the figure files in the authors'
// public repositories. So every figure has a grade that says which, and a source; no figure is
// shown without its grade. Whatever is not here was not found. Plain data, any thread.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace cohelix::published {

/// What a figure was read from.
enum class Grade : std::uint8_t { Abstract, FigureFilesOctober2020, FigureFilesMay2020 };
/// "abstract", "authors' figure files, October 2020", "authors' figure files, May 2020".
std::string_view gradeText(Grade grade);

/// What stands on the x axis of a group.
enum class Quantity : std::uint8_t { FramesPerSecond, EnergyDelayProduct };
constexpr std::string_view word(Quantity quantity) {
    switch (quantity) {
        case Quantity::FramesPerSecond: return "FPS";
        case Quantity::EnergyDelayProduct: return "EDP";
    }
    return {};
}
std::string_view quantityUnit(Quantity quantity);  ///< "1/s", "10^6 cycle*joule"

/// One design of a group. Texts are empty where nothing is known.
struct Figure {
    std::string_view design;
    bool authors = false;  ///< found by the authors' own search; else something they compare with
    double x = 0;          ///< in the unit of the group's quantity
    std::optional<double> accuracy;      ///< top-1, percent
    std::string_view precision;          ///< of weights and activations: "16 bit"
    std::optional<int> dsp;              ///< DSP slices
    std::optional<std::int64_t> cycles;  ///< of one image
    std::string_view remark;
};

/// Figures of one published plot.
struct Group {
    std::string_view id;           ///< "imagenet-fpga"
    std::string_view title;        ///< "ImageNet on FPGA"
    std::string_view authorsName;  ///< what the authors' own designs are called: "DNA"
    Quantity quantity = Quantity::FramesPerSecond;
    std::string_view dataSet;
    std::string_view device;  ///< and what is assumed of it
    Grade grade = Grade::FigureFilesOctober2020;
    std::string_view source;
    std::string_view remark;
    std::vector<Figure> figures;
};
/// Their ids are those of the command line.
const std::vector<Group>& groups();
/// Null when there is none of that id.
const Group* findGroup(std::string_view id);

/// A headline number of the text, which is no point of a plot.
struct Claim {
    std::string_view what;
    double value = 0;
    std::string_view unit;
    std::string_view dataSet;
    Grade grade = Grade::Abstract;
    std::string_view source;
    std::string_view remark;
};
const std::vector<Claim>& claims();

}  // namespace cohelix::published

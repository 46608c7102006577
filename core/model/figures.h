// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// What is said of a design in numbers: what it takes of a device, and what it reaches. One table
// has their names; what writes, reads, compares or plots all of them goes through it.

#include <algorithm>
#include <array>
#include <string_view>

namespace cohelix::model {

/// What is taken of an FPGA, by the model that prices it; 0 on an ASIC.
struct Resources {
    double dsp = 0;      ///< DSP slices
    double bram18k = 0;  ///< block RAMs of 18,432 bits
    friend bool operator==(const Resources&, const Resources&) = default;

    /// Parts that stand side by side add up.
    void add(const Resources& other) {
        dsp += other.dsp;
        bram18k += other.bram18k;
    }
    /// Uses of one part, one after the other, take the most of them.
    void raise(const Resources& other) {
        dsp = std::max(dsp, other.dsp);
        bram18k = std::max(bram18k, other.bram18k);
    }
    bool within(const Resources& most) const { return dsp <= most.dsp && bram18k <= most.bram18k; }
};

/// The figures of a whole design, those of one image.
struct Figures : Resources {
    double fps = 0;
    double latencyMs = 0;
    double energyMj = 0;
    double edp = 0;  ///< energy times latency, mJ * ms
    friend bool operator==(const Figures&, const Figures&) = default;

    /// These alone, of what has them and more.
    Figures& figures() { return *this; }
    const Figures& figures() const { return *this; }
};

/// A figure's names: in files, in messages and in tables.
struct FigureName {
    double Figures::*member;
    std::string_view key;      ///< of a column of SQL or CSV, or of a field of JSON
    std::string_view text;     ///< "frame rate"
    std::string_view heading;  ///< "FPS"
    std::string_view unit;     ///< "1/s"; empty: a count
    std::string_view meaning;  ///< a sentence without its stop
};
inline constexpr std::array kFigureNames = {
    FigureName{&Figures::fps, "fps", "frame rate", "FPS", "1/s",
               "Images a second that the accelerator processes, from the cost model"},
    FigureName{&Figures::latencyMs, "latency_ms", "latency", "Latency", "ms",
               "Time of one image through all chunks, from the cost model"},
    FigureName{&Figures::energyMj, "energy_mj", "energy", "Energy", "mJ",
               "Energy of one image, from the cost model"},
    FigureName{&Figures::edp, "edp", "energy-delay product", "EDP", "mJ·ms",
               "Energy times latency of one image, from the cost model"},
    FigureName{&Figures::dsp, "dsp", "DSP count", "DSP", "",
               "DSP slices that the accelerator uses"},
    FigureName{&Figures::bram18k, "bram18k", "BRAM count", "BRAM18K", "",
               "Block RAMs of 18 Kbit that the accelerator uses"},
};

}  // namespace cohelix::model

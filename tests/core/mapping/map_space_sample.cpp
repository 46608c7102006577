// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/mapping/map_space_sample.h"

#include <algorithm>
#include <sstream>

#include "core/base/random.h"

#include "tests/core/mapping/every_mapping.h"

namespace cohelix::mapping::test {
namespace {

using model::Dim;

constexpr std::int64_t kMostMappings = 200;
constexpr std::int64_t kMostWherePadded = 60;

class Drawing {
public:
    Drawing(Kind kind, base::Random& random) : m_kind(kind), m_random(random) {}

    Sample sample() {
        drawHierarchy();
        m_sample.space = fullMapSpace(m_sample.hierarchy);
        for (auto& unrolling : m_sample.space.unrollings) {
            if (chance(4)) unrolling.dims[drawDim()] = false;
        }
        m_sample.objective = static_cast<Objective>(between(0, 2));
        drawLayer();
        if (is({Kind::Bypassing, Kind::PaddedBypassing, Kind::Deep})) {
            m_sample.keeping = Keeping::Chosen;
        }
        if (padded()) m_sample.padding = 0.25 * between(1, 4);
        return std::move(m_sample);
    }

private:
    bool is(std::initializer_list<Kind> kinds) const {
        return std::find(kinds.begin(), kinds.end(), m_kind) != kinds.end();
    }
    bool padded() const {
        return is({Kind::Padded, Kind::PaddedStrided, Kind::PaddedForwarding, Kind::PaddedBypassing,
                   Kind::PaddedBordered});
    }
    bool bordered() const { return is({Kind::Bordered, Kind::PaddedBordered}); }
    /// A whole number from the first to the second, both included.
    int between(int least, int most) {
        return least +
               static_cast<int>(m_random.below(static_cast<std::uint64_t>(most - least + 1)));
    }
    /// Once in so many.
    bool chance(int often) { return between(1, often) == 1; }
    std::size_t drawDim() { return static_cast<std::size_t>(between(0, model::kLoopDims - 1)); }

    nest::MemoryLevel memory(const char* name, int leastWords, int mostWords, double picojoule) {
        nest::MemoryLevel level{.name = name};
        level.capacityWords = between(leastWords, mostWords);
        level.readPicojoule = picojoule;
        level.fillPicojoule = picojoule * between(1, 2);
        level.updatePicojoule = picojoule * between(1, 2);
        level.readWordsPerCycle = between(0, 4);
        level.writeWordsPerCycle = between(0, 4);
        level.sharedBandwidth = chance(2);
        level.multicast = m_kind == Kind::Unshared ? chance(3) : !chance(4);
        level.reduces = m_kind == Kind::Unshared ? chance(3) : !chance(4);
        level.forwards = is({Kind::Forwarding, Kind::PaddedForwarding}) ? !chance(4) : chance(4);
        level.forwardPicojoule = between(0, 2);
        level.blockWords = chance(4) ? 2 : 1;
        level.doubleBuffered = chance(8);
        level.exposesFirstFill = chance(8);
        if (bordered()) level.refillsInPlace = chance(4);
        return level;
    }

    nest::MemoryLevel& add(nest::MemoryLevel level) {
        m_sample.hierarchy.levels.push_back(std::move(level));
        return m_sample.hierarchy.levels.back();
    }
    void addDram() {
        auto& dram = add(memory("DRAM", 0, 0, between(2, 50)));
        dram.doubleBuffered = dram.exposesFirstFill = false;
    }
    void unroll(nest::MemoryLevel& level, int leastRows, int leastColumns, int most) {
        level.rows = between(leastRows, most);
        level.columns = between(leastColumns, most);
    }

    void drawHierarchy() {
        auto& hierarchy = m_sample.hierarchy;
        hierarchy.name = "drawn";
        hierarchy.macPicojoule = 1;
        hierarchy.staticPicojoulePerCycle = between(0, 1);
        hierarchy.overlap = chance(4) ? nest::Overlap::None : nest::Overlap::Full;
        addDram();
        if (m_kind == Kind::Deep)
            addDeep();
        else if (m_kind == Kind::Shallow)
            addShallow();
        else
            addUsual();
        if (chance(8)) hierarchy.pes = between(1, 6);
        if (!is({Kind::Bypassing, Kind::PaddedBypassing})) return;
        for (std::size_t l = 1; l < hierarchy.levels.size(); ++l) {
            if (chance(3)) hierarchy.levels[l].mayKeep.fill(true);
        }
    }

    /// A buffer and PEs with one memory, Gemmini's four levels, or split scratchpads.
    void addUsual() {
        switch (between(0, 3)) {
            case 0:
            case 1:
                unroll(add(memory("buffer", 6, 60, 6)), 1, 1, 4);
                add(memory("registers", 3, 16, 1));
                break;
            case 2:
                add(memory("scratchpad", 6, 60, 6)).mayKeep = {true, true, false};
                m_sample.hierarchy.levels.back().columns = between(2, 4);
                add(memory("accumulator", 2, 20, 3)).mayKeep = {false, false, true};
                m_sample.hierarchy.levels.back().columns = between(2, 4);
                add(memory("register", 1, 4, 1)).mayKeep = {true, false, false};
                break;
            default:
                unroll(add(memory("buffer", 6, 60, 6)), 2, 1, 3);
                m_sample.hierarchy.levels.back().mayKeep = {chance(2), true, true};
                add(memory("inputs", 1, 8, 1)).mayKeep = {false, true, false};
                add(memory("weights", 1, 8, 1)).mayKeep = {true, false, false};
                add(memory("sums", 1, 8, 1)).mayKeep = {false, false, true};
        }
    }

    void addDeep() {
        const int shared = between(1, 4);
        for (int i = 0; i < shared; ++i) {
            static constexpr std::array kNames = {"L2", "L1", "L0", "scratchpad"};
            add(memory(kNames[static_cast<std::size_t>(i)], 4, 60 >> i, 8 - i));
            drawKept();
        }
        unroll(m_sample.hierarchy.levels.back(), 1, 1, 3);
        const int own = between(1, 3);
        for (int i = 0; i < own; ++i) {
            static constexpr std::array kNames = {"first", "second", "third"};
            add(memory(kNames[static_cast<std::size_t>(i)], 1, 8, 1));
            drawKept();
        }
    }
    void drawKept() {
        for (auto& keeps : m_sample.hierarchy.levels.back().mayKeep) keeps = !chance(3);
    }

    /// One memory or two; the multipliers are inside the innermost, or one is.
    void addShallow() {
        if (chance(3)) {
            unroll(add(memory("buffer", 6, 60, 6)), 1, 1, 3);
            return;
        }
        unroll(m_sample.hierarchy.levels.back(), 0, 0, 3);
        if (chance(2)) add(memory("registers", 3, 16, 1));
    }

    /// One to three dimensions: small enough to visit every mapping.
    void drawLayer() {
        auto& layer = m_sample.layer;
        layer.name = "drawn";
        if (is({Kind::Strided, Kind::PaddedStrided, Kind::Forwarding, Kind::PaddedForwarding})) {
            layer.stride = {between(1, 3), between(1, 3)};
            layer.dilation = {between(1, 4), between(1, 3)};
            layer.size(between(0, 1) == 0 ? Dim::P : Dim::R) = between(2, 5);
            if (chance(8)) spreadKernel();
        }
        const int dims = between(1, 3);
        if (m_kind == Kind::Grouped) layer.groups = between(2, 4);
        for (int i = 0; i < dims; ++i) {
            const Dim dim = model::kAllLoopDims[drawDim()];
            const int size = between(2, dims == 1 ? 9 : dims == 2 ? 6 : 4);
            if (dim == Dim::G)
                layer.groups = size;
            else
                layer.size(dim) = size;
        }
        layer.size(Dim::K) *= layer.groups;
        layer.size(Dim::C) *= layer.groups;
        if (bordered()) drawBorder();
    }

    /// A window, strided now and then, and zeros around it that leave some inputs.
    void drawBorder() {
        auto& layer = m_sample.layer;
        layer.size(chance(2) ? Dim::P : Dim::Q) = between(2, 6);
        layer.size(chance(2) ? Dim::R : Dim::S) = between(1, 3);
        if (chance(3)) layer.stride = {between(1, 3), between(1, 3)};
        if (chance(3)) layer.dilation = {between(1, 3), between(1, 2)};
        const auto zeros = [&](Dim output) {
            const auto half = (model::patchAlong(layer, output) - 1) / 2;
            return between(0, static_cast<int>(std::min<std::int64_t>(half, 3)));
        };
        layer.border = {{zeros(Dim::P), zeros(Dim::Q)}, {zeros(Dim::P), zeros(Dim::Q)}};
    }

    /// Far apart rows of a kernel meet again when the outputs go back.
    void spreadKernel() {
        auto& layer = m_sample.layer;
        layer.stride.rows = 1;
        layer.dilation.rows = between(9, 12);
        layer.size(Dim::P) = layer.dilation.rows + 1;
        layer.size(Dim::R) = between(2, 3);
    }

    Kind m_kind;
    base::Random& m_random;
    Sample m_sample;
};

const char* word(bool yes) { return yes ? "true" : "false"; }

void putLevel(std::ostringstream& out, const nest::MemoryLevel& level) {
    out << "    {.name = \"" << level.name << "\", .capacityWords = " << level.capacityWords
        << ", .readPicojoule = " << level.readPicojoule
        << ", .fillPicojoule = " << level.fillPicojoule
        << ", .updatePicojoule = " << level.updatePicojoule
        << ", .readWordsPerCycle = " << level.readWordsPerCycle
        << ", .writeWordsPerCycle = " << level.writeWordsPerCycle
        << ", .sharedBandwidth = " << word(level.sharedBandwidth)
        << ", .blockWords = " << level.blockWords << ", .multicast = " << word(level.multicast)
        << ", .reduces = " << word(level.reduces) << ", .forwards = " << word(level.forwards)
        << ", .forwardPicojoule = " << level.forwardPicojoule
        << ", .doubleBuffered = " << word(level.doubleBuffered)
        << ", .exposesFirstFill = " << word(level.exposesFirstFill)
        << ", .refillsInPlace = " << word(level.refillsInPlace) << ", .mayKeep = {"
        << word(level.mayKeep[0]) << ", " << word(level.mayKeep[1]) << ", "
        << word(level.mayKeep[2]) << "}, .rows = " << level.rows << ", .columns = " << level.columns
        << "},\n";
}

}  // namespace

std::string_view kindName(Kind kind) {
    static constexpr std::array<std::string_view, kKinds.size()> kNames = {
        "plain",     "strided", "grouped",         "unshared",           "forwarding",
        "bypassing", "padded",  "padded, strided", "padded, forwarding", "padded, bypassing",
        "deep",      "shallow", "bordered",        "padded, bordered"};
    return kNames[static_cast<std::size_t>(kind)];
}

Sample drawSample(Kind kind, std::uint64_t seed, std::uint64_t number) {
    base::Random random(seed, kindName(kind), number);
    while (true) {
        Sample sample = Drawing(kind, random).sample();
        const auto most = sample.padding > 0 ? kMostWherePadded : kMostMappings;
        if (countMappings(sample, most) <= most) return sample;
    }
}

std::string codeOf(const Sample& sample) {
    std::ostringstream out;
    const auto& layer = sample.layer;
    const auto& hierarchy = sample.hierarchy;
    out << "Sample sample;\nsample.layer.sizes = {";
    for (const auto size : layer.sizes) out << size << ", ";
    out << "};  // N K C P Q R S\nsample.layer.stride = {" << layer.stride.rows << ", "
        << layer.stride.columns << "};\nsample.layer.dilation = {" << layer.dilation.rows << ", "
        << layer.dilation.columns << "};\nsample.layer.border = {{" << layer.border.before.rows
        << ", " << layer.border.before.columns << "}, {" << layer.border.after.rows << ", "
        << layer.border.after.columns << "}};\nsample.layer.groups = " << layer.groups
        << ";\nsample.hierarchy.levels = {\n";
    for (const auto& level : hierarchy.levels) putLevel(out, level);
    out << "};\nsample.hierarchy.macPicojoule = " << hierarchy.macPicojoule
        << ";\nsample.hierarchy.staticPicojoulePerCycle = " << hierarchy.staticPicojoulePerCycle
        << ";\nsample.hierarchy.pes = " << hierarchy.pes;
    if (hierarchy.overlap == nest::Overlap::None) {
        out << ";\nsample.hierarchy.overlap = nest::Overlap::None";
    }
    out << ";\nsample.space = fullMapSpace(sample.hierarchy);\n";
    for (std::size_t u = 0; u < sample.space.unrollings.size(); ++u) {
        for (const Dim dim : model::kAllLoopDims) {
            if (sample.space.unrollings[u].dims[static_cast<std::size_t>(dim)]) continue;
            out << "sample.space.unrollings[" << u << "].dims[" << static_cast<std::size_t>(dim)
                << "] = false;  // " << word(dim) << "\n";
        }
    }
    static constexpr std::array kObjectives = {"Latency", "Energy", "Edp"};
    out << "sample.objective = Objective::"
        << kObjectives[static_cast<std::size_t>(sample.objective)]
        << ";\nsample.keeping = Keeping::" << (sample.keeping == Keeping::All ? "All" : "Chosen")
        << ";\nsample.padding = " << sample.padding << ";\n";
    return out.str();
}

}  // namespace cohelix::mapping::test

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/accelerator/feasibility.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "core/base/units.h"
#include "core/hardware/evaluate.h"
#include "core/hardware/pipeline/fpga_pipeline.h"
#include "core/hardware/templates.h"
#include "core/nest/technology.h"
#include "core/pricing/design_pricing.h"
#include "core/pricing/layer_mapper.h"
#include "core/search/accelerator/accelerator_search.h"
#include "core/specification/specification_check.h"
#include "core/specification/steering.h"

namespace cohelix::search {
namespace {

using base::Error;
using base::Result;
using model::Parallelism;

int least(const std::vector<int>& values) {
    return *std::min_element(values.begin(), values.end());
}

std::string count(double value) { return base::fixed(value, value == std::floor(value) ? 0 : 1); }

/// Two figures that differ, with at least so many decimals, so that their texts differ, too, and
/// what is above 0 does not read as 0.
std::pair<std::string, std::string> apart(double a, double b, int decimals) {
    constexpr int kMostDecimals = 12;
    const auto readsAsNothing = [](double value, const std::string& text) {
        return value != 0 && text.find_first_of("123456789") == std::string::npos;
    };
    for (; decimals <= kMostDecimals; ++decimals) {
        std::pair texts = {base::fixed(a, decimals), base::fixed(b, decimals)};
        if (texts.first == texts.second) continue;
        if (!readsAsNothing(a, texts.first) && !readsAsNothing(b, texts.second)) return texts;
    }
    return {base::exact(a), base::exact(b)};
}

/// For every block the operator of the fewest multiply-accumulates, or the one that is pinned. With
/// `computing` set, an operator that has none is passed over in that block where it is free.
std::vector<int> cheapestOperators(const spec::NetworkSpace& space, const spec::PinnedOptions& pins,
                                   std::optional<std::size_t> computing = std::nullopt) {
    std::vector<int> operators;
    int block = 0;
    for (const auto& shape : spec::blockShapes(space)) {
        std::int64_t fewest = -1;
        int best = 0;
        for (std::size_t op = 0; op < space.operators.size(); ++op) {
            std::int64_t macs = 0;
            for (const auto& layer : spec::blockLayers(shape, space.operators[op], block)) {
                macs += model::macs(layer);
            }
            if (macs == 0 && computing == static_cast<std::size_t>(block)) continue;
            if (fewest < 0 || macs < fewest) {
                fewest = macs;
                best = static_cast<int>(op);
            }
        }
        operators.push_back(best);
        ++block;
    }
    return spec::withPins(pins, std::move(operators));
}

/// The layers of the cheapest network.
model::Network cheapestNetwork(const spec::NetworkSpace& space,
                               const spec::PinnedOptions& pins = {}) {
    return spec::buildNetwork(space, cheapestOperators(space, pins));
}

/// The operators of the cheapest network, and of the cheapest with an operator that computes: where
/// stem and head are free, skips alone cost nothing and are no design.
std::vector<std::vector<int>> cheapestTwo(const spec::NetworkSpace& space,
                                          const spec::PinnedOptions& pins) {
    std::vector<std::vector<int>> found = {cheapestOperators(space, pins)};
    const auto macsOf = [&](const std::vector<int>& operators) {
        return model::macs(spec::buildNetwork(space, operators));
    };
    std::optional<std::vector<int>> second;
    for (std::size_t block = 0; block < found.front().size(); ++block) {
        auto operators = cheapestOperators(space, pins, block);
        if (operators == found.front()) continue;
        if (!second || macsOf(operators) < macsOf(*second)) second = std::move(operators);
    }
    if (second) found.push_back(std::move(*second));
    return found;
}

bool fitsByConstruction(const spec::Specification& spec) {
    return hardware::templateOf(spec.accelerator.kind).fitsByConstruction();
}

/// The least number; of overlaps the one with the fewest second buffers; else the first.
int smallestOption(const hardware::Choice& choice) {
    // Overlaps stand in their enum with the fewest second buffers first.
    const bool isOverlap = choice.knob.kind == hardware::Knob::Kind::Overlap;
    if (!isOverlap && !choice.knob.isNumber()) return 0;
    return static_cast<int>(std::ranges::min_element(choice.values) - choice.values.begin());
}

/// What no accelerator of the space can do without, chunk by chunk.
struct LeastNeed {
    double dsp = std::numeric_limits<double>::infinity();
    double bram18k = std::numeric_limits<double>::infinity();
    std::size_t mode = 0;  ///< index of the parallelism that needs the fewest DSPs
};

/// The smallest tiles everywhere under each parallelism, as they are priced: clipped to the
/// network's layers, and nothing where a chunk has none.
std::vector<LeastNeed> leastNeeds(const spec::Specification& spec, const model::Network& network) {
    const auto choices = hardware::acceleratorChoices(spec.accelerator);
    const auto isMode = [](const hardware::Choice& choice) {
        return choice.knob.kind == hardware::Knob::Kind::Parallelism;
    };
    std::size_t modes = 1;
    for (const auto& choice : choices) {
        if (isMode(choice)) modes = std::max(modes, choice.options.size());
    }
    AcceleratorProblem problem(spec, network);
    std::vector<LeastNeed> needs;
    for (std::size_t mode = 0; mode < modes; ++mode) {
        std::vector<int> smallest;
        for (const auto& choice : choices) {
            smallest.push_back(isMode(choice)
                                   ? static_cast<int>(std::min(mode, choice.options.size() - 1))
                                   : smallestOption(choice));
        }
        const auto appraisal =
            problem.appraise(canonicalChoices(spec.accelerator, std::move(smallest)));
        needs.resize(appraisal.chunkDsp.size());
        for (std::size_t c = 0; c < needs.size(); ++c) {
            if (appraisal.chunkDsp[c] < needs[c].dsp) needs[c].mode = mode;
            needs[c].dsp = std::min(needs[c].dsp, appraisal.chunkDsp[c]);
            needs[c].bram18k = std::min(needs[c].bram18k, appraisal.chunkBram18k[c]);
        }
    }
    return needs;
}

/// The choice that sets a chunk's DSPs under its least parallelism.
Error chunkTooLarge(const spec::Specification& spec, std::size_t chunk, const LeastNeed& need) {
    const auto& space = spec.accelerator.pipeline[chunk];
    const auto parallelism = space.parallelism[std::min(need.mode, space.parallelism.size() - 1)];
    const bool byRows = parallelism == Parallelism::OutputRows;
    std::string choice = std::to_string(least(byRows ? space.rows : space.outputs));
    if (parallelism == Parallelism::OutputAndInputChannels) {
        choice += " x " + std::to_string(least(space.inputs));
    }
    return {"/accelerator/chunks/" + std::to_string(chunk) + (byRows ? "/rows" : "/tm"),
            "the smallest choice, " + choice + ", needs " + count(need.dsp) +
                " DSP for the cheapest network; the limit is " +
                base::exact(spec::resourceLimits(spec).dsp),
            "Add smaller choices or raise /limits/dsp"};
}

Error tooFew(const char* field, const char* unit, double needed, double limit) {
    return {field,
            "the smallest accelerator of this space needs " + count(needed) + " " + unit +
                "; the limit is " + base::exact(limit) + ", " + count(needed - limit) + " too few",
            "Raise the limit, add smaller choices, or use fewer chunks"};
}

/// DSPs and block RAM that even the smallest accelerator takes for the network.
Result<void> checkChunks(const spec::Specification& spec, const model::Network& network) {
    const double dspLimit = spec::resourceLimits(spec).dsp;
    const double bramLimit = spec::resourceLimits(spec).bram18k;
    double dsp = 0;
    double bram18k = 0;
    const auto needs = leastNeeds(spec, network);
    for (std::size_t c = 0; c < needs.size(); ++c) {
        dsp += needs[c].dsp;
        bram18k += needs[c].bram18k;
        if (needs[c].dsp > dspLimit && !spec.accelerator.searched) {
            return chunkTooLarge(spec, c, needs[c]);
        }
    }
    if (dsp > dspLimit) return tooFew("/limits/dsp", "DSP", dsp, dspLimit);
    if (bram18k > bramLimit) return tooFew("/limits/bram18k", "BRAM18K", bram18k, bramLimit);
    return {};
}

Result<void> checkArrays(const spec::Specification& spec) {
    const auto& space = spec.accelerator;
    if (!nest::findTechnology(space.technology)) {
        std::string known;
        for (const auto& technology : nest::technologies()) {
            known += (known.empty() ? "" : ", ") + technology.name;
        }
        return Error{"/accelerator/technology", "'" + space.technology + "' is not known",
                     "Use one of " + known};
    }
    const double words = space.budget.registerBytes * 8 / space.budget.bits;
    if (words < 3) {
        return Error{
            "/accelerator/budget/register_bytes",
            "a register file must hold one weight, one input and one output of " +
                std::to_string(space.budget.bits) + " bit, but has " + base::fixed(words, 1) +
                " words",
            "Give it at least " + count(std::ceil(3.0 * space.budget.bits / 8)) + " bytes"};
    }
    if (static_cast<std::size_t>(space.budget.pes) < space.arrays.size()) {
        return Error{"/accelerator/budget/pes",
                     "there are " + std::to_string(space.arrays.size()) + " chunks but only " +
                         std::to_string(space.budget.pes) + " PEs to share",
                     "Give each chunk at least one"};
    }
    return {};
}

/// The metric whose figure the limit bounds; none where that is no metric.
std::optional<spec::Metric> metricBounded(const spec::LimitInfo& limit) {
    for (const auto metric : base::kValues<spec::Metric>) {
        const auto& name = model::kFigureNames[static_cast<std::size_t>(metric)];
        if (name.member == limit.figure) return metric;
    }
    return std::nullopt;
}

/// A limit that is set on what a design reaches.
struct ReachLimit {
    const spec::LimitInfo* info;
    spec::Metric metric;
    double value;
};

std::vector<ReachLimit> reachLimits(const spec::Limits& limits) {
    std::vector<ReachLimit> set;
    for (const auto& info : spec::kLimits) {
        const auto metric = metricBounded(info);
        const auto& value = limits.*info.member;
        if (metric && value) set.push_back({&info, *metric, *value});
    }
    return set;
}

constexpr int kSamples = 500;

/// A network of skips where stem and head are free: there is no limit to its speed.
bool costsNothing(const FoundAccelerator& found) {
    return std::ranges::all_of(found.appraisal.chunkCycles, [](double c) { return c == 0; });
}

/// What a quick search reaches for the cheapest network; with the best mapping of each layer too,
/// where designs get that.
class QuickSearch {
public:
    QuickSearch(const spec::Specification& spec, const model::Network& network,
                const spec::PinnedOptions& pins)
        : m_specification(spec::withoutReach(spec)), m_network(network), m_pins(pins) {}

    std::optional<FoundAccelerator> best(spec::Metric metric) {
        m_specification.objective.metric = metric;
        return AcceleratorSearch(m_specification, 0).search(m_network, kSamples, m_pins);
    }

    /// Whether the limit can be kept; otherwise how far it went.
    std::optional<double> missed(const ReachLimit& limit) {
        const auto keeps = [&](double value) {
            return spec::keepsLimit(*limit.info, value, limit.value);
        };
        const auto found = best(limit.metric);
        if (!found) return std::nullopt;  // nothing can be said
        if (costsNothing(*found)) return std::nullopt;
        double reached = found->appraisal.metric;
        if (!keeps(reached)) reached = mapped(*found, reached);
        return keeps(reached) ? std::nullopt : std::optional(reached);
    }

private:
    /// Mapping takes seconds: only what tiles do not keep is asked of it.
    double mapped(const FoundAccelerator& found, double tiled) {
        base::Executor executor(1);
        pricing::LayerMapper mapper(m_specification, executor);
        if (!mapper.available()) return tiled;
        AcceleratorProblem problem(m_specification, m_network, &mapper, m_pins);
        return problem.appraise(found.choices).metric;
    }

    spec::Specification m_specification;
    const model::Network& m_network;
    const spec::PinnedOptions& m_pins;
};

/// The limits on speed and energy, and whether there is any accelerator within the others.
Result<void> checkReach(const spec::Specification& spec, const model::Network& network,
                        const spec::PinnedOptions& pins) {
    QuickSearch search(spec, network, pins);
    if (!search.best(spec::Metric::Fps)) {
        if (spec::pinsAny(pins)) {
            return Error{"/accelerator",
                         "no accelerator with the pinned parameters was found within the DSP and "
                         "BRAM limits",
                         "Raise the limits, or free a parameter"};
        }
        return Error{"/accelerator",
                     fitsByConstruction(spec)
                         ? "no sampled accelerator can hold the tiles of the cheapest network"
                         : "no accelerator was found within the DSP and BRAM limits",
                     "Raise the limits or the budget, or add smaller choices"};
    }
    for (const auto& limit : reachLimits(spec.limits)) {
        const auto best = search.missed(limit);
        if (!best) continue;
        const auto [reached, limitText] = apart(*best, limit.value, limit.info->decimals);
        const std::string unit = " " + std::string(limit.info->unit);
        return Error{"/limits/" + std::string(limit.info->key),
                     "the cheapest network with the best accelerator found reaches " + reached +
                         unit + "; the limit is " + limitText + unit,
                     "Relax the limit, or give the spaces cheaper choices"};
    }
    return {};
}

/// Accelerators that may keep all limits at once: the fastest, the most frugal, the best by the
/// objective, and what a search within the limits comes to.
std::vector<std::vector<int>> likelyAccelerators(const spec::Specification& spec,
                                                 const model::Network& network,
                                                 const spec::PinnedOptions& pins) {
    std::vector<std::vector<int>> likely;
    const auto add = [&](const std::optional<FoundAccelerator>& found) {
        if (found) likely.push_back(found->choices);
    };
    QuickSearch search(spec, network, pins);
    for (const auto& limit : reachLimits(spec.limits)) {
        add(search.best(limit.metric));
    }
    add(search.best(spec.objective.metric));
    add(AcceleratorSearch(spec, 0).search(network, kSamples, pins));
    return likely;
}

/// That there is a design within all limits at once; nothing can be said where the cheapest network
/// costs nothing.
Result<void> checkTogether(const spec::Specification& spec, const spec::Pins& pins) {
    if (!spec::limitsReach(spec.limits) || knownDesign(spec, pins)) return {};
    const auto network = cheapestNetwork(spec.network, pins.operators);
    const auto fastest = QuickSearch(spec, network, pins.parameters).best(spec::Metric::Fps);
    if (!fastest || costsNothing(*fastest)) return {};
    return Error{"/limits",
                 "each limit on FPS, latency and energy can be kept, but no accelerator was found "
                 "on which the cheapest network keeps all of them at once",
                 "Relax one of them, or give the spaces cheaper choices"};
}

}  // namespace

std::optional<model::DesignChoices> knownDesign(const spec::Specification& spec,
                                                const spec::Pins& pins) {
    base::Executor executor(1);
    pricing::LayerMapper mapper(spec, executor);
    const auto keeps = [&](const model::DesignChoices& choices) {
        const auto priced = pricing::priceDesign(spec, choices, mapper);
        return priced && priced->cost.fps > 0 && spec::keepsPins(pins, choices) &&
               spec::keepsLimits(spec, priced->cost);
    };
    for (const auto& operators : cheapestTwo(spec.network, pins.operators)) {
        const auto network = spec::buildNetwork(spec.network, operators);
        for (auto& accelerator : likelyAccelerators(spec, network, pins.parameters)) {
            model::DesignChoices choices = {operators, std::move(accelerator)};
            if (keeps(choices)) return choices;
        }
    }
    return std::nullopt;
}

Result<void> checkResources(const spec::Specification& spec) {
    if (spec.network.operators.empty() || spec.network.stages.empty()) {
        return Error{"/network", "there is no block or no operator to choose",
                     "Start from a preset: cohelix-cli spec presets"};
    }
    if (spec.accelerator.pipeline.empty() && spec.accelerator.arrays.empty()) {
        return Error{"/accelerator/chunks", "there is no chunk to run layers on",
                     "Give at least one chunk of each role"};
    }
    if (auto sound = spec::checkSound(spec); !sound) return sound;
    if (fitsByConstruction(spec)) return checkArrays(spec);
    return checkChunks(spec, cheapestNetwork(spec.network));
}

Result<void> checkFeasible(const spec::Specification& spec, const spec::Pins& pins) {
    if (auto fits = checkResources(spec); !fits) return fits;
    const auto network = cheapestNetwork(spec.network, pins.operators);
    if (auto reached = checkReach(spec, network, pins.parameters); !reached) return reached;
    return checkTogether(spec, pins);
}

}  // namespace cohelix::search
